// What to know before reading row by row: sentences whose numbers open their rows, and the score beside simple strategies.

import { h } from "../shared/dom.js";
import { barLength, capital, weave } from "./pairs.js";

/** @param {any} app @returns {HTMLElement} */
export function summarySection(app) {
  const { level, t, view: { summary = {} } } = app;
  const given = summary.lines ?? [];
  const { lines, rest } = weave(given.length || level !== "none" ? given : [t("none")], summary.numbers ?? []);
  const links = rest.filter((number) => number.text);
  const known = new Set(app.pairs.map((/** @type {any} */ pair) => pair.i));
  const number = (/** @type {NumberLink} */ each) => numberNode(app, each, known);
  const remark = level === "score" ? t("score_only") : level === "marks" ? t("marks_only") : null;
  return h("section", { class: "ss-c-summary" }, level === "none" ? null : h("h4", {}, t("summary")),
    h("div", { class: "ss-c-summary-grid" },
      h("div", { class: "ss-c-lines" },
        ...lines.map((parts) => h("p", {}, ...kept(parts.map((part) => (typeof part === "string" ? part : number(part)))))),
        links.length ? h("p", { class: "ss-c-rest" }, t(app.hasList ? "rows_behind" : "furthermore"), " ", ...links.flatMap((each) => [number(each), " "])) : null,
        remark ? h("p", { class: "ss-c-quiet" }, remark) : null),
      scoreNode(app, summary)));
}

/** A comma or a full stop never begins a line: it is kept with the button before it. @param {(Node|string)[]} parts */
function kept(parts) {
  /** @type {(Node|string)[]} */
  const made = [];
  for (const part of parts) {
    const last = made.at(-1);
    const mark = typeof part === "string" && last instanceof Node ? /** @type {RegExpExecArray} */ (/^\p{P}*/u.exec(part))[0] : "";
    if (mark) made[made.length - 1] = h("span", { class: "ss-c-keep" }, last, mark);
    made.push(typeof part === "string" ? part.slice(mark.length) : part);
  }
  return made;
}

/**
 * A number in a sentence: a button that opens its rows, or plain text where no rows are shown.
 * @param {any} app @param {NumberLink} number @param {Set<number>} known rows there are
 */
function numberNode(app, number, known) {
  const rows = number.pairs.filter((index) => known.has(index));
  if (!app.hasList || rows.length === 0) return h("strong", {}, number.text);
  const { t } = app;
  const pressed = () => app.filter.kind === "number" && app.filter.id === number.id;
  const node = app.toggle(number.text, `number-${number.id}`, pressed, () => {
    if (pressed()) return app.show({ kind: "differences" });
    app.show({ kind: "number", id: number.id, pairs: rows }, t("behind", { number: number.text, count: rows.length }));
    app.focusShowing();
  }, "ss-c-number");
  app.later(() => node.setAttribute("aria-label", t("opens", { number: number.text, count: rows.length }))); // a bare "2" says too little by itself
  return node;
}

/** The headline number beside what silly strategies and trained people reach. @param {any} app @param {any} summary */
function scoreNode({ t, view: { language, labels_language: lang } }, { score, baselines = [], human, undefined: reason }) {
  if (!score && !reason && !human && baselines.length === 0) return null;
  const of = score?.of ?? "100";
  return h("div", { class: "ss-c-score" },
    score ? h("p", { class: "ss-c-headline" }, h("span", { class: "ss-c-score-name" }, score.name), " ",
      h("span", { class: "ss-c-score-value" }, score.value), " ", h("span", { class: "ss-c-score-of" }, t("of", { of }))) : null,
    !score && reason ? h("p", {}, reason) : null, score?.reader ? h("p", {}, score.reader) : null,
    score || baselines.length ? baselineTable(t, language, score, baselines, of) : null, human ? h("p", { class: "ss-c-quiet", lang }, human) : null);
}

/** @param {any} t @param {string} language @param {any} score @param {{name: string, value: string, note: string}[]} baselines @param {string} of */
function baselineTable(t, language, score, baselines, of) {
  const mine = score ? [{ name: t("you"), value: score.value, note: "", you: true }] : [];
  const head = (/** @type {string} */ text) => h("th", { scope: "col" }, text);
  const body = [...mine, ...baselines.map((baseline) => ({ ...baseline, you: false }))].map(({ name, value, note, you }) => {
    const bar = h("span", { class: "ss-c-bar", "aria-hidden": "true" });
    bar.style.setProperty("--ss-length", `${barLength(value, of) ?? 0}%`);
    return h("tr", { class: you ? "ss-c-you" : null },
      h("th", { scope: "row" }, capital(name, language), note ? h("span", { class: "ss-c-bar-note" }, note) : null),
      h("td", {}, h("span", { class: "ss-c-bar-value" }, value ?? "–"), bar));
  });
  return h("table", { class: "ss-c-baselines" },
    h("caption", { class: "ss-visually-hidden" }, t("baselines", { name: score?.name ?? t("summary") })),
    h("thead", { class: "ss-visually-hidden" }, h("tr", {}, head(t("reader")), head(t("result", { of })))), h("tbody", {}, ...body));
}
