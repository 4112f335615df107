// The text with its lanes. A paragraph is plain words until it comes near: then it is cut into runs and drawn. The
// words are always in the page, so that search, selection and screen readers find all of them. A long text stands in
// parts: the browser skips those that are out of sight until their turn comes; not longer, because what is skipped is
// missing in the accessibility tree.

import { h, literal } from "../shared/dom.js";
import { bandsOf, blockText, extents, laneCounts, laneHeight, layersOf, moreText, pairAtRun, paintLayers, sentenceOfRuns } from "./lanes.js";
import { inFrames, nearby } from "./nearby.js";

/** Characters of a text that is worth skipping in parts. */
const LONG = 12000;
/** Characters in a part, which is laid out and drawn at once: the browser watches a few parts, not all paragraphs. */
const PART = 2000;
/** Characters that are drawn before the first paint, and to both sides of words that are jumped to: about a screen. */
const SCREEN = 2000;
/** For the height of a part that was never laid out: characters in a line, px of a line without lanes and below a paragraph. */
const LINE = Object.freeze({ characters: 60, height: 27, below: 13 });

/**
 * @typedef {{node: HTMLElement, block: Block, text: string, named: boolean, runs: HTMLElement[]|null, stale: boolean}} Paragraph
 *   named: it has the names of its sentences; runs: null until it is drawn
 * @typedef {{el: HTMLElement, from: number, to: number}} Part  paragraphs `from` up to, not including, `to`
 */

export class MarkedText {
  #app;
  /** @type {Paragraph[]} */ #paragraphs;
  /** @type {Part[]} */ #parts = [];
  /** @type {Map<string, Extent>} */ #places;
  /** @type {[(string|null)[][], Map<string|null, [number, number]>]|undefined} */ #sentences;
  /** @type {WeakMap<Element, Run>} */ #runs = new WeakMap();
  /** @type {Set<number>} paragraphs within a screen of what is shown */ #near = new Set();
  /** @type {HTMLElement[]} words of the chosen row */ #lit = [];
  #laying = new AbortController();

  /** @param {any} app @param {string} labelledBy id of the heading */
  constructor(app, labelledBy) {
    this.#app = app;
    const blocks = app.view.blocks ?? [];
    this.#places = app.hasMarks ? extents(blocks) : new Map();
    this.#paragraphs = blocks.map((/** @type {any} */ block) => this.#plain(block));
    this.long = this.#paragraphs.reduce((sum, { text }) => sum + text.length, 0) > LONG;
    this.#divide();
    this.el = h("div", {
      class: "ss-c-article", role: "region", "aria-labelledby": labelledBy, tabindex: "0", "data-focus": "text", translate: "no",
      onclick: (/** @type {MouseEvent} */ event) => this.#click(event),
    }, ...this.#parts.map(({ el }) => el));
    app.speak(this.el);
    this.el.classList.toggle("ss-c-long", this.long);
    if (this.long) this.#around(0); else this.drawAll();
  }

  /** Start to follow what is shown, once the text stands in the page. @param {AbortSignal} signal */
  watch(signal) {
    const parts = new Map(this.#parts.map((part) => [part.el, part]));
    nearby(this.#app.hasList ? this.el : null, (el, near) => {
      const { from, to } = /** @type {Part} */ (parts.get(/** @type {HTMLElement} */ (el)));
      for (let b = from; b < to; b += 1) {
        if (near) this.#near.add(b); else this.#near.delete(b);
        if (near) this.#draw(b);
      }
    }, signal).observe(parts.keys());
    signal.addEventListener("abort", () => this.#laying.abort());
    this.layOut();
  }

  /** Lay out all parts, in turn, without letting anybody wait. */
  layOut() {
    this.#laying.abort();
    this.#laying = new AbortController();
    const waiting = this.#parts.values();
    inFrames(() => {
      const { value: part } = waiting.next();
      if (part) this.#layOut(part);
      return part !== undefined;
    }, this.#laying.signal);
  }

  /** Leave the layout of what is out of sight for later: while the width changes, only what is seen follows. */
  skip() {
    this.#laying.abort();
    for (const { el } of this.#parts) el.classList.remove("ss-c-laid");
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
      if (paragraph.runs && (extent || !this.long || this.#near.has(b))) this.#draw(b); // the others when they come near
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

  /** @param {Block} block @returns {Paragraph} */
  #plain(block) {
    const text = blockText(block);
    const node = document.createElement(block.kind === "headline" ? "h5" : "p");
    node.className = "ss-c-block";
    node.append(...literal(text));
    return { node, block, text, named: false, runs: null, stale: false };
  }

  /** Room for the lanes under each line, drawn or not. @param {Paragraph} paragraph */
  #makeRoom({ node, block }) {
    const lanes = this.#app.hasMarks ? laneHeight(laneCounts(block)) : 0;
    if (lanes) node.style.setProperty("--ss-lanes", `${lanes}px`);
  }

  /** Put the paragraphs into parts. */
  #divide() {
    for (let from = 0, to; from < this.#paragraphs.length; from = to) {
      let [characters, room] = [0, 0];
      for (to = from; to < this.#paragraphs.length && (to === from || characters < PART); to += 1) {
        const { text: { length } } = this.#paragraphs[to];
        characters += length;
        room += Math.ceil(length / LINE.characters) * LINE.height + LINE.below;
      }
      const el = h("div", { class: "ss-c-part", style: `--ss-room:${room}` }, ...this.#paragraphs.slice(from, to).map(({ node }) => node));
      this.#parts.push({ el, from, to });
    }
  }

  /** Let a part take its own height, and name its sentences, so that nothing moves when it is drawn. @param {Part} part */
  #layOut({ el, from, to }) {
    for (const paragraph of this.#paragraphs.slice(from, to)) if (!paragraph.named) this.#name(paragraph);
    el.classList.add("ss-c-laid");
  }

  /** @param {Paragraph} paragraph */
  #name(paragraph) {
    /** @type {(Node|string)[]} */
    const parts = [];
    for (const run of paragraph.block.runs) {
      if (run.sid && run.asked) parts.push(this.#sign(run.sid));
      if (typeof parts.at(-1) === "string") parts.push(parts.pop() + run.text); else parts.push(run.text);
    }
    this.#makeRoom(paragraph);
    paragraph.named = true;
    paragraph.node.replaceChildren(...parts.flatMap((part) => (typeof part === "string" ? literal(part) : [part])));
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
    this.#makeRoom(paragraph);
    paragraph.named = true;
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
        room -= this.#paragraphs[b].text.length;
      }
    }
    for (const { el, from, to } of this.#parts) {
      if (this.#paragraphs.slice(from, to).every(({ runs }) => runs)) el.classList.add("ss-c-laid");
    }
  }

  // -- rows and words --

  /** @param {any} pair @returns {HTMLElement[]} */
  #wordsOf({ i, sid }) {
    const told = this.#app.told(i);
    const places = [this.#places.get(`s${i}`), told ? this.#places.get(`k${i}`) : undefined].filter((place) => place !== undefined);
    if (!places.length) {
      const [sentences, blocksOf] = this.#sentencesHere();
      return this.#runsWhere(blocksOf.get(sid), (_, b, r) => sid !== null && sentences[b][r] === sid);
    }
    const blocks = /** @type {[number, number]} */ ([Math.min(...places.map(({ first }) => first[0])), Math.max(...places.map(({ last }) => last[0]))]);
    return this.#runsWhere(blocks, (run) => run.s.includes(i) || (told && run.k.includes(i)));
  }

  /** Sentences by paragraph and run, and the first and last paragraph of each: made when they are asked for. */
  #sentencesHere() {
    if (!this.#sentences) {
      const sentences = sentenceOfRuns(this.#paragraphs.map(({ block }) => block));
      const blocksOf = new Map();
      sentences.forEach((sids, b) => {
        for (const sid of sids) blocksOf.set(sid, [blocksOf.get(sid)?.[0] ?? b, b]);
      });
      this.#sentences = [sentences, blocksOf];
    }
    return this.#sentences;
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
