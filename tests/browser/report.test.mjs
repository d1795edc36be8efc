/** The page of `bilik report`, on a phone and a desk, light, dark and on paper, in both languages: axe finds nothing, nothing is cut. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { before, test } from '../limits.mjs';
import { bilik, makeDemo, open } from './stage.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const PHONE = { width: 360, height: 740 };
const DESK = { width: 1280, height: 900 };
/** The page's own policy allows no script, not even axe's. */
const WAYS = [
  { viewport: PHONE, colorScheme: 'light' },
  { viewport: PHONE, colorScheme: 'dark' },
  { viewport: DESK, colorScheme: 'light' },
  { viewport: DESK, colorScheme: 'dark' },
].map((way) => ({ ...way, bypassCSP: true }));

/** @type {Record<string, string>} */
const pages = {};

before(async () => {
  const demo = await makeDemo();
  const certificate = join(demo.folder, 'certificate.json');
  const site = [demo.site, '--public-key', demo.publicKey];
  await bilik(['verify', ...site, '--roll', demo.election, '--certificate', certificate]);
  const given = ['--roll', demo.election, '--certificate', certificate, '--since', demo.site];
  for (const [name, more] of [
    ['id', given],
    ['en', [...given, '--lang', 'en']],
    ['site alone', []],
  ]) {
    const out = join(demo.folder, `${name}.html`);
    await bilik(['report', ...site, ...more, '--out', out]);
    pages[name] = pathToFileURL(out).href;
  }
});

/** What axe finds wrong, and what is wider than the window, with every table unfolded. */
async function faults(page) {
  await page.evaluate(AXE);
  return page.evaluate(async () => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    const { violations } = await globalThis.axe.run(document);
    const wrong = violations.flatMap(({ id, nodes }) =>
      nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
    );
    const { scrollWidth } = document.documentElement;
    return scrollWidth > innerWidth ? [...wrong, `${scrollWidth} px in a window of ${innerWidth}`] : wrong;
  });
}

/** Text of a plot that leaves its card, or another text of it that it covers. */
const clashes = () =>
  [...document.querySelectorAll('svg')].flatMap((svg) => {
    const card = svg.closest('figure').getBoundingClientRect();
    const texts = [...svg.querySelectorAll('text')].map((text) => ({
      text: text.textContent,
      box: text.getBoundingClientRect(),
    }));
    const outside = texts.filter(({ box }) => box.left < card.left - 1 || box.right > card.right + 1);
    const covered = texts.filter(({ box: a }, at) =>
      texts
        .slice(at + 1)
        .some(
          ({ box: b }) =>
            Math.min(a.right, b.right) - Math.max(a.left, b.left) > 1 &&
            Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top) > 4,
        ),
    );
    return [...outside.map(({ text }) => `outside: ${text}`), ...covered.map(({ text }) => `covered: ${text}`)];
  });

for (const way of WAYS) {
  test(`axe finds nothing, and no text is cut, at ${way.viewport.width} px, ${way.colorScheme}`, async () => {
    for (const [name, url] of Object.entries(pages)) {
      const page = await open(url, way);
      assert.deepEqual(await faults(page), [], name);
      assert.deepEqual(await page.evaluate(clashes), [], name);
      assert.deepEqual(page.trouble, [], name);
      await page.context().close();
    }
  });
}

test('the page runs no script and asks for nothing else', async () => {
  const asked = [];
  const page = await open(pages.id, { before: (page) => page.on('request', (request) => asked.push(request.url())) });
  assert.deepEqual(asked, [pages.id]);
  assert.equal(await page.locator('script').count(), 0);
  // What is not in a plot's text is in its table.
  for (const svg of await page.locator('svg').all()) assert.ok(await svg.getAttribute('aria-label'));
});

test('paper gets the plots in their colours on white, and no folded table', async () => {
  const page = await open(pages.en, { viewport: DESK, colorScheme: 'dark' });
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
  const background = await page.evaluate(() => getComputedStyle(document.documentElement).backgroundColor);
  assert.equal(background, 'rgb(255, 255, 255)');
  assert.ok(await page.locator('svg').first().isVisible());
  assert.equal(await page.locator('details:visible').count(), 0);
  assert.equal(await page.locator('nav:visible').count(), 0);
});
