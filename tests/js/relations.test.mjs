// Links between labels, and finding in the text, without a browser.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { describe, test } from "node:test";
import { bend, linesOf } from "../../src/secondsource/widgets/static/labeller/lines.js";
import { adapt, linksOf, marks, possible, touched, wayBack } from "../../src/secondsource/widgets/static/labeller/marks.js";
import { candidates } from "../../src/secondsource/widgets/static/labeller/relations.js";
import { FoldedText } from "../../src/secondsource/widgets/static/labeller/search.js";
import { makeArticle, sliceArticle } from "../../src/secondsource/widgets/static/shared/offsets.js";

const vectors = JSON.parse(readFileSync(new URL("./relations.json", import.meta.url), "utf8"));
const span = (id, more = {}) => ({ id, layer: "who", label: "CUE", start: 0, end: 4, quote: "Mill", confidence: null, note: "", attributes: {}, discuss: false, ...more });
const link = (id, members, parent = null) => ({ id, type: "attribution", members, parent });
const begin = (relations = []) => marks.read({ spans: vectors.spans.map(([id, layer]) => span(id, { layer })), relations });
const plain = ({ spans, relations }) => ({ spans: [...spans.values()], relations: [...relations.values()].sort((a, b) => (a.id < b.id ? -1 : 1)) });

function operation(state, [op, id, members, parent]) {
  if (op === "link") return { op, relation: link(id, members, parent) };
  if (op === "unlink") return { op, relation: { id } };
  if (op === "remove") return { op, span: { id } };
  return { op: "update", span: { ...state.spans.get(id), ...(op === "move" ? { layer: "claims" } : { label: "SOURCE" }) } };
}

describe("links follow the rules that Python follows", () => {
  for (const { why, ops, spans, relations } of vectors.rows) {
    test(why, () => {
      const state = begin();
      for (const row of ops) marks.apply(state, operation(state, row));
      const { spans: left, relations: links } = plain(state);
      assert.equal(left.map(({ id }) => id).sort().join(""), spans);
      assert.deepEqual(links.map(({ id, members, parent }) => [id, members, parent]), relations);
    });

    test(`${why}; and back again, step by step`, () => {
      const state = begin();
      const steps = [];
      for (const row of ops) {
        const change = operation(state, row);
        if (!possible(state, change)) continue;
        steps.push([plain(marks.copy(state)), wayBack(state, change)]);
        marks.apply(state, change);
      }
      for (const [before, back] of steps.reverse()) {
        for (const change of back) marks.apply(state, change);
        const { spans: there, relations: links } = plain(state);
        assert.deepEqual(new Set(there.map((each) => JSON.stringify(each))), new Set(before.spans.map((each) => JSON.stringify(each))));
        assert.deepEqual(links, before.relations);
      }
    });
  }

  test("a label that three links inside of one another share comes back with all of them", () => {
    const state = begin([link("z", ["a", "b"]), link("y", ["a", "c"], "z"), link("x", ["a", "d"], "y")]);
    const before = plain(state).relations;
    const change = { op: "remove", span: { id: "a" } };
    const back = wayBack(state, change);
    marks.apply(state, change);
    assert.deepEqual(plain(state).relations, []);
    for (const each of back) marks.apply(state, each);
    assert.deepEqual(plain(state).relations, before);
  });
});

describe("links in the outbox", () => {
  test("a copy shares nothing that a change alters", () => {
    const one = begin([link("r", ["a", "b", "c"])]);
    marks.apply(marks.copy(one), { op: "remove", span: { id: "a" } });
    assert.deepEqual(linksOf(one, "a"), [link("r", ["a", "b", "c"])]);
  });

  test("an acknowledgement says what the file holds", () => {
    const sent = { seq: 3, op: "link", relation: link("r", ["a", "b"]) };
    const truths = marks.truth({ type: "ack", op: "link", relation: link("r", ["a", "b"]) });
    assert.equal(touched(truths[0]).id, "r");
    assert.ok(marks.agrees(sent, truths));
    assert.ok(!marks.agrees(sent, marks.truth({ op: "unlink", relation: { id: "r" } })));
    assert.ok(!marks.agrees(sent, marks.truth({ op: "link", relation: link("r", ["a", "c"]) })));
    assert.ok(marks.agrees({ op: "unlink", relation: link("r", ["a"]) }, marks.truth({ op: "unlink", relation: { id: "r" } })));
    assert.ok(!marks.agrees({ op: "remove", span: span("r") }, marks.truth({ op: "unlink", relation: { id: "r" } })));
  });

  test("links of an earlier visit are made where they still can be", () => {
    const state = begin([link("r", ["a", "b"])]);
    const made = (id, members) => ({ op: "link", relation: link(id, members) });
    assert.equal(adapt(state, made("r", ["a", "b"])), null);
    assert.equal(adapt(state, made("s", ["a", "z"])), null);
    assert.deepEqual(adapt(state, made("s", ["a", "c"])), made("s", ["a", "c"]));
    assert.equal(adapt(state, { op: "unlink", relation: { id: "s" } }), null);
    assert.deepEqual(adapt(state, { op: "unlink", relation: { id: "r" } }), { op: "unlink", relation: link("r", ["a", "b"]) });
  });

  test("browser memory is not trusted", () => {
    const good = { op: "link", relation: link("r", ["a", "b"]) };
    assert.ok(marks.fits(good) && marks.fits({ op: "unlink", relation: { id: "r" } }));
    for (const more of [{ id: "../x" }, { members: "ab" }, { members: ["a", 5] }, { members: ["<b>"] }, { type: 5 }, { parent: 5 }, { parent: "" }]) {
      assert.ok(!marks.fits({ ...good, relation: { ...good.relation, ...more } }), JSON.stringify(more));
    }
    for (const bad of [{ op: "link" }, { op: "link", span: span("a") }, { op: "unlink", relation: null }, { op: "remove", relation: good.relation }]) assert.ok(!marks.fits(bad));
    assert.ok(!marks.fits({ op: "add", span: span("a", { discuss: "yes" }) }));
    const { discuss: _, ...older } = span("a");
    assert.ok(marks.fits({ op: "add", span: older }), "changes of a page that knew no flag");
  });
});

test("passages to link: the same sentence first, then the nearest, of the same layer", () => {
  const sorted = [span("far", { start: 0, end: 4 }), span("near", { start: 20, end: 29 }), span("me", { start: 40, end: 44 }),
    span("other", { start: 45, end: 46, layer: "claims" }), span("inside", { start: 80, end: 85 }), span("next", { start: 92, end: 95 })];
  const sentences = [{ id: "S1", start: 0, end: 30 }, { id: "S2", start: 30, end: 90 }, { id: "S3", start: 90, end: 99 }];
  assert.deepEqual(candidates({ sorted }, sentences, sorted[2]).map(({ id }) => id), ["inside", "near", "far", "next"]);
  assert.deepEqual(candidates({ sorted }, [], sorted[2]).map(({ id }) => id), ["near", "far", "inside", "next"]);
});

test("in a long text only labels around one are looked at", () => {
  const sorted = Array.from({ length: 10_000 }, (_, n) => span(`p${n}`, { start: 10 * n, end: 10 * n + 4 }));
  const found = candidates({ sorted }, [], sorted[5000]);
  assert.deepEqual(found.slice(0, 4).map(({ id }) => id), ["p4999", "p5001", "p4998", "p5002"]);
  assert.ok(found.length < 1000);
});

describe("lines between passages", () => {
  const line = (left, top, width = 40, height = 20) => ({ left, top, width, height });

  test("start and end at the passages", () => {
    const near = ([x, y], { left, top, width, height }) => x >= left && x <= left + width && y >= top && y <= top + height;
    for (const [from, to] of [[[line(0, 0)], [line(200, 0)]], [[line(0, 0)], [line(0, 90)]], [[line(0, 90), line(0, 120)], [line(50, 0), line(50, 30)]]]) {
      const { path, ends } = bend(from, to);
      assert.match(path, /^M [\d.-]+ [\d.-]+ C( [\d.-]+){6}$/);
      assert.ok(from.some((each) => near(ends[0], each)) && to.some((each) => near(ends[1], each)));
    }
  });

  test("pieces of one line are one frame", () => {
    const rect = (left, top, width, height = 20) => ({ left, top, width, height, right: left + width, bottom: top + height });
    const reader = {
      el: { getBoundingClientRect: () => rect(10, 10, 500, 500), scrollLeft: 0, scrollTop: 100, clientLeft: 1, clientTop: 1 },
      domRange: () => ({ getClientRects: () => [rect(20, 30, 50), rect(70, 28, 30, 24), rect(0, 0, 0), rect(20, 60, 80)] }),
    };
    assert.deepEqual(linesOf(reader, { start: 0, end: 9 }), [line(9, 117, 80, 24), line(9, 149, 80, 20)]);
  });
});

describe("finding in the text", () => {
  const article = (text) => {
    let start = 0;
    return makeArticle(text.split("\n\n").map((part, index) => {
      const block = { id: `b${index}`, kind: "paragraph", start, text: part };
      start += [...part].length + 2;
      return block;
    }));
  };
  const whole = (made) => {
    const folded = new FoldedText(made);
    for (let turns = 0; !folded.work(1000); turns += 1) assert.ok(turns < 100);
    return folded;
  };

  test("as people type it, anywhere, across paragraphs, with offsets in code points", () => {
    const made = article("💩 “The West”  is here\n\n the  West — isn’t …\n\nWEST");
    const folded = whole(made);
    const found = (phrase) => folded.find(phrase).map(({ start, end }) => sliceArticle(made, start, end));
    assert.deepEqual(found("west"), ["West", "West", "WEST"]);
    assert.deepEqual(found('"the west" IS'), ["“The West”  is"]);
    assert.deepEqual(found("here the west -"), ["here\n\n the  West —"]);
    assert.deepEqual(found("isn't ..."), ["isn’t …"]);
    assert.deepEqual(found("es"), ["es", "es", "ES"]);
    assert.deepEqual([found(""), found("  "), found("nowhere")], [[], [], []]);
  });

  test("in turns: nothing is found before all is folded, and pieces do not show", () => {
    const text = Array.from({ length: 3000 }, (_, n) => `word${n} 😀`).join(" ");
    const made = article(`${text}\n\n${"x".repeat(9001)}😀${"y".repeat(5000)}`);
    const folded = new FoldedText(made);
    assert.equal(folded.work(-1), false);
    assert.deepEqual(folded.find("word1"), []);
    const all = whole(made);
    assert.equal(all.find("word2999 😀 x").length, 1);
    for (const n of [0, 399, 400, 1500, 2999]) {
      const [{ start, end }] = all.find(`word${n} 😀`);
      assert.equal(sliceArticle(made, start, end), `word${n} 😀`);
    }
    const [{ start, end }] = all.find("x😀y");
    assert.equal(sliceArticle(made, start, end), "x😀y");
  });
});
