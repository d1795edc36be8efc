/**
 * The module in a worker, so that no keystroke waits for a derivation. A phone that wants memory ends workers without a word,
 * so one that works is asked for a sign of life.
 */
import { assetUrl, trusted } from './assets.js';
import { fetchWithin, LIMITS } from './limits.js';
import { compiledModule } from './module.js';
import { noteViolation, startError } from './start-error.js';

/** The worker has ended, and nobody was told. */
export class Silence extends Error {}

const BEATS = 8;
const BEAT_MS = LIMITS.heartbeat / BEATS;

/** Other workers that share the derivations: with more than these, a phone's memory is the limit. */
const MAX_DERIVERS = 3;
/** At most as many of them are replaced when they are gone. */
const MAX_REPLACED = 3;

/** One for each further core, fewer where memory is short. */
function deriverCount() {
  const { hardwareConcurrency = 1, deviceMemory = 8 } = /** @type {Navigator & { deviceMemory?: number }} */ (navigator);
  const most = deviceMemory < 1 ? 0 : deviceMemory < 2 ? 1 : MAX_DERIVERS;
  return Math.min(hardwareConcurrency - 1, most);
}

/**
 * Starts workers that share the derivations of the main one.
 * @param {string} url of their script
 * @param {WebAssembly.Module} module
 * @param {(message: ToWorker, transfer?: Transferable[]) => void} send to the main worker
 */
function startDerivers(url, module, send) {
  /** @type {Map<number, Worker>} */
  const workers = new Map();
  let lastId = 0;
  let replaced = 0;
  const start = () => {
    const id = ++lastId;
    const { port1, port2 } = new MessageChannel();
    const worker = new Worker(trusted(url));
    workers.set(id, worker);
    worker.onerror = (event) => {
      event.preventDefault();
      send({ gone: id });
    };
    worker.postMessage({ pool: port1, module }, [port1]);
    send({ deriver: port2, id }, [port2]);
  };
  for (let count = deriverCount(); count > 0; count--) start();
  return {
    /** @param {number} id */
    replace(id) {
      workers.get(id)?.terminate();
      if (workers.delete(id) && ++replaced <= MAX_REPLACED) start();
    },
    end() {
      for (const worker of workers.values()) worker.terminate();
      workers.clear();
    },
  };
}

/**
 * A worker from a Blob is bound by the page's policy; one from an address only by headers, which not every host sends.
 * Rejects with a `StartError` where the module cannot run anywhere, and with another error where this worker cannot.
 * @param {BilikOptions} options
 * @param {RunnerListener} listener
 * @returns {Promise<Runner>}
 */
export async function startInWorker(options, { settle, report, isBusy, onLost, onTrap }) {
  const { bytes } = await fetchWithin('workerScript', assetUrl('worker.js'));
  const url = URL.createObjectURL(new Blob([bytes], { type: 'text/javascript' }));
  const worker = new Worker(trusted(url));
  let silence = 0;
  let lastBeat = performance.now();
  let isReady = false;
  /** @type {WebAssembly.Module} */
  let module;
  /** @type {ReturnType<typeof startDerivers> | undefined} */
  let derivers;
  /** @type {(error: Error) => void} */
  let lose = () => {};

  /** @param {ToWorker} message @param {Transferable[]} [transfer] */
  const send = (message, transfer = []) => worker.postMessage(message, transfer);
  const end = () => {
    clearInterval(timer);
    worker.terminate();
    derivers?.end();
    URL.revokeObjectURL(url);
  };
  const timer = setInterval(() => {
    // A page that was asleep has not heard a worker that was asleep, too.
    const wasAsleep = performance.now() - lastBeat > 4 * BEAT_MS;
    lastBeat = performance.now();
    if (wasAsleep || (isReady && !isBusy())) silence = 0;
    else if (++silence > BEATS) lose(new Silence('no sign of life'));
    else send('ping');
  }, BEAT_MS);
  /** @type {Promise<Runner>} */
  const started = new Promise((resolve, reject) => {
    lose = (error) => {
      end();
      reject(error);
      if (isReady) onLost();
    };
    // Where a policy forbids workers, this comes late and not as an exception.
    worker.onerror = (event) => {
      event.preventDefault();
      lose(new Error(event.message));
    };
    worker.onmessage = (/** @type {MessageEvent<FromWorker>} */ { data }) => {
      silence = 0;
      if ('id' in data) return data.progress ? report(data.id, data.progress) : settle(/** @type {CallAnswer} */ (data));
      if ('violation' in data) return noteViolation(...data.violation);
      if ('lost' in data) return derivers?.replace(data.lost);
      if (data.state === 'failed') return lose(startError(data.error, 'worker.js'));
      if (data.state === 'trapped') return onTrap(data.isMemory);
      if (data.state !== 'ready') return;
      isReady = true;
      derivers = startDerivers(url, module, send);
      resolve({
        send: ({ id, method, args, options }) => send({ id, method, args, takesOptions: !!options }),
        cancel: (id) => send({ cancel: id }),
        end,
      });
    };
  });
  try {
    module = await compiledModule();
    send({ options, module });
  } catch (error) {
    lose(/** @type {Error} */ (error));
  }
  return started;
}
