/**
 * Three engines behind one small interface: Chromium, Firefox and WebKitGTK, each by the driver that can do it.
 * `ENGINES[name]()` gives an {@link Engine}; its `open` gives a {@link Visit} in a profile that nothing was kept in before.
 * Whatever is started here ends with `engine.close()`, or with the process. Every call has a limit, and fails with the
 * browser's name and the step if the browser dies: see watch.mjs.
 *
 * @typedef {object} Engine
 * @property {string} name
 * @property {string} version
 * @property {(url: string, how?: { begun?: boolean }) => Promise<Visit>} open a fresh profile on that page, once it has loaded; or,
 *   `begun`, once it has begun to, for a page that may never load
 * @property {() => number[]} pids processes without which it is dead; of WebKit also the driver's
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
import { startChromium } from './chromium.mjs';
import { startFirefox } from './firefox.mjs';
import { startWebKit } from './webkit.mjs';

/** `limit` is how many milliseconds one call may take. @type {Record<string, (options?: { limit?: number }) => Promise<Engine>>} */
export const ENGINES = { chromium: startChromium, firefox: startFirefox, webkit: startWebKit };
