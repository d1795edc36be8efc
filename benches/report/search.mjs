/** A search as `KeySearch::to_bytes` has it: the cost, then of each the salt, the pepper bits and the details. */
export const DETAILS = Buffer.from('390101120190 SOMEBODY OF A VILLAGE');
export const SALT = Buffer.alloc(32, 7);
export const COST = { memory: 19_456, passes: 2 };

/** @param {number} pepperBits */
export function search(pepperBits) {
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32LE(COST.memory, 0);
  numbers.writeUInt32LE(COST.passes, 4);
  const length = Buffer.alloc(2);
  length.writeUInt16LE(DETAILS.length);
  return [...Buffer.concat([numbers, SALT, Buffer.of(pepperBits), length, DETAILS])];
}
