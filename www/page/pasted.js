/** Finds the NIK in a text with several numbers: a chat, a list, a scanned card. */
import { birthIn, digitsOf, DIGITS, plain } from './digits.js';

/** Digits in groups, with the same single sign between them: a date before a NIK is another number. */
const NUMBER = /\d+(?:([^\S\n]|[.–-])\d+(?:\1\d+)*)?/g;
/** Shorter numbers stand between a label and its number: "NIK (16 digit): …". */
const MIN_LABELLED = 9;
const MAX_DIGITS = 16;
/** A list of voters is not a question: of a long text the beginning is read, and the first that are found are offered. */
const MAX_TEXT = 10_000;
const MAX_FOUND = 6;

/** The first group is a label of a NIK, anything else a label of another number. */
const LABEL = /(?:^|[^a-z])(?:(n\W?i\W?k|ktp|kependudukan)|k\W?k|keluarga|hp|wa|whatsapp|tel\w*|rek\w*)(?![a-z])/gi;

/** Province, regency (01 to 39, cities 71 to 79) and district. A mobile number, 08… or 628…, has no such code. */
const REGION = /^[1-9]{2}(?!00)[0-37]\d(?!00)/;

/** Whether the words before a number call it a NIK, or something else, or neither. @param {string} words */
function isCalledNik(words) {
  const kinds = new Set(Array.from(words.matchAll(LABEL), ([, nik]) => !!nik));
  return kinds.size === 1 ? kinds.has(true) : undefined;
}

/**
 * The first twelve digits of what may be a NIK; those that are called so, where any is. One is certain, and several are for
 * the person to choose from.
 * @param {string} text
 * @returns {string[]}
 */
export function niksIn(text) {
  const written = plain(text.slice(0, MAX_TEXT));
  /** @type {string[]} */
  const numbers = [];
  const called = [];
  let [words, end] = ['', 0];
  for (const { 0: number, index = 0 } of written.matchAll(NUMBER)) {
    words += written.slice(end, index);
    end = index + number.length;
    if (digitsOf(number).length < MIN_LABELLED) continue;
    numbers.push(number);
    called.push(isCalledNik(words));
    words = '';
  }
  const last = isCalledNik(words + written.slice(end));
  // The labels come after the numbers: "3901… (NIK)".
  if (called[0] === undefined && last !== undefined) called.push(last), called.shift();

  // Called a NIK; of the length of one, whole or without its serial; of another length.
  const found = [new Set(), new Set(), new Set()];
  for (const [at, number] of numbers.entries()) {
    if (called[at] === false) continue;
    // Two numbers may touch.
    const groups = number.match(/\d{16}(?=\d{12})|\d+/g) ?? [];
    const starts = called[at] || digitsOf(number).length <= MAX_DIGITS ? 1 : groups.length;
    for (let start = 0; start < starts; start += 1) {
      let digits = '';
      for (const group of groups.slice(start)) if (digits.length < DIGITS) digits += group;
      if (digits.length < DIGITS || digits.length > MAX_DIGITS) continue;
      const nik = digits.slice(0, DIGITS);
      // Some cards say 30 February: what is called a NIK needs no such day.
      if (called[at] || (REGION.test(nik) && birthIn(nik))) found[called[at] ? 0 : digits.length % 4 ? 2 : 1]?.add(nik);
    }
  }
  return [...(found.find(({ size }) => size) ?? [])].slice(0, MAX_FOUND);
}
