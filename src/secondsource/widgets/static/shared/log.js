// The operation log of one view and its history of undo and redo, as values; what the chip says about saving.

/**
 * @typedef {{id: string, layer: string, label: string, start: number, end: number, quote: string,
 *   confidence: number|null, note: string, attributes: Object<string, string>}} Span
 * @typedef {{op: "add"|"update"|"remove", span: Span}} Change
 * @typedef {Change & {seq: number}} Entry
 * @typedef {{undo: Change, redo: Change, key?: string|null, seq?: number}} Step
 */

const HISTORY = 500;

/** @returns {{next: number, pending: Entry[]}} the log of one view: what is not yet known to be on disk */
export const newLog = () => ({ next: 1, pending: [] });
export const append = (log, op, span) => ({ next: log.next + 1, pending: [...log.pending, { seq: log.next, op, span }] });
export const settle = (log, seq) => ({ ...log, pending: log.pending.filter((entry) => entry.seq !== seq) });
/** The kernel has everything up to `seq`. */
export const settleUpTo = (log, seq) =>
  ({ next: Math.max(log.next, seq + 1), pending: log.pending.filter((entry) => entry.seq > seq) });

/** Apply one change to a Map of spans, in place. An update of a span that is not there does nothing. */
export function apply(spans, { op, span }) {
  if (op === "remove") spans.delete(span.id);
  else if (op === "add" || spans.has(span.id)) spans.set(span.id, span);
  return spans;
}

/** What the student sees: what is on disk, with the changes on top that are not acknowledged yet. */
export const withPending = (base, pending) => pending.reduce(apply, new Map(base));

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
  const others = (step) => step.seq !== seq;
  return { done: done.filter(others), undone: undone.filter(others) };
}

/** Whether a change still makes sense for the spans that are there now. */
export const possible = (spans, { op, span }) => spans.has(span.id) === (op !== "add");

/** What takes a change back, given the span as it was before. @returns {Change} */
export function opposite({ op, span }, before) {
  if (op === "add") return { op: "remove", span };
  return { op: op === "remove" ? "add" : "update", span: before };
}

/** Changes of an earlier visit, made fit for the spans that are there now; repeating one that arrived does no harm. */
export function adapt(spans, { op, span }) {
  const known = spans.get(span.id);
  if (op === "remove") return known ? { op, span: known } : null;
  if (known && JSON.stringify(known) === JSON.stringify(span)) return null;
  return { op: known ? "update" : "add", span };
}

/** Exactly four states. Only what the kernel acknowledged may be called saved. */
export function chipState({ failure, late, pending, savedAt, revision }) {
  if (failure) return { kind: "failed", key: "failed", values: { reason: failure } };
  if (pending) return late ? { kind: "waiting", key: "waiting" } : { kind: "saving", key: "saving" };
  if (!savedAt) return { kind: "saved", key: "nothing_saved" };
  const time = new Date(savedAt).toLocaleTimeString("en-GB");
  return { kind: "saved", key: "saved", values: { time, revision } };
}
