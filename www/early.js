/**
 * Asks for what the app needs next, beside app.js. The build puts this into the page itself: it then takes no request, and
 * nothing waits for it. WebKit fetches twice what a preload link names. Older browsers read this, too.
 */
if ('fetch' in self) {
  /** By address: limits.js takes each answer once. @type {Record<string, Promise<Response>>} */
  const early = {};
  /** @type {any} */ (self).bilikEarly = early;
  for (const file of ['worker.js', 'pkg/bilik_bg.wasm']) {
    const url = new URL(file, document.baseURI).href;
    // app.js comes first, since the form is usable without the rest. Without credentials it has a connection of its own for as
    // long as another one is opened for these, which is then there for the data.
    early[url] = fetch(url, { credentials: 'omit', priority: 'low' });
    early[url].catch(() => {});
  }
}
