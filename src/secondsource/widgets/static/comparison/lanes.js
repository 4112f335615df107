// Lanes under the words: bars for the student, below them brackets for the key. Offsets never appear here; Python has
// cut every paragraph into runs, each covered by one fixed set of rows.

/** How many lanes of each group are drawn before "+n". */
const LANES = 3;
/** Lane measures in px: bars for the student, brackets (a thin line with end ticks) for the key, a gap between. */
const BAR = Object.freeze({ height: 5, pitch: 7 });
const BRACKET = Object.freeze({ height: 7, line: 2, tick: 2, pitch: 9 });
const GAP = 3;

/**
 * @typedef {{text: string, s: number[], k: number[], asked: boolean, sid: string|null}} Run
 * @typedef {{id: string, kind: string, start: number, runs: Run[], lanes: {s: Record<string, number>, k: Record<string, number>}}} Block
 * @typedef {{who: "s"|"k", index: number, lane: number, starts: boolean, ends: boolean}} Band
 * @typedef {{first: [number, number], last: [number, number]}} Extent  `[block, run]` each
 */

/** Clicking the same words again goes on to the next pair that covers them. @param {Run} run @param {number} current */
export function pairAtRun(run, current) {
  const here = [...new Set([...run.s, ...run.k])].sort((a, b) => a - b);
  return here.length ? here[(here.indexOf(current) + 1) % here.length] : -1;
}

/** The stored text of a block. @param {Block} block */
export function blockText(block) {
  let text = "";
  for (const run of block.runs) text += run.text;
  return text;
}

/** How many lanes of each group a block has room for, drawn or not: opening an answer must not move the text. @param {Block} block */
export function laneCounts(block) {
  const count = (/** @type {Record<string, number>} */ lanes) => Math.min(LANES, Math.max(-1, ...Object.values(lanes ?? {})) + 1);
  return { s: count(block.lanes?.s), k: count(block.lanes?.k) };
}

/** Height in px that a block's lanes need under each line. @param {{s: number, k: number}} counts */
export function laneHeight({ s, k }) {
  return s * BAR.pitch + (k ? GAP + k * BRACKET.pitch : 0);
}

/**
 * Per group and row ("s12", "k12"), the first and the last run it covers, so that brackets get their ends and a row
 * finds its words without a look at the whole text.
 * @param {Block[]} blocks @returns {Map<string, Extent>}
 */
export function extents(blocks) {
  /** @type {Map<string, Extent>} */
  const found = new Map();
  const cover = (/** @type {string} */ name, /** @type {[number, number]} */ place) => {
    const known = found.get(name);
    if (known) known.last = place; else found.set(name, { first: place, last: place });
  };
  blocks.forEach(({ runs }, b) => {
    for (let r = 0; r < runs.length; r += 1) {
      const { s, k } = runs[r];
      if (s.length) for (const index of s) cover(`s${index}`, [b, r]);
      if (k.length) for (const index of k) cover(`k${index}`, [b, r]);
    }
  });
  return found;
}

/** The asked sentence each run belongs to; `sid` stands only on a sentence's first run. @param {Block[]} blocks @returns {(string|null)[][]} */
export function sentenceOfRuns(blocks) {
  /** @type {string|null} */
  let sid = null;
  return blocks.map((block) => block.runs.map((run) => (sid = run.sid ?? (run.asked ? sid : null))));
}

/**
 * What is drawn under one run, and how many bands did not fit.
 * @param {Block} block @param {Run} run @param {[number, number]} place block and run @param {Map<string, Extent>} ends
 * @param {(index: number) => boolean} told whether the key's words of a row may be drawn
 * @returns {{bands: Band[], more: {s: number, k: number}}}
 */
export function bandsOf(block, run, [b, r], ends, told) {
  const more = { s: 0, k: 0 };
  /** @type {Band[]} */
  const bands = [];
  const here = (/** @type {[number, number]|undefined} */ place) => place?.[0] === b && place[1] === r;
  for (const who of /** @type {const} */ (["s", "k"])) {
    for (const index of run[who]) {
      if (who === "k" && !told(index)) continue;
      const lane = block.lanes?.[who]?.[index] ?? 0;
      const extent = ends.get(who + index);
      if (lane >= LANES) more[who] += 1;
      else bands.push({ who, index, lane, starts: here(extent?.first), ends: here(extent?.last) });
    }
  }
  return { bands, more };
}

/**
 * One band as background layers: `[image, position, size, repeat]` each.
 * Positions count from the bottom because the padding that holds the lanes is there.
 * @param {Band} band @param {{colour: string, pattern: string}} look @param {{s: number, k: number}} counts @param {boolean} rtl
 */
export function layersOf(band, look, counts, rtl) {
  const student = band.who === "s";
  const top = student ? band.lane * BAR.pitch + 1 : counts.s * BAR.pitch + GAP + band.lane * BRACKET.pitch;
  const bottom = laneHeight(counts) - top - (student ? BAR.height : BRACKET.height);
  const at = (/** @type {string} */ x) => `${x} calc(100% - ${bottom}px)`;
  const [image, size] = lineOf(look, student);
  const layers = [[image, at("0"), size, "repeat-x"]];
  const tick = (/** @type {string} */ side) => [`linear-gradient(${look.colour} 0 0)`, at(side), `${BRACKET.tick}px ${BRACKET.height}px`, "no-repeat"];
  if (!student && band.starts) layers.unshift(tick(rtl ? "right" : "left"));
  if (!student && band.ends) layers.unshift(tick(rtl ? "left" : "right"));
  return layers;
}

/** A label's line pattern as `[image, size]`. @param {{colour: string, pattern: string}} look @param {boolean} student */
function lineOf({ colour, pattern }, student) {
  const height = student ? BAR.height : BRACKET.line;
  const dash = (/** @type {number} */ on, /** @type {number} */ off) =>
    [`linear-gradient(90deg, ${colour} 0 ${on}px, transparent ${on}px)`, `${on + off}px ${height}px`];
  const line = student ? 2 : 1;
  if (pattern === "dashed") return dash(9, 4);
  if (pattern === "dotted") return dash(3, 3);
  if (pattern === "double") {
    return [`linear-gradient(${colour} 0 ${line}px, transparent ${line}px ${line + 1}px, ${colour} ${line + 1}px)`, `100% ${2 * line + 1}px`];
  }
  return [`linear-gradient(${colour} 0 0)`, `100% ${height}px`];
}

/** "+1" for bands that did not fit, naming whose they are. @param {{s: number, k: number}} more @param {(key: string, values: object) => string} t */
export function moreText({ s: you, k: key }, t) {
  if (you && key) return t("more_both", { you, key });
  return you ? t("more_you", { you }) : key ? t("more_key", { key }) : "";
}

/** @param {HTMLElement} node @param {string[][]} layers `[image, position, size, repeat]` each; none clears what was drawn */
export function paintLayers(node, layers) {
  const { style } = node;
  if (!layers.length && !style.backgroundImage) return;
  const column = (/** @type {number} */ n) => layers.map((layer) => layer[n]).join(", ");
  style.backgroundImage = column(0);
  style.backgroundPosition = column(1);
  style.backgroundSize = column(2);
  style.backgroundRepeat = column(3);
}
