/** True states in words: hours as the election has them, letters for digits, addresses of what there is not, the number spoken. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { ask, chooseAny, makeDemo, open, rebuild, screen, serve } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

test('what the law allows is told with the hours of this election, before any data is there', async () => {
  const toml = (text) => text.replace('opens = "07:00"', 'opens = "08:00"').replace('closes = "13:00"', 'closes = "11:30"');
  const server = await serve((await rebuild(demo, { toml })).site);
  const page = await open(server.url);
  await ask(page, demo.stranger, 'village_needed');
  const rights = (await chooseAny(page, 'not_found')).locator('.rights');
  assert.match(await rights.innerText(), /pukul 08\.00–11\.30[\s\S]*\(10\.30–11\.30\)/);
  server.alter = (path) => (path === 'head.bilik' ? null : undefined);
  const other = await open(`${server.url}?lang=en`);
  await other.locator('html[lang="en"]').waitFor();
  const unreachable = await ask(other, demo.exact, 'unreachable');
  assert.match(await unreachable.locator('.rights').innerText(), /08:00–11:30[\s\S]*\(10:30–11:30\)/);
});

test('the law is told in the words of election.toml, where it has them', async () => {
  const own = '[rights.id]\ndpk = "Aturan contoh: {last} & \\"KTP\\"."\n[rights.en]\ndptb = "An example <b>rule</b>."\n';
  const server = await serve((await rebuild(demo, { toml: (text) => `${text}\n${own}` })).site);
  const page = await open(server.url);
  await ask(page, demo.stranger, 'village_needed');
  const rights = (await chooseAny(page, 'not_found')).locator('.rights dd');
  const [dpt, , dpk] = await rights.allInnerTexts();
  assert.match(dpt, /Memilih pukul 07\.00–13\.00/);
  assert.equal(dpk, 'Aturan contoh: 12.00–13.00 & "KTP".');
  server.alter = (path) => (path === 'head.bilik' ? null : undefined);
  // In another language too, the law as it is here comes before what the page would say of it.
  const other = await open(`${server.url}?lang=en`);
  await other.locator('html[lang="en"]').waitFor();
  const texts = await (await ask(other, demo.exact, 'unreachable')).locator('.rights dd').allInnerTexts();
  assert.match(texts[0], /Voting hours are 07:00–13:00/);
  assert.deepEqual(texts.slice(1), ['An example <b>rule</b>.', 'Aturan contoh: 12:00–13:00 & "KTP".']);
});

test('a screen reader that comes to an answer hears the number', async () => {
  const page = await open(site.url);
  await ask(page, demo.exact, 'found');
  const heading = page.getByRole('heading', { level: 1, name: new RegExp(`^Ini TPS Anda: TPS ${demo.exact.number}, `) });
  assert.equal(await heading.evaluate((heading) => heading === document.activeElement), true);
  assert.equal(await heading.innerText(), 'Ini TPS Anda');
});

test('O and I are read as 0 and 1, typed or pasted, and the page says so', async () => {
  const { nik } = demo.exact;
  const letters = nik.replace(/0/g, 'O').replace('1', 'I').replace('1', 'l');
  const page = await open(site.url);
  const note = () => page.locator('#nik-dropped').innerText();
  await page.locator('#nik').pressSequentially(letters);
  await page.locator('#name').focus();
  assert.equal((await page.locator('#nik').inputValue()).replace(/ /g, ''), nik);
  assert.equal(await note(), 'Huruf O dan I kami baca sebagai angka 0 dan 1.');
  await page.locator('#nik').fill('');
  assert.equal(await note(), '');
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((text) => navigator.clipboard.writeText(text), letters);
  await page.locator('#nik').focus();
  await page.keyboard.press('Control+V');
  assert.equal((await page.locator('#nik').inputValue()).replace(/ /g, ''), nik);
  assert.equal(await note(), 'Huruf O dan I kami baca sebagai angka 0 dan 1.');
  await page.locator('#name').fill(demo.exact.name);
  await page.locator('#ask').click();
  await screen(page, 'found');
  assert.deepEqual(page.trouble, []);
});

test('an address of a village or a station that there is not is told as such', async () => {
  const page = await open(`${site.url}#/9999999999/1`);
  await page
    .locator('#answer', { hasText: 'Kelurahan/desa dengan kode 9999999999 tidak ada dalam data pemilu ini.' })
    .waitFor();
  const other = await open(`${site.url}#/${demo.near.village}/999`);
  await other.locator('.stations li').first().waitFor();
  const count = await other.locator('.stations li').count();
  const status = `TPS 999 tidak ada di sini. Di kelurahan/desa ini ada ${count} TPS:`;
  assert.ok((await other.locator('#answer').innerText()).includes(status));
});

test('without the card, the district is searched for by a village in it; its code is for those who know it', async () => {
  const { nik, name, place, number } = demo.exact;
  const page = await open(site.url);
  await page.locator('#other').click();
  const woman = Number(nik.slice(6, 8)) > 40;
  const day = Number(nik.slice(6, 8)) - (woman ? 40 : 0);
  await page.locator('#day').fill(String(day));
  await page.locator('#month').fill(nik.slice(8, 10));
  await page.locator('#year').fill(`${Number(nik.slice(10)) > 20 ? 19 : 20}${nik.slice(10)}`);
  await page.locator(`input[value="${woman ? 'f' : 'm'}"]`).check();
  await page.locator('#name').fill(name);
  await page.locator('#ask').click();
  assert.match(await page.locator('#district-problem').innerText(), /^Cari kelurahan\/desa/);
  assert.equal(await page.evaluate(() => !!document.activeElement?.closest('#district-finder')), true);
  assert.equal(await page.locator('#code').isVisible(), false);
  await page.locator('#district-finder input').pressSequentially(place);
  await page
    .locator(`#district-finder [data-village^="${nik.slice(0, 6)}"]`)
    .first()
    .click();
  assert.match(await page.locator('#district-finder .pin').innerText(), /Kec\. /);
  await page.locator('#ask').click();
  const answer = await screen(page, 'found');
  assert.equal(await answer.locator('[data-station-number]').innerText(), String(number));
  await page.goBack();
  await page.locator('#find-district').click();
  await page.locator('#code').fill(nik.slice(0, 6));
  await page.locator('#ask').click();
  await screen(page, 'found');
  assert.deepEqual(page.trouble, []);
});

test('where the fields for a birth date do not come, the form says so and stays as it is; and they can be asked for again', async () => {
  const server = await serve(demo.site);
  server.alter = (path) => (path === 'later.js' ? 404 : undefined);
  const page = await open(server.url);
  await page.locator('#other').click();
  await page.getByText('Sebagian halaman ini belum termuat.').waitFor();
  assert.equal(await page.locator('#nik').isVisible(), true);
  assert.equal(await page.locator('#by-birth').isVisible(), false);
  server.alter = undefined;
  await page.locator('#other').click();
  await page.locator('#day').waitFor();
  assert.equal(await page.locator('#nik').isVisible(), false);
});
