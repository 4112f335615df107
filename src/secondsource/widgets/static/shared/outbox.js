// Saving: a change is written to the browser's log, then sent, and sent again until an answer comes.
//
// Only an answer of the kernel may end the waiting. The page shows a change at once; it is sent when the browser's log has
// it, or after `timing.write` milliseconds when the log does not say so (a broken disk must not stop the saving).

import { Journal, Presence } from "./journal.js";
import { Kernel } from "./kernel.js";

const pause = (milliseconds) => new Promise((resolve) => { setTimeout(resolve, milliseconds); });

/**
 * Sends changes, remembers them until they are acknowledged, sends them again when no answer comes.
 *
 * It knows nothing of what is changed. `content` does:
 *  - `read(message)`: the document in a "state" message;
 *  - `copy(state)`: the same document, which `apply` may then alter;
 *  - `apply(state, change)`: the document with a change, made in place;
 *  - `truth(ack)`: changes that make a document hold what the file now holds of all that was touched;
 *  - `agrees(change, truths)`: whether that is just what was sent;
 *  - `about(change)`: the id of what it is about;
 *  - `write(state)`: a document as a "state" message holds it;
 *  - `fits(entry)`: whether an entry from browser memory has the shape of a change.
 */
export class Outbox {
  /** What the student sees: what is on disk with the changes on top that are not acknowledged yet. Never to be altered. */ state;
  /** Changes without an answer, by number, oldest first. @type {Map<number, Entry>} */ pending = new Map();
  revision = 0;
  savedAt = null;
  /** Why the kernel could not save. @type {string|null} */ failure = null;
  late = false;
  /** @type {Entry[]} */ refused = [];
  #model; #head; #timing; #hooks; #content; #journal; #presence = new Presence(); #kernel; #abort = new AbortController();
  #timer = 0; #delay = 0; #silent = 0; #next = 1;
  /** Number of the newest change that may be sent. */ #released = 0;
  /** What is on disk. */ #base;
  /** Whether the kernel answered our hello; whether it said anything since we last lost patience. */ #greeted = false; #spoke = false;
  #arrived = {}; #looked = false;

  /**
   * @typedef {{changes: Change[], clients: string[], here: boolean}} Earlier  what views that are gone left behind;
   *   `here`: views of this very page, which nobody has left since
   * @param {{changed: (changes: Change[]|null) => void, refused: (seq: number|null, message: string) => void,
   *   readonly: (reason: any) => void, notice: (text?: string) => void, earlier: (left: Earlier) => void}} hooks `changed` says
   *   what became of the state: these changes in this order (none: only what is said about saving), or null for anything
   */
  constructor(model, { exercise, article, client }, timing, hooks, content) {
    this.#model = model;
    this.#head = { exercise, article: article.sha256, client };
    this.#timing = { waiting: 3000, resend: 3000, write: 250, ...timing };
    this.#hooks = hooks;
    this.#content = content;
    this.#presence.own(client);
    this.#journal = new Journal(this.#head, this.pending);
    this.#kernel = new Kernel(model, () => this.#reconsider());
    const { signal } = this.#abort;
    window.addEventListener("online", () => this.#nudge(true), { signal });
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.#nudge(false); }, { signal });
  }

  /** What there is to say about saving; see `chipState`. */
  get news() {
    const { failure, late, savedAt, revision } = this;
    const { gone } = this.#kernel;
    const cut = this.#kernel.cut || (late && navigator.onLine === false);
    return { failure, late, savedAt, revision, gone, cut, kept: this.#journal.kept, pending: this.pending.size };
  }

  hello() {
    this.#post({ type: "hello", ...this.#head, last_acked: this.#settled });
    this.#watch();
  }

  /** @returns {number} the sequence number of the change */
  push(change) {
    const entry = { ...change, seq: this.#next };
    this.#next += 1;
    this.pending.set(entry.seq, entry);
    this.state = this.#content.apply(this.state, change);
    const written = this.#journal.append(entry);
    if (this.#timing.write) Promise.race([written, pause(this.#timing.write)]).then(() => this.#release(entry.seq));
    else this.#release(entry.seq);
    if (this.pending.size === 1) {
      this.#patience();
      this.#spoke = false;
    }
    this.#watch();
    return entry.seq;
  }

  /** The snapshot a view starts from, and every later "state" message. */
  adopt(message) {
    this.#base = this.#content.read(message);
    this.revision = message.rev;
    this.savedAt = message.saved_at;
    this.#arrived = message.seq_by_client ?? {};
    const mine = this.#arrived[this.#head.client] ?? 0;
    this.#next = Math.max(this.#next, mine + 1);
    this.#released = Math.max(this.#released, mine);
    this.#settle([...this.pending.keys()].filter((seq) => seq <= mine));
    this.#rebuild();
  }

  receive(message) {
    const mine = message.client === this.#head.client;
    let changes = null;
    this.#kernel.heard();
    this.#spoke = true;
    if (message.type === "ack") changes = this.#acknowledged(message, mine);
    else if (message.type === "state" && (mine || message.client === null)) {
      if (!this.refused.length) this.failure = null;
      this.adopt(message);
      this.#hooks.readonly(message.readonly ?? null);
      this.#hooks.notice(message.notice);
      if (mine) this.#welcomed();
    } else if (message.type === "resend" && mine) {
      this.#resend(message.after);
      changes = [];
    } else if (message.type === "refused" && mine) changes = this.#rejected(message);
    else return;
    this.#watch();
    this.#hooks.changed(changes);
  }

  /** The student's own second try: refused changes were taken back, so the caller makes them anew. */
  again() {
    const refused = this.refused;
    this.refused = [];
    this.failure = null;
    this.#patience();
    this.#kernel.revive();
    this.#resend();
    this.#watch();
    return refused;
  }

  /** The page may be gone in a moment: write and send without waiting for anything. */
  hurry() {
    this.#journal.hurry();
    this.#release(this.#next - 1);
  }

  stop() {
    this.hurry();
    this.#handOn();
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#abort.abort();
    this.#kernel.stop();
    this.#journal.close();
    this.#presence.release();
  }

  /** A later view of this model, which begins while Python is busy, is to know what this one knows; Python is not asked. */
  #handOn() {
    if (!this.#base) return;
    try {
      const now = { ...this.#content.write(this.#base), rev: this.revision, saved_at: this.savedAt };
      this.#model.set("_state", { ...this.#model.get("_state"), ...now });
    } catch { /* the model is gone as well */ }
  }

  /** @param {string[]} clients whose changes were restored, or are not wanted */
  discard(clients) { this.#journal.discard(clients); }

  // ---- sending

  /** Everything up to this number has its answer. */
  get #settled() { return (this.pending.keys().next().value ?? this.#next) - 1; }

  #release(seq) {
    if (seq <= this.#released) return;
    const after = this.#released;
    this.#released = seq;
    this.#resend(this.failure ? 0 : after); // after a refusal that may pass, the older changes go first
  }

  #resend(after = 0, most = Infinity) {
    let count = 0;
    for (const entry of this.pending.values()) {
      if (entry.seq <= after) continue;
      if (entry.seq > this.#released || count === most) return;
      this.#post({ ...entry, type: "op", ...this.#head, last_acked: this.#settled });
      count += 1;
    }
  }

  #post(message) {
    try {
      this.#model.send(message);
    } catch {
      if (!this.#kernel.gone) queueMicrotask(() => this.#hooks.changed([]));
      this.#kernel.gone = true;
    }
  }

  /** While something has no answer: turn amber after a while, send again, each time a little more patiently. */
  #watch() {
    if (this.#timer === null) return; // stopped
    if (this.#greeted && !this.pending.size) this.#patience();
    else if (!this.#timer) this.#timer = setTimeout(() => this.#impatient(), this.#delay || this.#timing.waiting);
  }

  /** Whatever was waited for, from now on it is something new. */
  #patience() {
    clearTimeout(this.#timer);
    this.#timer = this.#timer === null ? null : 0;
    this.#delay = 0;
    this.late = false;
  }

  /** A kernel that says nothing is busy, most likely: one message tells when it is back. One that spoke has missed the rest. */
  #impatient() {
    this.#timer = 0;
    this.#silent = this.late && !this.#spoke ? this.#silent + 1 : 0;
    this.#kernel.revive(this.#silent);
    this.late = this.pending.size > 0;
    if (!this.#greeted) this.hello();
    this.#resend(0, this.#spoke ? Infinity : 1);
    this.#spoke = false;
    this.#delay = Math.min(this.#delay + this.#timing.resend, this.#timing.resend * 8);
    this.#watch();
    this.#hooks.changed([]);
  }

  /** The page is back on the net, or in front. */
  #nudge(online) {
    this.#kernel.revive(Number(online && this.pending.size > 0), online);
    if (!this.#greeted) this.hello();
    this.#resend(0, 1);
  }

  /** The notebook program has news of the kernel: ask it for the newest state, which answers what is doubtful too. */
  #reconsider() {
    if (!this.#kernel.cut && !this.#kernel.over) this.hello();
    this.#hooks.changed([]);
  }

  // ---- answers

  #settle(seqs) {
    seqs.forEach((seq) => this.pending.delete(seq));
    this.#journal.settle(seqs);
  }

  #rebuild() {
    this.state = [...this.pending.values()].reduce(this.#content.apply, this.#content.copy(this.#base));
  }

  #welcomed() {
    this.#greeted = true;
    this.#resend();
    if (!this.#looked) this.#lookBack();
    this.#looked = true;
  }

  /** The state is not built anew: mostly it shows the change already. @returns {Change[]|null} as in the hook `changed` */
  #acknowledged(message, mine) {
    const truths = this.#content.truth(message); // what the file holds now, which is not always what was sent
    const sent = mine ? this.pending.get(message.seq) : undefined;
    this.#base = truths.reduce(this.#content.apply, this.#base);
    const missed = this.revision > 0 && message.rev > this.revision + 1;
    this.revision = Math.max(this.revision, message.rev);
    this.savedAt = message.saved_at ?? this.savedAt;
    if (mine) {
      this.#settle([message.seq]);
      this.refused = this.refused.filter((entry) => this.#content.about(entry) !== this.#content.about(message));
      if (!this.refused.length) this.failure = null; // else something that is seen is still not saved
      this.#patience();
    }
    if (missed) this.hello(); // what others changed in between was told, and lost on the way
    if (sent && this.#content.agrees(sent, truths)) return [];
    if (this.pending.size) this.#rebuild();
    else this.state = truths.reduce(this.#content.apply, this.state);
    return this.pending.size ? null : truths;
  }

  /** With `retry` (the disk is full) the change stays, and is sent again; without, it can never be saved and is taken back.
   * @returns {Change[]|null} as in the hook `changed` */
  #rejected({ seq, message, retry = false }) {
    const entry = this.pending.get(seq);
    if (!entry) return [];
    const news = this.failure !== message;
    this.failure = message;
    if (retry) {
      if (news) this.#hooks.refused(null, message);
      return [];
    }
    this.#settle([seq]);
    this.#rebuild();
    this.refused.push(entry);
    this.#hooks.refused(seq, message);
    return null;
  }

  /**
   * What views that are gone left behind and the file does not have, once the kernel has said what it has: it may have
   * been busy with those very changes. Views that live keep theirs.
   */
  async #lookBack() {
    const groups = [{ changes: [], clients: [], here: true }, { changes: [], clients: [], here: false }];
    const left = [...await this.#journal.left(this.#content.fits)];
    const claimed = await Promise.all(left.map(([client]) => this.#presence.claim(client)));
    for (const [client, { entries, here }] of left.filter((_, index) => claimed[index])) {
      const open = entries.filter(({ seq }) => seq > (this.#arrived[client] ?? 0)).map(({ seq, ...change }) => change);
      if (!open.length) this.discard([client]);
      groups[here ? 0 : 1].changes.push(...open);
      groups[here ? 0 : 1].clients.push(client);
    }
    if (this.#timer !== null) groups.filter(({ changes }) => changes.length).forEach((group) => this.#hooks.earlier(group));
  }
}
