import { button } from "../shared/dom.js";
import { memory } from "../shared/storage.js";

const MARKERS = "secondsource:markers";

/**
 * Words in the text that say where a label starts and ends: “start Source … end Source”. They are generated content, so
 * screen readers read them in their place, and neither the text nor a selection in it knows of them. Off at first: in
 * text with many labels they are hard to read through. The browser remembers the choice for every labeller.
 */
export class Markers {
  on = false;
  #app;

  constructor(app) { this.#app = app; }

  /** What was remembered; asking the browser takes its time, so the text has been painted before. */
  begin() {
    this.on = memory.get(MARKERS) === "on";
    const { t } = this.#app;
    this.button = button(t("markers"), () => this.switch(!this.on), { "aria-pressed": String(this.on), "aria-description": t("markers_help") });
    if (this.on) this.#show();
  }

  switch(on) {
    this.on = on;
    if (on) memory.set(MARKERS, "on"); else memory.remove(MARKERS);
    this.button.setAttribute("aria-pressed", String(on));
    this.#show();
    this.#app.say(this.#app.t(on ? "markers_on" : "markers_off"));
  }

  #show() {
    this.#app.reader.el.classList.toggle("ss-markers", this.on);
    this.#app.reader.repaint();
  }

  /** @param {{start: number, end: number}} piece of the text that `element` shows @param {Span[]} spans longer ones first */
  mark(element, piece, spans) {
    if (!this.on) return;
    const names = (marked) => marked.map((span) => this.#app.label(span).name).join(", ");
    const starts = names(spans.filter((span) => span.start === piece.start));
    const ends = names(spans.filter((span) => span.end === piece.end).reverse());
    if (starts) element.dataset.starts = this.#app.t("marker_start", { labels: starts });
    if (ends) element.dataset.ends = this.#app.t("marker_end", { labels: ends });
  }
}
