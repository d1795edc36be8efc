/**
 * Everything that the page waits for from outside, and what may become of it: it never answers, fails, takes its time, or
 * answers with something else. Generated from the limits of the page (www/limits.js) and of the module (src/wasm/limits.rs):
 * a new one without a place here is a failed test. tests/outside.sh prints the whole table.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { HANG, ROOT, Relay, makeDemo, serve } from '../browser/stage.mjs';
import { LIMITS } from '../../www/limits.js';
import { pause } from './processes.mjs';

/** Within this there is an answer or a true outcome. */
export const PATIENCE_MS = 20_000;
const DELAY_MS = 3_000;
const LOOK_MS = 250;
const HTML = Buffer.from('<!doctype html><title>Wi-Fi</title><p>Please sign in to continue.</p>');

export const KINDS = ['hang', 'break', 'delay', 'lie'];
export const PLACES = ['page', 'frame'];

/** What a function of the browser does instead, in the words of its own world. */
const INSTEAD = {
  hang: '() => new Promise(() => {})',
  break: "() => Promise.reject(new Error('broken on purpose'))",
  delay: `(...given) => new Promise((go) => setTimeout(go, ${DELAY_MS})).then(() => real(...given))`,
  lie: "() => Promise.resolve('a lie')",
};

/** Lines that replace functions, where they exist. @param {...string} paths such as `CacheStorage.prototype.open` */
const patch =
  (...paths) =>
  (kind) =>
    paths
      .map((path) => {
        const [, owner, name] = /^(.*)\.(\w+)$/.exec(path);
        return `{ const owner = globalThis.${owner.replaceAll('.', '?.')}, from = owner?.${name};
          if (from) Object.defineProperty(owner, '${name}', { configurable: true, writable: true, value: function (...all) {
            const real = (...given) => from.apply(this, given); return (${INSTEAD[kind]})(...all); } }); }`;
      })
      .join('\n');

/** What a host does with a file instead. */
const onHost = (is) => (kind) => async (path, _, headers) => {
  if (!is(path)) return undefined;
  if (kind === 'hang') return HANG;
  if (kind === 'break') return 404;
  if (kind === 'delay') return void (await pause(DELAY_MS));
  headers['content-type'] = 'text/html';
  return HTML;
};

const CACHES = [
  'CacheStorage.prototype.open',
  'Cache.prototype.match',
  'Cache.prototype.put',
  'Cache.prototype.keys',
  'CacheStorage.prototype.keys',
  'Cache.prototype.delete',
  'CacheStorage.prototype.delete',
];

/**
 * One thing from outside. `page`, `worker` and `sw` give lines that run first there; `host` what it does with a file.
 * @typedef {object} Outside
 * @property {(kind: string) => string} [page]
 * @property {(kind: string) => string} [worker]
 * @property {(kind: string) => string} [sw]
 * @property {(kind: string) => Function} [host]
 * @property {string} [query] of the page's address
 * @property {'browse' | 'kept' | 'paste' | 'copy' | 'save' | 'reload'} [act] what somebody does before the lookup (the first three) or after it
 * @property {'page'} [only] it does not exist in a frame
 * @property {RegExp} [ends] besides `found`: outcomes that are true there
 */

/** By the name of the limit. @type {Record<string, Outside>} */
export const OUTSIDE = {
  words: { host: onHost((path) => path.startsWith('i18n/')), query: '?lang=en' },
  script: { host: onHost((path) => path === 'later.js'), act: 'browse', only: 'page' },
  workerScript: { host: onHost((path) => path === 'worker.js') },
  heartbeat: {
    worker: (kind) =>
      ({
        // A phone suspends a worker, or ends it without a word when it has begun to work.
        hang: "addEventListener('message', (event) => event.stopImmediatePropagation());",
        break:
          "const post = postMessage; self.postMessage = (data) => (data.state === 'ready' ? setTimeout(close) : 0, post(data));",
        delay: `for (const end = Date.now() + ${DELAY_MS}; Date.now() < end; );`,
        lie: "postMessage('a lie'); postMessage({ state: 'a lie' }); postMessage({ id: 1e9, value: 'a lie' });",
      })[kind],
  },
  deriver: {
    worker: (kind) => {
      const does = {
        hang: '',
        break: 'close();',
        delay: `for (const end = Date.now() + ${DELAY_MS}; Date.now() < end; ); return;`,
        lie: "event.data.pool.onmessage = () => event.data.pool.postMessage('a lie');",
      };
      return `addEventListener('message', (event) => { if (!event.data.pool) return; ${does[kind]} event.stopImmediatePropagation(); });`;
    },
  },
  module: { host: onHost((path) => path === 'pkg/bilik_bg.wasm'), ends: /^unreachable$/ },
  compile: { page: patch('WebAssembly.compile'), ends: /^(unreachable|broken)$/ },
  register: { page: patch('ServiceWorkerContainer.prototype.register'), only: 'page' },
  clipboard: { page: patch('Clipboard.prototype.writeText'), act: 'copy' },
  persist: {
    page: patch('StorageManager.prototype.persist', 'StorageManager.prototype.persisted'),
    act: 'save',
    only: 'page',
  },
  keepApp: { sw: patch('Cache.prototype.put'), act: 'kept', only: 'page' },
  appStorage: { sw: patch(...CACHES), act: 'kept', only: 'page' },
  appFile: { sw: patch('self.fetch'), act: 'kept', only: 'page' },
  STORAGE_MS: { worker: patch(...CACHES) },
  LAST_STORAGE_MS: {
    worker: patch(...CACHES),
    host: onHost((path) => /^[mdtsp]\//.test(path)),
    ends: /^(unreachable|unverified)$/,
  },
  WRITES_MS: { worker: patch('Cache.prototype.put'), act: 'save', only: 'page' },
  districts: { host: onHost((path) => path.startsWith('d/')), act: 'paste', ends: /^(unreachable|unverified)$/ },
  storage: { page: patch(...CACHES), act: 'save', only: 'page' },
  reload: {
    page: patch(
      'ServiceWorkerContainer.prototype.getRegistration',
      'CacheStorage.prototype.keys',
      'CacheStorage.prototype.delete',
    ),
    // A head of a later format, so that the page says that it is too old.
    host: () => (path, body) => (path === 'head.bilik' ? Object.assign(Buffer.from(body), { 6: 9 }) : undefined),
    act: 'reload',
    only: 'page',
    ends: /^unverified$/,
  },
  CLOCK_MS: {
    // A device that is a year ahead, and an origin that does not say the time by itself.
    worker: (kind) => `{ const at = Date.now; Date.now = () => at() + 400 * 864e5; const get = Headers.prototype.get;
      Headers.prototype.get = function (name) { return name === 'date' ? null : get.call(this, name); };
      const ask = self.fetch; self.fetch = (url, init) => { const real = () => ask(url, init); return init?.method === 'HEAD' ? (${INSTEAD[kind]})() : real(); }; }`,
    ends: /^stale$/,
  },
  // Not waited for by a script of ours, and yet the page is blank without.
  'app.js': { host: onHost((path) => path === 'app.js'), ends: /^whom to ask$/ },
  icons: { host: onHost((path) => /^icons\/|webmanifest$/.test(path)) },
  styles: { host: onHost((path) => path.startsWith('css/')) },
  'embed.js': { host: onHost((path) => path === 'embed.js'), ends: /^whom to ask$/ },
  data: { host: onHost((path) => path.endsWith('.bilik')), ends: /^(unreachable|unverified)$/ },
};

/** Every limit that the sources name. */
export function limits() {
  const module = readFileSync(join(ROOT, 'src/wasm/limits.rs'), 'utf8');
  return [...Object.keys(LIMITS), ...[...module.matchAll(/const (\w+): Millis/g)].map(([, name]) => name)];
}

/** One made-up election for all cells, and the server behind each cell's own. */
export async function stage() {
  const demo = await makeDemo();
  return { ...demo, server: await serve(demo.site) };
}

/**
 * What somebody met with.
 * @typedef {{ end: string, ms: number, isRight: boolean }} Met
 * @param {import('./engines.mjs').Engine} engine
 * @param {Awaited<ReturnType<typeof stage>>} demo
 * @param {{ name: string, kind: string, place: string }} cell
 * @returns {Promise<Met>}
 */
export async function meet(engine, demo, { name, kind, place }) {
  const outside = OUTSIDE[name];
  const site = Object.assign(await Relay.start(), { behind: demo.server.url });
  const query = outside.query ?? '';
  // A host's own page around it, and lines that run before everything else.
  const first = outside.page?.(kind);
  const bend = outside.host?.(kind);
  let isBent = outside.act !== 'kept';
  site.alter = async (path, body, headers) => {
    const [file] = path.split('?');
    const isPage = ['', 'index.html', 'embed.html'].includes(file);
    if (file === 'around.html') {
      headers['content-type'] = 'text/html';
      return Buffer.from(`<!doctype html><iframe src="embed.html${query}" width="380" height="800"></iframe>`);
    }
    if (file === 'first.js') {
      headers['content-type'] = 'text/javascript';
      return Buffer.from(first);
    }
    if (isPage && first)
      return Buffer.from(body.toString().replace('<meta name="viewport"', '<script src="first.js"></script>$&'));
    if (file === 'worker.js' && outside.worker) return Buffer.concat([Buffer.from(`${outside.worker(kind)}\n`), body]);
    if (file === 'sw.js' && outside.sw) return Buffer.concat([Buffer.from(`${later(outside.sw(kind), name)}\n`), body]);
    return isBent ? bend?.(file, body, headers) : undefined;
  };
  const visit = await engine.open(`${site.url}${place === 'frame' ? 'around.html' : query}`, { begun: true });
  try {
    const began = Date.now();
    if (outside.act === 'browse') {
      // Any earlier, it would end the navigation to the page.
      const browse = (seen) => seen.isStarted && visit.evaluate(() => void (location.hash = '#/'));
      return await end(visit, began, browse, look);
    }
    let met = await lookUp(visit, demo.exact, began, outside.act === 'paste' ? paste : undefined);
    if (outside.act === 'kept') {
      await visit.evaluate(
        (patience) =>
          Promise.race([navigator.serviceWorker.ready, new Promise((go) => setTimeout(go, patience))]).then(() => {}),
        4_000,
      );
      isBent = true;
      await visit.evaluate(() => void setTimeout(() => location.reload(), 0));
      await pause(500);
      met = await lookUp(visit, demo.exact, Date.now());
    }
    const done = { copy, save, reload }[outside.act];
    return done && met.end === (outside.act === 'reload' ? 'unverified' : 'found') ? await press(visit, met, done) : met;
  } finally {
    await visit.close();
    await site.stop();
  }
}

/** A service worker keeps the app by the same calls by which it later serves it: it breaks down once it is installed. */
const later = (lines, name) =>
  name === 'keepApp'
    ? lines
    : `if (self.registration.active) {\n${lines}\n} else addEventListener('activate', () => {\n${lines}\n});`;

/** @param {import('./engines.mjs').Visit} visit @param {{ nik: string, name: string, number: number }} voter @param {number} began */
async function lookUp(visit, voter, began, before) {
  let isAsked = false;
  return end(
    visit,
    began,
    async (seen) => {
      if (isAsked || !seen.isStarted) return;
      if (before) await press(visit, { ms: 0, isRight: true }, before, voter.nik);
      isAsked = await visit.evaluate(ask, voter.nik, voter.name);
    },
    look,
    voter.number,
  );
}

/** Looks until there is an end. */
async function end(visit, began, act, look, number) {
  for (;;) {
    const seen = (await visit.evaluate(look).catch(() => undefined)) ?? {};
    const ms = Date.now() - began;
    if (seen.raw) return { end: `raw keys: ${seen.raw}`, ms, isRight: false };
    if (seen.outcome) return { end: seen.outcome, ms, isRight: seen.outcome !== 'found' || !number || seen.number === number };
    if (seen.isFallback) return { end: 'whom to ask', ms, isRight: true };
    if (ms > PATIENCE_MS) return { end: seen.words ? `silent: ${seen.words}` : 'blank', ms, isRight: false };
    await Promise.resolve(act(seen)).catch(() => {});
    await pause(LOOK_MS);
  }
}

/** What is shown. Runs in the page, as a whole. */
function look() {
  const frame = document.querySelector('iframe');
  const root = frame ? frame.contentDocument : document;
  const view = frame ? frame.contentWindow : globalThis;
  if (!root?.body) return {};
  const isShown = (element) => !!element?.getClientRects().length && view.getComputedStyle(element).visibility === 'visible';
  const answer = [...root.querySelectorAll('#answer > [data-outcome]')].find(isShown);
  const text = root.body.innerText;
  return {
    isStarted: 'started' in root.documentElement.dataset,
    outcome: answer?.dataset.outcome,
    number: Number(answer?.querySelector('[data-station-number]')?.textContent),
    isFallback: isShown(root.getElementById('old')),
    words: text.replace(/\s+/g, ' ').slice(0, 60),
    raw: text.match(/\b(found|place|station|map|bring|verified|hours|help|searched|data|broken|unreachable)\.[a-z.]+/)?.[0],
  };
}

/** Types and presses, as far as a script can. Runs in the page, as a whole. */
function ask(nik, name) {
  const root = document.querySelector('iframe')?.contentDocument ?? document;
  const type = (id, text) => {
    const field = root.getElementById(id);
    field.focus();
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  };
  type('nik', nik);
  type('name', name);
  root.getElementById('ask').click();
  return true;
}

/** Presses something, which must say how it went. @param {() => string} work runs in the page, as a whole, until it gives what is said */
async function press(visit, met, work, ...given) {
  const began = Date.now();
  let said = '';
  while (!said && Date.now() - began < PATIENCE_MS) {
    said = (await visit.evaluate(work, ...given).catch(() => '')) ?? '';
    await pause(LOOK_MS);
  }
  return { end: said ? met.end : `silent: ${work.name}`, ms: met.ms + Date.now() - began, isRight: met.isRight && !!said };
}

/** Two numbers that may be a NIK: the page takes one, or asks which. */
function paste(nik) {
  const root = document.querySelector('iframe')?.contentDocument ?? document;
  const field = root.getElementById('nik');
  if (!globalThis.isPasted) {
    globalThis.isPasted = true;
    field.focus();
    const data = new DataTransfer();
    data.setData('text/plain', `${nik}0001 atau 3901010101900001`);
    const event = new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true });
    // Firefox makes none with a text for a script.
    if (!event.clipboardData?.getData('text')) return 'no clipboard';
    field.dispatchEvent(event);
  }
  return root.querySelector('#nik-choice button')?.textContent ?? field.value;
}

/** Loads the page anew, which then is another one. */
function reload() {
  const now = String(performance.timeOrigin);
  if (!sessionStorage.getItem('before')) {
    sessionStorage.setItem('before', now);
    [...document.querySelectorAll('#answer button')].find((one) => one.textContent === 'Muat ulang')?.click();
  }
  return sessionStorage.getItem('before') === now ? '' : 'another page';
}

/** The station, to the clipboard. */
function copy() {
  const root = document.querySelector('iframe')?.contentDocument ?? document;
  const buttons = [...root.querySelectorAll('#answer button')];
  const button = buttons.find((one) => one.textContent === 'Salin');
  // Where the browser has no clipboard there is no button.
  if (!globalThis.isPressed) {
    globalThis.isPressed = true;
    if (!button) return 'no button';
    button.click();
  }
  return buttons.map((one) => one.textContent).find((text) => /Tersalin|Gagal/.test(text)) ?? '';
}

/** A regency, for use without a network. */
function save() {
  if (location.hash !== '#/saved') location.hash = '#/saved';
  const button = document.querySelector('[data-regency] button');
  if (!globalThis.isPressed && button) {
    globalThis.isPressed = true;
    button.click();
  }
  const said = document.querySelector('#answer [role=status]')?.textContent ?? '';
  return globalThis.isPressed && !/Sedang menyimpan/.test(said) ? said : '';
}
