/**
 * `<bilik-lookup inline>`: an app of its own in the element's shadow root, for a page whose owner is the operator, since every
 * script of that page can read what is typed.
 */
import { setSizes } from './embed/sizes.js';
import { applyTheme } from './embed/theme.js';
import { importWithin, LIMITS, within } from './limits.js';
import { GuestHost } from './page/guest-host.js';

const HERE = new URL('.', import.meta.url).href;
const SITE = HERE.replace(/v\/[^/]+\/$/, '');

/** @typedef {HTMLElement & { mirrors: string, publicKey: string, threshold: number, election: string, theme: string, inline: boolean }} Lookup */

/**
 * What an element's app is made of, for when the element is put elsewhere on the page.
 * @type {WeakMap<Lookup, { parts: Element[], ready: Promise<void> }>}
 */
const started = new WeakMap();

/**
 * Starts the app in the element, or shows it again. Rejects where it cannot run.
 * @param {Lookup} element
 * @param {HTMLElement} box
 * @param {() => Record<string, string>} theme
 */
export async function startInline(element, box, theme) {
  const before = started.get(element);
  if (before) {
    await before.ready;
    return box.append(...before.parts);
  }
  /** @type {Element[]} */
  const parts = [];
  const ready = start(element, box, theme(), parts);
  started.set(element, { parts, ready });
  try {
    await ready;
  } catch (error) {
    for (const part of parts) part.remove();
    started.delete(element);
    console.error('bilik-lookup inline:', error);
    throw error;
  }
}

/** @param {Lookup} element @param {HTMLElement} box @param {Record<string, string>} theme @param {Element[]} parts */
async function start(element, box, theme, parts) {
  const config = configOf(element);
  const page = await fetchPage(`${HERE}inline.html`);
  /** @type {typeof import('./app.js')} */
  const { createApp, readConfig } = await importWithin(`${HERE}app.js`);
  // As a page names its mirrors; a partner may leave out the slash at the end.
  const content = (element.mirrors || SITE).replace(/[^/\s](?=\s|$)/g, '$&/');
  page.head.append(Object.assign(page.createElement('meta'), { name: 'bilik-mirrors', content }));
  const { options, help } = readConfig(page, document.baseURI);
  const html = document.createElement('html');
  html.lang = page.documentElement.lang;
  html.dataset.embed = 'inline';
  html.dataset.demo = page.documentElement.dataset.demo;
  html.style.display = 'none';
  html.append(bodyOf(page));
  const sheets = ['css/bilik.css', 'css/embed.css'].map((path) => sheet(HERE + path));
  parts.push(...sheets.map(({ link }) => link), html);
  box.append(...parts);
  await within('script', Promise.all(sheets.map(({ loaded }) => loaded)));

  const root = /** @type {ShadowRoot} */ (box.getRootNode());
  const paint = () => {
    setSizes(html, root.styleSheets);
    applyTheme(html, root.styleSheets, { ...theme, theme: element.theme });
  };
  paint();
  // Put elsewhere on the page, the sheets load once more, as they were written.
  for (const { link } of sheets) link.onload = paint;
  const toTop = () => html.getBoundingClientRect().top < 0 && html.scrollIntoView();
  const host = new GuestHost({ html, base: SITE, lang: theme.lang || null, toTop });
  await createApp({ root, config: { options: { ...config, mirrors: options.mirrors }, help, witnesses: '' }, host }).ready;
  html.style.display = '';
  new MutationObserver(() => (element.inline ? paint() : html.remove())).observe(element, {
    attributeFilter: ['theme', 'inline'],
  });
}

/** What the element says: keys are never taken from the network. @param {Lookup} element */
function configOf({ publicKey, threshold, election }) {
  if (!publicKey || !election) throw new Error('public-key and election must be given');
  const keys = publicKey.match(/\S+/g) ?? [];
  const canBeMet = threshold >= 1 && threshold <= keys.length;
  if (!canBeMet) throw new Error('threshold must be 1 or more, and no more than there are keys');
  return { publicKey: keys, threshold, election };
}

/** Parsed by the browser and never run: Trusted Types ask for nothing here. @param {string} url @returns {Promise<Document>} */
function fetchPage(url) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.responseType = 'document';
    request.onload = () =>
      request.status === 200 && request.response ? resolve(request.response) : reject(new Error(`${url}: ${request.status}`));
    request.onerror = request.ontimeout = () => reject(new Error(`${url} cannot be had`));
    request.timeout = LIMITS.script;
    request.open('GET', url);
    request.send();
  });
}

/** The form, with its pictures from where it came. @param {Document} page */
function bodyOf(page) {
  for (const element of page.querySelectorAll('noscript')) element.remove();
  for (const image of page.querySelectorAll('img')) image.setAttribute('src', image.src);
  return document.importNode(page.body, true);
}

/** @param {string} href */
function sheet(href) {
  // Only with CORS may a theme change its rules.
  const link = Object.assign(document.createElement('link'), { rel: 'stylesheet', href, crossOrigin: 'anonymous' });
  const loaded = new Promise((resolve, reject) => {
    Object.assign(link, { onload: resolve, onerror: () => reject(new Error(href)) });
  });
  return { link, loaded };
}
