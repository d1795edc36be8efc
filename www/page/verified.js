/** Why an answer can be believed. */
import { p } from './kit.js';

/**
 * Once, in place of what is below its heading.
 * @param {Ui} ui
 * @param {Element} details
 * @param {Provenance} data
 */
export function sayVerified({ t }, details, { manifest, serial }) {
  if (details.children[2]) return;
  const print = t('verified.print', { digest: manifest.slice(0, 16), serial });
  details.lastElementChild?.replaceWith(p(t('verified.how')), p(print, 'note'));
}
