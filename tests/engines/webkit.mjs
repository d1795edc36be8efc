/** WebKitGTK by selenium. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { PATIENCE_MS, inPage, visited } from './driving.mjs';
import { childrenOf, endGroup, ended, firstOf, freePort, listening, signal, written } from './processes.mjs';
import { Watch } from './watch.mjs';

const selenium = createRequire(new URL('../browser/package.json', import.meta.url))('selenium-webdriver');
const { Builder, By, Capabilities, Key } = selenium;

/** @param {{ limit?: number }} [options] @returns {Promise<import('./engines.mjs').Engine>} */
export async function startWebKit({ limit } = {}) {
  const driverPath = firstOf(process.env.BILIK_WEBKIT_DRIVER, '/usr/bin/WebKitWebDriver');
  const library = (version) => `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-${version}`;
  const binary = firstOf(...['4.1', '4.0'].map((version) => `${library(version)}/MiniBrowser`));
  // It has no headless mode. `-displayfd` has the X server choose a free display by itself and say which.
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
  });
  /** @type {import('node:child_process').ChildProcess | undefined} */
  let driver;
  const killAll = () => {
    screen.kill('SIGKILL');
    if (driver?.pid) signal(-driver.pid, 'SIGKILL');
  };
  process.once('exit', killAll);
  const display = await written(screen, 3, /^\d+\n/);
  const port = await freePort();
  // A group of its own, so that what the driver started can be ended with it.
  driver = spawn(driverPath, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, DISPLAY: `:${display.trim()}`, NO_AT_BRIDGE: '1', GDK_BACKEND: 'x11' },
  });
  await listening(port, driver);

  const starting = new Watch('webkit', [driver.pid, screen.pid], limit);
  const options = { binary, args: ['--automation'] };
  const capabilities = new Capabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options });
  const start = () =>
    starting.call('a new session', () => new Builder().usingServer(`http://127.0.0.1:${port}`).withCapabilities(capabilities).build());
  const probe = await start();
  const version = (await starting.call('version', () => probe.getCapabilities())).get('browserVersion') ?? 'of unknown version';
  await starting.call('close', () => probe.quit());
  return { name: 'webkit', version, pids: () => [driver.pid, ...childrenOf(driver.pid)], open, close };

  async function close() {
    starting.stop();
    if (driver.pid) await endGroup(driver.pid);
    screen.kill('SIGTERM');
    await Promise.all([driver, screen].map(ended));
    process.removeListener('exit', killAll);
  }

  /** A session under automation is a browser of its own that keeps nothing on the disk. @param {string} url */
  async function open(url) {
    const others = childrenOf(driver.pid);
    const session = await start();
    const browsers = childrenOf(driver.pid).filter((pid) => !others.includes(pid));
    const watch = new Watch('webkit', [driver.pid, screen.pid, ...browsers], limit);
    const element = (selector) => session.findElement(By.css(selector));
    const driven = {
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
      screenshot: async () => Buffer.from(await session.takeScreenshot(), 'base64'),
    };
    const quit = async () => {
      // The driver has one session at a time, and keeps that of a dead browser until it is told to end it.
      await watch.close(() => session.quit(), () => browsers.forEach((pid) => signal(pid, 'SIGKILL')));
      watch.stop();
    };
    try {
      await watch.call('timeouts', () => session.manage().setTimeouts({ script: PATIENCE_MS, pageLoad: PATIENCE_MS }));
    } catch (error) {
      await quit();
      throw error;
    }
    return visited(watch, driven, quit, url);
  }
}
