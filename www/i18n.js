/** The words. A language is one JSON file in `i18n/`, and its name in this list. */

export const LANGUAGES = { id: 'Indonesia', en: 'English' };

/** @type {Record<string, string>} */
let words = {};
/** @type {Language} */
let current = 'id';

/** @type {Language[]} */
const ALL = /** @type {any} */ (Object.keys(LANGUAGES));

/** The language that is spoken now. */
export const language = () => current;

/** Where dates and numbers take their shape from. */
export const locale = () => (current === 'en' ? 'en-GB' : current);

/** The language after the one that is spoken now. */
export const otherLanguage = () => ALL[ALL.indexOf(current) + 1] ?? 'id';

/** `?lang=` first, then what the browser prefers, then what the page was published in. */
export function preferredLanguage() {
  const asked = new URLSearchParams(location.search).get('lang');
  for (const tag of [asked, ...navigator.languages, document.documentElement.lang]) {
    const known = ALL.find((code) => tag?.slice(0, 2).toLowerCase() === code);
    if (known) return known;
  }
  return current;
}

/** Loads a language and repaints everything on the page that carries `data-t`. @param {Language} code */
export async function speak(code) {
  const answer = await fetch(new URL(`i18n/${code}.json`, import.meta.url));
  if (!answer.ok) throw new Error(`i18n/${code}.json: ${answer.status}`);
  words = await answer.json();
  current = code;
  document.documentElement.lang = code;
  document.title = t('title');
  for (const element of document.querySelectorAll('[data-t]')) say(element, element.getAttribute('data-t') ?? '');
}

/**
 * The words for a key; `{name}` in them is replaced. A key without words shows itself, so that a gap is seen.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 */
export function t(key, values = {}) {
  return (words[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));
}

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

/**
 * A calendar day in words. `day` begins with `YYYY-MM-DD`.
 * @param {string} day
 * @param {Intl.DateTimeFormatOptions} [shape]
 */
export function date(day, shape = { weekday: 'long', day: 'numeric', month: 'long', year: 'numeric' }) {
  const at = new Date(`${day.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(at.getTime()) ? day : new Intl.DateTimeFormat(locale(), { ...shape, timeZone: 'UTC' }).format(at);
}
