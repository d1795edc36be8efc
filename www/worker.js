/**
 * The module, off the page's thread. Speaks with client.js:
 * in  `{options}`, `{id, method, args}`, `{cancel: id}`
 * out `{alive}`, `{ready}` or `{failed}`, `{id, value}`, `{id, error}`, `{id, progress}`
 * There is no static import, so that a browser without module workers still gets as far as saying so.
 */

/** @typedef {import('../pkg/bilik.js').Bilik} Bilik */

/** @type {string} */
const MODULE = './pkg/bilik.js';

/** @type {Map<number, AbortController>} */
const lookups = new Map();
/** @type {any} */
let bilik;

/** @param {any} options */
async function start(options) {
  try {
    const module = await import(MODULE);
    await module.default();
    bilik = new module.Bilik(options);
    self.postMessage({ ready: true });
  } catch (error) {
    self.postMessage({ failed: String(error) });
  }
}

/** @param {{ id: number, method: string, args: unknown[] }} call */
async function answer({ id, method, args }) {
  const abort = new AbortController();
  lookups.set(id, abort);
  /** @param {unknown} progress */
  const onProgress = (progress) => self.postMessage({ id, progress });
  try {
    const extra = method === 'lookup' ? [{ onProgress, signal: abort.signal }] : [];
    self.postMessage({ id, value: await bilik[method](...args, ...extra) });
  } catch (error) {
    const { name, message } = error instanceof Error || error instanceof DOMException ? error : new Error(String(error));
    self.postMessage({ id, error: { name, message } });
  } finally {
    lookups.delete(id);
  }
}

self.onmessage = ({ data }) => {
  if (data.options) start(data.options);
  else if (data.cancel) lookups.get(data.cancel)?.abort();
  else answer(data);
};

self.postMessage({ alive: true });
