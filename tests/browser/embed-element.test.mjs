/** `<bilik-lookup>` as an element: its class, attributes, properties and look, when it loads, what it hears, and a pinned version. */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { before, test } from '../limits.mjs';
import { framedPolicy, frameOf, listen, lookup, originOf, partner as partnerPage, state, trouble } from './embed-stage.mjs';
import { ROOT, ask, makeDemo, open, serve } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** A partner's page; by default with the site's element. */
const partner = (body, policy, { scripts = `<script type="module" src="${site.url}element.js"></script>` } = {}) =>
  partnerPage(body, policy, scripts);

// --- The element ------------------------------------------------------------------------------------------------------

test('defined twice, from two mirrors, and by the page itself', async () => {
  const second = await serve(demo.site);
  const scripts = [site, site, second].map(({ url }) => `<script type="module" src="${url}element.js"></script>`).join('');
  const page = await open(
    await partner(lookup(), framedPolicy(site.url).replace('; frame', ` ${originOf(second.url)}; frame`), { scripts }),
  );
  await state(page, 'ready');
  const own = await page.evaluate(async (url) => {
    const { BilikLookup } = await import(`${url}element.js#class`);
    BilikLookup.define();
    BilikLookup.define('my-lookup');
    return [customElements.get('my-lookup') === BilikLookup, customElements.get('bilik-lookup') === BilikLookup];
  }, site.url);
  assert.deepEqual(own, [true, false], 'the class comes without registering itself');
  assert.deepEqual(trouble(page), []);
});

test('several on a page know nothing of each other', async () => {
  const page = await open(await partner(`${lookup('lang="en"')}${lookup('theme="dark"')}${lookup()}`, framedPolicy(site.url)), {
    viewport: { width: 900, height: 2200 },
  });
  for (const nth of [0, 1, 2]) await state(page, 'ready', nth);
  await ask(frameOf(page, 1), demo.exact, 'found');
  assert.equal(await frameOf(page, 0).locator('#nik').inputValue(), '');
  assert.deepEqual(
    await Promise.all(
      [0, 1, 2].map((nth) =>
        frameOf(page, nth)
          .locator('html')
          .evaluate((html) => [html.lang, html.style.colorScheme]),
      ),
    ),
    [
      ['en', ''],
      ['id', 'dark'],
      ['id', ''],
    ],
  );
  const { events } = await page.evaluate(() => globalThis.seen);
  assert.equal(events.filter((event) => event.includes('ready')).length, 3);
  assert.equal(events.filter((event) => event.includes('touch')).length, 1);
});

test('nothing is fetched but the element itself until it is near the screen', async () => {
  const server = await serve(demo.site);
  const scripts = `<script type="module" src="${server.url}element.js"></script>`;
  const far = '<br>'.repeat(300);
  const page = await open(await partner(far + lookup() + far, framedPolicy(server.url), { scripts }));
  await page.waitForTimeout(1000);
  assert.deepEqual(server.asked(), ['/element.js']);
  assert.equal(await page.evaluate(() => document.querySelector('bilik-lookup').state), 'waiting');
  await page.locator('bilik-lookup').scrollIntoViewIfNeeded();
  await state(page, 'ready');
  assert.ok(server.asked().includes('/embed.html'));
  assert.ok(
    !server.asked().some((path) => path.includes('head.bilik') || path.includes('.wasm')),
    'and no data before the first touch',
  );
});

test('far from the screen it loads when it is touched, or when it is eager', async () => {
  const far = '<br>'.repeat(300);
  const page = await open(await partner(far + lookup() + lookup('loading="eager"'), framedPolicy(site.url)));
  await state(page, 'ready', 1);
  assert.equal(await page.evaluate(() => document.querySelector('bilik-lookup').state), 'waiting');
  await page.evaluate(() => document.querySelector('.fallback').focus({ preventScroll: true }));
  await state(page, 'ready', 0);
});

test('properties are attributes, and those set before the class came are not lost', async () => {
  const page = await open(await partner(lookup(), framedPolicy(site.url), { scripts: '' }));
  await page.evaluate((url) => {
    const element = document.querySelector('bilik-lookup');
    Object.assign(element, { theme: 'dark', mirrors: url, publicKey: '', loading: 'eager' });
    return import(`${url}element.js`);
  }, site.url);
  await state(page, 'ready');
  const { attributes, properties } = await page.evaluate(() => {
    const element = document.querySelector('bilik-lookup');
    const { theme, mirrors, publicKey, election, loading, inline, mirror } = element;
    return {
      attributes: Object.fromEntries([...element.attributes].map(({ name, value }) => [name, value])),
      properties: { theme, mirrors, publicKey, election, loading, inline, mirror },
    };
  });
  assert.equal(attributes.theme, 'dark');
  assert.deepEqual(properties, {
    theme: 'dark',
    mirrors: site.url,
    publicKey: '',
    election: '',
    loading: 'eager',
    inline: false,
    mirror: site.url,
  });
});

test('colours and fonts are handed through, whatever could fetch or refer is not, and a theme changes without loading', async () => {
  const page = await open(await partner(lookup(), framedPolicy(site.url), { scripts: '' }));
  await page.evaluate((url) => {
    const { style } = document.querySelector('bilik-lookup');
    const set = {
      accent: 'rgb(1, 2, 3)',
      font: 'Georgia, serif',
      surface: 'url(https://example.org/x)',
      text: 'var(--x)',
      radius: '0',
    };
    for (const [name, value] of Object.entries(set)) style.setProperty(`--bilik-${name}`, value);
    return import(`${url}element.js`);
  }, site.url);
  await state(page, 'ready');
  const frame = frameOf(page);
  const look = () =>
    frame.locator('html').evaluate((html) => {
      const { style } = html;
      const button = getComputedStyle(document.getElementById('ask'));
      return { ask: button.backgroundColor, font: button.fontFamily, own: [...style].sort(), scheme: style.colorScheme };
    });
  const dressed = await look();
  assert.deepEqual(dressed, {
    ask: 'rgb(1, 2, 3)',
    font: 'Georgia, serif',
    own: ['--bilik-accent', '--bilik-font', '--bilik-radius'],
    scheme: '',
  });
  await frame.locator('#name').fill('Siapa Saja');
  await page.evaluate(() => {
    const element = document.querySelector('bilik-lookup');
    element.style.setProperty('--bilik-accent', 'rgb(3, 2, 1)');
    element.theme = 'dark';
  });
  await frame.locator('html[style*="dark"]').waitFor({ state: 'attached' });
  assert.notEqual((await look()).ask, 'rgb(1, 2, 3)');
  assert.notEqual((await look()).ask, 'rgb(3, 2, 1)', 'nobody could read that on a dark surface');
  assert.equal(await frame.locator('#name').inputValue(), 'Siapa Saja');
});

test('nobody else is heard: neither by the element nor by the frame', async () => {
  const page = await open(
    await partner(`${lookup()}${lookup('mirrors="http://127.0.0.1:9/"')}`, framedPolicy(site.url, 'http://127.0.0.1:9/')),
  );
  await state(page, 'ready');
  await state(page, 'failed', 1);
  await page.evaluate(() => postMessage({ bilik: 'ready' }, '*'));
  const embedded = page.frames().find((frame) => frame.url().includes('embed.html'));
  await embedded.evaluate((host) => {
    // As if another page, or another window, had sent it.
    dispatchEvent(
      new MessageEvent('message', {
        data: { bilik: 'look', theme: 'dark' },
        origin: 'https://example.org',
        source: window.parent,
      }),
    );
    dispatchEvent(new MessageEvent('message', { data: { bilik: 'look', theme: 'dark' }, origin: host, source: window }));
  }, new URL(page.url()).origin);
  await page.waitForTimeout(200);
  assert.equal(await embedded.evaluate(() => document.documentElement.style.colorScheme), '');
  assert.equal(await page.evaluate(() => document.querySelectorAll('bilik-lookup')[1].state), 'failed');
});

test('a mirror that sends its frame elsewhere is not heard from there', async () => {
  const mirror = await listen(({ url }, response) => response.writeHead(302, { location: new URL(url, site.url).href }).end());
  const page = await open(await partner(lookup(`mirrors="${mirror}"`), framedPolicy(site.url, mirror, site.url)));
  await state(page, 'failed');
  assert.equal(await page.locator('.fallback').isVisible(), true);
  const { messages } = await page.evaluate(() => globalThis.seen);
  assert.ok(
    messages.some((message) => message.includes('ready')),
    'it did speak',
  );
});

test('taken out and put back it is there again; taken out for good it leaves nothing', async () => {
  const page = await open(await partner(lookup(), framedPolicy(site.url)));
  await state(page, 'ready');
  await page.evaluate(() => {
    globalThis.element = document.querySelector('bilik-lookup');
    element.remove();
  });
  assert.equal(await page.evaluate(() => element.shadowRoot.querySelectorAll('iframe').length), 0);
  await page.evaluate(() => document.body.prepend(element));
  await state(page, 'ready');
});

test('the element sets no style outside itself, no cookie and no storage', async () => {
  const page = await open(await partner(lookup(), framedPolicy(site.url)));
  await state(page, 'ready');
  const left = await page.evaluate(() => ({
    styles: document.querySelectorAll('style, link').length + document.adoptedStyleSheets.length,
    cookie: document.cookie,
    storage: localStorage.length + sessionStorage.length,
    globals: Object.keys(globalThis).filter((name) => /bilik/i.test(name)),
  }));
  assert.deepEqual(left, { styles: 0, cookie: '', storage: 0, globals: [] });
  // What is asked for by the element and its frame; the script tag itself is the page's.
  const asked = site.requests.filter(({ path }) => path !== '/element.js');
  assert.deepEqual(
    asked.filter(({ headers }) => headers.cookie || headers.referer).map(({ path }) => path),
    [],
  );
});

test('the manifest, the types and the document name what there is: attributes, events, variables', async () => {
  const file = (path) => readFile(`${ROOT}/${path}`, 'utf8');
  const [element, frame, sheet, types, document] = await Promise.all(
    ['www/element.js', 'www/embed/theme.js', 'www/css/first.css', 'www/element.d.ts', 'docs/embedding.md'].map(file),
  );
  const [{ declarations }] = JSON.parse(await file('www/custom-elements.json')).modules;
  const [{ attributes, events, cssProperties, members }] = declarations;
  const names = (list) => list.map(({ name }) => name).sort();
  const observed = /observedAttributes = (\[.*\])/.exec(element)[1].replaceAll("'", '"');
  assert.deepEqual(names(attributes), JSON.parse(observed).sort());
  const variables = [.../^:root, :host \{.*?^\}/ms.exec(sheet)[0].matchAll(/--bilik-([\w-]+):/g)].map(([, name]) => name);
  assert.ok(variables.length > 10);
  for (const name of variables) {
    const word = new RegExp(`['\\s]${name}['\\s]`);
    assert.match(element, word);
    assert.match(frame, word);
    assert.ok(document.includes(`--bilik-${name}\``), name);
  }
  assert.deepEqual(names(cssProperties), [...variables, 'height'].map((name) => `--bilik-${name}`).sort());
  for (const name of names(events)) assert.ok(types.includes(`'${name}'`) && document.includes(`\`${name}\``), name);
  for (const name of names(members)) assert.match(element, new RegExp(`^  (static |get )?${name}\\(`, 'm'), name);
});

// --- Pinned -----------------------------------------------------------------------------------------------------------

test('a pinned version runs with its integrity, and not when a byte of it is another', async () => {
  const { createHash } = await import('node:crypto');
  const [version] = await readdir(`${demo.site}/v`);
  const integrity = `sha384-${createHash('sha384')
    .update(await readFile(`${demo.site}/v/${version}/element.js`))
    .digest('base64')}`;
  const code = await readFile(`${demo.site}/embed-code.html`, 'utf8');
  assert.ok(code.includes(version) && code.includes(integrity), 'the site tells both');
  const server = await serve(demo.site);
  const scripts = `<script type="module" src="${server.url}v/${version}/element.js" integrity="${integrity}" crossorigin></script>`;
  const page = await open(await partner(lookup(), framedPolicy(server.url), { scripts }));
  await state(page, 'ready');
  assert.equal(
    await page.evaluate(() => document.querySelector('bilik-lookup').mirror),
    server.url,
    'the frame is the site’s of today',
  );
  server.alter = (path, body) => (path.endsWith('/element.js') ? Buffer.concat([body, Buffer.from('\n')]) : undefined);
  const altered = await open(await partner(lookup(), framedPolicy(server.url), { scripts }));
  assert.equal(await altered.evaluate(() => customElements.get('bilik-lookup') === undefined), true);
  assert.equal(await altered.locator('.fallback').isVisible(), true);
});
