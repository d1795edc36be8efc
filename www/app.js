/// <reference path="types.d.ts" />
/** The page's scripts in one file. It starts the app on a page of its own; embed.js and embed-inline.js start it elsewhere. */
import { createApp } from './page/app.js';
import { readConfig } from './page/config.js';
import { hostOfDocument } from './page/host.js';

export * from './page/kit.js';
export { createApp, hostOfDocument, readConfig };
export { GuestHost } from './page/host.js';
export { Retry } from './page/retry.js';

if (document.documentElement.dataset.app === 'page') {
  const config = readConfig(document, document.baseURI);
  createApp({ root: document, config, host: hostOfDocument() });
}
