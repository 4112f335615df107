import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import * as finding from "../../src/secondsource/widgets/static/labeller/finding.js";
import * as list from "../../src/secondsource/widgets/static/labeller/sentences.js";
import * as marks from "../../src/secondsource/widgets/static/labeller/spans.js";
import * as touch from "../../src/secondsource/widgets/static/labeller/touch.js";
import * as log from "../../src/secondsource/widgets/static/shared/log.js";
import * as offsets from "../../src/secondsource/widgets/static/shared/offsets.js";

const labeller = { ...finding, ...list, ...marks, ...touch, ...log, ...offsets };
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

describe("undo", () => {
  const step = (n, key = null) => ({ undo: [{ op: "update", span: { id: "a", note: `${n - 1}` } }], redo: [{ op: "update", span: { id: "a", note: `${n}` } }], key, seqs: [n] });

  test("goes back and forth through at least 100 steps", () => {
    let history = labeller.newHistory();
    for (let n = 1; n <= 150; n += 1) history = labeller.record(history, step(n));
    for (let n = 150; n >= 1; n -= 1) {
      assert.equal(history.done.at(-1).seqs[0], n);
      history = labeller.stepBack(history);
    }
    assert.equal(history.undone.length, 150);
    history = labeller.stepForth(history);
    assert.equal(history.done.at(-1).seqs[0], 1);
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
    assert.equal(history.done[0].undo[0].span.note, "0");
    assert.equal(history.done[0].redo[0].span.note, "3");
  });

  test("a refused step is no step", () => {
    const history = labeller.record(labeller.record(labeller.newHistory(), step(1)), step(2));
    assert.deepEqual(labeller.forget(history, 1).done.map((each) => each.seqs), [[2]]);
  });

});

describe("what is said", () => {
  test("confidence starts in the middle and stays on the scale", () => {
    const options = [0.2, 0.4, 0.6, 0.8, 1].map((value) => ({ value, name: `${value}` }));
    assert.equal(labeller.stepConfidence(options, null, 1), 0.6);
    assert.equal(labeller.stepConfidence(options, null, -1), 0.6);
    assert.equal(labeller.stepConfidence(options, 0.6, 1), 0.8);
    assert.equal(labeller.stepConfidence(options, 1, 1), 1);
    assert.equal(labeller.stepConfidence(options, 0.2, -1), 0.2);
  });
});

describe("labelling without selecting text", () => {
  const words = (text, start = 0, end = Infinity) =>
    labeller.tokensOf(article(text), start, Math.min(end, [...text].length)).map((token) => (token.glued ? "+" : "") + token.text);

  test("words and signs are offered apart, so that a passage can stop before a comma", () => {
    assert.deepEqual(words("‘No,’ he said."), ["‘", "+No", "+,", "+’", "he", "said", "+."]);
    assert.deepEqual(words("a one-armed man"), ["a", "one-armed", "man"]);
    assert.deepEqual(words("Iran—of 30.5 % (U.S.)"), ["Iran", "+—", "+of", "30.5", "%", "(", "+U.S", "+.", "+)"]);
    assert.deepEqual(words("re- and pre-war"), ["re", "+-", "and", "pre-war"]);
  });

  test("only what lies in the stretch, over paragraphs, in code points", () => {
    const text = "💩 one two.\n\nThree 👩‍👩‍👧 four";
    assert.deepEqual(words(text, 6, 17), ["two", "+.", "Three"]);
    const tokens = labeller.tokensOf(article(text), 0, [...text].length);
    for (const { start, end, text: word } of tokens) assert.equal([...text].slice(start, end).join(""), word);
    assert.equal(tokens.find(({ sign, text: word }) => sign && word !== "💩" && word !== ".").text, "👩‍👩‍👧");
  });

  test("words are found inside one sentence only", () => {
    const found = labeller.findWithin(article("💩 The West. The West fell.\n\nThe West."), "the west", 12, 26);
    assert.deepEqual(pairs(found), [[12, 20]]);
    assert.deepEqual(labeller.findWithin(article("One. Two."), "one", 5, 9), []);
    assert.deepEqual(pairs(labeller.findWithin(article("one two\n\nthree"), "two three", 0, 14)), [[4, 14]]);
  });

  test("sentences that no label touches", () => {
    const sentences = named([["S1", 0, 10], ["S2", 11, 20], ["S3", 21, 30], ["S4", 31, 40]]);
    const bare = (spans) => labeller.bareSentences(sentences, named(spans)).map(({ id }) => id);
    assert.deepEqual(bare([]), ["S1", "S2", "S3", "S4"]);
    assert.deepEqual(bare([["a", 5, 12], ["b", 5, 6], ["c", 33, 34]]), ["S3"]);
    assert.deepEqual(bare([["a", 0, 40]]), []);
  });

  test("a tap means the word it meets, or the nearest", () => {
    const text = article("One, two.\n\n…");
    assert.deepEqual([0, 3, 4, 5, 9].map((at) => labeller.wordAt(text, at)), [[0, 3], [0, 3], [0, 3], [5, 8], [5, 8]]);
    assert.equal(labeller.wordAt(text, 12), null);
  });
});
