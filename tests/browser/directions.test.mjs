/** The way to a station: the maps that a device has, by links that carry the place and nothing else. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { ask, find, makeDemo, open, rebuild, serve } from './stage.mjs';

const ANDROID =
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/120.0.0.0 Mobile Safari/537.36';
const IPHONE =
  'Mozilla/5.0 (iPhone; CPU iPhone OS 16_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/16.0 Mobile/15E148 Safari/604.1';

let demo;
let site;
let station;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
  ({ station } = await find(demo, demo.exact));
});

/** The links of the open chooser: name, address, and what they tell the other page. */
async function chooser(page) {
  await page.locator('.directions summary').click();
  await page.locator('.maps a', { hasText: 'OpenStreetMap' }).waitFor();
  const links = page.locator('.maps a');
  const all = await links.evaluateAll((links) => links.map(({ textContent, href, rel }) => ({ name: textContent, href, rel })));
  const secrets = [demo.exact.nik, demo.exact.nik.slice(6), ...demo.exact.name.split(' ')].map((text) => text.toLowerCase());
  for (const { href, rel, name } of all) {
    assert.ok(!secrets.some((secret) => decodeURIComponent(href).toLowerCase().includes(secret)), href);
    assert.ok(href.startsWith('geo:') || rel === 'noopener noreferrer', name);
  }
  return all.map(({ name, href }) => [name, href]);
}

for (const [device, userAgent, own] of [
  ['a desk', undefined, []],
  ['an Android phone', ANDROID, ['Aplikasi peta di HP ini', 'Waze']],
  ['an iPhone', IPHONE, ['Apple Maps', 'Waze']],
]) {
  test(`on ${device} the first button of an answer opens the maps that it has`, async () => {
    const page = await open(site.url, userAgent ? { userAgent } : {});
    const answer = await ask(page, demo.exact, 'found');
    const buttons = answer.locator('button:visible, summary:visible');
    assert.match(await buttons.first().innerText(), /^Petunjuk arah/);
    const filled = await answer.locator('.directions summary').evaluate((button) => getComputedStyle(button).backgroundColor);
    assert.equal(filled, 'rgb(64, 48, 140)');
    const links = new Map(await chooser(page));
    assert.deepEqual([...links.keys()].sort(), ['Google Maps', 'OpenStreetMap', ...own].sort());
    assert.equal(await page.locator('.directions .note').count(), 0);
    const at = `${station.lat},${station.lon}`;
    assert.equal(links.get('Google Maps'), `https://www.google.com/maps/dir/?api=1&destination=${at}`);
    if (own.includes('Waze')) assert.equal(links.get('Waze'), `https://waze.com/ul?ll=${at}&navigate=yes`);
    if (links.has(own[0] ?? '')) assert.match(links.get(own[0]), device.includes('iPhone') ? /daddr=-?\d/ : /^geo:-?\d/);
    assert.deepEqual(page.trouble, []);
  });
}

test('where a station has no coordinates the maps search for its address', async () => {
  // The demo's folder again, with the coordinates of that station emptied.
  const file = join(demo.election, 'stations.csv');
  const [head, ...lines] = (await readFile(file, 'utf8')).trim().split('\n');
  const [lat, lon] = ['lat', 'lon'].map((name) => head.split(',').indexOf(name));
  const without = (line) => {
    const cells = line.match(/("([^"]|"")*"|[^,]*)(,|$)/g).map((cell) => cell.replace(/,$/, ''));
    cells[lat] = cells[lon] = '';
    return cells.slice(0, head.split(',').length).join(',');
  };
  const whole = await readFile(file, 'utf8');
  await writeFile(file, [head, ...lines.map((line) => (line.startsWith(station.id) ? without(line) : line)), ''].join('\n'));
  const other = await rebuild(demo, {});
  await writeFile(file, whole);
  const page = await open((await serve(other.site)).url);
  await ask(page, demo.exact, 'found');
  const links = new Map(await chooser(page));
  const query = new URL(links.get('Google Maps')).searchParams.get('query');
  for (const part of [station.venue, station.village, station.district]) assert.ok(query.includes(part), `${part}: ${query}`);
  assert.match(links.get('OpenStreetMap'), /search\?query=/);
  await page.locator('.directions .note', { hasText: 'Peta mencari alamatnya' }).waitFor();
});

test('the chooser opens and closes by keyboard, and paper has the address of the station instead', async () => {
  const page = await open(site.url);
  await ask(page, demo.exact, 'found');
  await page.locator('.directions summary').focus();
  await page.keyboard.press('Enter');
  await page.locator('.maps a').first().waitFor();
  await page.keyboard.press('Tab');
  assert.equal(await page.evaluate(() => document.activeElement.textContent), 'Google Maps');
  await page.emulateMedia({ media: 'print' });
  assert.equal(await page.locator('.directions').isVisible(), false);
  assert.equal(
    await page.locator('.paper').innerText(),
    `${site.url}tps/${station.villageCode.slice(0, 4)}/${station.villageCode}.html#${station.number}`,
  );
});

test('where what comes later does not come, one map is there, and what a station offers asks the server for nothing', async () => {
  const page = await open(site.url, { before: (page) => page.route('**/later.js', (route) => route.abort()) });
  await ask(page, demo.exact, 'found');
  // What any answer asks for, which fails.
  await page.waitForTimeout(2500);
  const requests = [];
  page.on('request', (request) => requests.push(request.url()));
  await page.locator('.verified summary').click();
  await page.getByRole('button', { name: 'Simpan ke kalender' }).click();
  await page.locator('.directions summary').click();
  await page.waitForTimeout(500);
  assert.deepEqual(requests, []);
  const link = page.locator('.maps a');
  assert.equal(
    await link.getAttribute('href'),
    `https://www.google.com/maps/dir/?api=1&destination=${station.lat},${station.lon}`,
  );
});
