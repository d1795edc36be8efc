/** The first 12 digits of a NIK: district of first issue (6), birth date DDMMYY with 40 added to DD for women (6). */

export const DIGITS = 12;

/** The digits as this page writes them, of those that full-width and Arabic keyboards have. @param {string} text */
export const plain = (text) => text.replace(/[٠-٩۰-۹０-９]/g, (digit) => String(digit.charCodeAt(0) & 15));

/** What somebody reads off a card may have letters for digits. @param {string} text */
export const withoutLetters = (text) =>
  /\d/.test(text) && /^[\dOoIl\s.–-]+$/.test(text) ? text.replace(/[oO]/g, '0').replace(/[Il]/g, '1') : text;

/** All digits in a text. @param {string} text */
export const digitsOf = (text) => plain(text).replace(/\D/g, '');

/** The digits in what was typed, without those that nobody needs. @param {string} text */
export const firstDigits = (text) => digitsOf(text).slice(0, DIGITS);

/** In groups of four, as people read them out. @param {string} digits */
export const grouped = (digits) => digits.replace(/.{4}(?=.)/g, '$& ');

/** @param {number} number */
const two = (number) => String(number).padStart(2, '0');

/** The same digits from other details, as far as they can be known yet. @param {Omit<Question, 'name'>} details */
export function digitsIn({ nik, birthDate = '', sex, district = '' }) {
  if (nik !== undefined) return nik;
  const [, year, month, day] = /^\d\d(\d\d)-(\d\d)-(\d\d)$/.exec(birthDate) ?? [];
  if (!day || !sex || district.length < 6) return district;
  return district + two(Number(day) + (sex === 'f' ? 40 : 0)) + month + year;
}

/** Day, month and year as they stand there. @param {string} digits */
const pairs = (digits) => /** @type {[number, number, number]} */ ([6, 8, 10].map((at) => Number(digits.slice(at, at + 2))));

/** What twelve digits say of a birth, where such a day exists. @param {string} digits @returns {Birth | undefined} */
export function birthIn(digits) {
  if (digits.length < DIGITS) return undefined;
  const [day, month, short] = pairs(digits);
  const sex = day > 40 ? 'f' : 'm';
  // Nobody under 16 votes, so that two digits tell the century.
  const year = short + (short > (new Date().getFullYear() - 16) % 100 ? 1900 : 2000);
  const date = new Date(Date.UTC(year, month - 1, day % 40)).toISOString().slice(0, 10);
  return day < 72 && date.endsWith(`-${two(month)}-${two(day % 40)}`) ? { date, sex } : undefined;
}

/** Whether a card may say so of a voter: some say 30 February, and they vote, too. @param {string} birthDate `YYYY-MM-DD` */
export function isBirthday(birthDate) {
  const [, year] = /^(\d{4})-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])$/.exec(birthDate) ?? [];
  const age = new Date().getFullYear() - Number(year);
  return age >= 16 && age < 116;
}

/**
 * The slips that twelve digits may hide: two neighbours swapped in the district where that is unknown; otherwise day and
 * month exchanged, a woman's 40 forgotten or too much, or two neighbours there. More than five are a list, not a hint.
 * @param {string} digits
 * @param {boolean} [unknownDistrict]
 */
export function slips(digits, unknownDistrict) {
  if (digits.length < DIGITS) return [];
  const [day, month] = pairs(digits);
  const woman = day > 40 ? 40 : 0;
  const born = (day = 0, month = 0) => digits.slice(0, 6) + two(day) + two(month) + digits.slice(10);
  const swapped = (at = 0) => digits.slice(0, at) + digits[at + 1] + digits[at] + digits.slice(at + 2);
  const dates = [
    [born(month + woman, day - woman), 'date'],
    [born(day + 40 - 2 * woman, month), 'woman'],
  ];
  const others = (unknownDistrict ? [4, 3, 2, 1, 0] : [6, 7, 8, 9, 10]).map((at) => [swapped(at), 'swapped']);
  const seen = new Set([digits]);
  /** @param {string[]} slip */
  const isNew = ([nik = '']) => birthIn(nik) && seen.size < seen.add(nik).size;
  return [...(unknownDistrict ? [] : dates), ...others].filter(isNew).slice(0, 5);
}

/** The digits that are worth telling the module: it fetches at 2, at 4, at 6 and at 12. @param {string} digits */
export const usefulPrefix = (digits) => digits.slice(0, [12, 6, 4, 2].find((step) => digits.length >= step) ?? 0);
