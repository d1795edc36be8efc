/** The public stations by address. Every village and every station has a page of its own, `#/village/number`. */
import { AS_IS, actionRow, fill, finder, h, p, provenance, screen, stationActions, stationCard } from './kit.js';

/** Metres of a degree of latitude. */
const DEGREE = 111_320;

/** @param {string} words @param {string} to */
const link = (words, to) => h('a', { class: 'button', href: `#${to}` }, words);

/**
 * All villages; the stations of one; or a single one of these.
 * @param {Ui} ui
 * @param {string} [code]
 * @param {string} [number]
 */
export function browse(ui, code, number) {
  const { t, language } = ui;
  const home = link(t('title'), '');
  if (!code) {
    const found = finder(ui, (village) => ui.host.go(`#/${village.code}`));
    return screen('browse', t('stations.which'), p(t('stations.public'), 'lead'), found, actionRow(home));
  }
  const status = p(t('progress.files'), 'note');
  status.setAttribute('role', 'status');
  const [body, foot] = [h('div', { class: 'answer' }), h('div')];
  const section = screen('stations', t('browse'), status, body, foot);
  Promise.all([ui.client.stations(code), ui.client.prepare('')]).then(
    ([stations, { election, data }]) => {
      const [first] = stations;
      const one = stations.find((station) => number === String(station.number));
      status.textContent = first ? '' : t('finder.none');
      const drawn = sketch(ui, stations, one) ?? '';
      if (one) body.append(stationCard(ui, one, data), drawn, stationActions(ui, one, { election, data }));
      else if (first) {
        const list = [...stations].sort((a, b) => a.number - b.number).map(brief);
        status.before(h('p', { class: 'lead', ...AS_IS }, language.parents({ ...first, code })));
        body.append(drawn, h('ul', { class: 'stations' }, ...list));
        status.textContent = t('stations.count', { count: stations.length });
      }
      const title = first && language.village(code, first.village);
      const heading = section.querySelector('h1');
      if (title && heading) {
        heading.translate = false;
        fill(heading, one ? `TPS ${number}, ${title}` : title);
        if (section.isConnected) ui.setTitle(heading.textContent);
      }
      if (data) foot.append(provenance(ui, election, data));
      body.append(actionRow(title && one && link(t('stations.all'), `/${code}`), link(t('stations.other'), '/'), home));
    },
    () => {
      status.textContent = t('finder.failed');
    },
  );
  return section;
}

/**
 * Where the stations of a village lie to one another, for the eye: the addresses say it in words. Drawn from the public
 * list, no map is asked of anybody; nothing where fewer than two places are known, or that of the chosen station is not.
 * @param {Ui} ui
 * @param {Station[]} stations
 * @param {Station} [chosen]
 */
function sketch({ t }, stations, chosen) {
  const known = stations.filter(({ lat, doubtfulCoordinates }) => lat !== undefined && !doubtfulCoordinates);
  const places = known.map(({ lat = 0, lon = 0 }) => [lon * DEGREE * Math.cos((lat * Math.PI) / 180), -lat * DEGREE]);
  const [x, y] = [0, 1].map((axis) => {
    const all = places.map((place) => place[axis] ?? 0);
    const [min, max] = [Math.min(...all), Math.max(...all)];
    return { length: max - min, middle: (min + max) / 2 };
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
  return h(
    'figure',
    { class: 'note', 'aria-hidden': 'true', ...AS_IS },
    h('div', { class: 'sketch' }, bar, ...dots),
    t('sketch.scale', { metres }),
  );
}

/** @param {Station} station */
const brief = ({ number, venue, address, notice, villageCode }) =>
  h(
    'li',
    {},
    h('a', { href: `#/${villageCode}/${number}`, ...AS_IS }, h('b', {}, `TPS ${number}`), venue),
    h('span', AS_IS, address),
    notice && h('span', { class: 'doubt' }, notice),
  );
