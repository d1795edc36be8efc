/**
 * Each engine and each fault once, and again until the sick mirror was asked first: the answer is right every time, and what
 * was refused is named in the diagnostics. How long it takes is for tests/faults.sh to print.
 */
import assert from 'node:assert/strict';
import { PART, WHOLE, before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';
import { FAULTS } from './faults.mjs';
import { Rig } from './rig.mjs';

/** A mirror is asked first in every second try: that none of 24 counts does not happen in a lifetime. */
const TRIES = 24;

/** @type {Rig} */
let rig;
before(async () => {
  // The table of such a district takes two seconds at 20 kB/s.
  rig = await Rig.build(16_000);
});

for (const [name, start] of Object.entries(ENGINES)) {
  test(name, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    await t.test('nothing is sick', PART, async () => {
      await rig.heal();
      assert.equal((await rig.attempt(engine)).verdict, 'right');
    });
    for (const fault of FAULTS) {
      await t.test(`${fault.name}: the right answer, and the mirror is named`, PART, async () => {
        await rig.befall(fault);
        for (let tries = 0; tries < TRIES; tries += 1) {
          const { counted, verdict, outcome, named, problems } = await rig.attempt(engine, { fault });
          assert.equal(verdict, 'right', `${outcome}: ${problems.join('; ')}`);
          if (!counted) continue;
          assert.ok(named || fault.unnamed, `the diagnostics name no ${rig.a.url}: ${problems.join('; ')}`);
          return;
        }
        assert.fail(`the sick mirror was never asked first in ${TRIES} tries`);
      });
    }
  });
}
