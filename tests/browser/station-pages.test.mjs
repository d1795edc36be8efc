/** The pages of villages and stations: without script, on a phone and a desk, light, dark and on paper, and in a text browser. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { before, test } from '../limits.mjs';
import { makeDemo, open, rebuild, serve } from './stage.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 320, height: 640 };
const DESK = { width: 1280, height: 900 };

let site;
/** A village's page, and the number of one of its stations. */
let village;
let number;

before(async () => {
  const demo = await makeDemo();
  const toml = (text) => text.replace('[site]\n', '[site]\naddress = "https://tps.example/pemilu/"\n');
  site = await serve((await rebuild(demo, { toml })).site);
  const { station } = demo.roll[0];
  const stations = (await readFile(`${demo.election}/stations.csv`, 'utf8')).split('\n').map((line) => line.split(','));
  const [, code, own] = stations.find(([id]) => id === station);
  const digits = code.replaceAll('.', '');
  village = `${site.url}tps/${digits.slice(0, 4)}/${digits}.html`;
  number = Number(own);
});

/** What axe finds wrong, and what is wider than the window. */
async function faults(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    const { violations } = await globalThis.axe.run(document);
    const wrong = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
    const { scrollWidth } = document.documentElement;
    return scrollWidth > innerWidth ? [...wrong, `${scrollWidth} px in a window of ${innerWidth}`] : wrong;
  });
}

for (const [what, way] of [
  ['a phone, light', { viewport: PHONE, colorScheme: 'light' }],
  ['a phone, dark', { viewport: PHONE, colorScheme: 'dark' }],
  ['a desk, light', { viewport: DESK, colorScheme: 'light' }],
  ['a desk, dark', { viewport: DESK, colorScheme: 'dark' }],
  ['forced colours', { viewport: PHONE, forcedColors: 'active' }],
]) {
  test(`axe finds nothing, and nothing is cut: ${what}`, async () => {
    for (const url of [village, `${site.url}tps/index.html`, `${site.url}tps/${village.split('/').at(-2).slice(0, 2)}.html`]) {
      const page = await open(url, { ...way, bypassCSP: true });
      assert.deepEqual(await faults(page), [], url);
      await page.evaluate(() => (document.documentElement.style.fontSize = '200%'));
      assert.deepEqual(await faults(page), [], `${url} with text twice as large`);
      assert.deepEqual(page.trouble, [], url);
      await page.context().close();
    }
  });
}

test('without JavaScript one comes from the start page to the stations of a village by links alone', async () => {
  const page = await open(site.url, { javaScriptEnabled: false });
  await page.locator('noscript a[href^="tps/"]').click();
  await page.locator('ul.links a').first().click();
  await page.locator('section ul.links a').first().click();
  assert.match(page.url(), /#sekitar$/);
  assert.ok(await page.locator('#sekitar').isVisible());
  await page.goto(`${village}#${number}`);
  assert.ok(await page.locator(`.board li:target`).isVisible());
  assert.equal(await page.locator('script').count(), 0);
  await page.locator('nav.languages a').click();
  assert.match(await page.locator('#english').innerText(), /polling stations \(TPS\)/);
});

test('an answer’s list of stations leads to the poster of the village', async () => {
  const page = await open(`${site.url}#/${village.slice(-15, -5)}`);
  const poster = page.getByRole('link', { name: 'Poster' });
  assert.equal(await poster.getAttribute('href'), village);
});

test('paper gets the list and the QR code, or the one station that somebody chose', async () => {
  const page = await open(village, { viewport: DESK, colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const stations = await page.locator('.board li').count();
  assert.equal(await page.locator('.board li:visible').count(), stations);
  assert.ok(await page.locator('.qr svg').isVisible());
  assert.match(await page.locator('.paper-only').innerText(), /https:\/\/tps\.example\/pemilu\//);
  for (const away of ['nav', '.own', '#sekitar', '#english', '.button', '.way']) {
    assert.equal(await page.locator(`${away}:visible`).count(), 0, away);
  }
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), 'rgb(255, 255, 255)');
  await page.goto(`${village}#${number}`);
  assert.equal(await page.locator('.board li:visible').count(), 1);
  // One sheet, of either size.
  for (const format of ['A4', 'A3']) {
    const pdf = (await page.pdf({ format })).toString('latin1');
    assert.equal(pdf.match(/\/Type \/Page\b/g)?.length, 1, format);
  }
});

test('a text browser shows the stations and the way on', async (t) => {
  const out = await new Promise((done, failed) =>
    execFile('w3m', ['-dump', '-cols', '80', village], (error, stdout) => (error ? failed(error) : done(stdout))),
  ).catch((error) => {
    if (error.code !== 'ENOENT') throw error;
  });
  if (out === undefined) return t.skip('w3m is not installed: tests/tools.sh w3m');
  assert.match(out, new RegExp(`TPS ${number}\\b`));
  assert.match(out, /Kelurahan\/desa di /);
});
