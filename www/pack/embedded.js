/**
 * The files in this document, and a `fetch` that gives them. Nothing else of the app knows that there is no network: it asks a mirror,
 * at an address that stands for this document, and checks what it gets as it does anywhere.
 */
import { inflateSync } from 'fflate';

/** No host has such a name (RFC 2606). */
export const SELF = 'https://this-file.invalid/';
/** Why a file cannot be had, in the problems of an outcome. */
export const ABSENT = 'not in this file';

/** The bytes of base64; none where the text is damaged, which are then refused as wrong bytes of a mirror are. @param {string} text */
function decode(text) {
  try {
    return Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  } catch {
    return new Uint8Array();
  }
}

/** CRC-32, as gzip has it: a damaged module could still compile. @param {Uint8Array} bytes */
function crc32(bytes) {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit++) crc = (crc >>> 1) ^ (crc & 1 && 0xedb88320);
  }
  return (~crc >>> 0).toString(16);
}

/** @returns {HTMLElement[]} */
const elements = () =>
  [...document.querySelectorAll('script[data-file]')].map((element) => /** @type {HTMLElement} */ (element));

/** The region's files, by the address at which the module asks for them. @returns {Record<string, Uint8Array>} */
export function dataFiles() {
  const all = elements().filter(({ dataset }) => !dataset.crc);
  return Object.fromEntries(all.map(({ dataset, textContent }) => [SELF + dataset.file, decode(textContent ?? '')]));
}

/** A file of the module. @param {string} path @returns {Uint8Array<ArrayBuffer>} */
function moduleFile(path) {
  const element = elements().find(({ dataset }) => dataset.file === path);
  const bytes = inflateSync(decode(element?.textContent ?? ''));
  if (crc32(bytes) !== element?.dataset.crc) throw new Error('damaged');
  return new Uint8Array(bytes);
}

/**
 * Runs in a worker before its script: what is asked for comes from the first message, and nothing is kept on the device. It goes
 * there as text, so that it needs nothing of this file.
 */
function prepareWorker() {
  Object.defineProperty(self, 'caches', { value: undefined });
  /** @type {Record<string, BlobPart>} */
  let files = {};
  addEventListener('message', ({ data }) => {
    files = data.options?.files ?? files;
  });
  self.fetch = async (url) => {
    const bytes = files[String(url)];
    if (bytes) return new Response(/** @type {any} */ (bytes));
    throw new Error('not in this file');
  };
}

/** The worker's script, which answers from this document. */
export const workerScript = () => new Blob([`(${prepareWorker})();\n`, moduleFile('worker.js')], { type: 'text/javascript' });

/**
 * From now on the page asks nobody but this document, and keeps nothing on the device.
 * @param {Record<string, Uint8Array>} data
 * @param {Record<string, Record<string, string>>} words by language
 */
export function answerFromHere(data, words) {
  Object.defineProperty(self, 'caches', { value: undefined });
  /** @type {Record<string, () => BodyInit>} */
  const parts = {
    'worker.js': workerScript,
    'pkg/bilik_bg.wasm': () => moduleFile('pkg/bilik_bg.wasm'),
  };
  for (const [code, texts] of Object.entries(words)) parts[`i18n/${code}.json`] = () => JSON.stringify(texts);
  self.fetch = async (input) => {
    const url = String(input);
    const bytes = data[url];
    if (bytes) return new Response(/** @type {any} */ (bytes));
    const path = Object.keys(parts).find((path) => url.endsWith(`/${path}`));
    if (!path) throw new Error(ABSENT);
    return new Response(parts[path]?.());
  };
}
