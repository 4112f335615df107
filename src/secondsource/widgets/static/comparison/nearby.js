// What is about to be seen, and how to bring something into view.

/**
 * Tell when nodes come within one screen of what is shown, and when they leave it.
 * @param {HTMLElement|null} panel what scrolls; null where the page itself does
 * @param {(node: Element, near: boolean) => void} changed @param {AbortSignal} signal
 * @returns {{observe: (nodes: Iterable<Element>) => void}} `observe` takes the place of what was observed before
 */
export function nearby(panel, changed, signal) {
  // `scrollMargin` is for hosts that scroll inside the page, such as a notebook; browsers that lack it draw a moment later.
  const options = /** @type {IntersectionObserverInit} */ ({ root: panel, rootMargin: "100% 0px", scrollMargin: "100% 0px" });
  const observer = new IntersectionObserver((entries) => {
    for (const { target, isIntersecting } of entries) changed(target, isIntersecting);
  }, options);
  signal.addEventListener("abort", () => observer.disconnect());
  return {
    observe(nodes) {
      observer.disconnect();
      for (const node of nodes) observer.observe(node);
    },
  };
}

/** Milliseconds after which a new width is taken as the last one. */
const SETTLED = 400;

/**
 * Tell when a node gets another width, and when it has kept it for a moment.
 * @param {HTMLElement} node @param {() => void} changed @param {() => void} settled @param {AbortSignal} signal
 */
export function widths(node, changed, settled, signal) {
  let [width, timer] = [0, 0];
  const observer = new ResizeObserver(([{ contentRect }]) => {
    if (width && contentRect.width && contentRect.width !== width) {
      changed();
      clearTimeout(timer);
      timer = setTimeout(settled, SETTLED);
    }
    width = contentRect.width || width;
  });
  observer.observe(node);
  signal.addEventListener("abort", () => {
    observer.disconnect();
    clearTimeout(timer);
  });
}

/** Bring `target` into view inside its own panel; the page itself never jumps. @param {HTMLElement} panel @param {Element|null} target */
export function scrollInside(panel, target) {
  if (!target) return;
  const [box, item] = [panel.getBoundingClientRect(), target.getBoundingClientRect()];
  if (item.top >= box.top && item.bottom <= box.bottom) return;
  panel.scrollTop += item.top - box.top - Math.max(0, Math.min(box.height / 4, (box.height - item.height) / 2));
}

/**
 * Do a long piece of work in bits, one before each frame. `next` does a bit and returns whether there is more.
 * @param {() => boolean} next @param {AbortSignal} signal
 */
export function inFrames(next, signal) {
  const frame = () => {
    if (!signal.aborted && next()) requestAnimationFrame(frame);
  };
  requestAnimationFrame(() => requestAnimationFrame(frame)); // what is seen comes first
}
