/** No answer could be given: the data is too old, not provably genuine, or not in reach. None of these is a "not found". */
import { date, t } from './i18n.js';
import { actionRow, button, contact, diagnostics, p, provenance, rights, screen } from './parts.js';

/** @param {Actions} actions */
const again = ({ retry, edit }) => actionRow(button(t('retry'), retry), button(t('edit'), edit, 'quiet'));

/** Whether waiting may help: some mirror was out of reach, whatever another one said. @param {any} outcome */
export const mayPass = ({ outcome, problems }) =>
  outcome === 'unreachable' || (outcome === 'unverified' && !problems.every((/** @type {any} */ { refused }) => refused));

/** @param {Of<'stale'>} outcome @param {Actions} actions */
export const stale = ({ election, data }, actions) =>
  screen(
    'stale',
    t('stale.title'),
    p(t('stale.lead', { when: date(data.expires) }), 'lead'),
    again(actions),
    contact(election),
    provenance(election, data),
  );

/** @param {Of<'unverified'>} outcome @param {Actions} actions */
export const unverified = (outcome, actions) =>
  screen(
    'unverified',
    t('unverified.title'),
    p(t('unverified.lead'), 'lead'),
    p(t('unverified.do')),
    mayPass(outcome) && actions.waiting(),
    again(actions),
    contact(),
    diagnostics(outcome.problems),
  );

/** @param {Of<'unreachable'>} outcome @param {Actions} actions */
export const unreachable = ({ problems }, actions) =>
  screen(
    'unreachable',
    t('unreachable.title'),
    p(t(navigator.onLine ? 'unreachable.lead' : 'unreachable.offline'), 'lead'),
    p(t('unreachable.kept')),
    actions.waiting(),
    again(actions),
    contact(),
    rights(),
    diagnostics(problems),
  );

/** Something that should not happen did. @param {unknown} _ @param {Actions} actions */
export const broken = (_, actions) =>
  screen('broken', t('broken.title'), p(t('broken.lead'), 'lead'), again(actions), contact());
