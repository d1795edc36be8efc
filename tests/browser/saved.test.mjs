/** What is said of a saved regency: that a browser may delete it, that it did, and why it could not be kept. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { kept } from './offline-stage.mjs';
import { ask, makeDemo, open, screen, serve } from './stage.mjs';

let demo;
before(async () => {
  demo = await makeDemo();
});

/** Asks, and opens the screen of what is saved; `before` runs in the page first, `worker` in the worker. */
async function toSave({ before = () => {}, worker = '' } = {}) {
  const server = await serve(demo.site);
  if (worker)
    server.alter = (path, bytes) => (path === 'worker.js' ? Buffer.concat([Buffer.from(`${worker}\n`), bytes]) : undefined);
  const page = await open(server.url, { before: (page) => page.addInitScript(before) });
  await ask(page, demo.exact, 'found');
  await page.locator('#answer a[href="#/saved"]').click();
  const card = page.locator(`[data-regency="${demo.exact.nik.slice(0, 4)}"]`);
  await card.waitFor();
  return { server, page, card };
}

const FRAGILE = 'Browser bisa menghapusnya';

for (const [what, before, isSaid] of [
  [
    'refuses to promise',
    () => Object.assign(StorageManager.prototype, { persist: async () => false, persisted: async () => false }),
    true,
  ],
  [
    'never says',
    () =>
      Object.assign(StorageManager.prototype, { persist: () => new Promise(() => {}), persisted: () => new Promise(() => {}) }),
    true,
  ],
  [
    'promises',
    () => Object.assign(StorageManager.prototype, { persist: async () => true, persisted: async () => true }),
    false,
  ],
]) {
  test(`where the browser ${what} to keep it, that is ${isSaid ? '' : 'not '}said beside the saved regency`, async () => {
    const { page, card } = await toSave({ before });
    assert.equal(await page.getByText(FRAGILE).count(), 0, 'nothing is saved yet');
    await card.getByRole('button', { name: 'Simpan' }).click();
    await page.getByText('Sudah tersimpan.').waitFor();
    assert.equal(await page.getByText(FRAGILE).isVisible(), isSaid);
    assert.deepEqual(page.trouble, []);
  });
}

test('a full device and a browser that forbids storage are told apart', async () => {
  const full = "Cache.prototype.put = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));";
  const blocked = "CacheStorage.prototype.open = () => Promise.reject(new DOMException('no', 'SecurityError'));";
  for (const [code, words] of [
    [full, /Ruang penyimpanan di perangkat ini tidak cukup/],
    [blocked, /tidak mengizinkan penyimpanan/],
  ]) {
    const { page, card } = await toSave({ before: code, worker: code });
    await card.getByRole('button', { name: 'Simpan' }).click();
    await page.getByText(words).waitFor();
    await page.context().close();
  }
});

test('where a part of what was saved is gone and there is no network, that is the reason that is given', async () => {
  const { server, page, card } = await toSave();
  await card.getByRole('button', { name: 'Simpan' }).click();
  await page.getByText('Sudah tersimpan.').waitFor();
  await kept(page);
  await page.evaluate(async () => {
    for (const name of (await caches.keys()).filter((name) => name.startsWith('bilik-1-'))) {
      const cache = await caches.open(name);
      for (const { url } of await cache.keys()) if (url.includes('/t/')) await cache.delete(url);
    }
  });
  await server.stop();
  await page.goto(server.url);
  const answer = await ask(page, demo.exact, 'unreachable');
  await answer.getByText('Sebagian data yang tersimpan di HP ini sudah dihapus oleh browser.').waitFor();
  await screen(page, 'unreachable');
});
