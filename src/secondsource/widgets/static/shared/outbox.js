// Saving: changes are sent, remembered until they are acknowledged, and sent again when no answer comes.

import { append, apply, newLog, settle, settleUpTo, withPending } from "./log.js";
import { memory } from "./storage.js";

const ID = /^[A-Za-z0-9_-]{1,64}$/;

/** Sends changes, remembers them until they are acknowledged, sends them again when no answer comes. */
export class Outbox {
  base = new Map();
  log = newLog();
  revision = 0;
  savedAt = null;
  failure = null;
  late = false;
  /** @type {Change[]} */ refused = [];
  #model; #head; #timing; #hooks; #timer = 0; #delay = 0; #prefix;

  /** @param {{disconnected: string, changed: () => void, refused: (seq: number, message: string) => void, readonly: (reason: any) => void,
   *   notice: (text?: string) => void}} hooks */
  constructor(model, { exercise, article, client }, timing, hooks) {
    this.#model = model;
    this.#head = { exercise, article: article.sha256, client };
    this.#timing = { waiting: 3000, resend: 3000, ...timing };
    this.#hooks = hooks;
    this.#prefix = `secondsource:${exercise}:${article.sha256}:`;
  }

  get spans() { return withPending(this.base, this.log.pending); }

  hello() { this.#post({ type: "hello", ...this.#head, last_acked: 0 }); }

  /** @returns {number} the sequence number of the change */
  push({ op, span }) {
    this.log = append(this.log, op, span);
    this.#remember();
    // After a refusal that may pass, the older changes go first: the kernel takes them in their order.
    if (this.failure) this.#resend(); else this.#post(this.#message(this.log.pending.at(-1)));
    this.#watch();
    return this.log.next - 1;
  }

  /** The snapshot a view starts from, and every later "state" message. */
  adopt({ spans, rev, saved_at: savedAt, seq_by_client: known = {} }) {
    this.base = new Map(spans.map((span) => [span.id, span]));
    this.revision = rev;
    this.savedAt = savedAt;
    this.log = settleUpTo(this.log, known[this.#head.client] ?? 0);
    this.#remember();
  }

  receive(message) {
    const mine = message.client === this.#head.client;
    if (message.type === "ack") this.#acknowledged(message, mine);
    else if (message.type === "state" && (mine || message.client === null)) {
      if (!this.refused.length) this.failure = null;
      this.adopt(message);
      this.#hooks.readonly(message.readonly ?? null);
      this.#hooks.notice(message.notice);
      if (mine) this.#resend();
    } else if (message.type === "resend" && mine) this.#resend(message.after);
    else if (message.type === "refused" && mine) this.#rejected(message);
    else return;
    this.#watch();
    this.#hooks.changed();
  }

  /** The student's own second try: refused changes were taken back, so the caller makes them anew. */
  again() {
    const refused = this.refused;
    this.refused = [];
    this.failure = null;
    this.late = false;
    this.#delay = 0;
    this.#resend();
    this.#watch();
    return refused;
  }

  stop() { clearTimeout(this.#timer); }

  /** Changes that views which are gone left behind. @returns {{keys: string[], changes: Change[]}} */
  leftBehind(snapshot) {
    const live = (client) => document.querySelector(`[data-client="${CSS.escape(client)}"]`) !== null;
    const keys = memory.keys(this.#prefix).filter((key) => !live(key.slice(this.#prefix.length)));
    const changes = keys.flatMap((key) => {
      const arrived = snapshot.seq_by_client?.[key.slice(this.#prefix.length)] ?? 0;
      return readEntries(memory.get(key)).filter((entry) => entry.seq > arrived);
    });
    if (!changes.length) this.discard(keys);
    return { keys, changes };
  }

  discard(keys) { keys.forEach(memory.remove); }

  #message({ seq, op, span }) { return { type: "op", ...this.#head, seq, op, span }; }

  #post(message) {
    try {
      this.#model.send(message);
    } catch {
      this.failure = this.#hooks.disconnected;
    }
  }

  #resend(after = 0) {
    for (const entry of this.log.pending) if (entry.seq > after) this.#post(this.#message(entry));
  }

  #acknowledged({ seq, rev, saved_at: savedAt, op, span }, mine) {
    apply(this.base, { op, span }); // what the file holds now, which is not always what was sent
    if (mine) {
      this.log = settle(this.log, seq);
      this.failure = null;
      this.refused = [];
      this.#remember();
    }
    this.late = false;
    this.#delay = 0;
    this.revision = Math.max(this.revision, rev);
    this.savedAt = savedAt ?? this.savedAt;
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** With `retry` (the disk is full) the change stays, and is sent again; without, it can never be saved and is taken back. */
  #rejected({ seq, message, retry = false }) {
    const entry = this.log.pending.find((candidate) => candidate.seq === seq);
    if (!entry) return;
    const news = this.failure !== message;
    this.failure = message;
    if (retry) {
      if (news) this.#hooks.refused(null, message);
      return;
    }
    this.log = settle(this.log, seq);
    this.refused.push(entry);
    this.#remember();
    this.#hooks.refused(seq, message);
  }

  /** While something is unacknowledged: turn amber after a while, send again, each time a little more patiently. */
  #watch() {
    if (!this.log.pending.length) {
      clearTimeout(this.#timer);
      this.#timer = 0;
      this.late = false;
    } else if (!this.#timer) {
      this.#timer = setTimeout(() => {
        this.#timer = 0;
        this.late = true;
        this.#resend();
        this.#delay = Math.min(this.#delay + this.#timing.resend, this.#timing.resend * 8);
        this.#watch();
        this.#hooks.changed();
      }, this.late ? this.#delay : this.#timing.waiting);
    }
  }

  #remember() {
    const key = this.#prefix + this.#head.client;
    if (this.log.pending.length) memory.set(key, JSON.stringify(this.log.pending));
    else memory.remove(key);
  }
}

/** Entries from browser memory, which anybody may have written: what has not the right shape is left out. */
export function readEntries(json) {
  let entries;
  try { entries = JSON.parse(json ?? "[]"); } catch { return []; }
  const all = (span, names, test) => names.every((name) => test(span[name]));
  const isText = (value) => typeof value === "string";
  const whole = (span) => all(span, ["layer", "label", "quote", "note"], isText)
    && all(span, ["start", "end"], Number.isInteger)
    && typeof span.attributes === "object" && span.attributes !== null
    && (span.confidence === null || typeof span.confidence === "number");
  const right = (entry) => entry && Number.isInteger(entry.seq) && ["add", "update", "remove"].includes(entry.op)
    && isText(entry.span?.id) && ID.test(entry.span.id) && (entry.op === "remove" || whole(entry.span));
  return Array.isArray(entries) ? entries.filter(right) : [];
}
