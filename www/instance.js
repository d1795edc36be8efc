/** One instance of the module: runs calls, and says how each of them ended. The same on the page and in a worker. */
import { answerPool, DeriverPool } from './pool.js';

/** As much as the largest allocation of a lookup takes, in pages of 64 KiB. */
const LARGEST = 400;

/**
 * @param {Glue} glue
 * @param {WebAssembly.Module} module
 * @param {BilikOptions} options
 * @param {(isMemory: boolean) => void} onTrap the instance broke down, perhaps for want of memory, and will answer nothing more
 * @param {(id: number) => void} [onLost] a worker that shares the derivations is gone
 * @returns {Promise<Instance>}
 */
export async function instantiate(glue, module, options, onTrap, onLost) {
  const exports = await glue.start(module);
  const pool = new DeriverPool(new glue.KeyDeriver(), onLost, isTrap);
  /** @type {any} */
  const bilik = new glue.Bilik({ ...options, derive: (search, keys) => pool.derive(search, keys) });
  const watch = new AbortController();

  /** Whether the error is the instance's end. @param {unknown} error */
  function isTrap(error) {
    if (!(error instanceof WebAssembly.RuntimeError)) return false;
    if (!watch.signal.aborted) onTrap(isExhausted(exports));
    watch.abort();
    return true;
  }
  // A trap in the middle of a call ends no promise: it is thrown where nobody can catch it.
  addEventListener('error', (event) => isTrap(event.error) && event.preventDefault(), watch);
  addEventListener('unhandledrejection', (event) => isTrap(event.reason) && event.preventDefault(), watch);

  return {
    pool,
    async run({ id, method, args }, options) {
      try {
        return { id, value: await bilik[method](...args, ...(options ? [options] : [])) };
      } catch (error) {
        const { name, message, cause } = /** @type {Error} */ (error);
        return isTrap(error) ? undefined : { id, error: { name, message, cause } };
      }
    },
  };
}

/**
 * An instance that only shares the derivations of another one.
 * @param {Glue} glue
 * @param {WebAssembly.Module} module
 * @param {MessagePort} port of the other one's pool
 */
export async function shareDerivations(glue, module, port) {
  await glue.start(module);
  answerPool(port, new glue.KeyDeriver());
}

/** Whether no more memory is to be had: a trap does not say why. @param {object} exports */
function isExhausted(exports) {
  try {
    /** @type {WebAssembly.Memory} */ (Object.values(exports).find((one) => one instanceof WebAssembly.Memory)).grow(LARGEST);
    return false;
  } catch {
    return true;
  }
}
