/** What a browser makes of a published page: each check runs in a fresh profile, and gives what it saw or throws what is wrong. */

/** A start may wait for a slow host; nothing passes because of it. */
const PATIENCE_MS = 45_000;

/**
 * @typedef {object} Seen
 * @property {string[]} mirrors addresses that the page names
 * @property {string[]} keys lines of public keys that the page trusts
 * @property {number} serial of the newest signed head that it found
 * @property {string} district the name of a district of the election
 * @property {string} code its six digits
 * @property {number} readyMs until the form could be used
 */

/**
 * Opens the page and lets it do all but look somebody up.
 * @param {import('../engines/engines.mjs').Engine} engine
 * @param {string} url
 * @returns {Promise<Seen>}
 */
export const openPage = (engine, url) =>
  visiting(engine, url, async (visit) => {
    const readyMs = await started(visit);
    const { mirrors, keys } = await visit.evaluate(readPage);
    const { serial, code, district, failure } = await visit.evaluate(askData, mirrors);
    if (failure) throw new Error(failure);
    await typed(visit, code, district);
    await keptOnDevice(visit);
    return { mirrors, keys, serial, district, code, readyMs };
  });

/**
 * Asks one mirror alone, from the page: what is kept on the device or comes from another mirror proves nothing.
 * @param {import('../engines/engines.mjs').Engine} engine
 * @param {string} url of the page
 * @param {string} mirror
 * @returns {Promise<{ serial: number }>}
 */
export const askMirror = (engine, url, mirror) =>
  visiting(engine, url, async (visit) => {
    await started(visit);
    const { serial, failure } = await visit.evaluate(askData, [mirror]);
    if (failure) throw new Error(failure);
    return { serial };
  });

/** @template T @param {import('../engines/engines.mjs').Engine} engine @param {string} url @param {(visit: import('../engines/engines.mjs').Visit) => Promise<T>} work */
async function visiting(engine, url, work) {
  const visit = await engine.open(url);
  try {
    const seen = await work(visit);
    if (visit.trouble.length > 0) throw new Error('the console reports errors');
    return seen;
  } catch (error) {
    const reported = [...new Set(visit.trouble)].map((line) => `\n        console: ${line}`);
    throw new Error(`${error.message}${reported.join('')}`, { cause: error });
  } finally {
    await visit.close();
  }
}

/** Waits until the app has started and its form can be used. @param {import('../engines/engines.mjs').Visit} visit */
async function started(visit) {
  const began = Date.now();
  await visit.text('#form', PATIENCE_MS).catch(() => {
    throw new Error('the page shows no form');
  });
  for (const until = began + PATIENCE_MS; ; await new Promise((done) => setTimeout(done, 100))) {
    const { isReady, isOld } = await visit.evaluate(lookAtPage);
    if (isReady) return Date.now() - began;
    if (isOld) throw new Error('the page says that the search cannot run in this browser');
    if (Date.now() > until) throw new Error('the app does not start, so the form does nothing');
  }
}

/** Types the six digits of a district, and sees its name. */
async function typed(visit, code, district) {
  await visit.click('#nik');
  await visit.type('#nik', code);
  for (const until = Date.now() + PATIENCE_MS; ; await new Promise((done) => setTimeout(done, 100))) {
    const shown = await visit.evaluate(() => document.getElementById('form')?.innerText ?? '');
    if (shown.toLowerCase().includes(district.toLowerCase())) return;
    if (Date.now() > until) throw new Error(`after ${code} the form does not show the district ${district}`);
  }
}

/** The service worker stores the app, and the page comes from it after a reload. */
async function keptOnDevice(visit) {
  const failure = await visit.evaluate(keepApp, PATIENCE_MS);
  if (failure) throw new Error(failure);
  await visit.reload();
  await started(visit);
  const isKept = await visit.evaluate(() => navigator.serviceWorker.controller !== null);
  if (!isKept) throw new Error('after a reload the page does not come from its service worker');
}

// --- What runs in the page --------------------------------------------------------------------------------------------

function lookAtPage() {
  const html = document.documentElement;
  const field = /** @type {HTMLInputElement | null} */ (document.querySelector('#nik'));
  // An app that has started says so, and fills its menu of languages.
  const hasStarted = 'started' in html.dataset || document.querySelectorAll('#lang option').length > 0;
  return { isReady: hasStarted && !!field?.getClientRects().length && !field.disabled, isOld: html.className === 'old' };
}

async function readPage() {
  const { readConfig } = await import(new URL('app.js', document.baseURI).href);
  const { mirrors, publicKey } = readConfig(document, document.baseURI).options;
  return { mirrors, keys: [publicKey].flat() };
}

/** The head, and the files of one district, from these mirrors. @param {string[]} mirrors */
async function askData(mirrors) {
  const { ModuleClient, readConfig } = await import(new URL('app.js', document.baseURI).href);
  const client = new ModuleClient({ ...readConfig(document, document.baseURI).options, mirrors });
  const lines = (problems) => (problems ?? []).map(({ source, file, reason }) => `${source}${file}: ${reason}`).join('; ');
  try {
    const ready = await client.call('election');
    if (ready.outcome !== 'ready') return { failure: `the data is ${ready.outcome}: ${lines(ready.problems)}` };
    // Any village will do, but they are found by the beginning of a word only.
    let village;
    for (const letter of 'abcdefghijklmnopqrstuvwxyz0123456789') if (!village) [village] = await client.villages(letter);
    if (!village) return { failure: 'the election has no village' };
    const code = village.code.slice(0, 6);
    const prepared = await client.prepare(code);
    const problems = lines(prepared.data?.problems);
    if (problems) return { failure: problems };
    if (!prepared.district) return { failure: `the files of the district ${code} do not come` };
    return { serial: prepared.data.serial, code, district: prepared.district.name };
  } catch (error) {
    return { failure: `the module does not run: ${error.message ?? error}` };
  }
}

/** @param {number} patience */
async function keepApp(patience) {
  if (!navigator.serviceWorker) return 'no service worker can be had: it takes https, or localhost';
  const { scriptUrl } = await import(new URL('app.js', document.baseURI).href);
  try {
    const registration = await navigator.serviceWorker.register(scriptUrl('sw.js'), { updateViaCache: 'none' });
    const worker = registration.installing ?? registration.waiting ?? registration.active;
    for (const until = Date.now() + patience; worker.state !== 'activated'; await new Promise((done) => setTimeout(done, 50))) {
      if (worker.state === 'redundant')
        return 'the service worker does not install: a file of the app is missing or was changed';
      if (Date.now() > until) return `the service worker is still ${worker.state}`;
    }
    return '';
  } catch (error) {
    return `the service worker does not start: ${error.message}`;
  }
}
