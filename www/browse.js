/** The public stations by address. Every village and every station has a page of its own, `#/village/number`. */
import { h } from './dom.js';
import { above, t, village } from './i18n.js';
import { actionRow, p, provenance, screen } from './parts.js';
import { carry, stationCard } from './station.js';
import { finder } from './villages.js';
import { place } from './embed-place.js';

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
      if (one) body.append(stationCard(one), carry(one));
      else if (first) {
        const list = [...stations].sort((a, b) => a.number - b.number).map(brief);
        said.before(p(above({ ...first, code }), 'lead'));
        body.append(h('ul', { class: 'stations' }, ...list));
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

/** @param {Station} station */
const brief = ({ number, venue, address, notice, villageCode }) =>
  h(
    'li',
    {},
    h('a', { href: `#/${villageCode}/${number}` }, h('b', {}, `TPS ${number}`), ' ', venue),
    h('span', {}, address),
    notice && h('span', { class: 'doubt' }, notice),
  );
