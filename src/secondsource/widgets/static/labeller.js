/**
 * The labeller: a student marks words of an article, and every mark is safe on disk before it is called saved.
 *
 * One file without imports (anywidget loads it from a Blob). From top to bottom: the words on screen, pure functions
 * (tested in Node), then small classes: Outbox (saving), Reader (the text), Bar, Definition, Inspector, Quoter,
 * Table, Menu, Help, and Labeller, which ties them together.
 *
 * Every offset is a Unicode code point in the whole article, half-open. UTF-16 exists only inside CodePoints and in
 * the two functions of Reader that talk to the DOM.
 *
 * @typedef {{id: string, layer: string, label: string, start: number, end: number, quote: string,
 *   confidence: number|null, note: string, attributes: Object<string, string>}} Span
 * @typedef {{op: "add"|"update"|"remove", span: Span}} Change
 * @typedef {Change & {seq: number}} Entry
 * @typedef {{undo: Change, redo: Change, key?: string|null, seq?: number}} Step
 * @typedef {{id: string, start: number, end: number, asked: boolean}} Sentence
 * @typedef {{toCodePoint: Uint32Array, toUtf16: Uint32Array}|null} CodePoints  null: no surrogates, offsets agree
 * @typedef {{id: string, kind: string, start: number, end: number, text: string, map: CodePoints}} Block
 * @typedef {{blocks: Block[], end: number}} Article
 */

const plural = (count, one, many = `${one}s`) => `${count} ${count === 1 ? one : many}`;

/** Everything the labeller says, in one place. */
export const TEXT = Object.freeze({
  text: "Article text",
  textHelp: "Move with the arrow keys, select with Shift, press Enter to choose a label. Press ? for all keys.",
  bar: "Labels",
  layers: "What to look for",
  barHint: "Select words in the text, then choose a label.",
  barHintKeys: "Select words in the text, then choose a label or press its key.",
  selected: (quote, words) => `Selected: “${quote}” (${plural(words, "word")})`,
  definition: "What the label means",
  rule: "How to decide",
  example: "Example",
  nearMiss: "Looks like it, but is not",
  inspector: "Selected label",
  toText: "Go to the text",
  inspectorEmpty: "Click a marked passage, or put the caret on it and press Space, to change it here.",
  where: (sentence) => `In ${sentence}`,
  outside: "Outside the part set for this exercise",
  label: "Label",
  sure: "How sure are you?",
  sureOf: (name, quote) => `How sure are you? ${name}: “${quote}”`,
  note: "Note",
  notePlaceholder: "Why this label?",
  noAnswer: "No answer yet",
  resize: "Set to current selection",
  remove: "Delete",
  close: "Close",
  undo: "Undo",
  redo: "Redo",
  help: "Shortcuts",
  quoter: "Label by typing the words",
  quoterHelp: "Type or paste words as they stand in the text. No selecting needed.",
  phrase: "Words from the text",
  add: "Add label",
  foundOnce: (where) => `Found once${where ? `, in ${where}` : ""}.`,
  foundMany: (count) => `Found ${count} times. Which one do you mean?`,
  foundMost: (count, shown) => `Found ${count} times; the first ${shown} are listed. Add a word or two to narrow it down.`,
  notFound: "These words are not in the text.",
  nearest: "The nearest passage is:",
  useNearest: "Use this passage",
  typeFirst: "Type some words from the text first.",
  chooseOne: "Choose which occurrence you mean.",
  table: "Your labels",
  tableEmpty: "No labels yet. Select some words in the text and choose a label.",
  columns: ["Label", "Words and note", "How sure", "Actions"],
  goTo: "Go to",
  edit: "Edit",
  about: (action, quote) => `${action}: “${quote}”`,
  sureAbout: (quote) => `How sure: “${quote}”`,
  noConfidence: "not yet",
  progress: (all, open, outside) =>
    [plural(all, "label"), open && `${open} without confidence`, outside && `${outside} outside the part set for this exercise`]
      .filter(Boolean).join(", "),
  added: (name, words, where) => `${name} added: ${plural(words, "word")}${where ? `, in ${where}` : ""}.`,
  overlaps: (names) => `Overlaps ${names}.`,
  outsideNote: "It lies outside the part set for this exercise.",
  askSure: (keys) => (keys ? "How sure are you? Choose above the text, or press + or −." : "How sure are you? Choose above the text."),
  removed: (name) => `${name} deleted. Undo brings it back.`,
  relabelled: (from, to) => `${from} changed to ${to}.`,
  resized: (quote) => `The label now covers “${quote}”.`,
  sureSet: (name) => `Confidence: ${name}.`,
  noteSet: "Note changed.",
  attributeSet: "Answer changed.",
  undone: "Undone.",
  redone: "Done again.",
  nothingUndo: "Nothing to undo.",
  nothingRedo: "Nothing to redo.",
  cannotUndo: "This step cannot be taken back: the label was changed elsewhere in the meantime.",
  selectFirst: "Select some words in the text first.",
  noneHere: "No label here.",
  chosen: (name, quote) => `${name}: “${quote}”.`,
  already: (name) => `These words already have the label ${name}.`,
  tooMany: (max) => `There is room for ${max} labels. Delete some before adding more.`,
  changedText: "This page no longer shows the text exactly as stored (a translation or a browser extension may have changed it), so "
    + "offsets would be wrong and nothing was labelled. Turn translation off for this page, or use “Label by typing the words”.",
  noSentence: "There is no sentence at this place.",
  pickLabel: "Choose a label",
  pickSpan: "Several labels here. Which one?",
  readonly: "Labels cannot be changed here.",
  restoreOffer: (count) => `${plural(count, "change")} from an earlier visit ${count === 1 ? "was" : "were"} not saved.`,
  restore: "Restore",
  discard: "Discard",
  restored: (count) => `${plural(count, "change")} restored.`,
  lost: (count) => `${plural(count, "change")} did not fit this text any more and could not be restored.`,
  nothingSaved: "Nothing to save yet",
  saved: (time, revision) => `Saved ${time} (revision ${revision})`,
  saving: "Saving…",
  waiting: "Waiting for the notebook to finish",
  waitingSay: "Not saved yet: the notebook does not answer. Your labels are kept in this browser.",
  failed: (reason) => `Not saved: ${reason}`,
  disconnected: "the notebook is not connected. Your labels are kept in this browser; run the boxes of this notebook again, from the top, or download them.",
  saveAgain: "Save again",
  download: "Download my labels",
  singleKeys: "Single-key shortcuts (letters, digits and signs without Ctrl)",
  spokenSelected: (text) => `${text}, selected`,
  keysTitle: "Keyboard shortcuts",
  keysIntro: "They work while the text has the focus. Press Tab to come into the labeller: “Go to the text” is the first stop. "
    + "Undo and redo work everywhere except in text fields.",
  keys: [
    ["← →", "move the caret by one character"],
    ["Ctrl or Alt + ← →", "move by word"],
    ["↑ ↓ Home End", "move by line, to the start or end of the line"],
    ["Ctrl or Alt + ↑ ↓, or [ ]", "move by sentence"],
    ["Ctrl + Home, Ctrl + End", "to the start or end of the article"],
    ["Shift + any of these, or { }", "extend the selection"],
    ["Enter", "open the list of labels for the selection"],
    ["the key printed on a label", "give that label to the selection; without a selection, change the selected label"],
    ["Space", "choose the label under the caret, to change it"],
    ["+ and −", "more sure, less sure"],
    [", and .", "move the end of the selected label by a word"],
    ["< and >", "move the start of the selected label by a word"],
    ["Delete or Backspace", "delete the selected label"],
    ["Ctrl + Z, Ctrl + Shift + Z", "undo, redo"],
    ["/", "label by typing the words"],
    ["Esc", "close, clear the selection, return to the text; once more: leave for the notebook"],
    ["?", "show this list"],
  ],
});

const LANES = 4;
const HISTORY = 500;
const OCCURRENCES = 50;
/** From here on, blocks far from sight are not laid out, and the text gets a frame of full height. */
const LONG = 80;
const TALL = 1200;
const ID = /^[A-Za-z0-9_-]{1,64}$/;
const SWITCH = "secondsource:single-keys";

// ---------------------------------------------------------------------------------------- pure: offsets

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

const cached = (make) => {
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
  const starts = sentences.map((sentence) => sentence.start);
  return direction > 0
    ? starts.find((start) => start > position) ?? article.end
    : starts.findLast((start) => start < position) ?? article.blocks[0].start;
}

/** The sentence that holds a position; in the space between two sentences, the one that follows. */
export const sentenceAt = (sentences, position) =>
  sentences.find((sentence) => position <= sentence.end) ?? sentences.at(-1) ?? null;

export const overlapping = (items, start, end) => items.filter((item) => item.start < end && start < item.end);

export function countWords(article, start, end) {
  let count = 0;
  for (let index = blockAt(article, start); article.blocks[index]?.start < end; index += 1) {
    count += wordsOf(article.blocks[index]).filter(([from, to]) => from < end && start < to).length;
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

// ------------------------------------------------------------------------------ pure: segments and lanes

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

// ------------------------------------------------------------------------------------ pure: finding words

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

// ------------------------------------------------------------------------- pure: operation log, undo, chip

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
  if (failure) return { kind: "failed", text: TEXT.failed(failure) };
  if (pending) return late ? { kind: "waiting", text: TEXT.waiting } : { kind: "saving", text: TEXT.saving };
  if (!savedAt) return { kind: "saved", text: TEXT.nothingSaved };
  const time = new Date(savedAt).toLocaleTimeString("en-GB");
  return { kind: "saved", text: TEXT.saved(time, revision) };
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
const isOutside = (asked, span) => asked.length > 0 && !overlapping(asked, span.start, span.end).length;

// ----------------------------------------------------------------------------------------- small DOM tools

/** An element with attributes, `on...` listeners and children; strings always become text, never markup. */
function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

const button = (text, onclick, attributes = {}) =>
  h("button", { type: "button", class: "ss-button", onclick, ...attributes }, text);
const labelOption = (layer, label) => h("option", { value: keyOf(layer, label) }, label.name);
const sureSelect = (app, onchange = null) => h("select", { onchange },
  ...[{ value: "", name: TEXT.noConfidence }, ...app.view.confidence].map(({ value, name }) => h("option", { value }, name)));
const keyOf = (layer, label) => `${layer.id}/${label.id}`;
const shorten = (text, length = 80) => {
  const characters = [...text.replace(/\s+/gu, " ")];
  return characters.length > length ? `${characters.slice(0, length - 1).join("").trimEnd()}…` : characters.join("");
};
const middle = (rect) => rect.top + rect.height / 2;
const randomId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/** A label's line: a gradient per pattern, drawn from one colour. Height in pixels first. */
const PATTERNS = {
  solid: [3, (c) => `linear-gradient(${c},${c})`],
  dashed: [3, (c) => `repeating-linear-gradient(90deg,${c} 0 9px,#0000 9px 14px)`],
  dotted: [3, (c) => `repeating-linear-gradient(90deg,${c} 0 3px,#0000 3px 7px)`],
  double: [4, (c) => `linear-gradient(${c} 0 1.5px,#0000 1.5px 2.5px,${c} 2.5px)`],
};
const PITCH = 6;
const safeColour = (colour) => (/^#[0-9a-f]{6}$/i.test(colour) ? colour : "#767676");

/**
 * Draw up to four bands under an element. The stylesheet picks the light (`--l0`) or dark (`--d0`) colour as `--c0`.
 * @param {{label: any, lane: number, ends: boolean}[]} bands
 */
function paint(element, bands, rtl = false) {
  const depth = Math.max(...bands.map((band) => band.lane)) + 1;
  const images = bands.map(({ label, lane, ends }) => {
    const [height, image] = PATTERNS[label.pattern] ?? PATTERNS.solid;
    element.style.setProperty(`--l${lane}`, safeColour(label.colour));
    element.style.setProperty(`--d${lane}`, safeColour(label.colour_dark));
    const bottom = (depth - 1 - lane) * PITCH + (4 - height);
    // The last piece of a span stops 3 px early, so that two neighbours with one label stay two.
    const place = `${rtl ? "right" : "left"} 0 bottom ${bottom}px`;
    return `${image(`var(--c${lane})`)} ${place}/${ends ? "calc(100% - 3px)" : "100%"} ${height}px no-repeat`;
  });
  element.classList.add("ss-band");
  element.style.background = images.join(",");
  element.style.paddingBlockEnd = `${depth * PITCH - 1}px`;
}

function swatch(label) {
  const element = h("span", { class: "ss-swatch", "aria-hidden": "true" });
  paint(element, [{ label, lane: 0, ends: false }]);
  return element;
}

// --------------------------------------------------------------------------------------------------- saving

/** Browser memory that may be full, switched off or shared: failing to use it must never stop the labelling. */
const memory = {
  get(key) { try { return localStorage.getItem(key); } catch { return null; } },
  set(key, value) { try { localStorage.setItem(key, value); } catch { /* full or switched off: sending still works */ } },
  remove(key) { try { localStorage.removeItem(key); } catch { /* nothing to remove then */ } },
  keys(prefix) { try { return Object.keys(localStorage).filter((key) => key.startsWith(prefix)); } catch { return []; } },
};

/** Sends changes, remembers them until they are acknowledged, sends them again when no answer comes. */
class Outbox {
  base = new Map();
  log = newLog();
  revision = 0;
  savedAt = null;
  failure = null;
  late = false;
  /** @type {Change[]} */ refused = [];
  #model; #head; #timing; #hooks; #timer = 0; #delay = 0; #prefix;

  /** @param {{changed: () => void, refused: (seq: number, message: string) => void, readonly: (reason: any) => void,
   *   notice: (text?: string) => void}} hooks */
  constructor(model, { exercise, article, client }, timing, hooks) {
    this.#model = model;
    this.#head = { exercise, article: article.sha256, client };
    this.#timing = { waiting: 3000, resend: 3000, ...timing };
    this.#hooks = hooks;
    this.#prefix = `secondsource:${exercise}:${article.sha256}:`;
  }

  get spans() { return withPending(this.base, this.log.pending); }

  hello() { this.#post({ type: "hello", ...this.#head, last_acked: 0 }); }

  /** @returns {number} the sequence number of the change */
  push({ op, span }) {
    this.log = append(this.log, op, span);
    this.#remember();
    // After a refusal that may pass, the older changes go first: the kernel takes them in their order.
    if (this.failure) this.#resend(); else this.#post(this.#message(this.log.pending.at(-1)));
    this.#watch();
    return this.log.next - 1;
  }

  /** The snapshot a view starts from, and every later "state" message. */
  adopt({ spans, rev, saved_at: savedAt, seq_by_client: known = {} }) {
    this.base = new Map(spans.map((span) => [span.id, span]));
    this.revision = rev;
    this.savedAt = savedAt;
    this.log = settleUpTo(this.log, known[this.#head.client] ?? 0);
    this.#remember();
  }

  receive(message) {
    const mine = message.client === this.#head.client;
    if (message.type === "ack") this.#acknowledged(message, mine);
    else if (message.type === "state" && (mine || message.client === null)) {
      if (!this.refused.length) this.failure = null;
      this.adopt(message);
      this.#hooks.readonly(message.readonly ?? null);
      this.#hooks.notice(message.notice);
      if (mine) this.#resend();
    } else if (message.type === "resend" && mine) this.#resend(message.after);
    else if (message.type === "refused" && mine) this.#rejected(message);
    else return;
    this.#watch();
    this.#hooks.changed();
  }

  /** The student's own second try: refused changes were taken back, so the caller makes them anew. */
  again() {
    const refused = this.refused;
    this.refused = [];
    this.failure = null;
    this.late = false;
    this.#delay = 0;
    this.#resend();
    this.#watch();
    return refused;
  }

  stop() { clearTimeout(this.#timer); }

  /** Changes that views which are gone left behind. @returns {{keys: string[], changes: Change[]}} */
  leftBehind(snapshot) {
    const live = (client) => document.querySelector(`[data-client="${CSS.escape(client)}"]`) !== null;
    const keys = memory.keys(this.#prefix).filter((key) => !live(key.slice(this.#prefix.length)));
    const changes = keys.flatMap((key) => {
      const arrived = snapshot.seq_by_client?.[key.slice(this.#prefix.length)] ?? 0;
      return readEntries(memory.get(key)).filter((entry) => entry.seq > arrived);
    });
    if (!changes.length) this.discard(keys);
    return { keys, changes };
  }

  discard(keys) { keys.forEach(memory.remove); }

  #message({ seq, op, span }) { return { type: "op", ...this.#head, seq, op, span }; }

  #post(message) {
    try {
      this.#model.send(message);
    } catch {
      this.failure = TEXT.disconnected;
    }
  }

  #resend(after = 0) {
    for (const entry of this.log.pending) if (entry.seq > after) this.#post(this.#message(entry));
  }

  #acknowledged({ seq, rev, saved_at: savedAt, op, span }, mine) {
    apply(this.base, { op, span }); // what the file holds now, which is not always what was sent
    if (mine) {
      this.log = settle(this.log, seq);
      this.failure = null;
      this.refused = [];
      this.#remember();
    }
    this.late = false;
    this.#delay = 0;
    this.revision = Math.max(this.revision, rev);
    this.savedAt = savedAt ?? this.savedAt;
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** With `retry` (the disk is full) the change stays, and is sent again; without, it can never be saved and is taken back. */
  #rejected({ seq, message, retry = false }) {
    const entry = this.log.pending.find((candidate) => candidate.seq === seq);
    if (!entry) return;
    const news = this.failure !== message;
    this.failure = message;
    if (retry) {
      if (news) this.#hooks.refused(null, message);
      return;
    }
    this.log = settle(this.log, seq);
    this.refused.push(entry);
    this.#remember();
    this.#hooks.refused(seq, message);
  }

  /** While something is unacknowledged: turn amber after a while, send again, each time a little more patiently. */
  #watch() {
    if (!this.log.pending.length) {
      clearTimeout(this.#timer);
      this.#timer = 0;
      this.late = false;
    } else if (!this.#timer) {
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        this.late = true;
        this.#resend();
        this.#delay = Math.min(this.#delay + this.#timing.resend, this.#timing.resend * 8);
        this.#watch();
        this.#hooks.changed();
      }, this.late ? this.#delay : this.#timing.waiting);
    }
  }

  #remember() {
    const key = this.#prefix + this.#head.client;
    if (this.log.pending.length) memory.set(key, JSON.stringify(this.log.pending));
    else memory.remove(key);
  }
}

/** Entries from browser memory, which anybody may have written: what has not the right shape is left out. */
export function readEntries(json) {
  let entries;
  try { entries = JSON.parse(json ?? "[]"); } catch { return []; }
  const all = (span, names, test) => names.every((name) => test(span[name]));
  const isText = (value) => typeof value === "string";
  const whole = (span) => all(span, ["layer", "label", "quote", "note"], isText)
    && all(span, ["start", "end"], Number.isInteger)
    && typeof span.attributes === "object" && span.attributes !== null
    && (span.confidence === null || typeof span.confidence === "number");
  const right = (entry) => entry && Number.isInteger(entry.seq) && ["add", "update", "remove"].includes(entry.op)
    && isText(entry.span?.id) && ID.test(entry.span.id) && (entry.op === "remove" || whole(entry.span));
  return Array.isArray(entries) ? entries.filter(right) : [];
}

// ------------------------------------------------------------------------------------------------ the text

/** The article on screen: real text, drawn lanes, a caret, and the way between DOM places and positions. */
class Reader {
  anchor = null;
  focus = null;
  #app; #blocks; #starts; #quiet; #signatures = []; #caret; #text;
  /** A pointer is down; what to draw once it is up. */ #pointer = false; #postponed = null;
  /** The caret's line (where a position has two) and the column kept while moving up and down. */ #line = null; #column = null;

  constructor(app) {
    this.#app = app;
    const { article, blocks, sentences } = app.view;
    this.article = makeArticle(blocks);
    this.sentences = [...sentences].sort((a, b) => a.start - b.start);
    this.rtl = article.dir === "rtl";
    this.#starts = new Map(this.sentences.filter((s) => s.asked).map((s) => [s.start, s.id]));
    this.#quiet = this.#starts.size ? this.sentences.filter((s) => !s.asked) : [];
    this.#blocks = this.article.blocks.map((block) => this.#block(block));
    this.#caret = h("div", { class: "ss-caret", "aria-hidden": "true", hidden: true });
    const size = blocks.length > LONG ? "ss-text ss-long" : "ss-text";
    this.#text = h("div", { class: size, dir: article.dir, lang: article.language, translate: "no" }, ...this.#blocks);
    this.el = h("div", {
      class: "ss-scroller", tabindex: 0, role: "region", "aria-label": TEXT.text, "aria-description": TEXT.textHelp,
      onclick: (event) => this.#clicked(event),
      onpointerdown: () => { this.#pointer = true; },
      onfocus: () => { if (!this.#pointer && this.focus === null) this.place(this.first, this.first); this.#drawCaret(); },
      onblur: () => this.#drawCaret(),
    }, this.#text, this.#caret);
    const options = { signal: app.signal };
    document.addEventListener("selectionchange", () => this.#read(), options);
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, () => this.#released(), options);
    const resized = new ResizeObserver(() => this.#drawCaret());
    resized.observe(this.#text);
    app.signal.addEventListener("abort", () => resized.disconnect());
  }

  /** Where a caret starts: the first sentence that is asked about. */
  get first() { return this.sentences.find((s) => s.asked)?.start ?? this.article.blocks[0]?.start ?? 0; }

  get empty() { return this.anchor === this.focus; }

  /** @returns {{start: number, end: number, quote: string}|null} */
  range() { return this.empty ? null : spanFromSelection(this.article, this.anchor, this.focus); }

  /** Whether the page still shows the stored text; translators and extensions rewrite it. */
  intact(start, end) {
    const from = blockAt(this.article, start);
    return this.article.blocks.every((block, index) =>
      index < from || block.start >= end || this.#blocks[index].textContent === block.text);
  }

  slice(start, end) { return sliceArticle(this.article, start, end); }

  // ---- drawing

  #block({ id, kind, text }) {
    const heading = kind === "headline" ? { role: "heading", "aria-level": 3 } : {};
    return h("p", { class: `ss-block ss-${kind === "headline" ? "headline" : "paragraph"}`, "data-block": id, ...heading }, text);
  }

  /** Redraw the blocks whose marks changed, and only those. Never under a pointer that is dragging a selection. */
  paint(spans, selected) {
    if (this.#pointer) { this.#postponed = [spans, selected]; return; }
    const held = this.#holdsSelection();
    if (held) this.#read();
    const perBlock = this.#blocks.map(() => []);
    for (const span of spans) {
      const first = blockAt(this.article, span.start);
      for (let index = first; this.article.blocks[index]?.start < span.end; index += 1) perBlock[index].push(span);
    }
    let changed = false;
    perBlock.forEach((inside, index) => {
      const signature = inside.map(({ id, layer, label, start, end }) => [id, layer, label, start, end, id === selected]).join(";");
      if (this.#signatures[index] === signature) return;
      this.#signatures[index] = signature;
      this.#blocks[index].replaceChildren(...this.#pieces(index, inside, selected));
      changed = true;
    });
    if (changed && held) this.place(this.anchor, this.focus, { scroll: false });
    if (changed) this.#drawCaret();
  }

  #pieces(index, spans, selected) {
    const block = this.article.blocks[index];
    const clip = ({ id, start, end }) => ({ id, start: Math.max(start, block.start), end: Math.min(end, block.end) });
    const clipped = spans.map(clip);
    const lane = lanes(clipped);
    const byId = new Map(spans.map((span) => [span.id, span]));
    const depth = Math.min(LANES, Math.max(0, ...[...lane.values()].map((n) => n + 1)));
    this.#blocks[index].style.setProperty("--ss-extra", String(Math.max(0, depth - 1)));
    const cuts = [...this.#starts.keys(), ...this.#quiet.flatMap((s) => [s.start, s.end])];
    return segments(block.start, block.end, clipped, cuts).flatMap((piece) => {
      const text = block.text.slice(toUtf16(block, piece.start), toUtf16(block, piece.end));
      const number = this.#starts.get(piece.start);
      const numbered = number ? [h("span", { class: "ss-sid", "data-s": number })] : [];
      const quiet = overlapping(this.#quiet, piece.start, piece.end).length > 0;
      if (!piece.ids.length && !quiet) return [...numbered, document.createTextNode(text)];
      return [...numbered, this.#segment(text, piece, piece.ids.map((id) => byId.get(id)), lane, quiet, selected)];
    });
  }

  #segment(text, piece, spans, lane, quiet, selected) {
    const element = h("span", { class: "ss-seg", "data-ids": spans.length ? piece.ids.join(" ") : null }, text);
    const bands = spans.filter((span) => lane.get(span.id) < LANES)
      .map((span) => ({ label: this.#app.label(span), lane: lane.get(span.id), ends: span.end === piece.end }));
    if (bands.length) paint(element, bands, this.rtl);
    if (bands.length < spans.length) element.dataset.more = `+${spans.length - bands.length}`;
    element.classList.toggle("ss-quiet", quiet);
    element.classList.toggle("ss-on", spans.some((span) => span.id === selected));
    return element;
  }

  // ---- places in the DOM

  #holdsSelection() {
    const selection = document.getSelection();
    return Boolean(selection?.rangeCount) && this.#text.contains(selection.focusNode);
  }

  /** DOM place to position. A place outside the text means the nearest edge of a block. */
  #position(node, offset, up) {
    const element = (node instanceof Element ? node : node.parentElement)?.closest(".ss-block");
    const index = this.#blocks.indexOf(element);
    const range = document.createRange();
    if (index >= 0) {
      range.setStart(element, 0);
      range.setEnd(node, offset);
      return toPosition(this.article.blocks[index], range.toString().length, up);
    }
    range.setStart(node, offset);
    const before = this.#blocks.findLastIndex((block) => range.comparePoint(block, 0) < 0);
    if (up) return this.article.blocks[Math.max(0, before)].end;
    return (this.article.blocks[before + 1] ?? this.article.blocks[before]).start;
  }

  /** Position to DOM place: in the text node that begins there, rather than the one that ends there. @returns {[Node, number]} */
  #point(position) {
    const index = blockAt(this.article, position);
    let rest = toUtf16(this.article.blocks[index], position);
    const walker = document.createTreeWalker(this.#blocks[index], NodeFilter.SHOW_TEXT);
    let last = null;
    for (let node; (node = /** @type {Text|null} */ (walker.nextNode())); ) {
      if (rest < node.length) return [node, rest];
      rest -= node.length;
      last = node;
    }
    return last ? [last, last.length] : [this.#blocks[index], 0];
  }

  #read() {
    const selection = document.getSelection();
    if (!selection?.rangeCount) return;
    if (![selection.anchorNode, selection.focusNode].some((node) => this.#text.contains(node))) return;
    const range = selection.getRangeAt(0);
    const start = this.#position(range.startContainer, range.startOffset, false);
    const end = range.collapsed ? start : this.#position(range.endContainer, range.endOffset, true);
    const backward = selection.focusNode === range.startContainer && selection.focusOffset === range.startOffset;
    const [anchor, focus] = backward ? [end, start] : [start, end];
    if (anchor === this.anchor && focus === this.focus) return;
    [this.anchor, this.focus, this.#line, this.#column] = [anchor, focus, null, null];
    this.#drawCaret();
    this.#app.selectionChanged();
  }

  /** Put the selection somewhere; `line` tells on which line the caret is meant where two are possible. */
  place(anchor, focus, { scroll = true, line = null } = {}) {
    [this.anchor, this.focus, this.#line, this.#column] = [anchor, focus, line, null];
    const [[anchorNode, anchorOffset], [focusNode, focusOffset]] = [this.#point(anchor), this.#point(focus)];
    document.getSelection()?.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
    this.#drawCaret();
    if (scroll) this.#caret.scrollIntoView({ block: "nearest", inline: "nearest" });
    this.#app.selectionChanged();
  }

  collapse() { if (this.focus !== null) this.place(this.focus, this.focus, { scroll: false }); }

  takeFocus() { this.el.focus({ preventScroll: true }); }

  /** Where the caret stands on screen, or would stand at another position. */
  caretRect(position = this.focus ?? this.first, y = this.#line) {
    const [node, offset] = this.#point(position);
    const range = document.createRange();
    range.setStart(node, offset);
    const rects = [...range.getClientRects()];
    // Where a line wraps, one position has two places: the end of this line and the start of the next.
    if (node instanceof Text && offset < node.length) {
      range.setEnd(node, offset + 1);
      const edge = (next) => new DOMRect(this.rtl ? next.right : next.left, next.top, 0, next.height);
      rects.push(...Array.from(range.getClientRects(), edge));
    }
    if (!rects.length) return this.#blocks[blockAt(this.article, position)].getBoundingClientRect();
    const line = y === null ? middle(rects[0]) : y + this.#text.getBoundingClientRect().top;
    return rects.reduce((best, rect) => (Math.abs(middle(rect) - line) < Math.abs(middle(best) - line) - 1 ? rect : best));
  }

  #drawCaret() {
    this.#caret.hidden = this.focus === null;
    if (this.#caret.hidden) return;
    const rect = this.caretRect();
    const frame = this.el.getBoundingClientRect();
    this.#caret.classList.toggle("ss-caret-off", !this.el.matches(":focus"));
    this.#caret.style.left = `${rect.left - frame.left - this.el.clientLeft + this.el.scrollLeft - 1}px`;
    this.#caret.style.top = `${rect.top - frame.top - this.el.clientTop + this.el.scrollTop}px`;
    this.#caret.style.height = `${rect.height}px`;
  }

  // ---- pointer and keys

  #released() {
    if (!this.#pointer) return;
    this.#pointer = false;
    if (this.#postponed) this.paint(...this.#postponed);
    this.#postponed = null;
  }

  #clicked(event) {
    this.#read();
    if (!this.empty) return;
    this.#app.chooseAmong(event.target.closest(".ss-seg")?.dataset.ids?.split(" ") ?? []);
  }

  /** @param {"character"|"word"|"sentence"|"line"|"lineboundary"|"article"} kind */
  move(kind, direction, extend) {
    const from = this.focus ?? this.first;
    if (kind === "line" || kind === "lineboundary") this.#moveByLine(kind, direction, extend);
    else {
      const to = this.#target(kind, direction, extend, from);
      this.place(extend ? this.anchor ?? from : to, to);
    }
    this.#app.speak(this.#spoken(kind, from, extend));
  }

  #target(kind, direction, extend, from) {
    if (kind === "word") return stepWord(this.article, from, direction);
    if (kind === "sentence") return stepSentence(this.article, this.sentences, from, direction);
    if (kind === "article") return direction > 0 ? this.article.end : this.article.blocks[0].start;
    if (!extend && !this.empty) return direction > 0 ? Math.max(this.anchor, this.focus) : Math.min(this.anchor, this.focus);
    return stepGrapheme(this.article, from, direction);
  }

  /** Up, down, Home, End: only the screen knows where lines end, so ask what stands at a point. */
  #moveByLine(kind, direction, extend) {
    this.#caret.scrollIntoView({ block: "nearest" });
    const frame = this.#text.getBoundingClientRect();
    const from = this.caretRect();
    const edge = (direction > 0) !== this.rtl ? frame.right - 1 : frame.left + 1;
    const column = kind === "line" ? this.#column ?? from.left : edge;
    const found = kind === "line" ? this.#nextLine(column, from, direction) : this.#atPoint(column, middle(from));
    if (!found) return;
    const { position, rect } = found;
    this.place(extend ? this.anchor ?? position : position, position, { line: middle(rect) - this.#text.getBoundingClientRect().top });
    this.#column = kind === "line" ? column : null;
  }

  #nextLine(x, from, direction) {
    const start = direction > 0 ? from.bottom : from.top;
    for (let distance = 3; distance < 300; distance += 4) {
      const found = this.#atPoint(x, start + distance * direction);
      if (found && (middle(found.rect) - middle(from)) * direction > from.height / 2) return found;
    }
    return null;
  }

  /** The position at a point of the screen, and the line it was found on. */
  #atPoint(x, y) {
    const place = document.caretPositionFromPoint?.(x, y);
    const range = place ? null : document.caretRangeFromPoint?.(x, y);
    const [node, offset] = place ? [place.offsetNode, place.offset] : [range?.startContainer, range?.startOffset];
    if (!node || !this.#text.contains(node)) return null;
    const position = this.#position(node, offset, false);
    return { position, rect: this.caretRect(position, y - this.#text.getBoundingClientRect().top) };
  }

  #spoken(kind, from, extend) {
    const here = this.focus ?? from;
    if (extend) return TEXT.spokenSelected(shorten(this.slice(Math.min(from, here), Math.max(from, here)), 300));
    if (kind === "sentence") return this.slice(here, sentenceAt(this.sentences, here)?.end ?? here);
    if (kind === "character") return this.slice(here, stepGrapheme(this.article, here, 1));
    return shorten(this.slice(Math.min(from, here), Math.max(from, here)), 300);
  }

  /** Make a span longer or shorter by one word at one of its ends. */
  stretched(span, edge, direction) {
    const { blocks } = this.article;
    const words = blocks.slice(blockAt(this.article, span.start), blockAt(this.article, span.end) + 2).flatMap(wordsOf);
    const before = blocks[blockAt(this.article, span.start) - 1];
    const ends = words.map(([, end]) => end);
    const starts = [...(before ? wordsOf(before) : []), ...words].map(([start]) => start);
    const [start, end] = edge === "end"
      ? [span.start, direction > 0 ? ends.find((at) => at > span.end) : ends.findLast((at) => at < span.end)]
      : [direction > 0 ? starts.find((at) => at > span.start) : starts.findLast((at) => at < span.start), span.end];
    return start === undefined || end === undefined || start >= end ? null : spanFromSelection(this.article, start, end);
  }
}

// -------------------------------------------------------------------------------------- beside the text

/** The labels of one layer as buttons, and the switch between layers. Always in sight. */
class Bar {
  #app; #labels; #layers; #hint; #sure;

  constructor(app) {
    this.#app = app;
    this.#labels = h("div", { class: "ss-labels", role: "group", "aria-label": TEXT.bar });
    this.#layers = h("div", { class: "ss-layers", role: "group", "aria-label": TEXT.layers, hidden: app.view.layers.length < 2 },
      ...app.view.layers.map((layer) => button(layer.name, () => app.showLayer(layer), { "data-layer": layer.id })));
    this.#hint = h("p", { class: "ss-hint" });
    this.#sure = h("div", { class: "ss-sure", role: "radiogroup" }, h("span", { "aria-hidden": "true" }, TEXT.sure),
      ...app.view.confidence.map((option) => this.#radio(option)));
    // Pressing a button must not take the selection away from the text.
    this.el = h("div", { class: "ss-bar", onmousedown: (event) => event.preventDefault() }, this.#layers, this.#labels,
      h("div", { class: "ss-next" }, this.#hint, this.#sure));
  }

  update() {
    const { layer, readonly, singleKeys } = this.#app;
    for (const element of this.#layers.children) element.setAttribute("aria-pressed", String(element.dataset.layer === layer.id));
    this.#labels.replaceChildren(...layer.labels.map((label) => this.#button(label, Boolean(readonly), singleKeys)));
    this.show();
  }

  #button(label, disabled, singleKeys) {
    const show = () => this.#app.definition.show(label);
    const rest = () => this.#app.definition.show(null);
    return h("button", {
      type: "button", class: "ss-button ss-label", disabled, "data-label": label.id, "aria-description": label.ask,
      "aria-keyshortcuts": singleKeys ? label.shortcut : null,
      onclick: () => this.#app.applyLabel(label), onmouseenter: show, onmouseleave: rest, onfocus: show, onblur: rest,
    }, swatch(label), h("span", { class: "ss-name" }, label.name),
    singleKeys && label.shortcut ? h("kbd", { "aria-hidden": "true" }, label.shortcut) : null);
  }

  #radio({ value, name }) {
    const choose = () => this.#app.setConfidence(this.#app.spans.get(this.#app.selected), value);
    return h("label", { class: "ss-step" }, h("input", { type: "radio", name: `${this.#app.client}-sure`, value, onchange: choose }), name);
  }

  /** Under the labels: the words being selected, else how sure the student is of the selected label, else what to do. */
  show() {
    const { readonly, singleKeys, reader, spans, selected } = this.#app;
    const range = reader.range();
    const span = range ? null : spans.get(selected);
    const idle = readonly ? TEXT.readonly : singleKeys ? TEXT.barHintKeys : TEXT.barHint;
    this.#hint.textContent = range ? TEXT.selected(shorten(range.quote), countWords(reader.article, range.start, range.end)) : idle;
    this.#hint.inert = Boolean(span);
    this.#sure.inert = !span;
    if (!span) return;
    this.#sure.setAttribute("aria-label", TEXT.sureOf(this.#app.label(span).name, shorten(span.quote, 40)));
    this.#sure.classList.toggle("ss-open", span.confidence === null);
    for (const input of this.#sure.querySelectorAll("input")) {
      input.checked = Number(input.value) === span.confidence;
      input.disabled = Boolean(readonly);
    }
  }
}

/** What a label means: the one being pointed at, else that of the selected passage, else the one used last. */
class Definition {
  #app; #shown = null;

  constructor(app) {
    this.#app = app;
    this.el = h("section", { class: "ss-card ss-definition", "aria-label": TEXT.definition });
  }

  show(label) {
    const span = this.#app.spans.get(this.#app.selected);
    const next = label ?? (span ? this.#app.label(span) : this.#app.lastLabel);
    if (this.#shown === next) return;
    this.#shown = next;
    const parts = [[TEXT.rule, next.rule], [TEXT.example, next.example], [TEXT.nearMiss, next.near_miss]];
    this.el.replaceChildren(
      h("h4", { class: "ss-card-title" }, swatch(next), next.name),
      ...(next.ask ? [h("p", { class: "ss-ask" }, next.ask)] : []),
      ...(next.definition ? [h("p", {}, next.definition)] : []),
      h("dl", {}, ...parts.filter(([, text]) => text).flatMap(([term, text]) => [h("dt", {}, term), h("dd", {}, text)])));
  }
}

/** The selected span: everything about it can be changed here. */
class Inspector {
  #app; #span = null; #built = null; #fields; #dirty = false; #timer = 0; #session = 0;

  constructor(app) {
    this.#app = app;
    this.el = h("section", { class: "ss-card ss-inspector", "aria-label": TEXT.inspector });
    app.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  get dirty() { return this.#dirty; }

  /** @param {Span|null} span */
  update(span) {
    const built = span && `${span.id} ${span.layer} ${span.label} ${Boolean(this.#app.readonly)}`;
    this.#span = span;
    if (span && this.#built !== built) this.#build(span);
    if (span) this.#fill(span);
    else this.el.replaceChildren(h("h4", { class: "ss-card-title" }, TEXT.inspector), h("p", { class: "ss-empty" }, TEXT.inspectorEmpty));
    this.#built = built;
  }

  focusPicker() { this.#fields?.label.focus(); }

  #build(span) {
    const app = this.#app;
    const label = app.label(span);
    const hadFocus = this.el.querySelector(":focus")?.dataset.field;
    const lock = Boolean(app.readonly);
    this.#fields = {
      title: h("h4", { class: "ss-card-title" }, swatch(label), label.name),
      quote: h("blockquote", { class: "ss-quote", dir: app.view.article.dir, lang: app.view.article.language }),
      where: h("p", { class: "ss-where" }),
      label: h("select", { "data-field": "label", disabled: lock, onchange: (event) => app.relabel(this.#span, event.target.value) },
        ...app.view.layers.flatMap((layer) => this.#options(layer))),
      note: h("textarea", {
        rows: 2, maxlength: 2000, "data-field": "note", placeholder: TEXT.notePlaceholder, disabled: lock,
        onfocus: () => { this.#session += 1; }, oninput: () => this.#typed(), onchange: () => this.flush(),
      }),
      attributes: label.attributes?.map((attribute) => this.#attribute(attribute, lock)) ?? [],
      resize: button(TEXT.resize, () => app.resizeToSelection(), { disabled: lock, onmousedown: (event) => event.preventDefault() }),
    };
    const { title, quote, where, label: picker, note, attributes, resize } = this.#fields;
    this.el.replaceChildren(h("p", { class: "ss-empty" }, TEXT.inspector), title, quote, where,
      h("label", { class: "ss-field" }, TEXT.label, picker), ...attributes.map((field) => field.row),
      h("label", { class: "ss-field" }, TEXT.note, note),
      h("div", { class: "ss-row" }, resize, button(TEXT.remove, () => app.removeSpan(this.#span), { disabled: lock }),
        button(TEXT.close, () => app.close())));
    if (hadFocus) this.el.querySelector(`[data-field="${CSS.escape(hadFocus)}"]`)?.focus();
  }

  #options(layer) {
    const options = layer.labels.map((label) => labelOption(layer, label));
    return this.#app.view.layers.length > 1 ? [h("optgroup", { label: layer.name }, ...options)] : options;
  }

  #attribute({ id, question, values }, disabled) {
    const set = () => this.#app.setAttribute(this.#span, id, select.value);
    const select = h("select", { disabled, "data-field": `attribute-${id}`, onchange: set }, h("option", { value: "" }, TEXT.noAnswer),
      ...values.map((value) => h("option", { value: value.id }, value.name)));
    return { id, select, row: h("label", { class: "ss-field" }, question, select) };
  }

  #fill(span) {
    const { quote, where, label, note, attributes } = this.#fields;
    quote.textContent = span.quote;
    where.textContent = this.#app.whereabouts(span);
    label.value = `${span.layer}/${span.label}`;
    for (const { id, select } of attributes) select.value = span.attributes[id] ?? "";
    if (!this.#dirty) note.value = span.note;
  }

  #typed() {
    this.#dirty = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), 800);
    this.#app.showChip();
  }

  /** Hand over the note that is being typed. */
  flush() {
    clearTimeout(this.#timer);
    if (!this.#dirty) return;
    this.#dirty = false;
    this.#app.setNote(this.#span, this.#fields.note.value, `note:${this.#span.id}:${this.#session}`);
  }
}

/** Labelling without selecting: type or paste the words, choose the occurrence, choose the label. */
class Quoter {
  #app; #phrase; #label; #sure; #result; #found = []; #form;

  constructor(app) {
    this.#app = app;
    this.#phrase = h("input", { type: "text", autocomplete: "off", spellcheck: "false", dir: "auto", oninput: () => this.#search() });
    this.#label = h("select", {}, ...app.view.layers.flatMap((layer) => layer.labels.map((label) => labelOption(layer, label))));
    this.#sure = sureSelect(app);
    this.#result = h("div", { class: "ss-found", role: "status" });
    this.#form = h("form", { class: "ss-quoter-form", onsubmit: (event) => { event.preventDefault(); this.#add(); } },
      h("p", { class: "ss-empty" }, TEXT.quoterHelp),
      h("label", { class: "ss-field ss-grow" }, TEXT.phrase, this.#phrase),
      h("label", { class: "ss-field" }, TEXT.label, this.#label), h("label", { class: "ss-field" }, TEXT.sure, this.#sure),
      h("button", { type: "submit", class: "ss-button ss-button-main" }, TEXT.add), this.#result);
    this.el = h("details", { class: "ss-quoter" }, h("summary", {}, TEXT.quoter), this.#form);
  }

  open() {
    this.el.open = true;
    this.#phrase.focus();
  }

  update() {
    const { lastLabel, readonly } = this.#app;
    this.#label.value = keyOf(this.#app.layerOf(lastLabel), lastLabel);
    for (const control of this.#form.elements) control.disabled = Boolean(readonly);
  }

  #search() {
    const phrase = this.#phrase.value;
    this.#found = findOccurrences(this.#app.reader.article, phrase);
    const [first, second] = this.#found;
    if (!phrase.trim()) this.#result.replaceChildren();
    else if (!first) this.#result.replaceChildren(...this.#nothing(phrase));
    else if (second) this.#result.replaceChildren(this.#choices());
    else this.#result.replaceChildren(h("p", {}, TEXT.foundOnce(this.#app.sentenceName(first))), this.#context(first));
  }

  #nothing(phrase) {
    const nearest = nearestPassage(this.#app.reader.article, phrase);
    if (!nearest) return [h("p", {}, TEXT.notFound)];
    const quote = this.#app.reader.slice(nearest.start, nearest.end);
    const use = () => { this.#phrase.value = quote.replace(/\s+/gu, " "); this.#search(); this.#phrase.focus(); };
    return [h("p", {}, TEXT.notFound, " ", TEXT.nearest), this.#context(nearest), button(TEXT.useNearest, use)];
  }

  #choices() {
    const shown = this.#found.slice(0, OCCURRENCES);
    const count = this.#found.length;
    const legend = shown.length < count ? TEXT.foundMost(count, shown.length) : TEXT.foundMany(count);
    const name = `${this.#app.client}-occurrence`;
    return h("fieldset", { class: "ss-occurrences" }, h("legend", {}, legend),
      ...shown.map((range, index) => h("label", {}, h("input", { type: "radio", name, value: index }), this.#context(range))));
  }

  #context({ start, end }) {
    const { reader } = this.#app;
    const line = (text) => text.replace(/\n+/g, " ¶ ");
    const where = this.#app.sentenceName({ start, end });
    return h("span", { class: "ss-context" }, where ? h("b", {}, `${where} `) : null,
      h("bdi", { lang: this.#app.view.article.language },
        `…${line(reader.slice(Math.max(0, start - 40), start))}`,
        h("mark", {}, line(reader.slice(start, end))),
        `${line(reader.slice(end, end + 40))}…`));
  }

  #add() {
    const checked = this.#result.querySelector("input:checked");
    const range = this.#found.length === 1 ? this.#found[0] : this.#found[Number(checked?.value ?? -1)];
    if (!this.#phrase.value.trim()) this.#app.say(TEXT.typeFirst);
    else if (!this.#found.length) this.#app.say(TEXT.notFound);
    else if (!range) this.#app.say(TEXT.chooseOne);
    else {
      const label = this.#app.findLabel(this.#label.value);
      if (!this.#app.create(range, label, this.#sure.value === "" ? null : Number(this.#sure.value))) return;
      this.#phrase.value = this.#sure.value = "";
      this.#search();
      this.#phrase.focus();
    }
  }
}

/** All labels in the order of the text, as a real table. Rows are kept and updated, so focus survives an edit. */
class Table {
  #app; #body; #rows = new Map(); #empty; #progress; #table;

  constructor(app) {
    this.#app = app;
    this.#progress = h("p", { class: "ss-progress" });
    this.#empty = h("p", { class: "ss-empty" }, TEXT.tableEmpty);
    this.#body = h("tbody", { role: "rowgroup" });
    // The roles keep it a table for screen readers where narrow screens lay the rows out as cards.
    const headings = TEXT.columns.map((name) => h("th", { role: "columnheader", scope: "col" }, name));
    this.#table = h("table", { role: "table", "aria-label": TEXT.table },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...headings)), this.#body);
    this.el = h("section", { class: "ss-table" },
      h("div", { class: "ss-table-head" }, h("h3", { class: "ss-heading" }, TEXT.table), this.#progress), this.#empty, this.#table);
  }

  /** @param {Span[]} spans */
  update(spans, selected) {
    const { all, open, outside } = progress(spans, this.#app.reader.sentences);
    this.#progress.textContent = all ? TEXT.progress(all, open, outside) : "";
    this.#empty.hidden = all > 0;
    this.#table.hidden = all === 0;
    const known = new Set(spans.map((span) => span.id));
    for (const [id, row] of this.#rows) if (!known.has(id)) { row.el.remove(); this.#rows.delete(id); }
    spans.forEach((span, index) => {
      const row = this.#rows.get(span.id) ?? this.#row();
      this.#rows.set(span.id, row);
      row.fill(span, span.id === selected, Boolean(this.#app.readonly));
      if (this.#body.children[index] !== row.el) this.#body.insertBefore(row.el, this.#body.children[index] ?? null);
    });
  }

  #row() {
    const app = this.#app;
    /** @type {Span} */ let span;
    let shown = "";
    const cell = (kind, ...children) => h("td", { role: "cell", class: `ss-cell-${kind}` }, ...children);
    const label = h("span", { class: "ss-named" });
    const quote = h("bdi", { lang: app.view.article.language });
    const where = h("span", { class: "ss-where" });
    const sure = sureSelect(app, () => app.setConfidence(span, sure.value === "" ? null : Number(sure.value)));
    const note = h("p", { class: "ss-note" });
    const [goTo, edit] = [button(TEXT.goTo, () => app.goTo(span)), button(TEXT.edit, () => app.edit(span))];
    const actions = [goTo, edit, button(TEXT.remove, () => this.#remove(span))];
    const el = h("tr", { role: "row" }, cell("label", label), cell("quote", quote, where, note), cell("sure", sure), cell("actions", ...actions));
    const fill = (next, selected, readonly) => {
      span = next;
      el.classList.toggle("ss-on", selected);
      const signature = JSON.stringify([next, readonly]);
      if (signature === shown) return;
      shown = signature;
      el.dataset.span = next.id;
      label.replaceChildren(swatch(app.label(next)), app.label(next).name);
      quote.textContent = next.quote;
      where.textContent = app.whereabouts(next);
      sure.value = next.confidence ?? "";
      // Python may have set a value that is not among the steps offered here.
      const percent = `${Math.round(next.confidence * 100)} %`;
      if (sure.selectedIndex < 0) sure.append(h("option", { value: next.confidence, selected: true }, percent));
      note.textContent = next.note;
      note.hidden = !next.note;
      sure.disabled = actions[2].disabled = readonly;
      sure.setAttribute("aria-label", TEXT.sureAbout(shorten(next.quote)));
      actions.forEach((action) => action.setAttribute("aria-label", TEXT.about(action.textContent, shorten(next.quote))));
    };
    return { el, fill };
  }

  /** After deleting, the focus goes to the same button of the next row, not to nowhere. */
  #remove(span) {
    const row = this.#rows.get(span.id).el;
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    this.#app.removeSpan(span);
    if (neighbour) neighbour.querySelector("button:last-child").focus(); else this.#app.reader.takeFocus();
  }
}

/** A short list at the caret: labels to choose from, or the spans that overlap there. */
class Menu {
  #app; #list; #title;

  constructor(app) {
    this.#app = app;
    const id = `${app.client}-menu`;
    this.#title = h("p", { class: "ss-menu-title", id });
    this.#list = h("div", { role: "menu", "aria-labelledby": id });
    this.el = h("div", {
      class: "ss-menu", hidden: true, onkeydown: (event) => this.#key(event),
      onfocusout: (event) => { if (!this.el.contains(event.relatedTarget)) this.el.hidden = true; },
    }, this.#title, this.#list);
  }

  /** @param {{label: any, text: string, detail?: string, run: () => void}[]} items */
  open(title, items) {
    this.#title.textContent = title;
    this.#list.replaceChildren(...items.map(({ label, text, detail, run }) => h("button", {
      type: "button", role: "menuitem", tabindex: -1, "data-key": label.shortcut, onclick: () => { this.close(); run(); },
      onfocus: () => this.#app.definition.show(label),
    }, swatch(label), h("span", { class: "ss-name" }, text), detail ? h("span", { class: "ss-detail" }, detail) : null)));
    this.el.hidden = false;
    this.#position();
    this.#list.firstElementChild?.focus({ preventScroll: true });
    this.el.scrollIntoView({ block: "nearest" });
  }

  close() {
    this.el.hidden = true;
    this.#app.definition.show(null);
    this.#app.reader.takeFocus();
  }

  #position() {
    const frame = this.el.offsetParent.getBoundingClientRect();
    const caret = this.#app.reader.caretRect();
    const left = Math.max(8, Math.min(caret.left - frame.left, frame.width - this.el.offsetWidth - 8));
    const below = caret.bottom - frame.top + 8;
    const above = caret.top - frame.top - this.el.offsetHeight - 8;
    this.el.style.left = `${left}px`;
    this.el.style.top = `${below + this.el.offsetHeight > frame.height && above > 0 ? above : Math.max(8, below)}px`;
  }

  #key(event) {
    const items = [...this.#list.children];
    const at = items.findIndex((item) => item.matches(":focus"));
    const steps = { ArrowDown: (at + 1) % items.length, ArrowUp: at - 1, Home: 0, End: -1 };
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    const direct = plain && items.find((item) => item.dataset.key?.toLowerCase() === event.key.toLowerCase());
    if (event.key in steps) items.at(steps[event.key]).focus();
    else if (event.key === "Escape" || event.key === "Tab") this.close();
    else if (direct) direct.click();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }
}

/** The list of keys, with the switch for single-key shortcuts. */
class Help {
  #app;

  constructor(app) {
    this.#app = app;
    const title = `${app.client}-keys`;
    const single = h("input", { type: "checkbox", onchange: () => app.switchSingleKeys(single.checked) });
    single.checked = app.singleKeys;
    this.el = h("dialog", { class: "ss-help", "aria-labelledby": title, onclose: () => app.reader.takeFocus() },
      h("h3", { class: "ss-heading", id: title }, TEXT.keysTitle), h("p", { class: "ss-empty" }, TEXT.keysIntro),
      h("dl", { class: "ss-keys" },
        ...TEXT.keys.map(([key, what]) => h("div", {}, h("dt", {}, h("kbd", {}, key)), h("dd", {}, what)))),
      h("div", { class: "ss-row" }, h("label", { class: "ss-switch" }, single, TEXT.singleKeys),
        button(TEXT.close, () => this.el.close(), { class: "ss-button ss-button-main", autofocus: true })));
  }

  open() { this.el.showModal(); }
}

// ---------------------------------------------------------------------------------------------- all together

const MOVES = {
  ArrowLeft: ["character", -1], ArrowRight: ["character", 1], ArrowUp: ["line", -1], ArrowDown: ["line", 1],
  Home: ["lineboundary", -1], End: ["lineboundary", 1],
};
/** @type {Object<string, [number, boolean]>} direction, extend */
const SENTENCE_KEYS = { "[": [-1, false], "]": [1, false], "{": [-1, true], "}": [1, true] };
/** @type {Object<string, ["start"|"end", number]>} */
const STRETCH_KEYS = { ",": ["end", -1], ".": ["end", 1], "<": ["start", -1], ">": ["start", 1] };
const SURE_KEYS = { "+": 1, "=": 1, "-": -1, "−": -1 };

/** One view of the model: what is shown, what is selected, and every edit as a change that can be undone. */
class Labeller {
  selected = null;
  spans = new Map();
  #model; #outbox; #abort = new AbortController(); #history = newHistory(); #root; #parts; #onMessage; #noticed = "";
  /** Changes of an earlier visit, offered once. */ #left = { keys: [], changes: [] };

  constructor(model, host) {
    this.#model = model;
    this.view = model.get("_view");
    this.signal = this.#abort.signal;
    this.client = randomId();
    this.readonly = this.view.readonly;
    this.singleKeys = memory.get(SWITCH) !== "off";
    this.layer = this.view.layers[0];
    this.lastLabel = this.layer.labels[0];
    this.#outbox = new Outbox(model, { ...this.view, client: this.client }, this.view.timing, {
      changed: () => this.refresh(),
      /** @param {number|null} seq of the change that was taken back */
      refused: (seq, message) => { this.#history = forget(this.#history, seq); this.say(message); },
      readonly: (reason) => { this.readonly = reason; this.showReadonly(); },
      notice: (text) => this.#showNotice(text),
    });
    this.#build(host);
    window.addEventListener("pagehide", () => this.inspector.flush(), { signal: this.signal });
    this.#start(model.get("_state"));
  }

  #start(snapshot) {
    this.#outbox.adopt(snapshot);
    this.#left = this.#outbox.leftBehind(snapshot);
    this.#onMessage = (message) => this.#outbox.receive(message);
    this.#model.on("msg:custom", this.#onMessage);
    this.#showNotice(snapshot.notice);
    this.showReadonly();
    this.#showOffer();
    this.refresh();
    this.#outbox.hello();
    this.showChip();
  }

  /** Leave nothing behind: a half-typed note is handed over first. */
  dispose() {
    this.inspector.flush();
    this.#abort.abort();
    this.#outbox.stop();
    this.#model.off("msg:custom", this.#onMessage);
    this.#root.remove();
  }

  // ---- building

  #build(host) {
    this.reader = new Reader(this);
    this.bar = new Bar(this);
    this.definition = new Definition(this);
    this.inspector = new Inspector(this);
    this.quoter = new Quoter(this);
    this.table = new Table(this);
    this.menu = new Menu(this);
    this.help = new Help(this);
    const { article } = this.view;
    this.#parts = {
      chip: h("span", { class: "ss-chip" }),
      rescue: h("span", { class: "ss-rescue" },
        button(TEXT.saveAgain, () => this.#saveAgain()), button(TEXT.download, () => this.#download())),
      undo: button(TEXT.undo, () => this.undo(), { title: "Ctrl+Z" }),
      redo: button(TEXT.redo, () => this.redo(), { title: "Ctrl+Shift+Z" }),
      readonly: h("div", { class: "ss-banner ss-banner-bad", role: "alert", hidden: true }),
      notice: h("div", { class: "ss-banner", role: "status", hidden: true }, h("span"),
        button(TEXT.close, () => { this.#parts.notice.hidden = true; this.reader.takeFocus(); })),
      offer: h("div", { class: "ss-banner", role: "status", hidden: true }),
      status: h("p", { class: "ss-status", role: "status" }),
      spoken: h("p", { class: "ss-visually-hidden", "aria-live": "polite" }),
    };
    const { chip, rescue, undo, redo, readonly, notice, offer, status, spoken } = this.#parts;
    this.#root = h("div", {
      class: "ss-root ss-labeller", lang: "en", dir: "ltr", "data-client": this.client,
      "data-lm-suppress-shortcuts": "true", onkeydown: (event) => this.#key(event),
    },
      h("div", { class: "ss-head" }, button(TEXT.toText, () => this.#toText(), { class: "ss-button ss-skip" }), h("h2", { class: "ss-title" }, this.view.title),
        h("div", { class: "ss-tools" }, undo, redo, button(TEXT.help, () => this.help.open(), { "aria-keyshortcuts": "?" }))),
      h("p", { class: "ss-provenance" }, article.provenance),
      article.note ? h("p", { class: "ss-provenance ss-care" }, article.note) : null,
      readonly, notice, offer,
      h("div", { class: this.reader.article.end > TALL ? "ss-work ss-tall" : "ss-work" },
        this.bar.el, h("div", { class: "ss-stage" }, this.reader.el, this.menu.el),
        h("div", { class: "ss-foot" }, status, h("div", { class: "ss-tools" }, chip, rescue)),
        h("div", { class: "ss-side" }, this.inspector.el, this.definition.el)),
      this.quoter.el, this.table.el, this.help.el, spoken);
    host.append(this.#root);
    this.bar.update();
    this.definition.show(null);
  }

  #toText() {
    this.reader.takeFocus();
    this.#root.querySelector(".ss-work").scrollIntoView({ block: "nearest" });
  }

  // ---- showing

  refresh() {
    this.spans = this.#outbox.spans;
    if (!this.spans.has(this.selected)) this.selected = null;
    const sorted = sortSpans(this.spans.values());
    this.reader.paint(sorted, this.selected);
    this.bar.show();
    this.inspector.update(this.spans.get(this.selected) ?? null);
    this.table.update(sorted, this.selected);
    this.quoter.update();
    this.#parts.undo.disabled = !this.#history.done.length;
    this.#parts.redo.disabled = !this.#history.undone.length;
    this.showChip();
  }

  showChip() {
    const { failure, late, log, savedAt, revision } = this.#outbox;
    const pending = log.pending.length > 0 || this.inspector.dirty;
    const { kind, text } = chipState({ failure, late, savedAt, revision, pending });
    const { chip, rescue } = this.#parts;
    if (chip.dataset.state !== kind && kind === "waiting") this.say(TEXT.waitingSay);
    if (chip.dataset.state !== kind && kind === "failed") this.speak(text); // beside what is said about the edit itself
    chip.dataset.state = kind;
    if (chip.textContent !== text) chip.textContent = text;
    rescue.hidden = kind !== "failed" && kind !== "waiting";
  }

  /** What had to be repaired; shown once, and again only when there is something new. */
  #showNotice(text = "") {
    if (text === this.#noticed) return;
    this.#noticed = text;
    this.#parts.notice.hidden = !text;
    this.#parts.notice.firstChild.textContent = text;
    if (text) this.say(text);
  }

  showReadonly() {
    const { readonly } = this.#parts;
    readonly.hidden = !this.readonly;
    if (this.readonly) {
      readonly.replaceChildren(h("span", {}, this.readonly.message), button(TEXT.download, () => this.#download()));
      this.say(this.readonly.message);
    }
    this.bar.update();
    this.quoter.update();
  }

  #showOffer() {
    const { offer } = this.#parts;
    const { keys, changes } = this.#left;
    offer.hidden = !changes.length;
    if (!changes.length) return;
    const done = (run) => () => { run(); offer.hidden = true; this.reader.takeFocus(); };
    offer.replaceChildren(h("span", {}, TEXT.restoreOffer(changes.length)),
      button(TEXT.restore, done(() => this.#restore()), { class: "ss-button ss-button-main" }),
      button(TEXT.discard, done(() => this.#outbox.discard(keys))));
  }

  say(text) {
    const { status } = this.#parts;
    // The same sentence twice is only read aloud twice when it differs by something.
    status.textContent = status.textContent === text ? `${text}\u00a0` : text;
  }

  speak(text) { this.#parts.spoken.textContent = text; }

  selectionChanged() { this.bar.show(); }

  showLayer(layer) {
    this.layer = layer;
    this.lastLabel = layer.labels[0];
    this.bar.update();
    this.definition.show(null);
    this.quoter.update();
  }

  switchSingleKeys(on) {
    this.singleKeys = on;
    if (on) memory.remove(SWITCH); else memory.set(SWITCH, "off");
    this.bar.update();
  }

  // ---- looking things up

  label({ layer, label }) {
    const known = this.view.layers.find((each) => each.id === layer)?.labels.find((each) => each.id === label);
    return known ?? { id: label, name: label, unit: "span", pattern: "dotted", attributes: [] };
  }

  /** @param {string} key "layer/label" */
  findLabel(key) {
    const [layer, label] = key.split("/");
    return this.label({ layer, label });
  }

  layerOf(label) { return this.view.layers.find((layer) => layer.labels.includes(label)) ?? this.layer; }

  sentenceName({ start, end }) {
    return overlapping(this.reader.sentences, start, end).map((sentence) => sentence.id).join(", ");
  }

  #outside(span) { return isOutside(this.reader.sentences.filter((s) => s.asked), span); }

  whereabouts(span) {
    const name = this.sentenceName(span);
    return [name && TEXT.where(name), this.#outside(span) && TEXT.outside].filter(Boolean).join(". ");
  }

  // ---- edits: each one is a change with its opposite

  /** @returns {boolean} whether the change was made */
  #commit(redo, undo, key = null) {
    if (this.readonly) { this.say(this.readonly.message); return false; }
    const seq = this.#outbox.push(redo);
    this.#history = record(this.#history, { redo, undo, key, seq });
    this.refresh();
    return true;
  }

  #update(span, change, said, key = null) {
    const before = this.spans.get(span.id);
    if (!before) return;
    const after = { ...before, ...change };
    if (this.#commit({ op: "update", span: after }, { op: "update", span: before }, key)) this.say(said);
  }

  /** A label button or key: a new span from the selection, or a new label for the selected span under the caret. */
  applyLabel(label) {
    this.lastLabel = label;
    this.definition.show(label);
    this.quoter.update();
    if (this.readonly) { this.say(this.readonly.message); return; }
    const range = label.unit === "sentence" ? this.#sentenceRange() : this.reader.range();
    const span = this.spans.get(this.selected);
    if (range && !this.reader.intact(range.start, range.end)) this.say(TEXT.changedText);
    else if (range) this.create(range, label);
    else if (span && label.unit === "span" && this.#caretIn(span)) this.relabel(span, keyOf(this.layerOf(label), label));
    else this.say(label.unit === "sentence" ? TEXT.noSentence : TEXT.selectFirst);
  }

  #caretIn(span) { return this.reader.focus !== null && span.start <= this.reader.focus && this.reader.focus <= span.end; }

  #sentenceRange() {
    const { anchor, focus, sentences } = this.reader;
    return focus === null ? null : sentenceAt(sentences, Math.min(anchor, focus));
  }

  /** @returns {boolean} whether there is a new span */
  create(range, label, confidence = null) {
    const layer = this.layerOf(label);
    const { start, end } = label.unit === "sentence" ? sentenceAt(this.reader.sentences, range.start) : range;
    const same = [...this.spans.values()].find((span) =>
      span.layer === layer.id && span.start === start && span.end === end && (layer.unit === "sentence" || span.label === label.id));
    if (same) { this.#again(same, layer, label); return false; }
    if (this.spans.size >= this.view.max_spans) { this.say(TEXT.tooMany(this.view.max_spans)); return false; }
    const quote = this.reader.slice(start, end);
    const span = { id: `s${randomId()}`, layer: layer.id, label: label.id, start, end, quote, confidence, note: "", attributes: {} };
    const others = overlapping([...this.spans.values()], start, end);
    this.lastLabel = label;
    this.inspector.flush();
    this.selected = span.id;
    if (!this.#commit({ op: "add", span }, { op: "remove", span })) return false;
    this.reader.collapse();
    this.say([
      TEXT.added(label.name, countWords(this.reader.article, start, end), this.sentenceName(span)),
      others.length && TEXT.overlaps([...new Set(others.map((other) => this.label(other).name))].join(", ")),
      this.#outside(span) && TEXT.outsideNote, confidence === null && TEXT.askSure(this.singleKeys),
    ].filter(Boolean).join(" "));
    return true;
  }

  /** The words are labelled already: where each sentence has one label, change it; else show the label that is there. */
  #again(span, layer, label) {
    this.select(span.id);
    if (span.label === label.id) this.say(TEXT.already(label.name));
    else this.relabel(span, keyOf(layer, label));
  }

  relabel(span, key) {
    const label = this.findLabel(key);
    const kept = Object.entries(span.attributes).filter(([id]) => label.attributes?.some((attribute) => attribute.id === id));
    const sentence = label.unit === "sentence" ? sentenceAt(this.reader.sentences, span.start) : null;
    const { start, end } = sentence ?? span;
    const said = TEXT.relabelled(this.label(span).name, label.name);
    this.lastLabel = label;
    const changes = { layer: this.layerOf(label).id, label: label.id, attributes: Object.fromEntries(kept) };
    this.#update(span, { ...changes, start, end, quote: this.reader.slice(start, end) }, said);
  }

  setConfidence(span, confidence) {
    const name = this.view.confidence.find((option) => option.value === confidence)?.name ?? TEXT.noConfidence;
    this.#update(span, { confidence }, TEXT.sureSet(name));
  }

  setNote(span, note, key) {
    if (this.spans.get(span.id)?.note !== note) this.#update(span, { note }, TEXT.noteSet, key);
    this.showChip();
  }

  setAttribute(span, id, value) {
    const { [id]: _, ...others } = span.attributes;
    this.#update(span, { attributes: value ? { ...others, [id]: value } : others }, TEXT.attributeSet);
  }

  resizeToSelection() {
    const range = this.reader.range();
    if (!range) this.say(TEXT.selectFirst);
    else if (!this.reader.intact(range.start, range.end)) this.say(TEXT.changedText);
    else this.#resize(range);
  }

  #resize(range) {
    const span = this.spans.get(this.selected);
    if (!span || !range) return;
    const { start, end } = this.label(span).unit === "sentence" ? sentenceAt(this.reader.sentences, range.start) : range;
    const quote = this.reader.slice(start, end);
    if (start !== span.start || end !== span.end) this.#update(span, { start, end, quote }, TEXT.resized(shorten(quote)));
  }

  removeSpan(span) {
    this.inspector.flush();
    const current = this.spans.get(span.id);
    if (current && this.#commit({ op: "remove", span: current }, { op: "add", span: current })) this.say(TEXT.removed(this.label(current).name));
  }

  undo() { this.#travel("done", "undo", stepBack, TEXT.nothingUndo, TEXT.undone); }

  redo() { this.#travel("undone", "redo", stepForth, TEXT.nothingRedo, TEXT.redone); }

  /** Undo and redo are ordinary changes: they are sent, saved and acknowledged like any other. */
  #travel(stack, side, move, nothing, said) {
    this.inspector.flush();
    const step = this.#history[stack].at(-1);
    if (this.readonly || !step) { this.say(this.readonly ? this.readonly.message : nothing); return; }
    this.#history = move(this.#history);
    if (!possible(this.spans, step[side])) { this.refresh(); this.say(TEXT.cannotUndo); return; }
    step.seq = this.#outbox.push(step[side]);
    this.selected = step[side].op === "remove" ? null : step[side].span.id;
    this.refresh();
    this.say(said);
  }

  // ---- saving by hand

  #saveAgain() {
    const refused = this.#outbox.again();
    const spans = this.#outbox.spans;
    for (const { op, span } of refused) {
      const before = spans.get(span.id);
      if (!possible(spans, { op, span })) continue;
      apply(spans, { op, span });
      this.#commit({ op, span }, opposite({ op, span }, before));
    }
    this.refresh();
  }

  #restore() {
    const { keys, changes } = this.#left;
    let lost = 0;
    for (const change of changes) {
      const { span } = change;
      const fits = change.op === "remove" || (span.start < span.end && this.reader.slice(span.start, span.end) === span.quote);
      const adapted = fits ? adapt(this.spans, change) : null;
      if (!fits) lost += 1;
      if (!adapted) continue;
      const before = this.spans.get(span.id);
      this.#commit(adapted, opposite(adapted, before));
    }
    this.#outbox.discard(keys);
    this.say([TEXT.restored(changes.length - lost), lost && TEXT.lost(lost)].filter(Boolean).join(" "));
  }

  /** From browser memory alone, so that it works when no kernel is there. */
  #download() {
    this.inspector.flush();
    const { exercise, article } = this.view;
    const { log, refused, revision, savedAt } = this.#outbox;
    const content = {
      exercise, article: article.sha256, offsets: "half-open Unicode code points", revision, saved_at: savedAt,
      spans: sortSpans(this.spans.values()), not_acknowledged: log.pending, refused,
    };
    const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
    h("a", { href: url, download: `${exercise.replace(/[^\w-]/g, "_")}.from-browser.json` }).click();
    setTimeout(() => URL.revokeObjectURL(url), 1000);
  }

  // ---- selecting spans

  select(id) {
    this.inspector.flush();
    this.selected = id;
    this.refresh();
    this.definition.show(null);
  }

  close() {
    this.select(null);
    this.reader.takeFocus();
  }

  /** One label here: select it. Several: ask. None: let go. */
  chooseAmong(ids) {
    const spans = ids.map((id) => this.spans.get(id)).filter(Boolean);
    const choose = (span) => {
      this.select(span.id);
      this.say(TEXT.chosen(this.label(span).name, shorten(span.quote)));
    };
    if (spans.length === 1) choose(spans[0]);
    else if (spans.length > 1) {
      this.menu.open(TEXT.pickSpan, spans.map((span) => {
        const label = { ...this.label(span), shortcut: null };
        return { label, text: label.name, detail: shorten(span.quote, 60), run: () => choose(span) };
      }));
    } else this.select(null);
  }

  goTo(span) {
    this.select(span.id);
    this.reader.takeFocus();
    this.reader.place(span.start, span.start);
    this.say(TEXT.chosen(this.label(span).name, shorten(span.quote)));
  }

  edit(span) {
    this.select(span.id);
    this.inspector.focusPicker();
  }

  // ---- keys

  #key(event) {
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const typing = event.target.matches("textarea, select, input:not([type=radio]):not([type=checkbox])");
    const handled = !event.defaultPrevented && !event.isComposing && !event.target.closest("dialog")
      && ((!typing && this.#historyKey(event)) || this.#escape(event) || (event.target === this.reader.el && this.#textKey(event)));
    if (handled) event.preventDefault();
    // Keys without Ctrl, Alt or Cmd belong to the widget: a host must not run its commands on them.
    if (handled || !modified) event.stopPropagation();
  }

  #historyKey({ key, ctrlKey, metaKey, shiftKey, altKey }) {
    if (!(ctrlKey || metaKey) || altKey) return false;
    const letter = key.toLowerCase();
    if (letter === "z" && !shiftKey) this.undo();
    else if (letter === "y" || letter === "z") this.redo();
    else return false;
    return true;
  }

  #escape({ key, target }) {
    if (key !== "Escape") return false;
    if (target !== this.reader.el) this.reader.takeFocus();
    else if (this.reader.empty && this.selected === null) this.#root.parentElement.closest("[tabindex]")?.focus();
    else {
      this.reader.collapse();
      this.select(null);
    }
    return true;
  }

  #textKey(event) {
    const graphic = event.getModifierState("AltGraph");
    const modified = !graphic && (event.ctrlKey || event.metaKey || event.altKey);
    if (MOVES[event.key]) return this.#moveKey(event);
    if (modified) return this.#selectAll(event);
    if (event.key === "Enter") this.#labelMenu();
    else if (event.key === " ") this.#spanAtCaret();
    else if (event.key === "Delete" || event.key === "Backspace") this.#deleteKey();
    else return this.singleKeys && event.key.length === 1 && this.#singleKey(event.key);
    return true;
  }

  #moveKey({ key, shiftKey, ctrlKey, altKey, metaKey }) {
    let [kind, direction] = MOVES[key];
    const far = ctrlKey || altKey;
    if (kind === "character") {
      if (this.reader.rtl) direction = -direction;
      kind = metaKey ? "lineboundary" : far ? "word" : kind;
    } else if (kind === "line") kind = metaKey ? "article" : far ? "sentence" : kind;
    else if (far || metaKey) kind = "article";
    this.reader.move(kind, direction, shiftKey);
    return true;
  }

  #selectAll({ key, ctrlKey, metaKey, altKey }) {
    if (key.toLowerCase() !== "a" || altKey || !(ctrlKey || metaKey)) return false;
    this.reader.place(this.reader.article.blocks[0].start, this.reader.article.end, { scroll: false });
    return true;
  }

  #singleKey(key) {
    const label = this.layer.labels.find((each) => each.shortcut?.toLowerCase() === key.toLowerCase());
    const span = this.spans.get(this.selected);
    if (label) this.applyLabel(label);
    else if (key === "?") this.help.open();
    else if (key === "/") this.quoter.open();
    else if (SENTENCE_KEYS[key]) this.reader.move("sentence", ...SENTENCE_KEYS[key]);
    else if (!span) return false;
    else if (SURE_KEYS[key]) this.setConfidence(span, stepConfidence(this.view.confidence, span.confidence, SURE_KEYS[key]));
    else if (STRETCH_KEYS[key]) this.#resize(this.reader.stretched(span, ...STRETCH_KEYS[key]));
    else return false;
    return true;
  }

  #labelMenu() {
    if (this.readonly) { this.say(this.readonly.message); return; }
    const several = this.view.layers.length > 1;
    this.menu.open(TEXT.pickLabel, this.view.layers.flatMap((layer) => layer.labels.map((label) =>
      ({ label, text: label.name, detail: several ? layer.name : label.shortcut, run: () => this.applyLabel(label) }))));
  }

  #spanAtCaret() {
    const caret = this.reader.focus;
    const here = [...this.spans.values()].filter((span) => span.start <= caret && caret < span.end);
    const before = [...this.spans.values()].filter((span) => span.end === caret);
    const found = here.length ? here : before;
    if (found.length) this.chooseAmong(sortSpans(found).map((span) => span.id)); else this.say(TEXT.noneHere);
  }

  #deleteKey() {
    const span = this.spans.get(this.selected);
    if (span) this.removeSpan(span); else this.say(TEXT.noneHere);
  }
}

export default {
  /** anywidget calls this once per view and calls the returned function when the view goes away. */
  render({ model, el }) {
    const labeller = new Labeller(model, el);
    return () => labeller.dispose();
  },
};
