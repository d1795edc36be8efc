/**
 * Whether somebody was found is not to be told from the load of the device. A page around Bilik's frame measures it with two
 * counting workers, in three engines: what the best threshold learns from half of the lookups is worth nothing on the others.
 * And the spy is a good one: where a lookup ends at its first hit, as it did once, it knows.
 */
import assert from 'node:assert/strict';
import { find, makeDemo, rebuild, serve } from '../browser/stage.mjs';
import { WHOLE, before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';
import * as spy from './spy.mjs';

/** Lookups of each kind, found and not found; half of them teach, and half test. `BILIK_SPY=100` for an exact figure. */
const EACH = Number(process.env.BILIK_SPY ?? 20);
const EACH_EARLY = 10;
/** A blind guess fails this test at most once in this number of runs. */
const RARITY = 10_000;
const KNOWS = 0.8;
const CLEARLY = 0.7;

/** How long everything is left in peace before the press: what is calm there is what the load is measured against. */
const QUIET_MS = 300;
const CALIBRATIONS = 5;
/** On a machine that does nothing else, the spy counts at full speed before the press. */
const CALM = 0.85;

/**
 * A lookup of 128 derivations, and up to 80 more for likely slips in the digits, takes some 700 ms by two workers beside two
 * that count.
 */
const COST = (toml) => toml.replace(/memory_kib = \d+/, 'memory_kib = 4096').replace(/passes = \d+/, 'passes = 1');
const VOTERS = 12;

/** @typedef {import('./spy.mjs').Tried & { calm: number }} Tried */

let demo;
let voters;
before(async () => {
  demo = await rebuild(await makeDemo(800), { toml: COST });
  voters = await foundByFirstWord();
});

/** Voters who are found by the first word of their name, in the village of their station; whatever the second one is. */
async function foundByFirstWord() {
  const found = [];
  for (const { nik, name, station } of demo.roll) {
    if (!station.startsWith(nik.slice(0, 6)) || !/^[A-Z]{5,} [A-Z]{5,}$/.test(name)) continue;
    const voter = { nik, first: name.split(' ')[0], village: station.slice(0, 10) };
    const { outcome, by } = await find(demo, { ...voter, name: misspelt(voter, 0) });
    if (outcome === 'found' && by === 'near') found.push(voter);
    if (found.length === VOTERS) return found;
  }
  throw new Error(`the roll has no ${VOTERS} such voters`);
}

/** Words that no voter bears; each question is a new one. */
const strange = (at) => `Rekaan${String.fromCharCode(97 + (at % 26), 97 + (Math.floor(at / 26) % 26))}k`;
const misspelt = ({ first }, at) => `${first} ${strange(at)}`;
const stranger = (at) => `Takada${strange(at).slice(6)} ${strange(at + 1)}`;

/** Questions of both kinds for the same digits and village, one after the other in random order. */
function questions(each) {
  const pairs = Array.from({ length: each }, (_, at) => {
    const voter = voters[at % voters.length];
    const { nik, village } = voter;
    return [
      { isFound: true, question: { nik, village, name: misspelt(voter, at) } },
      { isFound: false, question: { nik, village, name: stranger(at) } },
    ];
  });
  return pairs.flatMap(shuffled);
}

const shuffled = (list) =>
  list
    .map((one) => [Math.random(), one])
    .sort(([a], [b]) => a - b)
    .map(([, one]) => one);

/** Some lookups, spied on. @returns {Promise<Tried[]>} */
async function spied(engine, asked, { worker } = {}) {
  const frames = await serve(demo.site);
  spy.driveFrames(frames, { worker });
  const visit = await engine.open(await spy.spyingPage(frames));
  const watch = (one, ms) =>
    visit.evaluate((...how) => globalThis.spyOn(...how), { ...one.question, isFound: one.isFound }, QUIET_MS, ms);
  try {
    // The first ones fetch, compile and warm up; the others tell how long the spy has to look.
    const took = [];
    for (const one of asked.slice(-CALIBRATIONS)) took.push((await watch(one, 0)).took);
    const windowMs = Math.ceil(Math.max(...took.slice(1)) * 1.3);
    const tried = [];
    for (const one of asked) {
      const seen = await watch(one, windowMs);
      if (!worker) assert.equal(seen.outcome, one.isFound ? 'found' : 'not_found', one.question.name);
      const { calm, counted } = spy.features(seen, windowMs);
      tried.push({ isFound: one.isFound, calm, features: { took: seen.took, ...counted } });
    }
    return tried;
  } finally {
    await visit.close();
  }
}

/**
 * The worker as it was: a lookup that finds by the first word ends with the key that opens, any of that word's 64 (the 16 of the
 * whole name are there from the question without the village); and slips are looked for after a miss only. The pool does not know which keys open: the frame tells it.
 */
function endingEarly(body) {
  const early = `globalThis.bilikEarly=async function*(pool,search,keys){
    const most=(globalThis.bilikMost??[]).shift()??keys;
    const some=yield* pool.derive(search,Math.min(most,keys));const all=new Uint8Array(keys*32);all.set(some);return all};
    addEventListener('message',({data})=>{
      if(data?.method==='lookup')globalThis.bilikMost=data.spied?[Math.ceil(Math.random()*64),0]:[]});`;
  const altered = body.replace(
    /derive:\((\w+),(\w+)\)=>(\w+)\.derive\(\1,\2\)/,
    'derive:($1,$2)=>globalThis.bilikEarly($3,$1,$2)',
  );
  assert.notEqual(altered, body, 'the worker has another form than this test knows');
  return early + altered;
}

/** What the spy learnt from every second pair is tried on the others: what else the machine does changes in the meantime. @param {Tried[]} tried */
function judged(tried) {
  const teaches = (_, at) => at % 4 < 2;
  const others = tried.filter((one, at) => !teaches(one, at));
  const classifier = spy.train(tried.filter(teaches));
  return { ...classifier, right: spy.test(classifier, others), of: others.length };
}

/** The same by the counting alone. @param {Tried[]} tried */
const judgedByCounts = (tried) => judged(tried.map(({ features: { took: _, ...features }, ...one }) => ({ ...one, features })));

const mean = (numbers) => numbers.reduce((sum, one) => sum + one, 0) / numbers.length;

/** @param {import('node:test').TestContext} t @param {string} what @param {Tried[]} tried */
function report(t, what, tried) {
  const [all, counts] = [judged(tried), judgedByCounts(tried)];
  const means = ['took', 'lost', 'busy', 'end'].map((name) => {
    const of = (isFound) =>
      mean(tried.filter((one) => one.isFound === isFound).map(({ features }) => features[name])).toFixed(0);
    return `${name} ${of(true)} / ${of(false)} ms`;
  });
  const calm = mean(tried.map(({ calm }) => calm));
  t.diagnostic(
    `${what}: ${all.right} of ${all.of} told rightly (by "${all.name}"); by counting alone ${counts.right} (by "${counts.name}")`,
  );
  t.diagnostic(`found / not found: ${means.join(', ')}; before the press ${(calm * 100).toFixed(0)} % of full speed`);
  return { all, counts, isCalm: calm > CALM };
}

for (const [name, start] of Object.entries(ENGINES)) {
  test(name, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());

    await t.test('a page that counts cannot tell found from not found', WHOLE, async (t) => {
      const tried = await spied(engine, questions(EACH));
      const { all, counts } = report(t, name, tried);
      for (const { right, of, name } of [all, counts])
        assert.ok(right < spy.unlikely(of, RARITY), `${right} of ${of} by "${name}"`);
    });

    await t.test('it could if a lookup ended at its first hit', WHOLE, async (t) => {
      const tried = await spied(engine, questions(EACH_EARLY), { worker: endingEarly });
      const { all, isCalm } = report(t, `${name}, ending early`, tried);
      const took = (isFound) => mean(tried.filter((one) => one.isFound === isFound).map(({ features }) => features.took));
      // Where other programs keep the cores busy, one lookup tells little, and all of them together enough.
      assert.ok(took(true) < CLEARLY * took(false), `${took(true)} and ${took(false)} ms`);
      if (isCalm) assert.ok(all.right >= KNOWS * all.of, `${all.right} of ${all.of} by "${all.name}"`);
    });
  });
}
