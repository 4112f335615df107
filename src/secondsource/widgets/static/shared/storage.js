// What the browser remembers for a page that is closed or reloaded: small things by name.

/** Browser memory that may be full, switched off or shared: failing to use it must never stop the labelling. */
export const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  /** @returns {boolean} whether it is kept: it may be full or switched off */
  set(key, value) { try { localStorage.setItem(key, value); return true; } catch { return false; } },
  remove(key) { try { localStorage.removeItem(key); } catch { /* nothing to remove then */ } },
  keys(prefix) { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
};

const ID = /^[A-Za-z0-9_-]{1,64}$/;

export const isText = (value) => typeof value === "string";
/** A name that the kernel takes too. */
export const isName = (value) => isText(value) && ID.test(value);
const isNumber = (value) => Number.isSafeInteger(value) && value > 0;

/**
 * Entries from browser memory, which anybody may have written: what has not the right shape is left out.
 * @param {any} entries @param {(change: any) => boolean} fits @returns {Entry[]} each number once, in their order
 */
export function readEntries(entries, fits) {
  const good = Array.isArray(entries) ? entries.filter((entry) => entry && isNumber(entry.seq) && fits(entry)) : [];
  return [...new Map(good.map((entry) => [entry.seq, entry])).values()].sort((a, b) => a.seq - b.seq);
}

/** What a text holds as JSON; null when it is none. */
export function parsed(json) {
  try { return JSON.parse(json ?? "null"); } catch { return null; }
}
