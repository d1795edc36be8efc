/** The script of what nobody needs before an answer (later.js). */
import { assetUrl } from '../assets.js';
import { importWithin } from '../limits.js';

/** @returns {Promise<typeof import('../later.js')>} */
export const loadLater = () => importWithin(assetUrl('later.js'));

/** What can do without it. @param {(later: typeof import('../later.js')) => unknown} use */
export const withLater = (use) =>
  void loadLater()
    .then(use)
    .catch(() => {});
