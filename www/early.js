/**
 * Asks for what the app needs next, beside app.js, and keeps what is pressed before that has come. The build puts this into the
 * page itself: it then takes no request, and nothing waits for it. WebKit fetches twice what a preload link names. Older
 * browsers stop here as they do in app.js, and then the page says whom to ask.
 */
// A block, since names of this script are the whole page's.
{
  /** By address: limits.js takes each answer once. @type {Record<string, Promise<Response>>} */
  const early = {};
  /** @type {any} */ (self).bilikEarly = early;
  for (const file of ['worker.js', 'pkg/bilik_bg.wasm']) {
    // app.js comes first, since the form is usable without the rest. Without credentials it has a connection of its own for as
    // long as another one is opened for these, which is then there for the data.
    const request = new Request(file, { credentials: 'omit', priority: 'low' });
    (early[request.url] = fetch(request)).catch(() => {});
  }
  // The last button that was pressed before the app was there, which begins with it.
  self.onclick = ({ target }) => {
    /** @type {any} */ (self).bilikPressed = /** @type {Element} */ (target).closest('button');
  };
}
