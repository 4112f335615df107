// Chains as values, without a browser: what they are in a label document, and each step of building one.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { BEGUN, branches, chainId, chainsOf, dissolved, elsewhere, followed, handOvers, joined, left, moved } from "../../src/secondsource/widgets/static/chains/model.js";
import { marks, wayBack } from "../../src/secondsource/widgets/static/labeller/marks.js";

const span = (id, start = 0, attributes = {}, layer = "chains") =>
  ({ id, layer, label: "HAND", start, end: start + 3, quote: id, confidence: null, note: "", attributes, discuss: false });
const link = (id, ...members) => ({ id, type: "chain", members, parent: null });
const [A, B, C, D] = [span("a", 0), span("b", 10), span("c", 20), span("d", 30)];
const begin = (relations = [], spans = [A, B, C, D]) => marks.read({ spans, relations });
const all = (state, begun) => chainsOf(state, "chains", begun);
const told = (chains) => chains.map(({ key, hands }) => `${key}:${hands.map(({ id }) => id).join("")}`).join(" ");

/** Apply changes, and check that their ways back lead back. */
function after(state, changes) {
  const made = marks.copy(state);
  const back = [];
  for (const change of changes) {
    back.unshift(...wayBack(made, change));
    marks.apply(made, change);
  }
  const again = marks.copy(made);
  for (const change of back) marks.apply(again, change);
  assert.equal(told(all(again)), told(all(state)), "undone");
  assert.deepEqual([...again.spans.keys()].sort(), [...state.spans.keys()].sort());
  return made;
}

describe("what the chains are", () => {
  test("links in the order in which they were made, then hands that stand in none, in the order of the text", () => {
    assert.equal(told(all(begin([link("c2", "d", "a"), link("c1", "c", "a")]))), "c1:ca c2:da b:b");
  });

  test("links of another kind and marks of another layer are none", () => {
    const other = span("x", 1, {}, "attribution");
    const state = begin([{ ...link("r", "a", "b"), type: "attribution" }, link("odd", "c", "x")], [A, B, C, other]);
    assert.equal(told(all(state)), "a:a b:b c:c");
  });

  test("a new chain may begin with a hand of another one, and with nothing else", () => {
    const state = begin([link("c1", "a", "b")]);
    assert.equal(told(all(state, "b")), `c1:ab c:c d:d ${BEGUN}:b`);
    assert.equal(told(all(state, "c")), "c1:ab c:c d:d");
    assert.equal(told(all(state, "gone")), "c1:ab c:c d:d");
  });

  test("names of links sort by time", () => {
    const names = [5, 3_000_000_000_000, 1_790_000_000_000].map((now) => chainId(now, "0123456789abcdef"));
    assert.deepEqual([...names].sort(), [names[0], names[2], names[1]]);
    assert.ok(names.every((name) => /^[A-Za-z0-9_-]{1,64}$/.test(name)));
  });
});

describe("hand-overs", () => {
  for (const [why, answers, wanted] of [
    ["every hand that is not shown", [{ shown: "not_shown", onward: "straight" }, { shown: "not_shown", onward: "straight" }], [2, 0, 0]],
    ["what is shown can be checked", [{ shown: "shown", onward: "straight" }, { shown: "not_shown", onward: "straight" }], [1, 0, 0]],
    ["behind a gap there may be more", [{ shown: "not_shown", onward: "gap" }, { shown: "not_shown", onward: "straight" }], [2, 1, 0]],
    ["without an answer it is not shown", [{}, { onward: "gap" }], [2, 1, 3]],
  ]) {
    test(why, () => {
      const { count, gaps, open } = handOvers(answers.map((attributes, index) => span(`h${index}`, index, attributes)));
      assert.deepEqual([count, gaps, open], wanted);
    });
  }
});

describe("building", () => {
  const state = begin([link("c1", "a", "b"), link("c2", "c", "b")]);
  const [first, second, alone] = all(state);

  test("new words begin a chain, and the next ones make it a link", () => {
    const empty = begin([], []);
    const one = after(empty, joined(null, A, false, "c9"));
    assert.equal(told(all(one)), "a:a");
    const two = after(one, joined(all(one)[0], B, false, "c9"));
    assert.equal(told(all(two)), "c9:ab");
    assert.equal(told(all(after(two, joined(all(two)[0], C, false, "other")))), "c9:abc");
  });

  test("a hand that is marked already stands in a second chain", () => {
    assert.deepEqual(joined(null, B, true, "c9"), []);
    assert.equal(told(all(after(state, joined({ key: BEGUN, relation: null, hands: [B] }, A, true, "c9")))), "c1:ab c2:cb c9:ba d:d");
    assert.equal(told(all(after(state, joined(second, A, true, "c9")))), "c1:ab c2:cba d:d");
  });

  test("a hand goes earlier or later, and no further than the ends", () => {
    assert.equal(told(all(after(state, moved(first, "a", 1)))), "c1:ba c2:cb d:d");
    assert.deepEqual([moved(first, "a", -1), moved(first, "b", 1), moved(first, "z", 1), moved(alone, "d", 1)], [[], [], [], []]);
  });

  test("who leaves the last chain is no hand any more; who stands elsewhere stays", () => {
    const chains = all(state);
    assert.deepEqual([elsewhere(chains, first, "b"), elsewhere(chains, first, "a")], [true, false]);
    assert.equal(told(all(after(state, left(chains, first, A)))), "c2:cb d:d");
    assert.equal(told(all(after(state, left(chains, first, B)))), "c2:cb a:a d:d");
    const long = begin([link("c1", "a", "b", "d"), link("c2", "c", "b")]);
    assert.equal(told(all(after(long, left(all(long), all(long)[0], B)))), "c1:ad c2:cb");
    assert.equal(told(all(after(state, left(chains, alone, D)))), "c1:ab c2:cb");
    assert.deepEqual(left(chains, { key: BEGUN, relation: null, hands: [B] }, B), []);
  });

  test("a chain goes with the marks that stand in no other", () => {
    const chains = all(state);
    assert.equal(told(all(after(state, dissolved(chains, first)))), "c2:cb d:d");
    assert.equal(told(all(after(state, dissolved(chains, alone)))), "c1:ab c2:cb");
  });

  test("whatever is done, it can be undone, and no hand is lost on the way", () => {
    let seed = 7;
    const pick = (list) => list[(seed = (seed * 48271) % 2147483647) % list.length];
    for (let round = 0; round < 60; round += 1) {
      let state = begin([], []);
      for (let step = 0; step < 25; step += 1) {
        const chains = all(state);
        const chain = pick([null, ...chains]);
        const hand = pick([A, B, C, D, span("e", 40)]);
        const known = state.spans.has(hand.id);
        const inside = chain?.hands.some(({ id }) => id === hand.id);
        const steps = [() => (inside ? [] : joined(chain, hand, known, `c${round}-${step}`)), () => (chain ? moved(chain, hand.id, pick([-1, 1])) : []),
          () => (chain && inside ? left(chains, chain, hand) : []), () => (chain ? dissolved(chains, chain) : [])];
        state = after(state, pick(steps)());
        const there = all(state).flatMap(({ hands }) => hands.map(({ id }) => id));
        assert.deepEqual([...new Set(there)].sort(), [...state.spans.keys()].sort());
        for (const { relation, hands } of all(state)) assert.equal(relation ? hands.length > 1 : hands.length === 1, true);
      }
    }
  });

  test("the chain that is worked on is found again", () => {
    assert.equal(followed(all(state), "c1", [A, B]).key, "c1");
    const smaller = all(begin([link("c2", "c", "b")]));
    assert.equal(followed(smaller, "c1", [A, B]).key, "a");
    assert.equal(followed(all(begin([], [])), "c1", [A, B]), null);
  });
});

describe("seen from the page", () => {
  test("chains that came through the same last hands share a branch", () => {
    const shape = (roots) => roots.map(({ span: { id }, chains, before }) => [id, chains, ...shape(before)]);
    assert.deepEqual(shape(branches([[A, B], [C, B], [D, A, B], [D]])), [["b", 3, ["a", 2, ["d", 1]], ["c", 1]], ["d", 1]]);
    assert.deepEqual(branches([]), []);
  });
});
