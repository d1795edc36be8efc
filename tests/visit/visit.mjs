/**
 * One first visit: a profile in which nothing was kept before, a page whose CPU is slowed four times, and somebody who begins
 * to type as soon as that is possible: 12 digits, the key that leads to the next field, the name, and Enter at once.
 *
 * @typedef {object} Seen milliseconds since the visit began
 * @property {number} paint something could be read
 * @property {number} usable the form takes what is typed, and what is pressed: early.js has run, and app.js begins with both
 * @property {number} started the app's script runs
 * @property {number} touch
 * @property {{ key: string, at: number }[]} keys that changed a field
 * @property {number} [chosen] the village, where the form asks for it
 * @property {number} answer it is shown
 * @property {string} outcome
 * @property {number} number of the station
 */
import { createRequire } from 'node:module';

const installed = createRequire(new URL('../browser/package.json', import.meta.url));
const { chromium } = installed('playwright-core');

const KEYS_PER_SECOND = 3;
const SLOWER = 4;
const PATIENCE_MS = 120_000;
const SIZE = { width: 360, height: 740 };
const QUIET = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** @param {string} fingerprint of the one server whose certificate nobody signed */
export const launch = (fingerprint) =>
  chromium.launch({
    executablePath: process.env.BILIK_CHROMIUM ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', ...QUIET, `--ignore-certificate-errors-spki-list=${fingerprint}`],
  });

/**
 * @param {import('playwright-core').Browser} browser
 * @param {string} url
 * @param {{ nik: string, name: string, village?: string }} voter `village` for a name that is too short by itself
 * @param {(page: import('playwright-core').Page) => Promise<void>} [afterwards] while the answer is still on the screen
 * @returns {Promise<Seen & { began: number }>} `began` in milliseconds since 1970
 */
export async function visit(browser, url, { nik, name, village }, afterwards) {
  const context = await browser.newContext({ locale: 'id-ID', viewport: SIZE });
  try {
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    const devtools = await context.newCDPSession(page);
    await devtools.send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
    await page.addInitScript(watch);
    await page.goto(url, { waitUntil: 'commit' });
    await page.waitForFunction(() => globalThis.bilikSeen.usable);
    await page.locator('#nik').click();
    await type(page, [...nik, 'Enter', ...name]);
    if (village) {
      await page.locator(`#short [data-village="${village}"]`).click();
      await page.evaluate(() => {
        globalThis.bilikSeen.chosen = performance.now();
      });
    }
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => globalThis.bilikSeen.answer);
    const seen = await page.evaluate(() => ({ ...globalThis.bilikSeen, began: performance.timeOrigin }));
    await afterwards?.(page);
    return seen;
  } finally {
    await context.close();
  }
}

/** The first key comes a moment after the touch; none waits for what the one before has set off. */
async function type(page, keys) {
  const began = Date.now();
  for (const [at, key] of keys.entries()) {
    const pause = began + ((at + 1) * 1_000) / KEYS_PER_SECOND - Date.now();
    await new Promise((done) => setTimeout(done, pause));
    await page.keyboard.press(key);
  }
}

/** Runs in the page, before anything of it. */
function watch() {
  /** @type {any} */
  const seen = (globalThis.bilikSeen = { keys: [] });
  addEventListener(
    'focusin',
    ({ target, timeStamp }) => target instanceof HTMLInputElement && (seen.touch ??= timeStamp),
    true,
  );
  addEventListener(
    'input',
    ({ target, timeStamp }) => target instanceof HTMLInputElement && seen.keys.push({ key: target.id, at: timeStamp }),
    true,
  );
  const look = () => {
    const field = document.getElementById('nik');
    if (field?.getClientRects().length && document.readyState !== 'loading' && globalThis.bilikEarly)
      seen.usable ??= performance.now();
    // The names of the languages are the app's first work.
    if (document.querySelector('#lang option')) seen.started ??= performance.now();
    const answer = /** @type {HTMLElement | null} */ (document.querySelector('#answer > [data-outcome]'));
    if (!answer) return requestAnimationFrame(look);
    seen.answer = performance.now();
    seen.paint = performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? 0;
    seen.outcome = answer.dataset.outcome;
    seen.number = Number(answer.querySelector('[data-station-number]')?.textContent);
  };
  requestAnimationFrame(look);
}
