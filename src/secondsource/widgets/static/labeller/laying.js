// When the browser lays out what is not in sight: in turns at first, and not at all while somebody drags the width.

import { whenIdle } from "../shared/dom.js";

/** Elements that are laid out in one turn. */
const AT_ONCE = 2;
/** Milliseconds after which a new width is taken as the last one. */
const SETTLED = 400;

/** What holds the focus or an end of the selection would lose it. */
const inUse = (part) => part.matches(":focus-within") || Boolean(document.getSelection()?.containsNode(part, true));

/**
 * The parts of a widget that may wait. Those with the class “ss-laid” are laid out wherever they are, of others only what is
 * near the part in sight, and those that are “ss-far” wait although they may be near.
 */
export class Laying {
  /** @type {IntersectionObserver|null} */ #sight = null; #timer = 0; /** A new one with every width. */ #turn = 0; #signal;

  /** @param {AbortSignal} signal */
  constructor(signal) {
    this.#signal = signal;
    signal.addEventListener("abort", () => this.#still([]));
  }

  /** Nothing is skipped for long: what the browser has not laid out is missing for screen readers. @param {Element[]} parts */
  all(parts, turn = this.#turn) {
    if (turn !== this.#turn || this.#signal.aborted) return;
    for (const part of parts.slice(0, AT_ONCE)) part.classList.add("ss-laid");
    if (parts.length > AT_ONCE) whenIdle(() => this.all(parts.slice(AT_ONCE), turn));
  }

  /** Another width: while somebody drags it, only what is in sight follows; a moment later the rest. @param {Element[]} parts */
  widthChanged(parts) {
    this.#turn += 1;
    for (const part of parts) part.classList.remove("ss-laid");
    if (!this.#sight && window.IntersectionObserver) this.#watch(parts);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => {
      this.#still(parts);
      this.all(parts);
    }, SETTLED);
  }

  #watch(parts) {
    this.#sight = new IntersectionObserver((entries) => {
      for (const { target, isIntersecting } of entries) target.classList.toggle("ss-far", !isIntersecting && !inUse(target));
    });
    for (const part of parts) this.#sight.observe(part);
  }

  #still(parts) {
    clearTimeout(this.#timer);
    this.#sight?.disconnect();
    this.#sight = null;
    for (const part of parts) part.classList.remove("ss-far");
  }
}
