import { Laying } from "./laying.js";
import { Painter } from "./painter.js";
import { h, middle, shorten } from "../shared/dom.js";
import { blockAt, firstIndex, makeArticle, sentenceAt, sliceArticle, spanFromSelection, stepGrapheme, stepSentence, stepWord, toPosition, toUtf16, wordsOf } from "../shared/offsets.js";

/** Pixels from the edge of the frame at which a selection ends that was let go beyond it. */
const EDGE = 8;

/** Beyond these the caret no longer pulls the text after it: the student scrolls, or points somewhere. */
const OWN_WAY = ["wheel", "touchmove", "pointerdown", "keydown"];

/** The article on screen: a caret, the selection, and the way between DOM places and positions. */
export class Reader {
  anchor = null;
  focus = null;
  #app; #painter; #blocks; #caret; #text; #drawn = false; #laying;
  /** Parts of the widget below the text that wait while the width changes. @type {HTMLElement[]} */ #others = [];
  /** A pointer is down in the text: nothing is drawn until it is up. */ #pointer = false;
  /** A press has just begun: with a finger it is over before the focus comes. */ #pressing = false; #scrolled = 0;
  /** The caret was put where it is just now: keep it in sight while the blocks around it get their height. */ #following = false;
  /** The caret's line (where a position has two) and the column kept while moving up and down. */ #line = null; #column = null;

  constructor(app) {
    this.#app = app;
    const { article, blocks, sentences } = app.view;
    this.article = makeArticle(blocks);
    this.sentences = [...sentences].sort((a, b) => a.start - b.start);
    this.rtl = article.dir === "rtl";
    this.#laying = new Laying(app.signal);
    this.#painter = new Painter(app, this.article, this.sentences);
    this.#blocks = this.#painter.blocks;
    this.#text = this.#painter.el;
    this.#caret = h("div", { class: "ss-caret", "aria-hidden": "true", hidden: true });
    this.el = h("div", {
      class: "ss-scroller", tabindex: 0, role: "region", "aria-label": this.#app.t("text"), "aria-description": this.#app.t("text_help"),
      onclick: (event) => this.#clicked(event),
      onpointerdown: (event) => { this.#pointer = event.button === 0 && this.pressed(event); },
      onmousedown: () => { this.#pressing = true; setTimeout(() => { this.#pressing = false; }); },
      onfocus: () => this.#focused(),
      onblur: () => this.#drawCaret(),
      onpointermove: (event) => { if (this.#pointer && !event.buttons) this.#released(event); }, // let go outside the window
    }, this.#text, this.#caret);
    const options = { signal: app.signal };
    document.addEventListener("selectionchange", () => this.#read(), options);
    for (const name of ["pointerup", "pointercancel"]) document.addEventListener(name, (event) => this.#released(event), options);
    this.el.addEventListener("scroll", () => { if (this.el.clientWidth) this.#scrolled = this.el.scrollTop; }, { passive: true });
    for (const name of OWN_WAY) document.addEventListener(name, () => { this.#following = false; }, { ...options, capture: true, passive: true });
    let [width, shown] = [0, true];
    const resized = new ResizeObserver(([{ contentRect }]) => {
      if (width && contentRect.width && contentRect.width !== width) this.#laying.widthChanged([...this.#painter.parts, ...this.#others]);
      width = contentRect.width || width;
      if (contentRect.width && !shown) this.el.scrollTop = this.#scrolled; // a notebook took it from the page, and put it back
      shown = contentRect.width > 0;
      this.#resized();
    });
    resized.observe(this.#text);
    app.signal.addEventListener("abort", () => resized.disconnect());
  }

  /** Go on with what a first frame has no time for. @param {...HTMLElement} others  that wait while the width changes */
  begin(...others) {
    this.#others = others;
    this.#laying.all(this.#painter.parts);
    this.#painter.watch(this.el, (now) => this.#flush(now));
  }

  /** Where a caret starts: the first sentence that is asked about. */
  get first() { return this.sentences.find((s) => s.asked)?.start ?? this.article.blocks[0]?.start ?? 0; }

  get empty() { return this.anchor === this.focus; }

  /** @returns {{start: number, end: number, quote: string}|null} */
  range() { return this.empty ? null : spanFromSelection(this.article, this.anchor, this.focus); }

  /** Whether the page still shows the stored text; translators and extensions rewrite it. */
  intact(start, end) {
    const { blocks } = this.article;
    for (let index = blockAt(this.article, start); blocks[index]?.start < end; index += 1) {
      if (this.#blocks[index].textContent !== blocks[index].text) return false;
    }
    return true;
  }

  slice(start, end) { return sliceArticle(this.article, start, end); }

  /** Whether a press is one in the text: one on the scroll bar is not, and some browsers never say when it ends. */
  pressed(event) { return event.offsetX < this.el.clientWidth || event.target !== this.el; }

  // ---- drawing

  /** Show what became of some spans, and which one is selected. @param {{before: Span|undefined, after: Span|undefined}[]} changes */
  paint(changes, selected) {
    this.#painter.take(changes, selected);
    this.#flush();
  }

  /** Draw all marks anew, because what they look like has changed. */
  repaint() {
    this.#painter.redrawAll();
    this.#flush();
  }

  /** Draw what waits, but never under a pointer that is dragging a selection, unless it must be `now`. */
  #flush(now = false) {
    if ((this.#pointer && !now) || !this.#painter.waiting) return;
    // Asking for the selection has the page laid out; before anything was drawn there is none in the text.
    const held = this.#drawn && this.#holdsSelection();
    this.#drawn = true;
    if (held) this.#read();
    const drawn = this.#painter.flush();
    if (!drawn.length) return;
    const ends = this.focus === null ? [] : [this.anchor, this.focus].map((position) => blockAt(this.article, position));
    if (held && ends.some((index) => drawn.includes(index))) this.#select();
    this.#drawCaret();
  }

  // ---- places in the DOM

  #holdsSelection() {
    const node = document.getSelection()?.focusNode;
    return Boolean(node) && this.#text.contains(node);
  }

  /** DOM place to position. A place outside the text means the nearest edge of a block. */
  #position(node, offset, up) {
    const index = this.#painter.indexOf(node);
    const range = document.createRange();
    if (index >= 0) {
      range.setStart(this.#blocks[index], 0);
      range.setEnd(node, offset);
      return toPosition(this.article.blocks[index], range.toString().length, up);
    }
    range.setStart(node, offset);
    const before = firstIndex(this.#blocks, (block) => range.comparePoint(block, 0) >= 0) - 1;
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

  /** A stretch of the text as a range of the page, from letter to letter. */
  domRange(start, end) {
    const range = document.createRange();
    const [[node, offset], [last, at]] = [this.#point(start), this.#point(Math.max(start, end - 1))];
    range.setStart(node, offset);
    range.setEnd(last, last instanceof Text ? Math.min(last.length, at + (last.data.codePointAt(at) > 0xffff ? 2 : 1)) : at);
    return range;
  }

  #read() {
    const selection = document.getSelection();
    if (!selection?.rangeCount) return;
    if (![selection.anchorNode, selection.focusNode].some((node) => this.#text.contains(node))) return;
    const ranges = Array.from({ length: selection.rangeCount }, (_, index) => selection.getRangeAt(index));
    const range = ranges.find((each) => each.isPointInRange(selection.focusNode, selection.focusOffset)) ?? ranges[0]; // Firefox has several
    const start = this.#position(range.startContainer, range.startOffset, false);
    const end = range.collapsed ? start : this.#position(range.endContainer, range.endOffset, true);
    const backward = selection.focusNode === range.startContainer && selection.focusOffset === range.startOffset;
    const [anchor, focus] = backward ? [end, start] : [start, end];
    if (anchor === this.anchor && focus === this.focus) return;
    [this.anchor, this.focus, this.#line, this.#column] = [anchor, focus, null, null];
    this.#painter.hold([anchor, focus]);
    this.#drawCaret();
    this.#app.selectionChanged();
    this.#flush();
  }

  /** Put the selection somewhere; `line` tells on which line the caret is meant where two are possible. */
  place(anchor, focus, { scroll = true, line = null } = {}) {
    [this.anchor, this.focus, this.#line, this.#column] = [anchor, focus, line, null];
    this.#painter.hold([anchor, focus]);
    this.#painter.flush();
    this.#select();
    this.#following = scroll;
    this.#drawCaret();
    this.#follow();
    this.#app.selectionChanged();
  }

  #select() {
    const [[anchorNode, anchorOffset], [focusNode, focusOffset]] = [this.#point(this.anchor), this.#point(this.focus)];
    document.getSelection()?.setBaseAndExtent(anchorNode, anchorOffset, focusNode, focusOffset);
  }

  #follow() { if (this.#following) this.#caret.scrollIntoView({ block: "nearest", inline: "nearest" }); }

  #resized() {
    this.#drawCaret();
    this.#follow();
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

  /** A caret to begin with, unless words are selected already: the browser tells of them only a moment later. */
  #focused() {
    if (!this.#pointer && !this.#pressing && this.focus === null) {
      this.#read();
      if (this.focus === null) this.place(this.first, this.first);
    }
    this.#drawCaret();
  }

  #released(event) {
    if (!this.#pointer) return;
    this.#pointer = false;
    if (event.type === "pointerup") this.#keepWithin(event);
    this.#flush();
  }

  /** Let go below the frame, a selection would go on to the end of the article: it ends at the last words in sight. */
  #keepWithin({ clientX, clientY }) {
    this.#read();
    const node = document.getSelection()?.focusNode;
    if (this.empty || !node || this.el.contains(node)) return;
    const { left, right, top, bottom } = this.el.getBoundingClientRect();
    const within = (at, low, high) => Math.max(low + EDGE, Math.min(high - EDGE, at));
    const at = this.positionAt(within(clientX, left, right), within(clientY, top, bottom));
    if (at !== null) this.place(this.anchor, at, { scroll: false });
  }

  #clicked(event) {
    this.#read();
    const ids = event.target.closest(".ss-seg")?.dataset.ids?.split(" ") ?? [];
    if (this.empty) this.#app.chooseAmong(ids);
    else if (event.detail === 1) setTimeout(() => this.#letGo(event, ids));
  }

  /** A click inside a selection: browsers take the selection away only after the click, and leave no caret. */
  #letGo({ clientX, clientY }, ids) {
    if (document.getSelection()?.isCollapsed === false) return;
    const at = this.positionAt(clientX, clientY) ?? this.focus;
    this.place(at, at, { scroll: false });
    this.#app.chooseAmong(ids);
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

  /** The position at a point of the screen, or null outside the text. */
  positionAt(x, y) { return this.#atPoint(x, y)?.position ?? null; }

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
