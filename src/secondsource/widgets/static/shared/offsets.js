// Where things are in a text. Every offset is a Unicode code point in the whole article, half-open; UTF-16 exists only
// inside the maps made here and in the two functions of the labeller's Reader that talk to the DOM.

/**
 * @typedef {{toCodePoint: Uint32Array, toUtf16: Uint32Array}|null} CodePoints  null: no surrogates, offsets agree
 * @typedef {{id: string, kind: string, start: number, end: number, text: string, map: CodePoints}} Block
 * @typedef {{blocks: Block[], end: number}} Article
 * @typedef {{id: string, start: number, end: number, asked: boolean}} Sentence
 */

/** @param {string} text @returns {CodePoints} */
export function codePoints(text) {
  if (!/[\ud800-\udfff]/.test(text)) return null;
  const toCodePoint = new Uint32Array(text.length + 1);
  const toUtf16 = [];
  let unit = 0;
  for (const character of text) {
    // Both halves of a surrogate pair map to the character they belong to, so no offset can split it.
    toCodePoint.fill(toUtf16.length, unit, unit + character.length);
    toUtf16.push(unit);
    unit += character.length;
  }
  toCodePoint[unit] = toUtf16.length;
  toUtf16.push(unit);
  return { toCodePoint, toUtf16: Uint32Array.from(toUtf16) };
}

/** @param {{id: string, kind: string, start: number, text: string}[]} blocks @returns {Article} */
export function makeArticle(blocks) {
  const made = blocks.map((block) => {
    const map = codePoints(block.text);
    return { ...block, map, end: block.start + (map ? map.toUtf16.length - 1 : block.text.length) };
  });
  return { blocks: made, end: made.at(-1)?.end ?? 0 };
}

/** Index of the block that holds `position`; between two blocks, the one before. */
export function blockAt({ blocks }, position) {
  let low = 0;
  let high = blocks.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if (blocks[middle].start <= position) low = middle; else high = middle - 1;
  }
  return low;
}

/** UTF-16 offset inside a block of a position in the article. */
export const toUtf16 = (block, position) => {
  const offset = Math.max(0, Math.min(position, block.end) - block.start);
  return block.map ? block.map.toUtf16[offset] : offset;
};

/** Position in the article of a UTF-16 offset inside a block; `up` decides on which side half a character ends. */
export function toPosition(block, unit, up = false) {
  if (!block.map) return block.start + unit;
  const offset = block.map.toCodePoint[unit];
  return block.start + offset + (up && block.map.toUtf16[offset] !== unit ? 1 : 0);
}

/** The exact text of `[start, end)`; between two blocks there is nothing but newlines. */
export function sliceArticle(article, start, end) {
  let text = "";
  for (let index = blockAt(article, start); index < article.blocks.length; index += 1) {
    const block = article.blocks[index];
    if (block.start >= end) break;
    text += block.text.slice(toUtf16(block, start), toUtf16(block, end));
    const next = article.blocks[index + 1]?.start ?? block.end;
    text += "\n".repeat(Math.max(0, Math.min(end, next) - Math.max(start, block.end)));
  }
  return text;
}

export const cached = (make) => {
  const memory = new WeakMap();
  return (key) => memory.get(key) ?? memory.set(key, make(key)).get(key);
};
/** Pieces of a text; browsers without Intl.Segmenter get a simpler idea of letters and words. */
function pieces(text, granularity, fallback) {
  if (Intl.Segmenter) return [...new Intl.Segmenter(undefined, { granularity }).segment(text)];
  return Array.from(text.matchAll(fallback), (match) => ({ index: match.index, segment: match[0], isWordLike: true }));
}

/** Positions in the article where a block may be cut without breaking what a reader sees as one character. */
export const graphemes = cached((block) => {
  const parts = pieces(block.text, "grapheme", /\P{M}\p{M}*|\p{M}+/gu);
  return [...parts.map((part) => toPosition(block, part.index)), block.end];
});

/** `[start, end]` of every word of a block. */
export const wordsOf = cached((block) => {
  return pieces(block.text, "word", /[\p{L}\p{N}\p{M}]+/gu)
    .filter((part) => part.isWordLike)
    .map((part) => [toPosition(block, part.index), toPosition(block, part.index + part.segment.length)]);
});

/** The position one grapheme further; one step crosses the newlines between two blocks. */
export function stepGrapheme(article, position, direction) {
  const index = blockAt(article, position);
  const block = article.blocks[index];
  if (direction > 0) return graphemes(block).find((cut) => cut > position) ?? article.blocks[index + 1]?.start ?? block.end;
  if (position > block.end) return block.end;
  return graphemes(block).findLast((cut) => cut < position) ?? article.blocks[index - 1]?.end ?? block.start;
}

/** The next end of a word, or the previous start of one. */
export function stepWord(article, position, direction) {
  for (let index = blockAt(article, position); article.blocks[index]; index += direction) {
    const words = wordsOf(article.blocks[index]);
    const word = direction > 0 ? words.find(([, end]) => end > position) : words.findLast(([start]) => start < position);
    if (word) return direction > 0 ? word[1] : word[0];
  }
  return direction > 0 ? article.end : article.blocks[0].start;
}

/** The next or previous start of a sentence; the ends of the article close the series. */
export function stepSentence(article, sentences, position, direction) {
  const next = firstIndex(sentences, ({ start }) => (direction > 0 ? start > position : start >= position));
  return direction > 0 ? sentences[next]?.start ?? article.end : sentences[next - 1]?.start ?? article.blocks[0].start;
}

/** The sentence that holds a position; in the space between two sentences, the one that follows. */
export const sentenceAt = (sentences, position) =>
  sentences[firstIndex(sentences, (sentence) => position <= sentence.end)] ?? sentences.at(-1) ?? null;

export const overlapping = (items, start, end) => items.filter((item) => item.start < end && start < item.end);

/** Place of the first item that passes `test`, where all items after it pass too; the length of the list if none does. */
export function firstIndex(items, test) {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (test(items[middle])) high = middle; else low = middle + 1;
  }
  return low;
}

/** The same as `overlapping` for items in order that do not overlap each other, such as sentences: found, not searched. */
export const within = (items, start, end) =>
  items.slice(firstIndex(items, (item) => item.end > start), firstIndex(items, (item) => item.start >= end));

export function countWords(article, start, end) {
  let count = 0;
  for (let index = blockAt(article, start); article.blocks[index]?.start < end; index += 1) {
    const block = article.blocks[index];
    const words = wordsOf(block);
    const whole = start <= block.start && block.end <= end;
    count += whole ? words.length : words.filter(([from, to]) => from < end && start < to).length;
  }
  return count;
}

/**
 * What a selection means: widened to whole graphemes, white space at both ends dropped.
 * @returns {{start: number, end: number, quote: string}|null} null when nothing visible is selected
 */
export function spanFromSelection(article, anchor, focus) {
  const onBoundary = (position, direction) => {
    const block = article.blocks[blockAt(article, position)];
    return position > block.end || graphemes(block).includes(position) ? position : stepGrapheme(article, position, direction);
  };
  let start = onBoundary(Math.min(anchor, focus), -1);
  let end = onBoundary(Math.max(anchor, focus), 1);
  const blank = (from, to) => sliceArticle(article, from, to).trim() === "";
  for (let next; start < end && blank(start, (next = stepGrapheme(article, start, 1))); start = next);
  for (let next; start < end && blank((next = stepGrapheme(article, end, -1)), end); end = next);
  return start < end ? { start, end, quote: sliceArticle(article, start, end) } : null;
}
