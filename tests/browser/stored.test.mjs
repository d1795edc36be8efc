/** What a device stores: a newer version of the app, which asks first; the data of a regency; an icon on the home screen. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { before, test } from '../limits.mjs';
import { kept, stored } from './offline-stage.mjs';
import { ask, makeDemo, open, screen, serve, settled, type } from './stage.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let demo;
before(async () => {
  demo = await makeDemo();
});

/** A server whose app has changed since: another byte in one file, and the service worker that names its digest. */
async function newer() {
  const changed = Buffer.concat([await readFile(`${demo.site}/later.js`), Buffer.from('// OTHER BYTES\n')]);
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', changed)).toString('hex');
  const worker = (await readFile(`${demo.site}/sw.js`, 'utf8'))
    .replace(/"version":"\w+"/, '"version":"newer"')
    .replace(/("later.js":")\w+/, `$1${digest}`);
  return (path) => (path === 'later.js' ? changed : path === 'sw.js' ? Buffer.from(worker) : undefined);
}

/** A server that says nothing by which a browser could ask whether a file is still the same. */
async function plainServer() {
  const server = await serve(demo.site);
  server.says = { 'last-modified': undefined, etag: undefined };
  return server;
}

test('a newer version waits until somebody says so, and then all of it is new', async () => {
  const server = await plainServer();
  const page = await open(server.url);
  await ask(page, demo.exact, 'found');
  await kept(page);
  server.alter = await newer();
  await page.reload();
  const bar = page.locator('#update');
  await bar.waitFor();
  assert.match(await bar.innerText(), /Versi baru halaman ini sudah siap\./);
  await type(page, demo.exact);
  const has = () => page.evaluate(async () => (await (await fetch('later.js')).text()).includes('OTHER BYTES'));
  assert.equal(await has(), false, 'the older one serves until then');
  await bar.getByRole('button', { name: 'Nanti' }).click();
  assert.equal(await bar.count(), 0);
  assert.equal(await page.locator('#name').inputValue(), demo.exact.name, 'nothing that was typed is lost');
  await page.reload();
  await Promise.all([page.waitForEvent('load'), bar.getByRole('button', { name: 'Muat ulang' }).click()]);
  await page.locator('html[data-started]').waitFor();
  assert.equal(await has(), true);
  const { names } = await stored(page);
  assert.equal(names.filter((name) => name.startsWith('bilik-app-')).length, 1, `the old one is gone: ${names}`);
  assert.equal(await bar.count(), 0);
  assert.deepEqual(page.trouble, []);
});

test('once no window is open any more, a browser lets the newer version in by itself', async () => {
  const server = await plainServer();
  const page = await open(server.url);
  await ask(page, demo.exact, 'found');
  await kept(page);
  server.alter = await newer();
  await page.reload();
  await page.locator('#update').waitFor();
  const context = page.context();
  await page.close();
  const blank = await context.newPage();
  const has = async () => {
    await blank.goto(server.url);
    const newer = await blank.evaluate(async () => (await (await fetch('later.js')).text()).includes('OTHER BYTES'));
    await blank.goto('about:blank');
    return newer;
  };
  while (!(await has())) await blank.waitForTimeout(200);
});

test('a version of which one file does not match is not installed: the whole older one stays', async () => {
  const server = await plainServer();
  const page = await open(server.url);
  await ask(page, demo.exact, 'found');
  await kept(page);
  const changed = await newer();
  server.alter = (path, body) => (path === 'later.js' ? undefined : changed(path, body));
  await page.reload();
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    const { installing } = registration;
    if (installing) await new Promise((done) => installing.addEventListener('statechange', done));
  });
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting), null);
  assert.equal(await page.locator('#update').count(), 0);
  await server.stop();
  await page.reload();
  await ask(page, demo.exact, 'found');
});

test('a language that was never shown, and has changed since, costs the page nothing else', async () => {
  const server = await plainServer();
  const page = await open(server.url);
  await ask(page, demo.exact, 'found');
  await kept(page);
  await page.reload();
  server.alter = (path, body) => (path === 'i18n/en.json' ? Buffer.concat([body, Buffer.from(' ')]) : undefined);
  await page.locator('#lang').selectOption('en');
  await page.waitForFunction(() => document.getElementById('lang').value === 'id');
  await server.stop();
  await page.reload();
  await ask(page, demo.exact, 'found');
});

test('a regency is saved with its size told before, works without a server for all its voters, and can be removed', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url);
  const [voter, neighbour] = await settled(demo, demo.exact.nik.slice(0, 6), 2);
  await ask(page, voter, 'found');
  await page.locator('#answer').getByRole('link', { name: 'Simpan agar bisa dipakai tanpa internet' }).click();
  const card = page.locator(`[data-regency="${voter.nik.slice(0, 4)}"]`);
  assert.match(await card.innerText(), /Ukuran unduhan: [\d,]+ (kB|MB)/);
  assert.equal(page.url().includes(voter.nik.slice(0, 4)), false);
  await card.getByRole('button', { name: 'Simpan' }).click();
  await page.getByText('Sudah tersimpan.').waitFor();
  assert.match(await card.innerText(), /Tersimpan, [\d,]+ (kB|MB)/);
  await kept(page);
  await server.stop();
  await page.goto(server.url);
  await ask(page, neighbour, 'found');
  await page.goto(`${server.url}#/saved`);
  await card.getByRole('button', { name: 'Hapus' }).click();
  await page.getByText('Sudah dihapus.').waitFor();
  assert.match(await card.innerText(), /Ukuran unduhan/, 'it may be saved again');
  const forget = page.getByRole('button', { name: 'Hapus data wilayah dari perangkat ini' });
  await forget.click();
  await page.getByRole('button', { name: 'Ketuk sekali lagi untuk menghapus' }).click();
  await page.getByText('Semua data wilayah sudah dihapus').waitFor();
  const { names, keys } = await stored(page);
  assert.deepEqual(
    keys.filter((key) => key.includes('/t/')),
    [],
    names.join(),
  );
  assert.ok(
    names.some((name) => name.startsWith('bilik-app-')),
    'the app itself stays',
  );
  assert.deepEqual(page.trouble, []);
});

test('what is forgotten is not fetched again by the page that forgot it', async () => {
  const page = await open((await plainServer()).url);
  await ask(page, demo.exact, 'found');
  await page.locator('#answer').getByRole('link', { name: 'Simpan agar bisa dipakai tanpa internet' }).click();
  await page.locator(`[data-regency="${demo.exact.nik.slice(0, 4)}"]`).waitFor();
  await page.getByRole('button', { name: 'Hapus data wilayah dari perangkat ini' }).click();
  await page.getByRole('button', { name: 'Ketuk sekali lagi untuk menghapus' }).click();
  await page.getByText('Semua data wilayah sudah dihapus').waitFor();
  const { keys } = await stored(page);
  assert.deepEqual(
    keys.filter((key) => /\/[dstp]\//.test(key)),
    [],
    'neither tables nor the directory of the regency, nor the part of its province',
  );
  await page.goBack();
  await page.locator('#ask').waitFor();
  assert.deepEqual(await page.locator('#nik, #name').evaluateAll((fields) => fields.map(({ value }) => value)), ['', '']);
});

test('a phone can put it on its home screen: a demo says so in its name', async () => {
  const server = await serve(demo.site);
  const manifest = await (await fetch(`${server.url}manifest.webmanifest`)).json();
  assert.match(manifest.name, /^DEMO · ./);
  for (const { src } of manifest.icons) assert.equal((await fetch(new URL(src, server.url))).status, 200, src);
  const page = await open(server.url);
  const session = await page.context().newCDPSession(page);
  const { errors } = await session.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  assert.deepEqual(
    installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'),
    [],
  );
});

for (const colorScheme of ['light', 'dark']) {
  test(`these screens have no fault that axe knows and fit 320 px, in ${colorScheme}`, async () => {
    const server = await plainServer();
    const page = await open(server.url, { colorScheme, viewport: { width: 320, height: 640 } });
    const look = async (name) => {
      await page.evaluate(AXE);
      const faults = await page.evaluate(async () => {
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } });
        return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
      });
      assert.deepEqual(faults, [], name);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, name);
    };
    await page.locator('html[data-started]').waitFor();
    server.alter = () => null;
    await ask(page, demo.exact, 'unreachable');
    await look('unreachable');
    server.alter = undefined;
    await screen(page, 'found');
    await kept(page);
    server.alter = await newer();
    await page.reload();
    await page.locator('#update').waitFor();
    await look('the form, with a newer version');
    await page.getByRole('button', { name: 'Nanti' }).click();
    server.alter = (path) => (path.endsWith('.bilik') ? null : undefined);
    await ask(page, demo.exact, 'found');
    await page.locator('[data-offline]').waitFor();
    await look('found in what is kept');
    server.alter = undefined;
    await page.locator('#answer a[href="#/saved"]').click();
    await page.locator('[data-regency]').waitFor();
    await look('a regency to save');
    await page.locator('[data-regency] button').first().click();
    await page.getByText('Sudah tersimpan.').waitFor();
    await look('a regency that is saved');
    await page.getByRole('link', { name: 'Cari TPS Anda' }).click();
    await page.locator('#form').waitFor();
    assert.deepEqual(page.trouble, []);
  });
}
