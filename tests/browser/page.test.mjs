/** What the page says and does beside its answers: the banner, what it cannot run on, odd digits, likely slips, addresses. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { slips } from '../../www/page/digits.js';
import { before, test } from '../limits.mjs';
import { home, visit } from './screens.mjs';
import { ask, chooseAny, digitsOf, makeDemo, open, rebuild, screen, serve, settled, type } from './stage.mjs';

/** The narrowest phone there is. */
const SMALL = { width: 320, height: 640 };

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

test('every screen of a demo says so, from the first one on, and none is wider than a phone of 320 px', async () => {
  const page = await open(site.url, { viewport: SMALL });
  const seen = [];
  await visit(page, demo, async (name) => {
    seen.push(name);
    await page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight));
    const box = await page.locator('#demo').boundingBox();
    assert.ok(
      box && box.y >= 0 && box.y + box.height <= SMALL.height && box.width > 100,
      `${name}: the banner is at ${JSON.stringify(box)}`,
    );
    assert.equal(await page.locator('#demo').innerText(), 'DEMO Semua data di sini hanya contoh.', name);
    const width = await page.evaluate(() => document.documentElement.scrollWidth);
    assert.ok(width <= SMALL.width, `${name} is ${width} px wide`);
    await page.evaluate(() => scrollTo(0, 0));
  });
  assert.equal(new Set(seen).size, 20);
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
  await page.locator('#lang').selectOption('en');
  await page.locator('html[lang="en"]').waitFor();
  assert.equal(await page.locator('#demo').innerText(), 'DEMO All data here is made up.');
  assert.equal(await page.locator('#answer h1').innerText(), 'We cannot get the data right now');
});

test('without JavaScript the page says that it is a demo and whom to ask, and shows no dead form', async () => {
  const page = await open(site.url, { javaScriptEnabled: false });
  assert.equal(await page.locator('#demo').innerText(), 'DEMO Semua data di sini hanya contoh.');
  assert.match(await page.locator('noscript').innerText(), /petugas PPS/);
  assert.equal(await page.locator('#form').isVisible(), false);
});

test('without WebAssembly the page says whom to ask, and shows no dead form', async () => {
  const page = await open(site.url, { before: (page) => page.addInitScript(() => delete globalThis.WebAssembly) });
  const answer = await screen(page, 'no_wasm');
  assert.match(await answer.innerText(), /petugas PPS/i);
  assert.equal(await page.locator('#form').isVisible(), false);
});

test('a real election has no banner, before or after it is known', async () => {
  const voters = (line) => digitsOf(line) === demo.exact.nik;
  const toml = (text) =>
    text
      .replace('demo = true', 'demo = false\nlegal_basis = "A test of the banner; the roll is made up"')
      .replace(/memory_kib = \d+/, 'memory_kib = 19456')
      .replace(/passes = \d+/, 'passes = 2')
      .replace(/min_voters = \d+/, 'min_voters = 500');
  const real = await rebuild(demo, { toml, voters });
  const page = await open((await serve(real.site)).url);
  assert.equal(await page.locator('#demo').isVisible(), false);
  const answer = await ask(page, demo.exact, 'found');
  assert.equal(await page.locator('#demo').isVisible(), false);
  assert.ok(!(await answer.innerText()).includes('DEMO'));
});

test('in English everything is English, and the choice stays in the address only', async () => {
  const page = await open(`${site.url}?lang=en`);
  await page.locator('html[lang="en"]').waitFor();
  assert.match(await page.title(), /^Find your polling station · /);
  const answer = await ask(page, demo.exact, 'found');
  assert.equal(await answer.locator('h1').innerText(), 'This is your polling station');
  await page.locator('#lang').selectOption('id');
  await page.locator('html[lang="id"]').waitFor();
  assert.equal(await answer.locator('h1').innerText(), 'Ini TPS Anda');
  assert.equal(new URL(page.url()).search, '?lang=id');
});

for (const [what, alter] of Object.entries({
  'does not arrive': (path) => (path === 'app.js' ? 404 : undefined),
  'is in a language that the browser does not speak': (path) => (path === 'app.js' ? Buffer.from('let = = 1;') : undefined),
})) {
  test(`where a script ${what}, the page says whom to ask, and shows no dead form`, async () => {
    const server = await serve(demo.site);
    server.alter = alter;
    const page = await open(server.url);
    await page.locator('#old').waitFor();
    assert.equal(await page.locator('#form').isVisible(), false);
  });
}

test('odd digits warn at once, block nothing, and are told again with the answer', async () => {
  const page = await open(site.url);
  await type(page, { nik: `${demo.exact.nik.slice(0, 6)}329991`, name: 'Rekaan Takberwujud' });
  await page.locator('#place .doubt').waitFor();
  assert.match(await page.locator('#place .doubt').innerText(), /Tanggal lahir/);
  await page.locator('#ask').click();
  const answer = await screen(page, 'village_needed');
  assert.match(await answer.locator('.doubt').innerText(), /Tanggal lahir/);
});

test('the slips that twelve digits may hide', () => {
  const kinds = (nik, unknown = false) =>
    slips(nik, unknown).map(([nik, kind]) => `${kind} ${nik.slice(0, 6)} ${nik.slice(6)}`);
  assert.deepEqual(kinds('320101410885').slice(0, 2), ['date 320101 480185', 'woman 320101 010885']);
  assert.deepEqual(kinds('320101080885')[0], 'woman 320101 480885');
  // 31 is not a month, and no date is offered that does not exist.
  assert.deepEqual(kinds('320101310285'), ['swapped 320101 130285', 'swapped 320101 301285', 'swapped 320101 310825']);
  // Where the district is unknown it is the district that is looked at, its last digits first.
  assert.deepEqual(kinds('320110010190', true), [
    'swapped 320101 010190',
    'swapped 321010 010190',
    'swapped 302110 010190',
    'swapped 230110 010190',
  ]);
  assert.deepEqual(slips(''), []);
});

test('a slip is corrected with one touch: a woman who forgot her 40, and two digits swapped in the district', async () => {
  const [voter] = await settled(demo, demo.exact.nik.slice(0, 6), 1);
  const { nik, name, number } = voter;
  const woman = Number(nik[6]) >= 4;
  const other = nik.slice(0, 6) + (Number(nik[6]) + (woman ? -4 : 4)) + nik.slice(7);
  const page = await open(site.url);
  await ask(page, { nik: other, name }, 'village_needed');
  await chooseAny(page, 'not_found');
  // What is offered is still there in another language.
  await page.locator('.typed .choice').waitFor();
  await page.locator('#lang').selectOption('en');
  await page.locator('.slips', { hasText: 'Did you mean' }).waitFor();
  await page.locator('#lang').selectOption('id');
  await page.locator('.typed .choice', { hasText: `${nik.slice(4, 8)} ${nik.slice(8)}` }).click();
  const answer = await screen(page, 'found');
  assert.equal(await answer.locator('[data-station-number]').innerText(), String(number));
  await home(page);
  assert.equal((await page.locator('#nik').inputValue()).replaceAll(' ', ''), nik);

  const swapped = nik[1] + nik[0] + nik.slice(2);
  await ask(page, { nik: swapped, name }, 'no_such_region');
  const offer = page.locator('.typed .choice');
  await offer.waitFor();
  assert.match(await offer.innerText(), /Kec\. /);
  await offer.click();
  await screen(page, 'found');
  assert.deepEqual(page.trouble, []);
});

test('a station has an address that opens it, and names nobody', async () => {
  const page = await open(site.url);
  await page.locator('a[href="#/"]').click();
  await screen(page, 'browse');
  await page.locator('#answer .finder input').pressSequentially(demo.near.place);
  await page.locator(`#answer [data-village="${demo.near.village}"]`).click();
  await page.locator('.stations a').first().click();
  await page.locator('#answer .station').waitFor();
  const address = page.url();
  assert.equal(new URL(address).hash, `#/${demo.near.village}/1`);
  const title = await page.locator('#answer h1').innerText();
  assert.equal(await page.locator('.station [data-station-number]').innerText(), '1');
  await page.goBack();
  await page.locator('.stations').waitFor();

  const later = await open(address);
  await later.locator('.station').waitFor();
  assert.equal(await later.locator('#answer h1').innerText(), title);
  assert.match(await later.locator('#election').innerText(), /Pemilu/);
  await later.locator('a[href="#"]').click();
  await later.locator('#form').waitFor();
  assert.deepEqual([...page.trouble, ...later.trouble], []);
});

test('HTML, CSS, JS and Indonesian words have at most 25,000 bytes in brotli until an answer, and 36,800 with all that a visitor may need', async () => {
  // The module's glue is in worker.js, the style in index.html. Of the service worker the digests of its files are not counted, which are data;
  // nor is the page what partners read.
  const { files } = JSON.parse(await readFile(join(demo.site, 'site.json'), 'utf8'));
  const all = ['sw.js', ...Object.keys(files).filter((path) => /^[\w-]+\.(html|js)$|^css\//.test(path))];
  const first = ['index.html', 'app.js', 'worker.js'];
  assert.ok(
    [...first, 'later.js'].every((path) => all.includes(path)),
    all.join(),
  );
  /** @param {string[]} paths */
  const bytes = async (paths) => {
    const sizes = paths.map(async (path) => {
      const text = await readFile(join(demo.site, path), 'utf8');
      return brotliCompressSync(text.replace(demo.publicKey, '').replace(/^const SHELL = .*/, '')).length;
    });
    return (await Promise.all(sizes)).reduce((sum, size) => sum + size);
  };
  const [until, whole] = [await bytes(first), await bytes(all)];
  assert.ok(until <= 25_000 && whole <= 36_800, `${until} until an answer, ${whole} in all`);
});

test('the module has at most 90,800 bytes in brotli', async () => {
  const bytes = brotliCompressSync(await readFile(join(demo.site, 'pkg/bilik_bg.wasm'))).length;
  assert.ok(bytes <= 90_800, `${bytes} bytes`);
});

test('two apps that a page makes for itself stand in one document, each with its own language', async () => {
  const page = await open(`${site.url}?lang=id`);
  await page.locator('html[data-started]').waitFor();
  const titles = await page.evaluate(async () => {
    const { createApp, readConfig } = await import('./app.js');
    const { GuestHost } = await import('./later.js');
    const make = async (lang) => {
      const holder = document.body.appendChild(document.createElement('div'));
      const root = holder.attachShadow({ mode: 'open' });
      const html = root.appendChild(document.createElement('div'));
      html.append(...[...document.body.children].filter((one) => one !== holder).map((one) => one.cloneNode(true)));
      const host = new GuestHost({ html, base: document.baseURI, lang, toTop() {} });
      await createApp({ root, config: readConfig(document, document.baseURI), host }).ready;
      return root.getElementById('title').textContent;
    };
    return [await make('en'), await make('jv'), document.getElementById('title').textContent, document.title.split(' · ')[0]];
  });
  assert.deepEqual(titles, ['Find your polling station', 'Padosi TPS Panjenengan', 'Cari TPS Anda', 'Cari TPS Anda']);
  assert.deepEqual(page.trouble, []);
});

test('what is copied or shared is the station and its address, and nothing that was typed', async () => {
  const page = await open(site.url, {
    before: (page) => page.addInitScript(() => (navigator.share = async (what) => void (globalThis.shared = what))),
  });
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  const answer = await ask(page, demo.exact, 'found');
  await answer.getByRole('button', { name: 'Salin' }).click();
  await answer.getByRole('button', { name: 'Tersalin' }).waitFor();
  const copied = await page.evaluate(() => navigator.clipboard.readText());
  await answer.getByRole('button', { name: 'Bagikan' }).click();
  const { text, url } = await page.evaluate(() => globalThis.shared);
  assert.equal(copied, `${text}\n${url}`);
  assert.match(text, new RegExp(`^TPS ${demo.exact.number}, `));
  // A page that needs no script, for somebody on any phone.
  assert.match(url, new RegExp(`^${site.url}tps/\\d{4}/\\d{10}\\.html#${demo.exact.number}$`));
  const whatsapp = new URL(await answer.getByRole('link', { name: 'WhatsApp' }).getAttribute('href'));
  assert.deepEqual([whatsapp.origin, whatsapp.searchParams.get('text')], ['https://wa.me', copied]);
  for (const secret of [demo.exact.nik, demo.exact.nik.slice(6), ...demo.exact.name.split(' ')]) {
    assert.ok(!copied.toLowerCase().includes(secret.toLowerCase()), `${secret} is in what is shared`);
  }
});

test('after twelve digits the number pad’s own key leads to the name, without a reproach', async () => {
  const page = await open(site.url);
  await page.locator('#nik').pressSequentially(demo.exact.nik);
  await page.keyboard.press('Enter');
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'name');
  assert.equal(await page.locator('#name-problem').innerText(), '');
});
