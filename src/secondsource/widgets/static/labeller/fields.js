// Small things that several parts of the labeller use: form controls, the focus, the voice.

import { h } from "../shared/dom.js";

export const labelOption = (layer, label) => h("option", { value: keyOf(layer, label) }, label.name);
export const sureSelect = (app, onchange = null) => h("select", { onchange },
  ...[{ value: "", name: app.t("no_confidence") }, ...app.view.confidence].map(({ value, name }) => h("option", { value }, name)));
export const keyOf = (layer, label) => `${layer.id}/${label.id}`;

/** The labels of every layer; several layers stand under their names. */
export function labelOptions({ view }, offered = () => true) {
  const groups = view.layers.map((layer) => [layer.name, layer.labels.filter(offered).map((label) => labelOption(layer, label))]);
  const filled = groups.filter(([, options]) => options.length);
  return view.layers.length > 1 ? filled.map(([label, options]) => h("optgroup", { label }, ...options)) : filled.flatMap(([, options]) => options);
}

/** A confidence in words; Python may have set one that is not among the steps offered here. */
export function sureName({ t, view }, confidence) {
  if (confidence === null) return t("no_confidence");
  return view.confidence.find(({ value }) => value === confidence)?.name ?? `${Math.round(confidence * 100)} %`;
}

/** Show a confidence. */
export function setSure(select, confidence) {
  select.value = confidence ?? "";
  if (select.selectedIndex < 0) select.append(h("option", { value: confidence, selected: true }, `${Math.round(confidence * 100)} %`));
}

/**
 * A list of choices that is made when it is used. Until then a button stands in its place that looks and reads like it, and
 * becomes it as soon as it gets the focus or is pressed: a list costs a browser more than ten buttons.
 */
export class Choice {
  /** The button, later the list. @type {HTMLButtonElement|HTMLSelectElement} */ el;
  #make; #fill = (_) => {};

  /** @param {() => HTMLSelectElement} make @param {string} [name] */
  constructor(make, name) {
    this.#make = make;
    this.el = h("button", { type: "button", class: "ss-choice", role: "combobox", "aria-haspopup": "listbox", "aria-expanded": "false", "aria-label": name });
  }

  /** @param {string} text that is chosen @param {(list: HTMLSelectElement) => void} fill chooses it in the list */
  show(text, fill) {
    this.#fill = fill;
    if (this.el instanceof HTMLSelectElement) fill(this.el); else this.el.textContent = text;
  }

  name(text) { this.el.setAttribute("aria-label", text); }

  disable(disabled) { this.el.disabled = disabled; }

  /** The focus came in: on to the list. */
  entered({ target }) { this.#use(target); }

  /** A button of the mouse went down, which opens a list. */
  pressed(event) {
    if (event.button || !this.#use(event.target)) return;
    event.preventDefault();
    try { this.el.showPicker(); } catch { /* an older browser: a second press opens it */ }
  }

  /** @returns {boolean} whether there is a list now that was none before */
  #use(target) {
    if (target !== this.el || this.el instanceof HTMLSelectElement || this.el.disabled) return false;
    const list = this.#make();
    list.setAttribute("aria-label", this.el.getAttribute("aria-label"));
    this.el.replaceWith(list);
    this.el = list;
    this.#fill(list);
    list.focus();
    return true;
  }
}

/**
 * Remember whether the focus is inside. Called after a change of the page, what comes back sees to it that the focus is
 * still somewhere inside: where its place is gone, hidden or out of use, it takes the way out that is given.
 */
export function holdFocus(root) {
  const inside = root.contains(document.activeElement);
  return (fallback) => {
    const active = document.activeElement;
    if (inside && (!root.contains(active) || active.closest("[hidden], [inert], :disabled"))) fallback();
  };
}

/**
 * What was done last, in a line that can be seen, and everything that is read aloud in one polite region: two messages at
 * once are read one after the other, none twice. Of places the caret passes, only the last is read.
 */
export class Voice {
  line = h("p", { class: "ss-status" });
  el = h("p", { class: "ss-visually-hidden", role: "status", "aria-live": "polite", "aria-atomic": "true" });
  #said = []; #passing = ""; #timer = 0;

  constructor(signal) { signal.addEventListener("abort", () => clearTimeout(this.#timer)); }

  say(text) {
    this.line.textContent = text;
    this.also(text);
  }

  /** Read aloud, beside what is said about an edit. */
  also(text) {
    if (!this.#said.includes(text)) this.#said.push(text);
    this.#soon();
  }

  speak(text) {
    this.#passing = text;
    this.#soon();
  }

  /** A moment later, so that what belongs together is one message. */
  #soon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      const text = [...this.#said, this.#passing].filter(Boolean).join(" ");
      [this.#said, this.#passing] = [[], ""];
      // The same message twice is only read twice when it differs by something.
      this.el.textContent = this.el.textContent === text ? `${text}\u00a0` : text;
    }, 40);
  }
}
