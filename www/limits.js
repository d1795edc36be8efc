/**
 * How long anything from outside is waited for: what the browser, the device or a host may never answer. No other file of
 * www/ waits for it without a limit from here (tests/outside.mjs); src/wasm/limits.rs is the same for the module.
 */

import { loadScript } from './load-script.js';

/** Milliseconds; and what takes the place of an answer. */
export const LIMITS = {
  /** The words of a language. The page keeps the language that it shows. */
  words: 4000,
  /** A script that is loaded when it is wanted. The screen says so, with a button to try again. */
  script: 8000,
  /** The worker's script. The module runs on the page. */
  workerScript: 4000,
  /** A sign of life of the worker, which is asked for one. Another worker does its work; after two, the page. */
  heartbeat: 4000,
  /** A key, by a worker that shares the derivations. The others derive it, and another worker takes its place. */
  deriver: 4000,
  /** The module's file, from one part of it to the next. The outcome is `unreachable`, and is retried. */
  module: 8000,
  /** Compiling and instantiating the module. The same. */
  compile: 8000,
  /** The registration of the service worker. It is tried again on the next visit. */
  register: 8000,
  /** The clipboard. The button says that it failed. */
  clipboard: 2000,
  /** The names of districts, where pasted numbers are to choose from. The numbers stand without names.
   * And the statement of a witness, which another mirror has, too. */
  districts: 3000,
  /** Whether the browser promises to keep what is saved. It counts as refused. */
  persist: 2000,
  /** The page's own calls of the Cache API and of the service worker's registration. They count as failed. */
  storage: 2000,
  /** Whether the origin is in reach, before a page that is too old is loaded anew. It reloads what is kept. */
  reload: 8000,
  /** The service worker's first copy of all files. It is tried again on the next visit. */
  keepApp: 60_000,
  /** The service worker's storage, which then counts as missing. The network has the same files. */
  appStorage: 1000,
  /** A file of the app, from one part to the next, where the service worker needs it. Another mirror has it. */
  appFile: 6000,
};

export class TimedOut extends Error {
  /** @override */
  name = 'TimedOut';
}

/**
 * The promise, or a rejection with `TimedOut`.
 * @template T
 * @param {keyof typeof LIMITS} name
 * @param {PromiseLike<T> | T} promise
 * @returns {Promise<T>}
 */
export function within(name, promise) {
  /** @type {ReturnType<typeof setTimeout>} */
  let timer;
  /** @type {Promise<never>} */
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new TimedOut(`no answer for ${LIMITS[name] / 1000} s`)), LIMITS[name]);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** What the page has asked for before this script came (early.js). @type {Record<string, Promise<Response>> | undefined} */
const early = /** @type {any} */ (globalThis).bilikEarly;

/** @param {string} url @param {RequestInit} init */
async function ask(url, init) {
  if (early?.[url]) {
    const asked = early[url];
    delete early[url];
    const response = await asked.catch(() => undefined);
    if (response?.ok) return response;
  }
  return fetch(url, init);
}

/**
 * A whole file. Rejects where a part of it does not come within the limit, and for any status but 200 to 299.
 * @param {keyof typeof LIMITS} name
 * @param {string} url
 * @param {RequestInit} [init]
 * @returns {Promise<{ bytes: Uint8Array<ArrayBuffer>, headers: Headers }>}
 */
export async function fetchWithin(name, url, init) {
  const abort = new AbortController();
  try {
    const response = await within(name, ask(url, { credentials: 'omit', ...init, signal: abort.signal }));
    if (!response.ok) throw new Error(`HTTP status ${response.status}`);
    const reader = response.body?.getReader();
    const parts = [];
    for (;;) {
      const { done, value } = (await (reader && within(name, reader.read()))) ?? { done: true };
      if (done) return { bytes: new Uint8Array(await new Blob(parts).arrayBuffer()), headers: response.headers };
      parts.push(value);
    }
  } catch (error) {
    abort.abort();
    throw error;
  }
}

/** How often the import of an address has failed. @type {Map<string, number>} */
const failures = new Map();

/**
 * A script of this app that is loaded when it is wanted. A page remembers an import that failed by its address: the next try
 * has another one.
 * @param {string} url
 */
export async function importWithin(url) {
  const count = failures.get(url) ?? 0;
  try {
    return await within('script', loadScript(count ? `${url}#${count}` : url));
  } catch (error) {
    failures.set(url, count + 1);
    throw error;
  }
}
