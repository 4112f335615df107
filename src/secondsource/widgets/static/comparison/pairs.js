// Rows of a comparison as data: which are shown, which comes next, what they may say. No DOM in this file.

/**
 * @typedef {{label: string, quote: string, start: number, end: number, confidence: number|null, note: string, pieces?: string[]}} Mark  pieces: further marks of the same answer
 * @typedef {{label: string, quote: string, start: number, end: number, tier: string, reason: string, counter: string, also: string[], draft: boolean}} KeySpan
 * @typedef {{i: number, outcome: string, headline: string, hint: string, sid: string|null, layer: string, student: Mark|null, key: KeySpan|null, why_not: string|null, instead: string|null}} Pair
 * @typedef {{id: string, text: string, pairs: number[]}} NumberLink
 * @typedef {{kind: "differences"} | {kind: "all"} | {kind: "outcomes", outcomes: string[]} | {kind: "number", id: string, pairs: number[]}} Filter
 */

/**
 * Cut the summary's sentences at its numbers, so that each number can be a button where it stands.
 * Numbers come in reading order and are found whole; one that stands in no sentence is returned in `rest`.
 * @param {string[]} lines @param {NumberLink[]} numbers
 * @returns {{lines: (string|NumberLink)[][], rest: NumberLink[]}}
 */
export function weave(lines, numbers) {
  /** @type {(string|NumberLink)[][]} */
  const woven = lines.map(() => []);
  const rest = [];
  let [line, from] = [0, 0];
  const copy = (/** @type {number} */ to) => to > from && woven[line].push(lines[line].slice(from, to));
  for (const number of numbers) {
    const place = lines.map((text, n) => (n < line ? -1 : findWhole(text, number.text, n === line ? from : 0)));
    const at = place.findIndex((offset) => offset >= 0);
    if (at < 0) { rest.push(number); continue; }
    for (; line < at; line += 1, from = 0) copy(lines[line].length);
    copy(place[at]);
    woven[line].push(number);
    from = place[at] + number.text.length;
  }
  for (; line < lines.length; line += 1, from = 0) copy(lines[line].length);
  return { lines: woven, rest };
}

/** Where `needle` stands in `text` without cutting a word or number, or -1. @param {string} text @param {string} needle @param {number} from */
function findWhole(text, needle, from) {
  const word = /[\p{L}\p{N}]/u;
  if (!needle) return -1;
  for (let at = text.indexOf(needle, from); at >= 0; at = text.indexOf(needle, at + 1)) {
    if (!word.test(text[at - 1] ?? " ") && !word.test(text[at + needle.length] ?? " ")) return at;
  }
  return -1;
}

/** The rows a filter lets through, in their order. @param {Pair[]} pairs @param {Filter} filter */
export function visiblePairs(pairs, filter) {
  if (filter.kind === "all") return pairs;
  if (filter.kind === "outcomes") return pairs.filter((pair) => filter.outcomes.includes(pair.outcome));
  if (filter.kind !== "number") return pairs.filter((pair) => pair.outcome !== "matched");
  const wanted = new Set(filter.pairs);
  return pairs.filter((pair) => wanted.has(pair.i));
}

/** Press or release one outcome; with the last one released the default returns. @param {Filter} filter @param {string} outcome @returns {Filter} */
export function toggleOutcome(filter, outcome) {
  const pressed = filter.kind === "outcomes" ? filter.outcomes : [];
  const outcomes = pressed.includes(outcome) ? pressed.filter((other) => other !== outcome) : [...pressed, outcome];
  return outcomes.length ? { kind: "outcomes", outcomes } : { kind: "differences" };
}

/**
 * The row after (`+1`) or before (`-1`) the current one. A current row hidden by the filter still gives a direction.
 * @param {Pair[]} shown @param {Pair[]} pairs @param {number} current @param {1|-1} direction @returns {Pair|null} null at the end
 */
export function step(shown, pairs, current, direction) {
  const order = new Map(pairs.map((pair, at) => [pair.i, at]));
  const from = order.get(current) ?? (direction > 0 ? -1 : pairs.length);
  const beyond = (/** @type {Pair} */ pair) => direction * ((order.get(pair.i) ?? 0) - from) > 0;
  return (direction > 0 ? shown.find(beyond) : shown.findLast(beyond)) ?? null;
}

/** What a row can reveal: nothing outside the level `visible`. @param {Pair} pair @param {string} level */
export function hasAnswer(pair, level) {
  return level === "visible" && Boolean(pair.key || pair.why_not || pair.instead);
}

/** A confidence as whole percent, or null. @param {unknown} confidence */
export function percent(confidence) {
  return typeof confidence === "number" && Number.isFinite(confidence) ? Math.round(confidence * 100) : null;
}

/** Length of a bar in percent, or null where the value is not a number. @param {unknown} value @param {unknown} of */
export function barLength(value, of) {
  const share = (100 * Number.parseFloat(String(value))) / Number.parseFloat(String(of));
  return Number.isFinite(share) ? Math.min(100, Math.max(0, share)) : null;
}

/** A headline without the outcome's word in front, which the row shows already. @param {string} headline @param {string} [outcome] @param {string} [language] */
export function withoutOutcome(headline, outcome, language) {
  const rest = outcome && headline.startsWith(`${outcome}: `) ? headline.slice(outcome.length + 2) : headline;
  return capital(rest, language);
}

/** A phrase as the beginning of a line: its first letter is a capital one. @param {string} text */
export function capital(text, language = "en") {
  const first = text && String.fromCodePoint(/** @type {number} */ (text.codePointAt(0)));
  return first.toLocaleUpperCase(language) + text.slice(first.length);
}

/** A row keeps its revealed state when Python computes the comparison again. @param {Pair} pair */
export function rowKey({ layer, outcome, sid, student, key }) {
  return JSON.stringify([layer, outcome, sid, student?.label, student?.start, student?.end, key?.label, key?.start, key?.end]);
}
