import { keyOf, labelOptions, setSure, sureSelect } from "./fields.js";
import { findOccurrences } from "./finding.js";
import { button, h, shorten, swatch } from "../shared/dom.js";
import { once } from "../shared/keys.js";
import { blockAt, countWords, graphemes, makeArticle, overlapping, sentenceAt, toUtf16, wordsOf } from "../shared/offsets.js";

/** Sentences on one page of the list: a page is built at once, so it stays small, whatever the length of the text. */
const PAGE = 40;
/** How many of the sentences that follow a passage may reach into. */
const REACH = 12;
const STEPS = { ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, Home: () => 0, End: (_, last) => last };
const JOINING = /^[-‐‑.’']$/u;

/**
 * @typedef {{start: number, end: number, text: string, sign: boolean, glued: boolean}} Token  glued: no space before it
 * What can be chosen as the first or the last piece of `[start, end)`: words, and the signs between them one by one,
 * because a passage may begin with a quotation mark and stop before a comma.
 * @returns {Token[]}
 */
export function tokensOf(article, start, end) {
  const tokens = [];
  const add = (block, from, to, sign) => tokens.push({
    start: from, end: to, sign, text: block.text.slice(toUtf16(block, from), toUtf16(block, to)), glued: tokens.at(-1)?.end === from,
  });
  for (let index = blockAt(article, start); article.blocks[index]?.start < end; index += 1) {
    const block = article.blocks[index];
    const last = Math.min(end, block.end);
    let at = Math.max(start, block.start);
    const signs = (to) => {
      const cuts = graphemes(block).filter((cut) => at <= cut && cut <= to);
      for (let n = 0; n + 1 < cuts.length; n += 1) {
        if (block.text.slice(toUtf16(block, cuts[n]), toUtf16(block, cuts[n + 1])).trim()) add(block, cuts[n], cuts[n + 1], true);
      }
    };
    for (const [from, to] of wordsOf(block)) {
      if (from < at || to > last) continue;
      signs(from);
      add(block, from, to, false);
      join(tokens);
      at = to;
    }
    signs(last);
  }
  return tokens;
}

/** “one-armed” and “U.S” are one word to a reader. */
function join(tokens) {
  const [before, sign, after] = tokens.slice(-3);
  if (!after?.glued || !sign.glued || before.sign || !sign.sign || !JOINING.test(sign.text)) return;
  tokens.splice(-3, 3, { ...before, end: after.end, text: before.text + sign.text + after.text });
}

/** Where words stand between two positions, spelt exactly or alike. @returns {{start: number, end: number}[]} */
export function findWithin(article, phrase, start, end) {
  const offset = start;
  const inside = article.blocks.filter((block) => block.start < end && start < block.end).map((block) => {
    const from = Math.max(start, block.start);
    return { id: block.id, kind: block.kind, start: from - offset, text: block.text.slice(toUtf16(block, from), toUtf16(block, end)) };
  });
  if (!inside.length) return [];
  return findOccurrences(makeArticle(inside), phrase).map((found) => ({ start: found.start + offset, end: found.end + offset }));
}

/** The sentences that no label touches. @param {Span[]} spans by their start */
export function bareSentences(sentences, spans) {
  let next = 0;
  let reached = -1;
  return sentences.filter((sentence) => {
    for (; next < spans.length && spans[next].start < sentence.end; next += 1) reached = Math.max(reached, spans[next].end);
    return reached <= sentence.start;
  });
}

/** A passage as two of a row of words: its first and its last. One Tab stop; the arrow keys move among the words. */
class Words {
  range = null;
  #app; #tokens = []; #row; #changed;
  /** The word pressed first, the one at the other end, whether the second press is still to come, and the Tab stop. */
  #anchor = -1; #other = -1; #half = false; #at = 0;

  /** @param {() => void} changed called when another passage is chosen */
  constructor(app, changed) {
    this.#app = app;
    this.#changed = changed;
    const { article } = app.view;
    this.#row = h("div", {
      class: "ss-words", dir: article.dir, lang: article.language, translate: "no", onclick: (event) => this.#clicked(event),
      onkeydown: (event) => this.#key(event), onfocusin: (event) => this.#moveTo([...this.#row.children].indexOf(event.target)),
    });
    this.el = h("div", { role: "group", "aria-description": app.t("words_help") }, this.#row);
  }

  /** @param {{start: number, end: number}} stretch whose words are offered @param {Sentence[]} sentences that begin in it */
  show(stretch, sentences, name) {
    this.#tokens = tokensOf(this.#app.reader.article, stretch.start, stretch.end);
    this.el.setAttribute("aria-label", name);
    const begins = new Map(sentences.map((sentence) => [this.#tokens.findIndex((token) => token.start >= sentence.start), sentence.id]));
    this.#row.replaceChildren(...this.#tokens.map(({ text, sign, glued }, index) => h("button", {
      type: "button", tabindex: -1, class: `ss-word${glued ? " ss-glued" : ""}${sign ? " ss-sign" : ""}`, "aria-pressed": "false",
      "aria-label": sign ? this.#app.t("sign", { sign: text }) : null, "data-begins": begins.get(index),
    }, text)));
    this.#at = Math.max(0, Math.min(this.#at, this.#tokens.length - 1));
    this.choose(this.range);
    this.#moveTo(this.#at);
  }

  /** @param {{start: number, end: number}|null} range */
  choose(range) {
    this.#anchor = range ? this.#tokens.findIndex((token) => token.end > range.start) : -1;
    this.#other = range ? this.#tokens.findLastIndex((token) => token.start < range.end) : -1;
    this.#half = false;
    this.range = range;
    if (this.#other >= 0) this.#moveTo(this.#other);
    this.#draw();
  }

  focus() { this.#row.children[this.#at]?.focus(); }

  /** The first press chooses one word, the second the other end; the third begins again. */
  #press(index, extend) {
    if (index < 0) return;
    this.#half = !(this.#anchor >= 0 && (extend || this.#half));
    if (this.#half) this.#anchor = index;
    this.#other = index;
    this.#taken();
  }

  #taken() {
    const [first, last] = this.#ends();
    this.range = { start: this.#tokens[first].start, end: this.#tokens[last].end };
    this.#draw();
    const quote = shorten(this.#app.reader.slice(this.range.start, this.range.end), 300);
    this.#app.speak(this.#app.t(this.#half ? "first_word" : "words_chosen", { quote }));
  }

  #ends() { return [Math.min(this.#anchor, this.#other), Math.max(this.#anchor, this.#other)]; }

  #draw() {
    const [first, last] = this.#ends();
    [...this.#row.children].forEach((word, index) => {
      const inside = String(first >= 0 && first <= index && index <= last);
      if (word.getAttribute("aria-pressed") !== inside) word.setAttribute("aria-pressed", inside);
    });
    this.#changed();
  }

  #moveTo(index) {
    if (index < 0) return;
    for (const at of [this.#at, index]) this.#row.children[at]?.setAttribute("tabindex", at === index ? "0" : "-1");
    this.#at = index;
  }

  #clicked(event) { this.#press([...this.#row.children].indexOf(event.target.closest(".ss-word")), event.shiftKey); }

  #key(event) {
    const to = event.ctrlKey || event.metaKey || event.altKey ? null : this.#target(event.key);
    if (to === null) return;
    event.preventDefault();
    if (event.shiftKey && this.#anchor < 0) this.#anchor = this.#at;
    this.#moveTo(to);
    this.focus();
    if (!event.shiftKey) return;
    [this.#other, this.#half] = [to, false];
    this.#taken();
  }

  #target(key) {
    const last = this.#tokens.length - 1;
    const step = this.#app.reader.rtl ? -1 : 1;
    const steps = { ArrowRight: this.#at + step, ArrowLeft: this.#at - step, Home: 0, End: last };
    if (key in steps) return Math.max(0, Math.min(last, steps[key]));
    return key === "ArrowDown" || key === "ArrowUp" ? this.#onNextLine(key === "ArrowDown" ? 1 : -1) : null;
  }

  /** The word nearest above or below: only the screen knows where lines end. */
  #onNextLine(direction) {
    const boxes = Array.from(this.#row.children, (word) => word.getBoundingClientRect());
    const here = boxes[this.#at];
    const away = (box) => (box.top - here.top) * direction;
    const next = Math.min(...boxes.map(away).filter((distance) => distance > here.height / 2));
    const aside = (box) => Math.abs(box.left + box.right - here.left - here.right);
    const onLine = boxes.map((box, index) => [box, index]).filter(([box]) => Math.abs(away(box) - next) < here.height / 2);
    return onLine.reduce((best, each) => (aside(each[0]) < aside(best[0]) ? each : best), onLine[0] ?? [here, this.#at])[1];
  }
}

/** A label in the list: its label and confidence, and the way to everything else about it. */
class Entry {
  #app; #row; #span = null; #shown = "";

  constructor(row, app) {
    this.#app = app;
    this.#row = row;
    this.name = h("p", { class: "ss-named" });
    this.quote = h("bdi", { lang: app.view.article.language });
    this.picker = h("select", { onchange: () => app.relabel(this.#span, this.picker.value, true) }, ...labelOptions(app));
    this.sure = sureSelect(app, () => app.setConfidence(this.#span, this.sure.value === "" ? null : Number(this.sure.value)));
    this.buttons = [
      button(app.t("change_words"), () => row.change(this.#span)), button(app.t("more_about"), () => app.edit(this.#span)),
      button(app.t("remove"), once(() => row.remove(this.#span))),
    ];
    this.group = h("div", { class: "ss-entry", role: "group" },
      h("div", { class: "ss-entry-head" }, this.name, h("p", { class: "ss-entry-quote" }, this.quote)),
      h("div", { class: "ss-entry-fields" },
        h("label", { class: "ss-field" }, app.t("label"), this.picker), h("label", { class: "ss-field" }, app.t("sure"), this.sure),
        h("div", { class: "ss-row" }, ...this.buttons)));
    this.el = h("li", {}, this.group);
  }

  fill(span) {
    const app = this.#app;
    const shown = JSON.stringify([span, Boolean(app.readonly)]);
    this.#span = span;
    if (shown === this.#shown) return;
    this.#shown = shown;
    const label = app.label(span);
    this.group.setAttribute("aria-label", app.t("entry", { label: label.name, quote: shorten(span.quote, 60) }));
    this.name.replaceChildren(swatch(label), label.name);
    this.quote.textContent = span.quote;
    this.picker.value = `${span.layer}/${span.label}`;
    setSure(this.sure, span.confidence);
    for (const control of [this.picker, this.sure, ...this.buttons]) control.disabled = Boolean(app.readonly);
    this.buttons[0].hidden = label.unit === "sentence";
  }
}

/** What can be done with one sentence; built when the sentence is opened. */
class Desk {
  #app; #list; #sentence; #entries = new Map(); /** the label whose words are being changed */ #changing = null; #parts; #offered = null;

  constructor(list, app, sentence) {
    this.#app = app;
    this.#list = list;
    this.#sentence = sentence;
    this.words = new Words(app, () => this.#chosen());
    this.#build();
    this.#offer(sentence, sentence);
    this.update();
  }

  #build() {
    const app = this.#app;
    const parts = this.#parts = {
      title: h("p", { class: "ss-desk-title" }),
      chosen: h("p", { class: "ss-empty ss-chosen" }),
      whole: button(app.t("whole_sentence"), () => this.#whole()),
      until: h("select", { onchange: () => this.#until() }, ...this.#following().map(({ id }) => h("option", { value: id }, id))),
      typed: h("input", { type: "text", autocomplete: "off", spellcheck: "false", dir: "auto", oninput: () => this.#typed() }),
      picker: h("select", {}, ...labelOptions(app, (label) => label.unit === "span")),
      sure: sureSelect(app),
      add: button(app.t("add"), () => this.#add(), { class: "ss-button ss-button-main" }),
      set: button(app.t("set_words"), () => this.#set(), { class: "ss-button ss-button-main" }),
      cancel: button(app.t("cancel"), () => this.#stop()),
      plain: h("div", { class: "ss-row ss-plain", role: "group", "aria-label": app.t("for_sentence", { sentence: this.#sentence.id }) },
        ...app.view.layers.flatMap((layer) => layer.labels.filter((label) => label.unit === "sentence").map((label) => this.#plain(label)))),
      listed: h("ul", { class: "ss-entries", role: "list", "aria-label": app.t("entries", { sentence: this.#sentence.id }) }),
    };
    const field = (name, control) => h("label", { class: "ss-field" }, app.t(name), control);
    const { title, chosen, whole, until, typed, picker, sure, add, set, cancel, plain, listed } = parts;
    parts.form = h("div", { class: "ss-desk-add" }, picker.length ? field("label", picker) : null, picker.length ? field("sure", sure) : null,
      picker.length ? add : null, set, cancel);
    parts.passage = h("div", { class: "ss-desk-words" }, title, this.words.el, chosen,
      h("div", { class: "ss-desk-tools" }, whole, field("until", until), h("label", { class: "ss-field ss-grow" }, app.t("or_type"), typed)), parts.form);
    parts.passage.hidden = !picker.length;
    plain.hidden = !plain.children.length;
    this.el = h("div", { class: "ss-desk" }, parts.passage, plain, listed);
  }

  #plain(label) {
    const press = () => this.#app.create(this.#sentence, label, this.#sure(), "ask_sure_list");
    const attributes = { type: "button", class: "ss-button ss-label", "aria-description": label.ask, onclick: press };
    return h("button", attributes, swatch(label), h("span", {}, label.name));
  }

  #following() {
    const { sentences } = this.#app.reader;
    const index = sentences.indexOf(this.#sentence);
    return sentences.slice(index, index + REACH + 1);
  }

  /** Offer the words from one sentence up to another. */
  #offer(first, last) {
    const { sentences } = this.#app.reader;
    const offered = sentences.slice(sentences.indexOf(first), sentences.indexOf(last) + 1);
    const name = this.#app.t("words_of", { sentence: offered.length > 1 ? `${first.id}–${last.id}` : first.id });
    this.words.show({ start: first.start, end: last.end }, offered.length > 1 ? offered : [], name);
    this.#parts.until.value = last.id;
  }

  #until() {
    const last = this.#following()[this.#parts.until.selectedIndex];
    if (this.words.range?.end > last.end) this.words.range = null;
    this.#offer(this.#changing ? this.#firstOf(this.#changing) : this.#sentence, last);
  }

  #firstOf({ start }) { return sentenceAt(this.#app.reader.sentences, Math.min(start, this.#sentence.start)); }

  #whole() {
    const { sentences } = this.#app.reader;
    const last = this.#following()[Math.max(0, this.#parts.until.selectedIndex)];
    this.words.choose({ start: this.#sentence.start, end: (last ?? sentences.at(-1)).end });
    this.#tell();
  }

  #typed() {
    const { value } = this.#parts.typed;
    const last = this.#following()[Math.max(0, this.#parts.until.selectedIndex)];
    const [found] = value.trim() ? findWithin(this.#app.reader.article, value, this.#sentence.start, last.end) : [];
    this.words.choose(found ?? null);
    if (value.trim() && !found) this.#parts.chosen.textContent = this.#app.t("not_in_sentence");
    this.#app.speak(this.#parts.chosen.textContent);
  }

  /** Say in the list which passage is chosen. */
  #chosen() {
    if (!this.#parts) return;
    const { range } = this.words;
    const { reader } = this.#app;
    const told = () => {
      const words = this.#app.t("words", { count: countWords(reader.article, range.start, range.end) });
      return this.#app.t("selected", { quote: shorten(reader.slice(range.start, range.end)), words });
    };
    this.#parts.chosen.textContent = range ? told() : this.#app.t("choose_words");
  }

  #tell() { this.#app.speak(this.#parts.chosen.textContent); }

  #sure() { return this.#parts.sure.value === "" ? null : Number(this.#parts.sure.value); }

  #add() {
    const { range } = this.words;
    if (!range) { this.#app.say(this.#app.t("choose_words")); this.words.focus(); return; }
    if (!this.#app.create(range, this.#app.findLabel(this.#parts.picker.value), this.#sure(), "ask_sure_list")) return;
    this.#parts.sure.value = this.#parts.typed.value = "";
    this.words.choose(null);
    this.#parts.chosen.textContent = this.#app.said; // what was done, where the eyes are
    this.words.focus();
  }

  /** Choose other words for a label that is there. */
  change(span) {
    const app = this.#app;
    this.#changing = span;
    const last = sentenceAt(app.reader.sentences, span.end);
    if (![...this.#parts.until.options].some((option) => option.value === last.id)) this.#parts.until.append(h("option", { value: last.id }, last.id));
    this.words.range = { start: span.start, end: span.end };
    this.#offer(this.#firstOf(span), last);
    this.#mode();
    this.words.focus();
    app.say(app.t("changing_words", { label: app.label(span).name, quote: shorten(span.quote) }));
  }

  #set() {
    const { range } = this.words;
    if (!range) { this.#app.say(this.#app.t("choose_words")); this.words.focus(); return; }
    this.#app.resize(this.#changing, range);
    this.#stop();
  }

  /** Back to adding; the focus goes to the label that was being changed. */
  #stop() {
    const entry = this.#entries.get(this.#changing?.id);
    this.#changing = null;
    this.words.range = null;
    this.#offer(this.#sentence, this.#sentence);
    this.#mode();
    if (entry?.el.isConnected) entry.buttons[0].focus(); else this.words.focus();
  }

  #mode() {
    const { title, add, set, cancel, form } = this.#parts;
    const span = this.#changing;
    title.textContent = span ? this.#app.t("words_for", { label: this.#app.label(span).name, quote: shorten(span.quote, 60) }) : "";
    title.hidden = set.hidden = cancel.hidden = !span;
    add.hidden = Boolean(span);
    for (const field of form.querySelectorAll("label")) field.hidden = Boolean(span);
  }

  /** After deleting, the focus goes to the next label of the sentence, or to its words. */
  remove(span) {
    const entries = [...this.#entries.values()];
    const at = entries.indexOf(this.#entries.get(span.id));
    this.#app.removeSpan(span);
    const next = entries[at + 1] ?? entries[at - 1];
    if (next?.el.isConnected) next.buttons[2].focus(); else this.#list.focusWithin();
  }

  /** Where the focus goes when this sentence is opened, or nothing else is left. */
  focus() { if (this.#parts.passage.hidden) this.#parts.plain.querySelector("button")?.focus(); else this.words.focus(); }

  update() {
    const app = this.#app;
    const spans = app.index.overlapping(this.#sentence.start, this.#sentence.end);
    if (this.#changing && !app.spans.has(this.#changing.id)) this.#stop();
    const known = new Set(spans.map((span) => span.id));
    for (const [id, entry] of this.#entries) if (!known.has(id)) { entry.el.remove(); this.#entries.delete(id); }
    const { listed } = this.#parts;
    const active = listed.contains(document.activeElement) ? document.activeElement : null;
    spans.forEach((span, index) => {
      const entry = this.#entries.get(span.id) ?? new Entry(this, app);
      this.#entries.set(span.id, entry);
      entry.fill(span);
      if (listed.children[index] !== entry.el) listed.insertBefore(entry.el, listed.children[index] ?? null);
    });
    this.#entries = new Map(spans.map((span) => [span.id, this.#entries.get(span.id)]));
    listed.hidden = !spans.length;
    if (active?.isConnected) active.focus(); // an entry that takes another place in the list loses the focus
    this.#lock();
  }

  #lock() {
    const { picker, sure, add, set, plain } = this.#parts;
    for (const control of [picker, sure, add, set, ...plain.children]) control.disabled = Boolean(this.#app.readonly);
    // The label used last is offered first; what is chosen here meanwhile stays, whatever the notebook answers.
    const { lastLabel } = this.#app;
    if (this.#offered !== lastLabel && lastLabel.unit === "span") picker.value = keyOf(this.#app.layerOf(lastLabel), lastLabel);
    this.#offered = lastLabel;
    this.#mode();
  }
}

/** The text as a list of sentences, for labelling without selecting text: by screen reader, switch, touch or keyboard. */
export class Sentences {
  #app; #body = null; #all; #part; #pages; #from = 0; #rows = []; #open = null; #desk = null; #built = false;

  constructor(app) {
    this.#app = app;
    this.el = h("details", { class: "ss-sentences", ontoggle: () => this.#toggled(), onkeydown: (event) => this.#key(event) },
      h("summary", {}, app.t("sentences")));
  }

  /** Made when it is opened for the first time. */
  #make() {
    const app = this.#app;
    const asked = app.view.sentences.filter((sentence) => sentence.asked).length;
    const choice = 0 < asked && asked < app.view.sentences.length;
    this.#all = h("input", { type: "checkbox", onchange: () => this.#show(0) });
    this.#all.checked = !asked;
    this.#part = h("p", { class: "ss-empty" });
    this.#pages = h("div", { class: "ss-row ss-pages", role: "group", "aria-label": app.t("pages") },
      button(app.t("earlier"), () => this.#turn(-1)), this.#part, button(app.t("later"), () => this.#turn(1)));
    this.#body = h("ol", { class: "ss-sentence-list", role: "list", "aria-label": app.t("sentence_list") });
    const tools = h("div", { class: "ss-row" }, button(app.t("open_unlabelled"), () => this.#nextUnlabelled()),
      choice ? h("label", { class: "ss-switch" }, this.#all, app.t("all_sentences")) : null);
    this.el.append(h("p", { class: "ss-empty" }, app.t("sentences_help")), tools, this.#body, this.#pages);
  }

  get #sentences() { return this.#all.checked ? this.#app.reader.sentences : this.#app.reader.sentences.filter((sentence) => sentence.asked); }

  #toggled() {
    if (this.el.open && !this.#built) this.#show(this.#from);
    else if (this.el.open) this.update();
  }

  /** Open the list at a sentence. */
  open(position = null) {
    if (!this.#body) this.#make();
    this.el.open = true;
    const sentence = position === null ? null : sentenceAt(this.#app.reader.sentences, position);
    if (sentence && !sentence.asked && !this.#sentences.includes(sentence)) this.#all.checked = true;
    const index = Math.max(0, this.#sentences.indexOf(sentence));
    this.#show(index);
    const row = this.#rows.find((each) => each.sentence === sentence) ?? this.#rows[0];
    if (!row) return;
    if (this.#open !== row) this.#expand(row);
    row.head.focus();
    row.el.scrollIntoView({ block: "nearest" });
  }

  /** Show the page that holds the sentence with this number. */
  #show(index) {
    if (!this.#body) this.#make();
    this.#built = true;
    const sentences = this.#sentences;
    const from = Math.floor(index / PAGE) * PAGE;
    const shown = sentences.slice(from, from + PAGE);
    if (from !== this.#from || shown.length !== this.#rows.length || shown.some((sentence, n) => this.#rows[n].sentence !== sentence)) {
      this.#from = from;
      this.#open = this.#desk = null;
      this.#rows = shown.map((sentence) => this.#row(sentence));
      this.#body.replaceChildren(...this.#rows.map((row) => row.el));
      this.#body.setAttribute("start", String(from + 1));
    }
    const [earlier, , later] = this.#pages.children;
    this.#pages.hidden = sentences.length <= PAGE;
    this.#part.textContent = this.#app.t("page", { first: from + 1, last: from + shown.length, count: sentences.length });
    earlier.setAttribute("aria-disabled", String(from === 0));
    later.setAttribute("aria-disabled", String(from + PAGE >= sentences.length));
    this.update();
  }

  #turn(direction) {
    const from = this.#from + direction * PAGE;
    if (from < 0 || from >= this.#sentences.length) return;
    this.#show(from);
    this.#rows[0].head.focus();
    this.#app.speak(this.#part.textContent);
  }

  #row(sentence) {
    const { article } = this.#app.view;
    const text = this.#app.reader.slice(sentence.start, sentence.end).replace(/\s+/gu, " ");
    const count = h("span", { class: "ss-count" });
    const press = () => this.#expand(this.#open === row ? null : row);
    const head = h("button", { type: "button", class: "ss-sentence-head", "aria-expanded": "false", onclick: press },
      h("b", {}, sentence.id), " ", h("bdi", { lang: article.language, dir: article.dir }, text), " ", count);
    const row = { sentence, head, count, el: h("li", { "data-sentence": sentence.id }, head) };
    return row;
  }

  #expand(row) {
    if (this.#open) { this.#desk.el.remove(); this.#open.head.setAttribute("aria-expanded", "false"); }
    [this.#open, this.#desk] = [row, row && new Desk(this, this.#app, row.sentence)];
    if (!row) return;
    row.head.setAttribute("aria-expanded", "true");
    row.el.append(this.#desk.el);
  }

  focusWithin() { if (this.#desk) this.#desk.focus(); else this.el.firstElementChild.focus(); }

  /** Labels have changed. Only what is open is looked at. */
  update() {
    if (!this.el.open || !this.#built) return;
    if (!this.#rows.length) return;
    const near = this.#app.index.overlapping(this.#rows[0].sentence.start, this.#rows.at(-1).sentence.end);
    for (const { sentence, head, count } of this.#rows) {
      const here = overlapping(near, sentence.start, sentence.end);
      const open = here.filter((span) => span.confidence === null).length;
      const parts = [["count_labels", here.length], ["count_open", open]].filter(([, n]) => n).map(([key, n]) => this.#app.t(key, { count: n }));
      const text = parts.join(", ");
      if (count.textContent !== text) count.textContent = text;
      head.classList.toggle("ss-done", here.length > 0 && !open);
    }
    this.#desk?.update();
  }

  #nextUnlabelled() {
    const bare = bareSentences(this.#sentences, this.#app.index.sorted);
    const next = bare.find((sentence) => !this.#open || sentence.start > this.#open.sentence.start) ?? bare[0];
    if (next) this.open(next.start); else this.#app.say(this.#app.t("list_labelled"));
  }

  /** Escape goes one step up: from a sentence's controls to the sentence; from there on the labeller takes it. */
  #key(event) {
    const row = this.#rows.find(({ head }) => head === event.target);
    if (event.key === "Escape" && this.#desk?.el.contains(event.target)) this.#open.head.focus();
    else if (row && event.key in STEPS && !event.shiftKey && !event.ctrlKey && !event.altKey && !event.metaKey) this.#step(row, event.key);
    else return;
    event.preventDefault();
  }

  /** From sentence to sentence with the arrow keys, on to the next page where one ends. */
  #step(row, key) {
    const to = STEPS[key](this.#rows.indexOf(row), this.#rows.length - 1);
    if (to < 0 && this.#from > 0) { this.#turn(-1); this.#rows.at(-1).head.focus(); }
    else if (to >= this.#rows.length) this.#turn(1);
    else this.#rows[Math.max(0, to)].head.focus();
  }
}
