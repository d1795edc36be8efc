/**
 * `<bilik-lookup>` on a page of another origin, whose policy allows what docs/embedding.md names and nothing else, and whose
 * scripts are curious.
 */
import assert from 'node:assert/strict';
import { availableParallelism } from 'node:os';
import { readFile, readdir, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import {
  framedPolicy,
  frameOf,
  inlinePolicy,
  listen,
  lookup,
  originOf,
  partner as partnerPage,
  spy,
  state,
  trouble,
} from './embed-stage.mjs';
import { Relay, ask, bilik, makeDemo, open, rebuild, screen, serve, signedByOne, type } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** A partner's page; by default with the site's element. */
const partner = (body, policy, { scripts = `<script type="module" src="${site.url}element.js"></script>` } = {}) =>
  partnerPage(body, policy, scripts);

// --- In a frame -------------------------------------------------------------------------------------------------------

test('on a page of another origin, under default-src none and Trusted Types, it answers', async () => {
  const url = await partner(lookup(`election="demo-2026" public-key="${demo.publicKey}"`), framedPolicy(site.url));
  const page = await open(url);
  await state(page, 'ready');
  const answer = await ask(frameOf(page), demo.exact, 'found');
  assert.match(await answer.innerText(), new RegExp(demo.exact.place));
  assert.equal(await page.locator('.fallback').isVisible(), false);
  assert.deepEqual(trouble(page), []);
});

/** What the spy has seen after somebody asked that. */
async function spied(question, expected, { server = site } = {}) {
  const url = await partner(lookup(`mirrors="${server.url}"`), framedPolicy(site.url, server.url));
  const page = await open(url);
  await state(page, 'ready');
  if (question) await ask(frameOf(page), question, expected);
  else await frameOf(page).locator('#nik').focus();
  await page.waitForTimeout(300);
  const seen = await page.evaluate(() => globalThis.seen);
  const timing = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name));
  await page.context().close();
  return { ...seen, timing };
}

test('a script of the page that reads every field, message and height learns nothing of what is typed or answered', async () => {
  const server = await serve(demo.site);
  const found = await spied(demo.exact, 'found', { server });
  const missed = await spied(demo.stranger, 'village_needed', { server });
  const nothing = await spied(undefined, undefined, { server });
  server.alter = (path) => (path.endsWith('.bilik') ? 500 : undefined);
  const unreachable = await spied(demo.exact, 'unreachable', { server });
  assert.deepEqual(
    found.messages.map((message) => JSON.parse(message).data),
    [{ bilik: 'alive' }, { bilik: 'ready' }, { bilik: 'touched' }],
  );
  assert.deepEqual(
    found.events.map((event) => JSON.parse(event)),
    [
      { type: 'bilik-ready', detail: null },
      { type: 'bilik-touch', detail: null },
    ],
  );
  assert.deepEqual([found.fields, found.keys], [[], []]);
  assert.equal(new Set(found.history).size, 1);
  // The origin of the page is another one each time, and stands in the frame's address.
  const told = (seen) => JSON.stringify(seen).replace(/http(:|%3A)[/2F%]+127.0.0.1(:|%3A)\d+/g, '');
  assert.equal(told(missed), told(found), 'another outcome looks the same');
  assert.equal(told(unreachable), told(found), 'and no outcome, too');
  assert.equal(told(nothing), told(found), 'and no question');
});

test('the spy is good: it would see a frame that tells, or that grows, or that is of its own origin', async () => {
  const server = await serve(demo.site);
  const tell = Buffer.from(';addEventListener("input", ({ target }) => parent.postMessage(target.value, "*"));');
  server.alter = (path, body) => (path === 'embed.js' ? Buffer.concat([body, tell]) : undefined);
  const { messages } = await spied(demo.exact, 'found', { server });
  assert.ok(
    messages.some((message) => message.includes(demo.exact.name)),
    'a frame that tells is seen',
  );
  const page = await open(`${site.url}`);
  await page.addScriptTag({ content: `(${spy})()` }).catch(() => {});
  await page.evaluate(`(${spy})()`);
  await page.locator('#name').fill('Siapa Saja');
  await page.waitForFunction(() => globalThis.seen.fields.includes('Siapa Saja'));
});

test('it is as high as it was, whatever is asked and answered in it', async () => {
  const page = await open(await partner(lookup(), framedPolicy(site.url)));
  const heights = async () => (await page.evaluate(() => globalThis.seen)).heights;
  await state(page, 'ready');
  await frameOf(page).locator('#nik').focus();
  await page.waitForTimeout(200);
  const before = await heights();
  assert.deepEqual(
    before.iframe.map((height) => height.split(' ')[1]),
    ['680', '800'],
    'the two heights',
  );
  await ask(frameOf(page), demo.exact, 'found');
  await page.waitForTimeout(200);
  assert.deepEqual(await heights(), before);
});

test('a frame adds nothing to the history of the page, and registers no service worker', async () => {
  const page = await open(await partner(lookup(), framedPolicy(site.url)));
  await state(page, 'ready');
  const length = await page.evaluate(() => history.length);
  const frame = frameOf(page);
  await ask(frame, demo.exact, 'found');
  assert.equal(await page.evaluate(() => history.length), length);
  const registered = await page
    .frames()
    .find((one) => one.url().includes('embed.html'))
    .evaluate(async () => (await navigator.serviceWorker.getRegistrations()).length);
  assert.equal(registered, 0);
});

// --- Mirrors ----------------------------------------------------------------------------------------------------------

test('with the first mirror dead the frame comes from the second', async () => {
  const dead = await Relay.start();
  await dead.stop();
  const url = await partner(lookup(`mirrors="${dead.url} ${site.url}"`), framedPolicy(site.url, dead.url));
  const page = await open(url);
  await state(page, 'ready');
  assert.equal(await page.evaluate(() => document.querySelector('bilik-lookup').mirror), site.url);
  assert.equal(await page.locator('bilik-lookup iframe').count(), 1);
  await ask(frameOf(page), demo.exact, 'found');
});

test('a mirror that takes the question and never answers is passed over, and one that has errors or half of the app', async () => {
  const silent = await listen(() => {});
  const faulty = await serve(demo.site);
  faulty.alter = () => 500;
  const halved = await serve(demo.site);
  halved.alter = (path) => (path === 'app.js' ? 404 : undefined);
  const mirrors = [silent, faulty.url, halved.url, site.url];
  const page = await open(await partner(lookup(`mirrors="${mirrors.join(' ')}"`), framedPolicy(site.url, ...mirrors)));
  await state(page, 'ready');
  assert.equal(await page.evaluate(() => document.querySelector('bilik-lookup').mirror), site.url);
});

test('a slow mirror is not given up: where no other speaks it is shown when it does', async () => {
  const mirror = await listen(({ url }, response) => {
    const pass = () => http.get(new URL(url, site.url), (from) => from.pipe(response.writeHead(from.statusCode, from.headers)));
    setTimeout(pass, url.startsWith('/embed.html') ? 5_000 : 0);
  });
  const page = await open(await partner(lookup(`mirrors="${mirror}"`), framedPolicy(site.url, mirror)));
  await state(page, 'failed');
  assert.equal(await page.locator('.fallback').isVisible(), true);
  await state(page, 'ready');
  assert.equal(await page.locator('.fallback').isVisible(), false);
});

test('with all mirrors dead the fallback shows, in its own height, and the page is told', async () => {
  const dead = await Relay.start();
  await dead.stop();
  const page = await open(await partner(lookup(`mirrors="${dead.url}"`), framedPolicy(site.url, dead.url)));
  await state(page, 'failed');
  assert.equal(await page.locator('.fallback').isVisible(), true);
  assert.ok((await page.locator('bilik-lookup').boundingBox()).height < 60);
  const { events } = await page.evaluate(() => globalThis.seen);
  assert.deepEqual(
    events.map((event) => JSON.parse(event)),
    [{ type: 'bilik-error', detail: { reason: 'unreachable' } }],
  );
});

test('where the page’s policy forbids the frame the fallback shows', async () => {
  const page = await open(await partner(lookup(), `default-src 'none'; script-src 'self' ${originOf(site.url)}`));
  await state(page, 'failed');
  assert.equal(await page.locator('.fallback').isVisible(), true);
});

test('the fallback shows where scripts are blocked by the policy, or disabled in the browser', async () => {
  const url = await partner(lookup(), "default-src 'none'");
  const page = await open(url);
  assert.equal(await page.locator('.fallback').isVisible(), true);
  assert.equal(await page.evaluate(() => customElements.get('bilik-lookup') === undefined), true);
  const without = await open(await partner(lookup(), framedPolicy(site.url)), { javaScriptEnabled: false });
  assert.equal(await without.locator('.fallback').isVisible(), true);
});

// --- Which election, and whose ----------------------------------------------------------------------------------------

test('a site with another key, or another election, is not shown', async () => {
  const other = `bilik-public-key:${'0'.repeat(64)}`;
  for (const attributes of [`public-key="${other}"`, 'election="pemilu-2029"']) {
    const page = await open(await partner(lookup(attributes), framedPolicy(site.url)));
    await state(page, 'failed');
    assert.equal(await page.locator('.fallback').isVisible(), true, attributes);
    assert.equal(await page.locator('bilik-lookup iframe').count(), 0);
    const { events } = await page.evaluate(() => globalThis.seen);
    assert.deepEqual(
      events.map((event) => JSON.parse(event)),
      [{ type: 'bilik-error', detail: { reason: 'refused' } }],
    );
  }
});

test('after a mirror with another election the next one is asked', async () => {
  const other = await serve((await rebuild(demo, { toml: (text) => text.replace('demo-2026', 'demo-2027') })).site);
  const page = await open(
    await partner(lookup(`election="demo-2026" mirrors="${other.url} ${site.url}"`), framedPolicy(site.url, other.url)),
  );
  await state(page, 'ready');
  assert.equal(await page.evaluate(() => document.querySelector('bilik-lookup').mirror), site.url);
});

test('a plain frame asks by its query: language, theme, colours; and says so when the election is another', async () => {
  const plain = (query) =>
    `<iframe src="${site.url}embed.html?${query}" width="400" height="700" referrerpolicy="no-referrer"></iframe>`;
  const policy = `default-src 'none'; frame-src ${originOf(site.url)}`;
  const page = await open(
    await partner(plain('lang=en&theme=dark&accent=%23ff8080&election=demo-2026'), policy, { scripts: '' }),
  );
  const frame = page.frameLocator('iframe');
  await frame.locator('html[lang="en"]').waitFor();
  const { scheme, accent, background } = await frame.locator('html').evaluate((html) => ({
    scheme: getComputedStyle(html).colorScheme,
    accent: getComputedStyle(html).getPropertyValue('--bilik-accent'),
    background: getComputedStyle(document.body).backgroundColor,
  }));
  assert.deepEqual([scheme, accent], ['dark', '#ff8080']);
  assert.ok(Math.max(...background.match(/\d+/g).map(Number)) < 90, background);
  await ask({ locator: (selector) => frame.locator(selector), trouble: page.trouble }, demo.exact, 'found');

  const refused = await open(await partner(plain('election=pemilu-2029'), policy, { scripts: '' }));
  await refused.frameLocator('iframe').locator('#refused').waitFor();
  assert.equal(await refused.frameLocator('iframe').locator('#nik').isVisible(), false);
  assert.equal(await refused.frameLocator('iframe').locator('#refused a').innerText(), `${new URL(site.url).host} ↗`);
});

// --- Inline -----------------------------------------------------------------------------------------------------------

const inlineLookup = (more = '') => lookup(`inline election="demo-2026" public-key="${demo.publicKey}" ${more}`);

test('inline, on a page of another origin, under default-src none and Trusted Types, it answers from a worker', async () => {
  const url = await partner(inlineLookup('theme="dark" lang="en"'), inlinePolicy(originOf(site.url)));
  const page = await open(url);
  await state(page, 'ready');
  assert.equal(await page.locator('.fallback').isVisible(), false);
  const answer = await ask(page, demo.exact, 'found');
  assert.match(await answer.innerText(), new RegExp(demo.exact.place));
  assert.equal(page.workers().length, Math.min(availableParallelism(), 4));
  assert.equal(await page.locator('bilik-lookup iframe').count(), 0);
  const { lang, scheme, title, own } = await page.evaluate(() => {
    const html = document.querySelector('bilik-lookup').shadowRoot.querySelector('html');
    return {
      lang: html.lang,
      scheme: getComputedStyle(html).colorScheme,
      title: document.title,
      own: document.documentElement.lang,
    };
  });
  assert.deepEqual([lang, scheme, title, own], ['en', 'dark', 'Berita', 'id'], 'the page keeps its own');
  assert.deepEqual(page.trouble, []);
});

test('inline, the page keeps its address and its history, wherever the lookup goes', async () => {
  const url = await partner(inlineLookup(), inlinePolicy(originOf(site.url)));
  const page = await open(url);
  await state(page, 'ready');
  const before = await page.evaluate(() => [location.href, history.length]);
  await ask(page, demo.exact, 'found');
  await page.locator('#answer').getByRole('button', { name: 'Ubah isian' }).click();
  await page.locator('#form').waitFor();
  await page.locator('#question a[href="#/"]').click();
  await page.locator('#answer').waitFor();
  assert.deepEqual(await page.evaluate(() => [location.href, history.length]), before);
  assert.deepEqual(page.trouble, []);
});

test('inline on the site’s own origin, under the same policy with self', async () => {
  const policy = inlinePolicy("'self'");
  await writeFile(
    `${demo.site}/own.html`,
    `<!doctype html><html lang="id"><meta charset="utf-8"><meta http-equiv="Content-Security-Policy" content="${policy}">
    <script type="module" src="element.js"></script>${inlineLookup()}</html>`,
  );
  const page = await open(`${site.url}own.html`);
  await state(page, 'ready');
  await ask(page, demo.exact, 'found');
  assert.equal(page.workers().length, Math.min(availableParallelism(), 4));
  assert.deepEqual(page.trouble, []);
});

test('inline, where the policy forbids workers it answers all the same', async () => {
  const policy = inlinePolicy(originOf(site.url)).replace('worker-src blob:', "worker-src 'none'");
  const page = await open(await partner(inlineLookup(), policy));
  await state(page, 'ready');
  await ask(page, demo.exact, 'found');
  assert.equal(page.workers().length, 0);
  assert.ok(
    page.trouble.some((line) => line.includes('worker-src')),
    'it was forbidden',
  );
});

test('inline twice in a document: each has its own app, and a pinned version is inline from its own files', async () => {
  const [version] = await readdir(`${demo.site}/v`);
  const server = await serve(demo.site);
  const scripts = `<script type="module" src="${server.url}v/${version}/element.js"></script>`;
  const policy = `${inlinePolicy(originOf(server.url))}; frame-src ${originOf(server.url)}`;
  const page = await open(await partner(inlineLookup() + inlineLookup(), policy, { scripts }), {
    viewport: { width: 800, height: 2400 },
  });
  await state(page, 'ready', 0);
  await state(page, 'ready', 1);
  assert.equal(await page.locator('bilik-lookup iframe').count(), 0);
  const inside = (index) => {
    const own = page.locator('bilik-lookup').nth(index);
    return { locator: (selector) => own.locator(selector), trouble: page.trouble };
  };
  await ask(inside(0), demo.exact, 'found');
  await type(inside(1), demo.near);
  await inside(1).locator('#ask').click();
  await screen(inside(1), 'village_needed');
  await screen(inside(0), 'found');
  const app = server.asked().filter((path) => path.endsWith('/app.js'));
  assert.deepEqual(app, [`/v/${version}/app.js`], 'the script itself is there once');
  assert.deepEqual(page.trouble, []);
});

test('inline without a key, or without its files, the fallback shows', async () => {
  const policy = inlinePolicy(originOf(site.url));
  const page = await open(await partner(lookup('inline election="demo-2026"'), policy));
  await state(page, 'failed');
  assert.equal(await page.locator('.fallback').isVisible(), true);
  for (const threshold of ['2', '0', '', 'two']) {
    const tooMany = await open(await partner(inlineLookup(`threshold="${threshold}"`), policy));
    await state(tooMany, 'failed');
    assert.equal(await tooMany.locator('.fallback').isVisible(), true, threshold);
  }
  const server = await serve(demo.site);
  server.alter = (path) => (path === 'inline.html' ? 404 : undefined);
  const scripts = `<script type="module" src="${server.url}element.js"></script>`;
  const without = await open(await partner(inlineLookup(), inlinePolicy(originOf(server.url)), { scripts }));
  await state(without, 'failed');
  assert.equal(await without.locator('.fallback').isVisible(), true);
});

test('inline, as many keys must have signed as the page says, and one where it says nothing', async () => {
  const second = join(demo.folder, 'second');
  await bilik(['keygen', '--out', second]);
  const both = await rebuild(demo, { toml: (text) => text.replace('[site]', '[site]\nthreshold = 2'), keys: [second] });
  const server = await serve(both.site);
  server.alter = (path, bytes) => (path === 'head.bilik' ? signedByOne(bytes) : undefined);
  const scripts = `<script type="module" src="${server.url}element.js"></script>`;
  const keys = `public-key="${demo.publicKey} ${(await readFile(`${second}.pub`, 'utf8')).trim()}"`;
  for (const [said, outcome] of [
    [`threshold="2" ${keys}`, 'unverified'],
    [keys, 'found'],
  ]) {
    const lines = lookup(`inline election="demo-2026" ${said}`);
    const page = await open(await partner(lines, inlinePolicy(originOf(server.url)), { scripts }));
    await state(page, 'ready');
    await ask(page, demo.exact, outcome);
  }
});

test('inline with another key nobody is believed', async () => {
  // A key that is one: the first of RFC 8032.
  const other = 'bilik-public-key:d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a';
  const page = await open(
    await partner(lookup(`inline election="demo-2026" public-key="${other}"`), inlinePolicy(originOf(site.url))),
  );
  await state(page, 'ready');
  await ask(page, demo.exact, 'unverified');
});
