// One item with its question: what is seen of it and how an answer shows. What a student does is for `Rows` to notice.

import { button, h, literal, swatch } from "../shared/dom.js";
import { around, isDone, wordCount } from "./answers.js";

/** “20 % – guessing”: on a small screen only the number can be seen. */
function stepName(name) {
  const [short, ...rest] = name.split(/(?= – )/u);
  return h("span", {}, short, rest.length ? h("span", { class: "ss-step-more" }, rest.join("")) : null);
}

export class ItemRow {
  answer = null;
  #app; #name; #parts; #shown = ""; #reason = "";

  /** @param {Item} item */
  constructor(app, item) {
    this.#app = app;
    this.item = item;
    this.#name = `${app.client}-${item.id}`;
    const { view } = app;
    const place = { lang: view.article.language, dir: view.article.dir };
    const text = h("span", { class: "ss-s-text", id: `${this.#name}-text`, ...place }, ...literal(item.text));
    const parts = this.#parts = { ...(view.written ? this.#writing() : this.#choosing()) };
    parts.mark = h("span", { class: "ss-s-mark", "aria-hidden": "true" });
    parts.around = view.cards || item.id === "H" ? null : this.#quiet("context", "context", { "aria-expanded": "false" });
    parts.context = h("p", { class: "ss-s-context", hidden: true, ...place });
    this.el = h("li", { class: "ss-s-row", "data-item": item.id },
      h("fieldset", {},
        h("legend", {}, h("bdi", {}, item.name), parts.mark),
        h("div", { class: "ss-s-body" }, h("p", { class: "ss-s-item" }, text, " ", parts.around), parts.context, parts.answer)));
  }

  /** Where the focus goes when somebody comes to this item: to what is missing, else to the answer. */
  get entrance() {
    const { text, choices, steps } = this.#parts;
    return text ?? (this.answer?.confidence === null ? steps[0] : choices.find((input) => input.checked) ?? choices[0]);
  }

  /** Where the focus goes from the text field, if anywhere. */
  get exit() { return this.#parts.why; }

  get text() { return this.#parts.text ?? this.#parts.note; }

  input(label) { return this.#parts.choices.find((input) => input.value === label.id); }

  step(confidence) { return this.#parts.steps.find((input) => Number(input.value) === confidence); }

  showKeys(on) {
    this.#parts.choices.forEach((input, index) => {
      const { shortcut } = this.#app.layer.labels[index];
      if (on && shortcut) input.setAttribute("aria-keyshortcuts", shortcut); else input.removeAttribute("aria-keyshortcuts");
    });
  }

  // ---- building

  #quiet(action, key, more = {}) {
    const name = this.#app.t("about_item", { action: this.#app.t(key), item: this.item.name });
    return button(this.#app.t(key), null, { class: "ss-button ss-s-quiet", onclick: null, "data-action": action, "aria-label": name, ...more });
  }

  #writing() {
    const { t, view } = this.#app;
    const text = h("textarea", {
      rows: 4, maxlength: view.max_note, "data-field": "note", placeholder: t("write"), dir: "auto",
      "aria-label": t("answer_to", { item: this.item.name }), "aria-describedby": `${this.#name}-text ${this.#name}-count`,
    });
    const count = h("p", { class: "ss-s-count", id: `${this.#name}-count` });
    return { text, count, choices: [], steps: [], answer: h("div", { class: "ss-s-answer" }, text, count) };
  }

  #choosing() {
    const { t, view } = this.#app;
    const choices = this.#app.layer.labels.map((label) => this.#choice(label));
    const steps = view.confidence.map(({ value, name }) => this.#step(value, name));
    const group = h("div", {
      class: view.scale ? "ss-s-points" : "ss-s-choices", role: "radiogroup",
      "aria-label": t("answer_to", { item: this.item.name }), "aria-describedby": `${this.#name}-text`,
    }, ...choices);
    const sure = h("div", { class: "ss-sure", role: "radiogroup", "aria-label": t("sure_about_item", { item: this.item.name }) },
      h("span", { "aria-hidden": "true" }, t("sure")), ...steps);
    const why = this.#quiet("why", "why", { "aria-expanded": "false" });
    const clear = this.#quiet("clear", "clear");
    const note = h("textarea", {
      rows: 2, maxlength: 2000, "data-field": "note", placeholder: t("why_placeholder"), hidden: true, dir: "auto",
      "aria-label": t("about_item", { action: t("why"), item: this.item.name }),
    });
    const more = h("div", { class: "ss-s-more" }, sure, h("div", { class: "ss-s-tools" }, why, clear));
    const ends = view.scale ? this.#ends() : null;
    return {
      choices: choices.map((choice) => choice.querySelector("input")), steps: steps.map((step) => step.querySelector("input")),
      sure, why, clear, note, more, answer: h("div", { class: "ss-s-answer" }, ends ? h("div", { class: "ss-s-scale" }, group, ends) : group, more, note),
    };
  }

  /** What the two ends of a scale mean, under them; told with the points themselves to those who do not see it. */
  #ends() {
    const { low, high } = this.#app.view.scale;
    const lang = this.#app.view.labels_language;
    return h("div", { class: "ss-s-ends", "aria-hidden": "true", lang }, h("bdi", {}, low), h("bdi", {}, high));
  }

  #choice(label) {
    const { scale, labels_language: lang } = this.#app.view;
    const input = h("input", { type: "radio", name: this.#name, value: label.id, "data-field": "answer" });
    if (scale) {
      const { labels } = this.#app.layer;
      const end = label === labels[0] ? scale.low : label === labels.at(-1) ? scale.high : "";
      return h("label", { class: "ss-s-point" }, input, h("span", { class: "ss-name" }, label.name), end ? h("span", { class: "ss-visually-hidden", lang }, end) : null);
    }
    if (label.ask) input.setAttribute("aria-description", label.ask);
    return h("label", { class: "ss-step ss-s-choice" }, input, swatch(label), h("span", { class: "ss-name", lang }, label.name),
      label.shortcut ? h("kbd", { "aria-hidden": "true" }, label.shortcut) : null);
  }

  #step(value, name) {
    return h("label", { class: "ss-step" }, h("input", { type: "radio", name: `${this.#name}-sure`, value, "data-field": "sure" }), stepName(name));
  }

  // ---- showing

  /** @param {Span|null} answer @param {boolean} typing  words in the field are newer than the answer */
  fill(answer, typing) {
    const { readonly, view } = this.#app;
    this.answer = answer;
    const shown = JSON.stringify([answer, Boolean(readonly), typing]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    const done = isDone(answer, view.written);
    this.el.classList.toggle("ss-s-done", done);
    this.el.classList.toggle("ss-s-open", Boolean(answer) && !done);
    if (!typing && this.text.value !== (answer?.note ?? "")) this.text.value = answer?.note ?? "";
    this.text.readOnly = Boolean(readonly); // its words can still be copied
    if (view.written) this.count(); else this.#fillChoice(answer, Boolean(readonly), typing);
  }

  #fillChoice(answer, lock, typing) {
    const { choices, steps, more, sure, why, clear, note } = this.#parts;
    for (const input of choices) {
      input.checked = input.value === answer?.label;
      input.disabled = lock;
    }
    const open = Boolean(answer) || typing; // another view may take the answer away while its reason is being typed
    more.inert = !open;
    sure.classList.toggle("ss-open", answer?.confidence === null);
    for (const input of steps) {
      input.checked = Number(input.value) === answer?.confidence;
      input.disabled = lock;
    }
    this.#tellOther(answer?.confidence ?? null);
    clear.disabled = lock;
    why.disabled = lock && !answer?.note;
    // Opened where a reason comes in; a student may close it, and it stays closed.
    if (!open || (note.value && !this.#reason)) this.showNote(open);
    this.#reason = note.value;
  }

  /** Python may have set a confidence that is not among the steps offered here. */
  #tellOther(confidence) {
    const { sure, steps } = this.#parts;
    const { t } = this.#app;
    const other = confidence === null || steps.some(({ checked }) => checked) ? "" : ` ${Math.round(confidence * 100)} %`;
    sure.firstChild.textContent = t("sure") + other;
    sure.setAttribute("aria-label", t("sure_about_item", { item: this.item.name }) + other);
  }

  get noting() { return this.#parts.why?.getAttribute("aria-expanded") === "true"; }

  showNote(on) {
    this.#parts.why.setAttribute("aria-expanded", String(on));
    this.#parts.note.hidden = !on;
  }

  /** How much is written; near the end, how much more there is room for. */
  count() {
    const { text, count } = this.#parts;
    const left = this.#app.view.max_note - text.value.length;
    const { t } = this.#app;
    const told = [t("words_written", { count: wordCount(text.value) }), left < 500 && t("left", { count: left })].filter(Boolean).join(" · ");
    if (count.textContent !== told) count.textContent = told;
  }

  /** Open or close what stands before and after the sentence. */
  showContext(slice) {
    const { around: press, context } = this.#parts;
    const on = context.hidden;
    press.setAttribute("aria-expanded", String(on));
    context.hidden = !on;
    if (!on) return;
    const { before, after } = around(this.#app.view.sentences, this.item);
    const said = (sentences) => sentences.flatMap((sentence) => [...literal(slice(sentence.start, sentence.end)), " "]);
    context.replaceChildren(...said(before), h("mark", {}, ...literal(this.item.text)), " ", ...said(after));
  }

  /** On paper a text field is cut off, so its words stand beside it. */
  onPaper(on) {
    this.#parts.paper?.remove();
    this.#parts.paper = on && this.text.value ? h("p", { class: "ss-s-paper" }, ...literal(this.text.value)) : null;
    if (this.#parts.paper) this.text.after(this.#parts.paper);
  }
}
