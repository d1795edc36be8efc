/** The public stations by address. Every village and every station has a page of its own, `#/village/number`. */
import { h } from './dom.js';
import { above, t, village } from './i18n.js';
import { actionRow, p, provenance, screen } from './parts.js';
import { carry, stationCard } from './station.js';
import { finder } from './villages.js';
import { place } from './embed-place.js';

/** Metres of a degree of latitude. */
const DEGREE = 111_320;

/** @param {string} words @param {string} to */
const link = (words, to) => h('a', { class: 'button', href: `#${to}` }, words);

/**
 * All villages; the stations of one; or a single one of these.
 * @param {Client} client
 * @param {string} [code]
 * @param {string} [number]
 */
export function browse(client, code, number) {
  const home = link(t('title'), '');
  if (!code) {
    const found = finder(client, (village) => place.go(`#/${village.code}`));
    return screen('browse', t('stations.which'), p(t('stations.public'), 'lead'), found, actionRow(home));
  }
  const said = p(t('progress.files'), 'note');
  said.setAttribute('role', 'status');
  const [body, foot] = [h('div', { class: 'answer' }), h('div')];
  const section = screen('stations', t('browse'), said, body, foot);
  client.stations(code).then(
    (stations) => {
      const [first] = stations;
      const one = stations.find((station) => number === String(station.number));
      said.textContent = first ? '' : t('finder.none');
      const drawn = sketch(stations, one) ?? '';
      if (one) body.append(stationCard(one), drawn, carry(one));
      else if (first) {
        const list = [...stations].sort((a, b) => a.number - b.number).map(brief);
        said.before(p(above({ ...first, code }), 'lead'));
        body.append(drawn, h('ul', { class: 'stations' }, ...list));
        said.textContent = t('stations.count', { count: stations.length });
      }
      const title = first && village(code, first.village);
      if (title) section.querySelector('h1')?.replaceChildren(one ? `TPS ${number}, ${title}` : title);
      body.append(actionRow(title && one && link(t('stations.all'), `/${code}`), link(t('stations.other'), '/'), home));
    },
    () => {
      said.textContent = t('finder.failed');
    },
  );
  client.prepare('').then((/** @type {Prepared} */ { election, data }) => data && foot.append(provenance(election, data)));
  return section;
}

/**
 * Where the stations of a village lie to one another, for the eye: the addresses say it in words. Drawn from the public
 * list, no map is asked of anybody; nothing where fewer than two places are known, or that of the chosen station is not.
 * @param {Station[]} stations
 * @param {Station} [chosen]
 */
function sketch(stations, chosen) {
  const known = stations.filter(({ lat, doubtfulCoordinates }) => lat !== undefined && !doubtfulCoordinates);
  const places = known.map(({ lat = 0, lon = 0 }) => [lon * DEGREE * Math.cos((lat * Math.PI) / 180), -lat * DEGREE]);
  const [x, y] = [0, 1].map((axis) => {
    const all = places.map((place) => place[axis] ?? 0);
    const [least, most] = [Math.min(...all), Math.max(...all)];
    return { length: most - least, middle: (least + most) / 2 };
  });
  if (!x || !y || !(x.length + y.length > 1) || (chosen && !known.includes(chosen))) return undefined;
  // How many metres the drawing is wide; it is half as high.
  const width = Math.max(x.length * 1.25, y.length * 3);
  const percent = (metres = 0) => `${(metres / width) * 100}%`;
  const dots = places.map(([east = 0, south = 0], at) => {
    const dot = h('b', { class: known[at] === chosen && 'chosen' }, String(known[at]?.number));
    dot.style.left = percent(east - x.middle + width / 2);
    dot.style.top = percent(2 * (south - y.middle) + width / 2);
    return dot;
  });
  const metres = 10 ** Math.floor(Math.log10(width / 2));
  const bar = h('i');
  bar.style.width = percent(metres);
  return h('figure', { class: 'note', 'aria-hidden': 'true' }, h('div', { class: 'sketch' }, bar, ...dots), t('sketch.scale', { metres }));
}

/** @param {Station} station */
const brief = ({ number, venue, address, notice, villageCode }) =>
  h(
    'li',
    {},
    h('a', { href: `#/${villageCode}/${number}` }, h('b', {}, `TPS ${number}`), venue),
    h('span', {}, address),
    notice && h('span', { class: 'doubt' }, notice),
  );
