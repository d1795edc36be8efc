/** A worker of the page's own: the pool and the module as they are. */
import * as glue from '/pkg/bilik.js';
import { shareDerivations } from '/www/instance.js';
import { DeriverPool } from '/www/pool.js';

let pool;
let deriver;

const module = () => WebAssembly.compileStreaming(fetch('/pkg/bilik_bg.wasm'));

async function timed(work) {
  const began = performance.now();
  await work();
  return performance.now() - began;
}

const byMessage = () =>
  new Promise((done) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => (port1.close(), done());
    port2.postMessage(0);
  });
const byTimer = () => new Promise((done) => setTimeout(done));

/** Milliseconds a turn. */
async function turn(next, turns) {
  return (await timed(async () => {
    for (let at = 0; at < turns; at += 1) await next();
  })) / turns;
}

async function answer({ start, share, add, each, turns, count, search }) {
  if (start) {
    await glue.default({ module_or_path: await module() });
    deriver = new glue.KeyDeriver();
    pool = new DeriverPool(deriver);
  }
  if (share) await shareDerivations(glue, await module(), share);
  if (add) pool.add(1, add);
  const bytes = search && new Uint8Array(search);
  if (each) {
    const all = [];
    for (let index = 0; index < each; index += 1) all.push(await timed(() => deriver.derive(bytes, index)));
    return all;
  }
  if (turns) return { message: await turn(byMessage, turns), timer: await turn(byTimer, turns) };
  if (!count) return undefined;
  return timed(async () => {
    for await (const _ of pool.derive(bytes, count));
  });
}

onmessage = async ({ data: { id, ...asked } }) => postMessage({ id, value: await answer(asked) });
