/** What a host's own policy does to the page: it works, or names the policy, or says by markup and style alone whom to ask. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { ask, makeDemo, open, screen, serve, type } from './stage.mjs';

let demo;
before(async () => {
  demo = await makeDemo(500);
});

/** @param {Record<string, string>} says */
async function visit(says, path = '') {
  const site = await serve(demo.site);
  site.says = says;
  return open(`${site.url}${path}`);
}

for (const policy of [
  "require-trusted-types-for 'script'; trusted-types 'none'",
  'sandbox allow-scripts',
  'sandbox allow-scripts allow-same-origin',
  "worker-src 'none'",
  "style-src 'none'",
  "style-src 'self'",
]) {
  test(`under ${policy} it answers`, async () => {
    const page = await visit({ 'content-security-policy': policy });
    await ask(page, demo.exact, 'found');
  });
}

for (const [policy, directive] of [
  ["script-src 'self'", 'script-src'],
  ["connect-src 'none'", 'connect-src'],
]) {
  test(`under ${policy} the page says that its host forbids the search, and names the policy`, async () => {
    const page = await visit({ 'content-security-policy': policy });
    await type(page, demo.exact);
    await page.locator('#ask').click();
    const answer = await screen(page, 'forbidden');
    assert.match(await answer.innerText(), /petugas PPS/i);
    assert.ok((await answer.locator('details').textContent()).includes(directive));
  });
}

test('a policy that forbids only the worker is not to blame when no mirror answers', async () => {
  const site = await serve(demo.site);
  site.says = { 'content-security-policy': "worker-src 'none'" };
  site.alter = (path) => (path.endsWith('.bilik') ? 404 : undefined);
  const page = await open(site.url);
  await ask(page, demo.exact, 'unreachable');
});

for (const [what, says] of Object.entries({
  'no script': { 'content-security-policy': "script-src 'none'" },
  'a nonce': { 'content-security-policy': "script-src 'nonce-cXVpZXQ='" },
  'a sandbox without scripts': { 'content-security-policy': 'sandbox' },
})) {
  for (const path of ['', 'embed.html']) {
    test(`under ${what} markup and style say whom to ask, and show no dead form: ${path || 'the page'}`, async () => {
      const page = await visit(says, path);
      await page.locator('#old').waitFor();
      assert.match(await page.locator('#old').innerText(), /petugas PPS/);
      assert.match(await page.locator('#election').innerText(), /Pemilu/, 'who asks');
      assert.equal(await page.locator('#form').isVisible(), false);
    });
  }
}

test('a person who types before the app has started keeps the form', async () => {
  const site = await serve(demo.site);
  let arrive = () => {};
  const late = new Promise((go) => (arrive = go));
  site.alter = (path) => (path === 'app.js' ? late : undefined);
  const page = await open('about:blank');
  await page.goto(site.url, { waitUntil: 'commit' });
  await page.locator('#nik').focus();
  await page.keyboard.type(demo.exact.nik);
  await page.locator('#old').waitFor();
  assert.equal(await page.locator('#form').isVisible(), true);
  arrive();
  await page.locator('html[data-started]').waitFor();
  assert.equal(await page.locator('#old').isVisible(), false);
  await page.locator('#name').fill(demo.exact.name);
  await page.locator('#ask').click();
  await screen(page, 'found');
});
