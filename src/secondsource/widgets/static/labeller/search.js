import { foldText } from "./finding.js";
import { bareSentences } from "./sentences.js";
import { button, h } from "../shared/dom.js";
import { firstIndex } from "../shared/offsets.js";

/** Folding goes on for so many milliseconds at a time, in pieces of so many letters: the page never stands still. */
const TURN = 8;
const PIECE = 4000;
/** At most so many hits are marked at once, around what is in sight. */
const MARKED = 99;
/** After the last letter typed; then the number of hits is read aloud. */
const TYPING = 600;

/** A text as people type it, made in turns; once it is whole, everything in it is found at once. */
export class FoldedText {
  #article; #pieces; #folded = []; #from = []; #to = []; #text = null; #space = true;

  constructor(article) {
    this.#article = article;
    this.#pieces = this.#cut();
  }

  /** Stretches of at most `PIECE` letters that end at a space where there is one. */
  * #cut() {
    for (const block of this.#article.blocks) {
      let offset = block.start;
      for (let at = 0; at < block.text.length;) {
        let to = Math.min(block.text.length, at + PIECE);
        const space = to < block.text.length ? block.text.lastIndexOf(" ", to) : -1;
        if (space > at) to = space;
        else if (/[\ud800-\udbff]/.test(block.text[to - 1])) to -= 1;
        const text = block.text.slice(at, to);
        yield { text, offset };
        offset += block.map ? [...text].length : text.length;
        at = to;
      }
      yield { text: "\n", offset: block.end };
    }
  }

  /** Go on for a while. @returns {boolean} whether all is folded */
  work(milliseconds) {
    const until = performance.now() + milliseconds;
    while (this.#text === null && performance.now() < until) {
      const { value, done } = this.#pieces.next();
      if (done) this.#text = this.#folded.join("");
      else this.#take(value);
    }
    return this.#text !== null;
  }

  /** Of two spaces in a row, one is kept, as in `foldText`. */
  #take({ text, offset }) {
    const { folded, from, to } = foldText(text);
    const first = this.#space && folded.startsWith(" ") ? 1 : 0;
    this.#folded.push(folded.slice(first));
    for (let unit = first; unit < folded.length; unit += 1) {
      this.#from.push(from[unit] + offset);
      this.#to.push(to[unit] + offset);
    }
    if (folded.length > first) this.#space = folded.endsWith(" ");
  }

  /** Every place of a phrase, part of a word or not, in the order of the text. @returns {{start: number, end: number}[]} */
  find(phrase) {
    const needle = foldText(phrase.trim()).folded;
    const found = [];
    if (!needle || this.#text === null) return found;
    for (let at = this.#text.indexOf(needle); at >= 0; at = this.#text.indexOf(needle, at + needle.length)) {
      found.push({ start: this.#from[at], end: this.#to[at + needle.length - 1] });
    }
    return found;
  }
}

/** Find words in the text, one place after the other; and go to the next sentence that has no label yet. */
export class Search {
  #app; #field; #count; #folded = null; #hits = []; #at = -1; #origin = 0; #turn = 0; #frame = 0; #speaking = 0; #watcher; #names; #blocks; #visited = "";

  constructor(app) {
    this.#app = app;
    const { t, signal } = app;
    const id = `${app.client}-find`;
    this.el = h("div", { class: "ss-find", role: "search", id, hidden: true });
    this.button = button(t("find"), () => (this.el.hidden ? this.open() : this.close(false)),
      { "aria-expanded": "false", "aria-controls": id, "aria-keyshortcuts": "\\" });
    this.next = button(t("next_unlabelled"), () => this.nextBare(), { "aria-keyshortcuts": ";" });
    signal.addEventListener("abort", () => this.#stop());
  }

  /** Made when it is wanted for the first time. */
  #make() {
    const { t, reader, signal } = this.#app;
    this.#folded = new FoldedText(reader.article);
    this.#blocks = [...reader.el.querySelectorAll(".ss-block")];
    this.#watcher = new MutationObserver(() => this.#soon());
    this.#field = h("input", {
      type: "text", autocomplete: "off", spellcheck: "false", dir: "auto", enterkeyhint: "search", "aria-label": t("find"),
      oninput: () => this.#search(), onkeydown: (event) => this.#key(event),
    });
    this.#count = h("span", { class: "ss-count" });
    this.el.append(h("label", { class: "ss-find-field" }, h("span", {}, t("find")), this.#field), this.#count,
      button(t("hit_before"), () => this.#step(-1)), button(t("hit_after"), () => this.#step(1)),
      button(t("hit_select"), () => this.close(true)), button(t("close"), () => this.close(false)));
    reader.el.addEventListener("scroll", () => this.#soon(), { signal, passive: true });
    this.#prepareMarks();
  }

  /**
   * Names of this view's own highlights, which belong to the whole page. The rules for them stand in the widget, and only
   * from now on: with them a browser keeps three styles for every element instead of one.
   */
  #prepareMarks() {
    if (!CSS.highlights || !window.Highlight) return;
    this.#names = [`ss-${this.#app.client}-found`, `ss-${this.#app.client}-here`];
    const [found, here] = this.#names;
    this.el.append(h("style", {}, `.ss-labeller .ss-text ::highlight(${found}) { color: CanvasText; background-color: color-mix(in srgb, Mark 45%, Canvas); }
      .ss-labeller .ss-text ::highlight(${here}) { color: MarkText; background-color: Mark; text-decoration: underline 2px; }
      @media (forced-colors: active) { .ss-labeller .ss-text ::highlight(${found}) { color: HighlightText; background-color: Highlight; } }`));
  }

  // ---- opening and closing

  key(key) {
    if (key === "\\") this.open();
    else if (key === ";") this.nextBare();
    else return false;
    return true;
  }

  open() {
    const { reader } = this.#app;
    const range = reader.range();
    if (!this.#folded) this.#make();
    this.el.hidden = false;
    this.button.setAttribute("aria-expanded", "true");
    this.#origin = range?.start ?? reader.focus ?? reader.first;
    if (range && range.end - range.start <= 80) this.#field.value = range.quote.replace(/\s+/gu, " ");
    this.#watcher.observe(reader.el, { childList: true, subtree: true });
    this.#field.focus();
    this.#field.select();
    this.#search();
  }

  /** @param {boolean} select whether the passage that was found becomes the selection, ready for a label */
  close(select) {
    const hit = this.#hits[this.#at];
    this.#stop();
    this.el.hidden = true;
    this.button.setAttribute("aria-expanded", "false");
    const { reader } = this.#app;
    reader.takeFocus();
    if (select && hit) {
      reader.place(hit.start, hit.end);
      this.#app.say(this.#app.t("hit_selected", { quote: reader.slice(hit.start, hit.end) }));
    }
  }

  #stop() {
    clearTimeout(this.#turn);
    clearTimeout(this.#speaking);
    cancelAnimationFrame(this.#frame);
    this.#watcher?.disconnect();
    [this.#hits, this.#at] = [[], -1];
    for (const name of this.#names ?? []) CSS.highlights.delete(name);
  }

  // ---- finding

  #search() {
    clearTimeout(this.#turn);
    if (!this.#folded.work(TURN)) {
      this.#count.textContent = "…";
      this.#turn = setTimeout(() => this.#search());
      return;
    }
    this.#hits = this.#folded.find(this.#field.value);
    const next = firstIndex(this.#hits, (hit) => hit.start >= this.#origin);
    this.#at = this.#hits.length ? next % this.#hits.length : -1;
    this.#show(TYPING);
  }

  #step(direction) {
    const count = this.#hits.length;
    if (count) this.#at = (this.#at + direction + count) % count;
    this.#show(0);
  }

  /** @param {number} wait before it is read aloud */
  #show(wait) {
    const { t } = this.#app;
    const hit = this.#hits[this.#at];
    const count = this.#hits.length;
    this.#count.textContent = hit ? t("hits", { at: this.#at + 1, count }) : this.#field.value.trim() ? t("no_hits") : "";
    clearTimeout(this.#speaking);
    if (this.#count.textContent) this.#speaking = setTimeout(() => this.#app.speak(this.#told(hit)), wait);
    if (hit) this.#reveal(hit);
    this.#soon();
  }

  #told(hit) {
    const sentence = hit && this.#app.sentenceName(hit);
    return sentence ? this.#app.t("hits_in", { at: this.#at + 1, count: this.#hits.length, sentence }) : this.#count.textContent;
  }

  /** Into sight; blocks far off have only a guessed height until they are, so it is looked at once more. */
  #reveal(hit, again = true) {
    const { reader } = this.#app;
    const frame = reader.el.getBoundingClientRect();
    const rect = reader.domRange(hit.start, hit.end).getBoundingClientRect();
    if (rect.top < frame.top + 8 || rect.bottom > frame.bottom - 8) reader.el.scrollTop += rect.top - frame.top - frame.height / 3;
    if (again) requestAnimationFrame(() => { if (this.#hits[this.#at] === hit) this.#reveal(hit, false); });
  }

  // ---- marking

  #soon() {
    if (!this.#names || this.el.hidden) return;
    cancelAnimationFrame(this.#frame);
    this.#frame = requestAnimationFrame(() => this.#mark());
  }

  /** Mark the hits that are in sight. */
  #mark() {
    const { reader } = this.#app;
    const { blocks } = reader.article;
    const frame = reader.el.getBoundingClientRect();
    const top = blocks[firstIndex(this.#blocks, (block) => block.getBoundingClientRect().bottom > frame.top)]?.start ?? 0;
    const bottom = blocks[firstIndex(this.#blocks, (block) => block.getBoundingClientRect().top > frame.bottom)]?.start ?? Infinity;
    const first = firstIndex(this.#hits, (hit) => hit.end > top);
    const last = Math.min(firstIndex(this.#hits, (hit) => hit.start >= bottom), first + MARKED);
    const range = ({ start, end }) => reader.domRange(start, end);
    const here = this.#hits[this.#at];
    const others = this.#hits.slice(first, last).filter((hit) => hit !== here);
    const [found, at] = this.#names.map((_, place) => new window.Highlight(...(place ? [here].filter(Boolean) : others).map(range)));
    at.priority = 1;
    CSS.highlights.set(this.#names[0], found);
    CSS.highlights.set(this.#names[1], at);
  }

  #key(event) {
    if (event.isComposing || event.keyCode === 229) return; // 229: what Safari says instead
    const steps = { Enter: event.shiftKey ? -1 : 1, ArrowDown: 1, ArrowUp: -1 };
    if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) this.close(true);
    else if (event.key in steps) this.#step(steps[event.key]);
    else if (event.key === "Escape") this.close(true);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  // ---- sentences without a label

  /** To the next sentence after the caret that was asked for and has no label of the layers that are offered. */
  nextBare() {
    const { index, reader, view, t } = this.#app;
    const asked = reader.sentences.filter((sentence) => sentence.asked);
    const wanted = asked.length ? asked : reader.sentences;
    const offered = new Set(view.layers.map((layer) => layer.id));
    const bare = bareSentences(wanted, index.sorted.filter((span) => offered.has(span.layer)));
    const from = reader.focus ?? -1;
    // Where the caret stands at the beginning of one, that one comes first, but not twice in a row.
    const next = bare.find(({ id, start }) => start > from || (start === from && id !== this.#visited)) ?? bare[0];
    if (!next) { this.#app.say(t("all_labelled")); return; }
    this.#visited = next.id;
    reader.takeFocus();
    reader.place(next.start, next.start);
    this.#app.say(t("bare_at", { sentence: next.id, count: bare.length, total: wanted.length }));
  }
}
