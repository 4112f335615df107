import { Choice, setSure, sureName, sureSelect } from "./fields.js";
import { button, h, shorten, swatch } from "../shared/dom.js";

/** Characters of a quotation that surely fit into three lines. */
const SHORT = 90;

/** One label in the table. Most have no note and no links: what tells of them is made when there are some. */
export class Row {
  /** @type {Span} */ span;
  #app; #label; #quote; #where; #about; #more = []; #locked = null; #linked = null; #number = null;

  constructor(app) {
    this.#app = app;
    const cell = (kind, ...children) => h("td", { role: "cell", class: `ss-cell-${kind}` }, ...children);
    this.#label = h("span", { class: "ss-named" });
    this.#quote = h("bdi", { lang: app.view.article.language });
    this.#where = h("span", { class: "ss-where" });
    this.#about = cell("quote", this.#quote, this.#where);
    this.sure = new Choice(() => this.#steps());
    this.el = h("tr", { role: "row" }, cell("label", this.#label), this.#about, cell("sure", this.sure.el), cell("actions"));
  }

  fill(span, selected, readonly) {
    const app = this.#app;
    this.el.classList.toggle("ss-on", selected);
    const told = app.links.told(span);
    if (span === this.span && readonly === this.#locked && told === this.#linked) return;
    [this.span, this.#locked, this.#linked] = [span, readonly, told];
    this.el.setAttribute("data-span", span.id);
    this.#label.replaceChildren(swatch(app.label(span)), app.label(span).name);
    this.#quote.textContent = span.quote;
    this.#quote.classList.toggle("ss-long", span.quote.length > SHORT);
    this.#where.textContent = app.whereabouts(span);
    this.#tellMore(span, told);
    this.sure.show(sureName(app, span.confidence), (steps) => setSure(steps, span.confidence));
    this.sure.disable(readonly);
    const short = shorten(span.quote);
    this.#act(app.links.kind(span) ? ["go_to", "edit", "link_with", "remove"] : ["go_to", "edit", "remove"], short, readonly);
    this.sure.name(app.t("sure_about", { quote: short }));
  }

  /** Place in the whole table, where only a stretch is listed. @param {number|null} number */
  count(number) {
    if (number === this.#number) return;
    this.#number = number;
    if (number === null) this.el.removeAttribute("aria-rowindex"); else this.el.setAttribute("aria-rowindex", number);
  }

  /** What can be done with the label; the table hears the clicks. */
  #act(names, quote, readonly) {
    const actions = this.el.lastElementChild;
    if (actions.childElementCount !== names.length) {
      actions.replaceChildren(...names.map((name) => button(this.#app.t(name), null, { "data-does": name })));
    }
    for (const action of actions.children) {
      action.setAttribute("aria-label", this.#app.t("about", { action: action.textContent, quote }));
      action.disabled = readonly && ["link_with", "remove"].includes(action.dataset.does);
    }
  }

  #steps() {
    const steps = sureSelect(this.#app, () => this.#app.setConfidence(this.span, steps.value === "" ? null : Number(steps.value)));
    return steps;
  }

  #tellMore(span, told) {
    for (const each of this.#more) each.remove();
    this.#more = [
      span.discuss ? h("p", { class: "ss-where ss-flagged" }, this.#app.t("discuss")) : null,
      span.note ? h("p", { class: "ss-note" }, span.note) : null, told ? h("p", { class: "ss-linked" }, h("span", {}, told)) : null,
    ].filter(Boolean);
    this.#about.append(...this.#more);
  }
}
