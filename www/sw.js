/**
 * Keeps the app on the device, whole or not at all: `bilik build` writes the digest of each of its files in front of this (`SHELL`). What is
 * signed (head, tables, ...) is never touched: the module keeps that, and verifies it.
 */
const { version, files } = SHELL;
const PAGE = 'index.html';

const worker = /** @type {any} */ (self);
/** @type {string} */
const scope = worker.registration.scope;
// Sites share an origin, so its caches too. There is no space in a path.
const OURS = `bilik-app-${new URL(scope).pathname} `;

/** @param {string} path @param {RequestCache} cache @returns {Promise<Response>} */
async function genuine(path, cache) {
  const response = await fetch(scope + path, { cache, credentials: 'omit' });
  const bytes = await response.arrayBuffer();
  const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
  const hex = Array.from(digest, (byte) => byte.toString(16).padStart(2, '0')).join('');
  // A new one, since a page must not come from a response that was redirected.
  if (response.ok && hex === files[path]) return new Response(bytes, { headers: response.headers });
  if (cache === 'reload') throw new Error(`${path} is of another version`);
  return genuine(path, 'reload');
}

async function install() {
  const cache = await caches.open(OURS + version);
  /** @param {string} path */
  const keep = async (path) => cache.put(scope + path, await genuine(path, 'no-cache'));
  await Promise.all(Object.keys(files).map(keep));
}

async function sweep() {
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== OURS + version);
  await Promise.all(old.map((name) => caches.delete(name)));
}

worker.addEventListener('install', (/** @type {any} */ event) => event.waitUntil(install()));
worker.addEventListener('activate', (/** @type {any} */ event) => event.waitUntil(sweep()));
// Only somebody who pressed the button sends this.
worker.addEventListener('message', (/** @type {any} */ { data }) => data === 'take over' && worker.skipWaiting());

worker.addEventListener('fetch', (/** @type {any} */ event) => {
  const { method, url } = event.request;
  const path = url.startsWith(scope) ? url.slice(scope.length).replace(/[?#].*/, '') || PAGE : '';
  if (method !== 'GET' || !Object.hasOwn(files, path)) return;
  const kept = caches.open(OURS + version).then((cache) => cache.match(scope + path));
  // Storage that fails must not cost the page.
  event.respondWith(kept.catch(() => undefined).then((response) => response ?? fetch(event.request)));
});
