/** On the bench's page: starts workers, and has them derive in turns. */

const waiting = new Map();

/** @param {string} script @param {string} [type] */
function start(script, type = 'module') {
  const worker = new Worker(script, { type });
  worker.onerror = ({ message }) => {
    throw new Error(message);
  };
  worker.onmessage = ({ data: { id, value } }) => waiting.get(id)(value);
  return worker;
}

let lastId = 0;

/** What a worker answers. @param {Worker} worker @param {object} message @param {Transferable[]} [transfer] */
function ask(worker, message, transfer = []) {
  const id = ++lastId;
  worker.postMessage({ id, ...message }, transfer);
  return new Promise((done) => waiting.set(id, done));
}

/** A pool of `count` workers, the one that is asked among them. @param {number} count */
async function pool(count) {
  const main = start('ours.js');
  await ask(main, { start: true });
  for (let helper = 1; helper < count; helper += 1) {
    const { port1, port2 } = new MessageChannel();
    await ask(start('ours.js'), { share: port1 }, [port1]);
    await ask(main, { add: port2 }, [port2]);
  }
  return main;
}

let workers;

export async function begin(search) {
  const cold = start('ours.js');
  await ask(cold, { start: true });
  const first = await ask(cold, { each: 5, search });
  const turns = await ask(cold, { turns: 200 });
  cold.terminate();
  workers = { two: await pool(2), one: await pool(1), hashWasm: start('theirs.js', 'classic') };
  // The first derivations of each worker take longer.
  for (const worker of Object.values(workers)) await ask(worker, { count: 8, search });
  return { first, turns };
}

/** Milliseconds for `count` derivations. @param {'two' | 'one' | 'hashWasm'} who */
export const derive = (who, search, count) => ask(workers[who], { count, search });

Object.assign(globalThis, { bench: { begin, derive } });
