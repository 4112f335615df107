// The text with its lanes. A paragraph is plain words until it comes near: then it is cut into runs and drawn. The
// words and the names of the sentences are always in the page, so that search, selection and screen readers find all of
// them. Of a long text, the browser skips what is out of sight until its turn comes; not longer, because what is skipped
// is missing in the accessibility tree.

import { h, literal } from "../shared/dom.js";
import { bandsOf, blockText, extents, laneCounts, laneHeight, layersOf, moreText, pairAtRun, paintLayers, sentenceOfRuns } from "./lanes.js";
import { inFrames, nearby } from "./nearby.js";

/** Characters that are drawn before the first paint, and to both sides of words that are jumped to: about a screen. */
const SCREEN = 3000;
/** Characters of a text that is worth skipping in parts. */
const LONG = 12000;
/** Paragraphs that are laid out in one frame. */
const AT_ONCE = 8;
/** For the height of a paragraph that was never laid out: characters in a line and px of a line without lanes. */
const LINE = Object.freeze({ characters: 72, height: 27 });

/** @typedef {{node: HTMLElement, block: Block, runs: HTMLElement[]|null, stale: boolean}} Paragraph  runs: null while it is plain */

export class MarkedText {
  #app; #long;
  /** @type {Paragraph[]} */ #paragraphs;
  /** @type {Map<string, Extent>} */ #places;
  /** @type {(string|null)[][]} */ #sentences;
  /** @type {Map<string|null, [number, number]>} first and last paragraph of a sentence */ #blocksOf = new Map();
  /** @type {WeakMap<Element, Run>} */ #runs = new WeakMap();
  /** @type {Set<number>} paragraphs within a screen of what is shown */ #near = new Set();
  /** @type {HTMLElement[]} words of the chosen row */ #lit = [];

  /** @param {any} app @param {string} labelledBy id of the heading */
  constructor(app, labelledBy) {
    this.#app = app;
    const blocks = app.view.blocks ?? [];
    this.#places = app.hasMarks ? extents(blocks) : new Map();
    this.#sentences = sentenceOfRuns(blocks);
    this.#sentences.forEach((sids, b) => {
      for (const sid of sids) this.#blocksOf.set(sid, [this.#blocksOf.get(sid)?.[0] ?? b, b]);
    });
    this.#paragraphs = blocks.map((/** @type {any} */ block) => ({ node: this.#plain(block), block, runs: null, stale: false }));
    this.el = h("div", {
      class: "ss-c-article", role: "region", "aria-labelledby": labelledBy, tabindex: "0", "data-focus": "text", translate: "no",
      onclick: (/** @type {MouseEvent} */ event) => this.#click(event),
    }, ...this.#paragraphs.map(({ node }) => node));
    app.speak(this.el);
    this.#long = /** @type {string} */ (this.el.textContent).length > LONG;
    this.el.classList.toggle("ss-c-long", this.#long);
    if (this.#long) this.#around(0); else this.drawAll();
  }

  /** Start to follow what is shown, once the text stands in the page. @param {AbortSignal} signal */
  watch(signal) {
    const number = new Map(this.#paragraphs.map(({ node }, b) => [node, b]));
    nearby(this.#app.hasList ? this.el : null, (node, near) => {
      const b = /** @type {number} */ (number.get(/** @type {HTMLElement} */ (node)));
      if (near) this.#near.add(b); else this.#near.delete(b);
      if (near) this.#draw(b);
    }, signal).observe(number.keys());
    let laid = 0;
    inFrames(() => {
      for (const paragraph of this.#paragraphs.slice(laid, laid + AT_ONCE)) this.#layOut(paragraph);
      return (laid += AT_ONCE) < this.#paragraphs.length;
    }, signal);
  }

  /** Nothing is left plain: for paper. */
  drawAll() {
    this.#paragraphs.forEach((_, b) => this.#draw(b));
  }

  /** Draw again what shows the key's words of one row, or of any. @param {number} [index] */
  redraw(index) {
    const extent = index === undefined ? null : this.#places.get(`k${index}`);
    if (index !== undefined && !extent) return;
    this.#paragraphs.forEach((paragraph, b) => {
      if (extent && (b < extent.first[0] || b > extent.last[0])) return;
      paragraph.stale = true;
      if (paragraph.runs && (extent || !this.#long || this.#near.has(b))) this.#draw(b); // the others when they come near
    });
  }

  /** Light up the words of a row, or its whole sentence while their place is not given away. @param {any} pair */
  choose(pair) {
    for (const node of this.#lit) node.classList.remove("ss-c-on");
    this.#lit = pair ? this.#wordsOf(pair) : [];
    for (const node of this.#lit) node.classList.add("ss-c-on");
  }

  /** First of the chosen words. */
  get lit() { return this.#lit[0] ?? null; }

  // -- drawing --

  /** @param {Block} block */
  #plain(block) {
    const text = blockText(block);
    const lanes = this.#app.hasMarks ? laneHeight(laneCounts(block)) : 0;
    const room = Math.ceil(text.length / LINE.characters) * (LINE.height + lanes);
    const node = h(block.kind === "headline" ? "h5" : "p", { class: "ss-c-block", "data-block": block.id }, ...literal(text));
    node.style.cssText = `--ss-lanes:${lanes}px;--ss-room:${room}px`;
    return node;
  }

  /** Let a paragraph take its own height, and name its sentences, so that nothing moves when it is drawn. @param {Paragraph} paragraph */
  #layOut({ node, block, runs }) {
    node.classList.add("ss-c-laid");
    if (runs) return;
    /** @type {(Node|string)[]} */
    const parts = [];
    for (const run of block.runs) {
      if (run.sid && run.asked) parts.push(this.#sign(run.sid));
      if (typeof parts.at(-1) === "string") parts.push(parts.pop() + run.text); else parts.push(run.text);
    }
    node.replaceChildren(...parts.flatMap((part) => (typeof part === "string" ? literal(part) : [part])));
  }

  /** A sentence's name, which is no part of the text. @param {string} sid */
  #sign(sid) { return h("span", { class: "ss-c-sign", "data-sid": sid }); }

  /** @param {number} b */
  #draw(b) {
    const paragraph = this.#paragraphs[b];
    if (paragraph.runs && !paragraph.stale) return;
    if (!paragraph.runs) this.#cut(paragraph);
    this.#paint(paragraph, b);
    paragraph.stale = false;
  }

  /** @param {Paragraph} paragraph */
  #cut(paragraph) {
    const greyed = this.#app.level !== "none";
    const parts = [];
    paragraph.runs = paragraph.block.runs.map((run) => {
      const marked = this.#app.hasMarks && run.s.length + run.k.length > 0;
      const node = h("span", { class: `ss-seg${run.asked || !greyed ? "" : " ss-c-quiet"}${marked ? " ss-c-marked" : ""}` }, ...literal(run.text));
      this.#runs.set(node, run);
      if (run.sid && run.asked) parts.push(this.#sign(run.sid));
      parts.push(node);
      return node;
    });
    paragraph.node.replaceChildren(...parts);
  }

  /** @param {Paragraph} paragraph @param {number} b */
  #paint({ block, runs }, b) {
    if (!this.#app.hasMarks || !runs) return;
    const [counts, rtl] = [laneCounts(block), this.#app.rtl];
    let before = "";
    block.runs.forEach((run, r) => {
      const { bands, more } = bandsOf(block, run, [b, r], this.#places, this.#app.told);
      paintLayers(runs[r], bands.flatMap((band) => layersOf(band, this.#app.lookOfRow(band), counts, rtl)));
      const text = moreText(more, this.#app.t);
      if (text && text !== before) runs[r].dataset.over = text; else delete runs[r].dataset.over;
      before = text;
    });
  }

  /** Draw a paragraph and about a screen to both sides of it. @param {number} at */
  #around(at) {
    for (const direction of [1, -1]) {
      let room = SCREEN;
      for (let b = direction > 0 ? at : at - 1; this.#paragraphs[b] && room > 0; b += direction) {
        this.#draw(b);
        this.#near.add(b);
        room -= /** @type {string} */ (this.#paragraphs[b].node.textContent).length;
      }
    }
  }

  // -- rows and words --

  /** @param {any} pair @returns {HTMLElement[]} */
  #wordsOf({ i, sid }) {
    const told = this.#app.told(i);
    const places = [this.#places.get(`s${i}`), told ? this.#places.get(`k${i}`) : undefined].filter((place) => place !== undefined);
    if (!places.length) return this.#runsWhere(this.#blocksOf.get(sid), (_, b, r) => sid !== null && this.#sentences[b][r] === sid);
    const blocks = /** @type {[number, number]} */ ([Math.min(...places.map(({ first }) => first[0])), Math.max(...places.map(({ last }) => last[0]))]);
    return this.#runsWhere(blocks, (run) => run.s.includes(i) || (told && run.k.includes(i)));
  }

  /** @param {[number, number]|undefined} blocks first and last @param {(run: Run, b: number, r: number) => boolean} test */
  #runsWhere(blocks, test) {
    const found = [];
    if (!blocks) return [];
    this.#around(blocks[0]);
    for (let b = blocks[0]; b <= blocks[1]; b += 1) {
      this.#draw(b);
      const { block, runs } = this.#paragraphs[b];
      found.push(.../** @type {HTMLElement[]} */ (runs).filter((_, r) => test(block.runs[r], b, r)));
    }
    return found;
  }

  /** @param {MouseEvent} event */
  #click({ target }) {
    if (!this.#app.hasList || !getSelection()?.isCollapsed) return; // selecting words to copy them is not a choice
    const run = this.#runs.get(/** @type {Element} */ (target));
    const index = run ? pairAtRun({ ...run, k: run.k.filter(this.#app.told) }, this.#app.selected) : -1;
    if (index >= 0) this.#app.chooseFromText(index);
  }
}
