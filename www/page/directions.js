/**
 * The way to a station. Plain links: nothing is asked of anybody until one is pressed, and then they carry the place and nothing
 * else. One map is in the page; those of this device and a note on the place come with later.js (maps.js).
 */
import { AS_IS, h } from './dom.js';
import { withLater } from './load-later.js';

/** Out of a frame, too, where a page of somebody else would stay blank. */
export const AWAY = { target: '_blank', rel: 'noopener noreferrer' };

/**
 * A station as maps are told of it: `at`, its coordinates, where these can be trusted, or else the text to search for.
 * @param {Station} station
 * @param {string} area village, district and regency
 */
function placeOf({ lat, lon, doubtfulCoordinates, venue, address }, area) {
  // A station has both or neither.
  const at = lat !== undefined && !doubtfulCoordinates && `${lat},${lon}`;
  return { at, text: encodeURIComponent([venue, address, area].filter(Boolean).join(', ')) };
}

/** @param {string} name @param {string} href */
export const mapLink = (name, href) => h('li', {}, h('a', { href, ...AWAY, ...AS_IS }, name));

/** @param {Ui} ui @param {Station} station @param {string} area */
export function directions(ui, station, area) {
  const { at, text } = placeOf(station, area);
  const google = at ? `dir/?api=1&destination=${at}` : `search/?api=1&query=${text}`;
  const list = h('ul', { class: 'maps' }, mapLink('Google Maps', `https://www.google.com/maps/${google}`));
  const toggle = () => withLater(({ showMaps }) => showMaps(ui, list, { at, text }));
  return h('details', { class: 'directions', toggle }, h('summary', {}, ui.t('directions')), list);
}
