/** `?kiosk`: a screen that many people use keeps nothing of any of them, on a site and in a pack. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, test } from '../limits.mjs';
import { ask, bilik, makeDemo, open, screen, serve, type } from './stage.mjs';

let demo;
let places;
before(async () => {
  demo = await makeDemo();
  const pack = join(demo.folder, 'pack.html');
  await bilik(['pack', demo.site, '--regency', demo.exact.nik.slice(0, 4), '--public-key', demo.publicKey, '--out', pack]);
  places = { site: (await serve(demo.site)).url, pack: pathToFileURL(pack).href };
});

/** A kiosk whose clock the test moves on. */
const start = (url, options) => open(`${url}?kiosk`, { before: (page) => page.clock.install(), ...options });
const shown = (page) => page.locator('main').innerText();
/** Everything typed is in fields, which are not in the text. */
const fields = (page) =>
  page.locator('form input').evaluateAll((all) => all.map(({ type, value, checked }) => (type === 'radio' ? checked : value)));

/** Nothing of a person is left. */
async function assertForgotten(page, { nik, name }) {
  await page.locator('#form').waitFor();
  assert.ok((await fields(page)).every((value) => !value));
  assert.ok(await page.locator('#answer').isHidden());
  assert.equal(await page.locator('#answer').innerText(), '');
  const words = await shown(page);
  for (const secret of [name, name.split(' ')[0], nik, nik.slice(6)])
    assert.ok(!words.includes(secret), `it still says ${secret}`);
  assert.equal(await page.locator('#people > *').count(), 0);
}

for (const place of ['site', 'pack']) {
  test(`a minute without a touch clears the answer, and what was typed: ${place}`, async () => {
    const page = await start(places[place]);
    await page.locator('html[data-started]').waitFor();
    assert.ok((await page.evaluate(() => Number.parseFloat(getComputedStyle(document.documentElement).fontSize))) > 16);
    await ask(page, demo.exact, 'found');
    await page.clock.runFor(30_000);
    // Somebody who reads on touches the screen, and has a minute again.
    await page.mouse.click(5, 5);
    await page.clock.runFor(39_000);
    await screen(page, 'found');
    assert.match(await page.locator('#kiosk').innerText(), /Dihapus dalam 2\d detik/);
    assert.equal(await page.locator('#status').innerText(), '', 'a screen reader is not told of each second');
    await page.clock.runFor(3_000);
    assert.match(await page.locator('#status').innerText(), /dihapus dalam (20|19) detik/);
    const told = await page.locator('#status').innerText();
    await page.clock.runFor(5_000);
    assert.equal(await page.locator('#status').innerText(), told, 'once');
    await page.clock.runFor(15_000);
    await assertForgotten(page, demo.exact);
    assert.equal(await page.locator('#status').innerText(), 'Isian sudah dihapus.');
    // The same for somebody who leaves in the middle of typing.
    await type(page, demo.exact);
    await page.clock.runFor(62_000);
    await assertForgotten(page, demo.exact);
    assert.deepEqual(page.trouble, []);
  });

  test(`"new search" clears at once, and no way leads back or out: ${place}`, async () => {
    const page = await start(places[place]);
    await page.locator('#lang option[value="en"]').waitFor({ state: 'attached' });
    await page.locator('#lang').selectOption('en');
    await page.locator('html[lang="en"]').waitFor();
    const length = await page.evaluate(() => history.length);
    await ask(page, demo.exact, 'found');
    await page.clock.runFor(1_000);
    const out = page.locator('a[href]:not([href^="#"]):visible, .directions:visible');
    assert.equal(await out.count(), 0);
    assert.deepEqual(await page.locator('#answer .actions button:visible').allInnerTexts(), [
      'Print',
      'Change details',
      'Search for someone else',
    ]);
    await page.getByRole('button', { name: 'New search' }).click();
    await page.locator('html[lang="id"]').waitFor();
    await assertForgotten(page, demo.exact);
    assert.equal(await page.evaluate(() => history.length), length);
    // By the answer's own button, too.
    await ask(page, demo.exact, 'found');
    await page.getByRole('button', { name: 'Cari untuk orang lain' }).click();
    await assertForgotten(page, demo.exact);
    assert.deepEqual(page.trouble, []);
  });
}

test('it keeps no file on the device', async () => {
  const page = await start(places.site);
  await ask(page, demo.exact, 'found');
  await page.clock.runFor(5_000);
  const page2 = await page.context().newPage();
  await page2.goto(`${places.site}privacy.html`);
  const kept = await page2.evaluate(async () => ({
    caches: await caches.keys(),
    workers: (await navigator.serviceWorker.getRegistrations()).length,
    local: localStorage.length + sessionStorage.length,
    databases: (await indexedDB.databases()).length,
  }));
  assert.deepEqual(kept, { caches: [], workers: 0, local: 0, databases: 0 });
});

test('a page whose kiosk script does not come starts nothing', async () => {
  const page = await open('about:blank', { before: (page) => page.route('**/kiosk.js', (route) => route.abort()) });
  await page.goto(`${places.site}?kiosk`);
  await page.locator('#old').waitFor();
  assert.equal(await page.locator('html[data-started]').count(), 0);
});
