/** Why an answer can be believed. */
import { p } from './kit.js';

/**
 * Once, below its heading.
 * @param {Ui} ui
 * @param {Element} details
 * @param {Provenance} data
 */
export function sayVerified({ t }, details, { manifest, serial }) {
  if (details.children[1]) return;
  details.append(p(t('verified.how')), p(t('verified.print', { digest: manifest.slice(0, 16), serial }), 'note'));
}
