/** A polling station, as a voter needs it: which, where, when, how to get in, and ways to take it along. */
import { assetUrl } from '../assets.js';
import { importWithin, within } from '../limits.js';
import { AWAY, directions } from './directions.js';
import { AS_IS, h } from './dom.js';
import { withLater } from './load-later.js';
import { actionRow, button, now, p, webPage } from './parts.js';

const REFRESH_MS = 20_000;
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** "TPS 12, Desa Sukamaju"; abroad "TPSLN 1, PPLN Kuala Lumpur". @param {Ui} ui @param {Station} station */
export const nameOf = ({ language }, { kind, number, villageCode: code, village, district }) =>
  `${kind} ${number}, ${language.place(code, village, district)}`;

/** @param {Ui} ui @param {Station} station */
const parentsOf = ({ language }, station) => language.parents({ ...station, code: station.villageCode });

/** Its number in addresses. A box and a polling station may have the same one. @param {Station} station */
export const numberOf = ({ kind, number }) => `${kind.startsWith('TPS') ? '' : kind}${number}`;

/** The part of addresses for a station. @param {Station} station */
export const hashOf = (station) => `#/${station.villageCode}/${numberOf(station)}`;

/**
 * The page of this station, which says nothing of who asked; one that needs no script where the site has those.
 * @param {Ui} ui
 * @param {Station} station
 */
export const addressOf = ({ host }, station) => {
  const code = station.villageCode;
  const path = host.html.dataset.pages ? `tps/${code.slice(0, 4)}/${code}.html#${numberOf(station)}` : `./${hashOf(station)}`;
  return new URL(path, host.base).href;
};

/**
 * @param {Ui} ui
 * @param {Station} station
 * @param {Provenance} [data] which tells what is known of the clock
 */
export function stationCard(ui, station, data) {
  const { t, language } = ui;
  /** @param {string} term @param {...Child} details */
  const row = (term, ...details) => h('div', {}, h('dt', {}, t(term)), h('dd', {}, ...details));
  const { kind, number, venue, address, notice, noticeUrl, accessible, access = [], landmark } = station;
  const ways = [accessible, ...access].filter((way) => way !== undefined);
  return h(
    'article',
    { class: 'station' },
    h(
      'div',
      { class: 'sign', ...AS_IS },
      h('p', { class: 'number' }, h('span', {}, `${kind} `), h('strong', { 'data-station-number': true }, String(number))),
      h(
        'p',
        { class: 'where' },
        h('b', {}, language.village(station.villageCode, station.village)),
        h('span', {}, parentsOf(ui, station)),
      ),
    ),
    notice && h('div', { class: 'notice' }, h('b', {}, t('station.notice')), p(notice), webPage(noticeUrl)),
    h(
      'dl',
      {},
      row(
        'station.venue',
        h('b', AS_IS, venue),
        h('span', AS_IS, address),
        landmark && h('span', AS_IS, landmark),
        directions(ui, station, `${language.village(station.villageCode, station.village)}, ${parentsOf(ui, station)}`),
      ),
      row(
        'station.hours',
        h('b', AS_IS, hours(language, station)),
        h('span', {}, language.date(station.opens)),
        data?.clock === 'wrong' ? h('span', { class: 'doubt' }, t('data.clock')) : countdown(ui, station, data),
      ),
      ways.length > 0 && row('station.access', ...ways.map((way) => h('span', {}, t(`access.${way}`)))),
    ),
    h('p', { class: 'paper', ...AS_IS }, addressOf(ui, station)),
  );
}

/** "07.00–13.00 WIB", in the station's own time zone. @param {Language} language @param {Station} station */
const hours = (language, { opens, closes, timeZone }) =>
  `${language.hours(opens.slice(11, 16), closes.slice(11, 16))} ${timeZone}`;

/** "Rabu, 14 Februari 2029, 07.00–13.00 WIB". @param {Ui} ui @param {Station} station */
export const whenOf = ({ language }, station) => `${language.date(station.opens)}, ${hours(language, station)}`;

/**
 * Whether the station is open. A clock that nobody has confirmed tells no more than in how many days it will be; nothing is
 * said where the hours cannot be read.
 * @param {Ui} ui
 * @param {Station} station
 * @param {Provenance} [data]
 */
function openNow({ t }, { opens, closes }, data) {
  /** @param {number} ms */
  const until = (ms) =>
    ms < 2 * HOUR ? t('in.minutes', { count: Math.ceil(ms / 60_000) }) : t('in.hours', { count: Math.round(ms / HOUR) });
  const [at, from, to] = [Date.now(), Date.parse(opens), Date.parse(closes)];
  // Days are counted on the station's own calendar.
  const ahead = Date.parse(`${opens.slice(0, 19)}Z`) - from;
  const count = Math.floor((from + ahead) / DAY) - Math.floor((at + ahead) / DAY);
  if (!data || Number.isNaN(from + to) || (!data.clock && count < 2)) return ['', ''];
  if (at >= to) return ['after', t('hours.after')];
  if (at >= from) return ['open', t('hours.open', { when: until(to - at) })];
  return ['before', t('hours.before', { when: count > 1 ? t('in.days', { count }) : until(from - at) })];
}

/** Says whether it is open now, for as long as it is on the page. @param {Ui} ui @param {Station} station @param {Provenance} [data] */
function countdown(ui, station, data) {
  const line = h('span', { class: 'now' });
  const paint = () => {
    const [state, text] = openNow(ui, station, data);
    Object.assign(line, { textContent: text }).dataset.state = state;
  };
  paint();
  const timer = setInterval(() => (line.isConnected ? paint() : clearInterval(timer)), REFRESH_MS);
  return line;
}

/**
 * Ways to take the station along, where the browser has them.
 * @param {Ui} ui
 * @param {Station} station
 * @param {Partial<Prepared>} [known]
 */
export function stationActions(ui, station, { election, data } = {}) {
  const { t } = ui;
  // What these take is public: nothing that was typed is in it.
  const { venue, address, landmark, notice } = station;
  const title = nameOf(ui, station);
  const lines = [venue, address, landmark, parentsOf(ui, station), whenOf(ui, station), notice];
  const text = [title, ...lines].filter(Boolean).join('\n');
  const url = addressOf(ui, station);
  const copy = button(
    t('copy'),
    async () => {
      const copied = within('clipboard', navigator.clipboard.writeText(`${text}\n${url}`));
      const words = await copied.then(
        () => 'copied',
        () => 'copy.failed',
      );
      copy.textContent = t(words);
    },
    'quiet',
  );
  copy.setAttribute('aria-live', 'polite');
  // Some browsers throw here; others never say how it ended.
  const share = async () => navigator.share({ text, url });
  // Without its script paper has the address alone.
  const paper = () =>
    importWithin(assetUrl('qr.js'))
      .then((qr) => qr.addCodes(ui.root))
      .catch(() => {})
      .finally(() => print());
  const keep = () => withLater(({ saveDay }) => saveDay(t, { station, name: election?.name ?? '', title, text, url }));
  return actionRow(
    // Over, as far as that is known.
    (!data?.clock || Date.parse(station.closes) > now(data)) && button(t('calendar'), keep, 'quiet day'),
    'share' in navigator && button(t('share'), () => void share().catch(() => {}), 'quiet'),
    h('a', { class: 'button', href: `https://wa.me/?text=${encodeURIComponent(`${text}\n${url}`)}`, ...AWAY }, 'WhatsApp'),
    navigator.clipboard && copy,
    button(t('print'), paper, 'quiet'),
  );
}
