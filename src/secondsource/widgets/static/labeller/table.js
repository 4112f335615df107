import { sureSelect } from "./fields.js";
import { progress } from "./spans.js";
import { button, h, shorten, swatch } from "../shared/dom.js";

/** All labels in the order of the text, as a real table. Rows are kept and updated, so focus survives an edit. */
export class Table {
  #app; #body; #rows = new Map(); #empty; #progress; #table;

  constructor(app) {
    this.#app = app;
    this.#progress = h("p", { class: "ss-progress" });
    this.#empty = h("p", { class: "ss-empty" }, this.#app.t("table_empty"));
    this.#body = h("tbody", { role: "rowgroup" });
    // The roles keep it a table for screen readers where narrow screens lay the rows out as cards.
    const headings = this.#app.t("columns").map((name) => h("th", { role: "columnheader", scope: "col" }, name));
    this.#table = h("table", { role: "table", "aria-label": this.#app.t("table") },
      h("thead", { role: "rowgroup" }, h("tr", { role: "row" }, ...headings)), this.#body);
    this.el = h("section", { class: "ss-table" },
      h("div", { class: "ss-table-head" }, h("h3", { class: "ss-heading" }, this.#app.t("table")), this.#progress), this.#empty, this.#table);
  }

  /** @param {Span[]} spans */
  update(spans, selected) {
    const { all, open, outside } = progress(spans, this.#app.reader.sentences);
    this.#progress.textContent = all ? this.#told(all, open, outside) : "";
    this.#empty.hidden = all > 0;
    this.#table.hidden = all === 0;
    const known = new Set(spans.map((span) => span.id));
    for (const [id, row] of this.#rows) if (!known.has(id)) { row.el.remove(); this.#rows.delete(id); }
    spans.forEach((span, index) => {
      const row = this.#rows.get(span.id) ?? this.#row();
      this.#rows.set(span.id, row);
      row.fill(span, span.id === selected, Boolean(this.#app.readonly));
      if (this.#body.children[index] !== row.el) this.#body.insertBefore(row.el, this.#body.children[index] ?? null);
    });
  }

  #told(all, open, outside) {
    const parts = [["count_labels", all], ["count_open", open], ["count_outside", outside]].filter(([, count]) => count);
    return parts.map(([key, count]) => this.#app.t(key, { count })).join(", ");
  }

  #row() {
    const app = this.#app;
    /** @type {Span} */ let span;
    let shown = "";
    const cell = (kind, ...children) => h("td", { role: "cell", class: `ss-cell-${kind}` }, ...children);
    const label = h("span", { class: "ss-named" });
    const quote = h("bdi", { lang: app.view.article.language });
    const where = h("span", { class: "ss-where" });
    const sure = sureSelect(app, () => app.setConfidence(span, sure.value === "" ? null : Number(sure.value)));
    const note = h("p", { class: "ss-note" });
    const [goTo, edit] = [button(this.#app.t("go_to"), () => app.goTo(span)), button(this.#app.t("edit"), () => app.edit(span))];
    const actions = [goTo, edit, button(this.#app.t("remove"), () => this.#remove(span))];
    const el = h("tr", { role: "row" }, cell("label", label), cell("quote", quote, where, note), cell("sure", sure), cell("actions", ...actions));
    const fill = (next, selected, readonly) => {
      span = next;
      el.classList.toggle("ss-on", selected);
      const signature = JSON.stringify([next, readonly]);
      if (signature === shown) return;
      shown = signature;
      el.dataset.span = next.id;
      label.replaceChildren(swatch(app.label(next)), app.label(next).name);
      quote.textContent = next.quote;
      where.textContent = app.whereabouts(next);
      sure.value = next.confidence ?? "";
      // Python may have set a value that is not among the steps offered here.
      const percent = `${Math.round(next.confidence * 100)} %`;
      if (sure.selectedIndex < 0) sure.append(h("option", { value: next.confidence, selected: true }, percent));
      note.textContent = next.note;
      note.hidden = !next.note;
      sure.disabled = actions[2].disabled = readonly;
      sure.setAttribute("aria-label", app.t("sure_about", { quote: shorten(next.quote) }));
      actions.forEach((action) => action.setAttribute("aria-label", app.t("about", { action: action.textContent, quote: shorten(next.quote) })));
    };
    return { el, fill };
  }

  /** After deleting, the focus goes to the same button of the next row, not to nowhere. */
  #remove(span) {
    const row = this.#rows.get(span.id).el;
    const neighbour = row.nextElementSibling ?? row.previousElementSibling;
    this.#app.removeSpan(span);
    if (neighbour) neighbour.querySelector("button:last-child").focus(); else this.#app.reader.takeFocus();
  }
}
