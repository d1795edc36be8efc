/**
 * The page from which partners copy: what they choose becomes a preview, the code with this site's own addresses, key, version and
 * integrity in it, and a word on every contrast. Without this script the page shows the two basic lines.
 */
import './element.js';
import { codeOf, policyOf, styleOf } from './embed/code.js';
import { BLACK, colourOf, contrast, hexOf, readable, readableOn } from './embed/contrast.js';
import { within } from './limits.js';
import { readConfig } from './page/config.js';

/** The app's own dark surface (css/bilik.css): where no theme is chosen, half of the readers see it. */
const DARK_SURFACE = '#1f1b29';
const MIN_RATIO = 4.5;

const html = document.documentElement;
/** @param {string} name */
const published = (name) => document.querySelector(`meta[name=bilik-${name}]`)?.getAttribute('content') ?? '';
const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));
const form = /** @type {HTMLFormElement} */ (byId('settings'));
const preview = byId('preview');

const url = new URL('.', document.baseURI).href;
const data = readConfig(document, url).options.mirrors;
/** @type {import('./embed/code.js').Site} */
const site = {
  url,
  election: published('election'),
  keys: published('public-key'),
  threshold: Number(published('threshold')) || 1,
  version: html.dataset.version ?? '',
  integrity: html.dataset.integrity ?? '',
  data,
};

// --- Words that this script says ------------------------------------------------------------------------------------------

/** @type {Record<string, Record<string, string>>} */
const WORDS = {
  id: {
    button: 'Teks di tombol',
    sign: 'Angka di papan nomor',
    text: 'Teks di latar',
    link: 'Tautan di latar terang',
    darkLink: 'Tautan di latar gelap',
    chosenLink: 'Tautan di latar',
    white: 'putih',
    black: 'hitam',
    good: 'terbaca',
    bad: 'sulit dibaca; pencarian memakai {instead} di sana, juga untuk tombol',
    copied: 'Tersalin.',
    selected: 'Browser ini tidak mengizinkan. Kodenya sudah dipilih: salin dengan Ctrl+C.',
  },
  en: {
    button: 'Text on buttons',
    sign: 'Number on its plate',
    text: 'Text on the surface',
    link: 'Links on a light surface',
    darkLink: 'Links on a dark surface',
    chosenLink: 'Links on the surface',
    white: 'white',
    black: 'black',
    good: 'readable',
    bad: 'hard to read; there the lookup uses {instead}, for buttons too',
    copied: 'Copied.',
    selected: 'This browser does not allow it. The code is selected: copy it with Ctrl+C.',
  },
};
/** @param {string} key */
const say = (key) => WORDS[html.lang]?.[key] ?? key;

/** @param {string} lang */
function speak(lang) {
  html.lang = lang;
  document.title = document.querySelector(`h1 [lang="${lang}"]`)?.textContent ?? document.title;
  for (const button of document.querySelectorAll('[data-lang]'))
    button.setAttribute('aria-pressed', String(button.getAttribute('data-lang') === lang));
  byId('copied').textContent = '';
  write();
}

// --- What is chosen -------------------------------------------------------------------------------------------------------

/** @param {string} name */
const chosen = (name) => String(new FormData(form).get(name) ?? '');
/** A colour that was changed. @param {string} name */
function colour(name) {
  const input = /** @type {HTMLInputElement} */ (byId(name));
  return input.value === input.dataset.usual ? '' : input.value;
}
/** @param {string} value */
const parsed = (value) => colourOf(value, preview) ?? BLACK;
const isWhite = (/** @type {string} */ hex) => hex === '#ffffff';

/** Values of the variables; text on a chosen colour is black or white, whichever can be read. */
function look() {
  const [accent, sign, surface] = ['accent', 'sign', 'surface'].map(colour);
  const radius = chosen('radius');
  /** @type {Record<string, string>} */
  const values = {};
  if (accent) Object.assign(values, { accent, 'on-accent': hexOf(readableOn(usedAccent())) });
  if (sign) Object.assign(values, { sign, 'on-sign': hexOf(readableOn(parsed(sign))) });
  if (surface) Object.assign(values, { surface, text: hexOf(readable(parsed('#1d1928'), parsed(surface), MIN_RATIO)) });
  if (chosen('font')) values.font = chosen('font');
  if (radius !== '14') values.radius = `${radius}px`;
  return values;
}

/** @returns {import('./embed/code.js').Choice} */
function choice() {
  const own = chosen('height-mode') ? Math.min(2000, Math.max(420, Number(chosen('height')) || 720)) : '';
  return {
    way: /** @type {any} */ (chosen('way')),
    lang: chosen('lang'),
    theme: chosen('theme'),
    look: look(),
    height: String(own),
    isPinned: chosen('version') === 'pinned',
    mirrors: new FormData(form).getAll('mirror').map(String),
  };
}

// --- What is shown --------------------------------------------------------------------------------------------------------

/** What the lookup is seen on by those who get the theme, or the light one where it is the device's. */
const ground = () => parsed(colour('surface') || (chosen('theme') === 'dark' ? DARK_SURFACE : '#ffffff'));
/** One colour for buttons and links: as a link it must be readable on the surface (embed/theme.js). */
const usedAccent = () => readable(parsed(/** @type {HTMLInputElement} */ (byId('accent')).value), ground(), MIN_RATIO);

/** What is written on what: words, ink, ground. */
function pairs() {
  const value = (/** @type {string} */ id) => /** @type {HTMLInputElement} */ (byId(id)).value;
  const [accent, sign, surface] = ['accent', 'sign', 'surface'].map((id) => parsed(value(id)));
  const isOwnSurface = !!colour('surface');
  const theme = chosen('theme');
  const links = [
    ...(isOwnSurface ? [['chosenLink', accent, surface]] : []),
    ...(!isOwnSurface && theme !== 'dark' ? [['link', accent, surface]] : []),
    // The app's own accent has a lighter twin there.
    ...(!isOwnSurface && theme !== 'light' && colour('accent') ? [['darkLink', accent, parsed(DARK_SURFACE)]] : []),
  ];
  const text = isOwnSurface ? [['text', readable(parsed('#1d1928'), surface ?? BLACK, MIN_RATIO), surface]] : [];
  return /** @type {[string, import('./embed/contrast.js').Colour, import('./embed/contrast.js').Colour][]} */ ([
    ['button', readableOn(usedAccent()), usedAccent()],
    ['sign', readableOn(sign ?? BLACK), sign],
    ...text,
    ...links,
  ]);
}

function tellContrast() {
  const lines = pairs().map(([what, ink, ground]) => {
    const ratio = contrast(ink, ground);
    const isGood = ratio >= MIN_RATIO;
    const number = new Intl.NumberFormat(html.lang, { maximumFractionDigits: 1 }).format(Math.floor(ratio * 10) / 10);
    const automatic = ['button', 'sign'].includes(what) ? ` (${say(isWhite(hexOf(ink)) ? 'white' : 'black')})` : '';
    const judged = say(isGood ? 'good' : 'bad').replace('{instead}', hexOf(readable(ink, ground, MIN_RATIO)));
    const line = Object.assign(document.createElement('li'), { className: isGood ? 'good' : 'bad' });
    const swatch = Object.assign(document.createElement('span'), { className: 'swatch' });
    Object.assign(swatch.style, { color: hexOf(ink), background: hexOf(ground) });
    line.append(swatch, `${say(what)}${automatic}: ${number} : 1, ${judged}`);
    return line;
  });
  byId('contrast').replaceChildren(...lines);
}

function show() {
  const { lang, theme, way, ...rest } = choice();
  preview.style.cssText = styleOf({ lang, theme, way, ...rest });
  if (preview.getAttribute('lang') !== lang) preview.setAttribute('lang', lang || html.lang);
  // The element hands its colours on when its theme changes.
  preview.removeAttribute('theme');
  preview.setAttribute('theme', theme || 'auto');
  byId('inline-note').hidden = way !== 'inline';
}

function write() {
  const now = choice();
  byId('code').textContent = codeOf(site, now);
  byId('policy').textContent = policyOf(site, now);
  byId('own-pages').hidden = now.way !== 'inline';
  byId('fallback-note').hidden = now.way === 'frame';
  byId('versions').hidden = now.way === 'frame';
  byId('others').hidden = others.length === 0 || now.way !== 'element';
  byId('heights').hidden = now.way === 'inline';
  byId('radius-value').textContent = `${chosen('radius')} px`;
  for (const input of /** @type {NodeListOf<HTMLInputElement>} */ (byId('colours').querySelectorAll('input'))) {
    const shown = input.parentElement?.querySelector('code');
    if (shown) shown.textContent = input.value;
  }
  tellContrast();
  show();
}

/** A host of files need not be trusted with the page: none of them is chosen unless somebody does so. */
const others = data.filter((mirror) => mirror !== url);
for (const mirror of others) {
  const label = Object.assign(document.createElement('label'), { className: 'way' });
  label.append(Object.assign(document.createElement('input'), { type: 'checkbox', name: 'mirror', value: mirror }), mirror);
  byId('others').append(label);
}

/** @type {NodeListOf<HTMLElement>} */
const withScript = document.querySelectorAll('.languages, #settings, .row, .preview, details');
for (const element of withScript) element.hidden = false;
form.addEventListener('input', write);
// The event comes before its effect.
form.addEventListener('reset', () => setTimeout(write));
form.addEventListener('submit', (event) => event.preventDefault());
for (const button of document.querySelectorAll('[data-lang]'))
  button.addEventListener('click', () => speak(button.getAttribute('data-lang') ?? 'id'));
for (const button of /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll('[data-copy]'))) {
  button.addEventListener('click', async () => {
    const code = byId(button.dataset.copy ?? '');
    try {
      await within('clipboard', navigator.clipboard.writeText(code.textContent ?? ''));
      byId('copied').textContent = say('copied');
    } catch {
      // Where a browser keeps the clipboard to itself, the code is selected at least.
      getSelection()?.selectAllChildren(code);
      byId('copied').textContent = say('selected');
    }
  });
}
const asked = new URLSearchParams(location.search).get('lang') ?? navigator.language;
speak(/^en\b/i.test(asked) ? 'en' : 'id');
