/**
 * What a WebAssembly module consists of: bytes of code by crate, and within this one by module, from the functions' names.
 *
 *   node benches/report/module-parts.mjs MODULE.wasm [FUNCTIONS]     a Markdown table, and this number of the largest functions
 *
 * The module must have a name section. Names are Rust's, demangled. A generic function counts for the crate that it is of, not for the
 * one that uses it, and what is inlined counts for the function around it. Data is bytes of the data section.
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const [CUSTOM, IMPORTS, CODE, DATA] = [0, 2, 10, 11];
const FUNCTION = 0;
const FUNCTION_NAMES = 1;

/** Reads a module from its first byte on. */
class Reader {
  /** @param {Uint8Array} bytes */
  constructor(bytes) {
    this.bytes = bytes;
    this.at = 0;
  }
  get ended() {
    return this.at >= this.bytes.length;
  }
  byte() {
    return this.bytes[this.at++];
  }
  /** LEB128. */
  number() {
    for (let value = 0, shift = 1; ; shift *= 128) {
      const byte = this.byte();
      value += (byte & 127) * shift;
      if (byte < 128) return value;
    }
  }
  take(length) {
    this.at += length;
    return new Reader(this.bytes.subarray(this.at - length, this.at));
  }
  text() {
    return new TextDecoder().decode(this.take(this.number()).bytes);
  }
  limits() {
    const hasMaximum = this.byte() & 1;
    this.number();
    if (hasMaximum) this.number();
  }
}

/** @param {Uint8Array} bytes @returns {{ code: number, data: number, functions: { name: string, bytes: number }[] }} */
export function parts(bytes) {
  const module = new Reader(bytes);
  module.take(8);
  let [imported, code, data] = [0, 0, 0];
  const sizes = [];
  /** @type {Map<number, string>} */
  const names = new Map();
  while (!module.ended) {
    const id = module.byte();
    const section = module.take(module.number());
    if (id === IMPORTS) imported = countImports(section);
    if (id === DATA) data = section.bytes.length;
    if (id === CODE) {
      code = section.bytes.length;
      for (let left = section.number(); left > 0; left -= 1) {
        const length = section.number();
        section.take(length);
        sizes.push(length);
      }
    }
    if (id === CUSTOM && section.text() === 'name') readNames(section, names);
  }
  if (names.size === 0) throw new Error('the module has no name section; build it with names');
  const functions = sizes.map((bytes, at) => ({ bytes, name: demangled(names.get(at + imported) ?? '') }));
  return { code, data, functions };
}

function countImports(section) {
  let functions = 0;
  for (let left = section.number(); left > 0; left -= 1) {
    section.text();
    section.text();
    const kind = section.byte();
    if (kind === FUNCTION) {
      functions += 1;
      section.number();
    } else if (kind === 1) {
      section.byte();
      section.limits();
    } else if (kind === 2) section.limits();
    else section.take(2);
  }
  return functions;
}

function readNames(section, names) {
  while (!section.ended) {
    const id = section.byte();
    const list = section.take(section.number());
    if (id !== FUNCTION_NAMES) continue;
    for (let left = list.number(); left > 0; left -= 1) names.set(list.number(), list.text());
  }
}

/**
 * The first path of a name in rustc's mangling (v0), which wasm-bindgen undoes and a linker does not: a crate, and the identifiers
 * after it, each behind its length. @param {string} name
 */
function demangled(name) {
  if (!name.startsWith('_R')) return name;
  const crate = /C(?:s[0-9A-Za-z]*_)?(?=\d)/.exec(name);
  const words = [];
  for (let at = crate ? crate.index + crate[0].length : name.length; ; ) {
    const [all, digits] = /^(?:s[0-9A-Za-z]*_)?(\d+)_?/.exec(name.slice(at)) ?? [];
    if (!all) return words.join('::');
    at += all.length;
    words.push(name.slice(at, at + Number(digits)));
    at += Number(digits);
  }
}

/** The crate of a function, and of ours the module: the first path in its name. @param {string} name */
export function groupOf(name) {
  if (name.startsWith('core::ptr::drop_in_place')) return 'destructors';
  // Compiler and linker tell crates of one name apart by a number in brackets.
  const plain = name.replace(/\[[0-9a-f]+\]/g, '').replace(/\b(mut|dyn|const|as|for)\b/g, ' ');
  const [path] = /[a-z_][a-z_0-9]*(?:::[a-zA-Z_0-9]+)*/.exec(plain) ?? [''];
  const [crate, module, part, further] = path.split('::');
  if (!module) return 'exports and glue';
  if (crate !== 'bilik') return crate;
  // What follows `part` shows that it is a module, not a function.
  const isModule = further && /^[a-z]/.test(part);
  return isModule ? `bilik::${module}::${part}` : `bilik::${module}`;
}

/** @param {ReturnType<typeof parts>} of */
export function table({ code, data, functions }) {
  /** @type {Map<string, number>} */
  const groups = new Map();
  for (const { name, bytes } of functions) groups.set(groupOf(name), (groups.get(groupOf(name)) ?? 0) + bytes);
  const rows = [...groups].sort(([, one], [, other]) => other - one);
  const shown = rows.filter(([, bytes]) => bytes >= code / 100);
  const rest = rows.slice(shown.length).reduce((sum, [, bytes]) => sum + bytes, 0);
  const row = (what, bytes) => `| ${what} | ${bytes.toLocaleString('en')} | ${((bytes / code) * 100).toFixed(1)} % |`;
  return [
    '| part | bytes, not compressed | of the code |',
    '|---|---|---|',
    ...shown.map(([what, bytes]) => row(`\`${what}\``, bytes)),
    row(`${rows.length - shown.length} smaller parts`, rest),
    row('**code**', code),
    `| data | ${data.toLocaleString('en')} | |`,
  ].join('\n');
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const [file, count = '0'] = process.argv.slice(2);
  const of = parts(readFileSync(file));
  console.log(table(of));
  for (const { name, bytes } of of.functions.sort((one, other) => other.bytes - one.bytes).slice(0, Number(count)))
    console.log(`${String(bytes).padStart(7)} ${name.slice(0, 150)}`);
}
