/**
 * The module's interface, wherever the module runs: in a worker, so that no keystroke waits for a derivation; on the
 * page where no worker can be had. Nothing is fetched before the first call.
 */
/** A worker that has not said a word by then is given up: its script is one kilobyte. */
const FIRST_SIGN_OF_LIFE_MS = 8000;

try {
  void navigator.serviceWorker;
} catch {
  // In a frame without an origin of its own the mere look at it throws; to this app there is none.
  Object.defineProperty(navigator, 'serviceWorker', { value: undefined });
}

/** @param {string} url */
const createScriptURL = (url) => url;
const plain = { createScriptURL };
/** Under Trusted Types a page allows this policy and no other. @type {typeof plain} */
const policy =
  /** @type {any} */ (globalThis).trustedTypes?.createPolicy('bilik', plain) ?? plain;

/** The address of a script of this app, which the page allows to run. @param {string} file */
export const ownScript = (file) => policy.createScriptURL(beside(file));

/** The address of a file that lies beside this one. @param {string} file */
const beside = (file) => new URL(file, import.meta.url).href;

const MODULE = beside('pkg/bilik.js');

const aborted = () => new DOMException('cancelled', 'AbortError');

/**
 * A worker from a Blob is bound by the page's policy; one from an address only by headers, which not every host sends.
 * @type {(options: BilikOptions, onEnd: () => void) => Promise<Engine>}
 */
async function inWorker(options, onEnd) {
  const script = await (await fetch(beside('worker.js'), { credentials: 'omit' })).blob();
  return new Promise((resolve, reject) => {
    const worker = new Worker(policy.createScriptURL(URL.createObjectURL(script)), { type: 'module' });
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
      for (const call of calls.values()) call.failed(error);
      calls.clear();
      if (ready) onEnd();
    };
    const timer = setTimeout(() => giveUp('no sign of life'), FIRST_SIGN_OF_LIFE_MS);

    /** @type {Engine['call']} */
    const call = (method, args, { onProgress, signal } = {}) =>
      new Promise((done, failed) => {
        if (signal?.aborted) return failed(aborted());
        const id = ++last;
        calls.set(id, { done, failed, onProgress });
        signal?.addEventListener('abort', () => {
          if (!calls.delete(id)) return;
          worker.postMessage({ cancel: id });
          failed(aborted());
        });
        worker.postMessage({ id, method, args });
      });

    // Where modules are unknown to workers, or a policy forbids them, this comes late and not as an exception.
    worker.onerror = (event) => {
      event.preventDefault();
      giveUp(event.message);
    };
    worker.onmessage = ({ data }) => {
      // The module may take long on a slow line, yet not where it is kept on the device: there this worker cannot reach it.
      if (!data.alive || navigator.serviceWorker?.controller?.scriptURL !== beside('sw.js')) clearTimeout(timer);
      if (data.alive) return worker.postMessage({ options, module: MODULE });
      if (data.failed) return giveUp(data.failed);
      if (data.ready) {
        ready = true;
        return resolve({ call });
      }
      const waiting = calls.get(data.id);
      if (data.progress) return waiting?.onProgress?.(data.progress);
      calls.delete(data.id);
      if (!data.error) return waiting?.done(data.value);
      waiting?.failed(Object.assign(new Error(), data.error));
      // A trap leaves the module in an unknown state: the next call gets a fresh one.
      if (data.error.name === 'RuntimeError') giveUp(data.error.message);
    };
  });
}

let address = MODULE;
let failures = 0;

/** @type {(options: BilikOptions) => Promise<Engine>} */
async function onPage(options) {
  const module = await import(address).catch((error) => {
    // A page remembers an import that failed by its address: the next one needs another.
    address = `${MODULE}#${++failures}`;
    throw error;
  });
  await module.default();
  const bilik = new module.Bilik(options);
  return { call: async (method, args, lookup) => bilik[method](...args, lookup) };
}

/** What the page's own files tell of the line, where they came over it. @returns {BilikOptions['line']} */
function line() {
  const [page] =
    /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
  if (!page?.transferSize || page.workerStart) return undefined;
  let [bytes, end] = [page.transferSize, page.responseEnd];
  const files =
    /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
  for (const file of files) {
    if (!file.transferSize || file.responseEnd > page.domComplete) continue;
    bytes += file.transferSize;
    end = Math.max(end, file.responseEnd);
  }
  return { firstByte: page.responseStart - page.fetchStart, rate: (bytes * 1000) / Math.max(1, end - page.responseStart) };
}

/** A start that takes longer hangs on a host that is silent: the next call tries anew. */
const LONGEST_START_MS = 40_000;
const hangs = () =>
  new Promise((_, failed) => setTimeout(() => failed(new TypeError('the module did not arrive')), LONGEST_START_MS));

/** @type {typeof inWorker} */
const begin = (options, onEnd) => Promise.race([inWorker(options, onEnd).catch(() => onPage(options)), hangs()]);

/** Asks the module: the methods of `Bilik` in `pkg/` that the page needs. */
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
    const started = (this.#engine ??= begin({ ...this.#options, line: line() }, forget));
    started.catch(forget);
    return started;
  }

  /** Any method of it. @type {Engine['call']} */
  call = async (...call) => (await this.#start()).call(...call);
  /** @type {Bilik['prepare']} */
  prepare = (digits) => this.call('prepare', [digits]);
  /** @type {Bilik['villages']} */
  villages = (query, within) => this.call('villages', [query, within]);
  /** @type {Bilik['stations']} */
  stations = (village) => this.call('stations', [village]);

  /** @type {Bilik['lookup']} */
  async lookup(question, options) {
    try {
      await this.#start();
    } catch (error) {
      // To a voter, a module that did not arrive is the same as data that did not.
      if (!(error instanceof TypeError)) throw error;
      return { outcome: 'unreachable', problems: [{ source: beside('.'), file: 'pkg/bilik.js', reason: error.message }] };
    }
    return this.call('lookup', [question], options ?? {});
  }
}
