// The browser's own log of changes that have no answer yet: in IndexedDB, else in localStorage, else on the page alone.

import { isName, memory, parsed, readEntries } from "./storage.js";

const DATABASE = "secondsource";
const ENTRIES = "entries";
/** A database answers within a few milliseconds. After so many, changes are written elsewhere. */
const PATIENCE = 1500;
/** What earlier visits left there is waited for as long as this: nobody is in a hurry for it. */
const READING = 15_000;

const inTime = (promise, patience = PATIENCE) => {
  let timer;
  const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("no answer")), patience); });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
};

const openDatabase = () => new Promise((resolve, reject) => {
  const opening = indexedDB.open(DATABASE, 1); // where there is none, this throws, which rejects
  opening.onupgradeneeded = () => opening.result.createObjectStore(ENTRIES, { keyPath: ["exercise", "article", "client", "seq"] });
  opening.onsuccess = () => resolve(opening.result);
  opening.onerror = () => reject(opening.error);
  opening.onblocked = () => reject(new Error("blocked"));
});

/** @returns {Promise<any>} what `work` asked for, once it is written */
const transact = (database, mode, work, patience) => inTime(new Promise((resolve, reject) => {
  const transaction = database.transaction(ENTRIES, mode);
  const asked = work(transaction.objectStore(ENTRIES));
  transaction.oncomplete = () => resolve(asked?.result);
  transaction.onabort = () => reject(transaction.error);
  transaction.onerror = () => reject(transaction.error);
}), patience);

/** Every entry under the first parts of its key. An array sorts after every text and number. */
const under = (...parts) => IDBKeyRange.bound(parts, [...parts, []]);

/** @typedef {{entries: Entry[], here: boolean}} Left  entries of one client; `here`: a view of this very page wrote them */

/**
 * The log of one view. Each change is a record of its own, written once and removed once.
 *
 * What cannot be written to the database goes to localStorage, and from then on everything does; what does not fit there
 * either stays on the page, and `kept` says so. What the database has is still read and removed, as far as it lets us: a
 * slow one may have taken what it did not answer for.
 */
export class Journal {
  #head; #pending; #opening; #ready; #db = null; #failed = false; #prefix; #next = null;
  #put = new Map(); #gone = new Set(); #unwritten = new Map(); #copied = new Set(); #unkept = new Set();

  /** @param {{exercise: string, article: string, client: string}} head @param {Map<number, Entry>} pending all without an answer */
  constructor(head, pending) {
    this.#head = head;
    this.#pending = pending;
    this.#prefix = `secondsource:${head.exercise}:${head.article}:`;
    this.#opening = openDatabase().then((db) => {
      this.#db = db;
      db.onclose = () => this.#part();
      db.onversionchange = () => this.#part();
    });
    this.#ready = inTime(this.#opening).catch(() => { this.#failed = true; });
  }

  /** Whether every change would outlive this page. */
  get kept() { return !this.#unkept.size; }

  /** @returns {Promise<void>} done when the change is written, or cannot be */
  append(entry) {
    const record = this.#record(entry);
    this.#put.set(entry.seq, record);
    this.#unwritten.set(entry.seq, record);
    return this.#soon();
  }

  /** @param {number[]} seqs changes that have their answer */
  settle(seqs) {
    for (const seq of seqs) {
      this.#unwritten.delete(seq);
      this.#unkept.delete(seq);
      if (this.#copied.delete(seq)) memory.remove(this.#key(seq));
      if (!this.#put.delete(seq)) this.#gone.add(seq);
    }
    if (this.#gone.size) this.#soon();
  }

  /** The page may be gone in a moment: what is not written yet goes where writing does not wait. */
  hurry() { for (const record of this.#unwritten.values()) this.#copy(record); }

  close() { this.#soon().then(() => this.#opening).then(() => this.#db?.close(), () => {}); }

  /** Entries of other views of this exercise and text. @param {(change: any) => boolean} fits @returns {Promise<Map<string, Left>>} */
  async left(fits) {
    const records = [...await this.#stored(), ...this.#copies()];
    const clients = [...new Set(records.map(({ client }) => client))].filter((client) => isName(client) && client !== this.#head.client);
    return new Map(clients.map((client) => {
      const own = records.filter((record) => record.client === client);
      return [client, { entries: readEntries(own.map(({ entry }) => entry), fits), here: own.every(({ page }) => page === performance.timeOrigin) }];
    }));
  }

  /** @param {string[]} clients whose entries are not needed any more */
  discard(clients) {
    const { exercise, article } = this.#head;
    const mine = (key) => clients.some((client) => key === this.#prefix + client || key.startsWith(`${this.#prefix}${client}:`));
    memory.keys(this.#prefix).filter(mine).forEach(memory.remove);
    this.#remove(clients.map((client) => under(exercise, article, client)));
  }

  #record(entry) { return { ...this.#head, seq: entry.seq, page: performance.timeOrigin, entry }; }

  #key(seq) { return `${this.#prefix}${this.#head.client}:${seq}`; }

  /** Whatever gathers until then is one transaction. */
  #soon() {
    this.#next ??= this.#ready.then(() => {
      this.#next = null;
      return this.#write();
    });
    return this.#next;
  }

  async #write() {
    const [put, gone] = [[...this.#put.values()], [...this.#gone]];
    this.#put.clear();
    this.#gone.clear();
    const keys = gone.map((seq) => Object.values({ ...this.#head, seq }));
    if (this.#db && !this.#failed) {
      try {
        await transact(this.#db, "readwrite", (store) => {
          for (const record of put) store.put(record);
          for (const key of keys) store.delete(key);
        });
        for (const { seq } of put) this.#unwritten.delete(seq);
        return;
      } catch {
        this.#giveUp();
      }
    }
    for (const record of put) if (this.#pending.has(record.seq)) this.#copy(record);
    this.#remove(keys);
  }

  /** Nobody waits for it. What it does not take away is offered once more, which does no harm. */
  #remove(keys) {
    const remove = (store) => { for (const key of keys) store.delete(key); };
    if (keys.length) this.#opening.then(() => this.#db && transact(this.#db, "readwrite", remove)).catch(() => {});
  }

  /** The database was taken away, or somebody else needs it. */
  #part() {
    this.#db?.close();
    this.#db = null;
    this.#giveUp();
  }

  /** The database is full, gone, broken or slow. */
  #giveUp() {
    this.#failed = true;
    for (const entry of this.#pending.values()) this.#copy(this.#record(entry));
  }

  #copy(record) {
    this.#unwritten.delete(record.seq);
    if (memory.set(this.#key(record.seq), JSON.stringify(record))) {
      this.#copied.add(record.seq);
      this.#unkept.delete(record.seq);
    } else this.#unkept.add(record.seq);
  }

  async #stored() {
    const { exercise, article } = this.#head;
    await inTime(this.#opening, READING).catch(() => {});
    if (!this.#db) return [];
    return transact(this.#db, "readonly", (store) => store.getAll(under(exercise, article)), READING).catch(() => []);
  }

  /** Records in localStorage, and the lists that earlier versions wrote there: one for each client. */
  #copies() {
    return memory.keys(this.#prefix).flatMap((key) => {
      const client = key.slice(this.#prefix.length).split(":")[0];
      const found = parsed(memory.get(key));
      if (Array.isArray(found)) return found.map((entry) => ({ client, entry }));
      return found && typeof found === "object" ? [{ client, page: found.page, entry: found.entry }] : [];
    });
  }
}

/** How long views without locks, in tabs that may be in the background, are given to say that they live. */
const ANSWER = 3000;

/**
 * Which views are alive, in this tab or any other: each holds a lock under its name for as long as it lives, and the
 * browser frees it when the page is gone, however it went. Without locks (an address that is neither HTTPS nor this
 * computer) views ask one another.
 */
export class Presence {
  #over = false; #releases = []; #names = new Set(); #channel = null;

  constructor() {
    try { this.#channel = new BroadcastChannel("secondsource"); } catch { return; }
    this.#channel.onmessage = ({ data }) => { if (this.#names.has(data?.ask)) this.#channel.postMessage({ here: data.ask }); };
  }

  /** Take one's own name: nobody else has it, and whoever asks from now on is to hear so. */
  own(name) {
    this.#names.add(name);
    if (globalThis.navigator?.locks) this.claim(name);
  }

  /** Take the name of a view that is gone. @returns {Promise<boolean>} false: somebody has it */
  claim(name) {
    if (!globalThis.navigator?.locks) return this.#ask(name);
    return new Promise((resolve) => {
      navigator.locks.request(`secondsource:${name}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null && !this.#over);
        // Granted after we are gone, nobody would ever free it.
        return lock && !this.#over && new Promise((release) => { this.#releases.push(release); });
      }).catch(() => resolve(this.#ask(name)));
    });
  }

  release() {
    this.#over = true;
    this.#releases.forEach((release) => release());
    this.#names.clear();
    this.#channel?.close();
    this.#channel = null;
  }

  #ask(name) {
    return new Promise((resolve) => {
      if (!this.#channel) { resolve(!document.querySelector(`[data-client="${CSS.escape(name)}"]`)); return; }
      const done = (free) => {
        clearTimeout(timer);
        this.#channel?.removeEventListener("message", heard);
        if (free) this.#names.add(name);
        resolve(free);
      };
      const heard = ({ data }) => { if (data?.here === name) done(false); };
      const timer = setTimeout(() => done(true), ANSWER);
      this.#channel.addEventListener("message", heard);
      this.#channel.postMessage({ ask: name });
    });
  }
}
