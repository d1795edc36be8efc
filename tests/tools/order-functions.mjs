/**
 * Names the functions of a module so that, sorted by name, similar ones stand beside each other: brotli then finds what they
 * share. `wasm-opt --reorder-functions-by-name` sorts them. Greedy: after each function comes, of those that are left, the one
 * that shares most sequences of five bytes with the last two. The same input gives the same names.
 *
 *   node order-functions.mjs IN.wasm OUT.wasm
 */
import { readFileSync, writeFileSync } from 'node:fs';

const [input, output] = process.argv.slice(2);
const bytes = readFileSync(input);
const GRAM = 5;
/** What more functions share than this tells nothing of them. */
const MAX_SHARERS = 60;
const [IMPORTS, CODE] = [2, 10];
const FUNCTION = 0;

/** An unsigned LEB128 number and where it ends. @param {number} at */
function number(at) {
  let [value, shift, byte] = [0, 0, 0];
  do {
    byte = bytes[at++];
    value += (byte & 127) * 2 ** shift;
    shift += 7;
  } while (byte & 128);
  return [value, at];
}

/** @param {number} value */
function leb(value) {
  const out = [];
  for (; value > 127; value = Math.floor(value / 128)) out.push((value & 127) | 128);
  return Buffer.from([...out, value]);
}

/** @param {number} id @returns {{ at: number, end: number } | undefined} */
function section(id) {
  for (let at = 8; at < bytes.length; ) {
    const [length, start] = number(at + 1);
    if (bytes[at] === id) return { at: start, end: start + length };
    at = start + length;
  }
  return undefined;
}

/** How many functions are imported: they have the first indices. */
function importedFunctions() {
  let [count, at] = number(section(IMPORTS)?.at ?? 0);
  let functions = 0;
  for (; count > 0; count -= 1) {
    for (let name = 0; name < 2; name += 1) {
      const [length, start] = number(at);
      at = start + length;
    }
    if (bytes[at] !== FUNCTION) throw new Error(`an import of kind ${bytes[at]}: this tool knows functions only`);
    functions += 1;
    [, at] = number(at + 1);
  }
  return functions;
}

function bodies() {
  let [count, at] = number(section(CODE).at);
  const found = [];
  for (; count > 0; count -= 1) {
    const [length, start] = number(at);
    found.push(bytes.subarray(at, start + length));
    at = start + length;
  }
  return found;
}

/** @param {Buffer[]} all @returns {number[]} */
function ordered(all) {
  const grams = all.map((body) => {
    const set = new Set();
    for (let at = 0; at + GRAM <= body.length; at += 1) set.add(body.toString('latin1', at, at + GRAM));
    return set;
  });
  /** @type {Map<string, number[]>} */
  const sharers = new Map();
  grams.forEach((set, index) => {
    for (const gram of set) sharers.set(gram, [...(sharers.get(gram) ?? []), index]);
  });
  const left = new Set(all.keys());
  const order = [0];
  left.delete(0);
  while (left.size) {
    /** @type {Map<number, number>} */
    const scores = new Map();
    for (const last of order.slice(-2)) {
      for (const gram of grams[last]) {
        const others = sharers.get(gram);
        if (others.length > MAX_SHARERS) continue;
        for (const other of others) {
          if (left.has(other)) scores.set(other, (scores.get(other) ?? 0) + 1 / Math.log2(1 + others.length));
        }
      }
    }
    const worth = ([index, score]) => score / Math.sqrt(grams[index].size + 20);
    const best = [...scores].reduce((best, one) => (!best || worth(one) > worth(best) ? one : best), undefined);
    const next = best?.[0] ?? left.values().next().value;
    order.push(next);
    left.delete(next);
  }
  return order;
}

const first = importedFunctions();
const order = ordered(bodies());
/** @type {string[]} */
const names = [];
order.forEach((index, place) => (names[index] = String(place).padStart(6, '0')));
const map = Buffer.concat([
  leb(names.length),
  ...names.flatMap((name, index) => [leb(first + index), leb(name.length), Buffer.from(name)]),
]);
const name = Buffer.from('name');
const content = Buffer.concat([leb(name.length), name, Buffer.from([1]), leb(map.length), map]);
writeFileSync(output, Buffer.concat([bytes, Buffer.from([0]), leb(content.length), content]));
