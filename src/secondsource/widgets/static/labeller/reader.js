import { lanes, segments } from "./spans.js";
import { h, middle, paint, shorten } from "../shared/dom.js";
import { blockAt, makeArticle, overlapping, sentenceAt, sliceArticle, spanFromSelection, stepGrapheme, stepSentence, stepWord, toPosition, toUtf16, wordsOf } from "../shared/offsets.js";

const LANES = 4;
/** From here on, blocks far from sight are not laid out. */
const LONG = 80;

/** The article on screen: real text, drawn lanes, a caret, and the way between DOM places and positions. */
export class Reader {
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
      class: "ss-scroller", tabindex: 0, role: "region", "aria-label": this.#app.t("text"), "aria-description": this.#app.t("text_help"),
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
    if (extend) return this.#app.t("spoken_selected", { quote: shorten(this.slice(Math.min(from, here), Math.max(from, here)), 300) });
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
