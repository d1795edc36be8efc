/** From an outcome to the section that shows it; here are those that know a station. */
import { h } from './dom.js';
import { t } from './i18n.js';
import { noSuchRegion, notFound } from './absent.js';
import { actionRow, block, bullets, button, contact, p, provenance, screen } from './parts.js';
import { stationCard, stationText } from './station.js';
import { stale, unreachable, unverified, broken } from './trouble.js';
import { villageNeeded } from './villages.js';

/** @typedef {import('../pkg/bilik.js').Outcome} Outcome */
/** @typedef {import('./parts.js').Actions} Actions */
/** @template {Outcome['outcome']} O @typedef {Extract<Outcome, { outcome: O }>} Of */

/**
 * @param {Exclude<Outcome, { outcome: 'bad_input' }> | { outcome: 'broken' }} outcome
 * @param {Actions} actions
 */
export function answer(outcome, actions) {
  switch (outcome.outcome) {
    case 'found':
      return found(outcome, actions);
    case 'ambiguous':
      return ambiguous(outcome, actions);
    case 'village_needed':
      return villageNeeded(outcome, actions);
    case 'not_found':
      return notFound(outcome, actions);
    case 'no_such_region':
      return noSuchRegion(outcome, actions);
    case 'stale':
      return stale(outcome, actions);
    case 'unverified':
      return unverified(outcome, actions);
    case 'unreachable':
      return unreachable(outcome, actions);
    default:
      return broken(actions);
  }
}

/** @param {Of<'found'>} outcome @param {Actions} actions */
function found({ by, station, election, data }, actions) {
  const section = screen(
    'found',
    t(`found.${by}`),
    by === 'near' && p(t('found.near.lead'), 'lead'),
    stationCard(station, data),
    actionRow(...carry(stationText(station))),
    block(t('bring.title'), bullets([t('bring.ktp'), t('bring.letter')])),
    by === 'near' && block(t('found.near.title'), p(t('found.near.why'))),
    by === 'near' && contact(election),
    actionRow(button(t('edit'), actions.edit, 'quiet'), button(t('clear'), actions.clear, 'quiet')),
    provenance(election, data),
  );
  section.dataset.by = by;
  return section;
}

/** @param {Of<'ambiguous'>} outcome @param {Actions} actions */
function ambiguous({ by, stations, election, data }, actions) {
  const section = screen(
    'ambiguous',
    t('ambiguous.title', { count: stations.length }),
    p(t('ambiguous.why'), 'lead'),
    block(t('ambiguous.how'), bullets([t('ambiguous.village'), t('ambiguous.letter'), t('ambiguous.ask')])),
    h('div', { class: 'several' }, ...stations.map((station) => stationCard(station, data))),
    contact(election),
    actionRow(button(t('edit'), actions.edit, 'quiet'), button(t('clear'), actions.clear, 'quiet')),
    provenance(election, data),
  );
  section.dataset.by = by;
  return section;
}

/** Ways to take the station along, where the browser has them. @param {string} text */
function carry(text) {
  /** @param {Event} event */
  const copy = async ({ currentTarget }) => {
    const done = await navigator.clipboard.writeText(text).then(() => true, () => false);
    if (currentTarget instanceof HTMLElement) currentTarget.textContent = t(done ? 'copied' : 'copy.failed');
  };
  return [
    navigator.clipboard && h('button', { type: 'button', class: 'quiet', click: copy, 'aria-live': 'polite' }, t('copy')),
    'share' in navigator && button(t('share'), () => void navigator.share({ text }).catch(() => {}), 'quiet'),
    button(t('print'), () => print(), 'quiet'),
  ];
}
