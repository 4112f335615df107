// The history of undo and redo, as values; what the chip says about saving.

/**
 * @typedef {{op: string}} Change  what it changes is for the document to say
 * @typedef {Change & {seq: number}} Entry
 * @typedef {{undo: Change[], redo: Change[], key?: string|null, seqs: number[]}} Step  seqs: numbers of its last changes
 */

const HISTORY = 500;

/** @returns {{done: Step[], undone: Step[]}} */
export const newHistory = () => ({ done: [], undone: [] });

/** Steps with the same key right after one another (typing one note) become a single step. */
export function record(history, step) {
  const last = history.done.at(-1);
  const joined = step.key && last?.key === step.key && !history.undone.length
    ? [...history.done.slice(0, -1), { ...step, undo: last.undo }]
    : [...history.done, step];
  return { done: joined.slice(-HISTORY), undone: [] };
}
export const stepBack = ({ done, undone }) => ({ done: done.slice(0, -1), undone: [...undone, done.at(-1)] });
export const stepForth = ({ done, undone }) => ({ done: [...done, undone.at(-1)], undone: undone.slice(0, -1) });
export function forget({ done, undone }, seq) {
  const others = (step) => !step.seqs.includes(seq);
  return { done: done.filter(others), undone: undone.filter(others) };
}

/**
 * Exactly four states. Only what the kernel acknowledged may be called saved.
 * @returns {{kind: "saved"|"saving"|"waiting"|"failed", key: string, values?: object, also?: string}} what to say
 */
export function chipState({ failure, gone, cut, late, pending, kept, savedAt, revision }) {
  const values = { count: pending };
  if (pending && gone) return { kind: "failed", key: kept ? "no_kernel" : "no_kernel_unkept", values };
  if (failure) return { kind: "failed", key: "failed", values: { reason: failure } };
  if (pending && cut) return { kind: "waiting", key: kept ? "no_connection" : "no_connection_unkept", values };
  if (pending) return late ? { kind: "waiting", key: "waiting" } : { kind: "saving", key: "saving" };
  const also = gone ? { also: "stopped" } : {};
  if (!savedAt) return { kind: "saved", key: "nothing_saved", ...also };
  const saved = new Date(savedAt);
  // Not toLocaleTimeString: its first use costs more than all the rest of opening a labeller.
  const time = [saved.getHours(), saved.getMinutes(), saved.getSeconds()].map((part) => String(part).padStart(2, "0")).join(":");
  return { kind: "saved", key: "saved", values: { time, revision }, ...also };
}
