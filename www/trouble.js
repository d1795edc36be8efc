/** No answer could be given: the data is too old, not provably genuine, or not in reach. None of these is a "not found". */
import { date, t } from './i18n.js';
import { actionRow, button, contact, diagnostics, p, provenance, screen } from './parts.js';

/** @typedef {import('../pkg/bilik.js').Outcome} Outcome */
/** @typedef {import('./parts.js').Actions} Actions */

/** @param {Actions} actions */
const again = ({ retry, edit }) => actionRow(button(t('retry'), retry), button(t('edit'), edit, 'quiet'));

/** @param {Extract<Outcome, { outcome: 'stale' }>} outcome @param {Actions} actions */
export const stale = ({ election, data }, actions) =>
  screen(
    'stale',
    t('stale.title'),
    p(t('stale.lead', { when: date(data.expires) }), 'lead'),
    again(actions),
    contact(election),
    provenance(election, data),
  );

/** @param {Extract<Outcome, { outcome: 'unverified' }>} outcome @param {Actions} actions */
export const unverified = ({ problems }, actions) =>
  screen(
    'unverified',
    t('unverified.title'),
    p(t('unverified.lead'), 'lead'),
    p(t('unverified.do')),
    again(actions),
    contact(),
    diagnostics(problems),
  );

/** @param {Extract<Outcome, { outcome: 'unreachable' }>} outcome @param {Actions} actions */
export const unreachable = ({ problems }, actions) =>
  screen(
    'unreachable',
    t('unreachable.title'),
    p(t(navigator.onLine ? 'unreachable.lead' : 'unreachable.offline'), 'lead'),
    p(t('unreachable.kept')),
    again(actions),
    contact(),
    diagnostics(problems),
  );

/** Something that should not happen did. @param {Actions} actions */
export const broken = (actions) =>
  screen('broken', t('broken.title'), p(t('broken.lead'), 'lead'), again(actions), contact());
