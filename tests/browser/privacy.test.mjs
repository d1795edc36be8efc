/** What is typed stays on the device: in the page's own fields, for as long as the page is open, and nowhere else. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { NO_HTTP_CACHE, ask, choose, edit, makeDemo, open, screen, serve, settled, type } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** What of a question must stand nowhere: the digits after the district's, and each word of the name. */
const secretsOf = ({ nik, name }) => [nik.slice(6), ...name.toUpperCase().split(' ')];

/** Makes sure that none of the secrets stands in a text, however it is written. */
function assertSilent(text, secrets, where) {
  const said = decodeURIComponent(text.replace(/%(?![0-9A-F]{2})/gi, '%25').replaceAll('+', ' ')).toUpperCase();
  for (const secret of secrets) assert.ok(!said.includes(secret), `${where} tells ${secret}: ${text}`);
}

/** Waits until a server was asked for a file; the test's own limit ends it. */
async function untilAsked(page, server, path, since = 0) {
  while (!server.asked(since).includes(path)) await page.waitForTimeout(50);
}

test('before the first touch nothing is fetched but the page’s own files and the module, and no data', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url);
  // The last thing that the page does by itself: its words are there.
  await page.locator('html[data-started]').waitFor();
  // The module runs by then.
  await page.waitForTimeout(1500);
  const own = /^\/(?:[a-z0-9-]+\.js|css\/[a-z]+\.css|i18n\/[a-z]+\.json|icons\/[a-z]+\.svg|pkg\/bilik_bg\.wasm)?$/;
  const untouched = server.asked();
  assert.ok(untouched.includes('/app.js'), untouched.join());
  assert.deepEqual(
    untouched.filter((path) => !own.test(path)),
    [],
  );
  await page.locator('#nik').focus();
  await untilAsked(page, server, '/head.bilik', untouched.length);
  // Then each pair of digits shows as much as it says itself: the province, the regency.
  const data = () => server.asked().filter((path) => /^\/[mpdtsn]\//.test(path));
  for (const [digits, expected] of [
    [demo.exact.nik.slice(0, 2), ['p']],
    [demo.exact.nik.slice(2, 4), ['p', 'd']],
  ]) {
    await page.keyboard.type(digits);
    while (data().length < expected.length) await page.waitForTimeout(50);
    await page.waitForTimeout(500);
    assert.deepEqual(
      data().map((path) => path[1]),
      expected,
    );
  }
});

test('in somebody else’s page the module, too, waits for the first touch', async () => {
  const server = await serve(demo.site);
  const body = `<!doctype html><iframe src="${server.url}embed.html" width="340" height="700"></iframe>`;
  const page = await open(`${server.url}around.html`, {
    before: (page) => page.route('**/around.html', (route) => route.fulfill({ contentType: 'text/html', body })),
  });
  const frame = page.frameLocator('iframe');
  await frame.locator('html[data-started] #nik').waitFor();
  await page.waitForTimeout(1500);
  const isModule = (path) => /worker\.js$|\.wasm$/.test(path);
  assert.deepEqual(server.asked().filter(isModule), []);
  await frame.locator('#nik').focus();
  await untilAsked(page, server, '/head.bilik');
  assert.equal(server.asked().filter(isModule).length, 2);
});

test('no request tells what was typed: files by their names, and nothing with them', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url);
  const { near } = demo;
  await ask(page, near, 'village_needed');
  await choose(page, near.village, 'found');
  assert.ok(server.requests.length > 12);
  for (const { method, path, headers, body } of server.requests) {
    assert.equal(method, 'GET');
    assert.equal(body, '');
    assert.match(path, /^\/(?:[\w./-]*)$/, 'no query and no fragment');
    assert.deepEqual([headers.cookie, headers.referer], [undefined, undefined], path);
    assertSilent(`${path} ${JSON.stringify(headers)}`, secretsOf(near), 'a request');
    assert.ok(!path.includes(near.nik.slice(0, 6)), path);
  }
});

test('whatever the name, the same requests go out', async () => {
  const [voter] = await settled(demo, demo.exact.nik.slice(0, 6), 1);
  const requests = async (question, expected) => {
    const server = await serve(demo.site);
    server.says = NO_HTTP_CACHE;
    const page = await open(server.url);
    await ask(page, question, expected);
    await page.context().close();
    return server.asked().sort();
  };
  const found = await requests(voter, 'found');
  const missed = await requests({ nik: voter.nik, name: demo.stranger.name }, 'village_needed');
  assert.ok(found.some((path) => path.startsWith('/t/')));
  assert.deepEqual(missed, found);
});

test('nothing typed stands in the address, the history, the storage, the title or the console', async () => {
  const said = [];
  const page = await open(site.url, { before: (page) => page.on('console', (message) => said.push(message.text())) });
  const { near } = demo;
  const leftovers = () =>
    page.evaluate(async () => {
      const kept = [];
      for (const name of await caches.keys()) {
        for (const { url } of await (await caches.open(name)).keys()) kept.push(url);
      }
      return JSON.stringify({
        kept,
        address: location.href,
        history: history.state,
        title: document.title,
        window: window.name,
        cookie: document.cookie,
        local: { ...localStorage },
        session: { ...sessionStorage },
        databases: (await indexedDB.databases()).map(({ name }) => name),
        // What the page remembers of it as it is drawn: attributes are copied by extensions and by session recorders.
        attributes: [...document.querySelectorAll('*')].flatMap((element) => [...element.attributes].map(({ value }) => value)),
      });
    });
  await type(page, near);
  assertSilent(await leftovers(), secretsOf(near), 'the filled form');
  await page.locator('#ask').click();
  await screen(page, 'village_needed');
  assertSilent(await leftovers(), secretsOf(near), 'the village question');
  await choose(page, near.village, 'found');
  const left = await leftovers();
  assertSilent(left, secretsOf(near), 'the answer');
  assert.ok(
    JSON.parse(left).kept.some((url) => url.includes('/t/')),
    'files are kept, and only they',
  );
  assertSilent(await page.locator('#answer').innerText(), secretsOf(near), 'what the answer says');
  assertSilent(said.join('\n'), secretsOf(near), 'the console');
  await page.locator('#lang').selectOption('en');
  await page.locator('html[lang="en"]').waitFor();
  assertSilent(await leftovers(), secretsOf(near), 'the page in English');
});

test('of 16 digits that are pasted, 12 are left, with the reason', async () => {
  const page = await open(site.url);
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((digits) => navigator.clipboard.writeText(digits), `${demo.exact.nik}0001`);
  await page.locator('#nik').focus();
  await page.keyboard.press('Control+V');
  const grouped = demo.exact.nik.replace(/\d{4}(?=\d)/g, '$& ');
  assert.equal(await page.locator('#nik').inputValue(), grouped);
  assert.match(await page.locator('#nik-dropped').innerText(), /Empat digit terakhir tidak diperlukan/);
  // The module gets twelve digits, and the page shows no others.
  assert.ok(!(await page.content()).includes('0001'));
  await page.locator('#name').pressSequentially(demo.exact.name);
  await page.locator('#ask').click();
  await screen(page, 'found');
});

test('of 16 digits that are typed, 12 are left, with the reason, and a slip in the middle can be corrected', async () => {
  const page = await open(site.url);
  const nik = page.locator('#nik');
  await nik.pressSequentially('3901016212910001');
  assert.equal(await nik.inputValue(), '390101621291');
  assert.match(await page.locator('#nik-dropped').innerText(), /sudah dihapus/);
  await nik.evaluate((field) => field.setSelectionRange(5, 5));
  await page.keyboard.press('Backspace');
  assert.equal(await nik.inputValue(), '39011621291');
  await page.keyboard.type('5');
  assert.equal(await nik.inputValue(), '390151621291');
  assert.equal(await page.locator('#nik-dropped').innerText(), '');
});

test('full-width and Arabic digits are digits, too', async () => {
  const page = await open(site.url);
  const nik = page.locator('#nik');
  await nik.pressSequentially('٣٩٠١０１６２۱۲۹۱');
  await page.locator('#name').focus();
  assert.equal(await nik.inputValue(), '3901 0162 1291');
});

for (const [what, fillIn, count] of [
  ['what was typed', async () => {}, 2],
  [
    'what was typed without the card',
    async (page) => {
      await edit(page);
      await page.locator('#other').click();
      for (const id of ['day', 'month', 'year']) await page.locator(`#${id}`).fill('12');
      await page.locator('#find-district').click();
      await page.locator('#code').fill('390101');
    },
    6,
  ],
]) {
  test(`${what} is gone when the page is left, and does not come back with it`, async () => {
    const page = await open(site.url);
    await ask(page, demo.exact, 'found');
    await fillIn(page);
    await page.evaluate(() => {
      // After the page's own listener: what the next user of the phone could see.
      addEventListener('pagehide', () => {
        const fields = [...document.querySelectorAll('#form input[type=text]:not(.finder input)')].map(({ value }) => value);
        sessionStorage.setItem('left', JSON.stringify({ fields, answer: document.getElementById('answer').textContent }));
      });
    });
    await page.goto(`${site.url}icons/bilik.svg`);
    const left = JSON.parse(await page.evaluate(() => sessionStorage.getItem('left')));
    assert.deepEqual(left, { fields: new Array(count).fill(''), answer: '' });
    await page.goBack();
    await page.locator('#form').waitFor();
    assert.deepEqual(await page.locator('#nik, #name').evaluateAll((fields) => fields.map(({ value }) => value)), ['', '']);
  });
}

test('"search for someone else" empties the form; "change details" keeps it', async () => {
  const page = await open(site.url);
  await ask(page, demo.exact, 'found');
  await edit(page);
  assert.equal(await page.locator('#name').inputValue(), demo.exact.name);
  await page.locator('#ask').click();
  const answer = await screen(page, 'found');
  await answer.getByRole('button', { name: 'Cari untuk orang lain' }).click();
  await page.locator('#form').waitFor();
  assert.deepEqual(await page.locator('#nik, #name').evaluateAll((fields) => fields.map(({ value }) => value)), ['', '']);
});

test('a phone’s back button leads from the answer to the form', async () => {
  const page = await open(site.url);
  await ask(page, demo.exact, 'found');
  await page.goBack();
  await page.locator('#form').waitFor();
  assert.equal(await page.locator('#answer').isVisible(), false);
});

test('the page’s own policy lets nothing out, and the page never meets it', async () => {
  const page = await open(site.url);
  await ask(page, demo.near, 'village_needed');
  await choose(page, demo.near.village, 'found');
  assert.deepEqual(page.trouble, []);
  const elsewhere = await serve(demo.site);
  const attempts = await page.evaluate(async (url) => {
    const sent = await fetch(url).then(
      () => 'sent',
      () => 'held back',
    );
    const beacon = await new Promise((done) => {
      const image = new Image();
      image.onload = () => done('sent');
      image.onerror = () => done('held back');
      image.src = `${url}icons/bilik.svg`;
    });
    return [sent, beacon];
  }, elsewhere.url);
  assert.deepEqual(attempts, ['held back', 'held back']);
  assert.deepEqual(elsewhere.requests, []);
  assert.equal(
    page.trouble.filter((trouble) => trouble.startsWith('policy: ')).length,
    2,
    'violations are seen where there are any',
  );
});

test('the policy binds the worker, too, on a host that sends no headers', async () => {
  const elsewhere = await serve(demo.site);
  const server = await serve(demo.site);
  server.says = { 'content-security-policy': undefined };
  const sneak = Buffer.from(`;fetch('${elsewhere.url}').then(() => postMessage({ sent: 1 }), () => postMessage({ sent: 0 }));`);
  server.alter = (path, bytes) => (path === 'worker.js' ? Buffer.concat([bytes, sneak]) : undefined);
  const page = await open(server.url, {
    before: (page) =>
      page.addInitScript(() => {
        globalThis.sneaked = new Promise((done) => {
          globalThis.Worker = class extends Worker {
            constructor(...how) {
              super(...how);
              this.addEventListener('message', ({ data }) => 'sent' in data && done(data.sent));
            }
          };
        });
      }),
  });
  await page.locator('#nik').focus();
  assert.equal(await page.evaluate(() => globalThis.sneaked), 0);
  assert.deepEqual(elsewhere.requests, []);
});
