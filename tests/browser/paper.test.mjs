/** An answer on paper: beside the station's address stands its QR code, which another program reads back. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import jsQr from 'jsqr';
import { before, test } from '../limits.mjs';
import { ask, makeDemo, open, serve } from './stage.mjs';

const SCALE = 4;

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** Opens an answer on a page whose print dialogue only counts. */
async function printable() {
  const page = await open(site.url);
  await page.evaluate(() => Object.assign(globalThis, { printed: 0, print: () => void globalThis.printed++ }));
  await ask(page, demo.exact, 'found');
  const print = async (times) => {
    await page.getByRole('button', { name: 'Cetak', exact: true }).click();
    await page.waitForFunction((times) => globalThis.printed === times, times);
  };
  return { page, print };
}

/** What a QR code says, drawn as a browser draws its path. */
function read(path, viewBox) {
  const [from, , side] = viewBox.split(' ').map(Number);
  const width = side * SCALE;
  const pixels = new Uint8ClampedArray(width * width * 4).fill(255);
  for (const [, x, y] of path.matchAll(/M(\d+) (\d+)h1v1h-1z/g)) {
    for (let at = 0; at < SCALE * SCALE; at++) {
      const row = (Number(y) - from) * SCALE + Math.floor(at / SCALE);
      const column = (Number(x) - from) * SCALE + (at % SCALE);
      pixels.fill(0, (row * width + column) * 4, (row * width + column) * 4 + 3);
    }
  }
  return jsQr(pixels, width, width)?.data;
}

test('paper has a QR code that leads to the village’s page, and the server learns no place from it', async () => {
  const { page, print } = await printable();
  const before = site.requests.length;
  await print(1);
  const asked = site.asked(before);
  assert.ok(asked.includes('/qr.js') && !asked.some((path) => path.startsWith('/tps/')), asked.join());
  const line = page.locator('.paper');
  const address = await line.innerText().then(() => line.evaluate((line) => line.textContent));
  assert.match(address, /\/tps\/\d{4}\/\d{10}\.html#\d+$/);
  const svg = line.locator('svg');
  const path = await svg.locator('path').getAttribute('d');
  assert.equal(read(path, await svg.getAttribute('viewBox')), address);
  await page.emulateMedia({ media: 'print' });
  const { width, height } = await svg.boundingBox();
  assert.ok(width === height && width >= 100, `${width} × ${height}`);
  await page.emulateMedia({ media: 'screen' });
  assert.equal(await svg.isVisible(), false);
  // Printed again, it stands there once.
  await print(2);
  assert.equal(await svg.count(), 1);
  assert.deepEqual(page.trouble, []);
});

test('without the script of the codes paper has the address alone', async () => {
  const { page, print } = await printable();
  site.alter = (path) => (path === 'qr.js' ? 404 : undefined);
  await print(1);
  site.alter = undefined;
  assert.equal(await page.locator('.paper svg').count(), 0);
});

test('who prints nothing loads no codes, and their script has the licence of its library in it', async () => {
  assert.match(await readFile(join(demo.site, 'qr.js'), 'utf8'), /^\/\* lean-qr\n[\s\S]*Permission is hereby granted/);
  const { files } = JSON.parse(await readFile(join(demo.site, 'site.json'), 'utf8'));
  assert.ok(!('qr.js' in files));
});
