/**
 * A worker that has the module as it is, and the files of a site in memory in place of a network: what is measured is the module's
 * own work. Without the Cache API, so that every file is read, verified, inflated and decoded.
 */
import * as glue from '/pkg/bilik.js';

Object.defineProperty(self, 'caches', { value: undefined });

/** @type {Map<string, Uint8Array>} */
const files = new Map();
const network = self.fetch;
self.fetch = async (request, options) => {
  const url = new URL(request.url ?? request);
  if (!url.pathname.startsWith('/site/')) return network(request, options);
  let bytes = files.get(url.pathname);
  if (!bytes) {
    bytes = new Uint8Array(await (await network(url)).arrayBuffer());
    files.set(url.pathname, bytes);
  }
  return new Response(bytes);
};

const DIGITS_OF_A_REGENCY = 4;
let deriver;

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

/** Milliseconds of one turn, of as many as take a quarter of a second: browsers make their clocks coarse. */
async function each(work, turns) {
  const ms = await timed(async () => {
    for (let turn = 0; turn < turns; turn += 1) await work();
  });
  return ms / turns;
}

/** Gives keys at once, of which none opens anything: the lookup does all its other work. */
async function* noKeys(_search, count) {
  yield count;
  return new Uint8Array(32 * count);
}

const bilik = (setup) => new glue.Bilik({ mirrors: [`${location.origin}/site/`], publicKey: setup.publicKey, derive: noKeys });

const work = {
  /** Compiles the module and starts it; in this worker for the first time. */
  async start() {
    const bytes = await (await network('/pkg/bilik_bg.wasm')).arrayBuffer();
    const compile = await timed(async () => {
      work.module = await WebAssembly.compile(bytes);
    });
    const instantiate = await timed(() => glue.default({ module_or_path: work.module }));
    deriver = new glue.KeyDeriver();
    return { compile, instantiate };
  },
  /** The first derivations, one by one: memory is allocated, and the browser has not optimised the code yet. */
  async first({ search }) {
    const bytes = new Uint8Array(search);
    const all = [];
    for (let index = 0; index < 4; index += 1) all.push(await timed(() => deriver.derive(bytes, index)));
    return all;
  },
  derive: ({ search, turns }) => each(() => deriver.derive(new Uint8Array(search), 5), turns),
  /** Head, part of the manifest and directory; then the table and the station list. The first time fills `files`. */
  async open({ setup }) {
    const one = bilik(setup);
    const before = await timed(() => one.prepare(setup.nik.slice(0, DIGITS_OF_A_REGENCY)));
    let ready;
    const after = await timed(async () => {
      ({ ready } = await one.prepare(setup.nik));
    });
    if (!ready) throw new Error('the files are not all there');
    one.free();
    return { before, after };
  },
  async lookup({ setup, turns }) {
    const one = bilik(setup);
    await one.prepare(setup.nik);
    // In turns, since the same question again has its keys already.
    const questions = [setup.name, `${setup.name} Lain`].map((name) => ({ nik: setup.nik, name }));
    for (const question of questions) {
      const { outcome } = await one.lookup(question);
      if (outcome !== 'village_needed') throw new Error(`expected no key to open anything, got ${outcome}`);
    }
    let turn = 0;
    const ms = await each(() => one.lookup(questions[turn++ % 2]), turns);
    one.free();
    return ms;
  },
  /** What is left of a lookup without the way into the module and out of it: the name is folded, and no key opens anything. */
  async steps({ name, keys, turns }) {
    const { default: start, Steps } = await import('/steps/bilik_bench_steps.js');
    await start();
    const made = Steps.make(keys);
    const one = async (work) => {
      // The first turns are slower: the browser has not optimised the code yet.
      await timed(work);
      return (await timed(work)) / turns;
    };
    const fold = await one(() => Steps.fold(name, turns));
    const refuse = await one(() => {
      if (made.refuse(turns)) throw new Error('a key of nobody opens something');
    });
    made.free();
    return { fold, refuse };
  },
  /** The first search fetches the names of the whole country; then each key is a search. */
  villages({ setup, query }) {
    work.bilik ??= bilik(setup);
    return timed(() => work.bilik.villages(query));
  },
};

onmessage = async ({ data: { id, what, asked } }) => {
  try {
    postMessage({ id, value: await work[what](asked) });
  } catch (error) {
    postMessage({ id, error: String(error) });
  }
};
