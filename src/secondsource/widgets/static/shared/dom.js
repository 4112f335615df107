// Small DOM tools that every widget shares. Strings always become text, never markup.

/** Attributes that run or fetch something; no string may stand there. Of styles, only a number for a stylesheet. */
const ACTIVE = /^(on|src|action|formaction|xlink|style$)/i;
const MEASURE = /^--[\w-]+:[\d.]+$/;

/** An element with attributes, `on...` listeners and children; strings always become text, never markup. */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === "function") element.addEventListener(name.slice(2), value);
    else if (value && ACTIVE.test(name) && !(name === "style" && MEASURE.test(value))) throw new TypeError(`the attribute ${name} cannot be a string`);
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/** The name of a kind of elements, which happens to look like an address; nothing is fetched. */
const SVG = "http://www.w3.org/2000/svg";
/** An element of a drawing. */
export function shape(tag, attributes, ...children) {
  const element = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value));
  element.append(...children);
  return element;
}

/** Safari gives a button the focus by the mouse only if its place in the order of the page is written down. */
const PLACED = /Apple/.test(globalThis.navigator?.vendor ?? "") ? { tabindex: 0 } : {};
export const button = (text, onclick, attributes = {}) =>
  h("button", { type: "button", class: "ss-button", ...PLACED, onclick, ...attributes }, text);
/** Other words for an element, only if they are other ones: a press that is under way must find what it began on. */
export const retell = (element, text) => { if (element.textContent !== text) element.textContent = text; };
export const shorten = (text, length = 80) => {
  const characters = [...text.replace(/\s+/gu, " ")];
  return characters.length > length ? `${characters.slice(0, length - 1).join("").trimEnd()}…` : characters.join("");
};

/** Characters that steer instead of showing: C0 and C1 controls, and those that turn the writing direction around. */
const STEERING = /([\0-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069])/;
const DIRECTIONS = new Map([..."\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"].map((control, index) =>
  [control, ["LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"][index]]));
function signOf(control) {
  const code = control.charCodeAt(0);
  return DIRECTIONS.get(control) ?? (code < 0x20 ? String.fromCharCode(0x2400 + code) : code === 0x7f ? "␡" : "�");
}

/**
 * A text as children for `h`: exactly its characters, but one that steers does nothing and has a sign drawn at its
 * place. The sign is generated content, so offsets and copied text stay as they are.
 * @param {string} text @returns {(Node|string)[]}
 */
export function literal(text) {
  if (!STEERING.test(text)) return [text];
  return text.split(STEERING).filter(Boolean).map((part) => (STEERING.test(part) ? h("span", { class: "ss-steering", "data-sign": signOf(part) }, part) : part));
}
/** Once the page has been painted, and the frame after that has begun; at once in the background, where nothing is painted. */
export function afterPaint(run) {
  if (document.hidden) setTimeout(run);
  else requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(run)));
}
/** Milliseconds after which what waits for a quiet moment is done all the same: some pages never have one. */
const RESTLESS = 500;
/** In one of the next frames, when the browser has nothing else to do: nobody who types or scrolls waits for it. */
export function whenIdle(run) {
  requestAnimationFrame(() => {
    if (window.requestIdleCallback) requestIdleCallback(() => run(), { timeout: RESTLESS }); else setTimeout(run);
  });
}
/** When the page may be gone in a moment: left, closed, or put behind others, where a tablet ends it without a word. */
export function onLeave(run, signal) {
  window.addEventListener("pagehide", () => run(), { signal });
  document.addEventListener("visibilitychange", () => { if (document.hidden) run(); }, { signal });
}
export const middle = (rect) => rect.top + rect.height / 2;
export const randomId = () =>
  Array.from(crypto.getRandomValues(new Uint8Array(10)), (byte) => byte.toString(16).padStart(2, "0")).join("");

/**
 * Attributes of a widget's root that keep a notebook's shortcuts out. JupyterLab looks from the focused element upwards
 * and stops at this mark, but Notebook 7 asks about the focused element first, so that one carries the mark too.
 */
export const ownKeys = Object.freeze({
  "data-lm-suppress-shortcuts": "true",
  tabindex: -1, // a press beside the buttons leaves the focus in the widget, or the notebook would take the next key for its own
  onfocusin: ({ target }) => target.setAttribute("data-lm-suppress-shortcuts", "true"),
});

/** A label's line: a gradient per pattern, drawn from one colour. Height in pixels first. */
const PATTERNS = Object.assign(Object.create(null), {
  solid: [3, (c) => `linear-gradient(${c},${c})`],
  dashed: [3, (c) => `repeating-linear-gradient(90deg,${c} 0 9px,#0000 9px 14px)`],
  dotted: [3, (c) => `repeating-linear-gradient(90deg,${c} 0 3px,#0000 3px 7px)`],
  double: [4, (c) => `linear-gradient(${c} 0 1.5px,#0000 1.5px 2.5px,${c} 2.5px)`],
});
const PITCH = 6;
export const safeColour = (colour) => (typeof colour === "string" && /^#[0-9a-f]{6}$/i.test(colour) ? colour : "#767676");

/**
 * A label's colours as one value: base.css says for each root which of the three is used. No element needs properties of
 * its own for that, which would cost the browser more than the rest of its style.
 * @param {{colour: string, colour_dark?: string}} label
 */
export function themed({ colour, colour_dark: dark }) {
  return `var(--ss-if-light, ${safeColour(colour)}) var(--ss-if-dark, ${safeColour(dark ?? colour)}) var(--ss-if-forced, CanvasText)`;
}

/**
 * Draw up to four bands under an element. Of one band, as most are, only the line itself stands at the element: its place
 * comes from the style sheet, so that a browser keeps it once for all of them.
 * @param {{label: any, lane: number, ends: boolean}[]} bands
 */
export function paint(element, bands, rtl = false) {
  const depth = Math.max(...bands.map((band) => band.lane)) + 1;
  element.classList.add("ss-band");
  if (depth === 1) {
    const [{ label, ends }] = bands;
    const [height, image] = PATTERNS[label.pattern] ?? PATTERNS.solid;
    if (height > 3) element.classList.add("ss-thick");
    if (ends) element.classList.add("ss-ends");
    element.style.backgroundImage = image(themed(label));
    return;
  }
  const images = bands.map(({ label, lane, ends }) => {
    const [height, image] = PATTERNS[label.pattern] ?? PATTERNS.solid;
    const bottom = (depth - 1 - lane) * PITCH + (4 - height);
    // The last piece of a span stops 3 px early, so that two neighbours with one label stay two.
    const place = `${rtl ? "right" : "left"} 0 bottom ${bottom}px`;
    return `${image(themed(label))} ${place}/${ends ? "calc(100% - 3px)" : "100%"} ${height}px no-repeat`;
  });
  element.style.background = images.join(",");
  element.style.paddingBlockEnd = `${depth * PITCH - 1}px`;
}

/** A copy costs less than another drawing. @type {WeakMap<object, Element>} */
const swatches = new WeakMap();
export function swatch(label) {
  if (!swatches.has(label)) {
    const element = h("span", { class: "ss-swatch", "aria-hidden": "true" });
    paint(element, [{ label, lane: 0, ends: false }]);
    swatches.set(label, element);
  }
  return swatches.get(label).cloneNode(true);
}
