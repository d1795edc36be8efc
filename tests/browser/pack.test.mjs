/**
 * `bilik pack`: one file that answers from a disk, in Chromium and Firefox, with the network cut from the start; what it refuses, whom
 * it sends elsewhere, and that it makes no request.
 */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { startFirefox } from '../engines/firefox.mjs';
import { before, test } from '../limits.mjs';
import { DAY_MS, HOUR_MS, clockAt } from './clock-stage.mjs';
import { ask, bilik, choose, find, makeDemo, open, type } from './stage.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const OUT = process.env.GALLERY;

let demo;
let regency;
before(async () => {
  demo = await makeDemo();
  regency = await pack('--regency', demo.exact.nik.slice(0, 4));
});

/** The path of a new pack. */
async function pack(level, code, site = demo.site) {
  const out = join(demo.folder, `${code}.html`);
  await bilik(['pack', site, level, code, '--public-key', demo.publicKey, '--out', out]);
  return out;
}

/** Opens a pack from the disk, without a network from the start; `page.asked` lists whatever it asks for besides itself. */
async function openPack(path, { query = '', script = '', ...options } = {}) {
  const asked = [];
  const before = async (page) => {
    await page.context().setOffline(true);
    if (script) await page.addInitScript(script);
    page.context().on('request', (request) => asked.push(request.url()));
  };
  const url = pathToFileURL(path).href + query;
  const page = await open(url, { before, ...options });
  page.asked = () => asked.filter((asked) => asked.split(/[?#]/)[0] !== pathToFileURL(path).href && !asked.startsWith('blob:'));
  return page;
}

/** The pack with one letter of a file in it changed. */
async function damaged(mark, replace) {
  const text = await readFile(regency, 'utf8');
  const changed = text.replace(mark, replace);
  assert.notEqual(changed, text, `nothing like ${mark}`);
  const path = join(demo.folder, `damaged-${Math.random().toString(36).slice(2)}.html`);
  await writeFile(path, changed);
  return path;
}

/** Another letter in its place: one bit of the file. */
const other = (letter) => (letter === 'B' ? 'C' : 'B');
const flipped = (_, before, letter) => before + other(letter);

const number = (page) => page.locator('#answer [data-station-number]').innerText();

test('a pack answers as the site does, and asks nobody', async () => {
  const page = await openPack(regency);
  await ask(page, demo.exact, 'found');
  assert.equal(Number(await number(page)), demo.exact.number);
  assert.equal(Number(await number(page)), (await find(demo, demo.exact)).station.number);
  await page.goBack();
  await page.locator('#form').waitFor();
  const near = await openPack(await pack('--regency', demo.near.nik.slice(0, 4)));
  await ask(near, demo.near, 'village_needed');
  await choose(near, demo.near.village, 'found');
  assert.equal(Number(await number(near)), demo.near.number);
  assert.deepEqual([...near.asked(), ...near.trouble], []);
  // Browsing by address, and another language.
  await page.locator('#lang').selectOption('en');
  await page.locator('html[lang="en"]').waitFor();
  await page.getByRole('link', { name: 'Polling stations by village' }).click();
  await page.locator('#answer input').fill(demo.exact.place.split(' ').at(-1) ?? '');
  await page.locator('#answer [data-village]').first().click();
  await page.locator('.stations li').first().waitFor();
  assert.deepEqual(page.asked(), []);
  assert.deepEqual(page.trouble, []);
});

test('it says what it is, how old its data is, and the key to compare', async () => {
  const page = await openPack(regency);
  await page.locator('#pack-state[data-outcome="ready"]').waitFor();
  const head = JSON.parse(await bilik(['inspect', join(demo.site, 'head.bilik')])).file;
  const day = page.locator('#pack-day');
  const signed = new Date((head.signedAt ?? head.signed_at) * 1000 || (head.signedAt ?? head.signed_at));
  assert.equal(await day.getAttribute('datetime'), signed.toISOString().slice(0, 10));
  const size = await day.evaluate((element) => Number.parseFloat(getComputedStyle(element).fontSize));
  assert.ok(size >= 22, `${size} px`);
  const about = await page.locator('.about').innerText();
  assert.ok(about.replace(/\s/g, '').includes(demo.publicKey.split(':')[1]), about);
  for (const words of [/Tanda tangan data cocok/, /tidak membuktikan apa pun/, /peta, dan pembaruan data tidak tersedia/]) {
    assert.match(about, words);
  }
  assert.match(await page.locator('#pack').innerText(), /Data yang lebih baru mungkin sudah ada/);
});

test('a voter of another district is told to use the site', async () => {
  const elsewhere = demo.roll.find(({ nik }) => nik.slice(0, 4) !== demo.exact.nik.slice(0, 4));
  const page = await openPack(await pack('--district', demo.exact.nik.slice(0, 6)));
  await ask(page, demo.exact, 'found');
  await page.getByRole('button', { name: 'Ubah isian' }).click();
  const answer = await ask(page, elsewhere, 'beyond');
  const words = await answer.innerText();
  assert.match(words, new RegExp(`hanya untuk NIK yang diawali ${demo.exact.nik.slice(0, 6)}`));
  assert.match(words, /bukan berarti Anda tidak terdaftar/);
  assert.deepEqual(page.asked(), []);
});

test('a voter who votes in another province or regency now is told that, and not that the number is wrong', async () => {
  const apart = (one, other, digits) => one.slice(0, digits) !== other.slice(0, digits);
  const districts = new Set(demo.roll.map(({ station }) => station.slice(0, 6)));
  const movers = demo.roll.filter(({ nik, name }) => districts.has(nik.slice(0, 6)) && /^[A-Z]{4,} [A-Z]{4,}$/.test(name));
  const abroad = movers.filter(({ nik, station }) => apart(nik, station, 2));
  const near = movers.filter(({ nik, station }) => apart(nik, station, 4) && !apart(nik, station, 2));
  for (const some of [abroad, near]) {
    let told = '';
    // Not everybody is found by the whole name.
    for (const mover of some.slice(0, 6)) {
      const page = await openPack(await pack('--district', mover.nik.slice(0, 6)));
      await type(page, mover);
      await page.locator('#ask').click();
      const answer = page.locator('#answer > [data-outcome]');
      await answer.waitFor();
      if ((await answer.getAttribute('data-outcome')) === 'beyond') told = await answer.innerText();
      await page.context().close();
      if (told) break;
    }
    assert.match(told, /TPS Anda ada di wilayah lain/);
  }
});

test('one flipped bit is refused in the usual words', async () => {
  const cases = {
    'the head': [/(data-file="head.bilik">.{60})(.)/, 'unverified'],
    'a table': [/(data-file="t\/[^"]*">.{200})(.)/g, 'unverified'],
    'a part of the manifest': [/(data-file="p\/[^"]*">.{40})(.)/g, 'unverified'],
    'a letter that is none': [/(data-file="head.bilik">.{60})(.)/, 'unverified', (_, before) => `${before}!`],
    'the module': [/(data-file="pkg\/bilik_bg.wasm"[^>]*>.{5000})(.)/, 'unreachable'],
  };
  for (const [name, [mark, outcome, change = flipped]] of Object.entries(cases)) {
    const page = await openPack(await damaged(mark, change));
    const answer = await ask(page, demo.exact, outcome);
    if (outcome === 'unverified') {
      assert.match(await answer.innerText(), /tidak bisa dipastikan|Keaslian/i, name);
    }
    assert.equal(await page.locator('[data-station-number]').count(), 0, name);
    await page.context().close();
  }
  // The page's own policy has the digest of its script.
  const page = await openPack(
    await damaged(/(<script type="module">.{200})(.)/s, (_, before, letter) => `${before}${letter} `),
  );
  await page.locator('#old').waitFor();
  assert.equal(await page.locator('html[data-started]').count(), 0);
});

test('an expired pack answers nothing, and an old one answers', async () => {
  const { expires } = JSON.parse(await bilik(['inspect', join(demo.site, 'head.bilik')])).file;
  const at = (time) => {
    const clock = clockAt(time);
    // The worker, which is made of a Blob here, has the same clock.
    const blob = `const Real = Blob;
      globalThis.Blob = class extends Real {
        constructor(parts, options) { super(options?.type === 'text/javascript' ? [${JSON.stringify(clock)}, ...parts] : parts, options); }
      };`;
    return openPack(regency, { script: `${clock}{ ${blob} }` });
  };
  const old = await at(Date.parse(expires) - HOUR_MS);
  await ask(old, demo.exact, 'found');
  const expired = await at(Date.parse(expires) + DAY_MS);
  await ask(expired, demo.exact, 'stale');
  assert.equal(await expired.locator('[data-station-number]').count(), 0);
});

test('Firefox answers from the disk, without a network from the start', async (t) => {
  // Nobody is there.
  const preferences = { 'network.proxy.type': 1, 'network.proxy.http': '127.0.0.1', 'network.proxy.http_port': 9 };
  Object.assign(preferences, { 'network.proxy.ssl': '127.0.0.1', 'network.proxy.ssl_port': 9 });
  const firefox = await startFirefox({ preferences });
  t.after(() => firefox.close());
  const visit = await firefox.open(pathToFileURL(regency).href);
  await visit.text('#pack-state');
  await visit.type('#nik', demo.exact.nik);
  await visit.type('#name', demo.exact.name);
  await visit.click('#ask');
  assert.equal(Number(await visit.text('#answer > [data-outcome="found"] [data-station-number]')), demo.exact.number);
  const asked = await visit.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  assert.deepEqual(
    asked.filter((url) => !/^(blob|data):/.test(url)),
    [],
  );
  const flippedPack = await damaged(/(data-file="t\/[^"]*">.{200})(.)/g, flipped);
  await visit.goto(pathToFileURL(flippedPack).href);
  await visit.type('#nik', demo.exact.nik);
  await visit.type('#name', demo.exact.name);
  await visit.click('#ask');
  await visit.text('#answer > [data-outcome="unverified"]');
});

test('the screens of a pack have no fault that axe knows, and none is wider than its window', async () => {
  const ways = {
    light: {},
    dark: { colorScheme: 'dark' },
    'english, wide': { viewport: { width: 1280, height: 900 }, query: '?lang=en' },
    '320 px': { viewport: { width: 320, height: 640 } },
    'kiosk, wide': { viewport: { width: 1280, height: 900 }, query: '?kiosk' },
    'kiosk, phone': { query: '?kiosk&lang=en' },
  };
  const wrong = {};
  const elsewhere = demo.roll.find(({ nik }) => nik.slice(0, 4) !== demo.exact.nik.slice(0, 4));
  const district = await pack('--district', demo.exact.nik.slice(0, 6));
  for (const [way, options] of Object.entries(ways)) {
    const page = await openPack(district, options);
    const look = async (name) => {
      await page.evaluate(AXE);
      const found = await page.evaluate(async (tags) => {
        const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } });
        const lines = violations.flatMap(({ id, nodes }) =>
          nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
        );
        const { scrollWidth } = document.documentElement;
        return scrollWidth > innerWidth ? [...lines, `${scrollWidth} px in a window of ${innerWidth}`] : lines;
      }, RULES);
      if (found.length) wrong[`${name}, ${way}`] = found;
      if (OUT) {
        await page.evaluate(() => scrollTo(0, 0));
        await page.screenshot({
          path: join(OUT, `pack ${name}, ${way}.png`.replace(/[ ,]+/g, '-')),
          fullPage: !way.startsWith('kiosk'),
        });
      }
    };
    await page.locator('#pack-state[data-outcome="ready"]').waitFor();
    await look('form');
    await ask(page, demo.exact, 'found');
    await look('found');
    await page
      .locator('#answer .actions button')
      .filter({ hasText: /Ubah isian|Change details/ })
      .click();
    await ask(page, elsewhere, 'beyond');
    await look('beyond');
    await page.context().close();
  }
  assert.deepEqual(wrong, {});
});
