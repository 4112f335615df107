// Saving, without a browser: what is pending, what is shown, what a page that is gone left behind.

import assert from "node:assert/strict";
import { describe, test } from "node:test";
import { adapt, marks, opposite, possible } from "../../src/secondsource/widgets/static/labeller/marks.js";
import { chipState } from "../../src/secondsource/widgets/static/shared/log.js";
import { Outbox } from "../../src/secondsource/widgets/static/shared/outbox.js";
import { parsed, readEntries } from "../../src/secondsource/widgets/static/shared/storage.js";

globalThis.window = new EventTarget();
globalThis.document = new EventTarget();
const span = (id, more = {}) => ({ id, layer: "l", label: "L", start: 0, end: 1, quote: "a", confidence: null, note: "", attributes: {}, ...more });
const add = (id, more) => ({ op: "add", span: span(id, more) });
const state = (...spans) => ({ type: "state", client: "me", rev: 0, saved_at: null, seq_by_client: {}, spans });

/** An outbox whose messages are kept, with what it said about its state. */
function made(...spans) {
  const [sent, said] = [[], []];
  const hooks = { changed: (changes) => said.push(changes), refused() {}, readonly() {}, notice() {}, earlier() {} };
  const model = { send: (message) => sent.push(message), on() {}, off() {} };
  const outbox = new Outbox(model, { exercise: "x", article: { sha256: "t" }, client: "me" }, { write: 0 }, hooks, marks);
  outbox.adopt(state(...spans));
  const ack = (seq, truth, client = "me") => outbox.receive({ type: "ack", client, seq, rev: seq, saved_at: "2026-11-22T12:03:05Z", ...truth });
  return { outbox, sent, said, ack, ids: () => [...outbox.state.spans.keys()], stop: () => outbox.stop() };
}

describe("the outbox", () => {
  test("numbers changes from 1 and forgets what is acknowledged", () => {
    const { outbox, sent, ack, stop } = made();
    for (const id of ["a", "b", "c"]) outbox.push(add(id));
    assert.deepEqual(sent.map((message) => [message.type, message.seq, message.client, message.article]), [1, 2, 3].map((seq) => ["op", seq, "me", "t"]));
    ack(2, add("b"));
    assert.deepEqual([...outbox.pending.keys()], [1, 3]);
    outbox.adopt({ ...state(span("a")), seq_by_client: { me: 7 } });
    assert.deepEqual([...outbox.pending.keys()], []);
    assert.equal(outbox.push(add("d")), 8, "numbers go on after what the file knows");
    stop();
  });

  test("shows what is saved with the pending changes on top; a refusal takes just one of them back", () => {
    const { outbox, ids, said, stop } = made(span("a"));
    outbox.push(add("b"));
    outbox.push({ op: "update", span: span("a", { note: "n" }) });
    outbox.push({ op: "update", span: span("ghost") });
    assert.deepEqual(ids(), ["a", "b"]);
    outbox.push({ op: "remove", span: span("b") });
    assert.deepEqual([...outbox.state.spans.values()], [span("a", { note: "n" })]);
    outbox.receive({ type: "refused", client: "me", seq: 4, message: "no" });
    assert.deepEqual(ids(), ["a", "b"]);
    assert.deepEqual(said, [null], "the caller is told to look at everything");
    outbox.receive({ type: "refused", client: "me", seq: 2, message: "no" });
    assert.equal(outbox.state.spans.get("a").note, "");
    stop();
  });

  test("an acknowledgement of what was sent changes nothing that is shown, and says so", () => {
    const { outbox, said, ack, stop } = made(span("a"));
    const before = outbox.state;
    outbox.push(add("b"));
    outbox.push({ op: "update", span: span("b", { note: "1" }) });
    outbox.push({ op: "update", span: span("b", { note: "2" }) });
    ack(3, add("b", { note: "2" }));
    assert.equal(outbox.state.spans.get("b").note, "2", "an answer that overtook another shows nothing older");
    assert.equal(outbox.state, before);
    assert.deepEqual(said, [[]]);
    stop();
  });

  test("the file has the last word", () => {
    const { outbox, said, ack, ids, stop } = made(span("a"));
    outbox.push(add("b"));
    ack(1, { op: "remove", span: { id: "b" } });
    assert.deepEqual(ids(), ["a"]);
    ack(9, add("c"), "somebody");
    assert.deepEqual(ids(), ["a", "c"]);
    outbox.push({ op: "update", span: span("a", { note: "mine" }) });
    ack(10, add("a", { note: "theirs" }), "somebody");
    assert.equal(outbox.state.spans.get("a").note, "mine", "mine comes after theirs, as it will in the file");
    assert.deepEqual(said.map((changes) => changes && changes.length), [1, 1, null]);
    stop();
  });

  test("10,000 labels and 500 pending changes cost an edit nothing", () => {
    const { outbox, ack, stop } = made(...Array.from({ length: 10_000 }, (_, n) => span(`s${n}`)));
    const { spans } = outbox.state;
    for (let n = 0; n < 500; n += 1) outbox.push({ op: "update", span: span(`s${n}`, { note: "x" }) });
    for (let n = 0; n < 500; n += 1) ack(n + 1, add(`s${n}`, { note: "x" }));
    assert.equal(outbox.state.spans, spans, "the same map from first to last");
    assert.equal(outbox.pending.size, 0);
    stop();
  });
});

describe("changes of marks", () => {
  const at = (...spans) => marks.read(state(...spans));

  test("a copy shares nothing that a change alters", () => {
    const one = at(span("a"));
    marks.apply(marks.copy(one), { op: "remove", span: span("a") });
    assert.ok(one.spans.has("a"));
  });

  test("only what still makes sense is possible", () => {
    const can = (op, id) => possible(at(span("a")), { op, span: { id } });
    assert.deepEqual([can("add", "a"), can("add", "b"), can("remove", "a"), can("update", "b")], [false, true, true, false]);
  });

  test("every change has an opposite", () => {
    const one = at(span("a"));
    assert.deepEqual(opposite(one, add("b")), { op: "remove", span: span("b") });
    assert.deepEqual(opposite(one, { op: "remove", span: span("a") }), add("a"));
    assert.deepEqual(opposite(one, { op: "update", span: span("a", { note: "n" }) }), { op: "update", span: span("a") });
  });

  test("earlier changes fit in without doing anything twice", () => {
    const one = at(span("a"));
    assert.equal(adapt(one, add("a")), null);
    assert.equal(adapt(one, add("a", { note: "x" })).op, "update");
    assert.equal(adapt(one, { op: "update", span: span("b") }).op, "add");
    assert.equal(adapt(one, { op: "remove", span: { id: "b" } }), null);
    assert.deepEqual(adapt(one, { op: "remove", span: { id: "a" } }), { op: "remove", span: span("a") });
  });

  test("browser memory is not trusted", () => {
    const good = { seq: 1, ...add("a") };
    const bad = [
      null, 7, {}, { ...good, op: "drop" }, { ...good, seq: "1" }, { ...good, seq: 0 }, { ...good, span: { ...good.span, id: "../x" } },
      { ...good, span: { ...good.span, start: "0" } }, { ...good, span: { ...good.span, note: 3 } }, { seq: 2, op: "add", span: { id: "b" } },
    ];
    assert.deepEqual(readEntries([...bad, good], marks.fits), [good]);
    for (const json of [null, "", "{", "{}", "7"]) assert.deepEqual(readEntries(parsed(json), marks.fits), []);
  });
});

describe("what is said", () => {
  const base = { failure: null, gone: false, cut: false, late: false, pending: 0, kept: true, savedAt: null, revision: 0, language: "en" };
  const chip = (more) => chipState({ ...base, ...more });
  const savedAt = "2026-11-22T12:03:05Z";

  test("the chip has four states and only an acknowledgement says saved", () => {
    assert.deepEqual(chip({}), { kind: "saved", key: "nothing_saved" });
    const { key, values } = chip({ savedAt, revision: 41 });
    assert.deepEqual([key, values.revision], ["saved", 41]);
    assert.match(values.time, /^\d\d:\d\d:05$/);
    assert.equal(chip({ pending: 1, savedAt }).key, "saving");
    assert.equal(chip({ pending: 1, late: true }).key, "waiting");
    assert.deepEqual(chip({ pending: 1, failure: "disk full" }), { kind: "failed", key: "failed", values: { reason: "disk full" } });
  });

  test("a Python that has stopped is told from one that is busy, and from a connection that is cut", () => {
    assert.deepEqual(chip({ pending: 2, gone: true, late: true }), { kind: "failed", key: "no_kernel", values: { count: 2 } });
    assert.deepEqual(chip({ pending: 2, cut: true }), { kind: "waiting", key: "no_connection", values: { count: 2 } });
    assert.equal(chip({ pending: 1, gone: true, failure: "disk full" }).key, "no_kernel", "trying again is of no use");
  });

  test("what was saved stays saved, but nobody is left to go on without knowing", () => {
    assert.deepEqual([chip({ gone: true, savedAt }).kind, chip({ gone: true, savedAt }).also], ["saved", "stopped"]);
    assert.equal(chip({ gone: true }).also, "stopped");
    assert.equal(chip({ cut: true, savedAt }).key, "saved");
  });

  test("nothing is said to be kept in the browser that is not", () => {
    assert.equal(chip({ pending: 1, gone: true, kept: false }).key, "no_kernel_unkept");
    assert.equal(chip({ pending: 1, cut: true, kept: false }).key, "no_connection_unkept");
  });
});
