/** What the page says where it cannot answer, or where the browser refuses it something: the true reason, and the next step. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { kept, stored } from './offline-stage.mjs';
import { NO_HTTP_CACHE, ask, chooseAny, edit, makeDemo, open, screen, serve } from './stage.mjs';

let demo;
before(async () => {
  demo = await makeDemo();
});

/** A page whose module gives this outcome in place of an answer; once, or always. */
async function answering(outcome, options) {
  const server = await serve(demo.site);
  const lines = `{
    const real = postMessage.bind(globalThis);
    globalThis.postMessage = (message) =>
      real(message.value?.outcome ? { ...message, value: ${JSON.stringify(outcome)} } : message);
  }
`;
  server.alter = (path, bytes) => (path === 'worker.js' ? Buffer.concat([Buffer.from(lines), bytes]) : undefined);
  return open(server.url, options);
}

/** A head, or another file, that says that it is of format version 2. */
const later = (bytes) => Object.assign(Buffer.from(bytes), { 6: 2 });

test('too little memory is said as that, with another try, the public list, and whom to call', async () => {
  const page = await answering({ outcome: 'out_of_memory' });
  const answer = await ask(page, demo.exact, 'out_of_memory');
  assert.match(await answer.innerText(), /memori[\s\S]*Tutup aplikasi[\s\S]*Coba lagi[\s\S]*Tanya petugas/i);
  await page.locator('#answer a[href="#/"]').click();
  await screen(page, 'browse');
  assert.deepEqual(page.trouble, []);
});

test('a browser without WebAssembly is told how to allow it, and whom to call', async () => {
  const page = await answering({ outcome: 'no_wasm' });
  const text = await (await ask(page, demo.exact, 'no_wasm')).innerText();
  assert.match(text, /Browser ini[\s\S]*Lockdown Mode[\s\S]*matikan[\s\S]*Tanya petugas/);
});

test('a rule of the site is named, with the organiser’s own page and the details', async () => {
  const problems = [{ source: 'https://site.example/', file: 'worker.js', reason: 'script-src forbids blob:' }];
  const page = await answering({ outcome: 'forbidden', problems });
  const answer = await ask(page, demo.exact, 'forbidden');
  assert.match(await answer.innerText(), /Pencarian diblokir[\s\S]*Tanya petugas/);
  assert.equal(await answer.locator('a.big').first().getAttribute('href'), page.url());
  assert.match(await answer.locator('details').textContent(), /worker\.js: script-src/);
});

test('a part of the page that did not arrive is told apart from data that did not', async () => {
  const problem = { source: 'http://127.0.0.1/', file: 'pkg/bilik_bg.wasm', reason: 'HTTP status 404' };
  const page = await answering({ outcome: 'unreachable', problems: [problem] });
  const answer = await ask(page, demo.exact, 'unreachable');
  assert.match(await answer.innerText(), /Sebagian halaman ini belum termuat[\s\S]*mencoba lagi secara otomatis/);
  assert.match(await answer.locator('details').textContent(), /bilik_bg\.wasm/);
});

test('what is broken has details where there are any', async () => {
  const problems = [{ source: '', file: 'worker.js', reason: 'unreachable executed' }];
  const page = await answering({ outcome: 'broken', problems });
  assert.match(await (await ask(page, demo.exact, 'broken')).locator('details').textContent(), /unreachable executed/);
});

test('a head of a later format makes the page too old, and its button reloads past what the device keeps', async () => {
  const server = await serve(demo.site);
  server.says = NO_HTTP_CACHE;
  const page = await open(server.url);
  await ask(page, demo.exact, 'found');
  await kept(page);
  await page.evaluate(async () => {
    for (const name of await caches.keys()) if (!name.startsWith('bilik-app-')) await caches.delete(name);
    await caches.open('bilik-app-/other/ 1');
  });
  const old = server.alter;
  server.alter = (path, bytes) => (path === 'head.bilik' ? later(bytes) : undefined);
  await page.reload();
  const answer = await ask(page, demo.exact, 'unverified');
  assert.match(await answer.innerText(), /Versi halaman ini sudah lama[\s\S]*Muat ulang/);
  assert.match(await answer.locator('details').textContent(), /head\.bilik: .*version 1, got 2/);
  server.alter = old;
  const since = server.requests.length;
  await Promise.all([page.waitForEvent('load'), answer.getByRole('button', { name: 'Muat ulang' }).click()]);
  assert.ok(server.asked(since).includes('/app.js'), 'the app comes from the server again');
  const { names } = await stored(page);
  assert.deepEqual(
    names.filter((name) => name.startsWith('bilik-app-')),
    ['bilik-app-/other/ 1'],
  );
  await ask(page, demo.exact, 'found');
  assert.deepEqual(page.trouble, []);
});

test('out of reach of its origin, a page that is too old keeps what it has', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url);
  await ask(page, demo.exact, 'found');
  await kept(page);
  server.alter = (path, bytes) => (path === 'head.bilik' ? later(bytes) : undefined);
  await page.reload();
  // What is kept still answers, and says so.
  const answer = await ask(page, demo.exact, 'found');
  assert.match(await answer.innerText(), /format yang lebih baru/);
  await server.stop();
  await Promise.all([page.waitForEvent('load'), answer.getByRole('button', { name: 'Muat ulang' }).click()]);
  await page.locator('#ask').waitFor();
  assert.ok((await stored(page)).names.some((name) => name.startsWith('bilik-app-')));
});

test('where history refuses, the answer is shown, and the way back works', async () => {
  const server = await serve(demo.site);
  const refuse = () => {
    for (const name of ['pushState', 'replaceState', 'back']) {
      history[name] = () => {
        throw new DOMException('too many', 'SecurityError');
      };
    }
  };
  const page = await open(`${server.url}?lang=id`, { before: (page) => page.addInitScript(refuse) });
  await ask(page, demo.exact, 'found');
  await page.locator('#lang').selectOption('en');
  await page.locator('html[lang="en"]').waitFor();
  await page.locator('#lang').selectOption('id');
  await page.locator('html[lang="id"]').waitFor();
  await page.locator('#answer a[href="#/saved"]').click();
  await screen(page, 'saved');
  await page.evaluate(() => (location.hash = ''));
  await screen(page, 'found');
  await edit(page);
  await ask(page, demo.stranger, 'village_needed');
  await chooseAny(page, 'not_found');
  await edit(page);
  assert.deepEqual(page.trouble, []);
});

test('without `replaceChildren` these screens are whole', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url, { before: (page) => page.addInitScript(() => delete Element.prototype.replaceChildren) });
  await page.evaluate((code) => (location.hash = `#/${code}/1`), demo.near.village);
  await page.locator('#answer .station').waitFor();
  await page.evaluate(() => (location.hash = '#/saved'));
  await page.locator('#answer .note:not(:empty)').first().waitFor();
  assert.deepEqual(page.trouble, []);
});

test('sharing and copying that never end, or throw, are no trouble; copying says that it failed', async () => {
  const server = await serve(demo.site);
  const hang = () => {
    navigator.share = () => {
      throw new TypeError('not now');
    };
    navigator.clipboard.writeText = () => new Promise(() => {});
  };
  const page = await open(server.url, { before: (page) => page.addInitScript(hang) });
  const answer = await ask(page, demo.exact, 'found');
  await answer.getByRole('button', { name: 'Bagikan' }).click();
  await answer.getByRole('button', { name: 'Salin' }).click();
  await answer.getByRole('button', { name: 'Gagal disalin' }).waitFor({ timeout: 4_000 });
  assert.deepEqual(page.trouble, []);
});

test('a screen whose script does not arrive says so, and trying again is enough', async () => {
  const server = await serve(demo.site);
  for (const [hash, wanted] of [
    ['#/', 'browse'],
    ['#/saved', 'saved'],
  ]) {
    server.alter = (path) => (path === 'later.js' ? 404 : undefined);
    const page = await open(server.url);
    await page.evaluate((hash) => (location.hash = hash), hash);
    const answer = await screen(page, 'unreachable');
    assert.match(await answer.innerText(), /Sebagian halaman ini belum termuat/);
    server.alter = undefined;
    for (let left = 2; left && !(await page.locator(`[data-outcome="${wanted}"]`).count()); left--) {
      await page
        .getByRole('button', { name: 'Coba lagi' })
        .click()
        .catch(() => {});
      await page.waitForTimeout(500);
    }
    await screen(page, wanted);
  }
});
