// The index of spans: after any changes it answers as a search through all spans would.
import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { SpanIndex, sortSpans } from "../../src/secondsource/widgets/static/labeller/spans.js";
import { firstIndex, makeArticle, overlapping, sentenceAt, stepSentence, within } from "../../src/secondsource/widgets/static/shared/offsets.js";

/** Small numbers in no order, the same on every run. */
function chance(seed) {
  let state = seed;
  return (below) => {
    state = (state * 1103515245 + 12345) % 2147483648;
    return Math.floor((state / 2147483648) * below);
  };
}

const blocks = Array.from({ length: 12 }, (_, n) => ({ id: `b${n}`, kind: "paragraph", start: n * 22, text: "0123456789 123456789" }));
const article = makeArticle(blocks);
const sentences = blocks.flatMap(({ start }, n) => [
  { id: `S${2 * n}`, start, end: start + 10, asked: n % 3 > 0 }, { id: `S${2 * n + 1}`, start: start + 11, end: start + 20, asked: n % 4 > 0 },
]);
const asked = sentences.filter((sentence) => sentence.asked);

function compare(index, spans) {
  const all = sortSpans(spans.values());
  assert.deepEqual(index.sorted, all);
  assert.equal(index.open, all.filter((span) => span.confidence === null).length);
  assert.equal(index.outside, all.filter((span) => !overlapping(asked, span.start, span.end).length).length);
  for (const span of all) {
    assert.equal(index.get(span.id), span);
    assert.equal(index.sorted[index.indexOf(span)], span);
  }
  article.blocks.forEach((block, n) => assert.deepEqual(sortSpans(index.inBlock(n)), overlapping(all, block.start, block.end)));
}

describe("the index of spans", () => {
  for (const seed of [1, 2, 3]) {
    test(`answers as a search would, seed ${seed}`, () => {
      const next = chance(seed);
      const index = new SpanIndex(article, sentences);
      const spans = new Map();
      for (let round = 0; round < 300; round += 1) {
        const touched = [];
        for (let n = next(round % 50 ? 3 : 120); n >= 0; n -= 1) {
          const id = `k${next(60)}`;
          const block = blocks[next(12)];
          const start = block.start + next(19);
          const end = Math.max(start + 1, next(10) ? Math.min(block.start + 20, start + 1 + next(6)) : blocks[next(12)].start + 5);
          if (next(3)) spans.set(id, { id, start, end, confidence: next(2) ? null : 0.5 }); else spans.delete(id);
          touched.push(id);
        }
        const before = new Map(index.sorted.map((span) => [span.id, span]));
        const changes = index.take(spans, round % 2 ? touched : null);
        for (const { before: was, after } of changes) assert.notEqual(was, after);
        for (const id of new Set([...before.keys(), ...spans.keys()])) {
          const told = changes.filter((change) => (change.before ?? change.after).id === id);
          assert.equal(told.length, before.get(id) === spans.get(id) ? 0 : 1);
        }
        compare(index, spans);
        const [from, to] = [next(200), next(80)];
        assert.deepEqual(index.overlapping(from, from + to), overlapping(sortSpans(spans.values()), from, from + to));
      }
    });
  }

  test("a span that is the same object is no change", () => {
    const index = new SpanIndex(article, sentences);
    const spans = new Map([["a", { id: "a", start: 0, end: 4, confidence: null }]]);
    assert.equal(index.take(spans).length, 1);
    assert.deepEqual(index.take(spans), []);
    assert.deepEqual(index.take(spans, ["a", "gone"]), []);
  });
});

describe("sentences are found, not searched", () => {
  test("within answers as overlapping does", () => {
    for (let start = 0; start < 270; start += 1) {
      for (const length of [1, 2, 11, 40]) assert.deepEqual(within(sentences, start, start + length), overlapping(sentences, start, start + length));
    }
  });

  test("the sentence at a position, and the steps to the next and the one before", () => {
    for (let at = 0; at <= article.end + 3; at += 1) {
      assert.equal(sentenceAt(sentences, at), sentences.find((sentence) => at <= sentence.end) ?? sentences.at(-1));
      assert.equal(stepSentence(article, sentences, at, 1), sentences.find(({ start }) => start > at)?.start ?? article.end);
      assert.equal(stepSentence(article, sentences, at, -1), sentences.findLast(({ start }) => start < at)?.start ?? 0);
    }
    assert.equal(sentenceAt([], 4), null);
    assert.equal(firstIndex([], () => true), 0);
  });
});
