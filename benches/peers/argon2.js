/** Argon2id by several libraries, on a page of its own; bundled by benches/peers/argon2.mjs. */
import argon2Browser from 'argon2-browser/dist/argon2-bundled.min.js';
import setupOpenpgp from 'argon2id/lib/setup.js';
import { argon2id } from 'hash-wasm';
import sodium from 'libsodium-wrappers-sumo';

const glue = await import('/pkg/bilik.js');
let deriver;

const fetched = (name) => async (imports) => WebAssembly.instantiateStreaming(fetch(name), imports);
let openpgp;

/** Each derives 32 bytes of a password and a salt of 16 bytes; ours of a search. */
const libraries = {
  bilik: {
    start: async () => {
      await glue.default({ module_or_path: '/pkg/bilik_bg.wasm' });
      deriver = new glue.KeyDeriver();
    },
    derive: (_password, _salt, { search }) => deriver.derive(new Uint8Array(search), 0),
  },
  'hash-wasm': {
    start: async () => {},
    derive: (password, salt, { memory, passes }) =>
      argon2id({ password, salt, parallelism: 1, memorySize: memory, iterations: passes, hashLength: 32, outputType: 'binary' }),
  },
  openpgpjs: {
    start: async () => {
      openpgp = await setupOpenpgp(fetched('/argon2id/simd.wasm'), fetched('/argon2id/no-simd.wasm'));
    },
    derive: (password, salt, { memory, passes }) => openpgp({ password, salt, parallelism: 1, passes, memorySize: memory, tagLength: 32 }),
  },
  'libsodium.js': {
    start: () => sodium.ready,
    derive: (password, salt, { memory, passes }) => sodium.crypto_pwhash(32, password, salt, passes, 1024 * memory, sodium.crypto_pwhash_ALG_ARGON2ID13),
  },
  'argon2-browser': {
    start: async () => {},
    derive: async (pass, salt, { memory, passes }) =>
      (await argon2Browser.hash({ pass, salt, time: passes, mem: memory, hashLen: 32, parallelism: 1, type: argon2Browser.ArgonType.Argon2id })).hash,
  },
};

/** Milliseconds of the first call, with all that it starts, and what it gave. */
async function first(name, cost) {
  const [password, salt] = [new Uint8Array(cost.password), new Uint8Array(cost.salt)];
  const began = performance.now();
  await libraries[name].start();
  const bytes = await libraries[name].derive(password, salt, cost);
  return { ms: performance.now() - began, hash: [...bytes] };
}

/** Milliseconds a call. */
async function time(name, cost, turns) {
  const [password, salt] = [new Uint8Array(cost.password), new Uint8Array(cost.salt)];
  const began = performance.now();
  for (let turn = 0; turn < turns; turn += 1) await libraries[name].derive(password, salt, cost);
  return (performance.now() - began) / turns;
}

Object.assign(globalThis, { bench: { first, time } });
