/**
 * Keeps the app on the device: `bilik build` writes the digest of each of its files in front of this (`SHELL`). A file is checked
 * when it is kept and each time that it is used, since storage is damaged on real phones; what is damaged comes anew, with these
 * very bytes, or the whole is thrown away. What is signed (head, tables, ...) is never touched: the module keeps that, and
 * verifies it.
 */
import { fetchWithin, TimedOut, within } from './limits.js';

const { version, files } = SHELL;
const PAGE = 'index.html';
/** Without these no lookup is possible: a page begins only with all of them of one version. */
const ESSENTIAL = [PAGE, 'app.js', 'worker.js', 'pkg/bilik_bg.wasm'];
/** Those that the page fetches without credentials. Firefox keeps what came so apart from what came otherwise. */
const IS_ANONYMOUS = /^worker\.js$|\.(wasm|json)$/;
/** Whatever a damaged copy calls itself. @type {Record<string, string>} */
const TYPES = {
  html: 'text/html; charset=utf-8',
  js: 'text/javascript',
  css: 'text/css',
  json: 'application/json',
  wasm: 'application/wasm',
  svg: 'image/svg+xml',
  webmanifest: 'application/manifest+json',
};

const worker = /** @type {any} */ (self);
/** @type {string} */
const scope = worker.registration.scope;
// Sites share an origin, so its caches too. There is no space in a path.
const OURS = `bilik-app-${new URL(scope).pathname} `;

/** After one call without an answer, storage counts as missing for as long as this worker lives. */
let isStorageSilent = false;

let isDiscarded = false;

/** What storage answers, if it does. @template T @param {() => Promise<T>} work @returns {Promise<T | undefined>} */
async function stored(work) {
  if (isStorageSilent) return undefined;
  try {
    return await within('appStorage', work());
  } catch (error) {
    isStorageSilent ||= error instanceof TimedOut;
    return undefined;
  }
}

const open = () => caches.open(OURS + version);

/** @param {string} path @param {BufferSource} bytes */
async function isGenuine(path, bytes) {
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  return Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('') === files[path];
}

/** @param {string} path @param {ArrayBuffer | Uint8Array<ArrayBuffer>} bytes @param {Headers} said */
function answer(path, bytes, said) {
  const headers = new Headers(said);
  for (const name of ['content-encoding', 'content-length']) headers.delete(name);
  headers.set('content-type', TYPES[path.split('.').pop() ?? ''] ?? 'application/octet-stream');
  return new Response(bytes, { headers });
}

/** The file as it is kept, if it is. @param {string} path */
async function kept(path) {
  const response = await stored(async () => (await open()).match(scope + path));
  const bytes = await stored(async () => response?.arrayBuffer());
  return response && bytes && (await isGenuine(path, bytes)) ? answer(path, bytes, response.headers) : undefined;
}

/** Where a file may come from. @typedef {[url: string, cache: RequestCache]} Source */

/** Another version of the app is published, or something else answers in its place. */
class OtherVersion extends Error {}

/** The file with these very bytes. @param {string} path @param {Source[]} sources */
async function genuine(path, sources) {
  /** @type {unknown} */
  let reason;
  for (const [url, cache] of sources) {
    try {
      const isOwn = url.startsWith(scope);
      const credentials = isOwn && !IS_ANONYMOUS.test(path) ? 'same-origin' : 'omit';
      /** @type {RequestInit} */
      const init = { cache, credentials, mode: isOwn ? 'same-origin' : 'cors' };
      const { bytes, headers } = await fetchWithin('appFile', url, init);
      if (await isGenuine(path, bytes)) return answer(path, bytes, headers);
      reason = new OtherVersion(path);
    } catch (error) {
      reason ??= error;
    }
  }
  throw reason;
}

/** The mirrors of the page, as it names them: what is not an address fails when it is asked. */
async function mirrors() {
  const page = await (await kept(PAGE))?.text();
  return /name="bilik-mirrors" content="([^"]*)"/.exec(page ?? '')?.[1]?.match(/\S+/g) ?? [];
}

/** @param {string} path */
async function restored(path) {
  const others = (await mirrors()).map((mirror) => /** @type {Source} */ ([mirror + path, 'no-cache']));
  const response = await genuine(path, [[scope + path, 'no-cache'], [scope + path, 'reload'], ...others]);
  const copy = response.clone();
  void stored(async () => (await open()).put(scope + path, copy));
  return response;
}

/** A part of the page that is damaged here and cannot be had now: who is there says so. @param {string} path */
function missing(path) {
  const words = `Sebagian halaman ini rusak di HP Anda (${path}). Sambungkan ke internet, lalu muat ulang.`;
  const script = `document.documentElement.className='old';document.getElementById('old').append(${JSON.stringify(words)})`;
  const page = `<!doctype html><html lang="id"><meta name="viewport" content="width=device-width"><title>Bilik</title><p>${words}</p><p lang="en">Part of this page is damaged on your phone. Connect to the internet and reload.</p></html>`;
  if (path === PAGE) return answer(path, new TextEncoder().encode(page), new Headers());
  return path === 'app.js' ? answer(path, new TextEncoder().encode(script), new Headers()) : Response.error();
}

/** From now on the page and all its files come from its host. */
function discard() {
  isDiscarded = true;
  void caches.delete(OURS + version).catch(() => {});
  void worker.registration.unregister();
}

/** @param {string} path @param {Request} request */
async function serve(path, request) {
  const needed = request.mode === 'navigate' ? ESSENTIAL : [path];
  const parts = needed.map(async (path) => (await kept(path)) ?? restored(path));
  const [first, ...others] = await Promise.allSettled(parts);
  const isOld = [first, ...others].some((part) => part?.status === 'rejected' && part.reason instanceof OtherVersion);
  if (first?.status === 'fulfilled' && !isOld) return first.value;
  // A language or a screen of another version is one that cannot be had: the page goes on without.
  if (!isOld || !ESSENTIAL.includes(path)) return missing(path);
  discard();
  return fetch(request);
}

async function install() {
  const cache = await open();
  /** @param {string} path @param {...Source} sources */
  const keep = async (path, ...sources) => cache.put(scope + path, await genuine(path, sources));
  const all = Object.keys(files).map((path) => {
    const url = scope + path;
    // Of the languages only what the page has loaded; another is kept when somebody chooses it.
    if (path.startsWith('i18n/')) return keep(path, [url, 'only-if-cached']).catch(() => {});
    // What the page has just loaded is in the browser's own cache, and the digest tells whether it is this version.
    return keep(path, [path === PAGE ? scope : url, 'force-cache'], [url, 'force-cache'], [url, 'reload']);
  });
  await Promise.all(all);
}

async function sweep() {
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== OURS + version);
  await Promise.all(old.map((name) => caches.delete(name)));
}

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(within('keepApp', install())));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(stored(sweep)));
// Only somebody who pressed the button sends this.
worker.addEventListener('message', (/** @type {any} */ { data }) => data === 'take over' && worker.skipWaiting());

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { method, url } = event.request;
  const path = url.startsWith(scope) ? url.slice(scope.length).replace(/[?#].*/, '') || PAGE : '';
  if (isDiscarded || method !== 'GET' || !Object.hasOwn(files, path)) return;
  event.respondWith(serve(path, event.request).catch(() => fetch(event.request)));
});
