// The sorter: one row for each sentence or card and one question to answer about each; every answer is safe on disk
// before it is called saved.

import { Definition } from "./labeller/bar.js";
import { holdFocus, Voice } from "./labeller/fields.js";
import { marks } from "./labeller/marks.js";
import { Help } from "./labeller/menu.js";
import { Saving } from "./labeller/saving.js";
import { sortSpans, stepConfidence } from "./labeller/spans.js";
import { button, h, onLeave, ownKeys, randomId } from "./shared/dom.js";
import { heldEnter, historyStep, shortcutOf } from "./shared/keys.js";
import { makeArticle, sliceArticle } from "./shared/offsets.js";
import { Outbox } from "./shared/outbox.js";
import { memory } from "./shared/storage.js";
import { translator } from "./shared/strings.js";
import { progress, sortOut } from "./sorter/answers.js";
import { Edits } from "./sorter/edits.js";
import { Rows } from "./sorter/rows.js";

const KEYS_SWITCH = "secondsource:single-keys";
const MORE_OR_LESS = { "+": 1, "=": 1, "-": -1, "−": -1 };

/** One view of the model: what is shown, and every answer as a change that can be undone. */
class Sorter {
  spans = new Map();
  /** The answer of each item. @type {Map<string, Span>} */ answers = new Map();
  /** Other labels of the layer on the same item. */ others = new Map();
  #model; #outbox; #abort = new AbortController(); #root; #parts; #onMessage; #voice; #noticed = "";

  constructor(model, host) {
    this.#model = model;
    this.view = model.get("_view");
    this.t = translator(this.view.strings, this.view.language);
    this.signal = this.#abort.signal;
    this.client = randomId();
    this.readonly = this.view.readonly;
    this.singleKeys = memory.get(KEYS_SWITCH) !== "off";
    [this.layer] = this.view.layers;
    [this.lastLabel] = this.layer.labels;
    const article = makeArticle(this.view.blocks);
    const slice = (start, end) => sliceArticle(article, start, end);
    const name = (/** @type {string} */ id, /** @type {number} */ i) => (this.view.cards ? this.t("card", { number: i + 1, id }) : id);
    this.items = this.view.sentences.filter(({ asked }) => asked).map(({ id, start, end }, i) => ({ id, name: name(id, i), start, end, text: slice(start, end) }));
    // What the parts that come from the labeller ask of a view.
    this.reader = { slice, takeFocus: () => this.rows.takeFocus() };
    this.index = Object.defineProperty({}, "sorted", { get: () => sortSpans(this.spans.values()) });
    this.#outbox = new Outbox(model, { ...this.view, client: this.client }, this.view.timing, {
      changed: (changes) => this.refresh(changes),
      /** What was refused, and why, stands where the state of saving stands. @param {number|null} seq of the change that was taken back */
      refused: (seq) => { this.edits.forget(seq); this.show(""); },
      readonly: (reason) => {
        this.readonly = reason;
        this.#showReadonly();
        if (!reason) this.rows.flush(); // words that had to wait
      },
      notice: (text) => this.#showNotice(text),
      earlier: (left) => this.saving.found(left),
    }, marks);
    this.edits = new Edits(this, this.#outbox);
    this.#build();
    onLeave(() => { this.rows.flush(); this.#outbox.hurry(); }, this.signal);
    for (const [event, on] of [["beforeprint", true], ["afterprint", false]]) {
      window.addEventListener(event, () => this.rows.onPaper(on), { signal: this.signal });
    }
    this.#start(model.get("_state"));
    host.append(this.#root); // whole: the page works out its styles and places once
  }

  #start(snapshot) {
    this.#outbox.adopt(snapshot);
    this.#onMessage = (message) => this.#outbox.receive(message);
    this.#model.on("msg:custom", this.#onMessage);
    this.#showNotice(snapshot.notice);
    this.#showReadonly();
    this.refresh();
    this.#outbox.hello();
    this.showChip();
  }

  /** Leave nothing behind: half-typed words are handed over first. */
  dispose() {
    this.rows.flush();
    this.#abort.abort();
    this.#outbox.stop();
    this.#model.off("msg:custom", this.#onMessage);
    this.#root.remove();
  }

  // ---- building

  #build() {
    const { article, written, scale } = this.view;
    this.#voice = new Voice(this.signal);
    this.rows = this.inspector = new Rows(this);
    this.definition = new Definition(this);
    this.help = new Help(this);
    this.saving = new Saving(this, this.#outbox);
    this.#parts = {
      undo: button(this.t("undo"), () => this.edits.undo(), { class: "ss-button ss-undo", title: this.t("undo_keys") }),
      redo: button(this.t("redo"), () => this.edits.redo(), { class: "ss-button ss-redo", title: this.t("redo_keys") }),
      readonly: h("div", { class: "ss-banner ss-banner-bad", role: "alert", hidden: true }),
      notice: h("div", { class: "ss-banner", hidden: true }, h("span"),
        button(this.t("close"), () => { this.#parts.notice.hidden = true; this.rows.takeFocus(); })),
      progress: h("p", { class: "ss-s-progress" }),
      line: h("div", { class: "ss-s-line", "aria-hidden": "true" }),
    };
    const { undo, redo, readonly, notice } = this.#parts;
    const explained = !written && !scale;
    this.#root = h("div", {
      class: `ss-root ss-labeller ss-sorter${explained ? "" : " ss-s-plain"}`, lang: this.view.language, dir: this.view.direction,
      "data-client": this.client, ...ownKeys, onkeydown: (event) => this.#key(event),
    },
      h("div", { class: "ss-head" }, h("h2", { class: "ss-title" }, this.view.title),
        h("div", { class: "ss-tools" }, undo, redo, button(this.t("help"), () => this.help.open(), { "aria-keyshortcuts": "?" }))),
      h("p", { class: "ss-provenance", lang: article.language }, article.provenance),
      article.note ? h("p", { class: "ss-provenance ss-care", lang: article.language }, article.note) : null,
      readonly, notice, this.saving.offer,
      h("div", { class: "ss-work" }, this.#bar(),
        h("div", { class: "ss-stage" }, h("div", { class: "ss-scroller" }, this.rows.el)),
        h("div", { class: "ss-foot" }, this.#voice.line, h("div", { class: "ss-tools" }, this.saving.chip, this.saving.rescue)),
        explained ? h("div", { class: "ss-side" }, this.definition.el) : null),
      this.help.el, this.#voice.el);
    this.definition.show(null);
  }

  /** Always in sight: the question, how far one is, the way on. */
  #bar() {
    const { progress: told, line } = this.#parts;
    return h("div", { class: "ss-bar" }, h("h3", { class: "ss-ask", lang: this.view.labels_language }, this.layer.question),
      h("div", { class: "ss-s-on" }, told, button(this.t("next_unanswered"), () => this.goOn(), { "aria-keyshortcuts": this.singleKeys ? ";" : null, hidden: this.items.length < 2 })), line);
  }

  // ---- showing

  /** @param {Change[]|null} changes all that can have happened to the labels; null: anything */
  refresh(changes = null) {
    const keepFocus = holdFocus(this.#root);
    const before = this.answers;
    this.spans = this.#outbox.state.spans;
    if (changes === null || changes.length) {
      ({ answers: this.answers, others: this.others } = sortOut(this.items, this.layer, this.spans));
      this.rows.update(new Set(this.items.map(({ id }) => id).filter((id) => changes === null || before.get(id) !== this.answers.get(id))));
      this.#showProgress();
    }
    // Not disabled: a button that is used up must not lose the focus.
    this.#parts.undo.setAttribute("aria-disabled", String(!this.edits.undoable));
    this.#parts.redo.setAttribute("aria-disabled", String(!this.edits.redoable));
    this.showChip();
    keepFocus(() => this.rows.takeFocus());
  }

  #showProgress() {
    const { written } = this.view;
    const { answered, sure } = progress(this.items, this.answers, written);
    const values = { answered, sure, count: this.items.length };
    const told = this.t(written ? "progress" : "progress_sure", values);
    if (this.#parts.progress.textContent !== told) this.#parts.progress.textContent = told;
    this.#parts.line.style.setProperty("--ss-done", String(this.items.length ? sure / this.items.length : 0));
    this.#parts.line.classList.toggle("ss-s-all", sure === this.items.length);
  }

  showChip() { this.saving.show(); }

  /** What had to be repaired; shown once, and again only when there is something new. */
  #showNotice(text = "") {
    if (text === this.#noticed) return;
    this.#noticed = text;
    this.#parts.notice.hidden = !text;
    this.#parts.notice.firstChild.textContent = text;
    if (text) this.say(text);
  }

  #showReadonly() {
    const { readonly } = this.#parts;
    const keepFocus = holdFocus(this.#root);
    readonly.hidden = !this.readonly;
    if (this.readonly) {
      readonly.replaceChildren(h("span", {}, this.readonly.message), this.saving.downloadButton());
      this.#voice.line.textContent = this.readonly.message; // the banner is an alert: it is read by itself
    }
    this.rows.update(null);
    keepFocus(() => this.#root.querySelector(".ss-head button").focus());
  }

  say(text) { this.#voice.say(text); }

  /** Read aloud, beside what is said about an answer. */
  also(text) { this.#voice.also(text); }

  /** Seen, not read aloud: a radio button says by itself that it was chosen. */
  show(text) { this.#voice.line.textContent = text; }

  /** Explain a label that is pointed at, or none. */
  point(label) { this.definition.show(label); }

  switchSingleKeys(on) {
    this.singleKeys = on;
    if (on) memory.remove(KEYS_SWITCH); else memory.set(KEYS_SWITCH, "off");
    this.rows.showKeys();
  }

  // ---- looking things up; `selected`, `label` and `findLabel` are asked for by the parts that come from the labeller

  get selected() { return this.answers.get(this.rows?.current?.item.id)?.id ?? null; }

  label({ label }) {
    return this.layer.labels.find((each) => each.id === label) ?? { id: label, name: label, pattern: "dotted", attributes: [] };
  }

  findLabel(key) {
    const [layer, label] = key.split("/");
    return this.view.layers.find((each) => each.id === layer)?.labels.find((each) => each.id === label) ?? this.label({ label });
  }

  layerOf(label) { return this.view.layers.find((layer) => layer.labels.includes(label)) ?? this.layer; }

  /** Whether words of an item could not be saved: they stay in their field, whatever the notebook has. */
  keepsText(item) { return this.#outbox.refused.some(({ op, span }) => op !== "remove" && span?.layer === this.layer.id && span.start === item.start && span.note); }

  /** @returns {boolean} whether the change was made */
  commit(change) { return this.edits.commit(change); }

  // ---- keys

  goOn() {
    this.rows.flush();
    const next = this.rows.next();
    if (!next) { this.say(this.t("all_answered")); return; }
    this.rows.enter(next.id);
  }

  #key(event) {
    if (heldEnter(event)) return;
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const typing = event.target.matches("textarea, input:not([type=radio]):not([type=checkbox])");
    const handled = !event.defaultPrevented && !event.isComposing && !event.target.closest("dialog")
      && ((!typing && this.#historyKey(event)) || this.#escape(event) || (!typing && !modified && this.singleKeys && this.#singleKey(event)));
    if (handled) event.preventDefault();
    // Keys without Ctrl, Alt or Cmd belong to the widget: a host must not run its commands on them.
    if (handled || !modified) event.stopPropagation();
  }

  #historyKey(event) {
    const step = historyStep(event);
    if (step) this.edits[step]();
    return step !== null;
  }

  /** From the words to the row, from there to the notebook. */
  #escape({ key, target, repeat }) {
    if (key !== "Escape") return false;
    if (repeat) return true;
    this.rows.flush();
    const row = target.closest("[data-item]") && this.rows.current;
    if (row?.exit && target === row.text) row.exit.focus();
    else this.#root.parentElement.closest("[tabindex]")?.focus();
    return true;
  }

  #singleKey(event) {
    const { target } = event;
    const key = shortcutOf(event, this.layer.labels.map(({ shortcut }) => shortcut));
    if (key === "?") this.help.open();
    else if (key === ";") this.goOn();
    else {
      const row = this.rows.row(target.closest("[data-item]")?.dataset.item);
      return Boolean(row) && !this.view.written && !this.readonly && this.#rowKey(row, key);
    }
    return true;
  }

  #rowKey(row, key) {
    const label = this.layer.labels.find((each) => each.shortcut?.toLowerCase() === key.toLowerCase());
    if (label) {
      row.input(label).focus();
      this.rows.choose(row, label);
    } else if (key === "Delete" || key === "Backspace") this.rows.clear(row);
    else if (MORE_OR_LESS[key] && row.answer) {
      const confidence = stepConfidence(this.view.confidence, row.answer.confidence, MORE_OR_LESS[key]);
      this.edits.setConfidence(row.item, confidence);
      row.step(confidence)?.focus();
    } else return false;
    return true;
  }
}

export default {
  /** anywidget calls this once per view and calls the returned function when the view goes away. */
  render({ model, el }) {
    const sorter = new Sorter(model, el);
    return () => sorter.dispose();
  },
};
