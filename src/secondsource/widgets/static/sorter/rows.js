// The list of items: what a student does in it, by one listener for each kind of event, however long it is.

import { nextOpen, whole } from "./answers.js";
import { h } from "../shared/dom.js";
import { ItemRow } from "./row.js";

/** Milliseconds after the last letter, and at most after the first one, until written words are handed over. */
const PAUSE = 600;
const LONGEST = 5000;
/** From so many items on, those far from view are not laid out. */
const LONG = 30;

export class Rows {
  /** The row that has, or had, the focus. @type {ItemRow|null} */ current = null;
  #app; #rows; #byItem;
  /** The row whose words are being typed, and whether they are newer than its answer. */ #typing = null; #dirty = false; #timer = 0; #since = 0;

  constructor(app) {
    this.#app = app;
    this.#rows = app.items.map((item) => new ItemRow(app, item));
    this.#byItem = new Map(this.#rows.map((row) => [row.item.id, row]));
    this.el = h("ol", {
      class: this.#rows.length > LONG ? "ss-s-rows ss-s-long" : "ss-s-rows", role: "list", "aria-label": app.t("rows"),
      onchange: (event) => this.#changed(event), oninput: (event) => this.#typed(event), onclick: (event) => this.#clicked(event),
      onfocusin: (event) => this.#entered(event), onfocusout: () => app.point(null),
      onmouseover: (event) => app.point(this.#labelAt(event.target)), onmouseleave: () => app.point(null),
    }, ...this.#rows.map((row) => row.el));
    this.showKeys();
    app.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  get dirty() { return this.#dirty; }

  row(itemId) { return this.#byItem.get(itemId) ?? null; }

  #rowAt(element) { return this.row(element.closest?.("[data-item]")?.dataset.item); }

  /** @param {Set<string>|null} changed ids of items; null: any */
  update(changed) {
    for (const row of changed ? [...changed].map((id) => this.row(id)) : this.#rows) {
      row?.fill(this.#app.answers.get(row.item.id) ?? null, (this.#dirty && row === this.#typing) || this.#app.keepsText(row.item));
    }
  }

  /** @returns {Item|null} */
  next() { return nextOpen(this.#app.items, this.#app.answers, this.#app.view.written, this.current?.item.id ?? null); }

  /** Take the focus to an item. */
  enter(itemId) {
    const row = this.row(itemId) ?? this.#rows[0];
    if (!row) return;
    row.entrance.focus({ preventScroll: true });
    row.el.scrollIntoView({ block: "nearest" });
  }

  takeFocus() { this.enter(this.current?.item.id); }

  /** Single keys were switched on or off. */
  showKeys() {
    this.el.classList.toggle("ss-s-nokeys", !this.#app.singleKeys);
    this.#rows.forEach((row) => row.showKeys(this.#app.singleKeys));
  }

  onPaper(on) { this.#rows.forEach((row) => row.onPaper(on)); }

  // ---- what a student does

  #entered({ target }) {
    const row = this.#rowAt(target);
    if (row !== this.current) this.#app.edits.left();
    this.current = row;
    this.#app.point(this.#labelAt(target));
  }

  #labelAt(element) {
    const value = element.closest?.(".ss-s-choice")?.querySelector("input").value;
    return this.#app.layer.labels.find((label) => label.id === value) ?? null;
  }

  #changed({ target }) {
    const row = this.#rowAt(target);
    if (target.dataset.field === "note") this.flush();
    else if (target.dataset.field === "answer") this.choose(row, this.#app.layer.labels.find((label) => label.id === target.value));
    else if (target.dataset.field === "sure") this.#app.edits.setConfidence(row.item, Number(target.value));
  }

  choose(row, label) { this.#app.edits.answer(row.item, label, row.text.hidden ? "" : whole(row.text.value)); }

  #clicked({ target }) {
    const press = target.closest("[data-action]");
    if (!press || press.disabled) return;
    const row = this.#rowAt(press);
    if (press.dataset.action === "context") row.showContext(this.#app.reader.slice);
    else if (press.dataset.action === "clear") this.clear(row);
    else if (press.dataset.action === "why") {
      row.showNote(!row.noting);
      if (row.noting) row.text.focus();
    }
  }

  clear(row) {
    this.flush();
    if (!row.answer) return;
    row.showNote(false);
    this.#app.edits.clear(row.item);
    this.enter(row.item.id);
  }

  #typed({ target }) {
    if (target.dataset.field !== "note") return;
    const row = this.#rowAt(target);
    if (row !== this.#typing) this.flush();
    this.#since = this.#dirty ? this.#since : Date.now();
    [this.#typing, this.#dirty] = [row, true];
    if (this.#app.view.written) row.count();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), Math.max(0, Math.min(PAUSE, this.#since + LONGEST - Date.now())));
    this.#app.showChip();
  }

  /** Hand over the words that are being typed. */
  flush() {
    clearTimeout(this.#timer);
    if (!this.#dirty || this.#app.readonly) return; // where nothing can be saved, the words stay in their field
    this.#dirty = false;
    this.#app.edits.write(this.#typing.item, whole(this.#typing.text.value));
  }
}
