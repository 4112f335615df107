// Edits: each answer is a change with its way back.

import { possible, wayBack } from "../labeller/marks.js";
import { randomId } from "../shared/dom.js";
import { forget, newHistory, record, stepBack, stepForth } from "../shared/log.js";
import { answerId } from "./answers.js";

export class Edits {
  #app; #outbox; #history = newHistory();
  /** Another one for each visit to a row: what is changed again and again in one visit is one step back. */ #visit = 0;

  constructor(app, outbox) {
    this.#app = app;
    this.#outbox = outbox;
  }

  get undoable() { return this.#history.done.length > 0; }

  get redoable() { return this.#history.undone.length > 0; }

  /** @param {number|null} seq of a change that was refused */
  forget(seq) { this.#history = forget(this.#history, seq); }

  /** @param {Change[]} [also] changes that belong to it @returns {boolean} whether the change was made */
  commit(change, key = null, also = []) {
    if (this.#app.readonly) { this.#app.say(this.#app.readonly.message); return false; }
    const changes = [change, ...also];
    const undo = changes.flatMap((each) => wayBack(this.#outbox.state, each));
    const seqs = changes.map((each) => this.#outbox.push(each));
    const last = this.#history.undone.length ? null : this.#history.done.at(-1);
    // What becomes one step with the making of the answer has to make it too, when it is done again.
    const made = key && last?.key === key && last.redo[0].op === "add";
    this.#history = record(this.#history, { redo: made ? [{ op: "add", span: change.span }] : changes, undo, key, seqs });
    this.#app.refresh(changes);
    return true;
  }

  /** The student has gone to another row. */
  left() { this.#visit += 1; }

  #put(item, change, kind) {
    const old = this.#app.answers.get(item.id);
    const also = (this.#app.others.get(item.id) ?? []).map((span) => ({ op: "remove", span }));
    const { id, start, end, text: quote } = item;
    const made = () => ({
      id: answerId(this.#app.layer, { id }, this.#app.spans, () => `s${randomId()}`), layer: this.#app.layer.id, label: this.#app.layer.labels[0].id,
      start, end, quote, confidence: null, note: "", attributes: {}, discuss: false,
    });
    return this.commit({ op: old ? "update" : "add", span: { ...(old ?? made()), ...change } }, `${kind}:${id}:${this.#visit}`, also);
  }

  /** Give an item an answer, or another one. @param {string} note what stands in the field for it */
  answer(item, label, note = "") {
    const old = this.#app.answers.get(item.id);
    this.#app.lastLabel = label;
    if (old?.label === label.id) return;
    const asked = (id) => label.attributes?.some((attribute) => attribute.id === id);
    const attributes = Object.fromEntries(Object.entries(old?.attributes ?? {}).filter(([id]) => asked(id)));
    if (!this.#put(item, { label: label.id, attributes, ...(old ? {} : { note }) }, "answer")) { this.#app.rows.update(new Set([item.id])); return; }
    const open = this.#app.answers.get(item.id)?.confidence === null;
    this.#app.show(this.#app.t(open ? "answered_open" : "answered", { item: item.name, label: label.name }));
  }

  setConfidence(item, confidence) {
    const old = this.#app.answers.get(item.id);
    if (!old || old.confidence === confidence || !this.#put(item, { confidence }, "sure")) return;
    const { name } = this.#app.view.confidence.find(({ value }) => value === confidence) ?? { name: `${Math.round(confidence * 100)} %` };
    this.#app.show(this.#app.t("answered_sure", { item: item.name, label: this.#app.label(old).name, sure: name }));
  }

  /** What stands in the text field: the answer itself, or the reason for it. */
  write(item, note) {
    const { written } = this.#app.view;
    const old = this.#app.answers.get(item.id);
    if (written && old && !note.trim()) this.#take(item);
    else if (note !== (old?.note ?? "") && (old || (written && note.trim()))) this.#put(item, { note }, "note");
    else this.#app.showChip();
  }

  clear(item) { if (this.#take(item)) this.#app.say(this.#app.t("cleared", { item: item.name })); }

  #take(item) {
    const others = (this.#app.others.get(item.id) ?? []).map((span) => ({ op: "remove", span }));
    return this.commit({ op: "remove", span: this.#app.answers.get(item.id) }, null, others);
  }

  undo() { this.#travel("done", "undo", stepBack, this.#app.t("nothing_undo"), "undone_in"); }

  redo() { this.#travel("undone", "redo", stepForth, this.#app.t("nothing_redo"), "redone_in"); }

  /** Undo and redo are ordinary changes: they are sent, saved and acknowledged like any other. */
  #travel(stack, side, move, nothing, said) {
    this.#app.rows.flush();
    const step = this.#history[stack].at(-1);
    if (this.#app.readonly || !step) { this.#app.say(this.#app.readonly ? this.#app.readonly.message : nothing); return; }
    this.#history = move(this.#history);
    const [first] = step[side];
    if (!possible(this.#outbox.state, first)) { this.#app.refresh(); this.#app.say(this.#app.t("cannot_undo")); return; }
    step.seqs = step[side].flatMap((change) => (possible(this.#outbox.state, change) ? this.#outbox.push(change) : []));
    this.#app.refresh(step[side]);
    const item = this.#app.items.find(({ start }) => start === first.span?.start);
    if (item) this.#app.rows.row(item.id).el.scrollIntoView({ block: "nearest" });
    this.#app.say(this.#app.t(said, { item: item?.name ?? "" }));
  }
}
