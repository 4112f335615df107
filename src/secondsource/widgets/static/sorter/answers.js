// Answers: at most one label of the layer on each item, which is a whole sentence or card.

/**
 * @typedef {{id: string, name: string, start: number, end: number, text: string}} Item
 * @typedef {{id: string, layer: string, label: string, start: number, end: number, quote: string,
 *   confidence: number|null, note: string, attributes: Object<string, string>, discuss: boolean}} Span
 */

/**
 * The id that a new answer gets: the same in every view, so that two that answer one item at once give one answer and
 * not two. Taken already (by a label that was moved elsewhere), another one is made.
 */
export function answerId(layer, item, spans, another) {
  const id = `${layer.id}-${item.id}`.replace(/[^\w-]/g, "_");
  return id.length > 64 || spans.has(id) ? another() : id;
}

/** The answers by item, and what else the layer has on the same item. @param {Map<string, Span>} spans */
export function sortOut(items, layer, spans) {
  const byStart = new Map(items.map((item) => [item.start, item]));
  const [answers, others] = [new Map(), new Map()];
  for (const span of spans.values()) {
    const item = span.layer === layer.id ? byStart.get(span.start) : undefined;
    if (item?.end !== span.end) continue;
    if (answers.has(item.id)) others.set(item.id, [...(others.get(item.id) ?? []), span]);
    else answers.set(item.id, span);
  }
  return { answers, others };
}

/** Whether nothing is missing: written words, or a choice with a confidence. */
export const isDone = (answer, written) => Boolean(answer && (written ? answer.note.trim() : answer.confidence !== null));
const isAnswered = (answer, written) => Boolean(answer && (!written || answer.note.trim()));

/** @param {Map<string, Span>} answers @returns {{answered: number, sure: number}} */
export function progress(items, answers, written) {
  const count = (test) => items.filter((item) => test(answers.get(item.id), written)).length;
  return { answered: count(isAnswered), sure: count(isDone) };
}

/**
 * The next item where something is missing, from one on and round to the beginning: first those without an answer, then
 * those without a confidence. @returns {Item|null}
 */
export function nextOpen(items, answers, written, after = null) {
  const from = items.findIndex((item) => item.id === after) + 1;
  const round = [...items.slice(from), ...items.slice(0, from)];
  return round.find((item) => !isAnswered(answers.get(item.id), written)) ?? round.find((item) => !isDone(answers.get(item.id), written)) ?? null;
}

/** What is around a sentence: a few that stand before and after it. @returns {{before: object[], after: object[]}} */
export function around(sentences, item, reach = 2) {
  const index = sentences.findIndex((sentence) => sentence.id === item.id);
  return { before: sentences.slice(Math.max(0, index - reach), index), after: sentences.slice(index + 1, index + 1 + reach) };
}

/** Words a student has written, as a person would count them. */
export const wordCount = (text) => text.split(/\s+/u).filter((part) => /[\p{L}\p{N}]/u.test(part)).length;

/** What a kernel takes: half a character (a browser lets it through) cannot be written to a file. */
export const whole = (text) => text.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, "\ufffd");
