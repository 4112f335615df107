// What paper needs and a screen does not: a legend, and every label with all that is said about it. Made for printing
// and taken away afterwards.

import { h, swatch } from "../shared/dom.js";

export class Sheet {
  #app;

  constructor(app) {
    this.#app = app;
    this.el = h("section", { class: "ss-sheet", hidden: true });
    const options = { signal: app.signal };
    window.addEventListener("beforeprint", () => this.#fill(), options);
    window.addEventListener("afterprint", () => { this.el.hidden = true; this.el.replaceChildren(); }, options);
  }

  #fill() {
    const { sorted } = this.#app.index;
    this.el.hidden = false;
    this.el.replaceChildren(...this.#legend(), ...(sorted.length ? this.#table(sorted) : []), ...this.#links());
  }

  #legend() {
    const { layers } = this.#app.view;
    const meanings = (layer) => h("dl", {}, ...layer.labels.flatMap((label) =>
      [h("dt", {}, swatch(label), h("bdi", {}, label.name)), h("dd", {}, label.definition)]));
    return [h("h3", {}, this.#app.t("sheet_legend")),
      ...layers.flatMap((layer) => (layers.length > 1 ? [h("h4", {}, layer.name), meanings(layer)] : [meanings(layer)]))];
  }

  #table(spans) {
    const columns = this.#app.t("sheet_columns").map((name) => h("th", { scope: "col" }, name));
    return [h("h3", {}, this.#app.t("table")), h("table", {}, h("thead", {}, h("tr", {}, ...columns)),
      h("tbody", {}, ...spans.map((span) => this.#row(span))))];
  }

  #row(span) {
    const app = this.#app;
    const label = app.label(span);
    const answers = Object.entries(span.attributes).flatMap(([id, value]) => {
      const asked = label.attributes?.find((attribute) => attribute.id === id);
      return asked ? [`${asked.question} ${asked.values.find((each) => each.id === value)?.name ?? value}`] : [];
    });
    const notes = [span.discuss ? app.t("for_discussion") : "", ...answers, span.note].filter(Boolean);
    const sure = span.confidence === null ? app.t("no_confidence") : `${Math.round(span.confidence * 100)} %`;
    return h("tr", {}, h("td", {}, app.sentenceName(span)), h("td", {}, swatch(label), h("bdi", {}, label.name)),
      h("td", { class: "ss-sheet-words", lang: app.view.article.language, dir: app.view.article.dir }, span.quote),
      h("td", {}, sure), h("td", {}, ...notes.map((note) => h("p", {}, note))));
  }

  #links() {
    const spanOf = (id) => this.#app.spans.get(id);
    const told = [...this.#app.relations.values()].map((relation) => relation.members.map(spanOf).filter(Boolean)
      .map((span) => this.#app.t("member", { label: this.#app.label(span).name, quote: span.quote })));
    const items = told.filter((members) => members.length).map((members) => h("li", {}, members.join("; ")));
    return items.length ? [h("h3", {}, this.#app.t("links")), h("ol", {}, ...items)] : [];
  }
}
