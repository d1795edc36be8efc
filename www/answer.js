/** From an outcome to the section that shows it; here are those that know a station. */
import { h } from './dom.js';
import { t } from './i18n.js';
import { noSuchRegion, notFound } from './absent.js';
import { actionRow, block, bullets, button, contact, onwards, p, provenance, screen } from './parts.js';
import { stationCard, stationText } from './station.js';
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
    onwards(actions),
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
    onwards(actions),
    provenance(election, data),
  );
  section.dataset.by = by;
  return section;
}

/** Ways to take the station along, where the browser has them. @param {string} text */
function carry(text) {
  const copy = button(
    t('copy'),
    async () => {
      const words = await navigator.clipboard.writeText(text).then(() => 'copied', () => 'copy.failed');
      copy.textContent = t(words);
    },
    'quiet',
  );
  copy.setAttribute('aria-live', 'polite');
  return [
    navigator.clipboard && copy,
    'share' in navigator && button(t('share'), () => void navigator.share({ text }).catch(() => {}), 'quiet'),
    button(t('print'), () => print(), 'quiet'),
  ];
}
