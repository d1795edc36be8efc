/** Called by tests/outside.sh: prints the whole table, and ends with 1 where a cell is blank, silent or wrong. */
import { end } from '../browser/stage.mjs';
import { ENGINES } from './engines.mjs';
import { KINDS, OUTSIDE, PLACES, meet, stage } from './outside.mjs';

const words = (name, all) => process.env[name]?.match(/\S+/g) ?? all;
const engines = words('BILIK_ENGINES', Object.keys(ENGINES));
const names = words('BILIK_OUTSIDE', Object.keys(OUTSIDE));
const seconds = (ms) => (ms / 1_000).toFixed(1);

let bad = 0;
const demo = await stage();
console.log(['what', 'engine', 'place', ...KINDS].join(' | '));
for (const engineName of engines) {
  const engine = await ENGINES[engineName]();
  for (const name of names) {
    for (const place of PLACES.filter((place) => place === 'page' || !OUTSIDE[name].only)) {
      const cells = [];
      for (const kind of KINDS) {
        const met = await meet(engine, demo, { name, kind, place }).catch(({ message }) => ({
          end: message,
          ms: 0,
          isRight: false,
        }));
        if (!met.isRight) bad += 1;
        cells.push(`${met.isRight ? '' : 'BAD '}${met.end} ${seconds(met.ms)}`);
      }
      console.log([name, engineName, place, ...cells].join(' | '));
    }
  }
  await engine.close();
}
console.log(`${bad} bad cells`);
await end();
process.exit(bad ? 1 : 0);
