/**
 * Draws docs/page.png, the picture of the page for the README; all in it is made up.
 * `node tests/browser/picture.mjs && convert docs/page.png -dither None -colors 64 png8:docs/page.png` (a third of the bytes)
 */
import { join } from 'node:path';
import { ROOT, ask, end, makeDemo, open, serve, type } from './stage.mjs';

const PHONE = { width: 360, height: 780 };
const SHARP = 1.5;

const demo = await makeDemo();
const { url } = await serve(demo.site);

/** A phone in somebody's hand, as a data address. */
async function phone(options, act) {
  const page = await open(url, { viewport: PHONE, deviceScaleFactor: SHARP, ...options });
  await act(page);
  // Without the caret, which may be on or off.
  await page.evaluate(() => document.activeElement?.blur());
  await page.evaluate(() => scrollTo(0, 0));
  return `data:image/png;base64,${(await page.screenshot()).toString('base64')}`;
}

const typed = async (page) => {
  await type(page, demo.exact);
  await page.locator('.pin').waitFor();
};
const found = (page) => ask(page, demo.exact, 'found');
const pictures = [await phone({}, typed), await phone({}, found), await phone({ locale: 'en', colorScheme: 'dark' }, found)];

const sheet = await open('about:blank', { viewport: { width: 1180, height: 800 }, deviceScaleFactor: SHARP });
await sheet.setContent(
  `<style>
    body { margin: 0; width: max-content; padding: 20px; display: flex; gap: 24px; background: #fff }
    img { width: 360px; border: 1px solid #ccc; border-radius: 22px }
  </style>${pictures.map((picture) => `<img src="${picture}">`).join('')}`,
);
await sheet.locator('body').screenshot({ path: join(ROOT, 'docs/page.png') });
await end();
