/** Files as a liar would send them. */

/** The same numbers every time (mulberry32). */
export class Dice {
  #state;

  /** @param {number} seed */
  constructor(seed) {
    this.#state = seed;
  }

  /** A whole number from 0 to that one, which is never reached. @param {number} end */
  below(end) {
    this.#state = (this.#state + 0x6d2b79f5) | 0;
    let word = Math.imul(this.#state ^ (this.#state >>> 15), 1 | this.#state);
    word = (word + Math.imul(word ^ (word >>> 7), 61 | word)) ^ word;
    return Math.floor((((word ^ (word >>> 14)) >>> 0) / 2 ** 32) * end);
  }
}

/** @type {((bytes: Buffer, other: Buffer, dice: Dice) => Buffer)[]} */
const WAYS = [
  function flipBits(bytes, _, dice) {
    for (let flips = 1 + dice.below(8); flips > 0; flips -= 1) bytes[dice.below(bytes.length)] ^= 1 << dice.below(8);
    return bytes;
  },
  // The first bytes say what a file is and how much it asks for.
  function flipAtTheStart(bytes, _, dice) {
    bytes[dice.below(Math.min(16, bytes.length))] = dice.below(256);
    return bytes;
  },
  (bytes, _, dice) => bytes.subarray(0, dice.below(bytes.length)),
  (bytes, other, dice) => Buffer.concat([bytes, other.subarray(0, 1 + dice.below(other.length))]),
  (bytes, other) => Buffer.from(other.subarray(0, bytes.length)),
  function overwrite(bytes, other, dice) {
    other.copy(bytes, dice.below(bytes.length), dice.below(other.length));
    return bytes;
  },
  (bytes, _, dice) => bytes.map(() => dice.below(256)),
  (bytes, _, dice) => bytes.fill(dice.below(256), dice.below(bytes.length)),
];

/**
 * Spoilt in a random way, and never by chance the same.
 * @param {Buffer} bytes
 * @param {Buffer} other another file
 * @param {Dice} dice
 * @returns {Buffer}
 */
export function spoil(bytes, other, dice) {
  const spoilt = WAYS[dice.below(WAYS.length)](Buffer.from(bytes), other, dice);
  return spoilt.equals(bytes) ? spoil(bytes, other, dice) : spoilt;
}
