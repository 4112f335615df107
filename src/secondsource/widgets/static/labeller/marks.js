// What a label document is for the outbox: its marks and links, how a change alters them, what the kernel says of them.

import { isName, isText } from "../shared/storage.js";

/**
 * @typedef {{id: string, layer: string, label: string, start: number, end: number, quote: string,
 *   confidence: number|null, note: string, attributes: Object<string, string>, discuss: boolean}} Span
 * @typedef {{id: string, type: string, members: string[], parent: string|null}} Relation
 * @typedef {{op: "add"|"update"|"remove", span: Span} | {op: "link"|"unlink", relation: Relation}} Change
 * @typedef {{spans: Map<string, Span>, relations: Map<string, Relation>}} Marks
 */

const FIELDS = { layer: isText, label: isText, quote: isText, note: isText, start: Number.isInteger, end: Number.isInteger,
  attributes: (value) => typeof value === "object" && value !== null,
  confidence: (value) => value === null || typeof value === "number",
  discuss: (value) => value === undefined || typeof value === "boolean" };
const LINK_FIELDS = { type: isText, members: (value) => Array.isArray(value) && value.every(isName),
  parent: (value) => value === null || isName(value) };
const right = (thing, fields) => Object.entries(fields).every(([name, test]) => test(thing[name]));
const same = (a, b) => JSON.stringify(Object.entries(a).sort()) === JSON.stringify(Object.entries(b).sort());
/** Answers to questions in the order of Python, so that what comes back is what was sent. */
export const sortedByName = (attributes) => Object.fromEntries(Object.entries(attributes).sort(([a], [b]) => (a < b ? -1 : 1)));
const byId = (things = []) => new Map(things.map((thing) => [thing.id, thing]));
/** The mark or link that a change is about. */
export const touched = ({ op, span, relation }) => (op === "link" || op === "unlink" ? relation : span);
const goes = ({ op }) => op === "remove" || op === "unlink";

/** How the outbox handles label documents; see `Outbox`. */
export const marks = {
  read: ({ spans, relations }) => ({ spans: byId(spans), relations: byId(relations) }),
  copy: ({ spans, relations }) => ({ spans: new Map(spans), relations: new Map(relations) }),
  apply,
  truth: ({ op, span, relation }) => [relation ? { op, relation } : { op, span }],
  agrees: (change, truths) => truths.length === 1 && Boolean(truths[0].relation) === Boolean(change.relation)
    && touched(truths[0]).id === touched(change).id && goes(change) === goes(truths[0])
    && (goes(change) || same(touched(change), touched(truths[0]))),
  about: (change) => touched(change)?.id,
  write: ({ spans, relations }) => ({ spans: [...spans.values()], relations: [...relations.values()] }),
  fits: (change) => (["add", "update", "remove"].includes(change.op) && isName(change.span?.id)
      && (change.op === "remove" || right(change.span, FIELDS)))
    || (["link", "unlink"].includes(change.op) && isName(change.relation?.id)
      && (change.op === "unlink" || right(change.relation, LINK_FIELDS))),
};

/**
 * Apply one change in place, as `formats/operations.py` does: an update of a span that is not there does nothing; a span
 * that is removed or goes to another layer leaves its links, and a link of fewer than two goes too.
 * @param {Marks} state
 */
function apply(state, change) {
  const { op, span, relation } = change;
  if (op === "link" && possible(state, change)) state.relations.set(relation.id, relation);
  else if (op === "unlink") drop(state, relation.id);
  else if (op === "remove") {
    if (state.spans.delete(span.id)) leave(state, span.id);
  } else if (op === "add" || (op === "update" && state.spans.has(span.id))) {
    const old = state.spans.get(span.id);
    state.spans.set(span.id, span);
    if (old && old.layer !== span.layer) leave(state, span.id);
  }
  return state;
}

function leave(state, id) {
  for (const relation of linksOf(state, id)) {
    const members = relation.members.filter((member) => member !== id);
    if (members.length < 2) drop(state, relation.id);
    else state.relations.set(relation.id, { ...state.relations.get(relation.id), members });
  }
}

/** A link that is gone holds no other one inside. */
function drop({ relations }, id) {
  if (!relations.delete(id)) return;
  for (const each of [...relations.values()]) if (each.parent === id) relations.set(each.id, { ...each, parent: null });
}

/** The links that a span is part of. @param {Marks} state @returns {Relation[]} */
export const linksOf = ({ relations }, id) => [...relations.values()].filter(({ members }) => members.includes(id));

/** Whether a change still makes sense for what is there now. @param {Marks} state */
export function possible({ spans, relations }, { op, span, relation }) {
  if (op === "unlink") return relations.has(relation.id);
  if (op !== "link") return spans.has(span.id) === (op !== "add");
  const { id, members, parent } = relation;
  let above = parent;
  for (let steps = 0; above && above !== id && steps <= relations.size; steps += 1) above = relations.get(above)?.parent ?? null;
  return new Set(members).size > 1 && members.every((member) => spans.has(member))
    && new Set(members.map((member) => spans.get(member).layer)).size === 1
    && (parent === null || (relations.has(parent) && above === null));
}

/** What takes a change back; to be asked before the change is applied. @param {Marks} state @returns {Change} */
export function opposite({ spans, relations }, { op, span, relation }) {
  if (op === "add") return { op: "remove", span };
  if (op === "unlink") return { op: "link", relation: relations.get(relation.id) };
  if (op === "link") return relations.has(relation.id) ? { op: "link", relation: relations.get(relation.id) } : { op: "unlink", relation };
  return { op: op === "remove" ? "add" : "update", span: spans.get(span.id) };
}

/**
 * All that takes a change back: its opposite, and the links that it alters besides, the outer ones first.
 * @param {Marks} state before the change @returns {Change[]}
 */
export function wayBack(state, change) {
  const { op, span, relation } = change;
  const back = opposite(state, change);
  if (op === "link" || op === "add" || (op === "update" && state.spans.get(span.id)?.layer === span.layer)) return [back];
  const { relations } = state;
  const then = apply(marks.copy(state), change).relations;
  const depth = (each, seen = new Set()) => {
    for (let at = each.parent; at && !seen.has(at); at = relations.get(at)?.parent) seen.add(at);
    return seen.size;
  };
  const lost = [...relations.values()].filter((each) => then.get(each.id) !== each && each.id !== relation?.id);
  return [back, ...lost.sort((a, b) => depth(a) - depth(b)).map((each) => ({ op: "link", relation: each }))];
}

/** A change of an earlier visit, made fit for what is there now; null where nothing is left to do. @param {Marks} state */
export function adapt(state, change) {
  const { op } = change;
  const link = op === "link" || op === "unlink";
  const known = (link ? state.relations : state.spans).get(touched(change).id);
  if (goes(change)) return known ? (link ? { op, relation: known } : { op, span: known }) : null;
  if (known && same(known, touched(change))) return null;
  if (link) return possible(state, change) ? change : null;
  return { op: known ? "update" : "add", span: change.span };
}
