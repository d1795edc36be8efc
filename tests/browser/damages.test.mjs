/**
 * What a device keeps is damaged on real phones. Each kept file, of the app and of the data, is cut, flipped, exchanged, removed or
 * given another type at random, between visits: with a network every next visit answers, and without one it says what is
 * missing. `BILIK_DAMAGES=N` tries N damages, `BILIK_SEED` others.
 */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { kept } from './offline-stage.mjs';
import { ask, makeDemo, open, serve } from './stage.mjs';

const DAMAGES = Number(process.env.BILIK_DAMAGES ?? 60);
const SEED = Number(process.env.BILIK_SEED ?? 1);
/** One visit of this many has no network. */
const OFFLINE_EVERY = 3;
const PATIENCE_MS = 20_000;
const LIMIT = { timeout: 60_000 + DAMAGES * 10_000 };

let demo;
before(async () => {
  demo = await makeDemo();
});

/** Numbers that look random, the same for one seed. @param {number} seed */
function random(seed) {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Damages one kept file. Runs in the page, as a whole. @param {number} which @param {number} how @param {number} where all of 0 to 1 */
async function damage(which, how, where) {
  const entries = [];
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    for (const request of await cache.keys()) entries.push({ name, cache, request });
  }
  const pick = (at) => entries[Math.floor(at * entries.length)];
  const { name, cache, request } = pick(which);
  const kind = ['cut', 'flipped', 'exchanged', 'removed', 'other type'][Math.floor(how * 5)];
  const response = await cache.match(request);
  const bytes = new Uint8Array(await response.arrayBuffer());
  const headers = new Headers(response.headers);
  let changed = bytes;
  if (kind === 'cut') changed = bytes.slice(0, Math.floor(bytes.length * where));
  if (kind === 'flipped') changed[Math.floor(where * bytes.length)] ^= 1 << Math.floor(where * 8);
  if (kind === 'exchanged') {
    const other = pick(where);
    changed = new Uint8Array(await (await other.cache.match(other.request)).arrayBuffer());
  }
  if (kind === 'other type') headers.set('content-type', 'text/html');
  if (kind === 'removed') await cache.delete(request);
  else await cache.put(request, new Response(changed, { headers }));
  return `${name} ${new URL(request.url).pathname}: ${kind}`;
}

/** Types and presses, and gives what is then shown. Runs in the page, as a whole. */
async function lookUp({ nik, name }, patience) {
  const until = performance.now() + patience;
  const turn = () => new Promise((go) => setTimeout(go, 20));
  const old = () => document.documentElement.className === 'old' || !document.getElementById('form');
  while (performance.now() < until && !old() && !('started' in document.documentElement.dataset)) await turn();
  if (old()) return { outcome: 'old', text: document.body.innerText };
  for (const [id, text] of Object.entries({ nik, name })) {
    const field = document.getElementById(id);
    field.focus();
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  document.getElementById('ask').click();
  for (;;) {
    const answer = document.querySelector('#answer > [data-outcome]');
    if (answer || performance.now() > until) {
      const number = answer?.querySelector('[data-station-number]')?.textContent;
      return { outcome: answer?.dataset.outcome ?? 'silent', number, text: (answer ?? document.body).textContent };
    }
    await turn();
  }
}

test(`${DAMAGES} damages to what a device keeps: each next visit answers, or says what is missing`, LIMIT, async (t) => {
  const next = random(SEED);
  const site = await serve(demo.site);
  const page = await open(site.url);
  await ask(page, demo.exact, 'found');
  await kept(page);
  /** @type {Record<string, number>} */
  const ends = {};
  for (let at = 0; at < DAMAGES; at += 1) {
    const what = await page.evaluate(`(${damage})(${next()}, ${next()}, ${next()})`);
    const isOffline = at % OFFLINE_EVERY === OFFLINE_EVERY - 1;
    site.alter = isOffline ? () => null : undefined;
    await page.goto(site.url);
    const { outcome, number, text } = await page.evaluate(lookUpOf(demo.exact));
    ends[outcome] = (ends[outcome] ?? 0) + 1;
    if (outcome === 'found') assert.equal(Number(number), demo.exact.number, what);
    else {
      assert.ok(isOffline, `${what}: with a network, ${outcome}`);
      assert.match(text, /bilik|\.js|\.html|\.wasm|[mdtsp]\/[0-9a-f]{8}/, `${what}: names what is missing`);
    }
    // The next damage begins from a device that has everything again.
    if (isOffline) {
      site.alter = undefined;
      await page.goto(site.url);
      const healed = await page.evaluate(lookUpOf(demo.exact));
      assert.equal(healed.outcome, 'found', `${what}: once there is a network again`);
    }
  }
  t.diagnostic(JSON.stringify(ends));
});

const lookUpOf = (voter) => `(${lookUp})(${JSON.stringify(voter)}, ${PATIENCE_MS})`;
