import { Row } from "./row.js";
import { afterPaint, button, h, whenIdle } from "../shared/dom.js";

/** Up to so many labels all stand in the table; of more, a stretch of the text's order: so long a list is read in parts. */
const ALL = 40;
const STRETCH = 5;

/**
 * The labels in the order of the text, as a real table. Rows are kept and updated, so focus survives an edit. Of many
 * labels a stretch is listed: the one around the label selected last, or the one before or after it.
 */
export class Table {
  #app; #index; #body; #rows = new Map(); #empty; #progress; #table = null; #pages; #from = 0; #selected = null; #opened = false; #waiting = false;

  constructor(app) {
    this.#app = app;
    this.#progress = h("p", { class: "ss-progress" });
    this.el = h("section", { class: "ss-table" },
      h("div", { class: "ss-table-head" }, h("h3", { class: "ss-heading" }, app.t("table")), this.#progress));
  }

  /** Made when the text has been painted. */
  #make() {
    const { t, links } = this.#app;
    this.#empty = h("p", { class: "ss-empty" }, t("table_empty"));
    this.#pages = this.#makePages();
    this.#body = h("tbody", { // one listener for all rows
      role: "rowgroup", onclick: (event) => this.#clicked(event), onmousedown: (event) => this.#rowOf(event)?.sure.pressed(event),
      onfocusin: (event) => this.#entered(event), onfocusout: () => links.peek("", "focus"),
    });
    // The roles keep it a table for screen readers where narrow screens lay the rows out as cards.
    const headings = t("columns").map((name) => h("th", { role: "columnheader", scope: "col" }, name));
    this.#table = h("table", { role: "table", "aria-label": t("table") },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...headings)), this.#body);
    this.el.append(this.#empty, this.#pages.el, this.#table);
  }

  #makePages() {
    const turn = (direction) => () => {
      this.#from += direction * STRETCH;
      this.#show();
      this.#app.speak(told.textContent);
    };
    const told = h("p", {});
    const [before, after] = [button(this.#app.t("rows_before"), turn(-1)), button(this.#app.t("rows_after"), turn(1))];
    return { el: h("div", { class: "ss-stretch", hidden: true }, told, before, after), told, before, after };
  }

  /** @param {SpanIndex} index @param {string|null} selected */
  update(index, selected) {
    this.#index = index;
    if (selected !== this.#selected) this.#turnTo(index.get(selected));
    this.#selected = selected;
    // The table of a labeller that is being opened, and a stretch of very many, come when the text has been painted.
    if (this.#opened && index.sorted.length <= ALL) this.#show(); else this.#later();
  }

  #later() {
    if (this.#waiting) return;
    this.#waiting = true;
    afterPaint(() => {
      [this.#waiting, this.#opened] = [false, true];
      this.#show();
      whenIdle(() => this.el.classList.add("ss-laid")); // as the text: what is skipped is missing for screen readers
    });
  }

  /** A label that is selected, and so a new one, stands in the table. */
  #turnTo(span) {
    const place = span ? this.#index.indexOf(span) : this.#from;
    if (place < this.#from || place >= this.#from + STRETCH) this.#from = place - (STRETCH >> 1);
  }

  #show() {
    if (!this.#table) this.#make();
    const { sorted, open, outside } = this.#index;
    const { el, told, before, after } = this.#pages;
    const count = sorted.length;
    this.#progress.textContent = count ? this.#told(count, open, outside) : "";
    this.#empty.hidden = count > 0;
    this.#table.hidden = count === 0;
    const all = count <= ALL;
    this.#from = all ? 0 : Math.max(0, Math.min(this.#from, count - STRETCH));
    const to = all ? count : this.#from + STRETCH;
    el.hidden = all;
    if (!all) told.textContent = this.#app.t("rows_shown", { first: this.#from + 1, last: to, count });
    for (const [turn, last] of [[before, this.#from === 0], [after, to === count]]) turn.setAttribute("aria-disabled", String(last));
    if (all) this.#table.removeAttribute("aria-rowcount"); else this.#table.setAttribute("aria-rowcount", count + 1);
    this.#fill(sorted.slice(this.#from, to), all ? null : this.#from + 2);
  }

  /** @param {number|null} first row of the whole table that is listed, counted as screen readers do; null: all are listed */
  #fill(spans, first) {
    const wanted = new Set(spans.map((span) => span.id));
    const gone = [...this.#rows.keys()].filter((id) => !wanted.has(id));
    // A row that is no longer listed becomes one that is; not where it has the focus, which would change its meaning.
    const spare = [];
    for (const id of gone) {
      const row = this.#rows.get(id);
      this.#rows.delete(id);
      if (!row.el.matches(":focus-within")) spare.push(row);
      row.el.remove();
    }
    const readonly = Boolean(this.#app.readonly);
    spans.forEach((span, index) => {
      const row = this.#rows.get(span.id) ?? spare.pop() ?? new Row(this.#app);
      this.#rows.set(span.id, row);
      row.fill(span, span.id === this.#selected, readonly);
      row.count(first === null ? null : first + index);
      if (this.#body.children[index] !== row.el) this.#body.insertBefore(row.el, this.#body.children[index] ?? null);
    });
  }

  #told(all, open, outside) {
    const parts = [["count_labels", all], ["count_open", open], ["count_outside", outside], ["count_discuss", this.#index.flagged]].filter(([, count]) => count);
    return parts.map(([key, count]) => this.#app.t(key, { count })).join(", ");
  }

  #rowOf({ target }) { return this.#rows.get(target.closest("tr")?.dataset.span); }

  #entered(event) {
    const row = this.#rowOf(event);
    if (!row) return;
    this.#app.links.peek(row.span.id, "focus");
    row.sure.entered(event);
  }

  #clicked(event) {
    const app = this.#app;
    const row = this.#rowOf(event);
    const does = event.target.closest("[data-does]")?.dataset.does;
    if (!row || !does) return;
    if (does === "go_to") app.goTo(row.span);
    else if (does === "edit") app.edit(row.span);
    else if (does === "link_with") app.links.open(row.span);
    else if (event.detail < 2) this.#remove(row); // the second click of a double click falls on the next row
  }

  /** After deleting, the focus goes to the same button of the next row, not to nowhere. */
  #remove({ el, span }) {
    const neighbour = el.nextElementSibling ?? el.previousElementSibling;
    this.#app.removeSpan(span);
    if (neighbour) neighbour.querySelector("[data-does=remove]").focus(); else this.#app.reader.takeFocus();
  }
}
