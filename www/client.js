/**
 * The module's interface, wherever the module runs: in a worker, so that no keystroke waits for a derivation; on the
 * page where no worker can be had. Nothing is fetched before the first call.
 */
import { scriptURL } from './trusted.js';

/** @typedef {import('../pkg/bilik.js').BilikOptions} BilikOptions */
/** @typedef {import('../pkg/bilik.js').Question} Question */
/** @typedef {import('../pkg/bilik.js').LookupOptions} LookupOptions */
/** @typedef {import('../pkg/bilik.js').Outcome} Outcome */
/** @typedef {import('../pkg/bilik.js').Prepared} Prepared */
/** @typedef {import('../pkg/bilik.js').Village} Village */
/** @typedef {import('../pkg/bilik.js').Station} Station */
/** @typedef {import('../pkg/bilik.js').Election} Election */
/** @typedef {import('../pkg/bilik.js').Provenance} Provenance */
/** @typedef {{ call(method: string, args: unknown[], options?: LookupOptions): Promise<any>, close(): void }} Engine */
/** @typedef {{ resolve(value: any): void, reject(error: unknown): void, onProgress?: LookupOptions['onProgress'] }} Call */

/** A worker that has not said a word by then is given up: its script is one kilobyte. */
const FIRST_SIGN_OF_LIFE_MS = 8000;

/** @type {string} */
const MODULE = './pkg/bilik.js';

const aborted = () => new DOMException('The lookup was cancelled.', 'AbortError');

/**
 * @param {BilikOptions} options
 * @param {() => void} onEnd
 * @returns {Promise<Engine>}
 */
function inWorker(options, onEnd) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(scriptURL('worker.js'), { type: 'module' });
    /** @type {Map<number, Call>} */
    const calls = new Map();
    let last = 0;
    let ready = false;

    /** @param {string} reason */
    const giveUp = (reason) => {
      clearTimeout(timer);
      worker.terminate();
      const error = new Error(reason);
      reject(error);
      for (const call of calls.values()) call.reject(error);
      calls.clear();
      if (ready) onEnd();
    };
    const timer = setTimeout(() => giveUp('no sign of life'), FIRST_SIGN_OF_LIFE_MS);

    /** @type {Engine['call']} */
    const call = (method, args, { onProgress, signal } = {}) =>
      new Promise((done, failed) => {
        if (signal?.aborted) return failed(aborted());
        const id = ++last;
        calls.set(id, { resolve: done, reject: failed, onProgress });
        signal?.addEventListener('abort', () => {
          if (!calls.delete(id)) return;
          worker.postMessage({ cancel: id });
          failed(aborted());
        });
        worker.postMessage({ id, method, args });
      });

    worker.onerror = (event) => {
      event.preventDefault();
      giveUp(event.message || 'the worker could not be started');
    };
    worker.onmessage = ({ data }) => {
      clearTimeout(timer);
      if (data.alive) return worker.postMessage({ options });
      if (data.failed) return giveUp(data.failed);
      if (data.ready) {
        ready = true;
        return resolve({ call, close: () => giveUp('closed') });
      }
      const waiting = calls.get(data.id);
      if (data.progress) return waiting?.onProgress?.(data.progress);
      calls.delete(data.id);
      if (!data.error) return waiting?.resolve(data.value);
      waiting?.reject(Object.assign(new Error(data.error.message), { name: data.error.name }));
      // A trap leaves the module in an unknown state: the next call gets a fresh one.
      if (data.error.name === 'RuntimeError') giveUp(data.error.message);
    };
  });
}

/**
 * @param {BilikOptions} options
 * @returns {Promise<Engine>}
 */
async function onPage(options) {
  const module = await import(MODULE);
  await module.default();
  const bilik = new module.Bilik(options);
  return {
    call: async (method, args, lookup) => bilik[method](...args, ...(lookup ? [lookup] : [])),
    close: () => bilik.free(),
  };
}

/** Asks the module. Has the same methods as `Bilik` in `pkg/bilik.js`. */
export class BilikClient {
  #options;
  /** @type {Promise<Engine> | undefined} */
  #engine;

  /** @param {BilikOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** One start serves every call; a start that failed, or ended later, is forgotten, so that the next call is a retry. */
  #start() {
    const forget = () => {
      if (this.#engine === started) this.#engine = undefined;
    };
    const started = (this.#engine ??= inWorker(this.#options, forget).catch(() => onPage(this.#options)));
    started.catch(forget);
    return started;
  }

  /**
   * @param {string} method
   * @param {unknown[]} args
   * @param {LookupOptions} [options]
   */
  async #call(method, args, options) {
    return (await this.#start()).call(method, args, options);
  }

  /**
   * Fetches ahead for the digits typed so far (0 to 12).
   * @param {string} digits
   * @returns {Promise<Prepared>}
   */
  prepare(digits) {
    return this.#call('prepare', [digits]);
  }

  /**
   * Rejects with `AbortError` when cancelled.
   * @param {Question} question
   * @param {LookupOptions} [options]
   * @returns {Promise<Outcome>}
   */
  async lookup(question, options = {}) {
    try {
      await this.#start();
    } catch (error) {
      // The module itself did not arrive: to a voter that is the same as data that did not.
      if (!(error instanceof TypeError)) throw error;
      const source = new URL('.', import.meta.url).href;
      return { outcome: 'unreachable', problems: [{ source, file: 'pkg/bilik.js', reason: error.message }] };
    }
    if (options.signal?.aborted) throw aborted();
    return this.#call('lookup', [question], options);
  }

  /**
   * Finds villages by name, in a region or anywhere.
   * @param {string} query
   * @param {string} [within] 2, 4 or 6 digits
   * @returns {Promise<Village[]>}
   */
  villages(query, within) {
    return this.#call('villages', [query, within]);
  }

  /**
   * The public stations of a village.
   * @param {string} village 10 digits
   * @returns {Promise<Station[]>}
   */
  stations(village) {
    return this.#call('stations', [village]);
  }

  /**
   * What the signed head says, and nothing more is fetched.
   * @returns {Promise<{ election: Election, data: Provenance } | Extract<Outcome, { outcome: 'stale' | 'unverified' | 'unreachable' }>>}
   */
  election() {
    return this.#call('election', []);
  }

  /** Ends the worker. A later call starts a new one. */
  close() {
    const engine = this.#engine;
    this.#engine = undefined;
    engine?.then((running) => running.close(), () => {});
  }
}
