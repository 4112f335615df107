// Drawing the article: every word is in the page from the start; marks and numbers are drawn near what is in sight.

import { lanes, segments } from "./spans.js";
import { h, literal, paint } from "../shared/dom.js";
import { blockAt, toUtf16, within } from "../shared/offsets.js";

const LANES = 4;
/** Characters; of longer texts only what is near the part in sight is decorated. */
const LONG = 20_000;
/** Characters that are decorated in the first frame, before anything is known of what is in sight: more than a screen. */
const FIRST = 1800;
/** Characters in a part, which is laid out and decorated at once: the browser watches a few parts, not all paragraphs. */
const PART = 2400;
/** Characters in a line, and the space below a block in lines: so the height of a part is guessed until it is laid out. */
const LINE = 70;
const GAP = 0.6;

/** What can be seen of a span in the text. */
const look = (span) => (span ? [span.layer, span.label, span.start, span.end, span.discuss].join(" ") : "");

/** The blocks of the article: plain text far from sight, decorated near it. Never is text taken out of the page. */
export class Painter {
  #app; #article; #sentences; #rtl; #places; #asked;
  /** The parts of the text. @type {{el: HTMLElement, blocks: number[]}[]} */ #parts = [];
  /** @type {Map<string, HTMLElement>} */ #shells = new Map();
  #selected = null;
  /** Numbers of blocks: near what is in sight, holding an end of the selection, decorated now. */
  #near = new Set(); #held = []; #decorated = new Set();
  /** Blocks to look at again; those of them that show what is out of date. */ #stale = new Set(); #old = new Set();
  /** A short text, a browser that does not tell what is in sight, or printing. */ #all = false; #long;

  constructor(app, article, sentences) {
    this.#app = app;
    this.#article = article;
    this.#sentences = sentences;
    this.#asked = sentences.some((sentence) => sentence.asked);
    this.#rtl = app.view.article.dir === "rtl";
    const { dir, language } = app.view.article;
    this.#long = article.end > LONG && Boolean(window.IntersectionObserver);
    this.blocks = article.blocks.map((block) => this.#block(block));
    this.#places = new Map(this.blocks.map((element, index) => [element, index]));
    this.#cut();
    this.el = h("div", { class: "ss-text", dir, lang: language, translate: "no" }, ...this.parts);
    for (let index = 0; article.blocks[index]?.start < FIRST; index += 1) this.#near.add(index);
    this.#stale = new Set(this.#near);
  }

  /**
   * After the first frame: the rest of a short text; of a long one ask the browser what is in sight of `scroller`.
   * `changed` is called when there is something to flush.
   */
  watch(scroller, changed) {
    const { signal } = this.#app;
    const everything = (all) => () => {
      this.#all = all;
      this.#stale = new Set(this.blocks.keys());
      changed(true);
    };
    if (!this.#long) { everything(true)(); return; }
    window.addEventListener("beforeprint", everything(true), { signal });
    window.addEventListener("afterprint", everything(false), { signal });
    const observer = new IntersectionObserver((entries) => {
      const near = new Map(entries.map(({ target, isIntersecting }) => [target, isIntersecting]));
      for (const { el, blocks } of this.#parts) if (near.has(el)) for (const index of blocks) this.#sighted(index, near.get(el));
      if (this.#stale.size) changed();
    }, { root: scroller, rootMargin: "100% 0px" });
    for (const { el } of this.#parts) observer.observe(el);
    signal.addEventListener("abort", () => observer.disconnect());
  }

  /** What may be laid out later, in the order of the text. @returns {HTMLElement[]} */
  get parts() { return this.#parts.map(({ el }) => el); }

  #sighted(index, near) {
    if (near) this.#near.add(index); else this.#near.delete(index);
    this.#look(index);
  }

  #look(index) { if (this.#wanted(index) !== this.#decorated.has(index)) this.#stale.add(index); }

  /** Number of the block that holds a node of the page; -1 outside. */
  indexOf(node) { return this.#places.get((node instanceof Element ? node : node?.parentElement)?.closest(".ss-block")) ?? -1; }

  // ---- what has to be drawn

  /** Keep the blocks at these positions decorated, in sight or not: the selection starts or ends there. */
  hold(positions) {
    const released = this.#held;
    this.#held = positions.map((position) => blockAt(this.#article, position));
    for (const index of [...released, ...this.#held]) this.#look(index);
  }

  /** @param {{before: Span|undefined, after: Span|undefined}[]} changes @param {string|null} selected */
  take(changes, selected) {
    const { index } = this.#app;
    const touched = changes.filter(({ before, after }) => look(before) !== look(after)).flatMap(({ before, after }) => [before, after]);
    if (selected !== this.#selected) touched.push(index.get(this.#selected), index.get(selected));
    this.#selected = selected;
    for (const span of touched) if (span) index.blocksOf(span).forEach((place) => this.redraw(place));
  }

  /** What a block shows is out of date. */
  redraw(index) {
    this.#old.add(index);
    this.#stale.add(index);
  }

  redrawAll() {
    for (const index of this.#decorated) this.redraw(index);
    for (const index of this.blocks.keys()) this.#stale.add(index); // markers want every block decorated, or no longer
  }

  /** Whether there may be something to draw. */
  get waiting() { return this.#stale.size > 0; }

  /** Draw what is out of date. @returns {number[]} the blocks whose nodes are new */
  flush() {
    const drawn = [];
    for (const index of this.#stale) {
      const [wanted, decorated] = [this.#wanted(index), this.#decorated.has(index)];
      if (wanted === decorated && !(decorated && this.#old.has(index))) continue;
      if (wanted) this.#decorate(index); else this.#strip(index);
      drawn.push(index);
    }
    this.#stale.clear();
    this.#old.clear();
    return drawn;
  }

  #wanted(index) { return this.#all || this.#app.markers.on || this.#near.has(index) || this.#held.includes(index); }

  // ---- drawing

  #cut() {
    const { blocks } = this.#article;
    for (let first = 0, next; first < blocks.length; first = next) {
      const end = blocks[first].start + PART;
      for (next = first + 1; blocks[next]?.end <= end; next += 1);
      const here = Array.from({ length: next - first }, (_, index) => first + index);
      const lines = here.reduce((sum, index) => sum + Math.ceil(blocks[index].text.length / LINE) + GAP, 0);
      const el = h("div", { class: "ss-part", style: `--ss-lines:${lines.toFixed(1)}` }, ...here.map((index) => this.blocks[index]));
      this.#parts.push({ el, blocks: here });
    }
  }

  #block({ id, kind, text }) {
    const headline = kind === "headline";
    const heading = headline ? { role: "heading", "aria-level": 3 } : {};
    return h("p", { class: headline ? "ss-block ss-headline" : "ss-block ss-paragraph", "data-block": id, ...heading }, ...literal(text));
  }

  #strip(index) {
    // --ss-extra stays: the lines keep their distance, so the text above and below does not move.
    this.blocks[index].replaceChildren(...literal(this.#article.blocks[index].text));
    this.#decorated.delete(index);
  }

  #decorate(index) {
    this.blocks[index].replaceChildren(...this.#pieces(index));
    this.#decorated.add(index);
  }

  #pieces(index) {
    const block = this.#article.blocks[index];
    const spans = this.#app.index.inBlock(index);
    const clipped = spans.map(({ id, start, end }) => ({ id, start: Math.max(start, block.start), end: Math.min(end, block.end) }));
    const lane = lanes(clipped);
    const byId = new Map(spans.map((span) => [span.id, span]));
    const depth = Math.min(LANES, Math.max(0, ...[...lane.values()].map((n) => n + 1)));
    this.blocks[index].style.setProperty("--ss-extra", String(Math.max(0, depth - 1)));
    const here = this.#asked ? within(this.#sentences, block.start, block.end) : [];
    const cuts = here.flatMap(({ start, end, asked }) => (asked ? [start] : [start, end]));
    const numbers = new Map(here.filter((sentence) => sentence.asked).map(({ start, id }) => [start, id]));
    return segments(block.start, block.end, clipped, cuts).flatMap((piece) => {
      const text = block.text.slice(toUtf16(block, piece.start), toUtf16(block, piece.end));
      const number = numbers.get(piece.start);
      const numbered = number ? [h("span", { class: "ss-sid", "data-s": number })] : [];
      const quiet = within(here, piece.start, piece.end).some((sentence) => !sentence.asked);
      if (!piece.ids.length && !quiet) return [...numbered, ...literal(text)];
      return [...numbered, this.#segment(text, piece, piece.ids.map((id) => byId.get(id)), lane, quiet)];
    });
  }

  #segment(text, piece, spans, lane, quiet) {
    const bands = spans.filter((span) => lane.get(span.id) < LANES)
      .map((span) => ({ label: this.#app.label(span), lane: lane.get(span.id), ends: span.end === piece.end }));
    const element = this.#shell(bands);
    element.append(...literal(text));
    if (spans.length) element.setAttribute("data-ids", piece.ids.join(" "));
    if (bands.length < spans.length) element.setAttribute("data-more", `+${spans.length - bands.length}`);
    this.#app.markers.mark(element, piece, spans);
    if (spans.some((span) => span.discuss && span.start === piece.start)) element.setAttribute("data-flag", "");
    if (quiet) element.classList.add("ss-quiet");
    if (spans.some((span) => span.id === this.#selected)) element.classList.add("ss-on");
    return element;
  }

  /** What looks the same is a copy: its style is read once, and kept once. */
  #shell(bands) {
    const key = JSON.stringify(bands.map(({ label, lane, ends }) => [label.pattern, label.colour, label.colour_dark, lane, ends]));
    if (!this.#shells.has(key)) {
      const shell = h("span", { class: "ss-seg" });
      if (bands.length) paint(shell, bands, this.#rtl);
      this.#shells.set(key, shell);
    }
    return this.#shells.get(key).cloneNode();
  }
}
