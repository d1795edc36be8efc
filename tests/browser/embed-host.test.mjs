/** `<bilik-lookup>` among other people's layouts, mistakes and malice: never an empty box, and never more than it was told. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { framedPolicy, inlinePolicy, listen, lookup, originOf, partner as partnerPage } from './embed-stage.mjs';
import { ask, makeDemo, open, serve } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

const script = () => `<script type="module" src="${site.url}element.js"></script>`;
const partner = (body, policy = framedPolicy(site.url)) => partnerPage(body, policy, script());

const state = (page, wanted) =>
  page.waitForFunction((wanted) => document.querySelector('bilik-lookup').state === wanted, wanted);
const frameOf = (page) => page.frames().find((frame) => frame.url().includes('embed.html'));
/** As if the frame's own page said it. */
const says = (page, ...words) =>
  frameOf(page).evaluate(
    ([host, words]) => words.forEach((bilik) => parent.postMessage({ bilik }, host)),
    [originOf(page.url()), words],
  );
const events = async (page) => (await page.evaluate(() => globalThis.seen.events)).map((event) => JSON.parse(event).type);

/** A page with the policy that stands in docs/embedding.md, letter by letter, and nothing else. */
const literally = (policy, attributes = '') =>
  listen((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.setHeader('content-security-policy', `default-src 'none'; require-trusted-types-for 'script'; ${policy}`);
    response.end(`<!doctype html>${script()}${lookup(attributes)}`);
  });

test('the policies that the document names are enough, as they stand there', async () => {
  const { readFile } = await import('node:fs/promises');
  const text = await readFile(new URL('../../docs/embedding.md', import.meta.url), 'utf8');
  const named = (way) =>
    text
      .split('\n')
      .find((line) => line.startsWith(`| ${way}`))
      .match(/`[^`]*-src [^`]*`/g);
  const here = (policy) => policy.replaceAll('`', '').replaceAll('https://pemilu.example', originOf(site.url));
  const framed = await open(await literally(named('element with a frame').map(here).join('; ')));
  await state(framed, 'ready');
  const [policy] = named('`inline`, on another origin');
  const inline = await open(await literally(here(policy), `inline election="demo-2026" public-key="${demo.publicKey}"`));
  await state(inline, 'ready');
  await ask(inline, demo.exact, 'found');
  assert.deepEqual([...framed.trouble.filter((line) => !line.includes('web-share')), ...inline.trouble], []);
});

test('in any layout it has a width, and a page can hide it', async () => {
  const layouts = [
    'display: flex',
    'display: flex; flex-direction: column; align-items: center',
    'display: grid; justify-items: start',
    'display: grid; grid-template-columns: auto 1fr',
    'display: inline-block',
    'display: table-cell',
    'float: left',
    'direction: rtl',
    'width: 240px',
  ];
  const page = await open(await partner(`<div>${lookup()}</div>`));
  await state(page, 'ready');
  for (const layout of layouts) {
    const [width, over] = await page.evaluate((layout) => {
      document.querySelector('div').style.cssText = layout;
      const { width } = document.querySelector('bilik-lookup').shadowRoot.querySelector('iframe').getBoundingClientRect();
      return [width, document.documentElement.scrollWidth - innerWidth];
    }, layout);
    assert.ok(width >= 240, `${layout}: ${width} px`);
    assert.ok(over <= 0, `${layout}: ${over} px too wide`);
  }
  const isVisible = () => page.locator('bilik-lookup').isVisible();
  await page.evaluate(() => (document.querySelector('bilik-lookup').hidden = true));
  assert.equal(await isVisible(), false);
  await page.evaluate(() => (document.querySelector('bilik-lookup').hidden = false));
  assert.equal(await isVisible(), true);
  await page.evaluate(() => {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync('bilik-lookup { display: none }');
    document.adoptedStyleSheets = [sheet];
  });
  assert.equal(await isVisible(), false);
});

test('an address that is none, or no web address, is passed over; and where no other is named the fallback shows', async () => {
  const wrong = 'http://[ javascript:top.ran=1 data:text/html,x blob:x about:blank';
  const page = await open(await partner(lookup(`mirrors="${wrong} ${site.url.replace(/\/$/, '')}"`)));
  await state(page, 'ready');
  assert.deepEqual(
    page.trouble.filter((line) => !line.includes('web-share')),
    [],
  );
  const without = await open(await partner(lookup(`mirrors="${wrong}"`)));
  await state(without, 'failed');
  assert.equal(await without.locator('.fallback').isVisible(), true);
  assert.deepEqual(without.trouble, []);
});

test('a frame that gives up after it was ready leaves no empty box: the next mirror is asked', async () => {
  const second = await serve(demo.site);
  const url = await partner(lookup(`mirrors="${site.url} ${second.url}"`), framedPolicy(site.url, second.url));
  const page = await open(url);
  await state(page, 'ready');
  await says(page, 'failed');
  await page.waitForFunction((url) => document.querySelector('bilik-lookup').mirror === url, second.url);
  assert.equal(await page.locator('bilik-lookup iframe').isVisible(), true);
  await says(page, 'failed');
  await state(page, 'failed');
  assert.equal(await page.locator('.fallback').isVisible(), true);
});

test('a frame that repeats itself is heard once, and one that only lives does not keep the others waiting', async () => {
  const page = await open(await partner(lookup()));
  await state(page, 'ready');
  await says(page, ...Array(500).fill('touched'), ...Array(500).fill('ready'));
  await page.waitForTimeout(300);
  assert.deepEqual(await events(page), ['bilik-ready', 'bilik-touch']);

  const zombie = await listen((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(`<script>setInterval(() => parent.postMessage({ bilik: 'alive' }, '*'), 200)</script>`);
  });
  const other = await open(await partner(lookup(`mirrors="${zombie} ${site.url}"`), framedPolicy(site.url, zombie)));
  await state(other, 'ready');
  assert.equal(await other.evaluate(() => document.querySelector('bilik-lookup').mirror), site.url);
});

test('in a closed shadow root, and in a page that a frame was given as text', async () => {
  const page = await open(await partner('<div lang="en"></div>'));
  const shown = await page.evaluate(async () => {
    const element = document.createElement('bilik-lookup');
    document.querySelector('div').attachShadow({ mode: 'closed' }).append(element);
    while (element.state !== 'ready') await new Promise((done) => setTimeout(done, 50));
    const { title, src } = element.shadowRoot.querySelector('iframe');
    return [title, new URLSearchParams(new URL(src).hash.slice(1)).get('lang')];
  });
  assert.deepEqual(shown, ['Find your polling station', 'en'], 'the language around the shadow root');
  const text = `${script()}${lookup()}`.replaceAll('"', '&quot;');
  const editor = await open(await partner(`<iframe width="340" height="700" srcdoc="${text}"></iframe>`));
  await editor.frames()[1].waitForFunction(() => document.querySelector('bilik-lookup').state === 'ready');
});

test('whose focus is on the fallback goes on in the frame', async () => {
  const page = await open(await partner('<br>'.repeat(300) + lookup()));
  await page.evaluate(() => document.querySelector('.fallback').focus({ preventScroll: true }));
  await state(page, 'ready');
  assert.equal(await page.evaluate(() => document.activeElement.localName), 'bilik-lookup');
  assert.deepEqual(await events(page), ['bilik-ready'], 'focus that a script moves does not count as a touch');
  await page.keyboard.press('Tab');
  await page.waitForFunction(() => globalThis.seen.events.length === 2);
});

test('a look that refers to something else is left out, however it is spelt', async () => {
  const asked = [
    'inherit',
    'initial',
    'var(--x)',
    'v\\61r(--x)',
    'if(else: red)',
    'red;}*{display:none',
    'url(//x)',
    'expression(1)',
  ];
  const page = await open(`${site.url}embed.html`);
  for (const value of asked) {
    await page.goto(`${site.url}embed.html?${new URLSearchParams({ accent: value, font: value, radius: value })}`);
    await page.locator('html[lang]').waitFor({ state: 'attached' });
    await page.locator('#lang option').first().waitFor({ state: 'attached' });
    assert.equal(await page.evaluate(() => document.documentElement.style.length), 0, value);
  }
});

test('inline, put elsewhere on the page, it keeps its theme', async () => {
  const url = await partner(
    lookup(`inline theme="dark" election="demo-2026" public-key="${demo.publicKey}"`),
    inlinePolicy(originOf(site.url)),
  );
  const page = await open(url);
  await state(page, 'ready');
  const background = () =>
    page.evaluate(
      () => getComputedStyle(document.querySelector('bilik-lookup').shadowRoot.querySelector('body')).backgroundColor,
    );
  const dark = await background();
  await page.evaluate(() => document.body.append(document.querySelector('bilik-lookup')));
  await state(page, 'ready');
  await page.waitForTimeout(500);
  assert.equal(await background(), dark);
});

test('what is answered does not scroll the page around it', async () => {
  const page = await open(await partner('<br>'.repeat(40) + lookup() + '<br>'.repeat(60)));
  await page.locator('bilik-lookup').scrollIntoViewIfNeeded();
  await state(page, 'ready');
  const frame = page.locator('bilik-lookup iframe').contentFrame();
  await frame.locator('#nik').fill(demo.exact.nik);
  await frame.locator('#name').fill(demo.exact.name);
  await page.evaluate(() => scrollBy(0, document.querySelector('bilik-lookup').getBoundingClientRect().top + 250));
  const before = await page.evaluate(() => scrollY);
  await frame.locator('#ask').evaluate((button) => button.click());
  await frame.locator('#answer > [data-outcome]').waitFor();
  await page.waitForTimeout(500);
  assert.equal(await page.evaluate(() => scrollY), before);
});
