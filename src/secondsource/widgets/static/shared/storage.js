// What the browser remembers for a page that is closed or reloaded.

/** Browser memory that may be full, switched off or shared: failing to use it must never stop the labelling. */
export const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* full or switched off: sending still works */ } },
  remove(key) { try { localStorage.removeItem(key); } catch { /* nothing to remove then */ } },
  keys(prefix) { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
};
