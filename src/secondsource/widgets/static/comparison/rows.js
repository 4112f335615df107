// The list of rows. Every row that the filter lets through is in the page, so that counting, searching and stepping find
// all of them: those near at once, the others between the next frames, and what a row says in full when it is opened.
// Rows stand in groups. The browser skips a group that is out of sight until its turn comes, because a thousand rows at
// once would cost it several frames; not longer, because what is skipped is missing in the accessibility tree.

import { button, h, literal } from "../shared/dom.js";
import { inFrames, nearby } from "./nearby.js";
import { hasAnswer, percent, withoutOutcome } from "./pairs.js";

/** Rows in a group, and px of a closed row, for the height of a group that was never laid out. */
const GROUP = 20;
const ROW_HEIGHT = 66;
/** Rows of a list that is worth skipping in parts. */
const LONG_LIST = 100;

/**
 * @typedef {{pair: Pair, item: HTMLElement, head: HTMLElement, open: boolean, detail: HTMLElement|null,
 *   reveal: HTMLElement|null, answer: HTMLElement|null}} Row  detail: null until it was opened
 */

export class RowList {
  #app;
  /** @type {Map<number, Row>} those that were made */ #rows = new Map();
  /** @type {Map<Element, Pair[]>} */ #groups = new Map();
  /** @type {Set<Element>} groups within a screen of what is shown */ #near = new Set();
  /** @type {Pair[]} what the groups hold */ #shown = [];
  /** @type {Row|undefined} */ #chosen;
  /** @type {Row|undefined} the one row that Tab reaches */ #tabbable;
  #expanded = false;
  #making = new AbortController();
  #watching;

  /** @param {any} app @param {string} labelledBy id of the heading */
  constructor(app, labelledBy) {
    this.#app = app;
    this.el = h("div", {
      class: "ss-c-rows", role: "list", "aria-labelledby": labelledBy, onclick: (/** @type {MouseEvent} */ event) => this.#click(event),
    });
  }

  /** Start to follow what is shown, once the list stands in the page. @param {AbortSignal} signal */
  watch(signal) {
    this.#watching = nearby(this.el, (group, near) => {
      if (near) this.#near.add(group); else this.#near.delete(group);
      if (near) this.#complete(group);
    }, signal);
    this.#watching.observe(this.#groups.keys());
    signal.addEventListener("abort", () => this.#making.abort());
  }

  /** @param {number} index */
  item(index) { return this.#row(index)?.item ?? null; }

  /** @param {number} index */
  head(index) { return this.#row(index)?.head ?? null; }

  /** Show the rows of the filter, the chosen one open, or all of them. Only what differs from before is touched. */
  update() {
    const { shown, selected, expanded } = this.#app;
    if (this.#expanded !== expanded) this.#expand(expanded);
    if (this.#shown !== shown) this.#group(shown);
    const chosen = this.#row(selected);
    this.#choose(chosen);
    this.#makeTabbable(chosen?.item.isConnected ? chosen : this.#row(shown[0]?.i));
    this.el.hidden = shown.length === 0;
  }

  /** Say of a row, or of all, whether its answer is shown. @param {number} [index] */
  redraw(index) {
    for (const row of index === undefined ? this.#rows.values() : [this.#rows.get(index)]) if (row) this.#showAnswer(row);
  }

  /** Nothing is left for later: for paper. */
  drawAll() {
    for (const group of this.#groups.keys()) this.#complete(group);
  }

  // -- groups --

  /** Put the rows of the filter into the list. @param {Pair[]} shown */
  #group(shown) {
    const focused = /** @type {HTMLElement} */ (document.activeElement);
    const held = this.el.contains(focused);
    this.#shown = shown;
    this.#groups.clear();
    for (let at = 0; at < shown.length; at += GROUP) {
      const pairs = shown.slice(at, at + GROUP);
      this.#groups.set(h("div", { class: "ss-c-group", role: "none", style: `--ss-room:${ROW_HEIGHT * pairs.length}` }), pairs);
    }
    const groups = [...this.#groups.keys()];
    this.#near = new Set(groups.slice(0, 1)); // until the browser says which are
    for (const group of this.#near) this.#complete(group);
    this.el.classList.toggle("ss-c-long", shown.length > LONG_LIST);
    this.el.replaceChildren(...groups);
    if (this.#watching) this.el.scrollTop = 0; // not while it is built, when this would cost a layout of everything
    this.layOut();
    if (held && this.#row(this.#chosen?.pair.i ?? -1)?.head === focused) focused.focus({ preventScroll: true });
    this.#watching?.observe(groups);
  }

  /** Make what a group lacks: its rows, and what its open rows say. @param {Element} group */
  #complete(group) {
    const rows = (this.#groups.get(group) ?? []).map((pair) => this.#rows.get(pair.i) ?? this.#make(pair));
    if (!group.firstChild) group.append(...rows.map(({ item }) => item));
    for (const row of rows) if (row.open) this.#fill(row);
  }

  /** Complete and lay out the groups that nobody sees yet, without letting anybody wait. */
  layOut() {
    this.#making.abort();
    this.#making = new AbortController();
    const groups = new Set([...this.#near, ...this.#groups.keys()]).values();
    inFrames(() => {
      const { value: group } = groups.next();
      if (group) this.#complete(group);
      group?.classList.add("ss-c-laid");
      return group !== undefined;
    }, this.#making.signal);
  }

  /** Leave the layout of what is out of sight for later: while the width changes, only what is seen follows. */
  skip() {
    this.#making.abort();
    for (const group of this.#groups.keys()) group.classList.remove("ss-c-laid");
  }

  /** A row, and with it its place in the list. @param {number} index @returns {Row|undefined} */
  #row(index) {
    const at = this.#rows.get(index)?.item.isConnected ? -1 : this.#shown.findIndex((pair) => pair.i === index);
    if (at >= 0) this.#complete([...this.#groups.keys()][Math.floor(at / GROUP)]);
    return this.#rows.get(index);
  }

  // -- state --

  /** @param {Row|undefined} row */
  #choose(row) {
    const before = this.#chosen;
    if (before === row) return;
    this.#chosen = row;
    if (before) {
      before.item.classList.remove("ss-c-chosen");
      before.head.removeAttribute("aria-current");
      this.#open(before, this.#expanded);
    }
    if (!row) return;
    row.item.classList.add("ss-c-chosen");
    row.head.setAttribute("aria-current", "true");
    this.#open(row, true);
    this.#fill(row);
  }

  /** @param {Row|undefined} row */
  #makeTabbable(row) {
    if (row === this.#tabbable) return;
    if (this.#tabbable) this.#tabbable.head.tabIndex = -1;
    if (row) row.head.tabIndex = 0;
    this.#tabbable = row;
  }

  /** @param {boolean} expanded */
  #expand(expanded) {
    this.#expanded = expanded;
    if (expanded) for (const row of this.#seen()) this.#fill(row);
    for (const row of this.#rows.values()) this.#open(row, expanded || row === this.#chosen);
    if (expanded) this.layOut();
  }

  /** Rows on the screen now. */
  #seen() {
    const { top, bottom } = this.el.getBoundingClientRect();
    const rows = [...this.#near].flatMap((group) => (this.#groups.get(group) ?? []).map(({ i }) => this.#rows.get(i)));
    return /** @type {Row[]} */ (rows.filter((row) => {
      const box = row?.item.getBoundingClientRect();
      return box && box.bottom > Math.max(0, top) && box.top < Math.min(innerHeight, bottom);
    }));
  }

  /** @param {Row} row @param {boolean} open */
  #open(row, open) {
    if (row.open === open) return;
    row.open = open;
    row.head.setAttribute("aria-expanded", String(open));
    if (!row.detail) return;
    if (!open && row.detail.contains(document.activeElement)) row.head.focus({ preventScroll: true }); // focus is never lost
    row.detail.hidden = !open;
  }

  /** @param {Row} row */
  #showAnswer(row) {
    if (!row.reveal || !row.answer) return;
    const revealed = this.#app.isRevealed(row.pair);
    row.reveal.textContent = this.#app.t(revealed ? "hide_answer" : "show_answer");
    row.reveal.setAttribute("aria-expanded", String(revealed));
    row.answer.hidden = !revealed;
  }

  /** @param {MouseEvent} event */
  #click({ target }) {
    const head = /** @type {Element} */ (target).closest(".ss-c-row-head");
    const row = [...this.#rows.values()].find((each) => each.head === head);
    if (row) this.#app.choose(row === this.#chosen ? -1 : row.pair.i);
  }

  // -- making --

  /** @param {Pair} pair @returns {Row} */
  #make(pair) {
    const { outcome, sid, headline } = pair;
    const head = h("button", { type: "button", class: "ss-c-row-head", tabindex: "-1", "aria-expanded": String(this.#expanded), "data-focus": `row-${pair.i}` },
      this.#app.outcome(outcome), sid ? h("span", { class: "ss-c-sid" }, sid) : null,
      h("span", { class: "ss-c-row-headline" }, ...literal(withoutOutcome(headline, this.#app.outcomeName(outcome), this.#app.view.language))));
    const item = h("div", { class: "ss-c-row", role: "listitem" }, head);
    const row = { pair, head, item, open: this.#expanded, detail: null, reveal: null, answer: null };
    this.#rows.set(pair.i, row);
    return row;
  }

  /** @param {Row} row */
  #fill(row) {
    if (row.detail) return;
    const { pair } = row;
    const { t, level, name } = this.#app;
    row.detail = h("div", { class: "ss-c-detail", id: `${name}-row-${pair.i}`, hidden: !row.open }, this.#mark(pair),
      pair.outcome === "contested" ? h("p", { class: "ss-c-contested" }, t("contested")) : null,
      pair.hint ? h("p", { class: "ss-c-hint" }, h("strong", {}, t("hint")), " ", pair.hint) : null);
    if (hasAnswer(pair, level)) {
      row.answer = this.#answer(pair);
      row.reveal = button("", () => this.#app.reveal(pair), { "data-focus": `reveal-${pair.i}`, "aria-controls": row.answer.id });
      row.detail.append(row.reveal, row.answer);
      this.#showAnswer(row);
    }
    row.head.setAttribute("aria-controls", row.detail.id);
    row.item.append(row.detail);
  }

  /** What the student did. @param {Pair} pair */
  #mark({ student }) {
    const { t } = this.#app;
    if (!student) return h("p", { class: "ss-c-quiet" }, t("nothing_marked"));
    const sure = percent(student.confidence);
    return h("div", { class: "ss-c-mark" },
      h("p", { class: "ss-c-mark-line" }, h("strong", {}, t("you_marked")), " ", this.#app.label("s", student.label),
        h("span", { class: "ss-c-quiet" }, sure === null ? t("no_confidence") : t("sure", { percent: sure }))),
      this.#app.quote(student.quote), ...(student.pieces ?? []).map((piece) => this.#app.quote(piece)),
      student.note ? h("p", { class: "ss-c-quiet" }, t("your_note"), " ", h("bdi", { translate: "no" }, ...literal(student.note))) : null);
  }

  /** The key's side, closed until asked for. @param {Pair} pair */
  #answer({ i, key, why_not: whyNot, instead }) {
    const { t, view: { labels_language: lang } } = this.#app;
    const part = (/** @type {string} */ name, /** @type {string|null|undefined} */ text) => (text ? [h("dt", {}, t(name)), h("dd", { lang }, ...literal(text))] : []);
    const tier = key && ["core", "acceptable", "contested"].includes(key.tier) ? t(`tier_${key.tier}`) : null;
    return h("div", { class: "ss-c-answer", id: `${this.#app.name}-answer-${i}` },
      h("p", { class: "ss-c-mark-line" }, h("strong", {}, t(key?.draft ? "answer_draft" : "answer")), key ? this.#app.label("k", key.label) : null),
      key ? this.#app.quote(key.quote) : null, tier ? h("p", { class: "ss-c-quiet" }, tier) : null,
      h("dl", {}, ...part("reason", key?.reason), ...part("counter", key?.counter),
        ...part("also", key?.also?.map((/** @type {string} */ id) => this.#app.labelName(id)).join(", ")),
        ...part("why_not", whyNot), ...part("instead", instead)));
  }
}
