/** By keyboard alone, from load to the answer and what is done with it; and what a calendar is given. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { before, test } from '../limits.mjs';
import { makeDemo, open, screen, serve, type } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** What has the focus: its id, or else its words. */
const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent || '');

/** Presses Tab until that has the focus, and gives what had it on the way. */
async function tabTo(page, wanted) {
  const passed = [];
  while (passed.length < 60) {
    await page.keyboard.press('Tab');
    const now = await focused(page);
    if (now === wanted || now.startsWith(`${wanted}Kec. `)) return passed;
    passed.push(now);
  }
  throw new Error(`${wanted} cannot be reached by Tab; what can be: ${passed.join(', ')}`);
}

test('from load to the answer and to the calendar, and the focus goes where the news is', async () => {
  const page = await open(site.url);
  const { keyboard } = page;
  await page.locator('html[data-started]').waitFor();
  assert.deepEqual(await tabTo(page, 'nik'), ['lang', 'Mengapa aman?']);
  await keyboard.press('Enter');
  await page.locator('#nik-problem:not(:empty)').waitFor();
  assert.equal(await focused(page), 'nik');
  const described = await page.locator('#nik').getAttribute('aria-describedby');
  assert.ok(described?.includes('nik-problem'), 'the problem is tied to its field');
  await keyboard.type(demo.near.nik);
  assert.deepEqual(await tabTo(page, 'name'), ['other']);
  await keyboard.type(demo.near.name);
  await keyboard.press('Enter');
  await screen(page, 'village_needed');
  assert.equal(await focused(page), 'answer-title');
  await tabTo(page, `Desa ${demo.near.place}`);
  await keyboard.press('Enter');
  const answer = await screen(page, 'found');
  assert.equal(await focused(page), 'answer-title');
  assert.equal(await answer.getAttribute('data-by'), 'near');

  await tabTo(page, 'Simpan ke kalender');
  const [download] = await Promise.all([page.waitForEvent('download'), keyboard.press('Enter')]);
  assert.match(download.suggestedFilename(), /^tps-\d+\.ics$/);
  const file = await readFile(await download.path(), 'utf8');
  assertCalendar(file);
  const said = file.replaceAll('\r\n ', '');
  assert.ok(said.includes(`\r\nSUMMARY:TPS ${demo.near.number}\\, Desa ${demo.near.place} · Pemilu Contoh `), said);
  // 07.00 WITA, whatever the device's own zone is.
  assert.match(said, /\r\nDTSTART:\d{8}T230000Z\r\n/);
  for (const secret of [demo.near.nik, demo.near.nik.slice(6), demo.near.name]) {
    assert.ok(!said.toLowerCase().includes(secret.toLowerCase()), `the calendar is told ${secret}`);
  }
  assert.deepEqual(page.trouble, []);
});

test('after a cancelled lookup the focus is on the button, not at the top of the page', async () => {
  const page = await open(site.url);
  await page.route('**/*.bilik', () => {});
  await type(page, demo.exact);
  await page.keyboard.press('Enter');
  await page.locator('#progress button').focus();
  await page.keyboard.press('Enter');
  assert.equal(await focused(page), 'ask');
});

/** What RFC 5545 asks of every file. */
function assertCalendar(file) {
  assert.ok(file.startsWith('BEGIN:VCALENDAR\r\nVERSION:2.0\r\n') && file.endsWith('END:VCALENDAR\r\n'));
  for (const line of file.split('\r\n')) {
    assert.ok(Buffer.byteLength(line) <= 75, `${line} is longer than 75 bytes`);
    assert.doesNotMatch(line, /[\r\n]/, 'lines end by CR LF only');
  }
  const names = file
    .replaceAll('\r\n ', '')
    .trim()
    .split('\r\n')
    .map((line) => line.split(/[:;]/)[0]);
  for (const name of ['UID', 'DTSTAMP', 'DTSTART', 'DTEND', 'SUMMARY', 'LOCATION', 'GEO', 'URL'])
    assert.ok(names.includes(name), name);
  assert.equal(names.filter((name) => name === 'BEGIN').length, names.filter((name) => name === 'END').length);
}
