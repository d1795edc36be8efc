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
/** So many visits of Chromium's at a time: most of them wait. */
const AT_ONCE = 4;

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
  test(engineName, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    const { kinds, places } = PARTS[engineName];
    const cells = Object.keys(OUTSIDE).flatMap((name) =>
      kinds.flatMap((kind) =>
        places
          .filter((place) => !(place === 'frame' && (OUTSIDE[name].only || kind !== 'hang')))
          .map((place) => ({ name, kind, place })),
      ),
    );
    const queue = [...cells];
    const worker = async () => {
      for (let cell = queue.shift(); cell; cell = queue.shift()) {
        const { name, kind, place } = cell;
        await t.test(`${name}: ${kind}, ${place}`, PART, async () => {
          const { end, isRight, ms } = await meet(engine, demo, cell);
          assert.ok(isRight, `${end} after ${ms} ms`);
          assert.ok(
            end === 'found' || OUTSIDE[name].ends?.test(end) || OUTSIDE[name].act === 'browse',
            `${end} after ${ms} ms`,
          );
        });
      }
    };
    await Promise.all(Array.from({ length: engineName === 'chromium' ? AT_ONCE : 1 }, worker));
  });
}
