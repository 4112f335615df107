// What a student sees of saving: the four states, the second try, the download, and what an earlier visit left behind.

import { button, h } from "../shared/dom.js";
import { chipState } from "../shared/log.js";
import { holdFocus } from "./fields.js";
import { adapt, possible } from "./marks.js";

/** Milliseconds until a download is forgotten: some browsers ask first whether it is wanted. */
const ASKING = 40_000;

/** Beside the text, one line that says what is on disk; above it, a banner when something waits to be restored. */
export class Saving {
  chip = h("span", { class: "ss-chip" });
  offer = h("div", { class: "ss-banner", hidden: true });
  #app; #outbox; /** What is offered. @type {Earlier|null} */ #earlier = null;

  constructor(app, outbox) {
    this.#app = app;
    this.#outbox = outbox;
    this.rescue = h("span", { class: "ss-rescue", hidden: true });
  }

  downloadButton() { return button(this.#app.t("download"), () => this.#download()); }

  show() {
    const { news } = this.#outbox;
    const pending = news.pending || Number(this.#app.inspector.dirty);
    const { kind, key, values, also } = chipState({ ...news, pending, language: this.#app.view.language });
    const text = [this.#app.t(key, values), also && this.#app.t(also)].filter(Boolean).join(" · ");
    const { chip, rescue } = this;
    const entered = chip.dataset.state !== kind;
    if (entered && kind === "waiting") this.#app.say(this.#app.t(news.kept ? "waiting_say" : "waiting_say_unkept"));
    if ((entered && kind === "failed") || (also && !chip.textContent.includes(this.#app.t(also)))) this.#app.also(text);
    chip.dataset.state = kind;
    if (chip.textContent !== text) chip.textContent = text;
    const keepFocus = holdFocus(rescue);
    rescue.hidden = kind !== "failed" && kind !== "waiting";
    if (!rescue.hidden && !rescue.firstChild) rescue.append(button(this.#app.t("save_again"), () => this.#again()), this.downloadButton());
    keepFocus(() => this.#app.reader.takeFocus());
  }

  /** Changes that nobody has left since are made again at once; those of an earlier visit are offered. */
  found(earlier) {
    if (earlier.here && !this.#app.readonly) { this.#restore(earlier); return; }
    this.#earlier = this.#earlier ? { ...earlier, clients: [...this.#earlier.clients, ...earlier.clients],
      changes: [...this.#earlier.changes, ...earlier.changes] } : earlier;
    this.#showOffer();
  }

  #showOffer() {
    const { t } = this.#app;
    const text = t("restore_offer", { count: this.#earlier.changes.length });
    this.offer.hidden = false;
    this.offer.replaceChildren(h("span", {}, text),
      button(t("restore"), () => this.#answered(true), { class: "ss-button ss-button-main" }),
      button(t("discard"), () => this.#answered(false)), this.downloadButton());
    this.#app.also(text);
  }

  #answered(wanted) {
    if (wanted && this.#app.readonly) { this.#app.say(this.#app.readonly.message); return; }
    const earlier = this.#earlier;
    this.#earlier = null;
    this.offer.hidden = true;
    if (wanted) this.#restore(earlier); else this.#outbox.discard(earlier.clients);
    this.#app.reader.takeFocus();
  }

  #restore({ changes, clients }) {
    let lost = 0;
    for (const change of changes) {
      const { state } = this.#outbox;
      const fits = this.#fits(state, change);
      const adapted = fits ? adapt(state, change) : null;
      if (!fits) lost += 1;
      if (adapted) this.#app.commit(adapted);
    }
    this.#outbox.discard(clients);
    const { t } = this.#app;
    this.#app.say([t("restored", { count: changes.length - lost }), lost && t("lost", { count: lost })].filter(Boolean).join(" "));
  }

  #fits(state, change) {
    const { op, span } = change;
    if (!span) return op === "unlink" || possible(state, change);
    return op === "remove" || (span.start < span.end && this.#app.reader.slice(span.start, span.end) === span.quote);
  }

  #again() {
    for (const { seq, ...change } of this.#outbox.again()) {
      if (possible(this.#outbox.state, change)) this.#app.commit(change);
    }
    this.#app.refresh();
  }

  /** From browser memory alone, so that it works when no kernel is there. */
  #download() {
    this.#app.inspector.flush();
    const { exercise, article } = this.#app.view;
    const { pending, refused, revision, savedAt, state } = this.#outbox;
    const content = {
      exercise, article: article.sha256, offsets: "half-open Unicode code points", revision, saved_at: savedAt,
      spans: this.#app.index.sorted, relations: [...state.relations.values()], not_acknowledged: [...pending.values()], refused,
      not_restored: this.#earlier?.changes ?? [],
    };
    const url = URL.createObjectURL(new Blob([JSON.stringify(content, null, 1)], { type: "application/json" }));
    h("a", { href: url, download: `${exercise.replace(/[^\w-]/g, "_")}.from-browser.json` }).click();
    setTimeout(() => URL.revokeObjectURL(url), ASKING);
  }
}
