/// <reference path="types.d.ts" />
/** The page's scripts in one file. It starts the app on a page of its own; embed.js and embed-inline.js start it elsewhere. */
import { createApp } from './page/app.js';
import { readConfig } from './page/config.js';
import { PageHost } from './page/host.js';
import { loadLater } from './page/load-later.js';
import { assetUrl } from './assets.js';
import { importWithin } from './limits.js';

export * from './page/kit.js';
export { createApp, PageHost, readConfig };
export { Retry } from './page/retry.js';

if (document.documentElement.dataset.app === 'page') {
  const config = readConfig(document, document.baseURI);
  /** @param {Host} host */
  const start = (host) => createApp({ root: document, config, host });
  if (/[?&]kiosk/.test(location.search)) {
    // Where it does not come, the page says whom to ask: a screen that remembers must not pass for one that forgets.
    importWithin(assetUrl('kiosk.js')).then(({ startKiosk }) => startKiosk(start));
  } else if (window === top) start(new PageHost());
  else loadLater().then(({ guestOfDocument }) => start(guestOfDocument()));
}
