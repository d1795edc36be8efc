/** The compiled module, once for the page and for every worker; and the module on the page itself. */
import { assetUrl } from './assets.js';
import { fetchWithin, importWithin, within } from './limits.js';
import { StartError, startError } from './start-error.js';

const WASM = 'pkg/bilik_bg.wasm';
const SCRIPT = 'worker.js';
/** The same script, for a page that runs the module itself: that one is kept with the app, this one is there where that one is not. */
const ON_PAGE = 'on-page.js';

/** @type {Promise<WebAssembly.Module> | undefined} */
let compiled;
let failures = 0;

/** Rejects with a `StartError`; the next call is then a retry. */
export const compiledModule = () =>
  (compiled ??= compile().catch((error) => {
    reloadModule();
    throw startError(error, WASM);
  }));

/** The next module comes from the host, whatever the browser keeps. */
export function reloadModule() {
  compiled = undefined;
  failures += 1;
}

async function compile() {
  if (typeof WebAssembly !== 'object') throw new StartError('no_wasm');
  const { bytes } = await fetchWithin('module', assetUrl(WASM), failures ? { cache: 'reload' } : {});
  return within('compile', WebAssembly.compile(bytes));
}

/**
 * Runs the module on the page, where no worker can be had.
 * @param {BilikOptions} options
 * @param {RunnerListener} listener
 * @returns {Promise<Runner>}
 */
export async function startOnPage(options, { settle, onTrap }) {
  const module = await compiledModule();
  try {
    await Promise.any([SCRIPT, ON_PAGE].map(importScript));
    /** @type {Instantiate} */
    const start = /** @type {any} */ (globalThis)[Symbol.for('bilik')];
    const { run } = await within('compile', start(module, options, onTrap));
    return {
      async send(call) {
        const answered = await run(call, call.options);
        if (answered) settle(answered);
      },
      cancel() {},
      end() {},
    };
  } catch (error) {
    failures += 1;
    throw startError(error instanceof AggregateError ? error.errors[0] : error, SCRIPT);
  }
}

/** A script of the module. After a trap the page needs another instance of it. @param {string} file */
const importScript = (file) => importWithin(`${assetUrl(file)}${failures ? `#${failures}` : ''}`);
