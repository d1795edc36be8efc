/**
 * `<bilik-lookup inline>`: the app itself in the element's shadow root, for a page whose owner is the operator, since every
 * script of that page can read what is typed. The app is there once in a document, so a second such element gets a frame.
 */
import { dress } from './embed-look.js';
import { place } from './embed-place.js';

const HERE = new URL('.', import.meta.url).href;

/** @typedef {HTMLElement & { mirrors: string, publicKey: string, threshold: number, election: string, theme: string, inline: boolean }} Lookup */

/** The element that has the app, and what it is made of. @type {{ element: Lookup, parts: Element[] } | undefined} */
let guest;

/**
 * Moves in; false where another element has the app.
 * @param {Lookup} element
 * @param {HTMLElement} box
 * @param {() => Record<string, string>} look
 */
export async function inline(element, box, look) {
  if (guest && guest.element !== element && guest.element.isConnected) return false;
  const before = guest;
  guest = { element, parts: before?.parts ?? [] };
  place.root = /** @type {ShadowRoot} */ (box.getRootNode());
  if (before?.parts.length) {
    box.append(...before.parts);
    return true;
  }
  try {
    await start(element, box, look());
    return true;
  } catch (error) {
    for (const part of guest.parts) part.remove();
    guest = undefined;
    console.error('bilik-lookup inline:', error);
    throw error;
  }
}

/** @param {Lookup} element @param {HTMLElement} box @param {Record<string, string>} look */
async function start(element, box, look) {
  // Keys are never taken from the network: here the page's own words are all there is.
  if (!element.publicKey || !element.election) throw new Error('public-key and election must be given');
  const keys = element.publicKey.match(/\S+/g) ?? [];
  const canBeMet = element.threshold >= 1 && element.threshold <= keys.length;
  if (!canBeMet) throw new Error('threshold must be 1 or more, and no more than there are keys');
  const page = await fetched(`${HERE}embed.html`);
  const html = document.createElement('html');
  html.lang = page.documentElement.lang;
  html.dataset.embed = 'inline';
  html.dataset.demo = page.documentElement.dataset.demo;
  html.style.display = 'none';
  html.append(...metas(element, page), body(page));
  const sheets = [...page.querySelectorAll('link[rel=stylesheet]')].map((link) => sheet(/** @type {HTMLLinkElement} */ (link)));
  const parts = (/** @type {NonNullable<typeof guest>} */ (guest).parts = [...sheets.map(({ link }) => link), html]);
  box.append(...parts);
  await Promise.all(sheets.map(({ loaded }) => loaded));

  Object.assign(place, { html, base: HERE.replace(/v\/[^/]+\/$/, ''), isGuest: true });
  place.lang = look.lang || null;
  place.toTop = () => html.getBoundingClientRect().top < 0 && html.scrollIntoView();
  const wear = () => dress(html, place.root.styleSheets, { ...look, theme: element.theme });
  wear();
  // Put elsewhere on the page, the sheets load once more, as they were written.
  for (const { link } of sheets) link.onload = wear;
  const settled = new Promise((done) => new MutationObserver(done).observe(html, { attributeFilter: ['lang', 'class'] }));
  await import('./app.js');
  await settled;
  if (html.classList.contains('old')) throw new Error('this browser cannot run it');
  html.style.display = '';
  new MutationObserver(() => (element.inline ? wear() : html.remove())).observe(element, { attributeFilter: ['theme', 'inline'] });
}

/** Parsed by the browser and never run: Trusted Types ask for nothing here. @param {string} url @returns {Promise<Document>} */
function fetched(url) {
  return new Promise((done, failed) => {
    const request = new XMLHttpRequest();
    request.responseType = 'document';
    request.onload = () => (request.status === 200 && request.response ? done(request.response) : failed(new Error(`${url}: ${request.status}`)));
    request.onerror = () => failed(new Error(`${url} cannot be had`));
    request.open('GET', url);
    request.send();
  });
}

/** What the app reads in the head of its own page. @param {Lookup} element @param {Document} page */
function metas({ mirrors, publicKey, threshold, election }, page) {
  const site = HERE.replace(/v\/[^/]+\/$/, '');
  const bases = (mirrors.match(/\S+/g) ?? [site]).map((mirror) => new URL(mirror.replace(/\/*$/, '/'), document.baseURI).href);
  const theirs = [...page.querySelectorAll('meta[name^=bilik-]')].map((meta) => [meta.getAttribute('name'), meta.getAttribute('content')]);
  const said = {
    ...Object.fromEntries(theirs),
    'bilik-mirrors': bases.join(' '),
    'bilik-public-key': publicKey,
    'bilik-threshold': threshold,
    'bilik-election': election,
  };
  return Object.entries(said).map(([name, content]) => Object.assign(document.createElement('meta'), { name, content }));
}

/** The form, with its pictures from where it came. @param {Document} page */
function body(page) {
  for (const element of page.querySelectorAll('script, noscript, #refused, .site')) element.remove();
  for (const image of page.querySelectorAll('img')) image.setAttribute('src', image.src);
  return document.importNode(page.body, true);
}

/** @param {HTMLLinkElement} from */
function sheet({ href }) {
  // Only with CORS may a theme change its rules.
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href, crossOrigin: 'anonymous' });
  const loaded = new Promise((done, failed) => Object.assign(link, { onload: done, onerror: () => failed(new Error(href)) }));
  return { link, loaded };
}
