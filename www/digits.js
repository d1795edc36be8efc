/** The first 12 digits of a NIK: district of first issue (6), birth date DDMMYY with 40 added to DD for women (6). */

export const DIGITS = 12;
/** Nobody younger votes, so that two digits tell the century. */
const YOUNGEST = 16;
/** More slips than that are a list, not a hint. */
const MOST = 5;

/** The digits in what was typed or pasted, without those that nobody needs. @param {string} text */
export function firstDigits(text) {
  const all = text.replace(/\D/g, '');
  return { digits: all.slice(0, DIGITS), dropped: all.length > DIGITS };
}

/** In groups of four, as people read them out. @param {string} digits */
export const grouped = (digits) => digits.replace(/\d{4}(?=\d)/g, '$& ');

/** @param {number} number */
const two = (number) => String(number).padStart(2, '0');

/**
 * The same digits from a birth date (`YYYY-MM-DD`), as far as they can be known yet.
 * @type {(birthDate: string, sex: string | undefined, district: string) => string}
 */
export function fromBirth(birthDate, sex, district) {
  const [, year, month, day] = /^\d\d(\d\d)-(\d\d)-(\d\d)$/.exec(birthDate) ?? [];
  if (!day || !sex || district.length < 6) return district;
  return district + two(Number(day) + (sex === 'f' ? 40 : 0)) + month + year;
}

/** What twelve digits say of a birth, where such a day exists. @param {string} digits @returns {Birth | undefined} */
export function birthIn(digits) {
  const [day = 0, month = 0, short = 0] = digits.slice(6).match(/\d\d/g)?.map(Number) ?? [];
  const sex = day > 40 ? 'f' : 'm';
  const year = short + (short > (new Date().getFullYear() - YOUNGEST) % 100 ? 1900 : 2000);
  const date = new Date(Date.UTC(year, month - 1, day % 40)).toISOString().slice(0, 10);
  return day < 72 && date.endsWith(`-${two(month)}-${two(day % 40)}`) ? { date, sex } : undefined;
}

/**
 * The slips that twelve digits may hide: day and month exchanged, a woman's 40 forgotten or too much, two neighbours
 * swapped. Where the district is unknown it is there that a slip is looked for, and in the birth date otherwise.
 * @param {string} digits
 * @param {boolean} unknownDistrict
 */
export function slips(digits, unknownDistrict) {
  /** @type {Map<string, 'date' | 'woman' | 'swapped'>} */
  const found = new Map();
  const [day = 0, month = 0] = digits.slice(6).match(/\d\d/g)?.map(Number) ?? [];
  const woman = day > 40 ? 40 : 0;
  /** @param {'date' | 'woman' | 'swapped'} kind @param {string} other */
  const offer = (kind, other) => other !== digits && !found.has(other) && birthIn(other) && found.set(other, kind);
  /** @param {number} day @param {number} month */
  const born = (day, month) => digits.slice(0, 6) + two(day) + two(month) + digits.slice(10);
  if (!unknownDistrict) {
    offer('date', born(month + woman, day - woman));
    offer('woman', born(day + 40 - 2 * woman, month));
  }
  for (const at of unknownDistrict ? [4, 3, 2, 1, 0] : [6, 7, 8, 9, 10]) {
    offer('swapped', digits.slice(0, at) + digits[at + 1] + digits[at] + digits.slice(at + 2));
  }
  return [...found].slice(0, MOST).map(([nik, kind]) => ({ nik, kind }));
}

/** The digits that are worth telling the module: it fetches at 4, at 6 and at 12. @param {string} digits */
export const usefulPrefix = (digits) => digits.slice(0, [12, 6, 4].find((step) => digits.length >= step) ?? 0);
