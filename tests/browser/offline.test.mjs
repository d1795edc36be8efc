/** When the servers are gone: the page comes from the device, says since when its data is, and waits by itself. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { kept, stored } from './offline-stage.mjs';
import { HANG, ask, choose, edit, makeDemo, open, rebuild, screen, serve, type } from './stage.mjs';

let demo;
before(async () => {
  demo = await makeDemo();
});

test('after one lookup no server is needed: the same voter is found, and the page says since when its data is', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url);
  const number = await (await ask(page, demo.exact, 'found')).locator('[data-station-number]').innerText();
  assert.equal(await page.locator('[data-offline]').count(), 0, 'no such line while servers answer');
  await kept(page);
  // A language that was shown once is kept, too; another would be Indonesian.
  await page.goto(`${server.url}index.html?lang=en`);
  await page.locator('html[lang="en"]').waitFor();
  await server.stop();
  await page.goto(server.url);
  const answer = await ask(page, demo.exact, 'found');
  assert.equal(await answer.locator('[data-station-number]').innerText(), number);
  const said = await answer.locator('[data-offline]').innerText();
  assert.match(said, /tidak bisa dihubungi.*terakhir diperiksa (baru saja|\d+ menit yang lalu)\.$/);
  // In the other language and at another address of the page, too.
  await page.goto(`${server.url}index.html?lang=en`);
  await ask(page, demo.exact, 'found');
  assert.match(await page.locator('[data-offline]').innerText(), /last checked/);
  await page.goto(`${server.url}index.html?lang=su`);
  await ask(page, demo.exact, 'found');
  assert.match(await page.locator('[data-offline]').innerText(), /terakhir diperiksa/);
  assert.deepEqual(page.trouble, []);
});

test('what the device keeps tells nothing of who was looked for', async () => {
  const server = await serve(demo.site);
  const page = await open(`${server.url}?lang=en`);
  await ask(page, demo.exact, 'found');
  await kept(page);
  await page.reload();
  await ask(page, demo.exact, 'found');
  const { names, keys } = await stored(page);
  assert.ok(
    names.some((name) => name.startsWith('bilik-app-')),
    names.join(),
  );
  for (const key of [...names, ...keys]) {
    assert.doesNotMatch(key, /lang|#/, 'no query and no fragment of the page’s');
    for (const secret of [demo.exact.nik.slice(0, 6), demo.exact.nik.slice(6), ...demo.exact.name.toUpperCase().split(' ')]) {
      assert.ok(!decodeURIComponent(key).toUpperCase().includes(secret), `${key} tells ${secret}`);
    }
  }
  assert.deepEqual(
    keys.filter((key) => key.startsWith(server.url) && key.endsWith('.bilik')),
    [],
    'data is the module’s to keep',
  );
});

test('a first visit takes at most 16 requests, none of the app’s files twice, and keeps the app after the first answer', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url);
  await type(page, demo.exact);
  await page.waitForTimeout(1500);
  assert.ok(!server.asked().includes('/sw.js'));
  await page.locator('#ask').click();
  await screen(page, 'found');
  const visit = server.requests.length;
  await kept(page);
  assert.deepEqual(
    server
      .asked(visit)
      .filter((path) => !path.endsWith('.bilik'))
      .sort(),
    ['/later.js', '/manifest.webmanifest', '/sw.js'],
  );
  const all = server.asked();
  assert.ok(all.length <= 16, all.join(' '));
  // The browser takes its icon from the page's picture, and asks whether that is still the same.
  const twice = all.filter((path, at) => all.indexOf(path) < at && !/^.icons|^.head/.test(path));
  assert.deepEqual(twice, []);
});

test('what was out of reach on the way to an answer is named under it', async () => {
  const toml = (text) => text.replace(/^mirrors = .*/m, 'mirrors = ["http://127.0.0.1:65009/", "./"]');
  const { site } = await rebuild(demo, { toml });
  const page = await open((await serve(site)).url);
  const answer = await ask(page, demo.exact, 'found');
  await answer.locator('footer summary').click();
  assert.match(await answer.locator('footer details').innerText(), /http:\/\/127\.0\.0\.1:65009\/head\.bilik: /);
});

test('in somebody else’s frame no app is kept', async () => {
  const server = await serve(demo.site);
  const around = `<!doctype html><iframe src="${server.url}" width="340" height="700"></iframe>`;
  const body = (page) => page.route('**/around.html', (route) => route.fulfill({ contentType: 'text/html', body: around }));
  const page = await open(`${server.url}around.html`, { before: body });
  const frame = page.frameLocator('iframe');
  await frame.locator('#nik').pressSequentially(demo.exact.nik);
  await frame.locator('#name').fill(demo.exact.name);
  await frame.locator('#ask').click();
  await frame.locator('[data-outcome=found]').waitFor();
  assert.equal(await frame.locator('#foot').isVisible(), false);
  await page.waitForTimeout(2000);
  assert.deepEqual(await page.evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length), 0);
});

test('in a frame that a sandbox leaves no origin, and so no storage, it answers all the same', async () => {
  const server = await serve(demo.site);
  for (const path of ['', 'embed.html']) {
    const around = `<!doctype html><iframe src="${server.url}${path}" sandbox="allow-scripts allow-forms" width="340" height="700"></iframe>`;
    const body = (page) => page.route('**/around.html', (route) => route.fulfill({ contentType: 'text/html', body: around }));
    const page = await open(`${server.url}around.html`, { before: body });
    const frame = page.frameLocator('iframe');
    await frame.locator('#nik').pressSequentially(demo.exact.nik);
    await frame.locator('#name').fill(demo.exact.name);
    await frame.locator('#ask').click();
    await frame.locator('[data-outcome=found]').waitFor();
    assert.deepEqual(page.trouble, [], path);
  }
});

test('when everything is down the question is kept, and answered without a click once a server is back', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url);
  await page.locator('html[data-started]').waitFor();
  server.alter = () => null;
  const calm = await ask(page, demo.exact, 'unreachable');
  assert.match(
    await calm.innerText(),
    /Halaman ini mencoba lagi secara otomatis\. (Berikutnya \d+ detik lagi|Sedang mencoba…)/,
  );
  assert.equal(
    await calm.locator('a[href^="tel:"]').getAttribute('href'),
    'tel:08000000000',
    'whom to call, with no data at all',
  );
  assert.equal(await calm.locator('a[href="https://example.org/"]').count(), 1);
  assert.match(await calm.innerText(), /Anda tetap bisa memilih/);
  assert.match(await page.locator('#status').innerText(), /mencoba lagi/);
  // It asks again and again, and says so to nobody.
  const asked = server.requests.length;
  await page.waitForFunction(() => !document.getElementById('status').textContent.includes('detik'));
  while (server.requests.length === asked) await page.waitForTimeout(100);
  assert.equal(await page.locator('#progress').isVisible(), false);
  server.alter = undefined;
  const answer = await screen(page, 'found');
  assert.equal(await answer.locator('[data-station-number]').innerText(), String(demo.exact.number));
  assert.equal(await page.evaluate(() => document.activeElement?.id), 'answer-title');
  assert.deepEqual(page.trouble, []);
});

for (const [who, leave] of [
  ['goes back', (page) => page.goBack()],
  ['edits', (page) => edit(page)],
]) {
  test(`a voter who ${who} ends the retries, and finds what was typed`, async () => {
    const server = await serve(demo.site);
    const page = await open(server.url);
    await page.locator('html[data-started]').waitFor();
    server.alter = () => null;
    await ask(page, demo.exact, 'unreachable');
    await leave(page);
    await page.locator('#form').waitFor();
    // What was fetched ahead while somebody typed fails a little later.
    let asked;
    do {
      asked = server.requests.length;
      await page.waitForTimeout(1000);
    } while (server.requests.length > asked);
    await page.waitForTimeout(3000);
    assert.deepEqual(server.asked(asked), []);
    assert.equal(await page.locator('#name').inputValue(), demo.exact.name);
  });
}

test('a voter who goes back while a lookup runs stays there when its answer arrives', async () => {
  const server = await serve(demo.site);
  // The table by `near`: the page asks for it when the name's field is left, since the name is short.
  let first;
  server.alter = (path) => (path.startsWith('t/') && (first ??= path) !== path ? HANG : undefined);
  const page = await open(server.url);
  await ask(page, demo.near, 'village_needed');
  await page.locator(`#answer button[data-village="${demo.near.village}"]`).first().click();
  await page.locator('#progress').waitFor();
  await page.goBack();
  await page.locator('#form').waitFor();
  server.alter = undefined;
  await page.locator('#progress').waitFor({ state: 'hidden' });
  await page.waitForTimeout(1500);
  assert.ok(await page.locator('#form').isVisible());
  await ask(page, demo.near, 'village_needed');
  await choose(page, demo.near.village, 'found');
  assert.deepEqual(page.trouble, []);
});

test('the waiting doubles to a minute at most, at random, and ends at once when the network is back', async () => {
  const page = await open((await serve(demo.site)).url);
  const { waits, news, stopped } = await page.evaluate(async () => {
    const { Retry } = await import('./app.js');
    const waits = [];
    const real = globalThis.setTimeout;
    globalThis.setTimeout = (later, ms) => (waits.push(ms), later && 1);
    const retry = new Retry({}, () => {});
    for (let round = 0; round < 300; round++) {
      retry.stop();
      for (let nth = 0; nth < 8; nth++) retry.wait();
    }
    const news = waits.length;
    dispatchEvent(new Event('online'));
    retry.pause();
    const stopped = waits.length;
    dispatchEvent(new Event('online'));
    globalThis.setTimeout = real;
    return { waits, news: waits.slice(news), stopped: waits.length - stopped };
  });
  for (const [nth, most] of [2, 4, 8, 16, 32, 60, 60, 60].entries()) {
    const some = waits.slice(0, 2400).filter((_, at) => at % 8 === nth);
    assert.ok(Math.max(...some) <= most * 1000, `${nth}`);
    assert.ok(Math.max(...some) > most * 900, 'as long as that');
    assert.ok(Math.min(...some) < most * 100, 'as short as nothing');
  }
  assert.equal(news.length, 1);
  assert.ok(news[0] <= 1000);
  assert.equal(stopped, 0, 'nobody who does not wait is woken');
});
