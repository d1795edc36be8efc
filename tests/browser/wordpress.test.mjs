/** The plugin of examples/wordpress/ in a real WordPress: the shortcode, the block, the setting, and who may not decide what. */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { WHOLE, before, test } from '../limits.mjs';
import { frameOf, state } from './embed-stage.mjs';
import { ask, makeDemo, open, serve } from './stage.mjs';
import { ADMIN, isInstalled, startWordPress } from './wordpress-stage.mjs';

const skip = isInstalled ? false : 'WordPress is not installed; run tests/tools.sh wordpress';

let demo;
let site;
let press;
before(async () => {
  if (skip) return;
  demo = await makeDemo();
  site = await serve(demo.site);
  const second = await serve(demo.site);
  const [version] = await readdir(`${demo.site}/v`);
  const [, integrity] = /data-integrity="(sha384-[^"]+)"/.exec(await readFile(`${demo.site}/embed-code.html`, 'utf8'));
  const block = (attributes) => `<!-- wp:bilik/lookup ${JSON.stringify(attributes)} /-->`;
  press = await startWordPress({
    sites: `${site.url}\n${second.url}`,
    posts: {
      shortcode: `[bilik election="demo-2026" key="${demo.publicKey}" accent="#00695c" theme="light"]`,
      block: block({ election: 'demo-2026', lang: 'en', site: second.url }),
      pinned: block({ version, integrity: integrity.replaceAll('&#x2b;', '+').replaceAll('&#x2f;', '/') }),
      twice: '[bilik] [bilik]',
      foreign: '[bilik site="https://jahat.example/"]',
      hostile: `[bilik election='"><img src=x onerror=alert(1)>' accent="red;}*{" theme="x" lang='" onfocus="1']`,
    },
  });
  press.second = second.url;
});

test('a post with the shortcode finds a voter, in the colours that it names', { skip, ...WHOLE }, async () => {
  const page = await open(press.posts.shortcode);
  await state(page, 'ready');
  const frame = frameOf(page);
  assert.equal(await frame.locator('#ask').evaluate((button) => getComputedStyle(button).backgroundColor), 'rgb(0, 105, 92)');
  const answer = await ask(frame, demo.exact, 'found');
  assert.match(await answer.innerText(), new RegExp(demo.exact.place));
});

test('a post with the block finds a voter, from the site that it chose', { skip }, async () => {
  const page = await open(press.posts.block);
  await state(page, 'ready');
  assert.equal(await page.evaluate(() => document.querySelector('bilik-lookup').mirror), press.second);
  assert.equal(await frameOf(page).locator('html').getAttribute('lang'), 'en');
  await ask(frameOf(page), demo.exact, 'found');
});

test('a pinned version comes with its integrity, and two lookups on a page with one script', { skip }, async () => {
  const pinned = await open(press.posts.pinned);
  await state(pinned, 'ready');
  assert.match(await pinned.locator('script[src$="element.js"]').getAttribute('integrity'), /^sha384-/);
  const twice = await open(press.posts.twice);
  await state(twice, 'ready', 0);
  assert.equal(await twice.locator('bilik-lookup').count(), 2);
  assert.equal(await twice.locator('script[src$="element.js"]').count(), 1);
});

test('an author loads no script from a site that the administrator did not name, and breaks out of no attribute', {
  skip,
}, async () => {
  const foreign = await open(press.posts.foreign);
  assert.equal(await foreign.locator('bilik-lookup, script[src*="jahat"]').count(), 0);
  const hostile = await open(press.posts.hostile);
  const element = hostile.locator('bilik-lookup');
  const attributes = await element.evaluate((one) =>
    Object.fromEntries([...one.attributes].map(({ name, value }) => [name, value])),
  );
  assert.deepEqual(Object.keys(attributes).sort(), ['election', 'lang', 'mirrors']);
  assert.equal(await hostile.locator('img[src="x"]').count(), 0);
});

test('the editor knows the block, and the setting keeps web addresses alone', { skip, ...WHOLE }, async () => {
  const page = await open(`${press.url}/wp-login.php`, { viewport: { width: 1280, height: 900 } });
  await page.locator('#user_login').fill(ADMIN.name);
  await page.locator('#user_pass').fill(ADMIN.password);
  await page.locator('#wp-submit').click();
  await page.waitForURL('**/wp-admin/**');
  await page.goto(`${press.url}/wp-admin/options-reading.php`);
  const field = page.locator('#bilik_sites');
  assert.ok((await field.inputValue()).startsWith(site.url));
  await field.fill(`${site.url}\njavascript:alert(1)\nhttps://pemilu.example?x=1`);
  await page.locator('#submit').click();
  await page.waitForURL('**settings-updated=true**');
  assert.equal(await field.inputValue(), `${site.url}\nhttps://pemilu.example/`);
  await page.goto(`${press.url}/wp-admin/post-new.php`);
  await page.waitForFunction(() => globalThis.wp?.blocks?.getBlockType('bilik/lookup')?.title === 'Cari TPS');
  const written = await page.evaluate(() => {
    const { blocks } = globalThis.wp;
    return blocks.serialize(blocks.createBlock('bilik/lookup', { election: 'demo-2026' }));
  });
  assert.equal(written, '<!-- wp:bilik/lookup {"election":"demo-2026"} /-->');
});

test('PHP has nothing to say against the plugin', { skip }, async () => {
  const log = await readFile(press.log, 'utf8').catch(() => '');
  assert.deepEqual(
    log.split('\n').filter((line) => line.includes('bilik.php')),
    [],
  );
});
