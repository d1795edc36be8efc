/** The public stations by address. Every village and every station has a page of its own, `#/village/number`. */
import {
  AS_IS,
  actionRow,
  addressOf,
  fill,
  finder,
  h,
  hashOf,
  nameOf,
  numberOf,
  p,
  provenance,
  screen,
  stationActions,
  stationCard,
} from './kit.js';

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
  Promise.all([ui.client.call('stations', code), ui.client.prepare(code.slice(0, 2))]).then(
    ([stations, { election, data }]) => {
      // The data has the last word on whether all of it is made up.
      if (election) ui.host.html.dataset.demo = String(election.demo);
      const [first] = stations;
      const one = number ? stations.find((station) => numberOf(station) === number) : undefined;
      status.textContent = first ? '' : t('stations.unknown', { code });
      if (one) body.append(stationCard(ui, one, data), stationActions(ui, one, { election, data }));
      else if (first) {
        const list = [...stations].sort((a, b) => b.kind.localeCompare(a.kind) || a.number - b.number).map(brief);
        status.before(h('p', { class: 'lead', ...AS_IS }, language.parents({ ...first, code })));
        body.append(h('ul', { class: 'stations' }, ...list));
        status.textContent = t(number ? 'stations.missing' : 'stations.count', { number: number ?? '', count: list.length });
      }
      const title = first && language.village(code, first.village);
      const heading = section.querySelector('h1');
      if (title && heading) {
        heading.translate = false;
        fill(heading, one ? nameOf(ui, one) : title);
        if (section.isConnected) ui.setTitle(heading.textContent);
      }
      if (data) foot.append(provenance(ui, election, data));
      const poster =
        first &&
        ui.host.html.dataset.pages &&
        h('a', { class: 'button', href: addressOf(ui, first).replace(/#.*/, '') }, t('stations.poster'));
      body.append(actionRow(poster, title && one && link(t('stations.all'), `/${code}`), link(t('stations.other'), '/'), home));
    },
    () => {
      status.textContent = t('finder.failed');
    },
  );
  return section;
}

/** @param {Station} station */
const brief = (station) =>
  h(
    'li',
    {},
    h('a', { href: hashOf(station), ...AS_IS }, h('b', {}, `${station.kind} ${station.number}`), station.venue),
    h('span', AS_IS, station.address),
    station.notice && h('span', { class: 'doubt' }, station.notice),
  );
