/** The first 12 digits of a NIK: district of first issue (6), birth date DDMMYY with 40 added to DD for women (6). */

export const DIGITS = 12;

/** The digits in what was typed or pasted, without those that nobody needs. @param {string} text */
export function firstDigits(text) {
  const all = text.replace(/\D/g, '');
  return { digits: all.slice(0, DIGITS), dropped: all.length > DIGITS };
}

/** In groups of four, as people read them out. @param {string} digits */
export const grouped = (digits) => digits.replace(/\d{4}(?=\d)/g, '$& ');

/**
 * The same digits from a birth date (`YYYY-MM-DD`), as far as they can be known yet.
 * @type {(birthDate: string, sex: string | undefined, district: string) => string}
 */
export function fromBirth(birthDate, sex, district) {
  const [, year, month, day] = /^\d\d(\d\d)-(\d\d)-(\d\d)$/.exec(birthDate) ?? [];
  if (!day || !sex || district.length < 6) return district;
  return district + String(Number(day) + (sex === 'f' ? 40 : 0)).padStart(2, '0') + month + year;
}

/** The digits that are worth telling the module: it fetches at 4, at 6 and at 12. @param {string} digits */
export const usefulPrefix = (digits) => digits.slice(0, [12, 6, 4].find((step) => digits.length >= step) ?? 0);
