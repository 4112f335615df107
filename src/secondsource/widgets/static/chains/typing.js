// A hand without selecting: type or paste the words, choose the place if they stand several times.

import { findOccurrences, nearestPassage } from "../labeller/finding.js";
import { button, h, retell } from "../shared/dom.js";

const PLACES = 30;

export class Typing {
  #app; #phrase; #result; #found = []; #buttons; #form;

  constructor(app) {
    const { t } = app;
    this.#app = app;
    this.#phrase = h("input", { type: "text", autocomplete: "off", spellcheck: "false", dir: "auto", "data-field": "typed", oninput: () => this.#search() });
    this.#result = h("div", { class: "ss-found" });
    this.#buttons = [h("button", { type: "submit", class: "ss-button ss-button-main" }), button("", () => this.#put(null))];
    this.#form = h("form", { class: "ss-quoter-form", onsubmit: (event) => { event.preventDefault(); this.#put(app.current); } },
      h("p", { class: "ss-empty" }, t("typing_help")), h("label", { class: "ss-field ss-grow" }, t("phrase"), this.#phrase), ...this.#buttons, this.#result);
    this.el = h("details", { class: "ss-quoter" }, h("summary", {}, t("typing")), this.#form);
  }

  open() {
    this.el.open = true;
    this.#phrase.focus();
  }

  update() {
    const { app, join, begin } = { app: this.#app, join: this.#buttons[0], begin: this.#buttons[1] };
    retell(join, app.joinText());
    retell(begin, app.t("begin_chain"));
    begin.hidden = !app.current;
    for (const control of this.#form.elements) control.disabled = Boolean(app.readonly);
  }

  #search() {
    const phrase = this.#phrase.value;
    this.#found = findOccurrences(this.#app.reader.article, phrase);
    if (!phrase.trim()) this.#result.replaceChildren();
    else if (!this.#found.length) this.#result.replaceChildren(...this.#nothing(phrase));
    else if (this.#found.length === 1) this.#result.replaceChildren(h("p", {}, this.#once()), this.#context(this.#found[0]));
    else this.#result.replaceChildren(this.#choices());
    const told = this.#result.querySelector("p, legend")?.textContent; // the sentence alone is read aloud
    if (told) this.#app.speak(told);
  }

  #once() {
    const sentence = this.#app.sentenceName(this.#found[0]);
    return sentence ? this.#app.t("found_once_in", { sentence }) : this.#app.t("found_once");
  }

  #nothing(phrase) {
    const { t, reader } = this.#app;
    const nearest = nearestPassage(reader.article, phrase);
    if (!nearest) return [h("p", {}, t("not_found"))];
    const use = () => {
      this.#phrase.value = reader.slice(nearest.start, nearest.end).replace(/\s+/gu, " ");
      this.#search();
      this.#phrase.focus();
    };
    return [h("p", {}, t("not_found"), " ", t("nearest")), this.#context(nearest), button(t("use_nearest"), use)];
  }

  #choices() {
    const { t, client } = this.#app;
    const [count, shown] = [this.#found.length, this.#found.slice(0, PLACES)];
    const legend = count > PLACES ? t("found_most", { count, shown: shown.length }) : t("found_many", { count });
    return h("fieldset", { class: "ss-occurrences" }, h("legend", {}, legend), ...shown.map((range, index) =>
      h("label", {}, h("input", { type: "radio", name: `${client}-place`, value: index }), this.#context(range))));
  }

  #context({ start, end }) {
    const { reader, view } = this.#app;
    const line = (from, to) => reader.slice(from, to).replace(/\n+/g, " ¶ ");
    const where = this.#app.sentenceName({ start, end });
    return h("span", { class: "ss-context" }, where ? h("b", {}, `${where} `) : null,
      h("bdi", { lang: view.article.language }, `…${line(Math.max(0, start - 40), start)}`, h("mark", {}, line(start, end)), `${line(end, end + 40)}…`));
  }

  #put(chain) {
    const app = this.#app;
    const checked = this.#result.querySelector("input:checked");
    const range = this.#found.length === 1 ? this.#found[0] : this.#found[Number(checked?.value ?? -1)];
    if (!this.#phrase.value.trim()) app.say(app.t("type_first"));
    else if (!this.#found.length) app.say(app.t("not_found"));
    else if (!range) app.say(app.t("choose_one"));
    else if (app.put(app.handAt(range), chain)) {
      this.#phrase.value = "";
      this.#search();
      this.#phrase.focus();
    }
  }
}
