/** The one place that makes script addresses: a page under Trusted Types allows the policy `bilik` and no other. */

/** @typedef {{ createScriptURL(url: string): string }} Policy */

/** @type {{ createPolicy(name: string, rules: Policy): Policy } | undefined} */
const factory = /** @type {any} */ (globalThis).trustedTypes;

/** @type {Policy} */
const plain = { createScriptURL: (url) => url };
const policy = factory ? factory.createPolicy('bilik', plain) : plain;

/**
 * The address of a script that lies beside this file; nothing else can be asked for.
 * @param {'worker.js'} name
 */
export const scriptURL = (name) => policy.createScriptURL(new URL(name, import.meta.url).href);
