// The labeller: a student marks words of an article, and every mark is safe on disk before it is called saved.

import { Bar, Definition } from "./labeller/bar.js";
import { holdFocus, keyOf, Voice } from "./labeller/fields.js";
import { Inspector } from "./labeller/inspector.js";
import { Markers } from "./labeller/markers.js";
import { marks, possible, sortedByName, wayBack } from "./labeller/marks.js";
import { Help, Menu } from "./labeller/menu.js";
import { Quoter } from "./labeller/quoter.js";
import { Reader } from "./labeller/reader.js";
import { Links } from "./labeller/relations.js";
import { Search } from "./labeller/search.js";
import { Saving } from "./labeller/saving.js";
import { Sentences } from "./labeller/sentences.js";
import { SpanIndex, stepConfidence } from "./labeller/spans.js";
import { Sheet } from "./labeller/sheet.js";
import { Table } from "./labeller/table.js";
import { Tapping } from "./labeller/touch.js";
import { afterPaint, button, h, onLeave, ownKeys, randomId, shorten } from "./shared/dom.js";
import { graphic, heldEnter, historyStep, shortcutOf } from "./shared/keys.js";
import { forget, newHistory, record, stepBack, stepForth } from "./shared/log.js";
import { countWords, sentenceAt, within } from "./shared/offsets.js";
import { Outbox } from "./shared/outbox.js";
import { memory } from "./shared/storage.js";
import { translator } from "./shared/strings.js";

/** A longer text gets a frame of full height. */
const TALL = 1200;
/** Milliseconds after which the tools come although the page was never painted, as in a frame that nobody sees. */
const LATE = 1000;
const SWITCH = "secondsource:single-keys";

const MOVES = {
  ArrowLeft: ["character", -1], ArrowRight: ["character", 1], ArrowUp: ["line", -1], ArrowDown: ["line", 1],
  Home: ["lineboundary", -1], End: ["lineboundary", 1],
};
/** @type {Object<string, [number, boolean]>} direction, extend */
const SENTENCE_KEYS = { "[": [-1, false], "]": [1, false], "{": [-1, true], "}": [1, true] };
/** @type {Object<string, ["start"|"end", number]>} */
const STRETCH_KEYS = { ",": ["end", -1], ".": ["end", 1], "<": ["start", -1], ">": ["start", 1] };
const SURE_KEYS = { "+": 1, "=": 1, "-": -1, "−": -1 };

/** How many rows of buttons labels take in a wide frame: their place is kept free until they are there. */
const rows = (labels) => Math.ceil(labels.reduce((sum, { name }) => sum + 90 + 7 * name.length, 0) / 960);
const placeOf = ({ id, layer, label, start, end }) => [id, layer, label, start, end].join(" ");

/** One view of the model: what is shown, what is selected, and every edit as a change that can be undone. */
class Labeller {
  selected = null;
  spans = new Map();
  relations = new Map();
  #model; #outbox; #abort = new AbortController(); #history = newHistory(); #root; #frame; #parts; #onMessage; #voice; #noticed = ""; #late = 0;
  /** Labels that are being passed in a list of choices. */ #steps = null;
  /** Where the focus came from when it was taken to the inspector. */ #back = null;

  /** The text with its marks at once, everything around it in the frame after: the words are there when the eyes are. */
  constructor(model, host) {
    this.#model = model;
    this.view = model.get("_view");
    this.t = translator(this.view.strings, this.view.language);
    this.signal = this.#abort.signal;
    this.client = randomId();
    this.readonly = this.view.readonly;
    this.layer = this.view.layers[0];
    this.lastLabel = this.layer.labels[0];
    this.markers = new Markers(this);
    this.reader = new Reader(this);
    this.index = new SpanIndex(this.reader.article, this.reader.sentences);
    this.#buildText();
    this.reader.paint(this.index.take(marks.read(model.get("_state")).spans), null);
    host.append(this.#root); // whole: the page works out its styles and places once
    afterPaint(() => this.#furnish());
    this.#late = setTimeout(() => this.#furnish(), LATE);
  }

  /** Leave nothing behind: a half-typed note is handed over first. */
  dispose() {
    clearTimeout(this.#late);
    this.inspector?.flush();
    this.#abort.abort();
    this.#outbox?.stop();
    if (this.#onMessage) this.#model.off("msg:custom", this.#onMessage);
    this.#root.remove();
  }

  // ---- building

  #buildText() {
    const { article } = this.view;
    const rooms = ["ss-room", "ss-room ss-room-short"].map((room) => h("div", { class: room }));
    const head = h("div", { class: "ss-head" }, h("h2", { class: "ss-title" }, this.view.title), ...rooms);
    this.#frame = {
      head, rooms, bar: h("div", { class: "ss-bar", style: `--ss-rows:${rows(this.layer.labels)}` }), stage: h("div", { class: "ss-stage" }, this.reader.el),
    };
    const work = h("div", { class: this.reader.article.end > TALL ? "ss-work ss-tall" : "ss-work" }, this.#frame.bar, this.#frame.stage);
    this.#root = h("div", {
      class: "ss-root ss-labeller ss-opening", lang: this.view.language, dir: this.view.direction, "data-client": this.client,
      ...ownKeys, onkeydown: (event) => { this.#furnish(); this.#key(event); },
    }, head, h("p", { class: "ss-provenance", lang: article.language }, article.provenance),
    article.note ? h("p", { class: "ss-provenance ss-care", lang: article.language }, article.note) : null, work);
  }

  /** Everything around the text, once: after the first frame, or as soon as somebody does something. */
  #furnish() {
    if (this.#outbox || this.signal.aborted) return;
    clearTimeout(this.#late);
    this.singleKeys = memory.get(SWITCH) !== "off";
    this.#outbox = new Outbox(this.#model, { ...this.view, client: this.client }, this.view.timing, {
      changed: (changes) => this.refresh(changes),
      /** @param {number|null} seq of the change that was taken back */
      refused: (seq, message) => { this.#history = forget(this.#history, seq); this.say(message); },
      readonly: (reason) => this.#lock(reason),
      notice: (text) => this.#showNotice(text),
      earlier: (left) => this.saving.found(left),
    }, marks);
    this.#build();
    this.reader.begin(this.#root.querySelector(".ss-side"), this.table.el);
    onLeave(() => { this.inspector.flush(); this.#outbox.hurry(); }, this.signal);
    this.#start(this.#model.get("_state"));
  }

  #build() {
    this.#voice = new Voice(this.signal);
    this.tapping = new Tapping(this);
    this.bar = new Bar(this);
    this.definition = new Definition(this);
    this.links = new Links(this);
    this.search = new Search(this);
    this.inspector = new Inspector(this);
    this.sentences = new Sentences(this);
    this.quoter = new Quoter(this);
    this.table = new Table(this);
    this.menu = new Menu(this);
    this.help = new Help(this);
    this.saving = new Saving(this, this.#outbox);
    this.#parts = {
      undo: button(this.t("undo"), () => this.undo(), { class: "ss-button ss-undo", title: this.t("undo_keys") }),
      redo: button(this.t("redo"), () => this.redo(), { class: "ss-button ss-redo", title: this.t("redo_keys") }),
      readonly: h("div", { class: "ss-banner ss-banner-bad", role: "alert", hidden: true }),
      notice: h("div", { class: "ss-banner", hidden: true }, h("span"),
        button(this.t("close"), () => { this.#parts.notice.hidden = true; this.reader.takeFocus(); })),
    };
    this.markers.begin();
    this.#putInPlace();
    this.definition.show(null);
  }

  /** Around the text, which stays where it is: what moves in a page loses its focus and where it was scrolled to. */
  #putInPlace() {
    const { undo, redo, readonly, notice } = this.#parts;
    const { head, rooms, bar, stage } = this.#frame;
    head.prepend(button(this.t("to_text"), () => this.#toText(), { class: "ss-button ss-skip" }),
      button(this.t("to_sentences"), () => this.sentences.open(), { class: "ss-button ss-skip" }));
    rooms[0].replaceWith(h("div", { class: "ss-tools" }, undo, redo, this.search.button, this.search.next));
    rooms[1].replaceWith(h("div", { class: "ss-tools" }, this.tapping.button, this.markers.button,
      button(this.t("help"), () => this.help.open(), { "aria-keyshortcuts": "?" })));
    stage.parentElement.before(readonly, notice, this.saving.offer, this.search.el);
    bar.replaceWith(this.bar.el);
    stage.append(this.menu.el, this.links.overlay);
    stage.after(h("div", { class: "ss-foot" }, this.#voice.line, h("div", { class: "ss-tools" }, this.saving.chip, this.saving.rescue)),
      h("div", { class: "ss-side" }, this.inspector.el, this.definition.el));
    this.#root.append(this.sentences.el, this.quoter.el, this.table.el, new Sheet(this).el, this.help.el, this.#voice.el);
    this.#root.classList.remove("ss-opening");
  }

  #start(snapshot) {
    this.#outbox.adopt(snapshot);
    this.#onMessage = (message) => this.#outbox.receive(message);
    this.#model.on("msg:custom", this.#onMessage);
    this.#showNotice(snapshot.notice);
    this.showReadonly();
    this.refresh();
    this.#outbox.hello();
    this.showChip();
  }

  #toText() {
    this.reader.takeFocus();
    this.#root.querySelector(".ss-work").scrollIntoView({ block: "nearest" });
  }

  // ---- showing

  /** @param {Change[]|null} changes all that can have happened to the labels; null: anything */
  refresh(changes = null) {
    const keepFocus = holdFocus(this.#root);
    ({ spans: this.spans, relations: this.relations } = this.#outbox.state);
    if (!this.spans.has(this.selected)) this.selected = null;
    const changed = this.index.take(this.spans, changes?.flatMap(({ span }) => (span ? [span.id] : [])));
    this.links.take(changes, changed);
    this.reader.paint(changed, this.selected);
    this.bar.show();
    this.inspector.update(this.spans.get(this.selected) ?? null);
    this.table.update(this.index, this.selected);
    this.quoter.update();
    this.sentences.update();
    this.links.show();
    // Not disabled: a button that is used up must not lose the focus.
    this.#parts.undo.setAttribute("aria-disabled", String(!this.#history.done.length));
    this.#parts.redo.setAttribute("aria-disabled", String(!this.#history.undone.length));
    this.showChip();
    keepFocus(() => this.#goBack());
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

  /** What the kernel says of saving in every state; buttons are made anew only when it is news: one may be held down. */
  #lock(reason) {
    const same = JSON.stringify(reason) === JSON.stringify(this.readonly);
    this.readonly = reason;
    if (same) return;
    this.showReadonly();
    if (!reason) this.inspector.flush();
  }

  showReadonly() {
    const { readonly } = this.#parts;
    const keepFocus = holdFocus(this.#root);
    readonly.hidden = !this.readonly;
    if (this.readonly) {
      readonly.replaceChildren(h("span", {}, this.readonly.message), this.saving.downloadButton());
      this.#voice.line.textContent = this.readonly.message; // the banner is an alert: it is read by itself
    }
    this.bar.update();
    this.quoter.update();
    this.sentences.update();
    keepFocus(() => this.reader.takeFocus());
  }

  say(text) { this.#voice.say(text); }

  /** Read aloud, beside what is said about an edit. */
  also(text) { this.#voice.also(text); }

  get said() { return this.#voice.line.textContent; }

  speak(text) { this.#voice.speak(text); }

  selectionChanged() {
    this.#furnish();
    this.bar.show();
  }

  showLayer(layer) {
    this.layer = layer;
    this.lastLabel = layer.labels[0];
    this.bar.update();
    this.definition.show(null);
    this.quoter.update();
  }

  switchSingleKeys(on) {
    this.singleKeys = on;
    if (on) memory.remove(SWITCH); else memory.set(SWITCH, "off");
    this.bar.update();
  }

  // ---- looking things up

  label({ layer, label }) {
    const known = this.view.layers.find((each) => each.id === layer)?.labels.find((each) => each.id === label);
    return known ?? { id: label, name: label, unit: "span", pattern: "dotted", attributes: [] };
  }

  /** @param {string} key "layer/label" */
  findLabel(key) {
    const [layer, label] = key.split("/");
    return this.label({ layer, label });
  }

  layerOf(label) { return this.view.layers.find((layer) => layer.labels.includes(label)) ?? this.layer; }

  sentenceName({ start, end }) {
    return within(this.reader.sentences, start, end).map((sentence) => sentence.id).join(", ");
  }

  whereabouts(span) {
    const name = this.sentenceName(span);
    return [name && this.t("where", { sentence: name }), this.index.isOutside(span) && this.t("outside")].filter(Boolean).join(". ");
  }

  // ---- edits: each one is a change with its way back

  /** @returns {boolean} whether the change was made */
  commit(change, key = null) {
    if (this.readonly) { this.say(this.readonly.message); return false; }
    const undo = wayBack(this.#outbox.state, change);
    const seq = this.#outbox.push(change);
    this.#history = record(this.#history, { redo: [change], undo, key, seqs: [seq] });
    this.refresh([change]);
    return true;
  }

  #update(span, change, said, key = null) {
    const before = this.spans.get(span.id);
    if (!before) return;
    const after = { ...before, ...change };
    if (JSON.stringify(after) === JSON.stringify(before)) this.say(said);
    else if (this.commit({ op: "update", span: after }, key)) this.say(said);
  }

  /** A label button or key: a new span from the selection, or a new label for the selected span under the caret. */
  applyLabel(label) {
    this.lastLabel = label;
    this.definition.show(label);
    this.quoter.update();
    if (this.readonly) { this.say(this.readonly.message); return; }
    const range = label.unit === "sentence" ? this.#sentenceRange() : this.reader.range();
    const span = this.spans.get(this.selected);
    if (range && !this.reader.intact(range.start, range.end)) this.say(this.t("changed_text"));
    else if (range) this.create(range, label);
    else if (span && label.unit === "span" && this.#caretIn(span)) this.relabel(span, keyOf(this.layerOf(label), label));
    else this.say(label.unit === "sentence" ? this.t("no_sentence") : this.t("select_first"));
  }

  #caretIn(span) { return this.reader.focus !== null && span.start <= this.reader.focus && this.reader.focus <= span.end; }

  #sentenceRange() {
    const { anchor, focus, sentences } = this.reader;
    return focus === null ? null : sentenceAt(sentences, Math.min(anchor, focus));
  }

  /** @param {string} [ask] how to ask for the confidence @returns {boolean} whether there is a new span */
  create(range, label, confidence = null, ask = this.singleKeys ? "ask_sure_keys" : "ask_sure") {
    const layer = this.layerOf(label);
    const { start, end } = label.unit === "sentence" ? sentenceAt(this.reader.sentences, range.start) : range;
    const others = this.index.overlapping(start, end);
    const same = others.find((span) =>
      span.layer === layer.id && span.start === start && span.end === end && (layer.unit === "sentence" || span.label === label.id));
    if (same) { this.#again(same, layer, label); return false; }
    if (this.spans.size >= this.view.max_spans) { this.say(this.t("too_many", { count: this.view.max_spans })); return false; }
    const quote = this.reader.slice(start, end);
    const span = { id: `s${randomId()}`, layer: layer.id, label: label.id, start, end, quote, confidence, note: "", attributes: {}, discuss: false };
    this.lastLabel = label;
    this.inspector.flush();
    this.selected = span.id;
    if (!this.commit({ op: "add", span })) return false;
    this.reader.collapse();
    this.say([
      this.#added(span, label),
      others.length && this.t("overlaps", { names: [...new Set(others.map((other) => this.label(other).name))].join(", ") }),
      this.index.isOutside(span) && this.t("outside_note"), confidence === null && this.t(ask),
    ].filter(Boolean).join(" "));
    return true;
  }

  #added(span, label) {
    const [words, sentence] = [this.t("words", { count: countWords(this.reader.article, span.start, span.end) }), this.sentenceName(span)];
    return sentence ? this.t("added_in", { label: label.name, words, sentence }) : this.t("added", { label: label.name, words });
  }

  /** The words are labelled already: where each sentence has one label, change it; else show the label that is there. */
  #again(span, layer, label) {
    this.select(span.id);
    if (span.label === label.id) this.say(this.t("already", { label: label.name }));
    else this.relabel(span, keyOf(layer, label));
  }

  /**
   * @param {boolean} [stepping] chosen from a list, where the arrow keys pass other labels on the way: the words and the
   * answers are then those from before the first step, and the steps are taken back as one
   */
  relabel(span, key, stepping = false) {
    this.inspector.flush();
    const label = this.findLabel(key);
    const { from, name } = stepping && this.#steps?.reached === placeOf(span) ? this.#steps : { from: span, name: `label:${randomId()}` };
    const kept = Object.entries(from.attributes).filter(([id]) => label.attributes?.some((attribute) => attribute.id === id));
    const sentence = label.unit === "sentence" ? sentenceAt(this.reader.sentences, span.start) : null;
    const { start, end } = sentence ?? from;
    const said = this.t("relabelled", { old: this.label(from).name, label: label.name });
    this.lastLabel = label;
    const changes = { layer: this.layerOf(label).id, label: label.id, attributes: Object.fromEntries(kept) };
    this.#update(span, { ...changes, start, end, quote: this.reader.slice(start, end) }, said, stepping ? name : null);
    this.#steps = stepping ? { from, name, reached: placeOf({ ...span, ...changes, start, end }) } : null;
  }

  setConfidence(span, confidence) {
    const name = this.view.confidence.find((option) => option.value === confidence)?.name ?? this.t("no_confidence");
    this.#update(span, { confidence }, this.t("sure_set", { name }));
  }

  setNote(span, note, key) {
    if (this.spans.get(span.id)?.note !== note) this.#update(span, { note }, this.t("note_set"), key);
    this.showChip();
  }

  setAttribute(span, id, value) {
    const { [id]: _, ...others } = span.attributes;
    const attributes = value ? sortedByName({ ...others, [id]: value }) : others;
    this.#update(span, { attributes }, this.t("attribute_set"));
  }

  resizeToSelection() {
    const range = this.reader.range();
    if (!range) this.say(this.t("select_first"));
    else if (!this.reader.intact(range.start, range.end)) this.say(this.t("changed_text"));
    else this.resize(this.spans.get(this.selected), range);
  }

  resize(span, range) {
    if (!span || !range) return;
    const { start, end } = this.label(span).unit === "sentence" ? sentenceAt(this.reader.sentences, range.start) : range;
    const quote = this.reader.slice(start, end);
    if (start !== span.start || end !== span.end) this.#update(span, { start, end, quote }, this.t("resized", { quote: shorten(quote) }));
  }

  removeSpan(span) {
    this.inspector.flush();
    const current = this.spans.get(span.id);
    if (current && this.commit({ op: "remove", span: current })) this.say(this.t("removed", { label: this.label(current).name }));
  }

  undo() { this.#travel("done", "undo", stepBack, this.t("nothing_undo"), this.t("undone")); }

  redo() { this.#travel("undone", "redo", stepForth, this.t("nothing_redo"), this.t("redone")); }

  /** Undo and redo are ordinary changes: they are sent, saved and acknowledged like any other. */
  #travel(stack, side, move, nothing, said) {
    this.inspector.flush();
    const step = this.#history[stack].at(-1);
    if (this.readonly || !step) { this.say(this.readonly ? this.readonly.message : nothing); return; }
    this.#history = move(this.#history);
    const [first] = step[side];
    if (!possible(this.#outbox.state, first)) { this.refresh(); this.say(this.t("cannot_undo")); return; }
    step.seqs = step[side].flatMap((change) => (possible(this.#outbox.state, change) ? this.#outbox.push(change) : []));
    if (first.span) this.selected = first.op === "remove" ? null : first.span.id;
    this.refresh(step[side]);
    this.say(said);
  }

  // ---- selecting spans

  select(id) {
    this.#back = null;
    this.inspector.flush();
    this.selected = id;
    this.refresh([]);
    this.definition.show(null);
  }

  close() {
    const back = this.#back;
    this.select(null);
    this.#back = back;
    this.#goBack();
  }

  /** To where the inspector was opened from, or to the text. */
  #goBack() {
    const back = this.#back;
    this.#back = null;
    if (back?.isConnected) back.focus();
    else if (back && this.sentences.el.open) this.sentences.focusWithin();
    else this.reader.takeFocus();
  }

  /** One label here: select it. Several: ask. None: let go. */
  chooseAmong(ids) {
    this.#furnish();
    if (this.links.takes(ids)) return;
    const spans = ids.map((id) => this.spans.get(id)).filter(Boolean);
    const choose = (span) => {
      this.select(span.id);
      this.say(this.#chosen(span));
    };
    if (spans.length === 1) choose(spans[0]);
    else if (spans.length > 1) {
      this.menu.open(this.t("pick_span"), spans.map((span) => {
        const label = { ...this.label(span), shortcut: null };
        return { label, text: label.name, detail: shorten(span.quote, 60), run: () => choose(span) };
      }));
    } else this.select(null);
  }

  #chosen(span) {
    const chosen = this.t("chosen", { label: this.label(span).name, quote: shorten(span.quote) });
    return [chosen, span.discuss && this.t("for_discussion"), this.links.told(span)].filter(Boolean).join(" ");
  }

  goTo(span) {
    this.select(span.id);
    this.reader.takeFocus();
    this.reader.place(span.start, span.start);
    this.say(this.#chosen(span));
  }

  edit(span) {
    const from = document.activeElement;
    this.select(span.id);
    this.#back = from;
    this.inspector.focusPicker();
  }

  // ---- keys

  #key(event) {
    if (heldEnter(event)) return;
    const modified = event.ctrlKey || event.metaKey || event.altKey;
    const typing = event.target.matches("textarea, input:not([type=radio]):not([type=checkbox])");
    const handled = !event.defaultPrevented && !event.isComposing && !event.target.closest("dialog")
      && ((!typing && this.#historyKey(event)) || this.#escape(event) || ([this.reader.el, this.#root].includes(event.target) && this.#textKey(event)));
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
    if (this.links.stop()) return true;
    if (target !== this.reader.el) this.#goBack();
    else if (this.reader.empty && this.selected === null) this.#root.parentElement.closest("[tabindex]")?.focus();
    else {
      this.reader.collapse();
      this.select(null);
    }
    return true;
  }

  #textKey(event) {
    const modified = !graphic(event) && (event.ctrlKey || event.metaKey || event.altKey);
    if (MOVES[event.key]) return this.#moveKey(event);
    if (modified) return this.#selectAll(event);
    if (event.repeat && !(event.key in STRETCH_KEYS || event.key in SENTENCE_KEYS)) return true;
    if (event.key === "Enter") this.#labelMenu();
    else if (event.key === " ") this.#spanAtCaret();
    else if (event.key === "Delete" || event.key === "Backspace") this.#deleteKey();
    else return this.singleKeys && event.key.length === 1 && this.#singleKey(shortcutOf(event, this.layer.labels.map(({ shortcut }) => shortcut)));
    return true;
  }

  #moveKey({ key, shiftKey, ctrlKey, altKey, metaKey }) {
    let [kind, direction] = MOVES[key];
    const far = ctrlKey || altKey;
    if (kind === "character") {
      if (this.reader.rtl) direction = -direction;
      kind = metaKey ? "lineboundary" : far ? "word" : kind;
    } else if (kind === "line") kind = metaKey ? "article" : far ? "sentence" : kind;
    else if (far || metaKey) kind = "article";
    this.reader.move(kind, direction, shiftKey);
    return true;
  }

  #selectAll({ key, ctrlKey, metaKey, altKey }) {
    if (key.toLowerCase() !== "a" || altKey || !(ctrlKey || metaKey)) return false;
    this.reader.place(this.reader.article.blocks[0].start, this.reader.article.end, { scroll: false });
    return true;
  }

  #singleKey(key) {
    const label = this.layer.labels.find((each) => each.shortcut?.toLowerCase() === key.toLowerCase());
    const span = this.spans.get(this.selected);
    if (label) this.applyLabel(label);
    else if (key === "?") this.help.open();
    else if (this.search.key(key) || this.links.key(key, span)) return true;
    else if (key === "/") this.quoter.open();
    else if (key === "l") this.sentences.open(this.reader.focus ?? this.reader.first);
    else if (key === "m") this.markers.switch(!this.markers.on);
    else if (key === "t") this.tapping.switch(!this.tapping.on);
    else if (SENTENCE_KEYS[key]) this.reader.move("sentence", ...SENTENCE_KEYS[key]);
    else if (!span) return false;
    else if (SURE_KEYS[key]) this.setConfidence(span, stepConfidence(this.view.confidence, span.confidence, SURE_KEYS[key]));
    else if (STRETCH_KEYS[key]) this.resize(span, this.reader.stretched(span, ...STRETCH_KEYS[key]));
    else return false;
    return true;
  }

  #labelMenu() {
    if (this.readonly) { this.say(this.readonly.message); return; }
    const several = this.view.layers.length > 1;
    this.menu.open(this.t("pick_label"), this.view.layers.flatMap((layer) => layer.labels.map((label) =>
      ({ label, text: label.name, detail: several ? layer.name : label.shortcut, run: () => this.applyLabel(label) }))));
  }

  #spanAtCaret() {
    const caret = this.reader.focus;
    const here = this.index.overlapping(caret, caret + 1);
    const found = here.length ? here : this.index.overlapping(caret - 1, caret);
    if (found.length) this.chooseAmong(found.map((span) => span.id)); else this.say(this.t("none_here"));
  }

  #deleteKey() {
    const span = this.spans.get(this.selected);
    if (span) this.removeSpan(span); else this.say(this.t("none_here"));
  }
}

export default {
  /** anywidget calls this once per view and calls the returned function when the view goes away. */
  render({ model, el }) {
    const labeller = new Labeller(model, el);
    return () => labeller.dispose();
  },
};
