/** Firefox by puppeteer. */
import { createRequire } from 'node:module';
import { PATIENCE_MS, SIZE, inPage, keys, visited } from './driving.mjs';
import { endGroup, firstOf } from './processes.mjs';
import { Watch } from './watch.mjs';

const puppeteer = createRequire(new URL('../browser/package.json', import.meta.url))('puppeteer-core');

/** Nothing is asked of anybody but the servers of the test; no first-run page. */
const PREFERENCES = {
  'app.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'intl.accept_languages': 'id-ID, id',
};

/** @param {{ limit?: number, preferences?: Record<string, unknown> }} [options] @returns {Promise<import('./engines.mjs').Engine>} */
export async function startFirefox({ limit, preferences } = {}) {
  const executablePath = firstOf(process.env.BILIK_FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    protocol: 'webDriverBiDi',
    executablePath,
    headless: true,
    defaultViewport: SIZE,
    extraPrefsFirefox: { ...PREFERENCES, ...preferences },
  });
  const pids = [browser.process().pid];
  const watch = new Watch('firefox', pids, limit);
  const kill = () => Promise.all(pids.map((pid) => endGroup(pid, 0)));
  const version = (await watch.call('version', () => browser.version())).replace('firefox/', '');
  const close = () => watch.end(() => browser.close(), kill);
  /** @type {Promise<unknown>} */
  let turn = Promise.resolve();
  return { name: 'firefox', version, pids: () => pids, open, close };

  /** Firefox loses a tab that it opens while it closes another one: such steps take turns. @template T @param {() => Promise<T>} step */
  function inTurn(step) {
    const mine = turn.then(step);
    turn = mine.catch(() => {});
    return mine;
  }

  /** A user context keeps cache, storage and service workers of its own. @param {string} url @param {{ begun?: boolean }} [how] */
  async function open(url, { begun } = {}) {
    const context = await inTurn(() => watch.call('a new profile', () => browser.createBrowserContext()));
    const page = await inTurn(() => watch.call('a new page', () => context.newPage()));
    page.setDefaultTimeout(PATIENCE_MS);
    /** @type {string[]} */
    const trouble = [];
    page.on('pageerror', (error) => trouble.push(`uncaught: ${/** @type {Error} */ (error).message}`));
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    const driven = {
      trouble,
      goto: (url) => (begun ? page.evaluate(`setTimeout(() => (location.href = ${JSON.stringify(url)}), 0)`) : page.goto(url)),
      reload: async () => void (await page.reload()),
      evaluate: (work, ...args) => page.evaluate(inPage(work, args)),
      type: (selector, text) =>
        keys(
          text,
          (line) => page.type(selector, line),
          () => page.keyboard.press('Enter'),
        ),
      click: (selector) => page.click(selector),
      screenshot: async () => Buffer.from(await page.screenshot({ fullPage: true })),
    };
    return visited(watch, driven, () => inTurn(() => watch.close(() => context.close(), kill)), url);
  }
}
