// The comparison view: a student's labels laid over the instructor's key, read span by span.
//
// Python computes everything and strips what a level may not show; this file draws `_view` and reports `selected`.
// One text, never two panes: under the words lie the student's lanes (solid bars) and below them the key's (brackets).
// Nothing is inserted as HTML: every string reaches the page as text.

/** Every sentence the widget says by itself. */
const TEXT = Object.freeze({
  you: "You",
  key: "Key",
  summary: "How it compares",
  text: "The text",
  list: "Passage by passage",
  legend: "How to read the marks",
  legendYou: "You: a solid bar",
  legendKey: "Key: a bracket below it",
  words: "What the words mean",
  showKey: "Show the whole key in the text",
  score: (/** @type {string} */ name) => `${name}, and what simple strategies would get`,
  reader: "Reader",
  result: (/** @type {string} */ of) => `Result, of ${of}`,
  of: (/** @type {string} */ of) => `of ${of}`,
  opens: (/** @type {string} */ number, /** @type {number} */ count) => `${number}: show ${count === 1 ? "the row" : `the ${count} rows`}`,
  rowsBehind: "See the rows behind:",
  furthermore: "Also:",
  filter: "Which rows to show",
  differences: "Only differences",
  all: "Everything",
  previous: "Previous",
  next: "Next",
  keys: "Keys: n for the next row, p for the one before, arrow keys inside the list, Esc for the notebook.",
  showAll: "Show all answers",
  hideAll: "Hide all answers",
  showAnswer: "Show the key’s answer",
  hideAnswer: "Hide the key’s answer",
  answer: "The key’s answer",
  answerDraft: "The key’s answer (draft)",
  youMarked: "You marked",
  nothingMarked: "Your labels leave this one open.",
  yourNote: "Your note:",
  noConfidence: "no confidence given",
  sure: (/** @type {number} */ percent) => `${percent} % sure`,
  hint: "Hint",
  reason: "Why",
  counter: "The strongest argument against",
  also: "Also accepted",
  whyNot: "Why it is tempting, and why not",
  instead: "Instead",
  contested: "Both readings are defended. This row is never counted.",
  tiers: Object.freeze({
    core: "Every reader is expected to find this.",
    acceptable: "May be marked or left.",
    contested: "Defended both ways, never counted.",
  }),
  position: (/** @type {number} */ at, /** @type {number} */ count) => `${at || "–"} of ${count}`,
  row: (/** @type {number} */ at, /** @type {number} */ count, /** @type {string} */ what, /** @type {string} */ where) =>
    `${what} ${at} of ${count}: ${where}`,
  difference: "Difference",
  anyRow: "Row",
  last: "That was the last one.",
  first: "That was the first one.",
  unselected: "Nothing selected.",
  showing: (/** @type {number} */ count, /** @type {number} */ total) => `Showing ${count} of ${total} rows.`,
  behind: (/** @type {string} */ number, /** @type {number} */ count) =>
    `The ${count === 1 ? "row" : `${count} rows`} behind “${number}”.`,
  revealed: "The key’s answer is shown.",
  hidden: "The key’s answer is hidden.",
  allRevealed: "All answers are shown.",
  allHidden: "All answers are hidden.",
  emptyFilter: "No rows to show here. Choose another filter to go on.",
  emptyDifferences: "Nothing differs from the key here. Choose “Everything” to read the key’s reasons for what you found.",
  none: "Your labels are saved. The comparison with the key is not open for this exercise; your teacher can look at it with you.",
  scoreOnly: "This exercise shows the numbers only, not where the differences are.",
  marksOnly: "You see where something differs, and a hint. Go back to the text and decide for yourself; the key’s answers are not shown here.",
});

/** How many lanes of each group are drawn before "+n". */
const LANES = 3;
/** Lane measures in px: bars for the student, brackets (a thin line with end ticks) for the key, a gap between. */
const BAR = Object.freeze({ height: 5, pitch: 7 });
const BRACKET = Object.freeze({ height: 7, line: 2, tick: 2, pitch: 9 });
const GAP = 3;

/**
 * @typedef {{label: string, quote: string, start: number, end: number, confidence: number|null, note: string, pieces?: string[]}} Mark  pieces: further marks of the same answer
 * @typedef {{label: string, quote: string, start: number, end: number, tier: string, reason: string, counter: string, also: string[], draft: boolean}} KeySpan
 * @typedef {{i: number, outcome: string, headline: string, hint: string, sid: string|null, layer: string, student: Mark|null, key: KeySpan|null, why_not: string|null, instead: string|null}} Pair
 * @typedef {{text: string, s: number[], k: number[], asked: boolean, sid: string|null}} Run
 * @typedef {{id: string, kind: string, start: number, runs: Run[], lanes: {s: Record<string, number>, k: Record<string, number>}}} Block
 * @typedef {{id: string, text: string, pairs: number[]}} NumberLink
 * @typedef {{kind: "differences"} | {kind: "all"} | {kind: "outcomes", outcomes: string[]} | {kind: "number", id: string, pairs: number[]}} Filter
 * @typedef {{who: "s"|"k", index: number, lane: number, starts: boolean, ends: boolean}} Band
 */

// ---- Pure functions (tested in Node) ----------------------------------------------------------------------------

/** A codebook's colour, or the text colour when it is not `#rrggbb`: it ends up in a style. @param {unknown} value */
export function safeColour(value) {
  return typeof value === "string" && /^#[0-9a-f]{6}$/i.test(value) ? value : "currentColor";
}

/**
 * Cut the summary's sentences at its numbers, so that each number can be a button where it stands.
 * Numbers come in reading order and are found whole; one that stands in no sentence is returned in `rest`.
 * @param {string[]} lines @param {NumberLink[]} numbers
 * @returns {{lines: (string|NumberLink)[][], rest: NumberLink[]}}
 */
export function weave(lines, numbers) {
  /** @type {(string|NumberLink)[][]} */
  const woven = lines.map(() => []);
  const rest = [];
  let [line, from] = [0, 0];
  const copy = (/** @type {number} */ to) => to > from && woven[line].push(lines[line].slice(from, to));
  for (const number of numbers) {
    const place = lines.map((text, n) => (n < line ? -1 : findWhole(text, number.text, n === line ? from : 0)));
    const at = place.findIndex((offset) => offset >= 0);
    if (at < 0) { rest.push(number); continue; }
    for (; line < at; line += 1, from = 0) copy(lines[line].length);
    copy(place[at]);
    woven[line].push(number);
    from = place[at] + number.text.length;
  }
  for (; line < lines.length; line += 1, from = 0) copy(lines[line].length);
  return { lines: woven, rest };
}

/** Where `needle` stands in `text` without cutting a word or number, or -1. @param {string} text @param {string} needle @param {number} from */
function findWhole(text, needle, from) {
  const word = /[\p{L}\p{N}]/u;
  if (!needle) return -1;
  for (let at = text.indexOf(needle, from); at >= 0; at = text.indexOf(needle, at + 1)) {
    if (!word.test(text[at - 1] ?? " ") && !word.test(text[at + needle.length] ?? " ")) return at;
  }
  return -1;
}

/** The rows a filter lets through, in their order. @param {Pair[]} pairs @param {Filter} filter */
export function visiblePairs(pairs, filter) {
  switch (filter.kind) {
    case "all": return pairs;
    case "outcomes": return pairs.filter((pair) => filter.outcomes.includes(pair.outcome));
    case "number": return pairs.filter((pair) => filter.pairs.includes(pair.i));
    default: return pairs.filter((pair) => pair.outcome !== "matched");
  }
}

/** Press or release one outcome; with the last one released the default returns. @param {Filter} filter @param {string} outcome @returns {Filter} */
export function toggleOutcome(filter, outcome) {
  const pressed = filter.kind === "outcomes" ? filter.outcomes : [];
  const outcomes = pressed.includes(outcome) ? pressed.filter((other) => other !== outcome) : [...pressed, outcome];
  return outcomes.length ? { kind: "outcomes", outcomes } : { kind: "differences" };
}

/**
 * The row after (`+1`) or before (`-1`) the current one. A current row hidden by the filter still gives a direction.
 * @param {Pair[]} shown @param {Pair[]} pairs @param {number} current @param {1|-1} direction @returns {Pair|null} null at the end
 */
export function step(shown, pairs, current, direction) {
  const order = new Map(pairs.map((pair, at) => [pair.i, at]));
  const from = order.get(current) ?? (direction > 0 ? -1 : pairs.length);
  const beyond = shown.filter((pair) => direction * ((order.get(pair.i) ?? 0) - from) > 0);
  return (direction > 0 ? beyond[0] : beyond.at(-1)) ?? null;
}

/** Clicking the same words again goes on to the next pair that covers them. @param {Run} run @param {number} current */
export function pairAtRun(run, current) {
  const here = [...new Set([...run.s, ...run.k])].sort((a, b) => a - b);
  return here.length ? here[(here.indexOf(current) + 1) % here.length] : -1;
}

/** The stored text of a block. @param {Block} block */
export function blockText(block) {
  return block.runs.map((run) => run.text).join("");
}

/** How many lanes of each group a block has room for, drawn or not: opening an answer must not move the text. @param {Block} block */
export function laneCounts(block) {
  const count = (/** @type {Record<string, number>} */ lanes) => Math.min(LANES, Math.max(-1, ...Object.values(lanes ?? {})) + 1);
  return { s: count(block.lanes?.s), k: count(block.lanes?.k) };
}

/** Height in px that a block's lanes need under each line. @param {{s: number, k: number}} counts */
export function laneHeight({ s, k }) {
  return s * BAR.pitch + (k ? GAP + k * BRACKET.pitch : 0);
}

/**
 * Per pair and group, the first and last run it covers ("block:run"), so that brackets get their ends.
 * @param {Block[]} blocks @returns {Map<string, {first: string, last: string}>}
 */
export function extents(blocks) {
  const found = new Map();
  blocks.forEach((block, b) => block.runs.forEach((run, r) => {
    for (const who of /** @type {const} */ (["s", "k"])) {
      for (const index of run[who]) {
        const known = found.get(who + index);
        found.set(who + index, { first: known?.first ?? `${b}:${r}`, last: `${b}:${r}` });
      }
    }
  }));
  return found;
}

/**
 * What is drawn under one run, and how many bands did not fit.
 * @param {Block} block @param {Run} run @param {string} place "block:run" @param {Map<string, {first: string, last: string}>} ends
 * @param {(index: number) => boolean} told whether the key's words of a row may be drawn
 * @returns {{bands: Band[], more: {s: number, k: number}}}
 */
export function bandsOf(block, run, place, ends, told) {
  const more = { s: 0, k: 0 };
  /** @type {Band[]} */
  const bands = [];
  for (const who of /** @type {const} */ (["s", "k"])) {
    for (const index of run[who].filter((row) => who === "s" || told(row))) {
      const lane = block.lanes?.[who]?.[index] ?? 0;
      const extent = ends.get(who + index);
      if (lane >= LANES) more[who] += 1;
      else bands.push({ who, index, lane, starts: extent?.first === place, ends: extent?.last === place });
    }
  }
  return { bands, more };
}

/**
 * One band as background layers: `[image, position, size, repeat]` each.
 * Positions count from the bottom because the padding that holds the lanes is there.
 * @param {Band} band @param {{colour: string, pattern: string}} look @param {{s: number, k: number}} counts @param {boolean} rtl
 */
export function layersOf(band, look, counts, rtl) {
  const student = band.who === "s";
  const top = student ? band.lane * BAR.pitch + 1 : counts.s * BAR.pitch + GAP + band.lane * BRACKET.pitch;
  const bottom = laneHeight(counts) - top - (student ? BAR.height : BRACKET.height);
  const at = (/** @type {string} */ x) => `${x} calc(100% - ${bottom}px)`;
  const layers = [[...pattern(look, student), "repeat-x"]].map(([image, size, repeat]) => [image, at("0"), size, repeat]);
  const tick = (/** @type {string} */ side) => [`linear-gradient(${look.colour} 0 0)`, at(side), `${BRACKET.tick}px ${BRACKET.height}px`, "no-repeat"];
  if (!student && band.starts) layers.unshift(tick(rtl ? "right" : "left"));
  if (!student && band.ends) layers.unshift(tick(rtl ? "left" : "right"));
  return layers;
}

/** A label's line pattern as `[image, size]`. @param {{colour: string, pattern: string}} look @param {boolean} student */
function pattern({ colour, pattern: name }, student) {
  const height = student ? BAR.height : BRACKET.line;
  const dash = (/** @type {number} */ on, /** @type {number} */ off) =>
    [`linear-gradient(90deg, ${colour} 0 ${on}px, transparent ${on}px)`, `${on + off}px ${height}px`];
  const line = student ? 2 : 1;
  if (name === "dashed") return dash(9, 4);
  if (name === "dotted") return dash(3, 3);
  if (name === "double") {
    return [`linear-gradient(${colour} 0 ${line}px, transparent ${line}px ${line + 1}px, ${colour} ${line + 1}px)`, `100% ${2 * line + 1}px`];
  }
  return [`linear-gradient(${colour} 0 0)`, `100% ${height}px`];
}

/** "+1" for bands that did not fit, naming whose they are. @param {{s: number, k: number}} more */
export function moreText(more) {
  const parts = [more.s ? `${TEXT.you} +${more.s}` : "", more.k ? `${TEXT.key} +${more.k}` : ""];
  return parts.filter(Boolean).join(", ");
}

/** The asked sentence each run belongs to; `sid` stands only on a sentence's first run. @param {Block[]} blocks @returns {(string|null)[][]} */
export function sentenceOfRuns(blocks) {
  /** @type {string|null} */
  let sid = null;
  return blocks.map((block) => block.runs.map((run) => (sid = run.sid ?? (run.asked ? sid : null))));
}

/** What a row can reveal: nothing outside the level `visible`. @param {Pair} pair @param {string} level */
export function hasAnswer(pair, level) {
  return level === "visible" && Boolean(pair.key || pair.why_not || pair.instead);
}

/** A confidence as whole percent, or null. @param {unknown} confidence */
export function percent(confidence) {
  return typeof confidence === "number" && Number.isFinite(confidence) ? Math.round(confidence * 100) : null;
}

/** Length of a bar in percent, or null where the value is not a number. @param {unknown} value @param {unknown} of */
export function barLength(value, of) {
  const share = (100 * Number.parseFloat(String(value))) / Number.parseFloat(String(of));
  return Number.isFinite(share) ? Math.min(100, Math.max(0, share)) : null;
}

/** A headline without the outcome's word in front, which the row shows already. @param {string} headline @param {string} [outcome] */
export function withoutOutcome(headline, outcome) {
  const rest = outcome && headline.startsWith(`${outcome}: `) ? headline.slice(outcome.length + 2) : headline;
  return capital(rest);
}

/** A phrase as the beginning of a line: its first letter is a capital one. @param {string} text */
export function capital(text) {
  const [first = "", ...rest] = text;
  return first.toLocaleUpperCase("en") + rest.join("");
}

/** A row keeps its revealed state when Python computes the comparison again. @param {Pair} pair */
export function rowKey({ layer, outcome, sid, student, key }) {
  return JSON.stringify([layer, outcome, sid, student?.label, student?.start, student?.end, key?.label, key?.start, key?.end]);
}

// ---- Small DOM helpers ------------------------------------------------------------------------------------------

/**
 * @param {string} tag @param {string|null} [name] class names without the prefix @param {(Node|string|null|undefined|false)[]} children
 * @returns {HTMLElement}
 */
function el(tag, name, ...children) {
  const node = document.createElement(tag);
  if (name) node.className = name.split(" ").map((part) => `ss-${part}`).join(" ");
  node.append(.../** @type {(Node|string)[]} */ (children.filter((child) => child !== null && child !== undefined && child !== false && child !== "")));
  return node;
}

/** @template {HTMLElement} T @param {T} node @param {Record<string, string|number|boolean>} attributes @returns {T} */
function attrs(node, attributes) {
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, String(value));
  return node;
}

/** `focus` names the button across a redraw, so that focus can return to it. @param {string} label @param {string} focus @param {() => void} act */
function button(label, focus, act, name = "button") {
  const node = attrs(el("button", name, label), { type: "button", "data-focus": focus });
  node.addEventListener("click", act);
  return node;
}

/** Bring `target` into view inside its own panel; the page itself never jumps. @param {HTMLElement} panel @param {Element|null} target */
function scrollInside(panel, target) {
  if (!target) return;
  const [box, item] = [panel.getBoundingClientRect(), target.getBoundingClientRect()];
  if (item.top >= box.top && item.bottom <= box.bottom) return;
  panel.scrollTop += item.top - box.top - Math.max(0, Math.min(box.height / 4, (box.height - item.height) / 2));
}

let views = 0; // ids must differ between several views on one page

// ---- The view ---------------------------------------------------------------------------------------------------

class View {
  /** @type {any} */ #model;
  /** @type {any} */ #view;
  #name = `ss-comparison-${(views += 1)}`;
  #root = attrs(el("section", "root comparison"), { "data-lm-suppress-shortcuts": "true" });
  #live = attrs(el("div", "visually-hidden"), { role: "status", "aria-live": "polite" });
  #body = el("div", "c-body");
  /** @type {Filter} */ #filter = { kind: "differences" };
  /** @type {Set<string>} */ #revealed = new Set();
  #expandAll = false;
  #withKey = false;
  /** @type {Map<number, {pair: Pair, item: HTMLElement, head: HTMLElement, detail: HTMLElement, reveal: HTMLElement|null, answer: HTMLElement|null}>} */
  #rows = new Map();
  /** @type {{node: HTMLElement, block: Block, run: Run, place: string, sid: string|null}[]} */
  #segments = [];
  /** Redrawn pieces. @type {Record<string, HTMLElement>} */ #parts = {};
  /** @type {{node: HTMLElement, pressed: () => boolean}[]} */ #toggles = [];

  /** @param {any} model @param {HTMLElement} host */
  constructor(model, host) {
    this.#model = model;
    this.#root.append(this.#body, this.#live);
    this.#root.addEventListener("keydown", (event) => this.#onKey(event));
    host.append(this.#root);
    model.on("change:_view", this.#rebuild);
    model.on("change:selected", this.#select);
    this.#rebuild();
  }

  dispose() {
    this.#model.off("change:_view", this.#rebuild);
    this.#model.off("change:selected", this.#select);
    this.#root.remove();
  }

  #rebuild = () => {
    const active = this.#root.contains(document.activeElement) ? document.activeElement : null;
    const focus = active?.closest("[data-focus]")?.getAttribute("data-focus");
    this.#view = this.#model.get("_view") ?? {};
    this.#rows.clear();
    this.#segments = [];
    this.#parts = {};
    this.#toggles = [];
    this.#build();
    this.#update();
    this.#follow();
    if (active) this.#focus(focus);
  };

  #select = () => {
    this.#update();
    this.#follow();
  };

  /** Put focus back after a redraw; the title takes it when the old place is gone. @param {string|null|undefined} name */
  #focus(name) {
    const places = [...this.#root.querySelectorAll("[data-focus]")];
    const place = places.find((node) => node.getAttribute("data-focus") === name) ?? this.#parts.title;
    /** @type {HTMLElement} */ (place).focus({ preventScroll: true });
  }

  /** @returns {Pair[]} */ get #pairs() { return this.#view.pairs ?? []; }
  /** @returns {Block[]} */ get #blocks() { return this.#view.blocks ?? []; }
  get #shown() { return visiblePairs(this.#pairs, this.#filter); }
  get #hasList() { return ["visible", "marks"].includes(this.#view.level) && this.#pairs.length > 0; }
  get #hasMarks() { return ["visible", "marks"].includes(this.#view.level); }
  get #selected() {
    const index = this.#model.get("selected");
    return this.#rows.has(index) ? index : -1;
  }

  // -- building, top to bottom --

  #build() {
    const { title, level } = this.#view;
    this.#root.setAttribute("aria-label", title || TEXT.summary);
    this.#root.dataset.level = level;
    this.#colours();
    const work = el("div", this.#hasList ? "c-work c-work-two" : "c-work", this.#text(), this.#hasList && this.#list());
    this.#body.replaceChildren(this.#header(), this.#summary(), work);
  }

  /** Label colours become custom properties; the style sheet picks light, dark or forced colours. */
  #colours() {
    Object.values(this.#view.labels ?? {}).forEach((label, n) => {
      const light = safeColour(label.colour);
      const dark = safeColour(label.colour_dark ?? label.colour);
      this.#root.style.setProperty(`--ss-c${n}`, `var(--ss-if-light, ${light}) var(--ss-if-dark, ${dark}) var(--ss-if-forced, CanvasText)`);
    });
  }

  /** @param {string} id */
  #look(id) {
    const n = Object.keys(this.#view.labels ?? {}).indexOf(id);
    return { colour: n < 0 ? "currentColor" : `var(--ss-c${n})`, pattern: this.#view.labels?.[id]?.pattern ?? "solid" };
  }

  #header() {
    const { title, provenance, note, key_status: status } = this.#view;
    this.#parts.title = attrs(el("h3", "c-title", title), { tabindex: -1, "data-focus": "title" });
    return el("header", null, this.#parts.title, provenance && el("p", "provenance", provenance), note && el("p", "c-note", note),
      status && this.#view.level !== "none" && el("p", "c-status", status));
  }

  #summary() {
    const { level, summary = {} } = this.#view;
    const given = summary.lines ?? [];
    const { lines, rest } = weave(given.length || level !== "none" ? given : [TEXT.none], summary.numbers ?? []);
    const links = rest.filter((number) => number.text);
    const words = el("div", "c-lines",
      ...lines.map((parts) => el("p", null, ...parts.map((part) => (typeof part === "string" ? part : this.#number(part))))),
      links.length > 0 && el("p", "c-rest", this.#hasList ? TEXT.rowsBehind : TEXT.furthermore, " ", ...links.flatMap((number) => [this.#number(number), " "])),
      level === "score" && el("p", "c-quiet", TEXT.scoreOnly), level === "marks" && el("p", "c-quiet", TEXT.marksOnly));
    return el("section", "c-summary", level !== "none" && el("h4", null, TEXT.summary), el("div", "c-summary-grid", words, this.#score()));
  }

  /** A number in a sentence: a button that opens its rows, or plain text where no rows are shown. @param {NumberLink} number */
  #number(number) {
    const rows = number.pairs.filter((index) => this.#pairs.some((pair) => pair.i === index));
    if (!this.#hasList || rows.length === 0) return el("strong", null, number.text);
    const pressed = () => this.#filter.kind === "number" && this.#filter.id === number.id;
    const node = this.#toggle(number.text, `number-${number.id}`, pressed, () => {
      if (pressed()) return this.#show({ kind: "differences" });
      this.#show({ kind: "number", id: number.id, pairs: rows }, TEXT.behind(number.text, rows.length));
      this.#parts.showing.focus();
    }, "c-number");
    return attrs(node, { "aria-label": TEXT.opens(number.text, rows.length) }); // a bare "2" says too little by itself
  }

  /** The headline number beside what silly strategies and trained people reach. */
  #score() {
    const { score, baselines = [], human, undefined: reason } = this.#view.summary ?? {};
    if (!score && !reason && !human && baselines.length === 0) return null;
    const of = score?.of ?? "100";
    return el("div", "c-score",
      score && el("p", "c-headline", el("span", "c-score-name", score.name), el("span", "c-score-value", score.value), el("span", "c-score-of", TEXT.of(of))),
      !score && reason && el("p", null, reason), score?.reader && el("p", null, score.reader),
      (score || baselines.length > 0) && this.#baselines(score, baselines, of), human && el("p", "c-quiet", human));
  }

  /** @param {any} score @param {{name: string, value: string, note: string}[]} baselines @param {string} of */
  #baselines(score, baselines, of) {
    const rows = [...(score ? [{ name: TEXT.you, value: score.value, note: "", you: true }] : []), ...baselines.map((baseline) => ({ ...baseline, you: false }))];
    const head = (/** @type {string} */ text) => attrs(el("th", null, text), { scope: "col" });
    const body = rows.map(({ name, value, note, you }) => {
      const bar = attrs(el("span", "c-bar"), { "aria-hidden": "true" });
      bar.style.setProperty("--ss-length", `${barLength(value, of) ?? 0}%`);
      return el("tr", you ? "c-you" : null, attrs(el("th", null, capital(name), note && el("span", "c-bar-note", note)), { scope: "row" }),
        el("td", null, el("span", "c-bar-value", value ?? "–"), bar));
    });
    return el("table", "c-baselines", el("caption", "visually-hidden", TEXT.score(score?.name ?? TEXT.summary)),
      el("thead", "visually-hidden", el("tr", null, head(TEXT.reader), head(TEXT.result(of)))), el("tbody", null, ...body));
  }

  #text() {
    const heading = attrs(el("h4", null, TEXT.text), { id: `${this.#name}-text` });
    const article = attrs(el("div", "c-article"), { role: "region", "aria-labelledby": heading.id, tabindex: 0, "data-focus": "text", translate: "no" });
    this.#language(article);
    const sentences = sentenceOfRuns(this.#blocks);
    this.#blocks.forEach((block, b) => {
      const node = attrs(el(block.kind === "headline" ? "h5" : "p", "c-block"), { "data-block": block.id });
      block.runs.forEach((run, r) => {
        if (run.sid && run.asked) node.append(attrs(el("span", "c-sign"), { "data-sid": run.sid }));
        node.append(this.#segment(block, run, `${b}:${r}`, sentences[b][r]));
      });
      article.append(node);
    });
    this.#parts.article = article;
    article.addEventListener("click", (event) => this.#onText(event));
    return el("section", "c-text", heading, this.#hasMarks && this.#legend(), article);
  }

  /** @param {HTMLElement} node */
  #language(node) {
    const { language, dir } = this.#view;
    if (/^[a-z]{2,8}(-[a-z0-9]{1,8})*$/i.test(language ?? "")) node.setAttribute("lang", language);
    if (dir === "rtl" || dir === "ltr") node.setAttribute("dir", dir);
  }

  /** @param {Block} block @param {Run} run @param {string} place @param {string|null} sid */
  #segment(block, run, place, sid) {
    const node = el("span", run.asked || this.#view.level === "none" ? "seg" : "seg c-quiet");
    node.textContent = run.text;
    if (this.#hasMarks && run.s.length + run.k.length) node.classList.add("ss-c-marked");
    this.#segments.push({ node, block, run, place, sid });
    return node;
  }

  #legend() {
    const labels = Object.entries(this.#view.labels ?? {});
    const plain = { colour: "currentColor", pattern: "solid" };
    const keyInText = this.#blocks.some((block) => block.runs.some((run) => run.k.length));
    const item = (/** @type {"s"|"k"} */ who, /** @type {{colour: string, pattern: string}} */ look, /** @type {string} */ name) =>
      el("span", "c-legend-item", this.#swatch(who, look), name);
    const who = el("p", "c-legend-line", item("s", plain, TEXT.legendYou), keyInText && item("k", plain, TEXT.legendKey), keyInText && this.#keySwitch());
    const what = el("p", "c-legend-line", ...labels.map(([id, { name }]) => item("s", this.#look(id), name)));
    const term = (/** @type {string} */ name, /** @type {string} */ meaning) => [el("dt", null, name), el("dd", null, meaning)];
    const outcomes = Object.values(this.#view.outcomes ?? {});
    const words = el("details", "c-words", attrs(el("summary", null, TEXT.words), { "data-focus": "words" }),
      el("dl", null, ...labels.flatMap(([, label]) => term(label.name, label.definition)), ...outcomes.flatMap((outcome) => term(outcome.name, outcome.meaning))));
    return attrs(el("div", "c-legend", who, what, words), { role: "group", "aria-label": TEXT.legend });
  }

  /** The key's brackets come with the answers, hints first; here all of them can be called up at once. */
  #keySwitch() {
    const box = attrs(el("input"), { type: "checkbox", "data-focus": "show-key" });
    /** @type {HTMLInputElement} */ (box).checked = this.#withKey;
    box.addEventListener("change", () => {
      this.#withKey = /** @type {HTMLInputElement} */ (box).checked;
      this.#update();
    });
    return el("label", "c-legend-item", box, TEXT.showKey);
  }

  /** @param {"s"|"k"} who @param {{colour: string, pattern: string}} look */
  #swatch(who, look) {
    const node = attrs(el("span", "c-swatch"), { "aria-hidden": "true" });
    const counts = { s: who === "s" ? 1 : 0, k: who === "k" ? 1 : 0 };
    paint(node, layersOf({ who, index: 0, lane: 0, starts: true, ends: true }, look, counts, false));
    return node;
  }

  #list() {
    const heading = attrs(el("h4", null, TEXT.list), { id: `${this.#name}-list` });
    const rows = attrs(el("ol", "c-rows"), { role: "list", "aria-labelledby": heading.id });
    rows.append(...this.#pairs.map((pair) => this.#row(pair)));
    Object.assign(this.#parts, { rows, empty: el("p", "c-empty"), showing: attrs(el("p", "c-showing"), { tabindex: -1, "data-focus": "showing" }) });
    return attrs(el("section", "c-list", heading, this.#filters(), this.#parts.showing, this.#stepper(), this.#parts.empty, rows), { "aria-labelledby": heading.id });
  }

  #filters() {
    const is = (/** @type {string} */ kind) => () => this.#filter.kind === kind;
    const differences = visiblePairs(this.#pairs, { kind: "differences" }).length;
    const count = (/** @type {HTMLElement} */ node, /** @type {number} */ n) => (node.append(" ", el("span", "c-count", String(n))), node);
    const chips = Object.entries(this.#view.outcomes ?? {}).map(([id, outcome]) => {
      const pressed = () => this.#filter.kind === "outcomes" && this.#filter.outcomes.includes(id);
      const node = this.#toggle("", `outcome-${id}`, pressed, () => this.#show(toggleOutcome(this.#filter, id)), "button c-chip");
      node.append(this.#outcome(id));
      return count(node, outcome.count);
    });
    return attrs(el("div", "c-filters",
      count(this.#toggle(TEXT.differences, "differences", is("differences"), () => this.#show({ kind: "differences" }), "button c-chip"), differences),
      count(this.#toggle(TEXT.all, "all", is("all"), () => this.#show({ kind: "all" }), "button c-chip"), this.#pairs.length), ...chips),
      { role: "group", "aria-label": TEXT.filter });
  }

  #stepper() {
    const position = attrs(el("span", "c-position"), { "aria-hidden": "true" });
    const previous = button(TEXT.previous, "previous", () => this.#step(-1));
    const next = button(TEXT.next, "next", () => this.#step(1), "button button-main");
    const all = this.#pairs.some((pair) => hasAnswer(pair, this.#view.level)) && button("", "all-answers", () => this.#revealAll());
    Object.assign(this.#parts, { position, previous, next, ...(all ? { all } : {}) });
    return el("div", "c-stepper", previous, position, next, all, el("p", "c-keys", TEXT.keys));
  }

  /** @param {string} label @param {string} focus @param {() => boolean} pressed @param {() => void} act @param {string} name */
  #toggle(label, focus, pressed, act, name) {
    const node = button(label, focus, act, name);
    this.#toggles.push({ node, pressed });
    return node;
  }

  /** The outcome's word; its shape comes from the style sheet. @param {string} id */
  #outcome(id) {
    return attrs(el("span", "c-outcome", this.#view.outcomes?.[id]?.name ?? id), { "data-outcome": id });
  }

  /** @param {Pair} pair */
  #row(pair) {
    const head = attrs(el("button", "c-row-head", this.#outcome(pair.outcome), pair.sid && el("span", "c-sid", pair.sid), el("span", "c-row-headline", withoutOutcome(pair.headline, this.#view.outcomes?.[pair.outcome]?.name))),
      { type: "button", "data-focus": `row-${pair.i}` });
    head.addEventListener("click", () => this.#choose(this.#selected === pair.i ? -1 : pair.i));
    const detail = attrs(el("div", "c-detail"), { id: `${this.#name}-row-${pair.i}` });
    detail.append(this.#mark(pair), ...(pair.outcome === "contested" ? [el("p", "c-contested", TEXT.contested)] : []),
      ...(pair.hint ? [el("p", "c-hint", el("strong", null, TEXT.hint), " ", pair.hint)] : []));
    const [reveal, answer] = hasAnswer(pair, this.#view.level) ? this.#answer(pair) : [null, null];
    if (reveal && answer) detail.append(reveal, answer);
    head.setAttribute("aria-controls", detail.id);
    const item = el("li", "c-row", head, detail);
    this.#rows.set(pair.i, { pair, item, head, detail, reveal, answer });
    return item;
  }

  /** What the student did. @param {Pair} pair */
  #mark({ student }) {
    if (!student) return el("p", "c-quiet", TEXT.nothingMarked);
    const sure = percent(student.confidence);
    return el("div", "c-mark", el("p", "c-mark-line", el("strong", null, TEXT.youMarked), " ", this.#label("s", student.label),
      el("span", "c-quiet", sure === null ? TEXT.noConfidence : TEXT.sure(sure))), this.#quote(student.quote), ...(student.pieces ?? []).map((piece) => this.#quote(piece)),
      student.note && el("p", "c-quiet", TEXT.yourNote, " ", student.note));
  }

  /** @param {"s"|"k"} who @param {string} id */
  #label(who, id) {
    return el("span", "c-label", this.#swatch(who, this.#look(id)), this.#labelName(id));
  }

  /** @param {string} id */
  #labelName(id) {
    return this.#view.labels?.[id]?.name ?? id;
  }

  /** @param {string} words */
  #quote(words) {
    const node = attrs(el("blockquote", "c-quote", words), { translate: "no" });
    this.#language(node);
    return node;
  }

  /** The key's side, closed until asked for. @param {Pair} pair @returns {[HTMLElement, HTMLElement]} */
  #answer(pair) {
    const { key, why_not: whyNot, instead } = pair;
    const part = (/** @type {string} */ name, /** @type {string|null|undefined} */ text) => (text ? [el("dt", null, name), el("dd", null, text)] : []);
    const heading = el("p", "c-mark-line", el("strong", null, key?.draft ? TEXT.answerDraft : TEXT.answer), " ", key && this.#label("k", key.label));
    const tier = key ? TEXT.tiers[/** @type {keyof typeof TEXT.tiers} */ (key.tier)] : null;
    const answer = attrs(el("div", "c-answer", heading, key && this.#quote(key.quote), tier && el("p", "c-quiet", tier),
      el("dl", null, ...part(TEXT.reason, key?.reason), ...part(TEXT.counter, key?.counter),
        ...part(TEXT.also, key?.also?.map((id) => this.#labelName(id)).join(", ")), ...part(TEXT.whyNot, whyNot), ...part(TEXT.instead, instead))),
    { id: `${this.#name}-answer-${pair.i}` });
    const reveal = button("", `reveal-${pair.i}`, () => this.#reveal(pair));
    reveal.setAttribute("aria-controls", answer.id);
    return [reveal, answer];
  }

  // -- drawing what changes --

  #update() {
    for (const { node, pressed } of this.#toggles) node.setAttribute("aria-pressed", String(pressed()));
    this.#drawText();
    if (this.#hasList) this.#drawList();
  }

  /** Whether the text may show the key's words of a row: where both agree, and where the student opened the answer. @param {number} index */
  #told = (index) => {
    const pair = this.#rows.get(index)?.pair;
    return this.#withKey || pair?.outcome === "matched" || (pair !== undefined && this.#revealed.has(rowKey(pair)));
  };

  #drawText() {
    const chosen = this.#rows.get(this.#selected)?.pair;
    const holds = (/** @type {Run} */ run, /** @type {number} */ i) => run.s.includes(i) || (run.k.includes(i) && this.#told(i));
    const inText = chosen && this.#segments.some(({ run }) => holds(run, chosen.i));
    const ends = extents(this.#blocks);
    let before = "";
    for (const { node, block, run, place, sid } of this.#segments) {
      const counts = laneCounts(block);
      const { bands, more } = this.#hasMarks ? bandsOf(block, run, place, ends, this.#told) : { bands: [], more: { s: 0, k: 0 } };
      if (node.parentElement) node.parentElement.style.setProperty("--ss-lanes", `${this.#hasMarks ? laneHeight(counts) : 0}px`);
      paint(node, bands.flatMap((band) => layersOf(band, this.#lookOfPair(band), counts, this.#view.dir === "rtl")));
      const on = chosen && (inText ? holds(run, chosen.i) : sid !== null && sid === chosen.sid);
      node.classList.toggle("ss-c-on", Boolean(on));
      const text = moreText(more);
      if (text && text !== before) node.dataset.over = text; else delete node.dataset.over;
      before = text;
    }
  }

  /** @param {Band} band */
  #lookOfPair({ who, index }) {
    const pair = this.#rows.get(index)?.pair;
    return this.#look((who === "s" ? pair?.student?.label : pair?.key?.label) ?? "");
  }

  #drawList() {
    const shown = this.#shown;
    const visible = new Set(shown.map((pair) => pair.i));
    const at = shown.findIndex((pair) => pair.i === this.#selected);
    for (const [index, row] of this.#rows) this.#drawRow(index, row, visible.has(index), at < 0 ? index === shown[0]?.i : index === this.#selected);
    const { position, previous, next, all, showing, empty, rows } = this.#parts;
    position.textContent = TEXT.position(at + 1, shown.length);
    // aria-disabled keeps the focus where it is at either end of the list
    previous.setAttribute("aria-disabled", String(!step(shown, this.#pairs, this.#selected, -1)));
    next.setAttribute("aria-disabled", String(!step(shown, this.#pairs, this.#selected, 1)));
    if (all) all.textContent = this.#expandAll ? TEXT.hideAll : TEXT.showAll;
    showing.textContent = this.#showing(shown.length);
    rows.hidden = shown.length === 0;
    empty.hidden = shown.length > 0;
    empty.textContent = this.#filter.kind === "differences" ? TEXT.emptyDifferences : TEXT.emptyFilter;
  }

  /** @param {number} index @param {any} row @param {boolean} visible @param {boolean} tabbable */
  #drawRow(index, row, visible, tabbable) {
    const chosen = index === this.#selected;
    const open = chosen || this.#expandAll;
    const revealed = this.#revealed.has(rowKey(row.pair));
    row.item.hidden = !visible;
    row.item.classList.toggle("ss-c-chosen", chosen);
    row.head.tabIndex = tabbable ? 0 : -1;
    row.head.setAttribute("aria-expanded", String(open));
    if (chosen) row.head.setAttribute("aria-current", "true"); else row.head.removeAttribute("aria-current");
    if (!open && row.detail.contains(document.activeElement)) row.head.focus({ preventScroll: true }); // focus is never lost
    row.detail.hidden = !open;
    if (!row.reveal) return;
    row.reveal.textContent = revealed ? TEXT.hideAnswer : TEXT.showAnswer;
    row.reveal.setAttribute("aria-expanded", String(revealed));
    row.answer.hidden = !revealed;
  }

  /** @param {number} count */
  #showing(count) {
    const number = this.#filter.kind === "number" ? this.#filter.id : null;
    const text = (this.#view.summary?.numbers ?? []).find((/** @type {NumberLink} */ n) => n.id === number)?.text;
    return text ? TEXT.behind(text, count) : TEXT.showing(count, this.#pairs.length);
  }

  /** Bring the chosen row and its words into view, each inside its own panel. */
  #follow() {
    if (!this.#hasList || this.#selected < 0) return;
    scrollInside(this.#parts.rows, this.#rows.get(this.#selected)?.item ?? null);
    scrollInside(this.#parts.article, this.#parts.article.querySelector(".ss-c-on"));
  }

  /** Where text and list stand side by side, the page may move as well; one below the other it would hide what was clicked. */
  #onPage() {
    const { article, rows } = this.#parts;
    const beside = rows.getBoundingClientRect().left >= article.getBoundingClientRect().right;
    if (beside) article.querySelector(".ss-c-on")?.scrollIntoView({ block: "nearest" });
  }

  // -- what the student does --

  /** @param {Filter} filter @param {string} [say] */
  #show(filter, say) {
    this.#filter = filter;
    this.#update();
    this.#say(say ?? this.#showing(this.#shown.length));
  }

  /** @param {number} index */
  #choose(index) {
    const row = this.#rows.get(index);
    if (row && !this.#shown.includes(row.pair)) this.#filter = { kind: "all" }; // a click on words is never a dead end
    this.#model.set("selected", index);
    this.#model.save_changes();
    this.#select(); // a trait set to the value it has does not report a change
    this.#onPage();
    this.#say(row ? this.#place(row.pair) : TEXT.unselected);
  }

  /** "Difference 3 of 14: missed, S7" @param {Pair} pair */
  #place(pair) {
    const shown = this.#shown;
    const outcome = (this.#view.outcomes?.[pair.outcome]?.name ?? pair.outcome).toLocaleLowerCase();
    const what = this.#filter.kind === "differences" ? TEXT.difference : TEXT.anyRow;
    return TEXT.row(shown.indexOf(pair) + 1, shown.length, what, [outcome, pair.sid].filter(Boolean).join(", "));
  }

  /** @param {1|-1} direction @returns {Pair|null} */
  #step(direction) {
    const pair = step(this.#shown, this.#pairs, this.#selected, direction);
    if (pair) this.#choose(pair.i);
    else this.#say(direction > 0 ? TEXT.last : TEXT.first);
    return pair;
  }

  /** @param {Pair} pair */
  #reveal(pair) {
    const key = rowKey(pair);
    const shows = !this.#revealed.delete(key);
    if (shows) this.#revealed.add(key);
    this.#select();
    this.#say(shows ? TEXT.revealed : TEXT.hidden);
  }

  #revealAll() {
    this.#expandAll = !this.#expandAll;
    this.#revealed = new Set(this.#expandAll ? this.#pairs.map(rowKey) : []);
    this.#update();
    this.#say(this.#expandAll ? TEXT.allRevealed : TEXT.allHidden);
  }

  /** @param {MouseEvent} event */
  #onText(event) {
    if (!this.#hasList || !getSelection()?.isCollapsed) return; // selecting words to copy them is not a choice
    const hit = this.#segments.find(({ node }) => node === event.target);
    const index = hit ? pairAtRun({ ...hit.run, k: hit.run.k.filter(this.#told) }, this.#selected) : -1;
    if (index < 0) return;
    this.#choose(index);
    this.#rows.get(index)?.head.scrollIntoView({ block: "nearest" });
  }

  /** Keys act only inside the widget, and never reach the notebook. @param {KeyboardEvent} event */
  #onKey(event) {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "Enter" || event.key === " ") return event.stopPropagation(); // the button itself acts
    if (event.key === "Escape") return this.#leave(event);
    const target = /** @type {HTMLElement} */ (event.target);
    const inList = target.classList.contains("ss-c-row-head");
    const moves = { n: 1, p: -1, ...(inList ? { ArrowDown: 1, ArrowUp: -1, Home: 0, End: 0 } : {}) };
    if (!this.#hasList || !(event.key in moves)) return;
    event.preventDefault();
    event.stopPropagation();
    this.#move(event.key, /** @type {Record<string, number>} */ (moves)[event.key], target);
  }

  /** The way out: to the notebook's own box around the widget, if there is one. @param {KeyboardEvent} event */
  #leave(event) {
    const box = /** @type {HTMLElement|null|undefined} */ (this.#root.parentElement?.closest("[tabindex]"));
    if (!box) return;
    event.preventDefault();
    event.stopPropagation();
    box.focus();
  }

  /** Step by key; focus goes along when it was in the list. @param {string} key @param {number} direction @param {HTMLElement} target */
  #move(key, direction, target) {
    const shown = this.#shown;
    const pair = direction ? this.#step(/** @type {1|-1} */ (direction)) : key === "Home" ? shown[0] : shown.at(-1);
    if (!pair) return;
    if (!direction) this.#choose(pair.i);
    if (this.#parts.rows.contains(target)) this.#rows.get(pair.i)?.head.focus({ preventScroll: true });
  }

  /** @param {string} text */
  #say(text) {
    this.#live.textContent = text;
  }
}

/** @param {HTMLElement} node @param {string[][]} layers `[image, position, size, repeat]` each */
function paint(node, layers) {
  const column = (/** @type {number} */ n) => layers.map((layer) => layer[n]).join(", ");
  node.style.backgroundImage = column(0);
  node.style.backgroundPosition = column(1);
  node.style.backgroundSize = column(2);
  node.style.backgroundRepeat = column(3);
}

/** anywidget's entry: draws one view of the model and returns its cleanup. @param {{model: any, el: HTMLElement}} context */
function render({ model, el: host }) {
  const view = new View(model, host);
  return () => view.dispose();
}

export default { render };
