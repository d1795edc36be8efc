/**
 * The keys of a search, derived by this worker and further ones side by side. All of them are derived, whatever they open.
 * Without further workers this one derives them all: a worker that cannot be had, is ended by the phone or falls silent costs
 * time and nothing else.
 */
import { LIMITS } from './limits.js';

const KEY_BYTES = 32;
/** Keys that a worker is asked for at a time: while one travels, it derives the next. */
const AHEAD = 2;
/** A key that takes this many times as long as one here is derived here, too. */
const PATIENCE = 4;
const MIN_PATIENCE_MS = 200;

/** Resolves in the next turn of the event loop. A timer would be held back by some milliseconds each time. */
const nextTurn = (() => {
  /** @type {(() => void)[]} */
  const waiting = [];
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = () => waiting.shift()?.();
  return () =>
    /** @type {Promise<void>} */ (
      new Promise((resolve) => {
        waiting.push(resolve);
        port2.postMessage(0);
      })
    );
})();

/** One search. */
class Run {
  id;
  search;
  keys;
  #isDone;
  #next = 0;
  /** Keys that a lost worker was asked for. @type {number[]} */
  #again = [];
  done = 0;
  /** Called when a key has come. */
  wake = () => {};

  /** @param {number} id @param {Uint8Array} search @param {number} count */
  constructor(id, search, count) {
    this.id = id;
    this.search = search;
    this.count = count;
    this.keys = new Uint8Array(count * KEY_BYTES);
    this.#isDone = new Uint8Array(count);
  }

  /** A key that nobody was asked for yet. @returns {number | undefined} */
  take() {
    return this.#again.pop() ?? (this.#next < this.count ? this.#next++ : undefined);
  }

  /** @param {number} index */
  giveBack(index) {
    if (!this.has(index)) this.#again.push(index);
    this.wake();
  }

  /** @param {number} index */
  has(index) {
    return this.#isDone[index] === 1;
  }

  /** @param {number} index @param {Uint8Array} key */
  put(index, key) {
    if (!this.has(index)) {
      this.#isDone[index] = 1;
      this.keys.set(key, index * KEY_BYTES);
      this.done += 1;
    }
    this.wake();
  }
}

/**
 * What another worker was asked for.
 * @typedef {{ run: Run, index: number, since: number }} Asked
 * @typedef {{ port: MessagePort, asked: Asked[] }} Helper
 */

export class DeriverPool {
  #deriver;
  #onLost;
  #onError;
  /** @type {Map<number, Helper>} */
  #helpers = new Map();
  /** @type {Set<Run>} */
  #runs = new Set();
  #lastRun = 0;
  #ownMs = 0;
  #lastTurn = 0;

  /**
   * @param {import('../pkg/bilik.js').KeyDeriver} deriver
   * @param {(id: number) => void} [onLost] a worker has not answered for too long, and is asked for nothing more
   * @param {(error: unknown) => void} [onError] a derivation here failed
   */
  constructor(deriver, onLost = () => {}, onError = () => {}) {
    this.#deriver = deriver;
    this.#onLost = onLost;
    this.#onError = onError;
  }

  /** Another worker, which answers on this port. @param {number} id @param {MessagePort} port */
  add(id, port) {
    /** @type {Helper} */
    const helper = { port, asked: [] };
    port.onmessage = ({ data }) => {
      const at = helper.asked.findIndex(({ run, index }) => run.id === data?.run && index === data.index);
      const [asked] = at < 0 ? [] : helper.asked.splice(at, 1);
      if (data?.key?.length !== KEY_BYTES) return this.drop(id, asked);
      asked?.run.put(data.index, data.key);
      this.#feed();
    };
    this.#helpers.set(id, helper);
    this.#feed();
  }

  /** A worker is gone; what it was asked for is done by the others. @param {number} id @param {Asked} [asked] */
  drop(id, asked) {
    const helper = this.#helpers.get(id);
    if (!helper) return;
    this.#helpers.delete(id);
    helper.port.close();
    for (const { run, index } of [...(asked ? [asked] : []), ...helper.asked]) run.giveBack(index);
    this.#onLost(id);
  }

  #feed() {
    for (const helper of this.#helpers.values()) {
      for (const run of this.#runs) {
        while (helper.asked.length < AHEAD) {
          const index = run.take();
          if (index === undefined) break;
          helper.asked.push({ run, index, since: performance.now() });
          helper.port.postMessage({ run: run.id, search: run.search, index });
        }
      }
    }
  }

  #dropSilent() {
    const now = performance.now();
    // A page that was asleep has not heard workers that were asleep, too.
    const wasAsleep = now - this.#lastTurn > LIMITS.deriver / 2;
    this.#lastTurn = now;
    if (wasAsleep) for (const { asked } of this.#helpers.values()) for (const one of asked) one.since = now;
    const latest = now - LIMITS.deriver;
    for (const [id, { asked }] of this.#helpers) if (asked[0] && asked[0].since < latest) this.drop(id);
  }

  /** A key that somebody else was asked for, and should have given by now. @param {Run} run */
  #overdue(run) {
    const latest = performance.now() - this.#patience;
    for (const { asked } of this.#helpers.values()) {
      const late = asked.find((one) => one.run === run && one.since < latest && !run.has(one.index));
      if (late) return late.index;
    }
    return undefined;
  }

  get #patience() {
    return Math.max(MIN_PATIENCE_MS, PATIENCE * AHEAD * this.#ownMs);
  }

  /**
   * Gives how many keys are derived, and returns all of them in a row.
   * @param {Uint8Array} search
   * @param {number} count
   * @returns {AsyncGenerator<number, Uint8Array>}
   */
  async *derive(search, count) {
    const run = new Run(++this.#lastRun, search, count);
    this.#runs.add(run);
    let told = 0;
    try {
      while (run.done < count) {
        this.#dropSilent();
        this.#feed();
        const index = run.take() ?? this.#overdue(run);
        if (index === undefined) await this.#change(run);
        else {
          const began = performance.now();
          run.put(index, this.#deriver.derive(search, index));
          this.#ownMs = performance.now() - began;
          await nextTurn();
        }
        yield (told = run.done);
      }
      // The last key may have come from another worker just now.
      if (told < count) yield count;
      return run.keys;
    } catch (error) {
      this.#onError(error);
      throw error;
    } finally {
      this.#runs.delete(run);
    }
  }

  /** Until another worker has answered, or should have. @param {Run} run */
  async #change(run) {
    /** @type {ReturnType<typeof setTimeout> | undefined} */
    let timer;
    await new Promise((resolve) => {
      timer = setTimeout(resolve, this.#patience);
      run.wake = () => resolve(undefined);
    });
    clearTimeout(timer);
  }
}

/**
 * Answers another worker's pool.
 * @param {MessagePort} port
 * @param {import('../pkg/bilik.js').KeyDeriver} deriver
 */
export function answerPool(port, deriver) {
  port.onmessage = ({ data: { run, search, index } }) => {
    try {
      port.postMessage({ run, index, key: deriver.derive(search, index) });
    } catch {
      // No memory, most likely: the others go on.
      port.postMessage({ run, index });
      close();
    }
  };
}
