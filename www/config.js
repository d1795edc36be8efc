/** What the operator's `build` wrote into the head of the page. */

/** @param {string} name */
const meta = (name) => document.querySelector(`meta[name="bilik-${name}"]`)?.getAttribute('content')?.trim() ?? '';

/** @param {string} text */
const list = (text) => text.split(/\s+/).filter(Boolean);

/** @returns {BilikOptions} */
export function config() {
  const election = meta('election');
  return {
    mirrors: list(meta('mirrors') || './').map((mirror) => new URL(mirror, document.baseURI).href),
    publicKey: list(meta('public-key')),
    ...(election && { election }),
  };
}
