// Finding words as people type them.

import { cached, sliceArticle, spanFromSelection, toPosition } from "../shared/offsets.js";

const ALIKE = new Map(Object.entries({
  "‘": "'", "’": "'", "‚": "'", "“": '"', "”": '"', "„": '"', "«": '"', "»": '"', "–": "-", "—": "-", "‑": "-", "…": "...",
}));

/** Text as people type it (capitals, quotation marks, dashes and spaces made alike), with the way back to positions. */
export function foldText(text) {
  let folded = "";
  const from = [];
  const to = [];
  let position = 0;
  for (const character of text) {
    const space = /\s/u.test(character);
    if (space && folded.endsWith(" ")) to[to.length - 1] = position + 1;
    else {
      const alike = space ? " " : ALIKE.get(character) ?? character.toLowerCase();
      folded += alike;
      for (let unit = 0; unit < alike.length; unit += 1) { from.push(position); to.push(position + 1); }
    }
    position += 1;
  }
  return { folded, from, to };
}

const foldedArticle = cached((article) => foldText(sliceArticle(article, 0, article.end)));

/**
 * Where a phrase stands in the article. Exact spelling wins over alike spelling, whole words over parts of words.
 * @returns {{start: number, end: number}[]}
 */
export function findOccurrences(article, phrase) {
  const needle = foldText(phrase.trim()).folded;
  if (!needle) return [];
  const { folded, from, to } = foldedArticle(article);
  const found = [];
  for (let index = folded.indexOf(needle); index >= 0; index = folded.indexOf(needle, index + 1)) {
    found.push({ start: from[index], end: to[index + needle.length - 1] });
  }
  const whole = found.filter(({ start, end }) => {
    const span = spanFromSelection(article, start, end);
    return span && span.start === start && span.end === end;
  });
  const isLetter = (start, end) => /[\p{L}\p{N}]/u.test(sliceArticle(article, Math.max(0, start), end));
  const words = whole.filter(({ start, end }) => !isLetter(start - 1, start) && !isLetter(end, end + 1));
  const candidates = words.length ? words : whole;
  const exact = candidates.filter(({ start, end }) => sliceArticle(article, start, end) === phrase.trim());
  return exact.length ? exact : candidates;
}

/** The stretch of the article that shares most words with a phrase, or null when hardly any are shared. */
export function nearestPassage(article, phrase) {
  const stem = (word) => foldText(word).folded.slice(0, 5);
  const wanted = Array.from(phrase.matchAll(/[\p{L}\p{N}]+/gu), (match) => stem(match[0]));
  const words = article.blocks.flatMap((block) =>
    Array.from(block.text.matchAll(/[\p{L}\p{N}]+/gu), ({ 0: word, index }) =>
      ({ stem: stem(word), start: toPosition(block, index), end: toPosition(block, index + word.length) })));
  const length = (hits) => hits.at(-1).end - hits[0].start;
  let best = [];
  for (let first = 0; first < words.length; first += 1) {
    if (!wanted.includes(words[first].stem)) continue;
    const left = [...wanted];
    const hits = words.slice(first, first + wanted.length + 2).filter((word) => {
      const index = left.indexOf(word.stem);
      if (index >= 0) left.splice(index, 1);
      return index >= 0;
    });
    if (hits.length > best.length || (hits.length === best.length && length(hits) < length(best))) best = hits;
  }
  if (best.length < Math.max(1, wanted.length * 0.4)) return null;
  return { start: best[0].start, end: best.at(-1).end };
}
