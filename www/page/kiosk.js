/**
 * A screen that many people use (`?kiosk`): big type, no way out of the page, nothing kept on the device, and nothing left of a person
 * once the screen was not touched for a minute, or somebody presses "New search".
 */
import { GuestHost } from './guest-host.js';
import { button, fill, h } from './kit.js';
import en from '../i18n/en.json' with { type: 'json' };
import id from '../i18n/id.json' with { type: 'json' };
import jv from '../i18n/jv.json' with { type: 'json' };
import su from '../i18n/su.json' with { type: 'json' };

const IDLE_S = 60;
/** So long before the end a screen reader is told, once. */
const WARNING_S = 20;
const TICK_MS = 500;

const RULES = [
  'html { font-size: clamp(115%, 1.9vw, 200%); scroll-padding: 4.5rem 0 8rem; }',
  'main { padding-bottom: 9rem; }',
  // Ways out of the page.
  '.site, .directions, a.privacy, .paper { display: none !important; }',
  // Of the ways to take a station along, the last one is paper. The others keep it on the device, or send it.
  '.station + .actions > :not(:last-child) { display: none !important; }',
  '#kiosk .card { max-width: 44rem; border-color: var(--bilik-accent); font-size: 1.125rem; }',
  '#kiosk span { flex: 1; }',
  '#kiosk button { padding-inline: .9rem; white-space: nowrap; }',
];

const NO_CACHES = "Object.defineProperty(self, 'caches', { value: undefined });\n";

/** @type {Record<string, Record<string, string>>} */
const WORDS = { id, jv, su, en };
/** @param {string} key */
const t = (key, seconds = 0) =>
  (WORDS[document.documentElement.lang]?.[key] ?? /** @type {Record<string, string>} */ (id)[key] ?? key).replace(
    '{seconds}',
    String(seconds),
  );

/** @param {string} id */
const byId = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/** To the answer, where there is one: what stands above it has been read. */
export function toAnswer() {
  if (byId('answer').hidden) scrollTo(0, 0);
  else byId('answer').scrollIntoView();
}

class KioskHost extends GuestHost {
  forgets = true;
}

/** The module then keeps no file on the device, wherever it runs. */
function keepNothing() {
  Object.defineProperty(self, 'caches', { value: undefined });
  const { fetch: request } = self;
  const early = /** @type {any} */ (self).bilikEarly ?? {};
  for (const url of Object.keys(early)) if (url.endsWith('/worker.js')) delete early[url];
  self.fetch = async (url, init) => {
    const response = await request(url, init);
    if (!response.ok || !String(url).endsWith('/worker.js')) return response;
    return new Response(new Blob([NO_CACHES, await response.blob()]));
  };
}

/** A link that leaves the page is text. */
function disarmLinks() {
  const disarm = () => {
    for (const link of document.querySelectorAll('a[href]:not([href^="#"])')) link.removeAttribute('href');
  };
  new MutationObserver(disarm).observe(document.body, {
    subtree: true,
    childList: true,
    attributes: true,
    attributeFilter: ['href'],
  });
  disarm();
}

/** Whether anything of a person is on the screen. */
const isUsed = () =>
  !byId('answer').hidden ||
  [.../** @type {NodeListOf<HTMLInputElement>} */ (document.querySelectorAll('form input'))].some(({ type, checked, value }) =>
    type === 'radio' ? checked : value,
  );

/**
 * @param {(host: Host) => { ready: Promise<void> }} start starts the app in that host
 * @param {string} [base] the address of the site
 */
export function startKiosk(start, base = document.baseURI) {
  keepNothing();
  for (const rule of RULES) document.styleSheets[0]?.insertRule(rule, document.styleSheets[0].cssRules.length);
  disarmLinks();
  const lang = new URLSearchParams(location.search).get('lang');
  const host = new KioskHost({ html: document.documentElement, base, lang, toTop: toAnswer });
  const { ready } = start(host);

  const menu = /** @type {HTMLSelectElement} */ (byId('lang'));
  // That of the next person, whatever this one chooses.
  let language = menu.value;
  ready.then(
    () => (language = menu.value),
    () => {},
  );
  const left = h('span', { 'aria-hidden': true });
  const again = button('', () => forget());
  const bar = h('div', { class: 'dock', id: 'kiosk', hidden: true }, h('div', { class: 'card' }, left, again));
  byId('progress').before(bar);

  let touched = Date.now();
  let isWarned = false;
  const touch = () => {
    touched = Date.now();
    isWarned = false;
  };
  for (const type of ['pointerdown', 'keydown', 'input', 'scroll', 'wheel']) {
    addEventListener(type, touch, { capture: true, passive: true });
  }
  /** @param {string} text */
  const announce = (text) => fill(byId('status'), text);

  function forget() {
    host.hash = '';
    host.dispatchEvent(new Event('leave'));
    if (menu.value !== language) {
      menu.value = language;
      menu.dispatchEvent(new Event('change'));
    }
    bar.hidden = true;
    host.toTop();
    byId('title').focus({ preventScroll: true });
    announce(t('kiosk.cleared'));
  }

  setInterval(() => {
    // A search may take longer than this on an old device.
    const isBusy = !byId('progress').hidden;
    const seconds = Math.ceil(IDLE_S - (Date.now() - touched) / 1000);
    if (!isUsed() || isBusy || seconds > IDLE_S) touch();
    else if (seconds <= 0) return forget();
    bar.hidden = !isUsed() || isBusy;
    left.textContent = t('kiosk.left', Math.min(IDLE_S, seconds));
    again.textContent = t('kiosk.new');
    if (!bar.hidden && seconds <= WARNING_S && !isWarned) {
      isWarned = true;
      announce(t('kiosk.soon', seconds));
    }
  }, TICK_MS);
}
