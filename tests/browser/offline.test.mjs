/** When the servers are gone: the page comes from the device, says since when its data is, waits by itself, and asks first. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import http from 'node:http';
import { createRequire } from 'node:module';
import { after, before, test } from '../limits.mjs';
import { ask, choose, edit, makeDemo, open, rebuild, screen, serve, settled, type } from './stage.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');

let demo;
before(async () => {
  demo = await makeDemo();
});

/** Waits until the app itself is kept on the device. */
const kept = (page) => page.evaluate(async () => void (await navigator.serviceWorker.ready));

/** The names of caches, and all their keys. */
const stored = (page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const keys = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
    return { names, keys: keys.flat() };
  });

test('after one lookup no server is needed: the same voter is found, and the page says since when its data is', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url);
  const number = await (await ask(page, demo.exact, 'found')).locator('[data-station-number]').innerText();
  assert.equal(await page.locator('[data-offline]').count(), 0, 'no such line while servers answer');
  await kept(page);
  await server.stop();
  await page.reload();
  const answer = await ask(page, demo.exact, 'found');
  assert.equal(await answer.locator('[data-station-number]').innerText(), number);
  const said = await answer.locator('[data-offline]').innerText();
  assert.match(said, /tidak bisa dihubungi.*terakhir diperiksa (baru saja|\d+ menit yang lalu)\.$/);
  // In the other language and at another address of the page, too.
  await page.goto(`${server.url}index.html?lang=en`);
  await ask(page, demo.exact, 'found');
  assert.match(await page.locator('[data-offline]').innerText(), /last checked/);
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

test('a first visit does not fetch the app twice, and nothing of it before the first answer', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url);
  await type(page, demo.exact);
  await page.waitForTimeout(1500);
  assert.ok(!server.asked().includes('/sw.js'));
  await page.locator('#ask').click();
  await screen(page, 'found');
  const visit = server.requests.length;
  await kept(page);
  const again = server.requests.slice(visit).filter(({ path }) => server.asked().indexOf(path) < visit);
  assert.ok(again.length > 5, `${again.length}`);
  for (const { path, headers } of again) {
    if (path.endsWith('.bilik')) continue;
    assert.ok(headers['if-modified-since'] ?? headers['if-none-match'], `${path} is fetched again`);
  }
});

test('what was out of reach on the way to an answer is named under it', async () => {
  const toml = (text) => text.replace(/^mirrors = .*/m, 'mirrors = ["http://127.0.0.1:9/", "./"]');
  const { site } = await rebuild(demo, { toml });
  const page = await open((await serve(site)).url);
  const answer = await ask(page, demo.exact, 'found');
  await answer.locator('footer summary').click();
  assert.match(await answer.locator('footer details').innerText(), /http:\/\/127\.0\.0\.1:9\/head\.bilik: /);
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
  await page.locator('[data-t="why.sealed"]:not(:empty)').waitFor();
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
  test(`whoever ${who} is not asked for any more, and finds what was typed`, async () => {
    const server = await serve(demo.site);
    const page = await open(server.url);
    await page.locator('[data-t="why.sealed"]:not(:empty)').waitFor();
    server.alter = () => null;
    await ask(page, demo.exact, 'unreachable');
    await leave(page);
    await page.locator('#form').waitFor();
    await page.waitForTimeout(500);
    const asked = server.requests.length;
    await page.waitForTimeout(3000);
    assert.deepEqual(server.asked(asked), []);
    assert.equal(await page.locator('#name').inputValue(), demo.exact.name);
  });
}

test('whoever goes back while a lookup runs is not pulled forward by its answer', async () => {
  const silent = http.createServer(() => {});
  await new Promise((done) => silent.listen(0, '127.0.0.1', done));
  after(() => {
    silent.closeAllConnections();
    silent.close();
  });
  const server = await serve(demo.site);
  const page = await open(server.url);
  await ask(page, demo.near, 'village_needed');
  const { behind } = server;
  server.behind = `http://127.0.0.1:${silent.address().port}/`;
  await page.locator(`button[data-village="${demo.near.village}"]`).first().click();
  await page.locator('#progress').waitFor();
  await page.goBack();
  await page.locator('#form').waitFor();
  server.behind = behind;
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

/** A server whose app has changed since: another byte in one file, and the service worker that names its digest. */
async function newer() {
  const changed = Buffer.concat([await readFile(`${demo.site}/old.js`), Buffer.from('// newer\n')]);
  const digest = Buffer.from(await crypto.subtle.digest('SHA-256', changed)).toString('hex');
  const worker = (await readFile(`${demo.site}/sw.js`, 'utf8'))
    .replace(/"version":"\w+"/, '"version":"newer"')
    .replace(/("old.js":")\w+/, `$1${digest}`);
  return (path) => (path === 'old.js' ? changed : path === 'sw.js' ? Buffer.from(worker) : undefined);
}

/** A server that says nothing by which a browser could ask whether a file is still the same. */
async function plainServer() {
  const server = await serve(demo.site);
  server.says = { 'last-modified': undefined, etag: undefined };
  return server;
}

test('a newer version waits until somebody says so, and then all of it is new', async () => {
  const server = await plainServer();
  const page = await open(server.url);
  await ask(page, demo.exact, 'found');
  await kept(page);
  server.alter = await newer();
  await page.reload();
  const bar = page.locator('#update');
  await bar.waitFor();
  assert.match(await bar.innerText(), /Versi baru halaman ini sudah siap\./);
  await type(page, demo.exact);
  const has = () => page.evaluate(async () => (await (await fetch('old.js')).text()).includes('newer'));
  assert.equal(await has(), false, 'the older one serves until then');
  await bar.getByRole('button', { name: 'Nanti' }).click();
  assert.equal(await bar.count(), 0);
  assert.equal(await page.locator('#name').inputValue(), demo.exact.name, 'nothing that was typed is lost');
  await page.reload();
  await Promise.all([page.waitForEvent('load'), bar.getByRole('button', { name: 'Muat ulang' }).click()]);
  await page.locator('[data-t="why.sealed"]:not(:empty)').waitFor();
  assert.equal(await has(), true);
  const { names } = await stored(page);
  assert.equal(names.filter((name) => name.startsWith('bilik-app-')).length, 1, `the old one is gone: ${names}`);
  assert.equal(await bar.count(), 0);
  assert.deepEqual(page.trouble, []);
});

test('once no window is open any more, a browser lets the newer version in by itself', async () => {
  const server = await plainServer();
  const page = await open(server.url);
  await ask(page, demo.exact, 'found');
  await kept(page);
  server.alter = await newer();
  await page.reload();
  await page.locator('#update').waitFor();
  const context = page.context();
  await page.close();
  const blank = await context.newPage();
  const has = async () => {
    await blank.goto(server.url);
    const newer = await blank.evaluate(async () => (await (await fetch('old.js')).text()).includes('newer'));
    await blank.goto('about:blank');
    return newer;
  };
  while (!(await has())) await blank.waitForTimeout(200);
});

test('a version of which one file does not match is not installed: the whole older one stays', async () => {
  const server = await plainServer();
  const page = await open(server.url);
  await ask(page, demo.exact, 'found');
  await kept(page);
  const changed = await newer();
  server.alter = (path, body) => (path === 'old.js' ? undefined : changed(path, body));
  await page.reload();
  await page.evaluate(async () => {
    const registration = await navigator.serviceWorker.ready;
    await registration.update().catch(() => {});
    const { installing } = registration;
    if (installing) await new Promise((done) => installing.addEventListener('statechange', done));
  });
  assert.equal(await page.evaluate(async () => (await navigator.serviceWorker.ready).waiting), null);
  assert.equal(await page.locator('#update').count(), 0);
  await server.stop();
  await page.reload();
  await ask(page, demo.exact, 'found');
});

test('a regency is saved with its size told before, works without a server for all its voters, and can be removed', async () => {
  const server = await serve(demo.site);
  const page = await open(server.url);
  const [voter, neighbour] = await settled(demo, demo.exact.nik.slice(0, 6), 2);
  await ask(page, voter, 'found');
  await page.locator('#answer').getByRole('link', { name: 'Simpan agar bisa dipakai tanpa internet' }).click();
  const card = page.locator(`[data-regency="${voter.nik.slice(0, 4)}"]`);
  assert.match(await card.innerText(), /Ukuran unduhan: [\d,]+ (kB|MB)/);
  assert.equal(page.url().includes(voter.nik.slice(0, 4)), false);
  await card.getByRole('button', { name: 'Simpan' }).click();
  await page.getByText('Sudah tersimpan.').waitFor();
  assert.match(await card.innerText(), /Tersimpan, [\d,]+ (kB|MB)/);
  await kept(page);
  await server.stop();
  await page.goto(server.url);
  await ask(page, neighbour, 'found');
  await page.goto(`${server.url}#/saved`);
  await card.getByRole('button', { name: 'Hapus' }).click();
  await page.getByText('Sudah dihapus.').waitFor();
  assert.match(await card.innerText(), /Ukuran unduhan/, 'it may be saved again');
  const forget = page.getByRole('button', { name: 'Hapus data wilayah dari perangkat ini' });
  await forget.click();
  await page.getByRole('button', { name: 'Ketuk sekali lagi untuk menghapus' }).click();
  await page.getByText('Semua data wilayah sudah dihapus').waitFor();
  const { names, keys } = await stored(page);
  assert.deepEqual(
    keys.filter((key) => key.includes('/t/')),
    [],
    names.join(),
  );
  assert.ok(
    names.some((name) => name.startsWith('bilik-app-')),
    'the app itself stays',
  );
  assert.deepEqual(page.trouble, []);
});

test('what is forgotten is not fetched again by the page that forgot it', async () => {
  const page = await open((await plainServer()).url);
  await ask(page, demo.exact, 'found');
  await page.locator('#answer').getByRole('link', { name: 'Simpan agar bisa dipakai tanpa internet' }).click();
  await page.locator(`[data-regency="${demo.exact.nik.slice(0, 4)}"]`).waitFor();
  await page.getByRole('button', { name: 'Hapus data wilayah dari perangkat ini' }).click();
  await page.getByRole('button', { name: 'Ketuk sekali lagi untuk menghapus' }).click();
  await page.getByText('Semua data wilayah sudah dihapus').waitFor();
  const { keys } = await stored(page);
  assert.deepEqual(
    keys.filter((key) => /\/[dst]\//.test(key)),
    [],
    'neither tables nor the directory of the regency',
  );
  await page.goBack();
  await page.locator('#ask').waitFor();
  assert.deepEqual(await page.locator('#nik, #name').evaluateAll((fields) => fields.map(({ value }) => value)), ['', '']);
});

test('a phone can put it on its home screen: a demo says so in its name', async () => {
  const server = await serve(demo.site);
  const manifest = await (await fetch(`${server.url}manifest.webmanifest`)).json();
  assert.match(manifest.name, /^DEMO · ./);
  for (const { src } of manifest.icons) assert.equal((await fetch(new URL(src, server.url))).status, 200, src);
  const page = await open(server.url);
  const session = await page.context().newCDPSession(page);
  const { errors } = await session.send('Page.getAppManifest');
  assert.deepEqual(errors, []);
  const { installabilityErrors } = await session.send('Page.getInstallabilityErrors');
  assert.deepEqual(
    installabilityErrors.filter(({ errorId }) => errorId !== 'in-incognito'),
    [],
  );
});

for (const colorScheme of ['light', 'dark']) {
  test(`these screens have no fault that axe knows and fit 320 px, in ${colorScheme}`, async () => {
    const server = await plainServer();
    const page = await open(server.url, { colorScheme, viewport: { width: 320, height: 640 } });
    const look = async (name) => {
      await page.evaluate(AXE);
      const faults = await page.evaluate(async () => {
        const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
        const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags } });
        return violations.flatMap(({ id, nodes }) => nodes.map(({ target }) => `${id}: ${target}`));
      });
      assert.deepEqual(faults, [], name);
      assert.ok((await page.evaluate(() => document.documentElement.scrollWidth)) <= 320, name);
    };
    await page.locator('[data-t="why.sealed"]:not(:empty)').waitFor();
    server.alter = () => null;
    await ask(page, demo.exact, 'unreachable');
    await look('unreachable');
    server.alter = undefined;
    await screen(page, 'found');
    await kept(page);
    server.alter = await newer();
    await page.reload();
    await page.locator('#update').waitFor();
    await look('the form, with a newer version');
    await page.getByRole('button', { name: 'Nanti' }).click();
    server.alter = (path) => (path.endsWith('.bilik') ? null : undefined);
    await ask(page, demo.exact, 'found');
    await page.locator('[data-offline]').waitFor();
    await look('found in what is kept');
    server.alter = undefined;
    await page.locator('#answer a[href="#/saved"]').click();
    await page.locator('[data-regency]').waitFor();
    await look('a regency to save');
    await page.locator('[data-regency] button').first().click();
    await page.getByText('Sudah tersimpan.').waitFor();
    await look('a regency that is saved');
    await page.getByRole('link', { name: 'Cari TPS Anda' }).click();
    await page.locator('#form').waitFor();
    assert.deepEqual(page.trouble, []);
  });
}
