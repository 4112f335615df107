import { button, shorten } from "../shared/dom.js";
import { blockAt, wordsOf } from "../shared/offsets.js";

/** The word at a position of the article, or the nearest one. @returns {[number, number]|null} */
export function wordAt(article, position) {
  const distance = ([start, end]) => Math.max(start - position, position - end, 0);
  const words = wordsOf(article.blocks[blockAt(article, position)]);
  return words.reduce((best, word) => (best && distance(best) <= distance(word) ? best : word), null);
}

/**
 * Choosing a passage by tapping its first and its last word, which needs no handles to be dragged. Made for fingers, and
 * of use to everybody who clicks more easily than drags.
 */
export class Tapping {
  on = false;
  #app; #first = null;

  constructor(app) {
    this.#app = app;
    this.button = button(app.t("tap"), () => this.switch(!this.on), { "aria-pressed": "false", "aria-description": app.t("tap_help") });
    app.reader.el.addEventListener("mousedown", (event) => this.#pressed(event));
    app.reader.el.addEventListener("click", (event) => this.#tapped(event), { capture: true });
  }

  switch(on) {
    this.on = on;
    this.#first = null;
    this.button.setAttribute("aria-pressed", String(on));
    this.#app.reader.el.classList.toggle("ss-tapping", on);
    this.#app.bar.show();
    this.#app.say(this.#app.t(on ? "tap_first" : "tap_off"));
  }

  /** A press would put the caret under it: the first word would be forgotten before the click comes that is the last one. */
  #pressed(event) {
    const { reader } = this.#app;
    if (!this.on || !reader.pressed(event)) return;
    event.preventDefault();
    reader.takeFocus();
  }

  #tapped(event) {
    if (!this.on) return;
    event.stopImmediatePropagation();
    const { reader } = this.#app;
    const word = wordAt(reader.article, reader.positionAt(event.clientX, event.clientY) ?? reader.first);
    if (!word) return;
    // A passage that became a label is done with: the next tap begins another.
    const begun = reader.empty ? null : this.#first;
    const [start, end] = begun ? [Math.min(begun[0], word[0]), Math.max(begun[1], word[1])] : word;
    this.#first = begun ? null : word;
    reader.place(start, end, { scroll: false });
    const quote = shorten(reader.slice(start, end), 300);
    this.#app.say(this.#app.t(begun ? "words_chosen" : "tap_last", { quote }));
  }
}
