/**
 * Other ways to look up the voters of one district, in turns in Chromium. Prints JSON for benches/report/write.mjs.
 *
 *   node benches/peers/bench.mjs SITE KEY.pub ELECTION WORK FST       FST: the folder of the built crate, with `make`
 *   BILIK_ROUNDS=5
 */
import { copyFileSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChromium } from '../../tests/engines/chromium.mjs';
import { serve } from '../report/serve.mjs';
import { brotli } from '../report/sizes.mjs';
import { readVoters, writeData } from './data.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../..');
const esbuild = createRequire(join(ROOT, 'tests/browser/package.json'))('esbuild');
const ROUNDS = Number(process.env.BILIK_ROUNDS ?? 5);
const LIMIT_MS = 120_000;
const SAMPLE = 40;
const [site, keyFile, election, work, fst] = process.argv.slice(2).map((path) => resolve(path));

const modules = join(HERE, 'node_modules');
/** What the code of each fetches beside its script. @type {Record<string, Record<string, string>>} */
const PEERS = {
  bilik: { 'bilik.js': join(ROOT, 'pkg/bilik.js'), 'bilik_bg.wasm': join(ROOT, 'pkg/bilik_bg.wasm') },
  json: {},
  csv: {},
  hashes: {},
  buckets: {},
  fst: { 'fst.wasm': join(fst, 'bilik_bench_fst_bg.wasm') },
  sqljs: { 'sqljs.wasm': join(modules, 'sql.js/dist/sql-wasm-browser.wasm') },
  minisearch: {},
  pagefind: {},
  hyparquet: {},
  duckdb: {
    'duckdb.wasm': join(modules, '@duckdb/duckdb-wasm/dist/duckdb-eh.wasm'),
    'duckdb-worker.js': join(modules, '@duckdb/duckdb-wasm/dist/duckdb-browser-eh.worker.js'),
  },
};

const voters = readVoters(election);
rmSync(work, { recursive: true, force: true });
mkdirSync(work, { recursive: true });
await writeData(voters, join(work, 'data'), join(fst, 'make'));
for (const [name, assets] of Object.entries(PEERS)) {
  const out = join(work, 'code', name);
  mkdirSync(out, { recursive: true });
  esbuild.buildSync({
    entryPoints: [join(HERE, 'formats', `${name}.js`)],
    outfile: join(out, 'index.js'),
    alias: { 'bilik-bench-fst': join(fst, 'bilik_bench_fst.js') },
    external: ['fs', 'path', 'crypto', '/data/*'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  });
  for (const [file, from] of Object.entries(assets)) copyFileSync(from, join(out, file));
}
// Data that the page has in a folder of its own, code and data together.
const isCode = (path) => path.startsWith('/code/') || /^\/data\/pagefind\/(pagefind\.js|pagefind-worker\.js|wasm\..*)$/.test(path);

/** The file at a path of the page. */
function find(path) {
  if (path === '/page.js') return join(HERE, 'page.js');
  if (path.startsWith('/data/bilik/')) return join(site, path.slice('/data/bilik/'.length));
  return join(work, path);
}

/** Two words, so that Bilik finds them by the whole name; votes in the own district. */
const settled = voters.filter(({ nik, name, id }) => /^[A-Z]{4,} [A-Z]{4,}$/.test(name) && id.startsWith(nik.slice(0, 6)));
const sample = settled.filter((_, at) => at % Math.floor(settled.length / SAMPLE) === 0).slice(0, SAMPLE);
const stranger = { nik: sample[0].nik, name: 'BUKAN SIAPASIAPA' };
const setup = { publicKey: readFileSync(keyFile, 'utf8').trim(), nik: sample[0].nik };

let asked = [];
const server = await serve('/page.js', find, (path, bytes) => asked.push({ path, bytes }));
const engine = await startChromium({ limit: LIMIT_MS });
const result = { rounds: ROUNDS, engine: engine.version, voters: voters.length, peers: {} };
try {
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of Object.keys(PEERS)) {
      const one = (result.peers[name] ??= { open: [], first: [], lookup: [] });
      const visit = await engine.open(server.url);
      asked = [];
      try {
        one.open.push(await visit.evaluate((name, setup) => globalThis.bench.open(name, setup), name, setup));
        one.first.push(await visit.evaluate((voter) => globalThis.bench.first(voter), sample[0]));
        if (round === 0) {
          one.fetched = count(asked);
          one.wrong = check(name, await visit.evaluate((all) => globalThis.bench.answers(all), [...sample, stranger]));
        }
        // The first one was asked just now, and Bilik has its keys still.
        one.lookup.push(await visit.evaluate((all) => globalThis.bench.time(all), sample.slice(1)));
      } catch (error) {
        one.error = String(error);
      }
      await visit.close();
    }
  }
} finally {
  await engine.close();
  await server.stop();
}
for (const name of Object.keys(PEERS)) result.peers[name].all = all(name);
console.log(JSON.stringify(result));

/** Compressed bytes of code and of data that were asked for, and requests. A part of a file is sent as it is. */
function count(asked) {
  const sum = { code: 0, data: 0, requests: 0 };
  for (const { path, bytes } of asked) {
    if (path === '/page.js' || path.startsWith('/data/bilik/s/')) continue;
    const whole = statSync(find(path)).size === bytes;
    sum[isCode(path) ? 'code' : 'data'] += whole ? brotli(find(path)) : bytes;
    sum.requests += 1;
  }
  return sum;
}

/** How many answers are wrong, and how many of those who are there were not found. */
function check(name, answers) {
  const wanted = sample.map(({ station, id }) => (name === 'bilik' ? id : station));
  const missing = wanted.filter((_, at) => answers[at] === null).length;
  const wrong = wanted.filter((one, at) => answers[at] !== null && answers[at] !== one).length + (answers[sample.length] === null ? 0 : 1);
  return { wrong, missing, of: sample.length };
}

/** All that a peer has of the district, compressed; of Bilik by `full` and by `near`, without the rest of the country. */
function all(name) {
  if (name === 'bilik') return ['m', 't'].flatMap((kind) => files(join(site, kind))).reduce((sum, path) => sum + statSync(path).size, 0);
  const data = files(join(work, 'data', name)).filter((path) => !isCode(path.slice(work.length)));
  return data.reduce((sum, path) => sum + (name === 'hyparquet' ? statSync(path).size : brotli(path)), 0);
}

/** @param {string} folder @returns {string[]} */
function files(folder) {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name));
}
