/** In a pack, in place of load-script.js: the scripts that a site loads when they are wanted. pack.js says where they are. */

/** By the end of their address. @type {Record<string, () => unknown>} */
export const scripts = {};

/** @param {string} url */
export async function loadScript(url) {
  const [path = ''] = url.split('#');
  const script = Object.keys(scripts).find((name) => path.endsWith(`/${name}`));
  if (!script) throw new Error('not in this file');
  return scripts[script]?.();
}
