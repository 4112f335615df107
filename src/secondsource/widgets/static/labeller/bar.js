import { Choice, keyOf, labelOptions } from "./fields.js";
import { button, h, shorten, swatch } from "../shared/dom.js";
import { countWords } from "../shared/offsets.js";

/** The labels of one layer as buttons, and the switch between layers. Always in sight. */
export class Bar {
  #app; #labels; #layers; #hint; #sure;

  constructor(app) {
    this.#app = app;
    const show = ({ target }) => this.#pointed(target);
    this.#labels = h("div", { // one set of listeners for all labels
      class: "ss-labels", role: "group", "aria-label": this.#app.t("bar"), onclick: ({ target }) => this.#chosen(target),
      onmouseover: show, onfocusin: show, onmouseleave: () => this.#pointed(null), onfocusout: () => this.#pointed(null),
    });
    this.#layers = h("div", { class: "ss-layers", role: "group", "aria-label": this.#app.t("layers"), hidden: app.view.layers.length < 2 },
      ...app.view.layers.map((layer) => button(layer.name, () => app.showLayer(layer), { "data-layer": layer.id })));
    this.#hint = h("p", { class: "ss-hint" });
    this.#sure = h("div", { class: "ss-sure", role: "radiogroup" }, h("span", { "aria-hidden": "true" }, this.#app.t("sure")),
      ...app.view.confidence.map((option, index) => this.#radio(option, index)));
    // Pressing a button must not take the selection away from the text.
    this.el = h("div", { class: "ss-bar", onmousedown: (event) => event.preventDefault() }, this.#layers, this.#labels,
      h("div", { class: "ss-next" }, this.#hint, this.#sure));
  }

  update() {
    const { layer, readonly, singleKeys } = this.#app;
    for (const element of this.#layers.children) element.setAttribute("aria-pressed", String(element.dataset.layer === layer.id));
    this.#labels.replaceChildren(...layer.labels.map((label) => this.#button(label, Boolean(readonly), singleKeys)));
    this.show();
  }

  /** The label whose button holds an element of the page. */
  #labelOf(element) {
    const id = element?.closest?.(".ss-label")?.dataset.label;
    return this.#app.layer.labels.find((label) => label.id === id) ?? null;
  }

  #pointed(element) { this.#app.definition.show(this.#labelOf(element)); }

  #chosen(element) {
    const label = this.#labelOf(element);
    if (label) this.#app.applyLabel(label);
  }

  #button(label, disabled, singleKeys) {
    return h("button", {
      type: "button", class: "ss-button ss-label", disabled, "data-label": label.id, "aria-description": label.ask,
      "aria-keyshortcuts": singleKeys ? label.shortcut : null,
    }, swatch(label), h("span", { class: "ss-name" }, label.name),
    singleKeys && label.shortcut ? h("kbd", { "aria-hidden": "true" }, label.shortcut) : null);
  }

  #radio({ value, name }, index) {
    const choose = () => this.#app.setConfidence(this.#app.spans.get(this.#app.selected), value);
    const input = h("input", { type: "radio", name: `${this.#app.client}-sure`, value: index, onchange: choose });
    // A press in the bar leaves the focus where it is; on the words beside the circle a browser would set it all the same.
    const press = (event) => { if (event.target !== input) { event.preventDefault(); input.click(); } };
    return h("label", { class: "ss-step", onclick: press }, input, this.#stepName(name));
  }

  /** “20 % – guessing”: on a small screen only the number can be seen. */
  #stepName(name) {
    const [short, ...rest] = name.split(/(?= – )/u);
    return h("span", {}, short, rest.length ? h("span", { class: "ss-step-more" }, rest.join("")) : null);
  }

  #selected(range) {
    const { article } = this.#app.reader;
    const words = this.#app.t("words", { count: countWords(article, range.start, range.end) });
    return this.#app.t("selected", { quote: shorten(range.quote), words });
  }

  /** Under the labels: the words being selected, else how sure the student is of the selected label, else what to do. */
  show() {
    const { readonly, singleKeys, reader, spans, selected, view } = this.#app;
    const range = reader.range();
    const span = range ? null : spans.get(selected);
    const idle = this.#app.t(readonly ? "readonly" : this.#app.tapping.on ? "tap_first" : singleKeys ? "bar_hint_keys" : "bar_hint");
    this.#hint.textContent = range ? this.#selected(range) : idle;
    this.#hint.inert = Boolean(span);
    this.#sure.inert = !span;
    if (!span) return;
    this.#sure.setAttribute("aria-label", this.#app.t("sure_of", { label: this.#app.label(span).name, quote: shorten(span.quote, 40) }));
    this.#sure.classList.toggle("ss-open", span.confidence === null);
    this.#sure.querySelectorAll("input").forEach((input, index) => {
      input.checked = view.confidence[index].value === span.confidence;
      input.disabled = Boolean(readonly);
    });
  }
}

/**
 * What a label means: the one being pointed at, else that of the selected passage, else the one used last. Any other can
 * be chosen below it, for those who cannot point. It has a place of its own, so nothing pops up and nothing is covered.
 */
export class Definition {
  #app; #shown = null; #body; #picker;

  constructor(app) {
    this.#app = app;
    this.#body = h("div", { class: "ss-card" });
    this.#picker = new Choice(() => this.#choices(), app.t("definition_of"));
    this.el = h("section", { class: "ss-card ss-definition", "aria-label": `${app.t("definition")} · ${app.view.title}` }, this.#body,
      h("label", { class: "ss-field", onmousedown: (event) => this.#picker.pressed(event), onfocusin: (event) => this.#picker.entered(event) },
        app.t("definition_of"), this.#picker.el));
  }

  #choices() {
    const choices = h("select", { onchange: () => this.show(this.#app.findLabel(choices.value)) }, ...labelOptions(this.#app));
    return choices;
  }

  show(label) {
    const span = this.#app.spans.get(this.#app.selected);
    const next = label ?? (span ? this.#app.label(span) : this.#app.lastLabel);
    if (this.#shown === next) return;
    this.#shown = next;
    this.#picker.show(next.name, (choices) => { choices.value = keyOf(this.#app.layerOf(next), next); });
    const lang = this.#app.view.labels_language; // the codebook's own, whatever the buttons speak
    const parts = [[this.#app.t("rule"), next.rule], [this.#app.t("example"), next.example], [this.#app.t("near_miss"), next.near_miss]];
    this.#body.replaceChildren(
      h("h4", { class: "ss-card-title" }, swatch(next), next.name),
      ...(next.ask ? [h("p", { class: "ss-ask", lang }, next.ask)] : []),
      ...(next.definition ? [h("p", { lang }, next.definition)] : []),
      h("dl", {}, ...parts.filter(([, text]) => text).flatMap(([term, text]) => [h("dt", {}, term), h("dd", { lang }, text)])));
  }
}
