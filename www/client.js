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
const plain = /** @type {any} */ ({ createScriptURL });

/** Under Trusted Types a page allows this policy and no other, once; a page of somebody else may allow none. */
function createPolicy() {
  try {
    return /** @type {any} */ (globalThis).trustedTypes?.createPolicy('bilik', plain) ?? plain;
  } catch {
    return plain;
  }
}
/** @type {{ createScriptURL(url: string): string }} */
const policy = createPolicy();

/** The address of a file that lies beside this one. @param {string} file */
export const assetUrl = (file) => new URL(file, import.meta.url).href;

/** The address of a script of this app, which the page allows to run. @param {string} file */
export const scriptUrl = (file) => policy.createScriptURL(assetUrl(file));

const MODULE = assetUrl('pkg/bilik.js');

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

/**
 * A worker from a Blob is bound by the page's policy; one from an address only by headers, which not every host sends.
 * @type {(options: BilikOptions, onEnd: () => void) => Promise<CallMethod>}
 */
async function inWorker(options, onEnd) {
  const script = await (await fetch(assetUrl('worker.js'), { credentials: 'omit' })).blob();
  return new Promise((resolve, reject) => {
    const worker = new Worker(policy.createScriptURL(URL.createObjectURL(script)), { type: 'module' });
    /** @type {Map<number, PendingCall>} */
    const calls = new Map();
    let lastId = 0;
    let isReady = false;

    /** @param {ToWorker} message */
    const send = (message) => worker.postMessage(message);

    /** @param {string} reason */
    const giveUp = (reason) => {
      clearTimeout(timer);
      worker.terminate();
      const error = new Error(reason);
      reject(error);
      for (const call of calls.values()) call.reject(error);
      calls.clear();
      if (isReady) onEnd();
    };
    const timer = setTimeout(() => giveUp('no sign of life'), FIRST_SIGN_OF_LIFE_MS);

    /** @type {CallMethod} */
    const call = (method, ...given) =>
      new Promise((resolve, reject) => {
        const { args, options } = splitOptions(given);
        const { signal, onProgress } = options ?? {};
        if (signal?.aborted) return reject(aborted());
        const id = ++lastId;
        calls.set(id, { resolve, reject, onProgress });
        signal?.addEventListener('abort', () => {
          if (!calls.delete(id)) return;
          send({ cancel: id });
          reject(aborted());
        });
        send({ id, method, args, takesOptions: !!options });
      });

    // Where modules are unknown to workers, or a policy forbids them, this comes late and not as an exception.
    worker.onerror = (event) => {
      event.preventDefault();
      giveUp(event.message);
    };
    /** @param {MessageEvent<FromWorker>} event */
    worker.onmessage = ({ data }) => {
      if ('state' in data) {
        // The module may take long on a slow line, yet not where it is kept on the device: there this worker cannot reach it.
        const isKept = navigator.serviceWorker?.controller?.scriptURL === assetUrl('sw.js');
        if (data.state !== 'alive' || !isKept) clearTimeout(timer);
        if (data.state === 'alive') return send({ options, module: MODULE });
        if (data.state === 'failed') return giveUp(data.reason);
        isReady = true;
        return resolve(call);
      }
      const waiting = calls.get(data.id);
      if (data.progress) return waiting?.onProgress?.(data.progress);
      calls.delete(data.id);
      if (!data.error) return waiting?.resolve(data.value);
      waiting?.reject(Object.assign(new Error(), data.error));
      // A trap leaves the module in an unknown state: the next call gets a fresh one.
      if (data.error.name === 'RuntimeError') giveUp(data.error.message);
    };
  });
}

let address = MODULE;
let failures = 0;

/** @type {(options: BilikOptions) => Promise<CallMethod>} */
async function onPage(options) {
  /** @type {typeof import('../pkg/bilik.js')} */
  const module = await import(address).catch((error) => {
    // A page remembers an import that failed by its address: the next one needs another.
    address = `${MODULE}#${++failures}`;
    throw error;
  });
  await module.default();
  /** @type {any} */
  const bilik = new module.Bilik(options);
  return async (method, ...args) => bilik[method](...args);
}

/** What the page's own files tell of the line, where they came over it. @returns {BilikOptions['line']} */
function measureLine() {
  const [page] = /** @type {PerformanceNavigationTiming[]} */ (performance.getEntriesByType('navigation'));
  if (!page?.transferSize || page.workerStart) return undefined;
  let [bytes, end] = [page.transferSize, page.responseEnd];
  const files = /** @type {PerformanceResourceTiming[]} */ (performance.getEntriesByType('resource'));
  for (const file of files) {
    if (!file.transferSize || file.responseEnd > page.domComplete) continue;
    bytes += file.transferSize;
    end = Math.max(end, file.responseEnd);
  }
  return { firstByte: page.responseStart - page.fetchStart, rate: (bytes * 1000) / Math.max(1, end - page.responseStart) };
}

/** A start that takes longer hangs on a host that is silent: the next call tries anew. */
const MAX_START_MS = 40_000;
const startTimeout = () =>
  new Promise((_, failed) => setTimeout(() => failed(new TypeError('the module did not arrive')), MAX_START_MS));

/** @type {typeof inWorker} */
const start = (options, onEnd) => Promise.race([inWorker(options, onEnd).catch(() => onPage(options)), startTimeout()]);

/** Calls the module: the methods of `Bilik` in `pkg/`, wherever it runs. */
export class BilikClient {
  #options;
  /** @type {Promise<CallMethod> | undefined} */
  #started;

  /** @param {BilikOptions} options */
  constructor(options) {
    this.#options = options;
  }

  /** One start serves every call; a start that failed, or ended later, is forgotten, so that the next call is a retry. */
  #start() {
    const forget = () => {
      if (this.#started === started) this.#started = undefined;
    };
    const started = (this.#started ??= start({ ...this.#options, line: measureLine() }, forget));
    started.catch(forget);
    return started;
  }

  /** Any method of it. @type {CallMethod} */
  call = (method, ...args) => this.#start().then((call) => call(method, ...args));
  /** @type {Bilik['prepare']} */
  prepare = (digits) => this.call('prepare', digits);
  /** @type {Bilik['villages']} */
  villages = (query, within) => this.call('villages', query, within);
  /** @type {Bilik['stations']} */
  stations = (village) => this.call('stations', village);
  /** @type {Bilik['regency']} */
  regency = (code) => this.call('regency', code);
  /** @type {Bilik['save']} */
  save = (code, options) => this.call('save', code, options);
  /** @type {Bilik['saved']} */
  saved = () => this.call('saved');
  /** @type {Bilik['remove']} */
  remove = (code) => this.call('remove', code);
  /** @type {Bilik['forget']} */
  forget = () => this.call('forget');

  /** @type {Bilik['lookup']} */
  async lookup(question, options) {
    try {
      await this.#start();
    } catch (error) {
      // To a voter, a module that did not arrive is the same as data that did not.
      if (!(error instanceof TypeError)) throw error;
      return { outcome: 'unreachable', problems: [{ source: assetUrl('.'), file: 'pkg/bilik.js', reason: error.message }] };
    }
    return this.call('lookup', question, options);
  }
}
