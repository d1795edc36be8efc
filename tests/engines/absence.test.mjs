/** Nobody is in reach: a phone that has asked once needs no network, and one that has not says so and keeps asking. */
import assert from 'node:assert/strict';
import { PART, WHOLE, before, test } from '../limits.mjs';
import { afterOneLookup, beforeAnyLookup } from './absence.mjs';
import { ENGINES } from './engines.mjs';
import { Rig } from './rig.mjs';

/** @type {Rig} */
let rig;
before(async () => {
  rig = await Rig.build(1_500);
});

for (const [name, start] of Object.entries(ENGINES)) {
  test(name, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    await t.test(
      'everything stops after one lookup: the page reloads and answers for voters of that district',
      PART,
      async () => {
        const { wanted, shown } = await afterOneLookup(engine, rig);
        assert.deepEqual(shown, wanted);
      },
    );
    await t.test('all stop before any lookup: unreachable; answered without a click once one is back', PART, async () => {
      const { outcome, problems, wanted, shown } = await beforeAnyLookup(engine, rig, 'stopped');
      assert.equal(outcome, 'unreachable');
      const isNamed = ({ url }) => problems.some((problem) => problem.startsWith(url));
      assert.ok([rig.a, rig.b].every(isNamed), problems.join('; '));
      assert.equal(shown, wanted);
    });
  });
}
