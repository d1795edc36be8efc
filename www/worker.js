/**
 * The module, off the page's thread. Speaks with client.js; the messages are `ToWorker` and `FromWorker` in types.d.ts.
 * There is no static import, so that a browser without module workers still gets as far as saying so.
 */

/** @type {Map<number, AbortController>} */
const calls = new Map();
/** @type {any} */
let bilik;

/** @param {FromWorker} message */
const send = (message) => postMessage(message);

/** @param {BilikOptions} options @param {string} address */
async function start(options, address) {
  try {
    // Beside the glue, not after it; without credentials as the data too, so that one connection is open for both.
    const wasm = fetch(new URL('bilik_bg.wasm', address), { credentials: 'omit' });
    wasm.catch(() => {});
    const module = await import(address);
    await module.default({ module_or_path: wasm });
    bilik = new module.Bilik(options);
    send({ state: 'ready' });
  } catch (error) {
    send({ state: 'failed', reason: String(error) });
  }
}

/** @param {CallMessage} call */
async function run({ id, method, args, takesOptions }) {
  const abort = new AbortController();
  calls.set(id, abort);
  try {
    /** @type {LookupOptions} */
    const options = { onProgress: (progress) => send({ id, progress }), signal: abort.signal };
    send({ id, value: await bilik[method](...args, ...(takesOptions ? [options] : [])) });
  } catch (error) {
    const { name, message, cause } = /** @type {Error} */ (error);
    send({ id, error: { name, message, cause } });
  }
  calls.delete(id);
}

addEventListener('message', (/** @type {MessageEvent<ToWorker>} */ { data }) => {
  if ('options' in data) start(data.options, data.module);
  else if ('cancel' in data) calls.get(data.cancel)?.abort();
  else run(data);
});

send({ state: 'alive' });
