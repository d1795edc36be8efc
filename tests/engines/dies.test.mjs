/** A browser that dies or hangs in the middle of a visit is a failure with its name and the step, within a minute. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import http from 'node:http';
import { promisify } from 'node:util';
import { after, before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';
import { childrenOf, isRunning, membersOf, pause, signal } from './processes.mjs';

const MINUTE_MS = 60_000;
/** How long a call is under way before something happens to its browser. */
const UNDER_WAY_MS = 500;

const server = http.createServer((_, response) => {
  response.setHeader('content-type', 'text/html').end('<!doctype html><title>Halo</title><h1>Halo</h1>');
});
let url;
before(async () => {
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  url = `http://127.0.0.1:${server.address().port}/`;
});
after(() => {
  server.closeAllConnections();
  server.close();
});

/**
 * Opens a page, has something happen to the browser while a call waits for an answer, and gives that call's failure. Fails if
 * that takes more than a minute, or if anything that was started still runs afterwards.
 * @param {import('./engines.mjs').Engine} engine
 * @param {(visit: import('./engines.mjs').Visit) => Promise<unknown>} call never answers while its browser runs
 * @param {(engine: import('./engines.mjs').Engine) => void} happen
 */
async function failure(engine, call, happen) {
  /** @type {number[]} */
  let pids = [];
  let message = '';
  try {
    const visit = await engine.open(url);
    pids = engine.pids();
    const failed = call(visit).then(
      () => 'it answered',
      (error) => error.message,
    );
    await pause(UNDER_WAY_MS);
    happen(engine);
    const hung = new Promise((done) => setTimeout(() => done('it hung for a minute'), MINUTE_MS).unref());
    message = await Promise.race([failed, hung]);
    await visit.close();
  } finally {
    await engine.close();
  }
  await pause(UNDER_WAY_MS);
  assert.deepEqual(pids.filter(isRunning), [], 'left running');
  assert.deepEqual(pids.flatMap(membersOf), [], 'left running in its group');
  return message;
}

const forever = (visit) => visit.evaluate(() => new Promise(() => {}));
const kill = (engine) => browserOf(engine).forEach((pid) => signal(pid, 'SIGKILL'));
/** Of WebKit the first process is the driver's. @param {import('./engines.mjs').Engine} engine */
const browserOf = (engine) => (engine.name === 'webkit' ? engine.pids().slice(1) : engine.pids());

for (const [name, start] of Object.entries(ENGINES)) {
  test(`${name} is killed while a script runs`, async () => {
    assert.equal(await failure(await start(), forever, kill), `${name} died during evaluate`);
  });

  test(`${name} is killed while a text is waited for`, async () => {
    const wait = (visit) => visit.text('#never', 2 * MINUTE_MS);
    assert.equal(await failure(await start(), wait, kill), `${name} died during waiting for #never`);
  });

  test(`${name} does not answer any more`, async () => {
    const stop = (engine) => browserOf(engine).forEach((pid) => signal(pid, 'SIGSTOP'));
    assert.equal(
      await failure(await start({ limit: 10_000 }), forever, stop),
      `${name} did not answer for 10 s during evaluate`,
    );
  });
}

test('webkit is killed, and its driver never says so', async () => {
  const engine = await ENGINES.webkit();
  const both = (engine) => {
    signal(engine.pids()[0], 'SIGSTOP');
    kill(engine);
  };
  assert.equal(await failure(engine, forever, both), 'webkit died during evaluate');
});

test('webkit is killed, and the next visit has a new one', async () => {
  const engine = await ENGINES.webkit();
  try {
    const visit = await engine.open(url);
    kill(engine);
    await assert.rejects(forever(visit), /^BrowserLost: webkit died during evaluate$/);
    await visit.close();
    const next = await engine.open(url);
    assert.equal(await next.text('h1'), 'Halo');
    await next.close();
  } finally {
    await engine.close();
  }
});

for (const [name, start] of Object.entries(ENGINES)) {
  test(`${name}: the process that draws the page is killed`, async () => {
    const drawing = (engine) => {
      const content = browserOf(engine).flatMap(descendantsOf).filter(isContent);
      assert.ok(content.length, 'there is such a process');
      content.forEach((pid) => signal(pid, 'SIGKILL'));
    };
    const message = await failure(await start({ limit: 10_000 }), forever, drawing);
    assert.match(message, new RegExp(`^${name} (lost its page|did not answer for 10 s|failed) during evaluate`));
  });
}

test('chromium is killed under a test of tests/browser', async () => {
  const script = `
    import { open } from '${beside('../browser/stage.mjs')}';
    import { test } from '${beside('../limits.mjs')}';
    import { childrenOf, signal } from '${beside('./processes.mjs')}';
    test('somebody asks', async () => {
      const page = await open('about:blank');
      setTimeout(() => childrenOf(process.pid).forEach((pid) => signal(pid, 'SIGKILL')), ${UNDER_WAY_MS});
      await page.evaluate(() => new Promise(() => {}));
    });`;
  // By this variable node's runner would take it for one of its own.
  const env = { ...process.env, NODE_TEST_CONTEXT: undefined };
  const run = promisify(execFile)(process.execPath, ['--input-type=module', '--eval', script], { timeout: MINUTE_MS, env });
  const { code, stdout } = await run.catch((error) => error);
  assert.equal(code, 1);
  assert.match(stdout, /error: 'chromium died during "somebody asks"'/);
});

/** @param {string} path */
const beside = (path) => new URL(path, import.meta.url).href;

/** @param {number} pid @returns {number[]} */
const descendantsOf = (pid) => childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);
/** By the command lines of the three: `--type=renderer`, `-contentproc … tab`, `WebKitWebProcess`. @param {number} pid */
const isContent = (pid) =>
  /--type=renderer|-contentproc.*\btab\b|WebKitWebProcess/.test(
    readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' '),
  );
