/**
 * A driver's call may never return: WebKitGTK's browser can die while its driver lives. So each call is raced against the
 * browser's processes and a clock, and fails with the browser's name and the step.
 */
import { isRunning, pause } from './processes.mjs';

/** Longer than a driver's own limits (30 s), shorter than a minute. */
const CALL_LIMIT_MS = 55_000;
const CLOSE_LIMIT_MS = 10_000;
/** Once it is known to be lost, it is asked politely, and not for long. */
const LOST_CLOSE_LIMIT_MS = 2_000;
const LOOK_MS = 250;

/** The browser died, or does not answer: there is nothing to wait for. */
export class BrowserLost extends Error {
  name = 'BrowserLost';
}

export class Watch {
  #browser;
  #pids;
  #limit;
  #reported = false;
  /** @type {NodeJS.Timeout} */
  #timer;
  /** Those who wait for an answer. @type {Set<(how: string) => void>} */
  #waiting = new Set();

  /**
   * @param {string} browser its name
   * @param {number[]} pids the processes without which it is dead
   * @param {number} [limit] milliseconds for one call
   */
  constructor(browser, pids, limit = CALL_LIMIT_MS) {
    this.#browser = browser;
    this.#pids = pids;
    this.#limit = limit;
    this.#timer = setInterval(() => this.#isDead() && this.lost('died'), LOOK_MS).unref();
  }

  #isDead = () => !this.#pids.every(isRunning);

  /** Every call that waits fails now. @param {string} how */
  lost(how) {
    for (const fail of this.#waiting) fail(how);
  }

  /**
   * The result of a driver's call.
   * @template T
   * @param {string} step for the failure's message; holds nothing that was typed
   * @param {() => Promise<T>} work
   * @param {number} [limit]
   * @returns {Promise<T>}
   */
  async call(step, work, limit = this.#limit) {
    const failure = (how, cause) => new BrowserLost(`${this.#browser} ${how} during ${step}`, { cause });
    /** @type {(how: string) => void} */
    let fail = () => {};
    /** @type {Promise<never>} */
    const lost = new Promise((_, failed) => (fail = (how) => failed(failure(how))));
    const timer = setTimeout(() => fail(`did not answer for ${limit / 1_000} s`), limit);
    this.#waiting.add(fail);
    try {
      if (this.#isDead()) fail('died');
      return await Promise.race([lost, work()]);
    } catch (error) {
      throw await this.#named(error, step);
    } finally {
      clearTimeout(timer);
      this.#waiting.delete(fail);
    }
  }

  /** A driver's error says neither which browser nor, often, what was asked of it. */
  async #named(error, step) {
    // The driver may notice before the processes are gone.
    if (!(error instanceof BrowserLost)) await pause(50);
    const named = `${this.#browser} ${this.#isDead() ? 'died' : 'failed'} during ${step}`;
    if (this.#isDead() && !(error instanceof BrowserLost)) error = new BrowserLost(named, { cause: error });
    if (error instanceof BrowserLost) this.#reported = true;
    else error.message = `${named}: ${error.message}`;
    return error;
  }

  /**
   * Closes something of the browser's. A loss that an earlier call has failed with is not told a second time, since that would
   * hide the first failure.
   * @param {() => Promise<unknown>} work
   * @param {() => unknown} kill what to do if it does not close
   */
  async close(work, kill) {
    const isKnown = this.#reported;
    try {
      await this.call('close', work, isKnown ? LOST_CLOSE_LIMIT_MS : CLOSE_LIMIT_MS);
    } catch (error) {
      await kill();
      if (!isKnown) throw error;
    }
  }

  /**
   * Closes the browser on purpose: its end does not count as a loss from now on.
   * @param {() => Promise<unknown>} work
   * @param {() => unknown} kill what to do if it does not end
   */
  async end(work, kill) {
    const isLoss = this.#isDead() && !this.#reported;
    this.stop();
    this.#pids = [];
    await this.close(work, kill);
    if (isLoss) throw new BrowserLost(`${this.#browser} died before it was closed`);
  }

  stop = () => clearInterval(this.#timer);
}
