/**
 * Every screen, in light, dark, English, at 320 px, large, with forced colours and on paper: without a fault that axe
 * knows, none wider than its window. `GALLERY=folder` keeps the pictures, with a page to look through them.
 */
import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from '../limits.mjs';
import { home, visit, visitTrouble } from './screens.mjs';
import { ask, chooseAny, bilik, makeDemo, open, serve } from './stage.mjs';
import { makeVaried, visitVaried } from './varied.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];
const OUT = process.env.GALLERY;

/** @type {Record<string, { options?: object, lang?: string, look?: (page: any) => Promise<unknown> }>} */
const WAYS = {
  light: {},
  dark: { options: { colorScheme: 'dark' } },
  'english, wide': { options: { viewport: { width: 1280, height: 900 } }, lang: 'en' },
  'javanese, 320 px': { options: { viewport: { width: 320, height: 640 } }, lang: 'jv' },
  'sundanese, dark': { options: { colorScheme: 'dark' }, lang: 'su' },
  // What a browser's zoom of 200 % does to a window of 640 px, and what WCAG 1.4.10 asks of one of 1280 px at 400 %.
  zoom: { options: { viewport: { width: 320, height: 256 }, deviceScaleFactor: 2 } },
  'forced colours': { options: { forcedColors: 'active', colorScheme: 'dark' } },
};

let demo;
let site;
let expires;
let varied;
/** @type {Map<string, string[]>} pictures by screen */
const taken = new Map();
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
  expires = JSON.parse(await bilik(['inspect', join(demo.site, 'head.bilik')])).file.expires;
  varied = await makeVaried(demo);
  if (OUT) await mkdir(OUT, { recursive: true });
});
after(async () => {
  if (!OUT) return;
  const section = ([name, files]) =>
    `<h2>${name}</h2><div>${files.map((file) => `<figure><img src="${file}"><figcaption>${file}</figcaption></figure>`).join('')}</div>`;
  const style =
    'body{font:16px system-ui;margin:2rem;background:#777}div{display:flex;gap:1rem;align-items:start;overflow:auto}figure{margin:0}img{max-width:640px}';
  await writeFile(
    join(OUT, 'index.html'),
    `<!doctype html><meta charset="utf-8"><title>Bilik: every screen</title><style>${style}</style>${[...taken].map(section).join('')}`,
  );
});

/** Keeps a picture of the whole page. */
async function keep(page, way, name) {
  if (!OUT) return;
  const file = `${name}, ${way}.png`.replace(/[ ,]+/g, '-');
  taken.set(name, [...(taken.get(name) ?? []), file]);
  // The banner sticks to the top of the window, and would stand in the middle of a picture of it all.
  await page.evaluate(() => scrollTo(0, 0)).catch(() => {});
  await page.screenshot({ path: join(OUT, file), fullPage: true });
}

/** What axe finds wrong, and what is wider than the window, in lines. */
async function faults(page, way) {
  await page.evaluate(AXE);
  return page.evaluate(
    async ([tags, forced]) => {
      // Where the system's colours are forced, those of the page that axe compares are not the ones that are seen.
      const rules = { 'color-contrast': { enabled: !forced } };
      const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, rules });
      const wrong = violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
      );
      const { scrollWidth } = document.documentElement;
      return scrollWidth > innerWidth ? [...wrong, `${scrollWidth} px in a window of ${innerWidth}`] : wrong;
    },
    [RULES, way === 'forced colours'],
  );
}

for (const [way, { options, lang = 'id' }] of Object.entries(WAYS)) {
  test(`every screen, ${way}`, async () => {
    const wrong = {};
    const look = async (name, page) => {
      const found = name === 'no JavaScript' ? [] : await faults(page, way);
      if (found.length) wrong[name] = found;
      await keep(page, way, name);
    };
    const start = (url, more) => {
      const to = new URL(url);
      to.searchParams.set('lang', lang);
      return open(to.href, { ...options, ...more });
    };
    const page = await start(site.url);
    await visit(page, demo, (name) => look(name, page));
    assert.deepEqual(page.trouble, []);
    await page.goto(`${site.url}privacy.${lang === 'en' ? 'en.' : ''}html`);
    await look('privacy', page);
    await page.context().close();
    await visitTrouble(start, demo, expires, look);
    await visitVaried(start, demo, varied, look);
    assert.deepEqual(wrong, {});
  });
}

test('paper gets the station and nothing that was typed', async () => {
  const page = await open(site.url, { colorScheme: 'dark' });
  await ask(page, demo.exact, 'found');
  await page.emulateMedia({ media: 'print' });
  // The rest of its style comes a second after the answer.
  await page.waitForFunction(() => getComputedStyle(document.querySelector('.paper')).display === 'block');
  await keep(page, 'print', 'found');
  const shown = await page.locator('body').innerText();
  assert.match(shown, new RegExp(`TPS\\s+${demo.exact.number}\\b`));
  assert.deepEqual(await page.locator('#answer button:visible, #answer a:visible').allInnerTexts(), []);
  const ink = await page.locator('.sign').evaluate((sign) => getComputedStyle(sign).backgroundColor);
  assert.equal(ink, 'rgb(255, 255, 255)');
  await page.emulateMedia({ media: 'screen' });
  await home(page);
  // A woman without the 40 that her NIK adds to the day: she is offered with it.
  const { nik: right, name } = demo.exact;
  const nik = right.slice(0, 6) + String(Number(right.slice(6, 8)) - 40).padStart(2, '0') + right.slice(8);
  await ask(page, { nik, name }, 'village_needed');
  await chooseAny(page, 'not_found');
  await page.locator('[data-outcome="not_found"] .typed button').first().waitFor();
  await page.emulateMedia({ media: 'print' });
  await keep(page, 'print', 'not found');
  const paper = await page.locator('body').innerText();
  for (const secret of [nik.slice(6), nik.replace(/\d{4}(?=\d)/g, '$& '), name, name.split(' ')[0], `19${nik.slice(10)}`]) {
    assert.ok(!paper.includes(secret), `paper says ${secret}`);
  }
});
