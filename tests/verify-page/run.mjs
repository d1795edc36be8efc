/** tests/verify-page.sh: the arguments, the order of the checks, and the lines that it prints. */
import { readFileSync } from 'node:fs';
import { parseArgs } from 'node:util';
import { ENGINES } from '../engines/engines.mjs';
import { askMirror, openPage } from './page.mjs';

const FETCH_LIMIT_MS = 20_000;

const { url, keys, name } = given();
const engine = await ENGINES[name]().catch((error) => leave(`the browser does not start: ${error.message}`));
let failures = 0;
try {
  await all();
} finally {
  await engine.close();
}
console.log(
  failures ? `NOT ok: ${failures} failed (${engine.name} ${engine.version})` : `ok (${engine.name} ${engine.version})`,
);
process.exit(failures ? 1 : 0);

async function all() {
  const page = await check(url, 'page', () => openPage(engine, url));
  for (const key of page?.keys ?? []) {
    if (keys.length > 0 && !keys.includes(key)) failed(url, 'page', `it trusts a key that was not given: ${key}`);
  }
  for (const key of page ? keys : []) if (!page.keys.includes(key)) failed(url, 'page', `it does not trust ${key}`);
  const serials = new Map();
  for (const mirror of page?.mirrors ?? (await mirrorsOf(url))) {
    if (page) {
      const data = await check(mirror, 'data', () => askMirror(engine, url, mirror));
      if (data) serials.set(mirror, data.serial);
    } else {
      console.log(`skip  data ${mirror}: not asked, because the page does not work`);
    }
    if (mirror !== url && (await servesPage(mirror))) {
      const other = await check(mirror, 'page', () => openPage(engine, mirror));
      if (page && other && String(other.keys) !== String(page.keys))
        failed(mirror, 'page', 'it trusts other keys than the site');
    }
  }
  const newest = Math.max(...serials.values());
  for (const [mirror, serial] of serials) {
    if (serial < newest)
      failed(mirror, 'data', `its serial is ${serial}, and another mirror has ${newest}: copy the site again`);
  }
}

/** The mirrors that a page names which does not work. @param {string} address */
async function mirrorsOf(address) {
  const html = await (await answer(address))?.text().catch(() => '');
  const [, named = ''] = /<meta name="bilik-mirrors" content="([^"]*)"/.exec(html ?? '') ?? [];
  const plain = named
    .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(Number.parseInt(hex, 16)))
    .replaceAll('&amp;', '&');
  return (plain.match(/\S+/g) ?? []).map((mirror) => new URL(mirror, address).href);
}

/** @template T @param {string} address @param {string} what @param {() => Promise<T>} work @returns {Promise<T | undefined>} */
async function check(address, what, work) {
  try {
    const seen = await work();
    const { serial, district, readyMs } = /** @type {any} */ (seen);
    const details = [
      readyMs !== undefined && `ready in ${(readyMs / 1000).toFixed(1)} s`,
      `serial ${serial}`,
      district && `shows ${district}`,
      readyMs !== undefined && 'comes from the device after a reload',
    ];
    console.log(`ok    ${what} ${address}: ${details.filter(Boolean).join(', ')}`);
    return seen;
  } catch (error) {
    failed(address, what, `${error.message}${await policyOf(what === 'page' ? address : url)}`);
    return undefined;
  }
}

function failed(address, what, reason) {
  failures += 1;
  console.log(`FAIL  ${what} ${address}: ${reason}`);
}

/** A policy that the page's host sends often is the cause, and its own is not in a header. @param {string} address */
async function policyOf(address) {
  const response = await answer(address);
  const policy = response?.headers.get('content-security-policy');
  return policy ? `\n        the host sends Content-Security-Policy: ${policy}` : '';
}

/** @param {string} mirror */
async function servesPage(mirror) {
  const response = await answer(mirror);
  return !!response?.ok && (await response.text().catch(() => '')).includes('bilik-mirrors');
}

/** @param {string} address */
function answer(address) {
  return fetch(address, { signal: AbortSignal.timeout(FETCH_LIMIT_MS) }).catch(() => undefined);
}

/** What the command line says. */
function given() {
  try {
    const { values, positionals } = parseArgs({
      allowPositionals: true,
      options: {
        engine: { type: 'string', default: 'chromium' },
        'public-key': { type: 'string', multiple: true, default: [] },
      },
    });
    if (positionals.length !== 1) throw new Error('usage: tests/verify-page.sh URL [--public-key KEY.pub] [--engine NAME]');
    const url = new URL(positionals[0]);
    if (!/^https?:$/.test(url.protocol)) throw new Error(`${url}: not an address that begins with https://`);
    if (!url.pathname.endsWith('/')) url.pathname += '/';
    if (!Object.hasOwn(ENGINES, values.engine)) throw new Error('--engine is chromium, firefox or webkit');
    const line = (key) => (key.startsWith('bilik-public-key:') ? key : readFileSync(key, 'utf8').trim());
    return { url: url.href, keys: values['public-key'].map(line), name: values.engine };
  } catch (error) {
    return leave(error.message);
  }
}

/** @param {string} reason @returns {never} */
function leave(reason) {
  console.error(`error: ${reason}`);
  process.exit(2);
}
