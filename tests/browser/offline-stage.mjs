/** What a device keeps: the app itself, and what is in the caches. */

/** Waits until the app itself is kept on the device. */
export const kept = (page) => page.evaluate(async () => void (await navigator.serviceWorker.ready));

/** The names of caches, and all their keys. */
export const stored = (page) =>
  page.evaluate(async () => {
    const names = await caches.keys();
    const keys = await Promise.all(names.map(async (name) => (await (await caches.open(name)).keys()).map(({ url }) => url)));
    return { names, keys: keys.flat() };
  });
