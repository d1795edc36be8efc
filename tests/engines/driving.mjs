/** What the three drivers share. */
import { BrowserLost } from './watch.mjs';
import { pause } from './processes.mjs';

/** How long a page may take to load or to show something: nothing passes because of it. */
export const PATIENCE_MS = 30_000;
export const SIZE = { width: 360, height: 740 };

/**
 * What a driver can do, without limits: a {@link import('./engines.mjs').Visit} but for `text`, which is the same in all three.
 * @typedef {Omit<import('./engines.mjs').Visit, 'text' | 'close'>} Driven
 */

/**
 * A visit of which each call is watched. A visit that cannot begin leaves no profile behind.
 * @param {import('./watch.mjs').Watch} watch
 * @param {Driven} driven
 * @param {() => Promise<void>} close
 * @param {string} url
 * @returns {Promise<import('./engines.mjs').Visit>}
 */
export async function visited(watch, driven, close, url) {
  const visit = {
    trouble: driven.trouble,
    goto: (url) => watch.call(`goto ${url}`, () => driven.goto(url)),
    reload: () => watch.call('reload', () => driven.reload()),
    evaluate: (work, ...args) => watch.call('evaluate', () => driven.evaluate(work, ...args)),
    type: (selector, text) => watch.call(`type into ${selector}`, () => driven.type(selector, text)),
    click: (selector) => watch.call(`click ${selector}`, () => driven.click(selector)),
    text: (selector, patience) => shownText(watch, driven, selector, patience),
    screenshot: () => watch.call('screenshot', () => driven.screenshot()),
    close,
  };
  try {
    await visit.goto(url);
    return visit;
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * A call, written out. Each driver has its own idea of how to hand arguments over; JSON they all understand.
 * @param {Function} work
 * @param {any[]} args
 */
export const inPage = (work, args) => `(${work})(${args.map((arg) => JSON.stringify(arg) ?? 'undefined').join(', ')})`;

/** Types the lines, with `enter` between them. */
export async function keys(text, line, enter) {
  for (const [at, words] of text.split('\n').entries()) {
    if (at > 0) await enter();
    if (words) await line(words);
  }
}

/** The text of the first such element, once there is one that is shown. */
async function shownText(watch, driven, selector, patience = PATIENCE_MS) {
  const look = (selector) => {
    const found = document.querySelector(selector);
    return found?.getClientRects().length ? found.innerText : null;
  };
  const ask = (work, ...args) => watch.call(`waiting for ${selector}`, () => driven.evaluate(work, ...args));
  const until = Date.now() + patience;
  for (;;) {
    // A page that is just being replaced cannot be asked.
    const text = await ask(look, selector).catch(orLost);
    if (text !== null) return text;
    if (Date.now() > until) {
      const shown = await ask(() => document.body.innerText).catch(orLost);
      throw new Error(`no ${selector} after ${patience} ms; what is shown:\n${shown}`);
    }
    await pause(50);
  }
}

/** No answer, unless there will never be one. */
function orLost(error) {
  if (error instanceof BrowserLost) throw error;
  return null;
}
