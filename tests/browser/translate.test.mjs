/** A browser that translates leaves alone what says where to go, and whom to call; the rest of the page it may translate. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { home, visit } from './screens.mjs';
import { ask, makeDemo, open, serve } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** What a translator may change of those elements, though it must not. */
const translated = (page, selectors) =>
  page.evaluate(
    (selectors) =>
      selectors.flatMap((selector) =>
        [...document.querySelectorAll(selector)]
          .filter((element) => element.textContent?.trim() && !element.closest('[translate="no"]'))
          .map((element) => `${selector}: ${element.textContent}`),
      ),
    selectors,
  );

const NAMES = [
  '.brand b',
  '#election',
  '.station .number',
  '.station .where b',
  '.station .where span',
  '.station dl > div:first-child dd > b',
  '.station dl > div:first-child dd > b + span',
  '.station dl > div:nth-child(2) dd > b',
  '.choice[data-village]',
  '.choice b',
  '.stations a',
  '.stations a + span',
  '[data-outcome="stations"] h1:not(:empty)',
  '[data-regency] h2',
  '[data-regency] h2 + p',
  '.provenance b',
  'a[href^="tel:"]:not(#old a, noscript a)',
  '#answer a[href^="http"].big',
  '#answer details li:not(.maps li)',
  '.maps a[target]',
  '.person > b',
];

test('no screen lets a name, a number, an address or a telephone be translated, and all let the words be', async () => {
  const page = await open(site.url);
  const seen = new Set();
  await visit(page, demo, async (name) => {
    assert.deepEqual(await translated(page, NAMES), [], name);
    for (const selector of NAMES) if (await page.locator(selector).count()) seen.add(selector);
    assert.equal(
      await page
        .locator('#answer p.lead:not([translate]), #question p.lead')
        .evaluateAll((all) => all.every((one) => one.translate)),
      true,
    );
  });
  await page.locator('#foot').click();
  await page.locator('#answer .finder input').pressSequentially(demo.near.place);
  await page.locator(`#answer [data-village="${demo.near.village}"]`).click();
  await page.locator('[data-regency]').waitFor();
  assert.deepEqual(await translated(page, NAMES), []);
  assert.ok(seen.size >= 12, [...seen].join());
  await home(page);
  site.alter = (path) => (/^head/.test(path) ? 404 : undefined);
  const later = await open(site.url);
  await ask(later, demo.exact, 'unreachable');
  assert.deepEqual(await translated(later, NAMES), []);
});
