/** Chromium by playwright. */
import { createRequire } from 'node:module';
import { PATIENCE_MS, SIZE, inPage, keys, visited } from './driving.mjs';
import { childrenOf, endGroup, leadsGroup } from './processes.mjs';
import { Watch } from './watch.mjs';

const { chromium } = createRequire(new URL('../browser/package.json', import.meta.url))('playwright-core');

const QUIET = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', ...QUIET];

/** @param {{ limit?: number }} [options] @returns {Promise<import('./engines.mjs').Engine>} */
export async function startChromium({ limit } = {}) {
  const executablePath = process.env.BILIK_CHROMIUM ?? '/usr/bin/chromium';
  // playwright tells no process id; the browser is the child that leads a group of its own.
  const others = childrenOf(process.pid);
  const browser = await chromium.launch({ executablePath, args: ARGS });
  const pids = childrenOf(process.pid).filter((pid) => !others.includes(pid) && leadsGroup(pid));
  const watch = new Watch('chromium', pids, limit);
  const kill = () => Promise.all(pids.map((pid) => endGroup(pid, 0)));
  const close = () => watch.end(() => browser.close(), kill);
  return { name: 'chromium', version: browser.version(), pids: () => pids, open, close };

  /** A context keeps cache, storage and service workers of its own, in memory. @param {string} url @param {{ begun?: boolean }} [how] */
  async function open(url, { begun } = {}) {
    const context = await watch.call('a new profile', () => browser.newContext({ locale: 'id-ID', viewport: SIZE }));
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await watch.call('a new page', () => context.newPage());
    /** @type {string[]} */
    const trouble = [];
    page.on('pageerror', (error) => trouble.push(`uncaught: ${error.message}`));
    page.on('crash', () => watch.lost('lost its page'));
    page.on('console', (message) => {
      const isNetwork = message.text().startsWith('Failed to load resource:');
      if (message.type() === 'error' && !isNetwork) trouble.push(message.text());
    });
    const driven = {
      trouble,
      goto: async (url) => void (await page.goto(url, { waitUntil: begun ? 'commit' : 'load' })),
      reload: async () => void (await page.reload()),
      evaluate: (work, ...args) => page.evaluate(inPage(work, args)),
      type: (selector, text) =>
        keys(
          text,
          (line) => page.locator(selector).pressSequentially(line),
          () => page.keyboard.press('Enter'),
        ),
      click: (selector) => page.locator(selector).click(),
      screenshot: () => page.screenshot({ fullPage: true }),
    };
    return visited(watch, driven, () => watch.close(() => context.close(), kill), url);
  }
}
