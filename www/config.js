/** What the operator's `build` wrote into the head of the page. */
import { place } from './embed-place.js';

/** A line in the head. @param {string} name */
const line = (name) => place.root.querySelector(`meta[name=bilik-${name}]`)?.getAttribute('content') ?? '';

/** Its words. @param {string} name */
const words = (name) => line(name).match(/\S+/g) ?? [];

/** @returns {BilikOptions} */
export const config = () => ({
  mirrors: words('mirrors').map((mirror) => new URL(mirror, place.base).href),
  publicKey: words('public-key'),
  threshold: Number(line('threshold') || 1),
  election: words('election')[0],
});

/** Whom to call, even if no data ever arrives. @returns {Pick<Election, 'helpPhone' | 'helpUrl'>} */
export const help = () => ({ helpPhone: line('help-phone'), helpUrl: line('help-url') });
