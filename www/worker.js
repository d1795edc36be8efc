/**
 * The module, off the page's thread. Speaks with module-worker.js; the messages are `ToWorker` and `FromWorker` in types.d.ts.
 * All that it is made of is in this file and in the first message: it fetches nothing of the app. Where no worker can be had,
 * the page itself runs this file and takes `instantiate` from it.
 */
import { Bilik, KeyDeriver, start as startModule } from '../pkg/bilik.js';
import { instantiate, shareDerivations } from './instance.js';

/** All of the glue that is needed: what starts a module from elsewhere is not in this file. */
const glue = { Bilik, KeyDeriver, start: startModule };
/** @type {Map<number, AbortController>} */
const calls = new Map();
/** @type {Instance} */
let instance;

/** @param {FromWorker} message */
const send = (message) => postMessage(message);

/** @param {BilikOptions} options @param {WebAssembly.Module} module */
async function start(options, module) {
  try {
    const onTrap = (/** @type {boolean} */ isMemory) => send({ state: 'trapped', isMemory });
    instance = await instantiate(glue, module, options, onTrap, (id) => send({ lost: id }));
    send({ state: 'ready' });
  } catch (error) {
    const { name, message } = /** @type {Error} */ (error);
    send({ state: 'failed', error: { name, message } });
  }
}

/** @param {CallMessage} call */
async function answer(call) {
  const { id } = call;
  const abort = new AbortController();
  calls.set(id, abort);
  /** @type {LookupOptions} */
  const options = { onProgress: (progress) => send({ id, progress }), signal: abort.signal };
  const answered = await instance.run(call, call.takesOptions ? options : undefined);
  if (answered) send(answered);
  calls.delete(id);
}

function listen() {
  addEventListener('message', (/** @type {MessageEvent<ToWorker>} */ { data }) => {
    if (data === 'ping') send({ state: 'alive' });
    else if ('options' in data) start(data.options, data.module);
    else if ('pool' in data) shareDerivations(glue, data.module, data.pool).catch(close);
    else if ('deriver' in data) instance.pool.add(data.id, data.deriver);
    else if ('gone' in data) instance.pool.drop(data.gone);
    else if ('cancel' in data) calls.get(data.cancel)?.abort();
    else answer(data);
  });
  addEventListener('securitypolicyviolation', (event) => {
    const { effectiveDirective, blockedURI } = /** @type {SecurityPolicyViolationEvent} */ (/** @type {unknown} */ (event));
    send({ violation: [effectiveDirective, blockedURI] });
  });
  send({ state: 'alive' });
}

if ('document' in globalThis) Object.assign(globalThis, { [Symbol.for('bilik')]: instantiate.bind(null, glue) });
else listen();
