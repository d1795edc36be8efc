/**
 * The module's interface, wherever the module runs: in a worker, so that no keystroke waits for a derivation; on the
 * page where no worker can be had. Nothing is fetched before `start` or the first call.
 */
import { reloadModule, startOnPage } from './module.js';
import { Silence, startInWorker } from './module-worker.js';
import { StartError, withViolations } from './start-error.js';

/** After this many workers that ended in silence, the module runs on the page. */
const MAX_LOST_WORKERS = 2;

try {
  void navigator.serviceWorker;
} catch {
  // In a frame without an origin of its own the mere look at it throws; to this app there is none.
  Object.defineProperty(navigator, 'serviceWorker', { value: undefined });
}

const aborted = () => new DOMException('cancelled', 'AbortError');

/** What a call may report to and be cancelled by; it cannot be sent to a worker. @param {unknown[]} args */
function splitOptions(args) {
  const last = args.at(-1);
  const hasOptions = typeof last === 'object' && last !== null && ('onProgress' in last || 'signal' in last);
  return {
    args: hasOptions ? args.slice(0, -1) : args,
    options: /** @type {LookupOptions | undefined} */ (hasOptions ? last : undefined),
  };
}

/** What the page's own files tell of the line, where they came over it. @returns {BilikOptions['line']} */
function measureLine() {
  const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
  if (!page?.transferSize || page.workerStart) return undefined;
  let [bytes, end] = [page.transferSize, page.responseEnd];
  const files = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
  for (const file of files) {
    // What was asked for later came after a pause.
    if (!file.transferSize || file.startTime > (page.domComplete || Infinity)) continue;
    bytes += file.transferSize;
    end = Math.max(end, file.responseEnd);
  }
  return { firstByte: page.responseStart - page.fetchStart, rate: (bytes * 1000) / Math.max(1, end - page.responseStart) };
}

/** Calls the module: any method of `Bilik` in `pkg/`, wherever it runs; those that a first answer needs by their names. */
export class ModuleClient {
  #options;
  /** @type {Promise<Runner> | undefined} */
  #runner;
  /** Those that wait for their answer. @type {Map<number, PendingCall>} */
  #calls = new Map();
  #lastId = 0;
  #lostWorkers = 0;

  /** @param {BilikOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** Starts the module ahead of the first call, which tells why where it cannot run. */
  start() {
    void this.#start();
  }

  /** Any method of it. @type {CallMethod} */
  call = (method, ...given) =>
    new Promise((resolve, reject) => {
      const { args, options } = splitOptions(given);
      const { signal } = options ?? {};
      if (signal?.aborted) return reject(aborted());
      const id = ++this.#lastId;
      this.#calls.set(id, { id, method, args, options, resolve, reject, hasTrapped: false });
      signal?.addEventListener('abort', () => {
        if (!this.#calls.delete(id)) return;
        void this.#runner?.then((runner) => runner.cancel(id)).catch(() => {});
        reject(aborted());
      });
      void this.#send(id);
    });

  /** @param {number} id */
  async #send(id) {
    try {
      const runner = await this.#start();
      const call = this.#calls.get(id);
      if (call) runner.send(call);
    } catch (error) {
      this.#calls.get(id)?.reject(error);
      this.#calls.delete(id);
    }
  }

  /** One start serves every call; a start that failed is forgotten, so that the next call is a retry. */
  #start() {
    const started = (this.#runner ??= this.#newRunner());
    started.catch(() => this.#forget(started));
    return started;
  }

  /** @param {Promise<Runner>} runner */
  #forget(runner) {
    if (this.#runner === runner) this.#runner = undefined;
  }

  async #newRunner() {
    const options = {
      ...this.#options,
      // Read when the module's file has come, which is the largest of these.
      get line() {
        return measureLine();
      },
    };
    /** @type {RunnerListener} */
    const listener = {
      settle: (answer) => this.#settle(answer),
      report: (id, progress) => this.#calls.get(id)?.options?.onProgress?.(progress),
      isBusy: () => this.#calls.size > 0,
      onLost: () => {
        this.#lostWorkers += 1;
        this.#restart();
      },
      onTrap: (isMemory) => this.#trapped(isMemory),
    };
    while (this.#lostWorkers < MAX_LOST_WORKERS) {
      try {
        return await startInWorker(options, listener);
      } catch (error) {
        if (error instanceof StartError) throw error;
        this.#lostWorkers += error instanceof Silence ? 1 : MAX_LOST_WORKERS;
      }
    }
    return startOnPage(options, listener);
  }

  /** What waits goes on in a new runner. */
  #restart() {
    void this.#runner?.then((runner) => runner.end()).catch(() => {});
    this.#runner = undefined;
    for (const id of this.#calls.keys()) void this.#send(id);
  }

  /** @param {CallAnswer} answer */
  #settle({ id, value, error }) {
    const call = this.#calls.get(id);
    this.#calls.delete(id);
    if (error) call?.reject(Object.assign(new Error(), error));
    else call?.resolve(value);
  }

  /** The module broke down: for want of memory, or over a damaged copy of it, so that another copy is worth a try. @param {boolean} isMemory */
  #trapped(isMemory) {
    for (const [id, call] of this.#calls) {
      if (isMemory) call.reject(new StartError('out_of_memory'));
      else if (call.hasTrapped) call.reject(new Error('the module broke down'));
      if (isMemory || call.hasTrapped) this.#calls.delete(id);
      call.hasTrapped = true;
    }
    if (!isMemory) reloadModule();
    this.#restart();
  }

  /** @type {Bilik['prepare']} */
  prepare = (digits, name) => this.call('prepare', digits, name);
  /** @type {Bilik['villages']} */
  villages = (query, within) => this.call('villages', query, within);

  /** To a voter, a module that did not arrive is the same as data that did not. @type {(...args: Parameters<Bilik['lookup']>) => Promise<Answer>} */
  async lookup(question, options) {
    try {
      return withViolations(await this.call('lookup', question, options));
    } catch (error) {
      if (error instanceof StartError) return withViolations(error.outcome);
      throw error;
    }
  }
}
