/**
 * Whatever of the outside never answers, fails, takes its time or lies, a lookup ends in the right answer or in an outcome that
 * is true, within 20 s, and nothing is blank. Each engine meets a part of the table; tests/outside.sh prints the whole.
 */
import assert from 'node:assert/strict';
import { PART, WHOLE, before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';
import { KINDS, OUTSIDE, PLACES, limits, meet, stage } from './outside.mjs';

/** Chromium meets all of it on the page; the others what never answers and what lies. */
const PARTS = {
  chromium: { kinds: KINDS, places: PLACES },
  firefox: { kinds: ['hang', 'lie'], places: ['page'] },
  webkit: { kinds: ['hang'], places: ['page'] },
};
/** How many visits an engine makes at a time: most of them wait. WebKit's driver has one. */
const AT_ONCE = { chromium: 6, firefox: 3, webkit: 1 };

let demo;
before(async () => {
  demo = await stage();
});

test('each limit of the sources has its cell', () => {
  assert.deepEqual(
    limits().filter((name) => !OUTSIDE[name]),
    [],
  );
});

for (const [engineName, start] of Object.entries(ENGINES)) {
  test(engineName, { ...WHOLE, concurrency: AT_ONCE[engineName] }, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    const { kinds, places } = PARTS[engineName];
    const isWanted = (name, kind, place) => place === 'page' || (kind === 'hang' && !OUTSIDE[name].only);
    const cells = Object.keys(OUTSIDE).flatMap((name) =>
      kinds.flatMap((kind) => places.filter((place) => isWanted(name, kind, place)).map((place) => ({ name, kind, place }))),
    );
    const met = cells.map((cell) =>
      t.test(Object.values(cell).join(', '), PART, async () => {
        const { end, isRight, ms } = await meet(engine, demo, cell);
        const { ends, act } = OUTSIDE[cell.name];
        assert.ok(isRight && (end === 'found' || ends?.test(end) || act === 'browse'), `${end} after ${ms} ms`);
      }),
    );
    await Promise.all(met);
  });
}
