/**
 * One derivation at the cost of a real election by other libraries, in turns: in Chromium, and natively by python (native.py). Prints
 * JSON for benches/report/write.mjs.
 *
 *   node benches/peers/argon2.mjs WORK PYTHON
 *   BILIK_ROUNDS=5
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { startChromium } from '../../tests/engines/chromium.mjs';
import { COST, DETAILS, SALT, search } from '../report/search.mjs';
import { serve } from '../report/serve.mjs';
import { brotli } from '../report/sizes.mjs';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const ROOT = join(HERE, '../..');
const esbuild = createRequire(join(ROOT, 'tests/browser/package.json'))('esbuild');
const ROUNDS = Number(process.env.BILIK_ROUNDS ?? 5);
const TURNS = 10;
const [work, python] = process.argv.slice(2).map((path) => resolve(path));

/** What `Details` and a pepper of 0 give Argon2id. */
const password = [...DETAILS, 0, 0, 0, 0];
const cost = { ...COST, password, salt: [...SALT], search: search(0) };
/** libsodium takes salts of 16 bytes only: the work is the same. */
const short = { ...cost, salt: [...SALT.subarray(0, 16)] };
const bundle = (contents, outfile) =>
  esbuild.buildSync({
    stdin: { contents, resolveDir: HERE },
    outfile: join(work, outfile),
    external: ['fs', 'path', 'crypto', '/pkg/*'],
    bundle: true,
    minify: true,
    format: 'esm',
    target: 'es2022',
    logLevel: 'error',
  });
mkdirSync(work, { recursive: true });
bundle("import './argon2.js'", 'argon2.js');

const package_ = (path) => join(HERE, 'node_modules', path);
/** What a page would fetch of each. @type {Record<string, () => number>} */
const code = {
  bilik: () => 0,
  'hash-wasm': () => library("export { argon2id } from 'hash-wasm'"),
  openpgpjs: () => library("export { default } from 'argon2id/lib/setup.js'") + brotli(package_('argon2id/dist/simd.wasm')),
  'libsodium.js': () => library("export { default } from 'libsodium-wrappers-sumo'"),
  'argon2-browser': () => library("export { default } from 'argon2-browser/dist/argon2-bundled.min.js'"),
};
let bundles = 0;
function library(contents) {
  const file = `library-${(bundles += 1)}.js`;
  bundle(contents, file);
  return brotli(join(work, file));
}

const server = await serve('/argon2.js', (path) => {
  if (path.startsWith('/pkg/')) return ROOT + path;
  if (path.startsWith('/argon2id/')) return package_(`argon2id/dist/${path.slice('/argon2id/'.length)}`);
  return join(work, path);
});
const engine = await startChromium({ limit: 60_000 });
const result = { rounds: ROUNDS, engine: engine.version, cost: COST, browser: {}, native: {} };
try {
  const visit = await engine.open(server.url);
  for (const late = Date.now() + 10_000; Date.now() < late && !(await visit.evaluate(() => 'bench' in globalThis)); );
  const hashes = new Map();
  for (const name of Object.keys(code)) {
    const { ms, hash } = await visit.evaluate((name, cost) => globalThis.bench.first(name, cost), name, name === 'bilik' ? cost : short);
    hashes.set(name, String(hash));
    result.browser[name] = { first: ms, ms: [], code: code[name]() };
  }
  // All compute the same function: ours is compared where a salt may be longer.
  const { hash } = await visit.evaluate((name, cost) => globalThis.bench.first(name, cost), 'hash-wasm', cost);
  const expected = (name) => (name === 'bilik' ? String(hash) : hashes.get('hash-wasm'));
  for (const [name, hash] of hashes) if (hash !== expected(name)) throw new Error(`${name} derives another key`);
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const name of Object.keys(code)) {
      result.browser[name].ms.push(await visit.evaluate((name, cost, turns) => globalThis.bench.time(name, cost, turns), name, short, TURNS));
    }
    for (const [name, ms] of Object.entries(native())) (result.native[name] ??= []).push(ms);
  }
} finally {
  await engine.close();
  await server.stop();
}
console.log(JSON.stringify(result));

/** Milliseconds a call by libraries of C. @returns {Record<string, number>} */
function native() {
  writeFileSync(join(work, 'cost.json'), JSON.stringify({ ...COST, password, salt: [...SALT], turns: 3 * TURNS }));
  return JSON.parse(execFileSync(python, [join(HERE, 'native.py'), join(work, 'cost.json')], { encoding: 'utf8' }));
}
