/** Stations with times of their own, on a device whose clock is that of another place. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { pageAt } from './clock-stage.mjs';
import { makeDemo, rebuild } from './stage.mjs';

const CASES = [
  {
    where: 'a station in Kuala Lumpur, three days before the election at home',
    area: 'day = "2029-02-11"\nopens = "08:00"\ncloses = "18:00"\ntime_zone = "Asia/Kuala_Lumpur"',
    hours: /^08\.00–18\.00 UTC\+8\s*Minggu, 11 Februari 2029/,
    // Nine in the morning there; the evening before on the device.
    now: [
      ['2029-02-11T01:00:00Z', 'open'],
      ['2029-02-11T10:00:00Z', 'after'],
    ],
    event: ['DTSTART:20290211T000000Z', 'DTEND:20290211T100000Z'],
  },
  {
    where: 'a station in Jayapura',
    area: 'time_zone = "WIT"',
    hours: /^07\.00–13\.00 WIT\s*Rabu, 14 Februari 2029/,
    now: [
      ['2029-02-13T21:30:00Z', 'before'],
      ['2029-02-13T23:00:00Z', 'open'],
    ],
    event: ['DTSTART:20290213T220000Z', 'DTEND:20290214T040000Z'],
  },
  {
    where: 'a station in a prison',
    area: 'opens = "08:00"\ncloses = "11:00"\ntime_zone = "WIB"\nnotice = "Hanya untuk warga binaan"\nnotice_url = "https://kpu.example/lapas"',
    hours: /^08\.00–11\.00 WIB\s*Rabu, 14 Februari 2029/,
    now: [
      ['2029-02-14T00:30:00Z', 'before'],
      ['2029-02-14T04:30:00Z', 'after'],
    ],
    event: ['DTSTART:20290214T010000Z', 'DTEND:20290214T040000Z'],
  },
];

let site;
let ambulant;
before(async () => {
  const demo = await makeDemo();
  const [, ...lines] = (await readFile(join(demo.election, 'stations.csv'), 'utf8')).trim().split('\n');
  const villages = [...new Set(lines.map((line) => line.slice(0, 10)))];
  const areas = CASES.map((one, at) => {
    one.village = villages[at];
    return `[areas.${one.village}]\n${one.area}\n`;
  });
  // In another village the first station is a ballot box that goes to the voters.
  ambulant = villages[CASES.length];
  const file = join(demo.election, 'stations.csv');
  const whole = await readFile(file, 'utf8');
  const kindOf = (line) => (line.startsWith('id,') ? 'kind' : line.startsWith(`${ambulant}001,`) ? 'KSK' : '');
  await writeFile(
    file,
    `${whole
      .trim()
      .split('\n')
      .map((line) => `${line},${kindOf(line)}`)
      .join('\n')}\n`,
  );
  ({ site } = await rebuild(demo, {
    toml: (text) => `${text.replace(/^day = .*$/m, 'day = "2029-02-14"').replace(/^expires = .*$/m, '')}\n${areas.join('\n')}`,
  }));
  await writeFile(file, whole);
});

for (const one of CASES) {
  test(`${one.where} shows its own hours and its own day, and whether it is open`, async () => {
    for (const [at, state] of one.now) {
      const time = Date.parse(at);
      const { server, page } = await pageAt(site, time, time, { timezoneId: 'America/New_York', acceptDownloads: true });
      await page.goto(`${server.url}#/${one.village}/1`);
      const card = page.locator('article.station');
      await card.waitFor();
      const hours = card.locator('dl > div').filter({ has: page.locator('.now') });
      assert.match(await hours.locator('dd').innerText(), one.hours);
      await hours.locator(`.now[data-state="${state}"]`).waitFor();
      if (state === 'after') continue;
      const [download] = await Promise.all([
        page.waitForEvent('download'),
        page.getByRole('button', { name: /kalender/i }).click(),
      ]);
      const event = await readFile(await download.path(), 'utf8');
      for (const line of one.event) assert.ok(event.split('\r\n').includes(line), `${line} in ${event}`);
      assert.deepEqual(page.trouble, []);
    }
  });
}

test('the notice of an area is shown with the page that says more', async () => {
  const [prison] = CASES.slice(-1);
  const time = Date.parse('2029-02-12T00:00:00Z');
  const { server, page } = await pageAt(site, time, time);
  await page.goto(`${server.url}#/${prison.village}/1`);
  const notice = page.locator('.notice');
  assert.match(await notice.innerText(), /Hanya untuk warga binaan/);
  assert.equal(await notice.locator('a').getAttribute('href'), 'https://kpu.example/lapas');
});

test('a ballot box has an address of its own, and the page without script has the same', async () => {
  const time = Date.parse('2029-02-12T00:00:00Z');
  const { server, page } = await pageAt(site, time, time);
  await page.goto(`${server.url}#/${ambulant}/KSK1`);
  const card = page.locator('article.station');
  await card.waitFor();
  assert.match(await card.locator('.number').innerText(), /^KSK\s*1$/);
  const address = await card.locator('.paper').textContent();
  assert.equal(address, `${server.url}tps/${ambulant.slice(0, 4)}/${ambulant}.html#KSK1`);
  await page.goto(address);
  assert.match(await page.locator('li#KSK1 h2').innerText(), /KSK\s*1/);
});
