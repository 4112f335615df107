// Everything around text and rows that is read or pressed: the legend, the filters, the way from row to row.

import { button, h } from "../shared/dom.js";
import { layersOf, paintLayers } from "./lanes.js";
import { hasAnswer, toggleOutcome, visiblePairs } from "./pairs.js";

/** A sample of a mark. @param {"s"|"k"} who @param {{colour: string, pattern: string}} look */
export function sample(who, look) {
  const node = h("span", { class: "ss-c-swatch", "aria-hidden": "true" });
  const counts = { s: who === "s" ? 1 : 0, k: who === "k" ? 1 : 0 };
  paintLayers(node, layersOf({ who, index: 0, lane: 0, starts: true, ends: true }, look, counts, false));
  return node;
}

/** What the marks mean, for the eye and on paper. @param {any} app */
export function legend(app) {
  const { t, view } = app;
  const labels = Object.entries(view.labels ?? {});
  const plain = { colour: "currentColor", pattern: "solid" };
  const keyInText = (view.blocks ?? []).some((/** @type {any} */ block) => block.runs.some((/** @type {any} */ run) => run.k.length));
  const item = (/** @type {"s"|"k"} */ who, /** @type {any} */ look, /** @type {string} */ name) =>
    h("span", { class: "ss-c-legend-item" }, sample(who, look), name);
  return h("div", { class: "ss-c-legend", role: "group", "aria-label": t("legend") },
    h("p", { class: "ss-c-legend-line" }, item("s", plain, t("legend_you")),
      ...(keyInText ? [item("k", plain, t("legend_key")), keySwitch(app)] : [])),
    h("p", { class: "ss-c-legend-line" }, ...labels.map(([id, { name }]) => item("s", app.look(id), name))),
    h("details", { class: "ss-c-words" }, h("summary", { "data-focus": "words" }, t("words"))));
}

/** What the words mean, in full: behind the legend. @param {any} app */
export function meanings({ view }) {
  const term = (/** @type {string} */ name, /** @type {string} */ meaning, /** @type {string|undefined} */ lang) => [h("dt", { lang }, name), h("dd", { lang }, meaning)];
  return h("dl", {}, ...Object.values(view.labels ?? {}).flatMap((/** @type {any} */ each) => term(each.name, each.definition, view.labels_language)),
    ...Object.values(view.outcomes ?? {}).flatMap((/** @type {any} */ each) => term(each.name, each.meaning)));
}

/** The key's brackets come with the answers, hints first; here all of them can be called up at once. @param {any} app */
function keySwitch(app) {
  const change = (/** @type {Event} */ { target }) => app.showKey(/** @type {HTMLInputElement} */ (target).checked);
  return h("label", { class: "ss-c-switch" },
    h("input", { type: "checkbox", "data-focus": "show-key", checked: app.withKey, onchange: change }), app.t("show_key"));
}

/** Which rows to show. @param {any} app */
export function filters(app) {
  const { t, pairs, view } = app;
  const is = (/** @type {string} */ kind) => () => app.filter.kind === kind;
  const chip = (/** @type {string} */ focus, /** @type {() => boolean} */ pressed, /** @type {() => void} */ act, /** @type {Node|string} */ name, /** @type {number} */ count) => {
    const node = app.toggle(name, focus, pressed, act, "ss-button ss-c-chip");
    node.append(" ", h("span", { class: "ss-c-count" }, String(count)));
    return node;
  };
  const chips = Object.entries(view.outcomes ?? {}).map(([id, { count }]) => {
    const pressed = () => app.filter.kind === "outcomes" && app.filter.outcomes.includes(id);
    return chip(`outcome-${id}`, pressed, () => app.show(toggleOutcome(app.filter, id)), app.outcome(id), count);
  });
  return h("div", { class: "ss-c-filters", role: "group", "aria-label": t("filter") },
    chip("differences", is("differences"), () => app.show({ kind: "differences" }), t("differences"), visiblePairs(pairs, { kind: "differences" }).length),
    chip("all", is("all"), () => app.show({ kind: "all" }), t("all"), pairs.length), ...chips);
}

/** From row to row by mouse, and which keys do the same. */
export class Stepper {
  #app; #position; #previous; #next; #all; #keys; #single;
  /** Whether the keys are said to work. @type {boolean|undefined} */ #told;

  /** @param {any} app */
  constructor(app) {
    this.#app = app;
    const { t } = app;
    this.#position = h("span", { class: "ss-c-position", "aria-hidden": "true" });
    this.#previous = button(t("previous"), () => app.step(-1), { "data-focus": "previous" });
    this.#next = button(t("next"), () => app.step(1), { "data-focus": "next", class: "ss-button ss-button-main" });
    const answers = app.pairs.some((/** @type {any} */ pair) => hasAnswer(pair, app.level));
    this.#all = answers ? button("", () => app.revealAll(), { "data-focus": "all-answers" }) : null;
    this.#keys = h("p", { class: "ss-c-keys" });
    this.#single = h("input", { type: "checkbox", "data-focus": "single-keys", onchange: () => app.keys.set(this.#single.checked) });
    this.el = h("div", { class: "ss-c-stepper" }, this.#previous, this.#position, this.#next, this.#all,
      this.#keys, h("label", { class: "ss-c-switch" }, this.#single, t("single_keys")));
    this.#tell(true);
  }

  /** @param {number} at 1 for the first row, 0 for none @param {number} count */
  update(at, count) {
    const { t, expanded } = this.#app;
    this.#position.textContent = t("position", { at: at || "–", count });
    // aria-disabled keeps the focus where it is at either end of the list
    this.#previous.setAttribute("aria-disabled", String(!this.#app.beside(-1)));
    this.#next.setAttribute("aria-disabled", String(!this.#app.beside(1)));
    if (this.#all) this.#all.textContent = t(expanded ? "hide_all" : "show_all");
  }

  /** Another widget on the page may have turned the keys off or on. */
  updateKeys() {
    const { on } = this.#app.keys;
    if (this.#told !== on) this.#tell(on);
  }

  /** @param {boolean} on */
  #tell(on) {
    this.#told = on;
    this.#single.checked = on;
    this.#keys.textContent = this.#app.t(on ? "keys" : "keys_off");
    for (const [node, key] of /** @type {const} */ ([[this.#previous, "p"], [this.#next, "n"]])) {
      if (on) node.setAttribute("aria-keyshortcuts", key); else node.removeAttribute("aria-keyshortcuts");
    }
  }
}
