/** The words. A language is one JSON file in `i18n/`, and its own name in this list. At the end: how Indonesians write a place. */
import { place } from './embed-place.js';

export const LANGUAGES = { id: 'Indonesia', jv: 'Basa Jawa', su: 'Basa Sunda', en: 'English' };

/** @type {Record<string, string>} */
let words = {};
/** @type {Language} */
let current = 'id';

/** The language that is spoken now. */
export const language = () => current;

/** Where numbers take their shape from; browsers know neither Javanese nor Sundanese. */
export const locale = () => (current === 'en' ? 'en-GB' : 'id');

/** `?lang=` first, then what the browser prefers, then what the page was published in. */
export function preferredLanguage() {
  for (const tag of [place.lang, ...navigator.languages, place.html.lang]) {
    const code =
      /** @type {Language} */ (tag?.slice(0, 2).toLowerCase());
    if (code in LANGUAGES) return code;
  }
  return current;
}

/** Loads a language and repaints everything on the page that carries `data-t`. @param {Language} code */
export async function speak(code) {
  const answer = await fetch(new URL(`i18n/${code}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`i18n/${code}.json: ${answer.status}`);
  words = await answer.json();
  current = code;
  place.html.lang = code;
  if (place.root === document) document.title = t('title');
  for (const element of place.root.querySelectorAll('[data-t]')) say(element, element.getAttribute('data-t') ?? '');
}

/**
 * The words for a key; `{name}` in them is replaced. A key without words shows itself, so that a gap is seen.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export const t = (key, values = {}) => (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));

/**
 * Puts words into an element, which then follows a change of language; no key empties it.
 * @template {Element} E
 * @param {E} element
 * @param {string} key
 */
export function say(element, key) {
  element.setAttribute('data-t', key);
  element.textContent = key && t(key);
  return element;
}

/** A calendar day in words, with or without its weekday. @param {string} day begins with `YYYY-MM-DD` @param {unknown} [short] */
export function date(day, short) {
  const at = new Date(`${day.slice(0, 10)}T00:00Z`);
  /** @param {string} key @param {number} which */
  const name = (key, which) => t(key).split(' ')[which] ?? day;
  const words = `${at.getUTCDate()} ${name('months', at.getUTCMonth())} ${at.getUTCFullYear()}`;
  return Number.isNaN(+at) ? day : short ? words : `${name('days', at.getUTCDay())}, ${words}`;
}

// The official code tells a kelurahan from a desa, and Papua has words of its own.

/** @param {string} code */
const papua = (code) => code.startsWith('9');

/** "Kelurahan Cirimekar". @param {string} code @param {string} name */
export const village = (code, name) =>
  t(code[6] === '1' ? 'place.kelurahan' : code[6] !== '2' ? 'place.village' : papua(code) ? 'place.kampung' : 'place.desa', { name });

/** "Kec. Cibinong". @param {string} code @param {string} name */
export const district = (code, name) => t(papua(code) ? 'place.distrik' : 'place.kecamatan', { name });

/** "Kab. Bogor", whatever way the operator writes it. @param {string} name */
export const regency = (name) => name.replace(/^(kabupaten|kab\.?)\s+/i, 'Kab. ');

/** @param {{ code: string, name: string, regency: string }} place */
export const districtLine = (place) => `${district(place.code, place.name)}, ${regency(place.regency)}`;

/** @param {{ code: string, district: string, regency: string, province: string }} place */
export const above = ({ code, district: name, province, ...place }) =>
  `${districtLine({ code, name, regency: place.regency })}, ${province}`;
