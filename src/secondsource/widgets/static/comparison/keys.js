// Keys without Ctrl, Alt or Cmd can be turned off for all widgets of this browser (WCAG 2.1.4): who dictates may say them.

import { memory } from "../shared/storage.js";

const SINGLE_KEYS = "secondsource:single-keys"; // the labeller keeps the same switch under this name

/** The switch for single-key shortcuts, read anew every time: any widget on the page may change it. */
export class SingleKeys {
  #changed; #off = false;

  /** @param {() => void} changed */
  constructor(changed) { this.#changed = changed; }

  get on() { return !this.#off && memory.get(SINGLE_KEYS) !== "off"; }

  /** @param {boolean} on */
  set(on) {
    if (on) memory.remove(SINGLE_KEYS); else memory.set(SINGLE_KEYS, "off");
    this.#off = !on && memory.get(SINGLE_KEYS) !== "off"; // where the browser keeps nothing, it holds for this view
    this.#changed();
  }
}
