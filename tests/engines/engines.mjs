/**
 * Three engines behind one small interface: Chromium, Firefox and WebKitGTK, each by the driver that can do it.
 * `ENGINES[name]()` gives an {@link Engine}; its `open` gives a {@link Visit} in a profile that nothing was kept in before.
 * Whatever is started here ends with `engine.close()`, or with the process.
 *
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} version
 * @property {(url: string) => Promise<Visit>} open a fresh profile on that page, once it has loaded
 * @property {() => Promise<void>} close
 *
 * @typedef {object} Visit
 * @property {string[]} trouble what the console calls an error, where the driver tells (WebKitGTK's does not)
 * @property {(url: string) => Promise<void>} goto
 * @property {() => Promise<void>} reload
 * @property {(work: Function, ...args: any[]) => Promise<any>} evaluate runs in the page; arguments and result are JSON
 * @property {(selector: string, text: string) => Promise<void>} type key by key, after what is there; `\n` is Enter
 * @property {(selector: string) => Promise<void>} click
 * @property {(selector: string, patience?: number) => Promise<string>} text of the first such element, once it is there
 * @property {() => Promise<Buffer>} screenshot a PNG
 * @property {() => Promise<void>} close the profile goes with it
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import net from 'node:net';

/** The packages are those of the browser tests. */
const installed = createRequire(new URL('../browser/package.json', import.meta.url));
const { chromium } = installed('playwright-core');
const puppeteer = installed('puppeteer-core');
const selenium = installed('selenium-webdriver');

/** How long a page may take to load or to show something: nothing passes because of it. */
const PATIENCE_MS = 30_000;
const SIZE = { width: 360, height: 740 };
/** The first of them that there is. */
const oneOf = (...paths) => paths.find((path) => path && existsSync(path)) ?? paths.at(-1);

/** @type {Record<string, () => Promise<Engine>>} */
export const ENGINES = { chromium: startChromium, firefox: startFirefox, webkit: startWebKit };

// --- Chromium ---------------------------------------------------------------------------------------------------------

const QUIET = ['--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];
const CHROMIUM_ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', ...QUIET];

async function startChromium() {
  const executablePath = process.env.BILIK_CHROMIUM ?? '/usr/bin/chromium';
  const browser = await chromium.launch({ executablePath, args: CHROMIUM_ARGS });
  return { name: 'chromium', version: browser.version(), open, close: () => browser.close() };

  /** A context keeps cache, storage and service workers of its own, in memory. @param {string} url */
  async function open(url) {
    const context = await browser.newContext({ locale: 'id-ID', viewport: SIZE });
    context.setDefaultTimeout(PATIENCE_MS);
    const page = await context.newPage();
    /** @type {string[]} */
    const trouble = [];
    page.on('pageerror', (error) => trouble.push(`uncaught: ${error.message}`));
    page.on('console', (message) => {
      const isNetwork = message.text().startsWith('Failed to load resource:');
      if (message.type() === 'error' && !isNetwork) trouble.push(message.text());
    });
    /** @type {Visit} */
    const visit = {
      trouble,
      goto: async (url) => void (await page.goto(url)),
      reload: async () => void (await page.reload()),
      evaluate: (work, ...args) => page.evaluate(inPage(work, args)),
      type: (selector, text) =>
        keys(text, (line) => page.locator(selector).pressSequentially(line), () => page.keyboard.press('Enter')),
      click: (selector) => page.locator(selector).click(),
      text: (selector, patience) => soon(visit, selector, patience),
      screenshot: () => page.screenshot({ fullPage: true }),
      close: () => context.close(),
    };
    return opened(visit, url);
  }
}

// --- Firefox ----------------------------------------------------------------------------------------------------------

/** Nothing is asked of anybody but the servers of the test; no first-run page. */
const FIREFOX_PREFS = {
  'app.update.enabled': false,
  'network.captive-portal-service.enabled': false,
  'network.connectivity-service.enabled': false,
  'intl.accept_languages': 'id-ID, id',
};

async function startFirefox() {
  const executablePath = oneOf(process.env.BILIK_FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox');
  const browser = await puppeteer.launch({
    browser: 'firefox',
    protocol: 'webDriverBiDi',
    executablePath,
    headless: true,
    defaultViewport: SIZE,
    extraPrefsFirefox: FIREFOX_PREFS,
  });
  const version = (await browser.version()).replace('firefox/', '');
  return { name: 'firefox', version, open, close: () => browser.close() };

  /** A user context keeps cache, storage and service workers of its own. @param {string} url */
  async function open(url) {
    const context = await browser.createBrowserContext();
    const page = await context.newPage();
    page.setDefaultTimeout(PATIENCE_MS);
    /** @type {string[]} */
    const trouble = [];
    page.on('pageerror', (error) => trouble.push(`uncaught: ${/** @type {Error} */ (error).message}`));
    page.on('console', (message) => message.type() === 'error' && trouble.push(message.text()));
    /** @type {Visit} */
    const visit = {
      trouble,
      goto: async (url) => void (await page.goto(url)),
      reload: async () => void (await page.reload()),
      evaluate: (work, ...args) => page.evaluate(inPage(work, args)),
      type: (selector, text) => keys(text, (line) => page.type(selector, line), () => page.keyboard.press('Enter')),
      click: (selector) => page.click(selector),
      text: (selector, patience) => soon(visit, selector, patience),
      screenshot: async () => Buffer.from(await page.screenshot({ fullPage: true })),
      close: () => context.close(),
    };
    return opened(visit, url);
  }
}

// --- WebKitGTK --------------------------------------------------------------------------------------------------------

async function startWebKit() {
  const { Builder, By, Capabilities, Key } = selenium;
  const driverPath = oneOf(process.env.BILIK_WEBKIT_DRIVER, '/usr/bin/WebKitWebDriver');
  const library = (version) => `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-${version}`;
  const binary = oneOf(...['4.1', '4.0'].map((version) => `${library(version)}/MiniBrowser`));
  // It has no headless mode. `-displayfd` has the X server choose a free display by itself and say which.
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  const display = await said(screen, 3, /^\d+\n/);
  const port = await freePort();
  // A group of its own, so that what the driver started can be ended with it.
  const driver = spawn(driverPath, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, DISPLAY: `:${display.trim()}`, NO_AT_BRIDGE: '1', GDK_BACKEND: 'x11' },
  });
  const endDriver = () => driver.pid && endGroup(driver.pid);
  process.once('exit', endDriver);
  process.once('exit', () => screen.kill('SIGKILL'));
  await listening(port, driver);

  const options = { binary, args: ['--automation'] };
  const capabilities = new Capabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options });
  const start = () => new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build();
  const probe = await start();
  const version = (await probe.getCapabilities()).get('browserVersion') ?? 'of unknown version';
  await probe.quit();
  return {
    name: 'webkit',
    version,
    open,
    async close() {
      endDriver();
      screen.kill('SIGTERM');
      await Promise.all([driver, screen].map(ended));
    },
  };

  /** A session under automation is a browser of its own that keeps nothing on the disk. @param {string} url */
  async function open(url) {
    const session = await start();
    await session.manage().setTimeouts({ script: PATIENCE_MS, pageLoad: PATIENCE_MS });
    const element = (selector) => session.findElement(By.css(selector));
    /** @type {Visit} */
    const visit = {
      trouble: [],
      goto: (url) => session.get(url),
      reload: () => session.navigate().refresh(),
      async evaluate(work, ...args) {
        const { value, error } = await session.executeAsyncScript(
          `const done = arguments[arguments.length - 1];
           const answer = Promise.resolve().then(() => ${inPage(work, args)});
           answer.then((value) => done({ value: value ?? null }), (error) => done({ error: String(error) }));`,
        );
        if (error) throw new Error(error);
        return value;
      },
      type: async (selector, text) => element(selector).sendKeys(text.replaceAll('\n', Key.ENTER)),
      click: (selector) => element(selector).click(),
      text: (selector, patience) => soon(visit, selector, patience),
      screenshot: async () => Buffer.from(await session.takeScreenshot(), 'base64'),
      close: () => session.quit(),
    };
    return opened(visit, url);
  }
}

// --- What they share --------------------------------------------------------------------------------------------------

/** The page, or none of it: a visit that cannot begin leaves no profile behind. @param {Visit} visit @param {string} url */
async function opened(visit, url) {
  try {
    await visit.goto(url);
    return visit;
  } catch (error) {
    await visit.close();
    throw error;
  }
}

/**
 * A call, written out. Each driver has its own idea of how to hand arguments over; JSON they all understand.
 * @param {Function} work
 * @param {any[]} args
 */
const inPage = (work, args) => `(${work})(${args.map((arg) => JSON.stringify(arg) ?? 'undefined').join(', ')})`;

/** Types the lines, with `enter` between them. */
async function keys(text, line, enter) {
  for (const [at, words] of text.split('\n').entries()) {
    if (at > 0) await enter();
    if (words) await line(words);
  }
}

/** The text of the first such element, once there is one that is shown. */
async function soon(visit, selector, patience = PATIENCE_MS) {
  const look = (selector) => {
    const found = document.querySelector(selector);
    return found?.getClientRects().length ? found.innerText : null;
  };
  const until = Date.now() + patience;
  for (;;) {
    // A page that is just being replaced cannot be asked.
    const text = await visit.evaluate(look, selector).catch(() => null);
    if (text !== null) return text;
    if (Date.now() > until) throw new Error(`no ${selector} after ${patience} ms; what is shown:\n${await shown(visit)}`);
    await new Promise((done) => setTimeout(done, 50));
  }
}

const shown = (visit) => visit.evaluate(() => document.body.innerText).catch(String);

function freePort() {
  return new Promise((done, failed) => {
    const server = net.createServer().on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => done(port));
    });
  });
}

/** Waits until something takes connections on that port. */
export async function listening(port, child) {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
    if (child.exitCode !== null) break;
    const taken = await new Promise((done) => {
      const socket = net.connect(port, '127.0.0.1', () => done(true)).on('error', () => done(false));
      socket.on('connect', () => socket.destroy());
    });
    if (taken) return;
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`${child.spawnfile} does not listen on port ${port} (status ${child.exitCode})`);
}

/** What a child says on a descriptor, as soon as it is like that. */
function said(child, descriptor, wanted) {
  return new Promise((done, failed) => {
    let text = '';
    child.on('error', failed).on('exit', (status) => failed(new Error(`${child.spawnfile} ended with ${status}: ${text}`)));
    child.stdio[descriptor].setEncoding('utf8').on('data', (more) => wanted.test((text += more)) && done(text));
  });
}

function endGroup(pid) {
  try {
    process.kill(-pid, 'SIGTERM');
  } catch {
    // It has ended already.
  }
}

/** Waits for a child's end. */
export const ended = (child) =>
  new Promise((done) => (child.exitCode === null && child.signalCode === null ? child.once('exit', done) : done(undefined)));
