/** A polling station, as a voter needs it: which, where, when, and how to get in. */
import { h } from './dom.js';
import { date, t } from './i18n.js';
import { hours, openNow } from './hours.js';
import { above, village } from './places.js';
import { p } from './parts.js';

const REFRESH_MS = 20_000;

/** @param {Station} station */
const placeOf = (station) => above({ ...station, code: station.villageCode });

/**
 * @param {Station} station
 * @param {{ clockBehind?: boolean }} [known] a clock that is wrong gives no countdown
 */
export function stationCard(station, { clockBehind } = {}) {
  const { number, venue, address, notice, accessible } = station;
  return h(
    'article',
    { class: 'station' },
    h(
      'div',
      { class: 'sign' },
      h('p', { class: 'number' }, h('span', {}, 'TPS '), h('strong', { 'data-station-number': true }, String(number))),
      h('p', { class: 'where' }, h('b', {}, village(station.villageCode, station.village)), h('span', {}, placeOf(station))),
    ),
    notice && h('div', { class: 'notice' }, h('b', {}, t('station.notice')), p(notice)),
    h(
      'dl',
      {},
      row(t('station.venue'), h('b', {}, venue), address && h('span', {}, address), ...mapLinks(station)),
      row(t('station.hours'), h('b', {}, hours(station)), h('span', {}, date(station.opens)), !clockBehind && countdown(station)),
      accessible !== undefined && row(t('station.access'), h('span', {}, t(accessible ? 'access.yes' : 'access.no'))),
    ),
  );
}

/** @param {string} term @param {...Child} details */
const row = (term, ...details) => h('div', {}, h('dt', {}, term), h('dd', {}, ...details));

/** Says whether it is open now, for as long as it is on the page. @param {Station} station */
function countdown(station) {
  const line = h('span', { class: 'now' });
  const paint = () => {
    const { state, text } = openNow(station);
    line.textContent = text;
    line.dataset.state = state;
  };
  paint();
  const timer = setInterval(() => (line.isConnected ? paint() : clearInterval(timer)), REFRESH_MS);
  return line;
}

/** @param {Station} station */
function mapLinks({ lat, lon, number, doubtfulCoordinates }) {
  if (lat === undefined || lon === undefined) return [];
  const at = `${lat},${lon}`;
  const osm = `https://www.openstreetmap.org/?mlat=${lat}&mlon=${lon}#map=18/${lat}/${lon}`;
  const phone = /Android/.test(navigator.userAgent);
  return [
    doubtfulCoordinates && h('span', { class: 'doubt' }, t('map.doubtful')),
    h(
      'span',
      { class: 'maps' },
      phone && h('a', { href: `geo:${at}?q=${at}(TPS%20${number})` }, t('map.app')),
      h('a', { href: osm, target: '_blank', rel: 'noopener noreferrer' }, t('map.web')),
    ),
  ];
}

/** The same as plain text, to copy or to share; nothing that was typed is in it. @param {Station} station */
export function stationText(station) {
  const { number, venue, address, notice } = station;
  return [
    `TPS ${number}, ${village(station.villageCode, station.village)}`,
    placeOf(station),
    [venue, address].filter(Boolean).join(', '),
    `${date(station.opens)}, ${hours(station)}`,
    notice,
  ]
    .filter(Boolean)
    .join('\n');
}
