import { sureSelect } from "./fields.js";
import { afterPaint, button, h, shorten, swatch, whenIdle } from "../shared/dom.js";

/** Up to so many labels all stand in the table; of more, a stretch of the text's order. */
const ALL = 200;
const STRETCH = 25;

/**
 * The labels in the order of the text, as a real table. Rows are kept and updated, so focus survives an edit. Of very
 * many labels a stretch is listed: the one around the label selected last, or the one before or after it.
 */
export class Table {
  #app; #index; #body; #rows = new Map(); #empty; #progress; #table; #pages; #from = 0; #selected = null; #opened = false; #waiting = false;

  constructor(app) {
    this.#app = app;
    this.#progress = h("p", { class: "ss-progress" });
    this.#empty = h("p", { class: "ss-empty" }, this.#app.t("table_empty"));
    this.#pages = this.#makePages();
    this.#body = h("tbody", { role: "rowgroup" });
    // The roles keep it a table for screen readers where narrow screens lay the rows out as cards.
    const headings = this.#app.t("columns").map((name) => h("th", { role: "columnheader", scope: "col" }, name));
    this.#table = h("table", { role: "table", "aria-label": this.#app.t("table") },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...headings)), this.#body);
    this.el = h("section", { class: "ss-table" },
      h("div", { class: "ss-table-head" }, h("h3", { class: "ss-heading" }, this.#app.t("table")), this.#progress), this.#empty,
      this.#pages.el, this.#table);
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
    const all = index.sorted.length;
    this.#progress.textContent = all ? this.#told(all, index.open, index.outside) : "";
    this.#empty.hidden = all > 0;
    this.#table.hidden = all === 0;
    if (selected !== this.#selected) this.#turnTo(index.get(selected));
    this.#selected = selected;
    // The rows of a labeller that is being opened, and a stretch of very many, come when the text has been painted.
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
    const { sorted } = this.#index;
    const { el, told, before, after } = this.#pages;
    const count = sorted.length;
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
      const row = this.#rows.get(span.id) ?? spare.pop() ?? this.#row();
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

  #row() {
    const app = this.#app;
    /** @type {Span} */ let span;
    let [locked, number, linked] = [null, null, null];
    const cell = (kind, ...children) => h("td", { role: "cell", class: `ss-cell-${kind}` }, ...children);
    const label = h("span", { class: "ss-named" });
    const quote = h("bdi", { lang: app.view.article.language });
    const where = h("span", { class: "ss-where" });
    const sure = sureSelect(app, () => app.setConfidence(span, sure.value === "" ? null : Number(sure.value)));
    const steps = sure.length;
    const note = h("p", { class: "ss-note" });
    const flagged = h("p", { class: "ss-where ss-flagged", hidden: true }, app.t("discuss"));
    const belongs = h("span", {});
    const link = button(app.t("link_with"), () => app.links.open(span));
    const links = h("p", { class: "ss-linked" }, belongs);
    const [goTo, edit] = [button(this.#app.t("go_to"), () => app.goTo(span)), button(this.#app.t("edit"), () => app.edit(span))];
    const remove = button(this.#app.t("remove"), () => this.#remove(span));
    const actions = [goTo, edit, link, remove];
    const el = h("tr", { role: "row", onfocusin: () => app.links.peek(span.id, "focus"), onfocusout: () => app.links.peek("", "focus") },
      cell("label", label), cell("quote", quote, where, flagged, note, links), cell("sure", sure), cell("actions", ...actions));
    const fill = (next, selected, readonly) => {
      el.classList.toggle("ss-on", selected);
      const told = app.links.told(next);
      if (next === span && readonly === locked && told === linked) return;
      [span, locked, linked] = [next, readonly, told];
      belongs.textContent = told;
      belongs.hidden = !told;
      links.hidden = !told;
      link.hidden = !app.links.kind(next);
      flagged.hidden = !next.discuss;
      el.dataset.span = next.id;
      label.replaceChildren(swatch(app.label(next)), app.label(next).name);
      quote.textContent = next.quote;
      where.textContent = app.whereabouts(next);
      sure.length = steps;
      sure.value = next.confidence ?? "";
      // Python may have set a value that is not among the steps offered here.
      const percent = `${Math.round(next.confidence * 100)} %`;
      if (sure.selectedIndex < 0) sure.append(h("option", { value: next.confidence, selected: true }, percent));
      note.textContent = next.note;
      note.hidden = !next.note;
      sure.disabled = link.disabled = remove.disabled = readonly;
      const short = shorten(next.quote);
      sure.setAttribute("aria-label", app.t("sure_about", { quote: short }));
      actions.forEach((action) => action.setAttribute("aria-label", app.t("about", { action: action.textContent, quote: short })));
    };
    const count = (next) => {
      if (next === number) return;
      number = next;
      if (number === null) el.removeAttribute("aria-rowindex"); else el.setAttribute("aria-rowindex", number);
    };
    return { el, fill, count };
  }

  /** After deleting, the focus goes to the same button of the next row, not to nowhere. */
  #remove(span) {
    const row = this.#rows.get(span.id).el;
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    this.#app.removeSpan(span);
    if (neighbour) neighbour.querySelector(".ss-cell-actions button:last-child").focus(); else this.#app.reader.takeFocus();
  }
}
