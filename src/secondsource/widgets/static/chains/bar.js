// Above the text: what is selected in it, and what can be made of it.

import { button, h, retell, shorten } from "../shared/dom.js";
import { countWords } from "../shared/offsets.js";

/** Characters of a selection that are told, so that it stays on a line or two. */
const TOLD = 70;

export class PickedBar {
  #app; #hint; #told; #join; #begin; #drop;

  constructor(app) {
    const { t, layer, view } = app;
    this.#app = app;
    [this.#hint, this.#told] = [h("p", { class: "ss-picked" }), h("p", { class: "ss-picked" })];
    this.#join = button("", () => app.put(app.picked(), app.current), { class: "ss-button ss-button-main", "data-does": "join" });
    this.#begin = button(t("begin_chain"), () => app.put(app.picked(), null), { "data-does": "begin", "aria-keyshortcuts": "n" });
    this.#drop = button(t("drop_hand"), () => app.removeSelected(), { "data-does": "drop" });
    // One place for the hint and what is told: its height never changes, so the text never jumps under the pointer.
    this.el = h("div", { class: "ss-bar", role: "group", "aria-label": t("bar") },
      h("p", { class: "ss-question-asked", lang: view.labels_language }, layer.question),
      h("div", { class: "ss-picked-place" }, this.#hint, this.#told), h("div", { class: "ss-row" }, this.#join, this.#begin, this.#drop));
  }

  show() {
    const { t, reader, spans, selected, singleKeys, current, readonly } = this.#app;
    const range = reader.range();
    const span = range ? null : spans.get(selected);
    this.#hint.textContent = t(singleKeys ? "bar_hint_keys" : "bar_hint");
    this.#told.textContent = this.#telling(range, span);
    this.#hint.inert = this.#told.textContent !== "";
    retell(this.#join, this.#app.joinText());
    this.#begin.hidden = !current;
    this.#drop.hidden = !span;
    for (const each of [this.#join, this.#begin, this.#drop]) {
      each.disabled = Boolean(readonly);
      // Not disabled: a button that is used up must not lose the focus.
      each.setAttribute("aria-disabled", String(!range && !span));
    }
  }

  #telling(range, span) {
    const { t, reader } = this.#app;
    if (span) return t("hand_selected", { quote: shorten(span.quote, TOLD) });
    if (!range) return "";
    return t("selected", { quote: shorten(range.quote, TOLD), words: t("words", { count: countWords(reader.article, range.start, range.end) }) });
  }
}
