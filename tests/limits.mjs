/**
 * node's test runner with a time limit for every test and hook: without one, a call that never returns hangs the run. Tests
 * import `test`, `before` and `after` from here.
 */
import nodeTest, { after as nodeAfter, before as nodeBefore } from 'node:test';

/** Many times what a test takes on a quiet machine with two cores. */
const TEST_LIMIT_MS = 180_000;
/** A hook may wait for a release build; a test with parts takes as long as they do together. */
const LONG_LIMIT_MS = 1_200_000;

const END_LIMIT_MS = 5_000;

/** Options of a test with parts, and of each part, which would otherwise have as long as the whole. */
export const WHOLE = { timeout: LONG_LIMIT_MS };
export const PART = { timeout: TEST_LIMIT_MS };

/** The tests that run now: how each of them fails. @type {Set<(what: string) => void>} */
const running = new Set();

/** Fails the tests that run now: a browser died, and what they wait for may never come. @param {string} what it was */
export function lost(what) {
  console.error(what);
  for (const fail of running) fail(what);
}

/** @type {(() => Promise<unknown>)[]} */
const endings = [];

/** What to end before the process is ended by a signal: at a limit, or by Ctrl-C. Handlers of `exit` run after it. */
export const whenBrokenOff = (end) => endings.push(end);
for (const name of ['SIGINT', 'SIGTERM']) {
  process.once(name, () => {
    const late = new Promise((done) => setTimeout(done, END_LIMIT_MS));
    void Promise.race([Promise.allSettled(endings.map((end) => end())), late]).then(() => process.exit(1));
  });
}

/**
 * @param {string} name
 * @param {...any} rest options as node's `test` has them, and the function
 */
export function test(name, ...rest) {
  const work = rest.at(-1);
  const options = rest.length > 1 ? rest[0] : {};
  return nodeTest(name, { ...PART, ...options }, async (t) => {
    /** @type {(what: string) => void} */
    let fail = () => {};
    /** @type {Promise<never>} */
    const failed = new Promise((_, reject) => (fail = (what) => reject(new Error(`${what} during "${name}"`))));
    running.add(fail);
    try {
      await Promise.race([work(t), failed]);
    } finally {
      running.delete(fail);
    }
  });
}

/** @param {() => unknown} work */
export const before = (work) => nodeBefore(work, WHOLE);
/** @param {() => unknown} work */
export const after = (work) => nodeAfter(work, PART);
