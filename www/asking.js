/** The lookup that runs while somebody still types, so that pressing the button shows an answer that is there. */

/** Outcomes that another try may change. */
const PASSING = ['unreachable', 'unverified', 'stale'];

export class Asking {
  #client;
  #key = '';
  #abort = new AbortController();
  /** @type {Promise<Outcome> | undefined} */
  #answer;
  /** @type {LookupOptions['onProgress']} */
  #onProgress;

  /** @param {Client} client */
  constructor(client) {
    this.#client = client;
  }

  /**
   * Starts the lookup, or joins it where the same question is being asked already. Rejects with `AbortError` when
   * another question takes its place.
   * @param {Question} question
   * @param {LookupOptions['onProgress']} [onProgress]
   */
  ask(question, onProgress) {
    const key = JSON.stringify(question);
    if (this.#key !== key) this.cancel();
    this.#onProgress = onProgress;
    this.#key = key;
    return (this.#answer ??= this.#begin(question));
  }

  /** Ends what runs and forgets what was answered. */
  cancel() {
    this.#abort.abort();
    this.#key = '';
    this.#answer = undefined;
  }

  /** @param {Question} question */
  #begin(question) {
    const { signal } = (this.#abort = new AbortController());
    const answer = this.#client.lookup(question, { signal, onProgress: (progress) => this.#onProgress?.(progress) });
    const forget = () => {
      if (this.#answer === answer) this.#answer = undefined;
    };
    answer.then(({ outcome }) => PASSING.includes(outcome) && forget(), forget);
    return answer;
  }
}
