/**
 * Milliseconds for the derivations of one lookup by `near` with two words, at the cost of a real election: the page's pool with
 * two workers, with one, and hash-wasm, alternately in one run. Prints a table and asserts nothing: what else the machine does
 * shows in all of them.
 */
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { createRequire } from 'node:module';
import { loadavg } from 'node:os';

const ROOT = new URL('../../', import.meta.url);
const { chromium } = createRequire(new URL('tests/browser/package.json', ROOT))('playwright-core');
const ROUNDS = Number(process.env.BILIK_ROUNDS ?? 5);
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];
const QUIET = ['--disable-component-update', '--disable-sync'];

/** As `KeySearch::to_bytes` has it: the cost, then of each the salt, the pepper bits and the details. */
function search() {
  const details = Buffer.from('390101120190 SOMEBODY OF A VILLAGE');
  const asked = [4, 6, 6].map((bits, at) => {
    const length = Buffer.alloc(2);
    length.writeUInt16LE(details.length);
    return Buffer.concat([Buffer.alloc(32, at), Buffer.of(bits), length, details]);
  });
  const cost = Buffer.alloc(8);
  cost.writeUInt32LE(19_456, 0);
  cost.writeUInt32LE(2, 4);
  return [...Buffer.concat([cost, ...asked])];
}
const COUNT = 16 + 64 + 64;

const TYPES = { html: 'text/html', js: 'text/javascript', wasm: 'application/wasm' };
const HASH_WASM = 'benches/pool/node_modules/hash-wasm/dist/argon2.umd.min.js';

const server = http.createServer(async ({ url = '' }, response) => {
  const path = url === '/hash-wasm.js' ? HASH_WASM : /^\/(?:pkg|www)\//.test(url) ? url.slice(1) : `benches/pool${url}`;
  const page = Buffer.from('<!doctype html><title>Bench</title><script type="module" src="page.js"></script>');
  const body = url === '/' ? page : await readFile(new URL(path, ROOT)).catch(() => undefined);
  response.setHeader('content-type', TYPES[url === '/' ? 'html' : (url.split('.').at(-1) ?? '')] ?? 'text/plain');
  response.writeHead(body ? 200 : 404).end(body);
});
await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));

const executablePath = process.env.BILIK_CHROMIUM ?? '/usr/bin/chromium';
const browser = await chromium.launch({ executablePath, args: [...ARGS, ...QUIET] });
try {
  const page = await browser.newPage();
  page.on('pageerror', (error) => console.error(error.message));
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  await page.waitForFunction(() => 'bench' in globalThis);
  const bytes = search();
  const { first, turns } = await page.evaluate((search) => globalThis.bench.begin(search), bytes);
  const took = { two: [], one: [], hashWasm: [] };
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const who of Object.keys(took)) {
      const ms = await page.evaluate(([who, search, count]) => globalThis.bench.derive(who, search, count), [who, bytes, COUNT]);
      took[who].push(ms);
    }
  }
  const median = (list) => [...list].sort((a, b) => a - b)[Math.floor(list.length / 2)];
  const ratios = (above, below) => median(took[above].map((ms, at) => ms / took[below][at])).toFixed(2);
  const names = { two: 'two workers', one: 'one worker', hashWasm: 'hash-wasm' };
  console.log(`${COUNT} derivations (19,456 KiB, 2 passes), Chromium ${browser.version()}; load ${loadavg().map((load) => load.toFixed(1)).join(' ')}`);
  for (const [who, name] of Object.entries(names)) {
    const all = took[who].map((ms) => ms.toFixed(0)).join(', ');
    console.log(`${name.padEnd(12)} ${median(took[who]).toFixed(0).padStart(6)} ms   ${(median(took[who]) / COUNT).toFixed(1)} ms each   (${all})`);
  }
  console.log(`two workers / one worker  ${ratios('two', 'one')}   (0.7 at most on two quiet cores)`);
  console.log(`hash-wasm / one worker    ${ratios('hashWasm', 'one')}`);
  console.log(`hash-wasm / two workers   ${ratios('hashWasm', 'two')}`);
  console.log(`the first derivations of a worker: ${first.map((ms) => ms.toFixed(0)).join(', ')} ms`);
  console.log(`a turn of the event loop: ${turns.message.toFixed(3)} ms by a message, ${turns.timer.toFixed(3)} ms by a timer`);
} finally {
  await browser.close();
  server.close();
}
