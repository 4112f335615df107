// The comparison view: a student's labels laid over the instructor's key, read span by span.
//
// Python computes everything and strips what a level may not show; this file draws `_view` and reports `selected`.
// One text, never two panes: under the words lie the student's lanes (solid bars) and below them the key's (brackets).

import { afterPaint, button, h, literal, ownKeys, themed } from "./shared/dom.js";
import { translator } from "./shared/strings.js";
import { filters, legend, meanings, sample, Stepper } from "./comparison/controls.js";
import { SingleKeys } from "./comparison/keys.js";
import { scrollInside, widths } from "./comparison/nearby.js";
import { rowKey, step, visiblePairs } from "./comparison/pairs.js";
import { RowList } from "./comparison/rows.js";
import { summarySection } from "./comparison/summary.js";
import { MarkedText } from "./comparison/text.js";

let views = 0; // ids must differ between several views on one page

/** One view of the model: what is shown, which row is chosen, which answers are open. */
class View {
  /** @type {Filter} */ filter = { kind: "differences" };
  /** All rows are open. */ expanded = false;
  /** The whole key is drawn in the text. */ withKey = false;
  keys = new SingleKeys(() => this.#parts.stepper?.updateKeys());
  name = `ss-comparison-${(views += 1)}`;
  #model; #root; #body; #live;
  #abort = new AbortController();
  /** Observers of what is drawn now. */ #drawn = new AbortController();
  /** @type {Set<string>} rows whose answer is shown */ #revealed = new Set();
  /** @type {Map<number, Pair>} */ #rows = new Map();
  /** @type {Map<string, {colour: string, pattern: string}>} */ #looks = new Map();
  /** Redrawn pieces. @type {any} */ #parts = {};
  /** What the first paint does not wait for. @type {(() => void)[]} */ #waiting = [];
  /** Nothing waits any longer. */ #finished = true;
  /** @type {{node: HTMLElement, pressed: () => boolean}[]} */ #toggles = [];

  /** @param {any} model @param {HTMLElement} host */
  constructor(model, host) {
    const { signal } = this.#abort;
    this.#model = model;
    this.#live = h("div", { class: "ss-visually-hidden", role: "status", "aria-live": "polite" });
    this.#body = h("div", { class: "ss-c-body" });
    this.#root = h("section", { class: "ss-root ss-comparison", ...ownKeys }, this.#body, this.#live);
    this.#root.addEventListener("keydown", (event) => this.#key(event));
    this.#root.addEventListener("focusin", () => this.#parts.stepper?.updateKeys());
    window.addEventListener("beforeprint", () => this.#complete(), { signal });
    host.append(this.#root);
    model.on("change:_view", this.#rebuild);
    model.on("change:selected", this.#select);
    this.#rebuild();
  }

  dispose() {
    this.#abort.abort();
    this.#drawn.abort();
    this.#model.off("change:_view", this.#rebuild);
    this.#model.off("change:selected", this.#select);
    this.#root.remove();
  }

  // -- what the parts ask --

  get level() { return this.view.level; }
  /** @returns {Pair[]} */ get pairs() { return this.view.pairs ?? []; }
  get hasMarks() { return ["visible", "marks"].includes(this.level); }
  get hasList() { return this.hasMarks && this.pairs.length > 0; }
  get rtl() { return this.view.article?.dir === "rtl"; }
  get selected() {
    const index = this.#model.get("selected");
    return this.#rows.has(index) ? index : -1;
  }

  /** Whether the text may show the key's words of a row: where both agree, and where the student opened the answer. @param {number} index */
  told = (index) => {
    const pair = this.#rows.get(index);
    return this.withKey || pair?.outcome === "matched" || (pair !== undefined && this.isRevealed(pair));
  };

  /** @param {Pair} pair */
  isRevealed(pair) { return this.#revealed.size > 0 && this.#revealed.has(rowKey(pair)); }

  /** @param {string} id */
  look(id) { return this.#looks.get(id) ?? { colour: "currentColor", pattern: "solid" }; }

  /** @param {Band} band */
  lookOfRow({ who, index }) {
    const pair = this.#rows.get(index);
    return this.look((who === "s" ? pair?.student?.label : pair?.key?.label) ?? "");
  }

  /** @param {string} id */
  labelName(id) { return Object.hasOwn(this.view.labels ?? {}, id) ? this.view.labels[id].name : id; }

  /** @param {string} id */
  outcomeName(id) { return Object.hasOwn(this.view.outcomes ?? {}, id) ? this.view.outcomes[id].name : id; }

  /** The outcome's word; its shape comes from the style sheet. @param {string} id */
  outcome(id) { return h("span", { class: "ss-c-outcome", "data-outcome": id }, this.outcomeName(id)); }

  /** @param {"s"|"k"} who @param {string} id */
  label(who, id) { return h("span", { class: "ss-c-label" }, sample(who, this.look(id)), this.labelName(id)); }

  /** @param {string} words of the text */
  quote(words) {
    const node = h("blockquote", { class: "ss-c-quote", translate: "no" }, ...literal(words));
    this.speak(node);
    return node;
  }

  /** The text's own language and direction, which the buttons need not share. @param {HTMLElement} node */
  speak(node) {
    const { language, dir } = this.view.article ?? {};
    if (/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(language ?? "")) node.setAttribute("lang", language);
    if (dir === "rtl" || dir === "ltr") node.setAttribute("dir", dir);
  }

  /** A button that shows whether it is pressed. @param {Node|string} label @param {string} focus @param {() => boolean} pressed @param {() => void} act @param {string} name */
  toggle(label, focus, pressed, act, name) {
    const node = button(label, act, { class: name, "data-focus": focus });
    this.#toggles.push({ node, pressed });
    return node;
  }

  // -- building, top to bottom --

  #rebuild = () => {
    const active = this.#root.contains(document.activeElement) ? document.activeElement : null;
    const focus = active?.closest("[data-focus]")?.getAttribute("data-focus");
    this.view = this.#model.get("_view") ?? {};
    this.#drawn.abort();
    this.#drawn = new AbortController();
    this.#toggles = [];
    this.#parts = {};
    this.#waiting = [];
    this.#finished = true;
    this.#rows = new Map(this.pairs.map((pair) => [pair.i, pair]));
    this.shown = visiblePairs(this.pairs, this.filter);
    if (!this.view.strings) { this.#body.replaceChildren(); return; } // nothing came yet
    this.t = translator(this.view.strings, this.view.language);
    this.#build();
    const { signal } = this.#drawn;
    this.#finished = false;
    if (this.#parts.text.long && !active && this.selected < 0) {
      this.#update();
      afterPaint(() => { if (!signal.aborted) this.#finish(); });
    } else this.#finish();
    if (active) this.#focus(focus);
  };

  /** Of a long text, what is beside it or behind it waits until it has been painted, or until it is used. @param {() => void} task */
  later(task) { this.#waiting.push(task); }

  /** Do what waits, once. */
  #finish() {
    if (this.#finished) return;
    this.#finished = true;
    for (const task of this.#waiting) task();
    this.#update();
    this.#follow();
    const { signal } = this.#drawn;
    const drawn = [this.#parts.text, this.#parts.list].filter(Boolean);
    for (const each of drawn) each.watch(signal);
    widths(this.#root, () => { for (const each of drawn) each.skip(); }, () => { for (const each of drawn) each.layOut(); }, signal);
  }

  /** Put focus back after a redraw; the title takes it when the old place is gone. @param {string|null|undefined} name */
  #focus(name) {
    const places = [...this.#root.querySelectorAll("[data-focus]")];
    const place = places.find((node) => node.getAttribute("data-focus") === name) ?? this.#parts.title;
    /** @type {HTMLElement} */ (place).focus({ preventScroll: true });
  }

  #build() {
    const { title, language, direction, labels = {} } = this.view;
    for (const [name, value] of Object.entries({ "aria-label": title || this.t("summary"), lang: language, dir: direction, "data-level": this.level })) {
      this.#root.setAttribute(name, value);
    }
    this.#looks = new Map(Object.entries(labels).map(([id, label], n) => {
      this.#root.style.setProperty(`--ss-c${n}`, themed(label));
      return [id, { colour: `var(--ss-c${n})`, pattern: label.pattern ?? "solid" }];
    }));
    this.#body.replaceChildren(this.#header(), summarySection(this),
      h("div", { class: this.hasList ? "ss-c-work ss-c-work-two" : "ss-c-work" }, this.#text(), this.hasList ? this.#list() : null));
  }

  #header() {
    const { title, provenance, note, key_status: status, labels_language: lang } = this.view;
    this.#parts.title = h("h3", { class: "ss-c-title", tabindex: "-1", "data-focus": "title" }, ...literal(title ?? ""));
    return h("header", {}, this.#parts.title, provenance ? h("p", { class: "ss-provenance", lang: this.view.article?.language }, ...literal(provenance)) : null,
      note ? h("p", { class: "ss-c-note", lang: this.view.article?.language }, ...literal(note)) : null, status && this.level !== "none" ? h("p", { class: "ss-c-status", lang }, status) : null);
  }

  #text() {
    const heading = h("h4", { id: `${this.name}-text` }, this.t("text"));
    this.#parts.text = new MarkedText(this, heading.id);
    const howToRead = this.hasMarks ? legend(this) : null;
    if (howToRead) this.later(() => howToRead.querySelector("details")?.append(meanings(this)));
    return h("section", { class: "ss-c-text" }, heading, howToRead, this.#parts.text.el);
  }

  #list() {
    const heading = h("h4", { id: `${this.name}-list` }, this.t("list"));
    const section = h("section", { class: "ss-c-list ss-c-later", "aria-labelledby": heading.id }, heading);
    this.later(() => {
      const showing = h("p", { class: "ss-c-showing", tabindex: "-1", "data-focus": "showing" });
      const parts = { list: new RowList(this, heading.id), stepper: new Stepper(this), empty: h("p", { class: "ss-c-empty" }), showing };
      Object.assign(this.#parts, parts);
      section.append(filters(this), parts.showing, parts.stepper.el, parts.empty, parts.list.el);
      section.classList.remove("ss-c-later");
      const { signal } = this.#drawn;
      afterPaint(() => { if (!signal.aborted) parts.stepper.updateKeys(); }); // a browser's memory can take milliseconds to answer
    });
    return section;
  }

  // -- drawing what changes --

  #update() {
    const { text, list, stepper, showing, empty } = this.#parts;
    if (!text) return;
    for (const { node, pressed } of this.#toggles) node.setAttribute("aria-pressed", String(pressed()));
    text.choose(this.#rows.get(this.selected));
    if (!list) return;
    list.update();
    stepper.update(this.shown.findIndex((pair) => pair.i === this.selected) + 1, this.shown.length);
    showing.textContent = this.#showing();
    empty.hidden = this.shown.length > 0;
    empty.textContent = this.t(this.filter.kind === "differences" ? "empty_differences" : "empty_filter");
  }

  /** Draw the key's words and answers of one row again, or of all. @param {number} [index] */
  #redraw(index) {
    this.#parts.text.redraw(index);
    this.#parts.list?.redraw(index);
    this.#update();
  }

  /** Paper shows all at once, so nothing is left for later. */
  #complete() {
    this.#finish();
    this.#parts.text?.drawAll();
    this.#parts.list?.drawAll();
  }

  #showing() {
    const number = this.filter.kind === "number" ? this.filter.id : null;
    const text = (this.view.summary?.numbers ?? []).find((/** @type {any} */ each) => each.id === number)?.text;
    const count = this.shown.length;
    return text ? this.t("behind", { number: text, count }) : this.t("rows_shown", { count, total: this.pairs.length });
  }

  focusShowing() { this.#parts.showing.focus(); }

  #select = () => {
    this.#finish();
    this.#update();
    this.#follow();
  };

  /** Bring the chosen row and its words into view, each inside its own panel. */
  #follow() {
    const { text, list } = this.#parts;
    if (!list || this.selected < 0) return;
    const scroll = () => {
      scrollInside(list.el, list.item(this.selected));
      scrollInside(text.el, text.lit);
    };
    scroll();
    // What was never laid out had a guessed height; the second look comes when it has its own.
    requestAnimationFrame(() => { if (!this.#drawn.signal.aborted) scroll(); });
  }

  /** Where text and list stand side by side, the page may move as well; one below the other it would hide what was clicked. */
  #onPage() {
    const { text, list } = this.#parts;
    const beside = list.el.getBoundingClientRect().left >= text.el.getBoundingClientRect().right;
    if (beside) text.lit?.scrollIntoView({ block: "nearest" });
  }

  // -- what the student does --

  /** @param {Filter} filter @param {string} [say] */
  show(filter, say) {
    this.filter = filter;
    this.shown = visiblePairs(this.pairs, filter);
    this.#select();
    this.#say(say ?? this.#showing());
  }

  /** @param {boolean} withKey */
  showKey(withKey) {
    this.withKey = withKey;
    this.#redraw();
  }

  /** @param {number} index */
  choose(index) {
    const pair = this.#rows.get(index);
    if (pair && !this.shown.includes(pair)) { // a click on words is never a dead end
      this.filter = { kind: "all" };
      this.shown = this.pairs;
    }
    this.#model.set("selected", index);
    this.#model.save_changes();
    this.#select(); // a trait set to the value it has does not report a change
    this.#onPage();
    this.#say(pair ? this.#place(pair) : this.t("unselected"));
  }

  /** @param {number} index */
  chooseFromText(index) {
    this.choose(index);
    this.#parts.list.head(index)?.scrollIntoView({ block: "nearest" });
  }

  /** "Difference 3 of 14: missed, S7" @param {Pair} pair */
  #place(pair) {
    const what = this.filter.kind === "differences" ? "at_difference" : "at_row";
    const values = { at: this.shown.indexOf(pair) + 1, total: this.shown.length, outcome: this.#within(pair.outcome), sentence: pair.sid };
    return this.t(pair.sid ? `${what}_in` : what, values);
  }

  /** An outcome's name as it stands inside a sentence. @param {string} id */
  #within(id) { return Object.hasOwn(this.view.outcomes ?? {}, id) ? this.view.outcomes[id].within ?? this.view.outcomes[id].name : id; }

  /** The row before or after the chosen one. @param {1|-1} direction */
  beside(direction) { return step(this.shown, this.pairs, this.selected, direction); }

  /** @param {1|-1} direction @returns {Pair|null} */
  step(direction) {
    const pair = this.beside(direction);
    if (pair) this.choose(pair.i);
    else this.#say(this.t(direction > 0 ? "last" : "first"));
    return pair;
  }

  /** @param {Pair} pair */
  reveal(pair) {
    const key = rowKey(pair);
    const shows = !this.#revealed.delete(key);
    if (shows) this.#revealed.add(key);
    this.#redraw(pair.i);
    this.#follow();
    this.#say(this.t(shows ? "revealed" : "hidden"));
  }

  revealAll() {
    this.expanded = !this.expanded;
    this.#revealed = new Set(this.expanded ? this.pairs.map(rowKey) : []);
    this.#redraw();
    this.#say(this.t(this.expanded ? "all_revealed" : "all_hidden"));
  }

  /** Keys act only inside the widget, and never reach the notebook. @param {KeyboardEvent} event */
  #key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") { event.stopPropagation(); return; } // the button itself acts
    if (event.key === "Escape") { this.#leave(event); return; }
    const target = /** @type {HTMLElement} */ (event.target);
    const inList = target.classList.contains("ss-c-row-head");
    const moves = { ...(this.keys.on ? { n: 1, p: -1 } : {}), ...(inList ? { ArrowDown: 1, ArrowUp: -1, Home: 0, End: 0 } : {}) };
    if (!this.hasList || !Object.hasOwn(moves, event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#move(event.key, /** @type {Record<string, number>} */ (moves)[event.key], target);
  }

  /** The way out: to the notebook's own box around the widget, if there is one. @param {KeyboardEvent} event */
  #leave(event) {
    const box = /** @type {HTMLElement|null|undefined} */ (this.#root.parentElement?.closest("[tabindex]"));
    if (!box) return;
    event.preventDefault();
    event.stopPropagation();
    box.focus();
  }

  /** Step by key; focus goes along when it was in the list. @param {string} key @param {number} direction @param {HTMLElement} target */
  #move(key, direction, target) {
    const pair = direction ? this.step(/** @type {1|-1} */ (direction)) : key === "Home" ? this.shown[0] : this.shown.at(-1);
    if (!pair) return;
    if (!direction) this.choose(pair.i);
    const { list } = this.#parts;
    if (list.el.contains(target)) list.head(pair.i)?.focus({ preventScroll: true });
  }

  /** @param {string} text */
  #say(text) { this.#live.textContent = text; }
}

export default {
  /** anywidget's entry: draws one view of the model and returns its cleanup. */
  render({ model, el }) {
    const view = new View(model, el);
    return () => view.dispose();
  },
};
