/** The device's clock is one witness among others: what a voter is told where it is right, wrong, or where nobody can say. */
import assert from 'node:assert/strict';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { DAY_MS, HOUR_MS, pageAt } from './clock-stage.mjs';
import { ask, bilik, find, makeDemo, open, rebuild, serve } from './stage.mjs';

const WRONG = /Jam di HP ini tidak tepat.*Pengaturan/;

let demo;
let opens;
let closes;
let expires;
before(async () => {
  demo = await makeDemo();
  const { station } = await find(demo, demo.exact);
  [opens, closes] = [Date.parse(station.opens), Date.parse(station.closes)];
  expires = Date.parse(JSON.parse(await bilik(['inspect', join(demo.site, 'head.bilik')])).file.expires);
});

/** What the station's card says of the time, and whether there is a button for the calendar. */
async function told(page) {
  const answer = await ask(page, demo.exact, 'found');
  const [now] = await answer.locator('.now').allInnerTexts();
  const isInCalendar = await answer.getByRole('button', { name: 'Simpan ke kalender' }).isVisible();
  assert.match(await answer.innerText(), /07\.00–13\.00 WI/, 'the hours are there in any case');
  return { now: now ?? '', text: await answer.innerText(), isInCalendar };
}

for (const [what, { device, now, isInCalendar = true }] of Object.entries({
  'before it opens': { device: () => opens - 90 * 60_000, now: /^Buka 90 menit lagi$/ },
  'while it is open': { device: () => opens + HOUR_MS, now: /^Sedang buka, tutup 5 jam lagi$/ },
  'after it closed': { device: () => closes + 60_000, now: /^Sudah tutup$/, isInCalendar: false },
})) {
  test(`a clock that the page's own origin confirms tells whether a station is open: ${what}`, async () => {
    // A minute off, and the origin's second that has begun.
    const { page } = await pageAt(demo.site, device() + 60_000, device() + 60_000);
    const seen = await told(page);
    assert.match(seen.now.replace(/89/, '90'), now);
    assert.equal(seen.isInCalendar, isInCalendar);
    assert.doesNotMatch(seen.text, WRONG);
    assert.deepEqual(page.trouble, []);
  });
}

for (const [what, ahead] of [
  ['six hours ahead', 6 * HOUR_MS],
  ['six hours behind', -6 * HOUR_MS],
  ['three minutes ahead', 180_000],
  ['a year ahead', 365 * DAY_MS],
  ['forty years behind', -40 * 365 * DAY_MS],
]) {
  test(`on polling morning a phone ${what} finds the voter, names the clock and counts nothing`, async () => {
    const { page } = await pageAt(demo.site, opens + HOUR_MS + ahead, opens + HOUR_MS);
    const seen = await told(page);
    assert.match(seen.text, WRONG);
    assert.deepEqual([seen.now, seen.isInCalendar], ['', true]);
    assert.doesNotMatch(seen.text, /Sudah tutup|Sedang buka|menit lagi|jam lagi|hari lagi/);
    assert.deepEqual(page.trouble, []);
  });
}

test('without a witness nobody is told "open" or "closed", nor how many hours are left; days are told from two on', async () => {
  for (const [device, now] of [
    [closes + HOUR_MS, ''],
    [opens + HOUR_MS, ''],
    [opens - 12 * HOUR_MS, ''],
    [opens - 72 * HOUR_MS, 'Buka 3 hari lagi'],
  ]) {
    const { page } = await pageAt(demo.site, device);
    const seen = await told(page);
    assert.deepEqual([seen.now, seen.isInCalendar], [now, true]);
    assert.doesNotMatch(seen.text, WRONG);
    await page.context().close();
  }
});

test('a clock before the signing is wrong even where nothing else tells the time', async () => {
  const { page } = await pageAt(demo.site, Date.now() - 2 * DAY_MS);
  const seen = await told(page);
  assert.match(seen.text, WRONG);
  assert.equal(seen.now, '');
});

test('an origin whose own clock is before the signing is not believed', async () => {
  const { page } = await pageAt(demo.site, opens - 72 * HOUR_MS, Date.now() - 30 * DAY_MS);
  assert.equal((await told(page)).now, 'Buka 3 hari lagi');
});

test('data is outdated by the right time: a wrong clock makes none so, and a right one is confirmed', async () => {
  const late = await pageAt(demo.site, expires + DAY_MS, expires + DAY_MS);
  const answer = await ask(late.page, demo.exact, 'stale');
  const text = await answer.innerText();
  assert.ok(text.includes(String(new Date(expires).getUTCFullYear())), text);
  assert.doesNotMatch(text, /Menurut HP/);
  // Behind by a year, the phone would show what is long over.
  const behind = await pageAt(demo.site, expires - 365 * DAY_MS, expires + DAY_MS);
  await ask(behind.page, demo.exact, 'stale');
  const alone = await pageAt(demo.site, expires + 365 * DAY_MS);
  const doubt = await ask(alone.page, demo.exact, 'stale');
  const year = new Date(expires + 365 * DAY_MS).getFullYear();
  assert.match(await doubt.innerText(), new RegExp(`Menurut HP ini sekarang .* ${year}\\. Kalau tanggal itu salah`));
});

test('a public station page counts by a confirmed clock only, too', async () => {
  for (const [origin, now] of [
    [opens + HOUR_MS, /^Sedang buka/],
    [undefined, /^$/],
  ]) {
    const { page } = await pageAt(demo.site, opens + HOUR_MS, origin);
    await page.evaluate((code) => (location.hash = `#/${code}/1`), demo.near.village);
    await page.locator('#answer .station').waitFor();
    assert.match((await page.locator('#answer .now').innerText()).trim(), now);
    assert.match(await page.locator('#answer footer').innerText(), /Pemilu/);
    await page.context().close();
  }
});

test('only the own origin is a witness: another mirror may say what it wants, and the own one is asked for the time', async () => {
  const others = await Promise.all([1, 2, 3].map(() => serve(demo.site)));
  const mirrors = ['./', ...others.map(({ url }) => url)];
  const many = await rebuild(demo, {
    toml: (text) => text.replace(/^mirrors = .*$/m, `mirrors = ${JSON.stringify(mirrors)}`),
  });
  const own = await serve(many.site);
  for (const other of others) {
    other.behind = own.behind;
    const date = new Date(Date.now() + 365 * DAY_MS).toUTCString();
    other.says = { date, 'access-control-expose-headers': 'date' };
  }
  const page = await open(own.url);
  const clocks = await page.evaluate(
    async ([mirrors, publicKey]) => {
      const { default: init, Bilik } = await import('./pkg/bilik.js');
      await init();
      const clocks = [];
      for (let at = 0; at < 12; at++) {
        const bilik = new Bilik({ mirrors, publicKey });
        await bilik.election();
        // An answer in the background may come a little later.
        await new Promise((done) => setTimeout(done, 100));
        clocks.push((await bilik.prepare('')).data?.clock);
      }
      return clocks;
    },
    [mirrors.map((mirror) => new URL(mirror, own.url).href), demo.publicKey],
  );
  assert.deepEqual(clocks, Array(12).fill('confirmed'));
  const asked = own.requests.filter(({ path }) => path === '/head.bilik').map(({ method }) => method);
  assert.ok(asked.includes('HEAD') && asked.length >= 12, asked.join());
  assert.ok(others.every(({ requests }) => requests.every(({ method }) => method === 'GET')));
});

test('the age of what is kept counts by one clock, however wrong that is', async () => {
  const { server, page } = await pageAt(demo.site, Date.now() + 6 * HOUR_MS, Date.now());
  const ask = () =>
    page.evaluate(
      async ([mirrors, publicKey]) => {
        const { default: init, Bilik } = (globalThis.module ??= await import('./pkg/bilik.js'));
        await init();
        const { data } = await new Bilik({ mirrors, publicKey }).prepare('');
        return { ...data, seconds: (Date.now() - Date.parse(data?.checkedAt ?? '')) / 1000 };
      },
      [[server.url], demo.publicKey],
    );
  const before = await ask();
  assert.deepEqual([before.clock, before.offline], ['wrong', undefined]);
  assert.ok(Math.abs(before.clockError - 6 * 3600) < 5, `${before.clockError} s`);
  await server.stop();
  const after = await ask();
  assert.deepEqual([after.clock, after.offline], [undefined, true]);
  assert.ok(after.seconds >= 0 && after.seconds < 60, `${after.seconds} s`);
});
