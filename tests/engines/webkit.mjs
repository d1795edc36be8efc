/** WebKitGTK by selenium. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { PATIENCE_MS, inPage, visited } from './driving.mjs';
import { childrenOf, endGroup, firstOf, freePort, listening, signal, written } from './processes.mjs';
import { Watch } from './watch.mjs';

const selenium = createRequire(new URL('../browser/package.json', import.meta.url))('selenium-webdriver');
const { Builder, By, Capabilities, Key } = selenium;

/** A session starts in two seconds; twice this is still within a minute. */
const START_LIMIT_MS = 25_000;
const TRIES = 2;

/** @param {{ limit?: number }} [options] @returns {Promise<import('./engines.mjs').Engine>} */
export async function startWebKit({ limit } = {}) {
  const library = (version) => `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/webkit2gtk-${version}`;
  const binary = firstOf(...['4.1', '4.0'].map((version) => `${library(version)}/MiniBrowser`));
  /** @type {import('node:child_process').ChildProcess[]} */
  const started = [];
  const killAll = () => started.forEach(({ pid }) => pid && signal(-pid, 'SIGKILL'));
  process.once('exit', killAll);
  // It has no headless mode. `-displayfd` has the X server choose a free display by itself and say which.
  const screen = spawn('Xvfb', ['-displayfd', '3', '-screen', '0', '1024x1024x24', '-nolisten', 'tcp'], {
    stdio: ['ignore', 'ignore', 'ignore', 'pipe'],
    detached: true,
  });
  started.push(screen);
  const display = (await written(screen, 3, /^\d+\n/)).trim();
  let { driver, url } = await startDriver(display);
  started.push(driver);

  const options = { binary, args: ['--automation'] };
  const capabilities = new Capabilities({ browserName: 'MiniBrowser', 'webkitgtk:browserOptions': options });
  const build = (begun) => {
    const how = new Capabilities(capabilities).setPageLoadStrategy(begun ? 'none' : 'normal');
    return new Builder().usingServer(url).withCapabilities(how).build();
  };
  /** The driver has one session at a time, and keeps that of a dead browser until it is told to end it. */
  const quit = ({ session, browsers, watch }) =>
    watch.end(
      () => session.quit(),
      () => browsers.forEach((pid) => signal(pid, 'SIGKILL')),
    );
  const probe = await start();
  const version = (await probe.watch.call('version', () => probe.session.getCapabilities())).get('browserVersion');
  await quit(probe);
  return {
    name: 'webkit',
    version: version ?? 'of unknown version',
    pids: () => [driver.pid, ...childrenOf(driver.pid)],
    open,
    close,
  };

  async function close() {
    for (const { pid } of started.reverse()) if (pid) await endGroup(pid);
    process.removeListener('exit', killAll);
  }

  /** On a busy machine a browser may not come up, and its driver then takes no other session: both are started anew. */
  async function start(tries = TRIES, begun = false) {
    const watch = new Watch('webkit', [driver.pid, screen.pid], START_LIMIT_MS);
    const others = childrenOf(driver.pid);
    try {
      const session = await watch.call('a new session', () => build(begun));
      const browsers = childrenOf(driver.pid).filter((pid) => !others.includes(pid));
      return { session, browsers, watch: new Watch('webkit', [driver.pid, screen.pid, ...browsers], limit) };
    } catch (error) {
      if (tries === 1) throw error;
    } finally {
      watch.stop();
    }
    await endGroup(driver.pid);
    ({ driver, url } = await startDriver(display));
    started.push(driver);
    return start(tries - 1, begun);
  }

  /** A session under automation is a browser of its own that keeps nothing on the disk. @param {string} url @param {{ begun?: boolean }} [how] */
  async function open(url, { begun } = {}) {
    const started = await start(TRIES, begun);
    const { session, watch } = started;
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
    try {
      await watch.call('timeouts', () => session.manage().setTimeouts({ script: PATIENCE_MS, pageLoad: PATIENCE_MS }));
    } catch (error) {
      await quit(started);
      throw error;
    }
    return visited(watch, driven, () => quit(started), url);
  }
}

/** In a group of its own, so that what the driver starts can be ended with it. @param {string} display */
async function startDriver(display) {
  const path = firstOf(process.env.BILIK_WEBKIT_DRIVER, '/usr/bin/WebKitWebDriver');
  const port = await freePort();
  const driver = spawn(path, [`--port=${port}`, '--host=127.0.0.1'], {
    stdio: 'ignore',
    detached: true,
    env: { ...process.env, DISPLAY: `:${display}`, NO_AT_BRIDGE: '1', GDK_BACKEND: 'x11' },
  });
  await listening(port, driver);
  return { driver, url: `http://127.0.0.1:${port}` };
}
