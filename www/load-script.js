/** @param {string} url of a script of this app. A pack, which has its scripts in it, has another module in place of this one (pack/load-script.js). */
export const loadScript = (url) => import(url);
