/**
 * The module, off the page's thread. Speaks with client.js:
 * in  `{options, module}`, `{id, method, args}`, `{cancel: id}`
 * out `{alive}`, `{ready}` or `{failed}`, `{id, value}`, `{id, error}`, `{id, progress}`
 * There is no static import, so that a browser without module workers still gets as far as saying so.
 */

/** @type {Map<number, AbortController>} */
const calls = new Map();
/** @type {any} */
let bilik;

/** @param {BilikOptions} options @param {string} address */
async function start(options, address) {
  try {
    // Beside the glue, not after it; without credentials as the data too, so that one connection is open for both.
    const wasm = fetch(new URL('bilik_bg.wasm', address), { credentials: 'omit' });
    wasm.catch(() => {});
    const module = await import(address);
    await module.default({ module_or_path: wasm });
    bilik = new module.Bilik(options);
    postMessage({ ready: true });
  } catch (error) {
    postMessage({ failed: String(error) });
  }
}

/** @param {{ id: number, method: string, args: unknown[] }} call */
async function answer({ id, method, args }) {
  const abort = new AbortController();
  calls.set(id, abort);
  try {
    if (method === 'lookup' || method === 'save') {
      /** @param {Progress} progress */
      const onProgress = (progress) => postMessage({ id, progress });
      args.push({ onProgress, signal: abort.signal });
    }
    postMessage({ id, value: await bilik[method](...args) });
  } catch (error) {
    const { name, message, cause } =
      /** @type {Error} */ (error);
    postMessage({ id, error: { name, message, cause } });
  }
  calls.delete(id);
}

onmessage = ({ data }) => {
  if (data.options) start(data.options, data.module);
  else if (data.cancel) calls.get(data.cancel)?.abort();
  else answer(data);
};

postMessage({ alive: true });
