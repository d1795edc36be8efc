/**
 * What the module's work takes in three engines, in turns. Prints JSON for benches/report/write.mjs: milliseconds, a number a round.
 *
 *   node benches/report/browser.mjs SITE KEY.pub VOTERS.csv STEPS
 *   BILIK_ROUNDS=5
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { ENGINES } from '../../tests/engines/engines.mjs';
import { search } from './search.mjs';
import { serve } from './serve.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const ROUNDS = Number(process.env.BILIK_ROUNDS ?? 5);
/** One call of a driver; the names of a country take seconds on a busy machine. */
const LIMIT_MS = 120_000;
/** Typed letter by letter into the search for villages: from eight letters on two slips in a word are forgiven. */
const VILLAGES = ['mayagiri', 'sukamakmur'];
/** All voters of the district in one table: more than any file of it has. */
const KEYS = 28_000;
const [site, keyFile, roll, steps] = process.argv.slice(2);

/** Somebody with a name of two words, found by nothing else. */
const [nik, name] = readFileSync(roll, 'utf8')
  .split('\n')
  .slice(1)
  .map((line) => line.split(','))
  .filter(([, name]) => /^[A-Z]{4,} [A-Z]{4,}$/.test(name))[0];
const setup = { publicKey: readFileSync(keyFile, 'utf8').trim(), nik: nik.slice(0, 12), name };

const server = await serve('page.js', (path) => {
  if (path.startsWith('/pkg/')) return ROOT + path.slice(1);
  if (path.startsWith('/site/')) return site + path.slice('/site'.length);
  if (path.startsWith('/steps/')) return steps + path.slice('/steps'.length);
  return `${ROOT}benches/report/page${path}`;
});
const ask = (visit, what, asked) => visit.evaluate((what, asked) => globalThis.bench.ask(what, asked), what, asked);

const engines = [];
/** Milliseconds by engine and by what was measured. @type {Record<string, Record<string, number[]>>} */
const took = {};
try {
  for (const start of Object.values(ENGINES)) engines.push(await start({ limit: LIMIT_MS }));
  for (let round = 0; round < ROUNDS; round += 1) {
    for (const engine of engines) {
      const visit = await engine.open(server.url);
      for (const [what, ms] of Object.entries(await measure(visit))) ((took[engine.name] ??= {})[what] ??= []).push(...[ms].flat());
      await visit.close();
    }
  }
} finally {
  for (const engine of engines) await engine.close();
  await server.stop();
}
console.log(JSON.stringify({ rounds: ROUNDS, engines: Object.fromEntries(engines.map(({ name, version }) => [name, version])), took }));

async function measure(visit) {
  for (const late = Date.now() + 10_000; Date.now() < late && !(await visit.evaluate(() => 'bench' in globalThis)); );
  await visit.evaluate(() => globalThis.bench.begin());
  const { compile, instantiate } = await ask(visit, 'start');
  const [first] = await ask(visit, 'first', { search: search(4) });
  const derive = await ask(visit, 'derive', { search: search(4), turns: 10 });
  // The first opening fetches the files.
  await ask(visit, 'open', { setup });
  const opened = [];
  for (let turn = 0; turn < 5; turn += 1) opened.push(await ask(visit, 'open', { setup }));
  const median = (what) => opened.map(what).sort((one, other) => one - other)[2];
  const lookup = await ask(visit, 'lookup', { setup, turns: 100 });
  const { fold, refuse } = await ask(visit, 'steps', { name, keys: KEYS, turns: 10_000 });
  const searches = [];
  for (const village of VILLAGES)
    for (let length = 1; length <= village.length; length += 1)
      searches.push(await ask(visit, 'villages', { setup, query: village.slice(0, length) }));
  const [names, ...keystroke] = searches;
  return {
    compile,
    instantiate,
    first,
    derive,
    root: median(({ before }) => before),
    table: median(({ after }) => after),
    lookup,
    fold,
    refuse,
    names,
    keystroke,
  };
}
