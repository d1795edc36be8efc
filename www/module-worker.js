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
  /** @type {(error: Error) => void} */
  let lose = () => {};

  /** @param {ToWorker} message */
  const send = (message) => worker.postMessage(message);
  const end = () => {
    clearInterval(timer);
    worker.terminate();
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
      if (data.state === 'failed') return lose(startError(data.error, 'worker.js'));
      if (data.state === 'trapped') return onTrap(data.isMemory);
      if (data.state !== 'ready') return;
      isReady = true;
      resolve({
        send: ({ id, method, args, options }) => send({ id, method, args, takesOptions: !!options }),
        cancel: (id) => send({ cancel: id }),
        end,
      });
    };
  });
  try {
    send({ options, module: await compiledModule() });
  } catch (error) {
    lose(/** @type {Error} */ (error));
  }
  return started;
}
