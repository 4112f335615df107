// Spans of one text: their order, the lanes they are drawn in, the pieces they cut the text into, and where each one is.

import { blockAt, firstIndex, overlapping, within } from "../shared/offsets.js";

/**
 * Cut `[start, end)` at every span boundary (and at `cuts`): pieces that are covered by the same spans throughout.
 * @returns {{start: number, end: number, ids: string[]}[]}
 */
export function segments(start, end, spans, cuts = []) {
  const inside = sortSpans(overlapping(spans, start, end));
  const edges = new Set([start, end]);
  for (const cut of [...cuts, ...inside.flatMap((span) => [span.start, span.end])]) if (start < cut && cut < end) edges.add(cut);
  const sorted = [...edges].sort((a, b) => a - b);
  let [next, open] = [0, /** @type {Span[]} */ ([])];
  return sorted.slice(0, -1).map((from, index) => {
    open = open.filter((span) => span.end > from);
    for (; inside[next]?.start <= from; next += 1) open.push(inside[next]);
    return { start: from, end: sorted[index + 1], ids: open.map((span) => span.id) };
  });
}

/** Earlier first, longer first: the order of lanes, tables and segments. */
const inOrder = (a, b) => a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0);
export const sortSpans = (spans) => [...spans].sort(inOrder);

/** The lowest free lane for each span, for the spans of one block. @returns {Map<string, number>} */
export function lanes(spans) {
  const free = [];
  const result = new Map();
  for (const span of sortSpans(spans)) {
    let lane = free.findIndex((end) => end <= span.start);
    if (lane < 0) lane = free.length;
    free[lane] = span.end;
    result.set(span.id, lane);
  }
  return result;
}

/** The next step of confidence up or down; the first press gives the middle step. */
export function stepConfidence(options, value, direction) {
  const values = options.map((option) => option.value);
  if (value === null || !values.includes(value)) return values[values.length >> 1];
  return values[Math.max(0, Math.min(values.length - 1, values.indexOf(value) + direction))];
}

/** @param {Sentence[]} asked in the order of the text */
export const isOutside = (asked, span) => asked.length > 0 && !within(asked, span.start, span.end).length;

/** More changes than this are sorted in together. */
const MANY = 50;

/**
 * The spans of an article by place, as one sorted list and by block. An edit costs what the edit touches, not what the
 * article holds: ten thousand spans stay as quick as ten.
 */
export class SpanIndex {
  /** All of them, in the order of the text. @type {Span[]} */ sorted = [];
  /** Without confidence. */ open = 0;
  /** Outside the part that is asked about. */ outside = 0;
  /** For discussion. */ flagged = 0;
  #article; #asked; #known = new Map(); #blocks = new Map();

  /** @param {Article} article @param {Sentence[]} sentences in the order of the text */
  constructor(article, sentences) {
    this.#article = article;
    this.#asked = sentences.filter((sentence) => sentence.asked);
  }

  get(id) { return this.#known.get(id); }

  /** Place in the sorted list. */
  indexOf(span) { return firstIndex(this.sorted, (other) => inOrder(other, span) >= 0); }

  isOutside(span) { return isOutside(this.#asked, span); }

  /** The spans that have something in a block. @returns {Span[]} */
  inBlock(index) { return [...(this.#blocks.get(index) ?? [])]; }

  /** The spans that share characters with `[start, end)`, in order. @returns {Span[]} */
  overlapping(start, end) {
    const found = new Set();
    for (const index of this.blocksOf({ start, end })) for (const span of this.#blocks.get(index) ?? []) found.add(span);
    return sortSpans(overlapping([...found], start, end));
  }

  /** Numbers of the blocks that a stretch of text lies in. */
  blocksOf({ start, end }) {
    const { blocks } = this.#article;
    const found = [];
    for (let index = blockAt(this.#article, start); blocks[index]?.start < end; index += 1) found.push(index);
    return found;
  }

  /**
   * Follow `spans`. Where it is known which ids can have changed, only those are looked at.
   * @param {Map<string, Span>} spans
   * @param {Iterable<string>|null} ids
   * @returns {{before: Span|undefined, after: Span|undefined}[]} what became of each span that is not the same as before
   */
  take(spans, ids = null) {
    const changes = [...new Set(ids ?? [...this.#known.keys(), ...spans.keys()])]
      .map((id) => ({ before: this.#known.get(id), after: spans.get(id) })).filter(({ before, after }) => before !== after);
    for (const { before, after } of changes) {
      if (before) this.#enter(before, false);
      if (after) this.#enter(after, true);
    }
    if (changes.length > MANY) this.sorted = sortSpans(this.#known.values());
    else changes.forEach(({ before, after }) => this.#reorder(before, after));
    return changes;
  }

  #enter(span, present) {
    if (present) this.#known.set(span.id, span); else this.#known.delete(span.id);
    for (const index of this.blocksOf(span)) {
      const inside = this.#blocks.get(index) ?? new Set();
      if (present) this.#blocks.set(index, inside.add(span)); else inside.delete(span);
    }
    const one = present ? 1 : -1;
    if (span.confidence === null) this.open += one;
    if (this.isOutside(span)) this.outside += one;
    if (span.discuss) this.flagged += one;
  }

  #reorder(before, after) {
    if (before) this.sorted.splice(this.indexOf(before), 1);
    if (after) this.sorted.splice(this.indexOf(after), 0, after);
  }
}
