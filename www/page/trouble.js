/**
 * The screens of rare trouble: the data is too old or not provably genuine, the device has no memory left, or the module may not
 * run; and what is said of data that no server could confirm. None of these is a "not found", and none says anything of a voter: so
 * their script may be asked for when they are shown.
 */
import {
  SAYS,
  SCREENS,
  actionRow,
  browseLink,
  button,
  contact,
  h,
  isTransient,
  now,
  p,
  provenance,
  retryOrEdit,
  screen,
  trouble,
  webPage,
} from './kit.js';
import { reloadAfresh } from './update.js';

/** Whether a file was refused because its format came after this page. @param {Problem[]} [problems] */
const isTooOld = (problems = []) => problems.some(({ newer }) => newer);

/** Whether a head was refused: where the organiser's keys have changed, a newer page knows them. @param {Problem[]} [problems] */
const isHeadRefused = (problems = []) => problems.some(({ file, refused }) => refused && file === 'head.bilik');

/** @param {Ui} ui */
const reloadButton = ({ t, host }) => actionRow(button(t('update.reload'), () => void reloadAfresh(host.base)));

/** That no server could be asked whether this is the newest, and since when. @param {Ui} ui @param {Provenance} data */
function age({ t, language }, data) {
  const line = h('span');
  const paint = () => {
    line.textContent = t('data.kept', { ago: ago(language, data) });
  };
  paint();
  const timer = setInterval(() => (line.isConnected ? paint() : clearInterval(timer)), 60_000);
  return h('p', { class: 'promise', 'data-offline': true }, line);
}

/** "2 jam yang lalu". @param {Language} language @param {Provenance} data */
function ago(language, data) {
  const { signedAt, checkedAt = signedAt } = data;
  const seconds = (now(data) - Date.parse(checkedAt)) / 1000;
  /** @type {[Intl.RelativeTimeFormatUnit, number][]} */
  const units = [
    ['day', 86400],
    ['hour', 3600],
    ['minute', 60],
  ];
  const [unit, length] = units.find(([, length]) => seconds >= length) ?? [];
  if (unit && length) return new Intl.RelativeTimeFormat(language.locale).format(-Math.floor(seconds / length), unit);
  // In the future: the clock was set back since. After the signing it was, in any case.
  return seconds >= 0 ? language.t('data.now') : language.date(signedAt, true);
}

/** @type {typeof SAYS.kept} */
SAYS.kept = (ui, data) => {
  const { problems } = data;
  return [
    age(ui, data),
    isTooOld(problems) ? p(ui.t('newer.lead')) : '',
    isTooOld(problems) || isHeadRefused(problems) ? reloadButton(ui) : '',
  ];
};

/** @param {Ui} ui @param {Of<'stale'>} outcome @param {Actions} actions */
const stale = (ui, { election, data }, actions) =>
  screen(
    'stale',
    ui.t('stale.title'),
    p(ui.t('stale.lead', { when: ui.language.date(data.expires) }), 'lead'),
    // Swedish writes a day as ISO 8601 does.
    !data.clock && p(ui.t('stale.clock', { when: ui.language.date(new Date().toLocaleDateString('sv')) })),
    retryOrEdit(ui, actions),
    contact(ui, election),
    provenance(ui, election, data),
  );

/** @param {Ui} ui @param {Of<'unverified'>} outcome @param {Actions} actions */
const unverified = (ui, outcome, actions) =>
  isTooOld(outcome.problems)
    ? trouble(ui, outcome, 'newer.title', 'newer.lead', reloadButton(ui))
    : trouble(
        ui,
        outcome,
        'unverified.title',
        'unverified.lead',
        p(ui.t('unverified.do')),
        isTransient(outcome) && actions.waiting(),
        retryOrEdit(ui, actions),
        isHeadRefused(outcome.problems) && reloadButton(ui),
      );

/**
 * Says that the browser has deleted what was saved for the digits' regency, where it has.
 * @param {Ui} ui @param {string} digits @param {HTMLElement} place
 */
export async function tellLost(ui, digits, place) {
  const saved = await ui.client.call('saved');
  const isLost = saved.some((one) => digits.startsWith(one.code) && !(one.bytes && one.savedBytes === one.bytes));
  if (isLost) place.replaceWith(p(ui.t('unreachable.lost'), 'notice'));
}

/** @type {typeof SCREENS} */
const screens = {
  stale,
  unverified,
  out_of_memory: (ui, outcome, actions) =>
    trouble(ui, outcome, 'memory.title', 'memory.lead', retryOrEdit(ui, actions, browseLink(ui))),
  no_wasm: (ui, outcome) => trouble(ui, outcome, 'blocked.title', 'blocked.browser', p(ui.t('blocked.apple'))),
  forbidden: (ui, outcome) => trouble(ui, outcome, 'blocked.title', 'blocked.site', webPage(ui.host.base)),
};
Object.assign(SCREENS, screens);
