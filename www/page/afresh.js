/** Reloads the app as its origin has it now, past what this device keeps of it. */
import { within } from './kit.js';

/** @template T @param {() => Promise<T>} action @param {'storage' | 'reload'} [limit] */
const attempt = (action, limit = 'storage') => within(limit, action()).catch(() => undefined);

/** @param {string} base the address of the site */
export async function reloadAfresh(base) {
  const { href, pathname } = new URL('./', base);
  // Where the origin is out of reach, what is kept is all there is.
  if ((await attempt(() => fetch(href, { method: 'HEAD', cache: 'no-store' }), 'reload'))?.ok) {
    await attempt(async () => (await navigator.serviceWorker.getRegistration(href))?.unregister());
    await attempt(async () => {
      // The names in sw.js. There is no space in a path.
      const names = (await caches.keys()).filter((name) => name.startsWith(`bilik-app-${pathname} `));
      await Promise.all(names.map((name) => caches.delete(name)));
    });
  }
  location.reload();
}
