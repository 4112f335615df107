// The sorter's answers, without a browser: which label answers which item, what is missing, what comes next.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { answerId, around, isDone, nextOpen, progress, sortOut, whole, wordCount } from "../../src/secondsource/widgets/static/sorter/answers.js";

const layer = { id: "claims" };
const items = ["S1", "S2", "S3"].map((id, n) => ({ id, start: n * 10, end: n * 10 + 9 }));
const span = (id, item, more = {}) => ({ id, layer: "claims", label: "a", start: items[item].start, end: items[item].end, confidence: null, note: "", ...more });
const byId = (...spans) => new Map(spans.map((each) => [each.id, each]));
const answers = (...pairs) => new Map(pairs.map(([item, more]) => [items[item].id, span(`x${item}`, item, more)]));

describe("answers", () => {
  test("are the labels of the layer on just the whole item; a second one on it is known too", () => {
    const spans = byId(span("a", 0), span("b", 1, { layer: "other" }), span("c", 1, { end: 15 }), span("d", 2), span("e", 2));
    const found = sortOut(items, layer, spans);
    assert.deepEqual([...found.answers].map(([item, { id }]) => [item, id]), [["S1", "a"], ["S3", "d"]]);
    assert.deepEqual([...found.others].map(([item, more]) => [item, more.map(({ id }) => id)]), [["S3", ["e"]]]);
  });

  test("have the same id in every view, as the kernel takes it; another one where that is taken", () => {
    const none = byId();
    assert.equal(answerId(layer, items[0], none, () => "new"), "claims-S1");
    assert.equal(answerId({ id: "a+b" }, items[0], none, () => "new"), "a_b-S1");
    assert.equal(answerId(layer, items[0], byId(span("claims-S1", 2)), () => "new"), "new");
    assert.equal(answerId({ id: "l".repeat(64) }, items[0], none, () => "new"), "new");
  });
});

describe("progress", () => {
  test("counts answers and confidences; 0 % is one", () => {
    const given = answers([0, { confidence: 0 }], [1, {}]);
    assert.deepEqual(progress(items, given, false), { answered: 2, sure: 1 });
    assert.deepEqual(progress([], given, false), { answered: 0, sure: 0 });
  });

  test("of written answers counts those with words", () => {
    const given = answers([0, { note: "  \n" }], [1, { note: " yes " }]);
    assert.deepEqual(progress(items, given, true), { answered: 1, sure: 1 });
    assert.equal(isDone(given.get("S1"), true), false);
    assert.equal(isDone(undefined, true), false);
  });

  test("goes on with the next without an answer, round to the beginning, then with those without a confidence", () => {
    const next = (given, after, written = false) => nextOpen(items, given, written, after)?.id ?? null;
    assert.equal(next(answers(), null), "S1");
    assert.equal(next(answers(), "S1"), "S2");
    assert.equal(next(answers(), "S3"), "S1");
    assert.equal(next(answers([1, {}]), "S1"), "S3");
    assert.equal(next(answers([0, { confidence: 1 }], [1, {}], [2, { confidence: 1 }]), "S3"), "S2");
    assert.equal(next(answers([0, { confidence: 1 }], [1, { confidence: 0 }], [2, { confidence: 1 }]), null), null);
    assert.equal(next(answers([0, { note: "a" }], [2, { note: " " }]), "S1", true), "S2");
    assert.equal(nextOpen([], answers(), false, "S1"), null);
  });
});

test("the sentences around one stop at the ends of the text", () => {
  const told = (id) => Object.values(around(items, { id })).map((found) => found.map((item) => item.id));
  assert.deepEqual([told("S1"), told("S2"), told("S3")], [[[], ["S2", "S3"]], [["S1"], ["S3"]], [["S1", "S2"], []]]);
});

test("words are counted as a person would, in any script", () => {
  assert.deepEqual(["", " – … ", "one", "It’s two-fold, yes 1.", "שלום עולם", "a\n\nb\u00a0c"].map(wordCount), [0, 0, 1, 4, 2, 3]);
});

test("half a character is made whole before it is sent; nothing else is touched", () => {
  assert.deepEqual(["a\ud83d", "\udca9b", "💩", "\udca9\ud83d", "e\u0301\u202e"].map(whole), ["a\ufffd", "\ufffdb", "💩", "\ufffd\ufffd", "e\u0301\u202e"]);
});
