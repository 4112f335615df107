// Spans of one text: their order, the lanes they are drawn in, the pieces they cut the text into, how many are ready.

import { overlapping } from "../shared/offsets.js";

/**
 * Cut `[start, end)` at every span boundary (and at `cuts`): pieces that are covered by the same spans throughout.
 * @returns {{start: number, end: number, ids: string[]}[]}
 */
export function segments(start, end, spans, cuts = []) {
  const inside = sortSpans(overlapping(spans, start, end));
  const edges = new Set([start, end]);
  for (const cut of [...cuts, ...inside.flatMap((span) => [span.start, span.end])]) if (start < cut && cut < end) edges.add(cut);
  const sorted = [...edges].sort((a, b) => a - b);
  return sorted.slice(0, -1).map((from, index) => {
    const to = sorted[index + 1];
    return { start: from, end: to, ids: overlapping(inside, from, to).map((span) => span.id) };
  });
}

/** Earlier first, longer first: the order of lanes, tables and segments. */
export const sortSpans = (spans) =>
  [...spans].sort((a, b) => a.start - b.start || b.end - a.end || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0));

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

/** @returns {{all: number, open: number, outside: number}} */
export function progress(spans, sentences) {
  const asked = sentences.filter((sentence) => sentence.asked);
  return {
    all: spans.length,
    open: spans.filter((span) => span.confidence === null).length,
    outside: spans.filter((span) => isOutside(asked, span)).length,
  };
}
export const isOutside = (asked, span) => asked.length > 0 && !overlapping(asked, span.start, span.end).length;
