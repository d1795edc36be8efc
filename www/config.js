/** What the operator's `build` wrote into the head of the page. */
import { place } from './embed-place.js';

/** The words of a line in the head. @param {string} name */
const meta = (name) => place.root.querySelector(`meta[name=bilik-${name}]`)?.getAttribute('content')?.match(/\S+/g) ?? [];

/** @returns {BilikOptions} */
export const config = () => ({
  mirrors: meta('mirrors').map((mirror) => new URL(mirror, place.base).href),
  publicKey: meta('public-key'),
  election: meta('election')[0],
});
