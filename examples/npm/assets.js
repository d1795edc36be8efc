/**
 * Takes the place of www/assets.js in the package: each file by an address that a bundler sees, so that it puts the file beside
 * its own.
 */

/** @type {Record<string, URL>} */
const FILES = {
  'worker.js': new URL('./worker.js', import.meta.url),
  'on-page.js': new URL('./on-page.js', import.meta.url),
  'pkg/bilik_bg.wasm': new URL('./pkg/bilik_bg.wasm', import.meta.url),
};

/** Under Trusted Types a page allows the policy `bilik`, once. */
function createPolicy() {
  const plain = { createScriptURL: (/** @type {string} */ url) => url };
  try {
    return globalThis.trustedTypes?.createPolicy('bilik', plain) ?? plain;
  } catch {
    return plain;
  }
}
const policy = createPolicy();

/** @param {string} file */
export const assetUrl = (file) => FILES[file].href;

/** @param {string} url */
export const trusted = (url) => policy.createScriptURL(url);

/** @param {string} file */
export const scriptUrl = (file) => trusted(assetUrl(file));
