/** Several people on one phone: their answers stay on the page, under labels of one's own, until it is left. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { ask, makeDemo, open, serve, settled } from './stage.mjs';

let demo;
let site;
let others;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
  others = await settled(demo, demo.exact.nik.slice(0, 6), 2);
});

const another = (page) => page.locator('#answer').getByRole('button', { name: 'Cari untuk orang lain' }).click();

test('an answer stays while the next is asked, is named by hand, and is printed with it', async () => {
  const page = await open(site.url);
  const people = page.locator('#people .person');
  await ask(page, others[0], 'found');
  await another(page);
  await people.waitFor();
  assert.equal(await page.locator('#name').inputValue(), '');
  const words = (await people.innerText()).toLowerCase();
  assert.match(words, new RegExp(`tps ${others[0].number},`));
  for (const word of others[0].name.toLowerCase().split(' ')) assert.ok(!words.includes(word), `the card says ${word}`);
  const label = people.getByLabel('Untuk siapa?');
  assert.equal(await label.inputValue(), '');
  await label.fill('Bapak');

  const second = await ask(page, others[1], 'found');
  assert.equal(await second.locator('[data-station-number]').innerText(), String(others[1].number));
  await page.locator('#lang').selectOption('en');
  await page.locator('html[lang="en"]').waitFor();
  assert.equal(await people.getByLabel('Who is this for?').inputValue(), 'Bapak', 'it outlives a change of language');
  await page.locator('#lang').selectOption('id');
  await page.locator('html[lang="id"]').waitFor();
  await another(page);
  await people.nth(1).waitFor();
  await page.emulateMedia({ media: 'print' });
  assert.deepEqual(await page.locator('#people').locator('button:visible, h2:visible').allInnerTexts(), []);
  assert.equal(await people.count(), 2);
  assert.equal(await people.first().locator('input').isVisible(), true);
  assert.equal(await people.nth(1).locator('input').isVisible(), false, 'no empty line for a label that nobody wrote');
  await page.emulateMedia({ media: 'screen' });
  await people.first().getByRole('button', { name: 'Hapus' }).click();
  assert.equal(await people.count(), 1);
  assert.deepEqual(page.trouble, []);
});

test('they are gone when the page is left, and stored nowhere', async () => {
  const page = await open(site.url);
  await ask(page, others[0], 'found');
  await another(page);
  await page.locator('#people .person input').fill('Labelku');
  const stored = await page.evaluate(() =>
    JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie, history.state]),
  );
  assert.ok(!stored.includes('Labelku'), stored);
  await page.evaluate(() => dispatchEvent(new PageTransitionEvent('pagehide', { persisted: true })));
  assert.equal(await page.locator('#people').innerText(), '');
  await ask(page, others[1], 'found');
  await another(page);
  await page.locator('#people .person').waitFor();
  assert.equal(await page.locator('#people .person').count(), 1);
});
