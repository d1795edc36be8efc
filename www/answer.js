/** From an outcome to the section that shows it; here are those that know a station. */
import { h } from './dom.js';
import { t } from './i18n.js';
import { noSuchRegion, notFound } from './absent.js';
import { block, bullets, contact, oddities, onwards, p, provenance, screen } from './parts.js';
import { carry, stationCard } from './station.js';
import { stale, unreachable, unverified, broken } from './trouble.js';
import { villageNeeded } from './villages.js';

/** @type {Record<string, (outcome: any, actions: Actions) => HTMLElement>} */
const SCREENS = {
  found,
  ambiguous,
  village_needed: villageNeeded,
  not_found: notFound,
  no_such_region: noSuchRegion,
  stale,
  unverified,
  unreachable,
  broken,
};

/** @param {Shown} outcome @param {Actions} actions */
export const answer = (outcome, actions) => (SCREENS[outcome.outcome] ?? broken)(outcome, actions);

/** @param {Of<'found'>} outcome @param {Actions} actions */
function found({ by, station, election, data, warnings }, actions) {
  const near = by === 'near';
  const section = screen(
    'found',
    t(`found.${by}`),
    near && p(t('found.near.lead'), 'lead'),
    stationCard(station, data),
    carry(station, election),
    block(t('bring.title'), bullets([t('bring.ktp'), t('bring.letter')])),
    ...(near ? [block(t('found.near.title'), p(t('found.near.why'))), ...oddities(warnings), contact(election)] : []),
    verified(data),
    onwards(actions),
    provenance(election, data),
  );
  section.dataset.by = by;
  return section;
}

/** @param {Of<'ambiguous'>} outcome @param {Actions} actions */
function ambiguous({ by, stations, election, data, warnings }, actions) {
  const villages = new Set(stations.map(({ villageCode }) => villageCode)).size;
  const section = screen(
    'ambiguous',
    t('ambiguous.title', { count: stations.length }),
    p(t('ambiguous.why'), 'lead'),
    ...oddities(warnings),
    block(
      t('ambiguous.how'),
      bullets([t(villages > 1 ? 'ambiguous.village' : 'ambiguous.address'), t('ambiguous.letter'), t('ambiguous.ask')]),
    ),
    h('div', { class: 'several' }, ...stations.map((station) => stationCard(station, data))),
    contact(election),
    verified(data),
    onwards(actions),
    provenance(election, data),
  );
  section.dataset.by = by;
  return section;
}

/** Why this can be believed. @param {Provenance} data */
const verified = ({ manifest }) =>
  h(
    'details',
    { class: 'verified' },
    h('summary', {}, t('verified')),
    p(t('verified.how')),
    p(t('verified.print', { digest: manifest.slice(0, 16) }), 'note'),
  );
