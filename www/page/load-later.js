/** The script of what nobody needs before an answer (later.js). */
import { assetUrl } from '../assets.js';
import { importWithin } from '../limits.js';

/** @type {(later: typeof import('../later.js')) => void} */
let arrive;
/** @type {Promise<typeof import('../later.js')>} */
const arrived = new Promise((resolve) => (arrive = resolve));

/** @returns {Promise<typeof import('../later.js')>} */
export async function loadLater() {
  const later = await importWithin(assetUrl('later.js'));
  arrive(later);
  return later;
}

/**
 * What a station's card does with it once it is there. It is not asked for: a request would tell a server that somebody was found.
 * @param {(later: typeof import('../later.js')) => void} use
 */
export const withLater = (use) => void arrived.then(use);
