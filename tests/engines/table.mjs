/** The table of faults: see tests/faults.sh. */
import { end } from '../browser/stage.mjs';
import { afterOneLookup, beforeAnyLookup } from './absence.mjs';
import { ENGINES } from './engines.mjs';
import { FAULTS } from './faults.mjs';
import { Rig, byModule, byPage } from './rig.mjs';

const named = (value, all) => (value ? value.split(/[\s,]+/).filter(Boolean) : all);
const { BILIK_TRIES, BILIK_ENGINES, BILIK_FAULTS, BILIK_WAY = 'page', BILIK_VOTERS = '28000' } = process.env;
const engines = named(BILIK_ENGINES, Object.keys(ENGINES));
const ABSENCES = ['offline', 'unreachable'];
const ALL = [...FAULTS.map(({ name }) => name), ...ABSENCES];
const WAYS = { page: byPage, module: byModule };
const wanted = named(BILIK_FAULTS, ALL);
const faults = FAULTS.filter(({ name }) => wanted.includes(name));
const way = WAYS[BILIK_WAY];
/** The least number of counted tries. */
const triesIn = (engine) => {
  const usual = engine === 'chromium' ? 20 : 5;
  return BILIK_TRIES ? Math.min(Number(BILIK_TRIES), engine === 'chromium' ? Infinity : usual) : usual;
};
/** A mirror is asked first in every second try; with bad luck for so long, the table says so. */
const atMost = (tries) => 6 * tries + 10;

const choices = [
  ['engine', engines, Object.keys(ENGINES)],
  ['fault', wanted, ALL],
  ['way', [BILIK_WAY], Object.keys(WAYS)],
];
for (const [what, names, there] of choices) {
  const unknown = names.filter((name) => !there.includes(name));
  if (!unknown.length) continue;
  console.error(`no ${what} is called ${unknown.join(', ')}; expected: ${there.join(', ')}`);
  process.exit(2);
}

let bad = 0;
/** The columns, and how wide each is; names stand on the left. @type {Record<string, number>} */
const COLUMNS = {
  ...{ engine: -9, fault: -20, tries: 5, of: 4, 'median s': 9, 'worst s': 8 },
  ...{ 'later: median': 14, worst: 6, wrong: 6, missing: 8, named: 6 },
};
const cell = (text, width) => (width < 0 ? String(text).padEnd(-width) : String(text).padStart(width));
const line = (cells) =>
  console.log(
    Object.values(COLUMNS)
      .map((width, at) => cell(cells[at], width))
      .join(' '),
  );
const seconds = (ms) => (Number.isFinite(ms) ? (ms / 1000).toFixed(2) : '-');
const median = (numbers) => {
  const sorted = [...numbers].sort((a, b) => a - b);
  return (sorted[Math.floor((sorted.length - 1) / 2)] + sorted[Math.ceil((sorted.length - 1) / 2)]) / 2;
};

/** One line of the table; gives the median. */
async function row(rig, engine, name, how, healthy) {
  const tries = triesIn(engine.name);
  /** @type {import('./rig.mjs').Try[]} */
  const all = [];
  while (all.filter(({ counted }) => counted).length < tries && all.length < atMost(tries)) {
    all.push(await rig.attempt(engine, { ...how, way }));
  }
  const counted = all.filter(({ counted }) => counted);
  const times = counted.filter(({ verdict }) => verdict === 'right').map(({ ms }) => ms);
  const [middle, worst] = [median(times), Math.max(...times)];
  // A wrong or a missing answer is one, whichever mirror was asked first.
  const [wrong, missing] = ['wrong', 'missing'].map((verdict) => all.filter((one) => one.verdict === verdict));
  bad += wrong.length + missing.length;
  const later = how.fault ? [middle - healthy, worst - healthy].map(seconds) : ['', ''];
  const diagnosed = how.fault ? counted.filter(({ named }) => named).length : '';
  const tried = [engine.name, name, counted.length, all.length, seconds(middle), seconds(worst)];
  line([...tried, ...later, wrong.length, missing.length, diagnosed]);
  const [first] = [...wrong, ...missing];
  if (first) console.log(`          for example ${first.outcome}: ${first.problems.join('; ')}`);
  return middle;
}

async function table(rig, engine) {
  const healthy = {};
  // An engine's first pages take longer, whatever befalls a mirror.
  for (let tries = 0; tries < 3; tries += 1) await rig.attempt(engine, { way });
  for (const touched of [false, true]) {
    if (!faults.some(({ afterTouch = false }) => afterTouch === touched)) continue;
    await rig.heal();
    healthy[touched] = await row(rig, engine, touched ? 'nothing, after touch' : 'nothing', { touched });
  }
  for (const fault of faults) {
    await rig.befall(fault);
    await row(rig, engine, fault.name, { fault }, healthy[fault.afterTouch ?? false]);
  }
  await rig.heal();
  // So that it can be seen whether the machine had other things to do meanwhile.
  await row(rig, engine, 'nothing, again', {});
}

/** A sentence about one of the cases in which nobody is in reach. */
async function say(what, work) {
  const { good, text } = await work().catch((error) => ({ good: false, text: error.message }));
  if (!good) bad += 1;
  console.log(`${good ? 'ok    ' : 'NOT ok'}  ${what}: ${text}`);
}

async function absences(rig, engine) {
  if (wanted.includes('offline')) {
    await say(`${engine.name}, all stopped after one lookup, page reloaded`, async () => {
      const { wanted, shown } = await afterOneLookup(engine, rig);
      const [stations, expected] = [shown, wanted].map((numbers) => numbers.join(' and '));
      return { good: stations === expected, text: `stations ${stations}, expected ${expected}` };
    });
  }
  if (!wanted.includes('unreachable')) return;
  for (const absence of /** @type {const} */ (['stopped', 'stalled'])) {
    await say(`${engine.name}, all mirrors ${absence} before any lookup`, async () => {
      const { outcome, seconds, wanted, shown, answeredAfter } = await beforeAnyLookup(engine, rig, absence);
      const right = shown === wanted;
      const then = right ? `answered ${answeredAfter.toFixed(1)} s after one came back` : `then ${shown}, expected ${wanted}`;
      return { good: outcome === 'unreachable' && right, text: `${outcome} after ${seconds.toFixed(1)} s, ${then}` };
    });
  }
}

async function everything() {
  const rig = await Rig.build(Number(BILIK_VOTERS));
  console.log(`Measured by ${way.measured}.`);
  console.log('Tries: those in which the sick mirror was asked first; of: all tries.');
  console.log('Later: than the median of that engine with nothing sick. Wrong, missing: of all tries.');
  console.log('Named: tries whose diagnostics name the sick mirror.\n');
  if (faults.length) line(Object.keys(COLUMNS));
  for (const name of engines) {
    const engine = await ENGINES[name]();
    try {
      if (faults.length) await table(rig, engine);
      await absences(rig, engine);
    } finally {
      await engine.close();
    }
  }
  console.log(bad ? `\n${bad} answers were wrong or missing` : '\nevery answer was right');
}

try {
  await everything();
} catch (error) {
  bad += 1;
  console.error(error);
}
await end();
process.exit(bad ? 1 : 0);
