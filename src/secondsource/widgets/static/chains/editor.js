// The chain that is being built: its hands in their order, and what is to be said of each.

import { elsewhere } from "./model.js";
import { button, h, literal, randomId, shorten, swatch } from "../shared/dom.js";
import { once } from "../shared/keys.js";

/** A hand of the chain; kept while the chain changes, so that the focus stays. */
class HandRow {
  #app; #span; #editor;

  constructor(app, editor) {
    this.#app = app;
    this.#editor = editor;
    const { t } = app;
    this.words = h("bdi", { class: "ss-box-words", lang: app.view.article.language });
    this.where = h("span", { class: "ss-where" });
    this.questions = app.hand.attributes.map((asked) => this.#question(asked));
    this.earlier = button(`↑ ${t("hand_earlier")}`, () => app.move(this.#span, -1), { "data-does": "earlier" });
    this.later = button(`↓ ${t("hand_later")}`, () => app.move(this.#span, 1), { "data-does": "later" });
    this.goTo = button(t("go_to"), () => app.goTo(this.#span));
    this.out = button(t("take_out"), once(() => this.#takeOut()));
    this.buttons = [this.earlier, this.later, this.out, this.goTo];
    this.el = h("li", { class: "ss-hand" }, h("p", { class: "ss-hand-head" }, this.words, this.where),
      ...this.questions.map(({ el }) => el), h("div", { class: "ss-row" }, ...this.buttons));
  }

  #question({ id, question, values }) {
    const name = randomId();
    const inputs = values.map((value) => h("input", { type: "radio", name, value: value.id, onchange: () => this.#app.answer(this.#span, id, value.id) }));
    // “Shown: it is there to read” is chosen as “Shown”; what explains it stays within reach.
    const pills = values.map((value, index) => h("label", { class: "ss-step", title: value.name }, inputs[index], value.name.split(":")[0]));
    return { id, inputs, el: h("fieldset", { class: "ss-question" }, h("legend", {}, question), h("div", { class: "ss-steps" }, ...pills)) };
  }

  fill(span, place, count, also) {
    const { t, readonly } = this.#app;
    this.#span = span;
    this.el.dataset.hand = span.id;
    this.words.replaceChildren(...literal(span.quote));
    this.where.textContent = [this.#app.sentenceName(span), also].filter(Boolean).join(" · ");
    for (const { id, inputs } of this.questions) {
      for (const input of inputs) {
        input.checked = span.attributes[id] === input.value;
        input.disabled = Boolean(readonly);
      }
    }
    const quote = shorten(span.quote, 60);
    for (const each of this.buttons) each.setAttribute("aria-label", t("about", { action: each.textContent.replace(/^[↑↓] /u, ""), quote }));
    for (const each of [this.earlier, this.later, this.out]) each.disabled = Boolean(readonly);
    // Not disabled: a button that is used up must not lose the focus.
    this.earlier.setAttribute("aria-disabled", String(place === 0));
    this.later.setAttribute("aria-disabled", String(place === count - 1));
    for (const each of [this.earlier, this.later]) each.hidden = count < 2;
  }

  #takeOut() {
    const next = this.el.nextElementSibling ?? this.el.previousElementSibling;
    this.#app.takeOut(this.#span);
    const button = next?.isConnected && next.querySelector(".ss-row button:nth-of-type(3)");
    if (button) button.focus(); else this.#editor.takeFocus();
  }
}

/** Beside the text: which chain, its hands, a hand that is marked already, and the end of the chain. */
export class ChainEditor {
  #app; #which; #hint; #list; #end; #rows = new Map(); #known; #add; #knownRow; #drop; #offered = ""; #others = "";

  constructor(app) {
    this.#app = app;
    const { t } = app;
    this.#which = h("select", { "data-field": "which", onchange: () => app.choose(this.#which.value) });
    this.#hint = h("p", { class: "ss-empty" });
    this.#list = h("ol", { class: "ss-hands", role: "list" });
    this.#end = h("p", { class: "ss-hands-end" }, t("chain_ends"));
    this.#known = h("select", {});
    this.#add = button(t("put_in"), () => this.#putIn());
    this.#knownRow = h("div", { class: "ss-known" }, h("label", { class: "ss-field ss-grow" }, t("known_hand"), this.#known), this.#add);
    this.#drop = button(t("drop_chain"), () => app.drop());
    this.el = h("section", { class: "ss-card ss-chain-editor", "aria-label": t("editor") },
      h("label", { class: "ss-field" }, t("which_chain"), this.#which), this.#hint, this.#list, this.#end, this.#knownRow, h("div", { class: "ss-row" }, this.#drop));
  }

  takeFocus() { this.#which.focus(); }

  update() {
    const app = this.#app;
    const { current, readonly, t } = app;
    const hands = current?.hands ?? [];
    this.#options();
    this.#hint.textContent = t(["hint_none", "hint_one"][hands.length] ?? "hint_many");
    this.#hint.hidden = hands.length > 2;
    this.#list.setAttribute("aria-label", t("hands_of", { chain: app.chainName(current) }));
    this.#fill(hands);
    this.#list.hidden = this.#end.hidden = !hands.length;
    const others = app.hands.filter((span) => !hands.includes(span));
    this.#offer(others);
    this.#knownRow.hidden = !others.length;
    this.#drop.hidden = !current;
    for (const control of [this.#known, this.#add, this.#drop]) control.disabled = Boolean(readonly);
  }

  #options() {
    const { chains, current, t } = this.#app;
    const option = ({ key, hands }, index) => [key, t("option_chain", { number: index + 1, quote: shorten(hands[0].quote, 40) })];
    const named = [...chains.map(option), ["", t("option_new")]];
    const shown = JSON.stringify(named);
    if (this.#offered !== shown) this.#which.replaceChildren(...named.map(([value, name]) => h("option", { value }, name)));
    this.#offered = shown;
    this.#which.value = current?.key ?? "";
  }

  /** The hands that are marked already; what a student has chosen of them stays chosen. */
  #offer(spans) {
    const named = spans.map((span) => [span.id, [shorten(span.quote, 50), this.#app.sentenceName(span)].filter(Boolean).join(" · ")]);
    const shown = JSON.stringify(named);
    if (this.#others === shown) return;
    this.#others = shown;
    const chosen = this.#known.value;
    this.#known.replaceChildren(...named.map(([value, name]) => h("option", { value }, name)));
    if (named.some(([value]) => value === chosen)) this.#known.value = chosen;
  }

  #fill(hands) {
    const { chains, current, t } = this.#app;
    const active = document.activeElement;
    for (const [id, row] of this.#rows) {
      if (hands.some((span) => span.id === id)) continue;
      row.el.remove();
      this.#rows.delete(id);
    }
    hands.forEach((span, index) => {
      const row = this.#rows.get(span.id) ?? new HandRow(this.#app, this);
      this.#rows.set(span.id, row);
      row.fill(span, index, hands.length, elsewhere(chains, current, span.id) ? t("also_elsewhere") : "");
      if (this.#list.children[index] !== row.el) this.#list.insertBefore(row.el, this.#list.children[index] ?? null);
    });
    if (active instanceof HTMLElement && this.#list.contains(active) && document.activeElement !== active) active.focus();
  }

  #putIn() {
    const app = this.#app;
    const span = app.spans.get(this.#known.value);
    if (span) app.put({ span, known: true }, app.current);
  }
}

/** What a hand is, in the codebook's words. */
export function handMeans({ t, hand, view }) {
  const lang = view.labels_language; // the codebook's own, whatever the buttons speak
  const parts = [[t("rule"), hand.rule], [t("example"), hand.example], [t("near_miss"), hand.near_miss]].filter(([, text]) => text);
  return h("section", { class: "ss-card ss-definition", "aria-label": `${t("definition")} · ${view.title}` }, h("h3", { class: "ss-card-title" }, swatch(hand), h("span", { lang }, hand.name)),
    h("p", { class: "ss-ask", lang }, hand.ask), h("p", { lang }, hand.definition),
    h("dl", {}, ...parts.flatMap(([term, text]) => [h("dt", {}, term), h("dd", { lang }, text)])));
}
