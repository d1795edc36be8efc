/** Somebody opens the page, types, presses, and reads where to vote. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import {
  NO_HTTP_CACHE,
  Relay,
  ask,
  choose,
  chooseAny,
  edit,
  makeDemo,
  open,
  rebuild,
  screen,
  serve,
  settled,
  type,
} from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** The number on the board, and the place under it. */
async function board(answer) {
  return {
    number: Number(await answer.locator('[data-station-number]').innerText()),
    place: await answer.locator('.where b').innerText(),
  };
}

test('the exact voter is found by digits and name alone', async () => {
  const page = await open(site.url);
  const answer = await ask(page, demo.exact, 'found');
  assert.equal(await answer.getAttribute('data-by'), 'full');
  const { number, place } = await board(answer);
  assert.equal(number, demo.exact.number);
  assert.ok(place.endsWith(demo.exact.place), place);
  assert.deepEqual(page.trouble, []);
});

test('the second voter is asked for the village, and then found by the first name', async () => {
  const page = await open(site.url);
  await ask(page, demo.near, 'village_needed');
  const answer = await choose(page, demo.near.village, 'found');
  assert.equal(await answer.getAttribute('data-by'), 'near');
  assert.equal((await board(answer)).number, demo.near.number);
  assert.deepEqual(page.trouble, []);
});

test('the stranger is not found, and is never told "not registered"', async () => {
  const page = await open(site.url);
  await ask(page, demo.stranger, 'village_needed');
  const answer = await chooseAny(page, 'not_found');
  const said = await answer.innerText();
  for (const words of ['Ini belum berarti Anda tidak terdaftar', 'Yang sudah kami cari', 'DPTb', 'DPK', '0800-0-000-000']) {
    assert.ok(said.includes(words), `${words} is missing in:\n${said}`);
  }
  assert.deepEqual(page.trouble, []);
});

test('a birth date that no card can say is refused at its field; an impossible one is not, nor one in other digits', async () => {
  const page = await open(site.url);
  await page.locator('#other').click();
  for (const [date, problem] of [
    ['32 1 1990', /^Tanggal lahir ini tidak benar/],
    ['1 13 1990', /^Tanggal lahir ini tidak benar/],
    ['0 1 1990', /^Tanggal lahir ini tidak benar/],
    ['1 1 90', /^Tanggal lahir ini tidak benar/],
    ['1 1 1890', /^Tanggal lahir ini tidak benar/],
    [`1 1 ${new Date().getFullYear()}`, /^Tanggal lahir ini tidak benar/],
    ['31 2 1990', /^$/],
    ['29 2 1992', /^$/],
    ['٢٩ ２ １９９２', /^$/],
  ]) {
    for (const [at, id] of ['day', 'month', 'year'].entries()) await page.locator(`#${id}`).fill(date.split(' ')[at]);
    await page.locator('#ask').click();
    assert.match(await page.locator('#birthDate-problem').innerText(), problem, date);
    assert.equal(await page.locator('#birthDate').getAttribute('aria-invalid'), problem.source === '^$' ? null : 'true', date);
  }
});

test('birth date, sex and district stand in for the card', async () => {
  const page = await open(site.url);
  const { nik, name, number } = demo.exact;
  const day = Number(nik.slice(6, 8));
  await page.getByRole('button', { name: 'Tidak membawa KTP?' }).click();
  await page.getByLabel('Tanggal', { exact: true }).pressSequentially(String(day > 40 ? day - 40 : day));
  await page.getByLabel('Bulan').pressSequentially(nik.slice(8, 10));
  await page.getByLabel('Tahun').pressSequentially(`19${nik.slice(10)}`);
  await page.getByLabel(day > 40 ? 'Perempuan' : 'Laki-laki').check();
  await page.getByRole('button', { name: 'Sudah tahu kode kecamatannya? Isi kode' }).click();
  await page.getByLabel('Kode kecamatan').pressSequentially(nik.slice(0, 6));
  await page.getByLabel('Nama lengkap').pressSequentially(name);
  await page.keyboard.press('Enter');
  assert.equal((await board(await screen(page, 'found'))).number, number);
  assert.deepEqual(page.trouble, []);
});

test('everything is ready before the button is pressed', async () => {
  const page = await open(site.url);
  const answered = page.evaluate(async () => {
    const { ModuleClient } = await import('./app.js');
    // Every client of the page goes through this method, the page's own too.
    const { lookup } = ModuleClient.prototype;
    return new Promise((done) => {
      ModuleClient.prototype.lookup = function (...question) {
        const outcome = lookup.apply(this, question);
        outcome.then(done);
        return outcome;
      };
    });
  });
  await type(page, demo.exact);
  assert.equal((await answered).outcome, 'found');
  const asked = site.requests.length;
  await page.locator('#ask').click();
  await screen(page, 'found');
  // But for what an answer of any kind fetches, for later.
  assert.deepEqual(
    site.asked(asked).filter((path) => path !== '/later.js'),
    [],
  );
});

test('a second lookup in the same district, for a voter who votes there, fetches no data', async () => {
  const [first, second] = await settled(demo, demo.exact.nik.slice(0, 6), 2);
  const server = await serve(demo.site);
  server.says = NO_HTTP_CACHE;
  const page = await open(server.url);
  assert.equal((await board(await ask(page, first, 'found'))).number, first.number);
  const asked = server.requests.length;
  assert.ok(
    server.asked().some((path) => path.startsWith('/t/')),
    'the worker’s requests are counted',
  );
  await edit(page);
  assert.equal((await board(await ask(page, second, 'found'))).number, second.number);
  // A second after an answer of any kind the app itself is kept; on a busy machine that falls into the next question.
  assert.deepEqual(
    server.asked(asked).filter((path) => path.endsWith('.bilik')),
    [],
  );
});

test('with the server gone, the same page answers for the same district', async () => {
  const [first, second] = await settled(demo, demo.exact.nik.slice(0, 6), 2);
  const server = await serve(demo.site);
  server.says = NO_HTTP_CACHE;
  const page = await open(server.url);
  await ask(page, first, 'found');
  await server.stop();
  await edit(page);
  assert.equal((await board(await ask(page, second, 'found'))).number, second.number);
  assert.deepEqual(page.trouble, []);
});

for (const [what, harm] of [
  ['dead', (mirror) => mirror.stop()],
  ['lying', (mirror) => (mirror.alter = (path, body) => (path.endsWith('.bilik') ? body.map((byte) => byte ^ 1) : undefined))],
]) {
  test(`with the first of two mirrors ${what}, the voter is still found`, async () => {
    const mirror = await Relay.start();
    const both = await rebuild(demo, {
      toml: (text) => text.replace('mirrors = ["./"]', `mirrors = ["${mirror.url}", "./"]`),
    });
    const own = await serve(both.site);
    mirror.behind = own.behind;
    await harm(mirror);
    const page = await open(own.url);
    assert.equal((await board(await ask(page, demo.exact, 'found'))).number, demo.exact.number);
    // Two mirrors are asked for the head at once, so the bad one was asked.
    if (what === 'lying') assert.ok(mirror.asked().includes('/head.bilik'));
    assert.ok(own.asked().some((path) => path.startsWith('/t/')));
    assert.deepEqual(page.trouble, []);
  });
}
