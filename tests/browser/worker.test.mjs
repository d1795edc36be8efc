/** While the module derives keys, the page goes on: a worker does the work. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { NO_HTTP_CACHE, ask, chooseAny, digitsOf, makeDemo, open, rebuild, screen, serve } from './stage.mjs';

/** A derivation of some seven times the default cost; one by `full`, and four for each word by `near`. */
const COSTLY = (toml) =>
  toml
    .replace(/memory_kib = \d+/, 'memory_kib = 65536')
    .replace(/passes = \d+/, 'passes = 4')
    .replace(/full_pepper_bits = \d+/, 'full_pepper_bits = 0')
    .replace(/near_pepper_bits = \d+/, 'near_pepper_bits = 2');

let demo;
let site;
before(async () => {
  const light = await makeDemo(500);
  // A handful of voters, since each costs the builder four of these derivations.
  const prefix = light.stranger.nik.slice(0, 6);
  let neighbours = 0;
  const voters = (line) => digitsOf(line).startsWith(prefix) && ++neighbours <= 4;
  demo = await rebuild(light, { toml: COSTLY, voters });
  site = await serve(demo.site);
});

/**
 * From now on the page writes down its longest gap between two turns of its own, and when derivations are told of.
 * Works in the page: it is handed over as a whole.
 */
function watch() {
  globalThis.measured = { longest: 0, told: [] };
  const { measured } = globalThis;
  const { port1, port2 } = new MessageChannel();
  let last = performance.now();
  // A message to oneself is a turn as soon as the page has one to give; a timer would wait by itself.
  port1.onmessage = () => {
    const now = performance.now();
    if (measured.watching) measured.longest = Math.max(measured.longest, now - last);
    last = now;
    setTimeout(() => port2.postMessage(''), 1);
  };
  port2.postMessage('');
  globalThis.tell = ({ step, done, of }) => {
    // Neither the search by the whole name, nor that for slips in the digits.
    if (step !== 'derive' || of <= 5) return;
    measured.watching = true;
    measured.of = of;
    measured.told.push({ done, at: performance.now() });
  };
}

/** A lookup by `near` of somebody who is on no roll, on the page: all peppers are tried. */
async function longLookup(page) {
  await ask(page, demo.stranger, 'village_needed');
  await chooseAny(page, 'not_found');
  const { longest, told, of } = await page.evaluate(() => globalThis.measured);
  assert.ok(of > 5, `${of} derivations`);
  // Two workers may give their keys in one turn.
  assert.ok(told.length > of / 2 && told.every(({ done }, at) => done >= (told[at - 1]?.done ?? 0)), 'the progress is smooth');
  assert.equal(told.at(-1).done, of, 'and ends with the last derivation');
  return { longest, derivation: (told.at(-1).at - told[0].at) / of };
}

test('during a costly lookup the page never waits for a derivation', async (t) => {
  const page = await open(site.url, {
    before: async (page) => {
      await page.addInitScript(watch);
      await page.addInitScript(() => {
        globalThis.Worker = class extends Worker {
          constructor(...how) {
            super(...how);
            this.addEventListener('message', ({ data }) => data.progress && globalThis.tell(data.progress));
          }
        };
      });
    },
  });
  const { longest, derivation } = await longLookup(page);
  t.diagnostic(`longest gap ${longest.toFixed(0)} ms, one derivation ${derivation.toFixed(0)} ms`);
  assert.ok(longest < derivation, `a gap of ${longest} ms, where a derivation comes every ${derivation} ms`);
  assert.deepEqual(page.trouble, []);
});

test('where no worker can be had the page answers all the same, and there each derivation is a gap', async (t) => {
  const page = await open(site.url, {
    before: async (page) => {
      await page.route('**/on-page.js', (route) => route.abort());
      await page.addInitScript(watch);
      await page.addInitScript(() => {
        globalThis.Worker = class {
          constructor() {
            throw new Error('no workers here');
          }
        };
        // What worker.js gives to a page that runs the module itself.
        Object.defineProperty(globalThis, Symbol.for('bilik'), {
          set: (instantiate) => Object.defineProperty(globalThis, 'instantiate', { value: instantiate }),
          get:
            () =>
            async (...how) => {
              const instance = await globalThis.instantiate(...how);
              const run = (call, options) => {
                const onProgress = (progress) => {
                  globalThis.tell(progress);
                  options.onProgress?.(progress);
                };
                return instance.run(call, options && { ...options, onProgress });
              };
              return { ...instance, run };
            },
        });
      });
    },
  });
  const { longest, derivation } = await longLookup(page);
  t.diagnostic(`longest gap ${longest.toFixed(0)} ms, one derivation ${derivation.toFixed(0)} ms`);
  // The measure itself: without the worker the very same watch sees what the other test forbids.
  assert.ok(longest > derivation / 2, `a gap of ${longest} ms, where a derivation takes ${derivation} ms`);
  assert.deepEqual(page.trouble, []);
});

/** Lines before worker.js: it breaks down over every lookup, as a damaged module does. */
const TRAP = `addEventListener('message', (event) => {
  if (event.data.method !== 'lookup') return;
  event.stopImmediatePropagation();
  setTimeout(() => { throw new WebAssembly.RuntimeError('unreachable'); });
});
`;

test('a module that breaks down is tried once more, from a fresh copy, and then the page says so', async () => {
  const light = await makeDemo(500);
  const server = await serve(light.site);
  server.says = NO_HTTP_CACHE;
  let traps = 1;
  server.alter = (path, body) => (path === 'worker.js' && traps-- > 0 ? Buffer.concat([Buffer.from(TRAP), body]) : undefined);
  const page = await open(server.url);
  await ask(page, light.exact, 'found');
  assert.equal(server.asked().filter((path) => path === '/pkg/bilik_bg.wasm').length, 2, 'the copy is fetched again');
  traps = Infinity;
  const other = await open(server.url);
  await other.locator('#nik').fill(light.exact.nik);
  await other.locator('#name').fill(light.exact.name);
  await other.locator('#ask').click();
  const answer = await screen(other, 'broken');
  assert.match(await answer.locator('details').textContent(), /the module broke down/);
  traps = 0;
  await answer.getByRole('button', { name: 'Coba lagi' }).click();
  await screen(other, 'found');
});
