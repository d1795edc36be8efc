/** Whose page it is, before anybody touches it and without any script; and what each screen is called. */
import assert from 'node:assert/strict';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { ask, chooseAny, makeDemo, open, rebuild, screen, serve } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

test('who asks, for which election and day, whom to call and why it is safe: all of it without a script', async () => {
  const page = await open(site.url, { javaScriptEnabled: false });
  assert.equal(await page.locator('.brand b').innerText(), 'KP Contoh');
  assert.match(await page.locator('#election').innerText(), /^Pemilu Contoh \d{4}\n\p{L}+, \d+ \p{L}+ \d{4}$/u);
  assert.match(await page.title(), /^Cari TPS Anda · DEMO · Pemilu Contoh \d{4}$/);
  const foot = await page.locator('footer').innerText();
  for (const text of ['Komisi Pemilihan Contoh', 'example.org', '0800-0-000-000', 'Bilik'])
    assert.ok(foot.includes(text), foot);
  const shared = (name) => page.locator(`meta[property="og:${name}"]`).getAttribute('content');
  assert.match(await shared('title'), /Pemilu Contoh/);
  assert.equal(await shared('site_name'), 'Komisi Pemilihan Contoh');

  await page.goto(`${site.url}privacy.html`);
  const text = await page.locator('main').innerText();
  for (const words of [
    'tidak dikirim',
    'Komisi Pemilihan Contoh',
    'privasi@example.org',
    'Nomor 27 Tahun 2022',
    '0800-0-000-000',
  ])
    assert.ok(text.includes(words), words);
  assert.equal(
    await page.getByRole('link', { name: 'privasi@example.org' }).getAttribute('href'),
    'mailto:privasi@example.org',
  );
  await page.getByRole('link', { name: 'English' }).click();
  assert.match(await page.locator('main').innerText(), /not sent anywhere/);
  await page.getByRole('link', { name: 'Find your polling station' }).click();
  assert.equal(new URL(page.url()).search, '?lang=en');
  assert.deepEqual(page.trouble, []);
});

test('a logo stands beside the name, and what an editor or an attacker left in it is gone', async () => {
  const svg = '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9" onload="alert(1)"><path d="M0 0h9v9z"/></svg>';
  await writeFile(join(demo.election, 'logo.svg'), svg);
  const toml = (text) => text.replace('short_name', 'logo = "logo.svg"\nshort_name');
  const server = await serve((await rebuild(demo, { toml })).site);
  const page = await open(server.url);
  await page.waitForFunction(() => document.querySelector('.brand img')?.naturalWidth > 0);
  const served = await page.evaluate(async () => (await fetch('logo.svg')).text());
  assert.equal(served, '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"><path d="M0 0h9v9z"></path></svg>');
  assert.deepEqual(page.trouble, []);
});

test('each screen has a title, and no title says what was found: it stays in the history', async () => {
  const page = await open(`${site.url}?lang=en`);
  await page.locator('html[lang="en"]').waitFor();
  const title = async () => (await page.title()).split(' · ')[0];
  assert.equal(await title(), 'Find your polling station');
  assert.match(await page.locator('#election time').innerText(), /day, \d+ /);
  assert.match(await page.locator('footer .privacy').getAttribute('href'), /privacy\.en\.html$/);
  const answers = [];
  await ask(page, demo.exact, 'found');
  answers.push(await title());
  await page.goBack();
  await page.locator('#form').waitFor();
  assert.equal(await title(), 'Find your polling station');
  await ask(page, demo.stranger, 'village_needed');
  answers.push(await title());
  await chooseAny(page, 'not_found');
  answers.push(await title());
  assert.deepEqual([...new Set(answers)], ['Result of your search']);
  await page.locator('#answer a[href="#/"]').click();
  await screen(page, 'browse');
  assert.equal(await title(), 'Choose a kelurahan/desa');
  await page.evaluate((code) => (location.hash = `#/${code}/1`), demo.near.village);
  await page.locator('.station').waitFor();
  assert.match(await title(), /^TPS 1, /);
  assert.match(await page.title(), / · DEMO · Pemilu Contoh \d{4}$/);
});
