import { labelOption } from "./fields.js";
import { button, h, swatch } from "../shared/dom.js";

/** Milliseconds after the last letter, and at most after the first one, until a note is handed over. */
const PAUSE = 800;
const LONGEST = 5000;

/** The selected span: everything about it can be changed here. */
export class Inspector {
  #app; #span = null; #built = null; #fields; #dirty = false; #timer = 0; #session = 0; #since = 0;

  constructor(app) {
    this.#app = app;
    this.el = h("section", { class: "ss-card ss-inspector", "aria-label": this.#app.t("inspector") });
    app.signal.addEventListener("abort", () => clearTimeout(this.#timer));
  }

  get dirty() { return this.#dirty; }

  /** @param {Span|null} span */
  update(span) {
    if (!span) this.#dirty = false; // another view has taken the label away
    const built = span && `${span.id} ${span.layer} ${span.label} ${Boolean(this.#app.readonly)}`;
    this.#span = span;
    if (span && this.#built !== built) this.#build(span);
    if (span) this.#fill(span);
    else this.el.replaceChildren(h("h4", { class: "ss-card-title" }, this.#app.t("inspector")), h("p", { class: "ss-empty" }, this.#app.t("inspector_empty")));
    this.#built = built;
  }

  focusPicker() { this.#fields?.label.focus(); }

  #build(span) {
    const app = this.#app;
    const label = app.label(span);
    const hadFocus = this.el.querySelector(":focus")?.dataset.field;
    const lock = Boolean(app.readonly);
    const typed = this.#dirty ? this.#fields.note.value : ""; // what is not handed over yet goes on in the new field
    this.#fields = {
      title: h("h4", { class: "ss-card-title" }, swatch(label), label.name),
      quote: h("blockquote", { class: "ss-quote", dir: app.view.article.dir, lang: app.view.article.language }),
      where: h("p", { class: "ss-where" }),
      label: h("select", { "data-field": "label", disabled: lock, onchange: (event) => app.relabel(this.#span, event.target.value, true) },
        ...app.view.layers.flatMap((layer) => this.#options(layer))),
      note: h("textarea", {
        rows: 2, maxlength: 2000, "data-field": "note", placeholder: this.#app.t("note_placeholder"), disabled: lock,
        onfocus: () => { this.#session += 1; }, oninput: () => this.#typed(),
        onchange: ({ target }) => { if (target === this.#fields.note) this.flush(); }, // not that of a field that is being replaced
      }),
      attributes: label.attributes?.map((attribute) => this.#attribute(attribute, lock)) ?? [],
      resize: button(this.#app.t("resize"), () => app.resizeToSelection(), { disabled: lock, onmousedown: (event) => event.preventDefault() }),
    };
    const { title, quote, where, label: picker, note, attributes, resize } = this.#fields;
    note.value = typed;
    this.el.replaceChildren(h("p", { class: "ss-empty" }, this.#app.t("inspector")), title, quote, where,
      h("label", { class: "ss-field" }, this.#app.t("label"), picker), ...attributes.map((field) => field.row),
      h("label", { class: "ss-field" }, this.#app.t("note"), note), app.links.el,
      h("div", { class: "ss-row" }, resize, button(this.#app.t("remove"), () => app.removeSpan(this.#span), { disabled: lock }),
        button(this.#app.t("close"), () => app.close())));
    if (hadFocus) this.el.querySelector(`[data-field="${CSS.escape(hadFocus)}"]`)?.focus();
  }

  #options(layer) {
    const options = layer.labels.map((label) => labelOption(layer, label));
    return this.#app.view.layers.length > 1 ? [h("optgroup", { label: layer.name }, ...options)] : options;
  }

  #attribute({ id, question, values }, disabled) {
    const set = () => this.#app.setAttribute(this.#span, id, select.value);
    const select = h("select", { disabled, "data-field": `attribute-${id}`, onchange: set }, h("option", { value: "" }, this.#app.t("no_answer")),
      ...values.map((value) => h("option", { value: value.id }, value.name)));
    return { id, select, row: h("label", { class: "ss-field" }, question, select) };
  }

  #fill(span) {
    const { quote, where, label, note, attributes } = this.#fields;
    quote.textContent = span.quote;
    where.textContent = this.#app.whereabouts(span);
    label.value = `${span.layer}/${span.label}`;
    for (const { id, select } of attributes) select.value = span.attributes[id] ?? "";
    if (!this.#dirty) note.value = span.note;
  }

  #typed() {
    this.#since = this.#dirty ? this.#since : Date.now();
    this.#dirty = true;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.flush(), Math.max(0, Math.min(PAUSE, this.#since + LONGEST - Date.now())));
    this.#app.showChip();
  }

  /** Hand over the note that is being typed. */
  flush() {
    clearTimeout(this.#timer);
    if (!this.#dirty || this.#app.readonly) return; // where nothing can be saved, the words stay in their field
    this.#dirty = false;
    this.#app.setNote(this.#span, this.#fields.note.value, `note:${this.#span.id}:${this.#session}`);
  }
}
