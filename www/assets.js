/** Addresses of the files that lie beside this one. */

/** @param {string} url */
const createScriptURL = (url) => url;
const plain = /** @type {any} */ ({ createScriptURL });

/** Under Trusted Types a page allows this policy and no other, once; a page of somebody else may allow none. */
function createPolicy() {
  try {
    return /** @type {any} */ (globalThis).trustedTypes?.createPolicy('bilik', plain) ?? plain;
  } catch {
    return plain;
  }
}
/** @type {{ createScriptURL(url: string): string }} */
const policy = createPolicy();

/** The address of a file. @param {string} file */
export const assetUrl = (file) => new URL(file, import.meta.url).href;

/** The address of a script, which the page allows to run. @param {string} file */
export const scriptUrl = (file) => trusted(assetUrl(file));

/** An address of a script of this app, which the page allows to run. @param {string} url */
export const trusted = (url) => policy.createScriptURL(url);
