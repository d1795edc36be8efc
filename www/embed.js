/**
 * The page in a frame of somebody else's page: looks as that page asks, refuses to stand for another election or key, and
 * says when it is ready and when it is first touched. Of what is typed and answered it says nothing to anybody.
 */
import { tellWhatMayBeBlocked } from './embed/blocked.js';
import { applyTheme } from './embed/theme.js';
import { keepProgressVisible, toVisibleTop } from './embed/view.js';
import { importWithin } from './limits.js';
import { GuestHost } from './page/guest-host.js';

const html = document.documentElement;
/** `<bilik-lookup>` asks behind the #, which no host can log; a plain frame in its query, which editors know how to write. */
const asked = new URLSearchParams(location.hash.slice(1) || location.search);
const host = originOf(asked.get('host'));

/** @param {string | null} url */
function originOf(url) {
  try {
    return url && new URL(url).origin === url ? url : undefined;
  } catch {
    return undefined;
  }
}

/** To the page that made this frame and no other; were it another, the browser would not deliver it. @param {string} message */
function send(message) {
  if (host && parent !== window) parent.postMessage({ bilik: message }, host);
}

/** @type {(text?: string | null) => string[]} */
const words = (text) => text?.match(/\S+/g) ?? [];
/** @param {string} name */
const published = (name) => words(document.querySelector(`meta[name=bilik-${name}]`)?.getAttribute('content'));

/** @type {Record<string, unknown>} */
let theme = Object.fromEntries(asked);
const paint = () => applyTheme(html, document.styleSheets, theme);

/** The page's election is the site's, and so is one of the keys that it names: while keys change, a new one stands beside an old one. */
const agrees = ['election', 'public-key'].every((name) => {
  const named = words(asked.get(name));
  return !named.length || named.some((word) => published(name).includes(word));
});

async function start() {
  for (const link of document.querySelectorAll('[data-site]')) link.textContent = `${location.host} ↗`;
  paint();
  if (!agrees) {
    html.dataset.embed = 'refused';
    return send('refused');
  }
  // The app reads its language there. Without an entry in a history that is the other page's, too.
  const lang = asked.get('lang');
  history.replaceState(null, '', `${location.pathname}${lang ? `?${new URLSearchParams({ lang })}` : ''}`);
  /** @type {typeof import('./app.js')} */
  const { createApp, PageHost, readConfig } = await importWithin(new URL('app.js', import.meta.url).href);
  const config = readConfig(document, document.baseURI);
  const isFrame = parent !== window;
  const guest = () => new GuestHost({ html, base: document.baseURI, lang, toTop: toVisibleTop });
  keepProgressVisible();
  if (isFrame) tellWhatMayBeBlocked();
  await createApp({ root: document, config, host: isFrame ? guest() : new PageHost() }).ready;
  send('ready');
}

addEventListener('message', ({ source, origin, data }) => {
  if (source !== parent || !host || origin !== host || data?.bilik !== 'look') return;
  theme = data;
  paint();
});
// What can be read depends on the device's scheme, of which a plain frame hears from nobody else.
matchMedia('(prefers-color-scheme: dark)').addEventListener('change', paint);
// The page sees for itself that the focus is in here; this says nothing more.
addEventListener('focusin', () => send('touched'), { once: true });

send('alive');
start().catch(() => send('failed'));
