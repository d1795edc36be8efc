/** An app's language. One is a JSON file in `i18n/`, and its own name in this list. At the end: how Indonesians write a place. */
import { assetUrl } from '../assets.js';
import { fetchWithin } from '../limits.js';
// In the script, so that there are always words.
import INDONESIAN from '../i18n/id.json' with { type: 'json' };

export const LANGUAGES = { id: 'Indonesia', jv: 'Basa Jawa', su: 'Basa Sunda', en: 'English' };

// The official code tells a kelurahan from a desa, and Papua has words of its own.
// Abroad a committee (PPLN) stands in a district's place, and a way of voting in a village's.
/** @param {string} code */
const isAbroad = (code) => code.startsWith('99');
/** @param {string} code */
const isInPapua = (code) => code.startsWith('9');

/** "Kab. Bogor", whatever way the operator writes it. @param {string} name */
export const regency = (name) => name.replace(/^(kabupaten|kab\.?)\s+/i, 'Kab. ');

/** @type {Record<string, string>} */
const BUILT_IN = INDONESIAN;

/** Indonesian words that come with the screens that say them. @param {Record<string, string>} words */
export const addWords = (words) => void Object.assign(BUILT_IN, words);

/** @param {LanguageCode} code @returns {Promise<Record<string, string>>} */
async function fetchWords(code) {
  const { bytes } = await fetchWithin('words', assetUrl(`i18n/${code}.json`));
  const words = JSON.parse(new TextDecoder().decode(bytes));
  return Object.fromEntries(Object.entries(words).filter(([, text]) => typeof text === 'string'));
}

export class Language {
  #root;
  #host;
  /** @type {Record<string, string>} */
  #texts = BUILT_IN;
  /** The language that is shown now. @type {LanguageCode} */
  code = 'id';

  /** @param {Document | ShadowRoot} root @param {Host} host */
  constructor(root, host) {
    this.#root = root;
    this.#host = host;
    // The build leaves words that are in the form out of the script.
    for (const element of root.querySelectorAll('[data-t]')) {
      BUILT_IN[element.getAttribute('data-t') ?? ''] ??= element.textContent ?? '';
    }
  }

  /** Where numbers take their shape from; browsers know neither Javanese nor Sundanese. */
  get locale() {
    return this.code === 'en' ? 'en-GB' : 'id';
  }

  /** What the host asks for first, then what the browser prefers, then what the page was published in. */
  preferred() {
    for (const tag of [this.#host.lang, ...navigator.languages, this.#host.html.lang]) {
      const code = /** @type {LanguageCode} */ (tag?.slice(0, 2).toLowerCase());
      if (code in LANGUAGES) return code;
    }
    return this.code;
  }

  /** Loads a language and rewrites every element that carries `data-t`. @param {LanguageCode} code */
  async load(code) {
    this.#texts = code === 'id' ? BUILT_IN : await fetchWords(code);
    this.code = code;
    this.#host.html.lang = code;
    for (const element of this.#root.querySelectorAll('[data-t]')) this.setText(element, element.getAttribute('data-t') ?? '');
    for (const time of this.#root.querySelectorAll('time')) time.textContent = this.date(time.dateTime);
    const privacy = new URL(this.t('privacy.page'), this.#host.base).href;
    for (const link of this.#root.querySelectorAll('a.privacy')) link.setAttribute('href', privacy);
  }

  /**
   * The text for a key, in Indonesian where the language lacks it; `{name}` in it is replaced. A key without a text shows
   * itself, so that a gap is seen.
   * @param {string} key
   * @param {Record<string, string | number>} [values]
   */
  t = (key, values = {}) =>
    (this.#texts[key] ?? BUILT_IN[key] ?? key).replace(/\{(\w+)\}/g, (_, name) => String(values[name] ?? ''));

  /**
   * Sets the text of an element, which then follows a change of language; an empty key empties it.
   * @template {Element} E
   * @param {E} element
   * @param {string} key
   */
  setText(element, key) {
    element.setAttribute('data-t', key);
    element.textContent = key && this.t(key);
    return element;
  }

  /** A calendar day in words, with or without its weekday. @param {string} day begins with `YYYY-MM-DD` @param {boolean} [isShort] */
  date(day, isShort) {
    const at = new Date(`${day.slice(0, 10)}T00:00Z`);
    /** @param {string} key @param {number} index */
    const name = (key, index) => this.t(key).split(' ')[index] ?? day;
    const text = `${at.getUTCDate()} ${name('months', at.getUTCMonth())} ${at.getUTCFullYear()}`;
    return Number.isNaN(+at) ? day : isShort ? text : `${name('days', at.getUTCDay())}, ${text}`;
  }

  /** "07.00–13.00". @param {string} opens `HH:MM` @param {string} closes */
  hours(opens, closes) {
    const hours = `${opens}–${closes}`;
    return this.code === 'en' ? hours : hours.replace(/:/g, '.');
  }

  /** "5 Juni 1961, perempuan". @param {Birth | undefined} born */
  birth(born) {
    return born && `${this.date(born.date, true)}, ${this.t(`sex.${born.sex}`).toLowerCase()}`;
  }

  /** "Kelurahan Cirimekar". @param {string} code @param {string} name */
  village(code, name) {
    if (isAbroad(code)) return name;
    const desa = isInPapua(code) ? 'place.kampung' : 'place.desa';
    return this.t(code[6] === '1' ? 'place.kelurahan' : code[6] === '2' ? desa : 'place.village', { name });
  }

  /** What tells a station from others of its number. @param {string} code @param {string} village @param {string} district */
  place(code, village, district) {
    return isAbroad(code) ? this.district(code, district) : this.village(code, village);
  }

  /** "Kec. Cibinong", "PPLN Kuala Lumpur". @param {string} code @param {string} name */
  district(code, name) {
    if (isAbroad(code)) return name.replace(/^(PPLN )?/, 'PPLN ');
    return this.t(isInPapua(code) ? 'place.distrik' : 'place.kecamatan', { name });
  }

  /** @param {{ code: string, name: string, regency: string }} district */
  districtLine(district) {
    return `${this.district(district.code, district.name)}, ${regency(district.regency)}`;
  }

  /** District, regency and province of a village. @param {{ code: string, district: string, regency: string, province: string }} village */
  parents({ code, district: name, regency, province }) {
    return `${this.districtLine({ code, name, regency })}, ${province}`;
  }
}
