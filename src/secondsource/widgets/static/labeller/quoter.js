import { keyOf, labelOption, sureSelect } from "./fields.js";
import { findOccurrences, nearestPassage } from "./finding.js";
import { button, h } from "../shared/dom.js";

const OCCURRENCES = 50;

/** Labelling without selecting: type or paste the words, choose the occurrence, choose the label. */
export class Quoter {
  #app; #phrase; #label; #sure; #result; #found = []; #form = null; #offered = null;

  constructor(app) {
    this.#app = app;
    this.el = h("details", { class: "ss-quoter", ontoggle: () => this.#make() }, h("summary", {}, app.t("quoter")));
  }

  /** The form is made when it is opened for the first time. */
  #make() {
    if (this.#form) return;
    const app = this.#app;
    this.#phrase = h("input", { type: "text", autocomplete: "off", spellcheck: "false", dir: "auto", oninput: () => this.#search() });
    this.#label = h("select", {}, ...app.view.layers.flatMap((layer) => layer.labels.map((label) => labelOption(layer, label))));
    this.#sure = sureSelect(app);
    this.#result = h("div", { class: "ss-found" });
    this.#form = h("form", { class: "ss-quoter-form", onsubmit: (event) => { event.preventDefault(); this.#add(); } },
      h("p", { class: "ss-empty" }, this.#app.t("quoter_help")),
      h("label", { class: "ss-field ss-grow" }, this.#app.t("phrase"), this.#phrase),
      h("label", { class: "ss-field" }, this.#app.t("label"), this.#label), h("label", { class: "ss-field" }, this.#app.t("sure"), this.#sure),
      h("button", { type: "submit", class: "ss-button ss-button-main" }, this.#app.t("add")), this.#result);
    this.el.append(this.#form);
    this.update();
  }

  open() {
    this.#make();
    this.el.open = true;
    this.#phrase.focus();
  }

  update() {
    if (!this.#form) return;
    const { lastLabel, readonly } = this.#app;
    // The label used last is offered first; what is chosen here meanwhile stays, whatever the notebook answers.
    if (this.#offered !== lastLabel) this.#label.value = keyOf(this.#app.layerOf(lastLabel), lastLabel);
    this.#offered = lastLabel;
    for (const control of this.#form.elements) control.disabled = Boolean(readonly);
  }

  #search() {
    const phrase = this.#phrase.value;
    this.#found = findOccurrences(this.#app.reader.article, phrase);
    const [first, second] = this.#found;
    if (!phrase.trim()) this.#result.replaceChildren();
    else if (!first) this.#result.replaceChildren(...this.#nothing(phrase));
    else if (second) this.#result.replaceChildren(this.#choices());
    else this.#result.replaceChildren(h("p", {}, this.#once(first)), this.#context(first));
    // The sentence alone is read aloud, not the choices below it.
    const told = this.#result.querySelector("p, legend")?.textContent;
    if (told) this.#app.speak(told);
  }

  #once(range) {
    const sentence = this.#app.sentenceName(range);
    return sentence ? this.#app.t("found_once_in", { sentence }) : this.#app.t("found_once");
  }

  #nothing(phrase) {
    const nearest = nearestPassage(this.#app.reader.article, phrase);
    if (!nearest) return [h("p", {}, this.#app.t("not_found"))];
    const quote = this.#app.reader.slice(nearest.start, nearest.end);
    const use = () => { this.#phrase.value = quote.replace(/\s+/gu, " "); this.#search(); this.#phrase.focus(); };
    return [h("p", {}, this.#app.t("not_found"), " ", this.#app.t("nearest")), this.#context(nearest), button(this.#app.t("use_nearest"), use)];
  }

  #choices() {
    const shown = this.#found.slice(0, OCCURRENCES);
    const count = this.#found.length;
    const legend = shown.length < count ? this.#app.t("found_most", { count, shown: shown.length }) : this.#app.t("found_many", { count });
    const name = `${this.#app.client}-occurrence`;
    return h("fieldset", { class: "ss-occurrences" }, h("legend", {}, legend),
      ...shown.map((range, index) => h("label", {}, h("input", { type: "radio", name, value: index }), this.#context(range))));
  }

  #context({ start, end }) {
    const { reader } = this.#app;
    const line = (text) => text.replace(/\n+/g, " ¶ ");
    const where = this.#app.sentenceName({ start, end });
    return h("span", { class: "ss-context" }, where ? h("b", {}, `${where} `) : null,
      h("bdi", { lang: this.#app.view.article.language },
        `…${line(reader.slice(Math.max(0, start - 40), start))}`,
        h("mark", {}, line(reader.slice(start, end))),
        `${line(reader.slice(end, end + 40))}…`));
  }

  #add() {
    const checked = this.#result.querySelector("input:checked");
    const range = this.#found.length === 1 ? this.#found[0] : this.#found[Number(checked?.value ?? -1)];
    if (!this.#phrase.value.trim()) this.#app.say(this.#app.t("type_first"));
    else if (!this.#found.length) this.#app.say(this.#app.t("not_found"));
    else if (!range) this.#app.say(this.#app.t("choose_one"));
    else {
      const label = this.#app.findLabel(this.#label.value);
      if (!this.#app.create(range, label, this.#sure.value === "" ? null : Number(this.#sure.value))) return;
      this.#phrase.value = this.#sure.value = "";
      this.#search();
      this.#phrase.focus();
    }
  }
}
