/** Which mirror is asked for what: no single mirror is to see from where to where somebody moved. */
import assert from 'node:assert/strict';
import { test } from '../limits.mjs';
import { addPartnerPage, callOn, openPartnerPage } from './partner-stage.mjs';
import { makeDemo, serve } from './stage.mjs';

test('a voter’s own files come from one mirror, and those of where somebody moved from another', async () => {
  const demo = await makeDemo();
  await addPartnerPage(demo.site);
  const mirrors = [await serve(demo.site), await serve(demo.site)];
  const options = { mirrors: mirrors.map(({ url }) => url), publicKey: demo.publicKey };
  const page = await openPartnerPage(mirrors[0]);
  const districts = new Set(demo.roll.map(({ station }) => station.slice(0, 6)));
  const movers = demo.roll.filter(
    ({ nik, name, station }) =>
      districts.has(nik.slice(0, 6)) && nik.slice(0, 2) !== station.slice(0, 2) && /^[A-Z]{4,} [A-Z]{4,}$/.test(name),
  );
  let judged = 0;
  for (const { nik, name } of movers.slice(0, 40)) {
    await page.evaluate(async () => {
      for (const name of await caches.keys()) await caches.delete(name);
    });
    const since = mirrors.map(({ requests }) => requests.length);
    const { outcome } = await callOn(page, 'lookup', [{ nik, name }], options);
    const asked = mirrors.map((mirror, at) => mirror.asked(since[at]).filter((path) => /^\/[pdts]\//.test(path)));
    // Where a mirror was slow, the other was asked beside it.
    if (outcome !== 'found' || asked[0].some((path) => asked[1].includes(path))) continue;
    const kinds = asked.map((paths) => paths.map((path) => path[1]).sort());
    const [own, apart] = kinds[0].includes('t') ? kinds : kinds.reverse();
    assert.deepEqual(apart, ['d', 'p', 's'], `own: ${own}`);
    assert.ok(
      ['p', 'd', 't', 's'].every((kind) => own.includes(kind)),
      `${own}`,
    );
    judged += 1;
  }
  assert.ok(judged >= 5, `${judged} visits`);
  assert.deepEqual(page.trouble, []);
});
