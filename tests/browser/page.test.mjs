/** Every screen of the page, in both colours: for whoever sees little, uses no mouse, or holds a small phone. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { before, test } from 'node:test';
import { ask, chooseAny, digitsOf, edit, makeDemo, namesakes, open, rebuild, screen, serve } from './stage.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
/** The narrowest phone there is. */
const SMALL = { width: 320, height: 640 };

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** Goes through every screen, and calls `look` at each with its name. */
async function visit(page, look) {
  const button = (name) => page.getByRole('button', { name }).click();
  await page.locator('[data-t="why.sealed"]:not(:empty)').waitFor();
  await look('the untouched form');
  await button('KTP sedang tidak di tangan?');
  await button('Tidak hafal kodenya?');
  await page.locator('#district-finder input').pressSequentially(demo.exact.place.slice(0, 4));
  await page.locator('#district-finder [data-village]').first().waitFor();
  await look('the form by birth date, with a district being looked for');
  await button('Pakai NIK saja');
  await page.locator('#ask').click();
  await page.locator('#nik-problem:not(:empty)').waitFor();
  await look('the form with a gap');

  await ask(page, demo.exact, 'found');
  await look('found');
  await edit(page);
  await look('the filled form');
  await ask(page, demo.near, 'village_needed');
  await look('village_needed');
  await page.getByRole('button', { name: 'tidak ada di sini' }).click();
  await page.locator('#answer .finder input').last().pressSequentially(demo.near.place);
  await page.locator('#answer .finder [data-village]').first().waitFor();
  await look('village_needed, with the finder');
  await page.locator(`[data-village="${demo.near.village}"]`).first().click();
  await screen(page, 'found');
  await look('found by near');
  await edit(page);
  await ask(page, demo.stranger, 'village_needed');
  await chooseAny(page, 'not_found');
  await look('not_found');
  await button('Lihat TPS menurut alamat');
  await page.locator('#answer .finder input').pressSequentially(demo.near.place);
  await page.locator(`#answer [data-village="${demo.near.village}"]`).click();
  await page.locator('.stations li').first().waitFor();
  await look('the stations of a village');
  await button('Kembali');
  await page.locator('#answer .finder').waitFor();
  await button('Kembali');
  await screen(page, 'not_found');
  await edit(page);
  await ask(page, namesakes(demo), 'ambiguous');
  await look('ambiguous');
  await edit(page);
  await ask(page, { nik: '110101010190', name: 'Rekaan Takberwujud' }, 'no_such_region');
  await look('no_such_region');
}

/** What axe finds wrong, in lines. */
const faults = (page) =>
  page.evaluate(async (tags) => {
    const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } });
    return violations.flatMap(({ id, nodes }) => nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`));
  }, RULES);

for (const colorScheme of ['light', 'dark']) {
  test(`no screen has a fault that axe knows, in ${colorScheme}`, async () => {
    const page = await open(site.url, { colorScheme });
    await page.evaluate(AXE);
    const found = {};
    await visit(page, async (name) => {
      const wrong = await faults(page);
      if (wrong.length) found[name] = wrong;
    });
    assert.deepEqual(found, {});
    assert.deepEqual(page.trouble, []);
  });
}

test('every screen of a demo says so, from the first one on, and none is wider than a phone of 320 px', async () => {
  const page = await open(site.url, { viewport: SMALL });
  const seen = [];
  await visit(page, async (name) => {
    seen.push(name);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const box = await page.locator('#demo').boundingBox();
    assert.ok(box && box.y >= 0 && box.y + box.height <= SMALL.height && box.width > 100, `${name}: the banner is at ${JSON.stringify(box)}`);
    assert.equal(await page.locator('#demo').innerText(), 'DEMO Semua data di sini rekaan.', name);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= SMALL.width, `${name} is ${width} px wide`);
    await page.evaluate(() => scrollTo(0, 0));
  });
  assert.equal(seen.length, 12);
});

test('the banner is there when nothing can be trusted or reached, and in English', async () => {
  const server = await serve(demo.site);
  server.alter = (path, bytes) => (path === 'head.bilik' ? bytes.map((byte) => byte ^ 1) : undefined);
  const page = await open(server.url);
  await ask(page, demo.exact, 'unverified');
  assert.ok(await page.locator('#demo').isVisible());
  server.alter = (path) => (path === 'head.bilik' ? null : undefined);
  await page.getByRole('button', { name: 'Coba lagi' }).click();
  await screen(page, 'unreachable');
  assert.ok(await page.locator('#demo').isVisible());
  await page.locator('#lang').click();
  await page.locator('html[lang="en"]').waitFor();
  assert.equal(await page.locator('#demo').innerText(), 'DEMO All data here is made up.');
  assert.equal(await page.locator('#answer h1').innerText(), 'The data cannot be fetched right now');
});

test('without JavaScript the page says that it is a demo and whom to ask, and shows no dead form', async () => {
  const page = await open(site.url, { javaScriptEnabled: false });
  assert.equal(await page.locator('#demo').innerText(), 'DEMO Semua data di sini rekaan.');
  assert.match(await page.locator('noscript').innerText(), /petugas PPS/);
  assert.equal(await page.locator('#form').isVisible(), false);
});

test('without WebAssembly the page says whom to ask, and shows no dead form', async () => {
  const page = await open(site.url, { before: (page) => page.addInitScript(() => delete globalThis.WebAssembly) });
  assert.match(await page.locator('#old').innerText(), /petugas PPS/);
  assert.equal(await page.locator('#form').isVisible(), false);
});

test('a real election has no banner, before or after it is known', async () => {
  const voters = (line) => digitsOf(line) === demo.exact.nik;
  const toml = (text) =>
    text
      .replace('demo = true', 'demo = false\nlegal_basis = "A test of the banner; the roll is made up"')
      .replace(/memory_kib = \d+/, 'memory_kib = 19456')
      .replace(/passes = \d+/, 'passes = 2');
  const real = await rebuild(demo, { toml, voters });
  const page = await open((await serve(real.site)).url);
  assert.equal(await page.locator('#demo').isVisible(), false);
  const answer = await ask(page, demo.exact, 'found');
  assert.equal(await page.locator('#demo').isVisible(), false);
  assert.ok(!(await answer.innerText()).includes('DEMO'));
});

test('it can all be done by keyboard, and the focus goes where the news is', async () => {
  const page = await open(site.url);
  const { keyboard } = page;
  const focused = () => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);
  await page.locator('#nik').focus();
  await keyboard.press('Enter');
  await page.locator('#nik-problem:not(:empty)').waitFor();
  assert.equal(await focused(), 'nik');
  await keyboard.type(demo.near.nik);
  await keyboard.press('Tab');
  await keyboard.press('Tab');
  assert.equal(await focused(), 'name');
  await keyboard.type(demo.near.name);
  await keyboard.press('Enter');
  await screen(page, 'village_needed');
  assert.equal(await focused(), 'answer-title');
  const wanted = page.locator(`button[data-village="${demo.near.village}"]`);
  while (!(await wanted.evaluate((button) => button === document.activeElement))) {
    assert.notEqual(await focused(), undefined, 'the village can be reached by Tab');
    await keyboard.press('Tab');
  }
  await keyboard.press('Enter');
  const answer = await screen(page, 'found');
  assert.equal(await focused(), 'answer-title');
  assert.equal(await answer.getAttribute('data-by'), 'near');
});

test('in English everything is English, and the choice stays in the address only', async () => {
  const page = await open(`${site.url}?lang=en`);
  await page.locator('html[lang="en"]').waitFor();
  assert.equal(await page.title(), 'Find your polling station');
  const answer = await ask(page, demo.exact, 'found');
  assert.equal(await answer.locator('h1').innerText(), 'This is your polling station');
  await page.locator('#lang').click();
  await page.locator('html[lang="id"]').waitFor();
  assert.equal(await answer.locator('h1').innerText(), 'Ini TPS Anda');
  assert.equal(new URL(page.url()).search, '?lang=id');
});

test('both languages have the same words, and the page asks for no other', async () => {
  const [id, en] = await Promise.all(['id', 'en'].map(async (code) => (await fetch(`${site.url}i18n/${code}.json`)).json()));
  assert.deepEqual(Object.keys(en), Object.keys(id));
  for (const key of Object.keys(id)) {
    const gaps = (text) => [...text.matchAll(/\{\w+\}/g)].map(String).sort();
    assert.deepEqual(gaps(en[key]), gaps(id[key]), key);
  }
  const page = await open(site.url);
  await visit(page, async (name) => {
    const shown = await page.locator('body').innerText();
    assert.doesNotMatch(shown, /\b[a-z]+\.[a-z_]+(?:\.[a-z_]+)?\b(?<!example\.org)/, `${name} shows a key without words`);
  });
});
