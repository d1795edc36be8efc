/**
 * The way to a station, by the map that somebody has. Plain links: nothing is asked of anybody until one is pressed, and then they
 * carry the place and nothing else.
 */
import { AS_IS, h } from './dom.js';
import { loadLater } from './load-later.js';

/** Out of a frame, too, where a page of somebody else would stay blank. */
export const AWAY = { target: '_blank', rel: 'noopener noreferrer' };

/** Whether its coordinates can be trusted. @param {Station} station */
const isOnMap = ({ lat, lon, doubtfulCoordinates }) => lat !== undefined && lon !== undefined && !doubtfulCoordinates;

/** Whether it runs on one of these. @param {RegExp} system */
const on = (system) => system.test(navigator.userAgent);

/**
 * By coordinates, or by a search for the address where there are none that can be trusted.
 * @param {Station} station
 * @param {string} area
 * @returns {[name: string, url: string][]} an empty name is the app that the device has chosen for maps
 */
function maps(station, area) {
  const { lat, lon, venue, address } = station;
  const isKnown = isOnMap(station);
  const at = `${lat},${lon}`;
  const text = encodeURIComponent([venue, address, area].filter(Boolean).join(', '));
  /** @param {string} place @param {string} search */
  const url = (place, search) => (isKnown ? place : search + text);
  const google = 'https://www.google.com/maps/';
  const osm = 'https://www.openstreetmap.org/';
  /** @type {[boolean, string, string][]} */
  const all = [
    [on(/Android/), '', url(`geo:${at}?q=${at}`, 'geo:0,0?q=')],
    [on(/iPhone|iPad|Macintosh/), 'Apple Maps', url(`https://maps.apple.com/?daddr=${at}`, 'https://maps.apple.com/?q=')],
    [true, 'Google Maps', url(`${google}dir/?api=1&destination=${at}`, `${google}search/?api=1&query=`)],
    [on(/Android|iPhone|iPad/), 'Waze', url(`https://waze.com/ul?ll=${at}&navigate=yes`, 'https://waze.com/ul?q=')],
    [true, 'OpenStreetMap', url(`${osm}?mlat=${lat}&mlon=${lon}#map=18/${lat}/${lon}`, `${osm}search?query=`)],
  ];
  return all.flatMap(([isHere, name, href]) => (isHere ? [[name, href]] : []));
}

/** @param {Ui} ui @param {Station} station @param {string} area village, district and regency */
export function directions(ui, station, area) {
  const { t } = ui;
  const links = maps(station, area).map(([name, href]) =>
    h('li', {}, h('a', { href, ...(name ? { ...AWAY, ...AS_IS } : {}) }, name || t('map.app'))),
  );
  const note = !isOnMap(station) && h('p', { class: 'note' });
  // Its words are loaded later.
  const toggle =
    note &&
    (() =>
      loadLater().then(
        ({ sayByAddress }) => sayByAddress(ui, note),
        () => {},
      ));
  return h(
    'details',
    { class: 'directions', toggle },
    h('summary', {}, t('directions')),
    note,
    h('ul', { class: 'maps' }, ...links),
  );
}
