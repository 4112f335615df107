// The chain builder: who handed what to whom until it stood in this article, and what of it a reader is shown.

import { PickedBar } from "./chains/bar.js";
import { overs } from "./chains/drawing.js";
import { ChainEditor, handMeans } from "./chains/editor.js";
import { Gallery } from "./chains/gallery.js";
import { textKey } from "./chains/keys.js";
import { BEGUN, chainId, chainsOf, dissolved, followed, handOvers, joined, left, moved } from "./chains/model.js";
import { Typing } from "./chains/typing.js";
import { holdFocus, Voice } from "./labeller/fields.js";
import { Markers } from "./labeller/markers.js";
import { marks, possible, sortedByName, wayBack } from "./labeller/marks.js";
import { Help, Menu } from "./labeller/menu.js";
import { Reader } from "./labeller/reader.js";
import { Saving } from "./labeller/saving.js";
import { SpanIndex } from "./labeller/spans.js";
import { Tapping } from "./labeller/touch.js";
import { button, h, onLeave, ownKeys, randomId, shorten } from "./shared/dom.js";
import { heldEnter, historyStep } from "./shared/keys.js";
import { forget, newHistory, record, stepBack, stepForth } from "./shared/log.js";
import { within } from "./shared/offsets.js";
import { Outbox } from "./shared/outbox.js";
import { memory } from "./shared/storage.js";
import { translator } from "./shared/strings.js";

/** A longer text gets a frame of full height. */
const LARGE = 1200;
const SINGLE = "secondsource:single-keys";

/** One view of the model: the text, the chain that is being built, all chains; every edit can be undone. */
class ChainBuilder {
  selected = null;
  spans = new Map();
  /** @type {Chain[]} */ chains = [];
  /** The chain that is being built; null: a new one. @type {Chain|null} */ current = null;
  /** What the labeller's parts ask for and a chain builder does not have. */
  inspector = { dirty: false, flush() {} };
  definition = { show() {} };
  #model; #outbox; #abort = new AbortController(); #history = newHistory(); #root; #parts; #onMessage; #voice; #noticed = "";
  /** Id of the hand that a new chain begins with, if it stands in another one too. */ #begun = null;

  constructor(model, host) {
    this.#model = model;
    this.view = model.get("_view");
    this.t = translator(this.view.strings, this.view.language);
    this.signal = this.#abort.signal;
    this.client = randomId();
    this.readonly = this.view.readonly;
    this.singleKeys = memory.get(SINGLE) !== "off";
    this.layer = this.view.layers[0];
    this.hand = this.layer.labels[0];
    this.#outbox = new Outbox(model, { ...this.view, client: this.client }, this.view.timing, {
      changed: () => this.refresh(),
      /** @param {number|null} seq of the change that was taken back */
      refused: (seq, message) => { this.#history = forget(this.#history, seq); this.say(message); },
      readonly: (reason) => { this.readonly = reason; this.showReadonly(); },
      notice: (text) => this.#showNotice(text),
      earlier: (found) => this.saving.found(found),
    }, marks);
    this.#build();
    onLeave(() => this.#outbox.hurry(), this.signal);
    this.#start(model.get("_state"));
    this.reader.begin();
    host.append(this.#root); // whole: the page works out its styles and places once
  }

  #start(snapshot) {
    this.#outbox.adopt(snapshot);
    this.#onMessage = (message) => this.#outbox.receive(message);
    this.#model.on("msg:custom", this.#onMessage);
    this.#showNotice(snapshot.notice);
    this.showReadonly();
    this.refresh();
    this.#outbox.hello();
    this.saving.show();
  }

  dispose() {
    this.#abort.abort();
    this.#outbox.stop();
    this.#model.off("msg:custom", this.#onMessage);
    this.#root.remove();
  }

  // ---- building

  #build() {
    const { t } = this;
    this.#voice = new Voice(this.signal);
    this.markers = new Markers(this);
    this.reader = new Reader(this);
    this.index = new SpanIndex(this.reader.article, this.reader.sentences);
    this.markers.begin();
    this.tapping = new Tapping(this);
    this.menu = new Menu(this);
    this.help = new Help(this);
    this.editor = new ChainEditor(this);
    this.typing = new Typing(this);
    this.gallery = new Gallery(this);
    this.saving = new Saving(this, this.#outbox);
    this.bar = new PickedBar(this);
    const { article } = this.view;
    this.#parts = {
      undo: button(t("undo"), () => this.undo(), { class: "ss-button ss-undo", title: t("undo_keys") }),
      redo: button(t("redo"), () => this.redo(), { class: "ss-button ss-redo", title: t("redo_keys") }),
      readonly: h("div", { class: "ss-banner ss-banner-bad", role: "alert", hidden: true }),
      notice: h("div", { class: "ss-banner", hidden: true }, h("span"),
        button(t("close"), () => { this.#parts.notice.hidden = true; this.reader.takeFocus(); })),
    };
    const { undo, redo, readonly, notice } = this.#parts;
    this.#root = h("div", {
      class: "ss-root ss-labeller ss-chains", lang: this.view.language, dir: this.view.direction, "data-client": this.client,
      ...ownKeys, onkeydown: (event) => this.#key(event),
    },
      h("div", { class: "ss-head" }, button(t("to_text"), () => this.reader.takeFocus(), { class: "ss-button ss-skip" }),
        button(t("to_chain"), () => this.editor.takeFocus(), { class: "ss-button ss-skip" }), h("h2", { class: "ss-title" }, this.view.title),
        h("div", { class: "ss-tools" }, undo, redo),
        h("div", { class: "ss-tools" }, this.tapping.button, this.markers.button, button(t("help"), () => this.help.open(), { "aria-keyshortcuts": "?" }))),
      h("p", { class: "ss-provenance", lang: article.language }, article.provenance),
      article.note ? h("p", { class: "ss-provenance ss-care", lang: article.language }, article.note) : null,
      readonly, notice, this.saving.offer,
      h("div", { class: this.reader.article.end > LARGE ? "ss-work ss-tall" : "ss-work" },
        this.bar.el, h("div", { class: "ss-stage" }, this.reader.el, this.menu.el),
        h("div", { class: "ss-foot" }, this.#voice.line, h("div", { class: "ss-tools" }, this.saving.chip, this.saving.rescue)),
        h("div", { class: "ss-side" }, this.editor.el, handMeans(this))),
      this.typing.el, this.gallery.el, this.help.el, this.#voice.el);
  }

  // ---- showing

  refresh() {
    const keepFocus = holdFocus(this.#root);
    const before = this.current;
    this.spans = this.#outbox.state.spans;
    this.relations = this.#outbox.state.relations;
    if (!this.spans.has(this.selected)) this.selected = null;
    this.chains = chainsOf(this.#outbox.state, this.layer.id, this.#begun);
    this.current = before && followed(this.chains, before.key, before.hands);
    if (this.current?.key !== BEGUN) this.#begun = null;
    this.hands = [...this.spans.values()].filter((span) => span.layer === this.layer.id).sort((a, b) => a.start - b.start || a.end - b.end);
    this.reader.paint(this.index.take(this.spans), this.selected);
    this.#showAll();
    // Not disabled: a button that is used up must not lose the focus.
    this.#parts.undo.setAttribute("aria-disabled", String(!this.#history.done.length));
    this.#parts.redo.setAttribute("aria-disabled", String(!this.#history.undone.length));
    this.saving.show();
    keepFocus(() => this.reader.takeFocus());
  }

  #showAll() {
    this.bar.show();
    this.editor.update();
    this.typing.update();
    this.gallery.update();
  }

  /** What had to be repaired; shown once, and again only when there is something new. */
  #showNotice(text = "") {
    if (text === this.#noticed) return;
    this.#noticed = text;
    this.#parts.notice.hidden = !text;
    this.#parts.notice.firstChild.textContent = text;
    if (text) this.say(text);
  }

  showReadonly() {
    const { readonly } = this.#parts;
    const keepFocus = holdFocus(this.#root);
    readonly.hidden = !this.readonly;
    if (this.readonly) {
      readonly.replaceChildren(h("span", {}, this.readonly.message), this.saving.downloadButton());
      this.#voice.line.textContent = this.readonly.message; // the banner is an alert: it is read by itself
    }
    this.refresh();
    keepFocus(() => this.reader.takeFocus());
  }

  say(text) { this.#voice.say(text); }

  /** Read aloud, beside what is said about an edit. */
  also(text) { this.#voice.also(text); }

  speak(text) { this.#voice.speak(text); }

  selectionChanged() { this.bar.show(); }

  switchSingleKeys(on) {
    this.singleKeys = on;
    if (on) memory.remove(SINGLE); else memory.set(SINGLE, "off");
    this.bar.show();
  }

  // ---- looking things up

  label() { return this.hand; }

  sentenceName({ start, end }) { return within(this.reader.sentences, start, end).map(({ id }) => id).join(", "); }

  chainName(chain) {
    return chain ? this.t("chain_n", { number: this.chains.indexOf(chain) + 1 }) : this.t("a_new_chain");
  }

  joinText() { return this.current ? this.t("join", { chain: this.chainName(this.current) }) : this.t("begin_chain"); }

  /** What the buttons act on: the words that are selected, else the hand that is. @returns {{span: Span, known: boolean}|null} */
  picked() {
    const range = this.reader.range();
    if (range) return this.reader.intact(range.start, range.end) ? this.handAt(range) : null;
    const span = this.spans.get(this.selected);
    return span ? { span, known: true } : null;
  }

  /** The hand with exactly these words, or a new one. @param {{start: number, end: number}} range */
  handAt({ start, end }) {
    const known = this.hands.find((span) => span.start === start && span.end === end);
    if (known) return { span: known, known: true };
    const quote = this.reader.slice(start, end);
    const plain = { confidence: null, note: "", attributes: {}, discuss: false };
    return { span: { id: `s${randomId()}`, layer: this.layer.id, label: this.hand.id, start, end, quote, ...plain }, known: false };
  }

  // ---- edits: each one is some changes with their way back

  /** @returns {boolean} whether they were made */
  commit(changes) {
    if (this.readonly) { this.say(this.readonly.message); return false; }
    const [redo, undo, seqs] = [[changes].flat(), [], []];
    for (const change of redo) {
      undo.unshift(...wayBack(this.#outbox.state, change));
      seqs.push(this.#outbox.push(change));
    }
    this.#history = record(this.#history, { redo, undo, seqs });
    this.refresh();
    return true;
  }

  /**
   * A hand comes into a chain. @param {{span: Span, known: boolean}|null} picked @param {Chain|null} chain null: a new one
   * @returns {boolean} whether it did
   */
  put(picked, chain) {
    const { t } = this;
    if (this.readonly) { this.say(this.readonly.message); return false; }
    if (!picked) { this.say(t(this.reader.range() ? "changed_text" : "pick_first")); return false; }
    const { span, known } = picked;
    const quote = shorten(span.quote, 60);
    if (chain?.hands.some((hand) => hand.id === span.id)) { this.say(t("in_already", { quote, chain: this.chainName(chain) })); return false; }
    if (!known && this.spans.size >= this.view.max_spans) { this.say(t("too_many", { count: this.view.max_spans })); return false; }
    const id = chainId(Date.now(), randomId());
    const changes = joined(chain, span, known, id);
    this.selected = null;
    this.#begun = chain ? null : span.id;
    // Where it will be found: under the name of its link, of its only hand, or as one that is begun with a hand of another.
    const taken = this.chains.some(({ relation, hands }) => relation && hands.includes(span));
    const key = chain ? chain.relation?.id ?? id : taken ? BEGUN : span.id;
    this.current = { key, relation: null, hands: [span] };
    if (changes.length) this.commit(changes); else this.refresh();
    this.current = this.chains.find((each) => each.key === key) ?? null;
    this.#showAll();
    this.reader.collapse();
    const place = (this.current?.hands.length ?? 1);
    this.say([t("put", { quote, number: place, chain: this.chainName(this.current) }),
      Object.keys(span.attributes).length ? "" : t("answer_beside")].filter(Boolean).join(" "));
    return true;
  }

  move(span, step) {
    const changes = this.current ? moved(this.current, span.id, step) : [];
    if (!changes.length) { this.say(this.t("cannot_move")); return; }
    if (!this.commit(changes)) return;
    const number = this.current.hands.findIndex(({ id }) => id === span.id) + 1;
    this.say(this.t("moved", { quote: shorten(span.quote, 60), number, count: this.current.hands.length }));
  }

  takeOut(span) {
    const quote = shorten(span.quote, 60);
    const chain = this.current;
    if (this.spans.has(span.id) && this.commit(left(this.chains, chain, span))) this.say(this.t("taken_out", { quote }));
  }

  answer(span, id, value) {
    const now = this.spans.get(span.id);
    if (!now) return;
    const after = { ...now, attributes: sortedByName({ ...now.attributes, [id]: value }) };
    if (!this.commit({ op: "update", span: after })) return;
    const told = this.current?.relation ? overs(this.t, handOvers(this.current.hands)) : "";
    this.say([this.t("answer_kept"), told].filter(Boolean).join(" "));
  }

  drop() {
    const name = this.chainName(this.current);
    const changes = dissolved(this.chains, this.current);
    this.#begun = null;
    if (changes.length && !this.commit(changes)) return;
    this.current = null;
    this.refresh();
    this.editor.takeFocus();
    this.say(this.t("dropped", { chain: name }));
  }

  removeSelected() {
    const span = this.spans.get(this.selected);
    if (!span) this.say(this.t("none_here"));
    else if (this.commit({ op: "remove", span })) {
      this.reader.takeFocus();
      this.say(this.t("hand_gone", { quote: shorten(span.quote, 60) }));
    }
  }

  undo() { this.#travel("done", "undo", stepBack, this.t("nothing_undo"), this.t("undone")); }

  redo() { this.#travel("undone", "redo", stepForth, this.t("nothing_redo"), this.t("redone")); }

  /** Undo and redo are ordinary changes: they are sent, saved and acknowledged like any other. */
  #travel(stack, side, move, nothing, said) {
    const step = this.#history[stack].at(-1);
    if (this.readonly || !step) { this.say(this.readonly ? this.readonly.message : nothing); return; }
    this.#history = move(this.#history);
    if (!possible(this.#outbox.state, step[side][0])) { this.refresh(); this.say(this.t("cannot_undo")); return; }
    step.seqs = step[side].flatMap((change) => (possible(this.#outbox.state, change) ? this.#outbox.push(change) : []));
    this.refresh();
    this.say(said);
  }

  // ---- choosing

  /** @param {string} key of a chain; empty: a new one @param {boolean} [go] take the focus there */
  choose(key, go = false) {
    this.current = this.chains.find((chain) => chain.key === key) ?? null;
    if (this.current?.key !== BEGUN) this.#begun = null;
    this.refresh();
    if (go) {
      this.editor.takeFocus();
      this.editor.el.scrollIntoView({ block: "nearest" });
    }
    this.say(this.t("working_on", { chain: this.chainName(this.current) }));
  }

  select(span) {
    this.selected = span?.id ?? null;
    this.refresh();
    if (span) this.say(this.t("hand_selected", { quote: shorten(span.quote) }));
  }

  /** One hand here: select it. Several: ask. None: let go. */
  chooseAmong(ids) {
    const found = ids.map((id) => this.spans.get(id)).filter((span) => span?.layer === this.layer.id);
    if (found.length < 2) { if (found.length || this.selected) this.select(found[0] ?? null); return; }
    this.menu.open(this.t("pick_hand"), found.map((span) => ({ label: { ...this.hand, shortcut: null }, text: shorten(span.quote, 60), run: () => this.select(span) })));
  }

  handAtCaret() {
    const caret = this.reader.focus;
    const here = this.index.overlapping(caret, caret + 1);
    const found = here.length ? here : this.index.overlapping(caret - 1, caret);
    if (found.length) this.chooseAmong(found.map((span) => span.id)); else this.say(this.t("none_here"));
  }

  goTo(span) {
    this.select(span);
    this.reader.takeFocus();
    this.reader.place(span.start, span.start);
  }

  // ---- keys

  #key(event) {
    if (heldEnter(event)) return;
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const typing = event.target.matches("textarea, input:not([type=radio]):not([type=checkbox])");
    const handled = !event.defaultPrevented && !event.isComposing && !event.target.closest("dialog")
      && ((!typing && this.#historyKey(event)) || this.#escape(event) || ([this.reader.el, this.#root].includes(event.target) && textKey(this, event)));
    if (handled) event.preventDefault();
    // Keys without Ctrl, Alt or Cmd belong to the widget: a host must not run its commands on them.
    if (handled || !modified) event.stopPropagation();
  }

  #historyKey(event) {
    const step = historyStep(event);
    if (step) this[step]();
    return step !== null;
  }

  #escape({ key, target, repeat }) {
    if (key !== "Escape") return false;
    if (repeat) return true;
    if (target !== this.reader.el) this.reader.takeFocus();
    else if (this.reader.empty && this.selected === null) this.#root.parentElement.closest("[tabindex]")?.focus();
    else {
      this.reader.collapse();
      this.select(null);
    }
    return true;
  }
}

export default {
  /** anywidget calls this once per view and calls the returned function when the view goes away. */
  render({ model, el }) {
    const builder = new ChainBuilder(model, el);
    return () => builder.dispose();
  },
};
