import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import * as finding from "../../src/secondsource/widgets/static/labeller/finding.js";
import * as marks from "../../src/secondsource/widgets/static/labeller/spans.js";
import * as log from "../../src/secondsource/widgets/static/shared/log.js";
import * as offsets from "../../src/secondsource/widgets/static/shared/offsets.js";
import * as outbox from "../../src/secondsource/widgets/static/shared/outbox.js";

const labeller = { ...finding, ...marks, ...log, ...offsets, ...outbox };
const vectors = JSON.parse(readFileSync(new URL("./vectors.json", import.meta.url), "utf8"));

/** An article as Python would cut it: paragraphs are parted by an empty line. */
function article(text) {
  let start = 0;
  const blocks = text.split("\n\n").map((part, index) => {
    const block = { id: `b${index}`, kind: "paragraph", start, text: part };
    start += [...part].length + 2;
    return block;
  });
  return labeller.makeArticle(blocks);
}
const pairs = (spans) => spans.map(({ start, end }) => [start, end]);
const named = (spans) => spans.map(([id, start, end]) => ({ id, start, end }));

describe("code points", () => {
  for (const { text, length, utf16 } of vectors.code_points) {
    test(JSON.stringify(text), () => {
      const block = labeller.makeArticle([{ id: "b", kind: "paragraph", start: 7, text }]).blocks[0];
      assert.equal(block.end, 7 + length);
      assert.equal(block.map === null, text.length === length, "a map only where there are surrogates");
      utf16.forEach((unit, offset) => {
        assert.equal(labeller.toUtf16(block, 7 + offset), unit);
        assert.equal(labeller.toPosition(block, unit), 7 + offset);
        assert.equal(labeller.toPosition(block, unit, true), 7 + offset);
      });
    });
  }

  test("a place between two surrogates belongs to the whole character", () => {
    const [block] = labeller.makeArticle([{ id: "b", kind: "paragraph", start: 0, text: "💩x" }]).blocks;
    assert.equal(labeller.toPosition(block, 1), 0);
    assert.equal(labeller.toPosition(block, 1, true), 1);
  });

  test("no selection at any UTF-16 index ever splits a character", () => {
    const text = "💩 a👩‍👩‍👧 cafe\u0301 🇩🇪 قال 漢字𠮷\u00ad\u2028end";
    const made = article(text);
    const [block] = made.blocks;
    for (let from = 0; from <= text.length; from += 1) {
      for (let to = from + 1; to <= text.length; to += 1) {
        const span = labeller.spanFromSelection(made, labeller.toPosition(block, from), labeller.toPosition(block, to, true));
        if (!span) continue;
        assert.equal([...text].slice(span.start, span.end).join(""), span.quote);
        assert.ok(span.quote.isWellFormed?.() ?? true);
        assert.equal(span.quote, span.quote.trim());
        assert.ok(labeller.graphemes(block).includes(span.start) && labeller.graphemes(block).includes(span.end));
      }
    }
  });
});

describe("text of the article", () => {
  test("slices are exact, across blocks and their newlines", () => {
    const text = "Head 💩\n\nfirst\n\nsecond 🇩🇪 end";
    const made = article(text);
    const characters = [...text];
    assert.equal(made.end, characters.length);
    for (let start = 0; start <= characters.length; start += 1) {
      for (let end = start; end <= characters.length; end += 1) {
        assert.equal(labeller.sliceArticle(made, start, end), characters.slice(start, end).join(""));
      }
    }
  });

  test("blocks are found from positions; between two, the one before", () => {
    const made = article("ab\n\ncd");
    assert.deepEqual([0, 2, 3, 4, 6].map((position) => labeller.blockAt(made, position)), [0, 0, 0, 1, 1]);
  });

  for (const { why, text, from, to } of vectors.snapping) {
    test(`snapping: ${why}`, () => {
      for (const [anchor, focus] of [from, [...from].reverse()]) {
        const span = labeller.spanFromSelection(article(text), anchor, focus);
        assert.deepEqual(span && [span.start, span.end], to);
      }
    });
  }
});

describe("the caret", () => {
  test("walks by grapheme, over the paragraph break in one step, and stops at the ends", () => {
    const made = article("a👩‍👩‍👧\n\ne\u0301z");
    const forward = [0];
    while (forward.at(-1) !== made.end) forward.push(labeller.stepGrapheme(made, forward.at(-1), 1));
    assert.deepEqual(forward, [0, 1, 6, 8, 10, 11]);
    const backward = [made.end];
    while (backward.at(-1) !== 0) backward.push(labeller.stepGrapheme(made, backward.at(-1), -1));
    assert.deepEqual(backward, [...forward].reverse());
    assert.equal(labeller.stepGrapheme(made, made.end, 1), made.end);
    assert.equal(labeller.stepGrapheme(made, 0, -1), 0);
  });

  test("walks to the ends and starts of words", () => {
    const made = article("One two,\n\nthree");
    assert.deepEqual([0, 3, 7, 15].map((at) => labeller.stepWord(made, at, 1)), [3, 7, 15, 15]);
    assert.deepEqual([15, 10, 4, 0].map((at) => labeller.stepWord(made, at, -1)), [10, 4, 0, 0]);
  });

  test("walks by sentence", () => {
    const made = article("One. Two.");
    const sentences = [{ id: "S1", start: 0, end: 4, asked: true }, { id: "S2", start: 5, end: 9, asked: true }];
    assert.equal(labeller.stepSentence(made, sentences, 0, 1), 5);
    assert.equal(labeller.stepSentence(made, sentences, 5, 1), 9);
    assert.equal(labeller.stepSentence(made, sentences, 7, -1), 5);
    assert.equal(labeller.stepSentence(made, sentences, 5, -1), 0);
    assert.equal(labeller.sentenceAt(sentences, 4).id, "S1");
    assert.equal(labeller.sentenceAt(sentences, 5).id, "S2");
    assert.equal(labeller.sentenceAt([], 5), null);
  });

  test("words are counted where they overlap", () => {
    assert.equal(labeller.countWords(article("One two\n\nthree four"), 4, 14), 2);
  });
});

describe("segments and lanes", () => {
  for (const { why, range, spans, runs } of vectors.segments) {
    test(`segments: ${why}`, () => {
      const found = labeller.segments(...range, named(spans)).map(({ start, end, ids }) => [start, end, ids]);
      assert.deepEqual(found, runs);
    });
  }

  test("further cuts make further pieces", () => {
    assert.deepEqual(labeller.segments(0, 4, [], [2, 9]).map(({ start, end }) => [start, end]), [[0, 2], [2, 4]]);
  });

  for (const { spans, lanes } of vectors.lanes) {
    test(`lanes: ${JSON.stringify(spans)}`, () => {
      for (const order of [spans, [...spans].reverse()]) assert.deepEqual(Object.fromEntries(labeller.lanes(named(order))), lanes);
    });
  }
});

describe("finding words", () => {
  for (const { text, quote, spans } of vectors.quotes) {
    test(JSON.stringify(quote), () => {
      assert.deepEqual(pairs(labeller.findOccurrences(article(text), quote)), spans);
    });
  }

  const made = article("The “West” watches — the west too.\n\nWestern words, don’t\n\nwait");
  const found = (phrase) => pairs(labeller.findOccurrences(made, phrase)).map(([start, end]) => labeller.sliceArticle(made, start, end));

  test("exact spelling wins", () => assert.deepEqual(found("west"), ["west"]));
  test("capitals and quotation marks as typed on any keyboard", () => {
    assert.deepEqual(found('"WEST"'), ["“West”"]);
    assert.deepEqual(found("don't wait"), ["don’t\n\nwait"]);
    assert.deepEqual(found("watches - the"), ["watches — the"]);
  });
  test("part of a word only when no whole word fits", () => assert.deepEqual(found("ester"), ["ester"]));
  test("nothing to find", () => assert.deepEqual([found(""), found("  "), found("peace")], [[], [], []]));
  test("half a grapheme is not an occurrence", () => assert.deepEqual(labeller.findOccurrences(article("cafe\u0301"), "e"), []));

  test("the nearest passage shares most words", () => {
    const nearest = (phrase) => {
      const range = labeller.nearestPassage(made, phrase);
      return range && labeller.sliceArticle(made, range.start, range.end);
    };
    assert.equal(nearest("watching the west too"), "watches — the west too");
    assert.equal(nearest("wait"), "wait");
    assert.equal(nearest("nothing alike"), null);
    assert.equal(nearest("!!"), null);
  });
});

describe("operation log", () => {
  const span = (id, more = {}) => ({ id, layer: "l", label: "L", start: 0, end: 1, quote: "a", confidence: null, note: "", attributes: {}, ...more });

  test("numbers changes from 1 and forgets what is acknowledged", () => {
    let log = labeller.newLog();
    for (const id of ["a", "b", "c"]) log = labeller.append(log, "add", span(id));
    assert.deepEqual(log.pending.map((entry) => entry.seq), [1, 2, 3]);
    assert.deepEqual(labeller.settle(log, 2).pending.map((entry) => entry.seq), [1, 3]);
    assert.deepEqual(labeller.settleUpTo(log, 2).pending.map((entry) => entry.seq), [3]);
    assert.equal(labeller.settleUpTo(labeller.newLog(), 7).next, 8);
  });

  test("what is shown is what is saved with the pending changes on top", () => {
    const base = new Map([["a", span("a")]]);
    const pending = [
      { seq: 1, op: "add", span: span("b") },
      { seq: 2, op: "update", span: span("a", { note: "n" }) },
      { seq: 3, op: "update", span: span("ghost") },
      { seq: 4, op: "remove", span: span("b") },
    ];
    assert.deepEqual([...labeller.withPending(base, pending).values()], [span("a", { note: "n" })]);
    assert.deepEqual([...base.values()], [span("a")], "the saved part stays as it is");
    assert.deepEqual([...labeller.withPending(base, pending.slice(1)).keys()], ["a"], "refusing the first takes it back");
  });

  test("earlier changes fit in without doing anything twice", () => {
    const spans = new Map([["a", span("a")]]);
    assert.equal(labeller.adapt(spans, { op: "add", span: span("a") }), null);
    assert.equal(labeller.adapt(spans, { op: "add", span: span("a", { note: "x" }) }).op, "update");
    assert.equal(labeller.adapt(spans, { op: "update", span: span("b") }).op, "add");
    assert.equal(labeller.adapt(spans, { op: "remove", span: { id: "b" } }), null);
    assert.deepEqual(labeller.adapt(spans, { op: "remove", span: { id: "a" } }), { op: "remove", span: span("a") });
  });

  test("browser memory is not trusted", () => {
    const good = { seq: 1, op: "add", span: span("a") };
    const bad = [
      null, 7, {}, { ...good, op: "drop" }, { ...good, seq: "1" }, { ...good, span: { ...good.span, id: "../x" } },
      { ...good, span: { ...good.span, start: "0" } }, { ...good, span: { ...good.span, note: 3 } }, { seq: 2, op: "add", span: { id: "b" } },
    ];
    assert.deepEqual(labeller.readEntries(JSON.stringify([...bad, good])), [good]);
    for (const json of [null, "", "{", "{}", "7"]) assert.deepEqual(labeller.readEntries(json), []);
  });
});

describe("undo", () => {
  const step = (n, key = null) => ({ undo: { op: "update", span: { id: "a", note: `${n - 1}` } }, redo: { op: "update", span: { id: "a", note: `${n}` } }, key, seq: n });

  test("goes back and forth through at least 100 steps", () => {
    let history = labeller.newHistory();
    for (let n = 1; n <= 150; n += 1) history = labeller.record(history, step(n));
    for (let n = 150; n >= 1; n -= 1) {
      assert.equal(history.done.at(-1).seq, n);
      history = labeller.stepBack(history);
    }
    assert.equal(history.undone.length, 150);
    history = labeller.stepForth(history);
    assert.equal(history.done.at(-1).seq, 1);
  });

  test("a new step ends the way forward", () => {
    const history = labeller.record(labeller.stepBack(labeller.record(labeller.newHistory(), step(1))), step(2));
    assert.deepEqual([history.done.length, history.undone.length], [1, 0]);
  });

  test("typing one note is one step", () => {
    let history = labeller.newHistory();
    for (const n of [1, 2, 3]) history = labeller.record(history, step(n, "note:a:1"));
    history = labeller.record(history, step(4, "note:a:2"));
    assert.equal(history.done.length, 2);
    assert.equal(history.done[0].undo.span.note, "0");
    assert.equal(history.done[0].redo.span.note, "3");
  });

  test("a refused step is no step", () => {
    const history = labeller.record(labeller.record(labeller.newHistory(), step(1)), step(2));
    assert.deepEqual(labeller.forget(history, 1).done.map((each) => each.seq), [2]);
  });

  test("only what still makes sense is possible", () => {
    const spans = new Map([["a", {}]]);
    const possible = (op, id) => labeller.possible(spans, { op, span: { id } });
    assert.deepEqual([possible("add", "a"), possible("add", "b"), possible("remove", "a"), possible("update", "b")], [false, true, true, false]);
  });
});

describe("what is said", () => {
  test("the chip has four states and only an acknowledgement says saved", () => {
    const base = { failure: null, late: false, pending: false, savedAt: null, revision: 0 };
    const chip = (more) => labeller.chipState({ ...base, ...more });
    assert.deepEqual(chip({}), { kind: "saved", key: "nothing_saved" });
    const { key, values } = chip({ savedAt: "2026-11-22T12:03:05Z", revision: 41 });
    assert.deepEqual([key, values.revision], ["saved", 41]);
    assert.match(values.time, /^\d\d:\d\d:05$/);
    assert.equal(chip({ pending: true, savedAt: "2026-11-22T12:03:05Z" }).key, "saving");
    assert.equal(chip({ pending: true, late: true }).key, "waiting");
    assert.deepEqual(chip({ pending: true, failure: "disk full" }), { kind: "failed", key: "failed", values: { reason: "disk full" } });
  });

  test("confidence starts in the middle and stays on the scale", () => {
    const options = [0.2, 0.4, 0.6, 0.8, 1].map((value) => ({ value, name: `${value}` }));
    assert.equal(labeller.stepConfidence(options, null, 1), 0.6);
    assert.equal(labeller.stepConfidence(options, null, -1), 0.6);
    assert.equal(labeller.stepConfidence(options, 0.6, 1), 0.8);
    assert.equal(labeller.stepConfidence(options, 1, 1), 1);
    assert.equal(labeller.stepConfidence(options, 0.2, -1), 0.2);
  });

  test("progress counts what is open and what lies outside", () => {
    const sentences = [{ id: "S1", start: 0, end: 10, asked: true }, { id: "S2", start: 11, end: 20, asked: false }];
    const spans = [{ start: 0, end: 4, confidence: null }, { start: 12, end: 14, confidence: 0.4 }];
    assert.deepEqual(labeller.progress(spans, sentences), { all: 2, open: 1, outside: 1 });
  });
});
