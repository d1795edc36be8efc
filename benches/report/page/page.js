/** On the bench's page: starts workers, and has them work in turns. */

const waiting = new Map();
let lastId = 0;
let worker;

/** What the worker answers. @param {string} what @param {object} [asked] */
function ask(what, asked) {
  const id = ++lastId;
  worker.postMessage({ id, what, asked });
  return new Promise((done, fail) => waiting.set(id, { done, fail }));
}

/** A worker in which nothing has run yet. */
function begin() {
  worker?.terminate();
  worker = new Worker('ours.js', { type: 'module' });
  worker.onerror = ({ message }) => console.error(message);
  worker.onmessage = ({ data: { id, value, error } }) => {
    const { done, fail } = waiting.get(id);
    if (error) fail(new Error(error));
    else done(value);
  };
}

Object.assign(globalThis, { bench: { begin, ask } });
