/** The maps that this device has, in the list of a station's directions. */
import { h, mapLink } from './kit.js';

/** Whether it runs on one of these. @param {RegExp} system */
const on = (system) => system.test(navigator.userAgent);

/**
 * Adds them behind the one that is there, which somebody may be about to touch. By coordinates, or by a search for the address where
 * there are none that can be trusted; then it says so.
 * @param {Ui} ui
 * @param {Element} list
 * @param {{ at: string | false, text: string }} place
 */
export function showMaps({ language }, list, { at, text }) {
  if (list.children[1]) return;
  /** @param {string} point @param {string} search */
  const url = (point, search) => (at ? point : search + text);
  const [lat, lon] = (at || '').split(',');
  const osm = 'https://www.openstreetmap.org/';
  // The app that the device has chosen.
  if (on(/Android/)) {
    const own = h('a', { href: url(`geo:${at}?q=${at}`, 'geo:0,0?q=') });
    list.append(h('li', {}, language.setText(own, 'map.app')));
  }
  if (on(/iPhone|iPad|Macintosh/)) {
    list.append(mapLink('Apple Maps', url(`https://maps.apple.com/?daddr=${at}`, 'https://maps.apple.com/?q=')));
  }
  if (on(/Android|iPhone|iPad/)) {
    list.append(mapLink('Waze', url(`https://waze.com/ul?ll=${at}&navigate=yes`, 'https://waze.com/ul?q=')));
  }
  list.append(mapLink('OpenStreetMap', url(`${osm}?mlat=${lat}&mlon=${lon}#map=18/${lat}/${lon}`, `${osm}search?query=`)));
  if (!at) list.after(language.setText(h('p', { class: 'note' }), 'stations.by_address'));
}
