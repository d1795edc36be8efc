/** The lookup that runs while somebody still types, so that pressing the button shows an answer that is there. */

/** @typedef {import('../pkg/bilik.js').Question} Question */
/** @typedef {import('../pkg/bilik.js').Outcome} Outcome */
/** @typedef {import('../pkg/bilik.js').Progress} Progress */
/** @typedef {{ key: string, abort: AbortController, answer: Promise<Outcome>, onProgress?: (progress: Progress) => void }} Lookup */

/** Outcomes that another try may change. */
const PASSING = ['unreachable', 'unverified', 'stale'];

export class Asking {
  #client;
  /** @type {Lookup | undefined} */
  #lookup;

  /** @param {import('./client.js').BilikClient} client */
  constructor(client) {
    this.#client = client;
  }

  /**
   * Starts the lookup, or joins it where the same question is being asked already.
   * @param {Question} question
   * @param {(progress: Progress) => void} [onProgress]
   * @returns {Promise<Outcome>} rejects with `AbortError` when another question took its place
   */
  ask(question, onProgress) {
    const key = JSON.stringify(question);
    if (this.#lookup?.key !== key) {
      this.cancel();
      this.#lookup = this.#begin(key, question);
    }
    this.#lookup.onProgress = onProgress ?? this.#lookup.onProgress;
    return this.#lookup.answer;
  }

  /** Ends what runs and forgets what was answered. */
  cancel() {
    this.#lookup?.abort.abort();
    this.#lookup = undefined;
  }

  /**
   * @param {string} key
   * @param {Question} question
   * @returns {Lookup}
   */
  #begin(key, question) {
    const abort = new AbortController();
    const answer = this.#client.lookup(question, {
      signal: abort.signal,
      onProgress: (progress) => lookup.onProgress?.(progress),
    });
    /** @type {Lookup} */
    const lookup = { key, abort, answer };
    const forget = () => {
      if (this.#lookup === lookup) this.#lookup = undefined;
    };
    answer.then((outcome) => PASSING.includes(outcome.outcome) && forget(), forget);
    return lookup;
  }
}
