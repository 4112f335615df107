// The pure functions of the comparison view.
import assert from "node:assert/strict";
import test from "node:test";
import * as lanes from "../../src/secondsource/widgets/static/comparison/lanes.js";
import { themed } from "../../src/secondsource/widgets/static/shared/dom.js";
import * as pairsOf from "../../src/secondsource/widgets/static/comparison/pairs.js";

const js = { ...lanes, ...pairsOf };
const run = (text, s = [], k = [], more = {}) => ({ text, s, k, asked: true, sid: null, ...more });
const block = (runs, lanes = { s: {}, k: {} }) => ({ id: "b0", kind: "paragraph", start: 0, runs, lanes });
const pair = (i, outcome, more = {}) => ({ i, outcome, sid: "S1", layer: "rhetoric", student: null, key: null, why_not: null, instead: null, ...more });
const PAIRS = [pair(0, "matched"), pair(1, "missed"), pair(2, "extra"), pair(3, "contested")];
const indices = (pairs) => pairs.map(({ i }) => i);

test("only #rrggbb reaches a style", () => {
  for (const hostile of ["red;background:url(x)", "#fff", "#12345g", "url(//x)", null, 7, "#123456 "]) {
    assert.doesNotMatch(themed({ colour: hostile, colour_dark: "#0b5cAD" }), /url|red|fff/);
  }
  assert.match(themed({ colour: "#0b5cAD" }), /light, #0b5cAD\).*dark, #0b5cAD\)/);
});

test("numbers become buttons where they stand, in reading order and never inside a word", () => {
  const number = (id, text) => ({ id, text, pairs: [] });
  const one = number("one", "1");
  const ten = number("ten", "10 marks");
  const again = number("again", "1");
  const gone = number("gone", "7 of 9");
  const { lines, rest } = js.weave(["You made 10 marks. 1 is", "and 1 more. 11"], [ten, one, again, gone]);
  assert.deepEqual(lines, [["You made ", ten, ". ", one, " is"], ["and ", again, " more. 11"]]);
  assert.deepEqual(rest, [gone]);
});

test("weaving keeps every character of the sentences", () => {
  const given = ["3 and 3 and 3", "", "no number", "3"];
  const numbers = ["3", "3", "3", "3", "3", ""].map((text, n) => ({ id: `n${n}`, text, pairs: [] }));
  const { lines, rest } = js.weave(given, numbers);
  assert.deepEqual(lines.map((parts) => parts.map((part) => part.text ?? part).join("")), given);
  assert.equal(rest.length, 2);
  assert.deepEqual(js.weave([], [numbers[0]]), { lines: [], rest: [numbers[0]] });
});

test("filters: only differences by default, everything, outcomes, the rows of a number", () => {
  assert.deepEqual(indices(js.visiblePairs(PAIRS, { kind: "differences" })), [1, 2, 3]);
  assert.deepEqual(indices(js.visiblePairs(PAIRS, { kind: "all" })), [0, 1, 2, 3]);
  assert.deepEqual(indices(js.visiblePairs(PAIRS, { kind: "outcomes", outcomes: ["extra", "matched"] })), [0, 2]);
  assert.deepEqual(indices(js.visiblePairs(PAIRS, { kind: "number", id: "x", pairs: [3, 0, 99] })), [0, 3]);
});

test("outcome buttons add up; releasing the last one returns to the default", () => {
  let filter = js.toggleOutcome({ kind: "differences" }, "missed");
  assert.deepEqual(filter, { kind: "outcomes", outcomes: ["missed"] });
  filter = js.toggleOutcome(filter, "extra");
  assert.deepEqual(filter.outcomes, ["missed", "extra"]);
  filter = js.toggleOutcome(js.toggleOutcome(filter, "missed"), "extra");
  assert.deepEqual(filter, { kind: "differences" });
  assert.deepEqual(js.toggleOutcome({ kind: "number", id: "x", pairs: [] }, "missed"), { kind: "outcomes", outcomes: ["missed"] });
});

test("stepping goes through the shown rows and stops at the ends", () => {
  const shown = js.visiblePairs(PAIRS, { kind: "differences" });
  const at = (current, direction) => js.step(shown, PAIRS, current, direction)?.i ?? null;
  assert.deepEqual([at(-1, 1), at(1, 1), at(2, 1), at(3, 1)], [1, 2, 3, null]);
  assert.deepEqual([at(-1, -1), at(3, -1), at(1, -1)], [3, 2, null]);
  assert.equal(at(0, 1), 1, "a row hidden by the filter still gives a direction");
  assert.equal(js.step([], PAIRS, 1, 1), null);
});

test("words under several pairs give them one after the other", () => {
  const words = run("x", [4, 2], [2, 7]);
  assert.equal(js.pairAtRun(words, -1), 2);
  assert.equal(js.pairAtRun(words, 2), 4);
  assert.equal(js.pairAtRun(words, 4), 7);
  assert.equal(js.pairAtRun(words, 7), 2);
  assert.equal(js.pairAtRun(run("x"), 3), -1);
});

test("a block's text is its runs, exactly", () => {
  assert.equal(js.blockText(block([run("a\u00a0"), run("<b>"), run("💩👩‍👩‍👧")])), "a\u00a0<b>💩👩‍👩‍👧");
});

test("lanes: three of each group are drawn, the rest counted", () => {
  const crowded = block([run("a", [0, 1, 2, 3, 4], [0])], { s: { 0: 0, 1: 1, 2: 2, 3: 3, 4: 4 }, k: { 0: 0 } });
  assert.deepEqual(js.laneCounts(crowded), { s: 3, k: 1 });
  assert.deepEqual(js.laneCounts(block([run("a")])), { s: 0, k: 0 });
  const { bands, more } = js.bandsOf(crowded, crowded.runs[0], [0, 0], js.extents([crowded]), () => true);
  assert.deepEqual(bands.map(({ who, lane }) => `${who}${lane}`), ["s0", "s1", "s2", "k0"]);
  const t = (key, values) => `${key} ${JSON.stringify(values)}`;
  assert.equal(js.moreText(more, t), 'more_you {"you":2}');
  assert.equal(js.moreText({ s: 1, k: 3 }, t), 'more_both {"you":1,"key":3}');
  assert.equal(js.moreText({ s: 0, k: 2 }, t), 'more_key {"key":2}');
  assert.equal(js.moreText({ s: 0, k: 0 }, t), "");
});

test("student lanes lie above the key's and never touch them", () => {
  const counts = { s: 3, k: 3 };
  const look = { colour: "red", pattern: "solid" };
  const edges = ["s", "k"].flatMap((who) => [0, 1, 2].map((lane) => {
    const layer = js.layersOf({ who, index: 0, lane, starts: true, ends: true }, look, counts, false)[0];
    const bottom = Number(layer[1].match(/100% - (\d+)px/)[1]);
    return [bottom + Number(layer[2].match(/(\d+)px$/)[1]), bottom];
  }));
  assert.ok(edges[0][0] < js.laneHeight(counts) && edges.at(-1)[1] >= 0);
  edges.slice(1).forEach(([top], n) => assert.ok(top < edges[n][1], `lane ${n + 1} lies below lane ${n}`));
});

test("a bracket has its ends at the first and last run only, mirrored for right-to-left text", () => {
  const blocks = [block([run("a"), run("b", [], [5])]), block([run("c", [], [5]), run("d", [], [5])])];
  const ends = js.extents(blocks);
  assert.deepEqual(ends.get("k5"), { first: [0, 1], last: [1, 1] });
  const band = (place, at) => js.bandsOf(at, run("b", [], [5]), place, ends, () => true).bands[0];
  assert.deepEqual([band([0, 1], blocks[0]), band([1, 0], blocks[1]), band([1, 1], blocks[1])].map(({ starts, ends: end }) => [starts, end]), [[true, false], [false, false], [false, true]]);
  const look = { colour: "red", pattern: "solid" };
  const first = (rtl) => js.layersOf(band([0, 1], blocks[0]), look, { s: 0, k: 1 }, rtl)[0][1];
  assert.match(first(false), /^left/);
  assert.match(first(true), /^right/);
  assert.equal(js.layersOf({ who: "s", index: 0, lane: 0, starts: true, ends: true }, look, { s: 1, k: 0 }, false).length, 1, "bars have no ends");
});

test("the four patterns differ, for the student and for the key", () => {
  for (const who of ["s", "k"]) {
    const drawn = ["solid", "dashed", "dotted", "double"].map((pattern) =>
      js.layersOf({ who, index: 0, lane: 0, starts: false, ends: false }, { colour: "red", pattern }, { s: 1, k: 1 }, false).join());
    assert.equal(new Set(drawn).size, 4);
  }
});

test("a run belongs to the last asked sentence that began, and to none outside the asked part", () => {
  const aside = run("e", [], [], { asked: false });
  const blocks = [block([run("a", [], [], { sid: "S1" }), run("b"), run("c", [], [], { sid: "S2" })]), block([run("d"), aside, aside])];
  assert.deepEqual(js.sentenceOfRuns(blocks), [["S1", "S1", "S2"], ["S2", null, null]]);
});

test("answers exist only at the level visible and only where the key says something", () => {
  const missed = pair(0, "missed", { key: { label: "A" } });
  assert.equal(js.hasAnswer(missed, "visible"), true);
  assert.equal(js.hasAnswer(pair(0, "distractor", { why_not: "because" }), "visible"), true);
  assert.equal(js.hasAnswer(pair(0, "extra"), "visible"), false);
  for (const level of ["marks", "score", "none", undefined]) assert.equal(js.hasAnswer(missed, level), false);
});

test("numbers for people: percent and bar lengths, blank where there is none", () => {
  assert.deepEqual([0.8, 0, 1, null, undefined, NaN, "0.8"].map(js.percent), [80, 0, 100, null, null, null, null]);
  assert.deepEqual([["53", "100"], ["12", "24"], ["140", "100"], ["-3", "100"], ["", "100"], ["–", "100"], ["1", "0"], [null, "100"]].map(([v, of]) => js.barLength(v, of)),
    [53, 50, 100, 0, null, null, null, null]);
});

test("a headline does not repeat the outcome's word", () => {
  assert.equal(js.withoutOutcome("Missed: the key expects a label.", "Missed"), "The key expects a label.");
  assert.equal(js.withoutOutcome("Missed it", "Missed"), "Missed it");
  assert.equal(js.withoutOutcome("", undefined), "");
});

test("a row is known by its content, not by its place in the list", () => {
  const row = pair(3, "missed", { key: { label: "A", start: 1, end: 4 } });
  assert.equal(js.rowKey(row), js.rowKey({ ...row, i: 9, hint: "another" }));
  assert.notEqual(js.rowKey(row), js.rowKey({ ...row, key: { label: "B", start: 1, end: 4 } }));
});

test("a line begins with a capital letter, whatever the letter is", () => {
  assert.deepEqual(["one label", "élan", "ǆ", "💩 x", "قال", ""].map((text) => js.capital(text)), ["One label", "Élan", "Ǆ", "💩 x", "قال", ""]);
  assert.equal(js.capital("iki", "tr"), "İki", "in the language of the interface");
});
