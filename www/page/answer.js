/** From an outcome to the section that shows it. A miss is never bare: what was searched, likely slips, what the law allows. */
import { birthIn, digitsIn, grouped, slips } from './digits.js';
import { AS_IS, h } from './dom.js';
import { loadLater } from './load-later.js';
import {
  actionRow,
  age,
  block,
  browseLink,
  bullets,
  button,
  contact,
  diagnostics,
  nextSteps,
  p,
  provenance,
  rights,
  screen,
  searchedIn,
  warningLines,
  webPage,
} from './parts.js';
import { nameOf, stationActions, stationCard } from './station.js';
import { villageNeeded } from './villages.js';

/** @param {Ui} ui @param {Shown} outcome @param {Actions} actions */
export function answer(ui, outcome, actions) {
  const section = (SCREENS[outcome.outcome] ?? broken)(ui, outcome, actions);
  if ('data' in outcome && outcome.data.offline) {
    const { problems } = outcome.data;
    section
      .querySelector('h1')
      ?.after(
        age(ui, outcome.data),
        isTooOld(problems) ? p(ui.t('newer.lead')) : '',
        isTooOld(problems) || isHeadRefused(problems) ? reloadButton(ui) : '',
      );
  }
  return section;
}

/** Whether a file was refused because its format came after this page. @param {Problem[]} [problems] */
const isTooOld = (problems = []) => problems.some(({ newer }) => newer);

/** Whether a head was refused: where the organiser's keys have changed, a newer page knows them. @param {Problem[]} [problems] */
const isHeadRefused = (problems = []) => problems.some(({ file, refused }) => refused && file === 'head.bilik');

/** @param {Ui} ui */
const reloadButton = ({ t, host }) =>
  actionRow(
    button(t('update.reload'), async () => {
      const later = await loadLater().catch(() => undefined);
      if (later) await later.reloadAfresh(host.base);
      else location.reload();
    }),
  );

/** @param {Ui} ui @param {Of<'found'>} outcome @param {Actions} actions */
function found(ui, { by, station, election, help, data, warnings }, actions) {
  const { t } = ui;
  const near = by === 'near';
  const section = screen(
    'found',
    t(`found.${by}`),
    near && p(t('found.near.lead'), 'lead'),
    stationCard(ui, station, data),
    stationActions(ui, station, { election, data }),
    block(t('bring.title'), bullets([t('bring.ktp'), t('bring.letter')])),
    ...(near ? [block(t('found.near.title'), p(t('found.near.why'))), ...warningLines(ui, warnings)] : []),
    (near || help) && contact(ui, election, help),
    verified(ui, data),
    nextSteps(ui, actions),
    provenance(ui, election, data),
  );
  section.dataset.by = by;
  // The focus comes here, and the number is what was asked for.
  section.querySelector('h1')?.setAttribute('aria-label', `${t(`found.${by}`)}: ${nameOf(ui, station)}`);
  return section;
}

/** @param {Ui} ui @param {Of<'ambiguous'>} outcome @param {Actions} actions */
function ambiguous(ui, { by, stations, election, help, data, warnings }, actions) {
  const { t } = ui;
  const villages = new Set(stations.map(({ villageCode }) => villageCode)).size;
  const section = screen(
    'ambiguous',
    t('ambiguous.title', { count: stations.length }),
    p(t('ambiguous.why'), 'lead'),
    ...warningLines(ui, warnings),
    block(
      t('ambiguous.how'),
      bullets([t(villages > 1 ? 'ambiguous.village' : 'ambiguous.address'), t('ambiguous.letter'), t('ambiguous.ask')]),
    ),
    h('div', { class: 'several' }, ...stations.map((station) => stationCard(ui, station, data))),
    contact(ui, election, help),
    verified(ui, data),
    nextSteps(ui, actions),
    provenance(ui, election, data),
  );
  section.dataset.by = by;
  return section;
}

/** Why this can be believed. @param {Ui} ui @param {Provenance} data */
const verified = ({ t }, { manifest, serial }) =>
  h(
    'details',
    { class: 'verified' },
    h('summary', {}, t('verified')),
    p(t('verified.how')),
    p(t('verified.print', { digest: manifest.slice(0, 16), serial }), 'note'),
  );

/** @param {Ui} ui @param {Of<'not_found'>} outcome @param {Actions} actions */
function notFound(ui, { searched, election, help, data, warnings }, actions) {
  const { t } = ui;
  const born = ui.language.birth(birthIn(digitsIn(actions.asked())));
  const check = bullets([t('slip.name'), ...(searched.village ? [t('slip.village')] : [])]);
  // On the screen only: paper may be left behind.
  if (born) check.prepend(h('li', { class: 'typed' }, t('slip.digits', { birth: born })));
  return screen(
    'not_found',
    t('not_found.title'),
    p(t('not_found.lead'), 'lead'),
    searched.commonName && p(t('not_found.common'), 'notice'),
    ...warningLines(ui, warnings),
    actionRow(button(t('edit'), actions.edit)),
    suggestions(ui),
    block(t('not_found.check'), check),
    searchedIn(ui, searched, born),
    rights(ui),
    contact(ui, election, help),
    provenance(ui, election, data),
  );
}

/** @param {Ui} ui @param {Of<'no_such_region'>} outcome @param {Actions} actions */
function noSuchRegion(ui, { searched, election, help, data }, actions) {
  const { t } = ui;
  return screen(
    'no_such_region',
    t('region.title'),
    p(t('region.lead', { code: searched.district }), 'lead'),
    actionRow(button(t('edit'), actions.edit)),
    block(t('not_found.check'), bullets([t('region.digits'), t('region.part'), t('region.card')])),
    otherDistricts(ui, actions),
    rights(ui),
    contact(ui, election, help),
    provenance(ui, election, data),
  );
}

/** Twelve digits that somebody may have meant, at one touch. @param {Actions} actions @param {string} nik @param {string} words @param {string} typed in groups */
function suggestion(actions, nik, words, typed) {
  const marked = [...grouped(nik)].map((digit, at) => (digit === typed[at] ? digit : h('u', {}, digit)));
  const click = () => actions.instead(nik);
  return h(
    'li',
    {},
    h('button', { type: 'button', class: 'choice', click }, h('b', AS_IS, ...marked), h('span', AS_IS, words)),
  );
}

/** A block for suggestions, hidden until there is one. @param {Ui} ui */
function suggestions({ t }) {
  const section = block(t('slip.title'), h('ul', { class: 'choices' }));
  // On the screen only: paper may be left behind.
  Object.assign(section, { hidden: true }).classList.add('typed', 'slips');
  return section;
}

/** Shows the slips in the digits with which somebody was found. @param {Ui} ui @param {Actions} actions @param {string[]} found */
export function showSlips(ui, actions, found) {
  const section = /** @type {HTMLElement | null} */ (ui.byId('answer').querySelector('[data-outcome="not_found"] .slips'));
  if (!section || !found.length) return;
  const digits = digitsIn(actions.asked());
  const kinds = new Map(slips(digits).map(([nik = '', kind]) => [nik, kind]));
  const words = (/** @type {string} */ nik) => `${ui.t(`slip.${kinds.get(nik)}`)} ${ui.language.birth(birthIn(nik))}`;
  section.querySelector('ul')?.replaceChildren(...found.map((nik) => suggestion(actions, nik, words(nik), grouped(digits))));
  section.hidden = false;
  ui.announce(ui.t('slip.title'));
}

/** Districts whose code the digits may have meant. What is asked for here follows from the digits. @param {Ui} ui @param {Actions} actions */
function otherDistricts(ui, actions) {
  const digits = digitsIn(actions.asked());
  const section = suggestions(ui);
  slips(digits, true).forEach(async ([nik = '', kind]) => {
    const code = nik.slice(0, 6);
    const [one] = await ui.client.villages('', code).catch(() => []);
    if (!one) return;
    const words = `${ui.t(`slip.${kind}`)} ${ui.language.districtLine({ ...one, code, name: one.district })}`;
    section.querySelector('ul')?.append(suggestion(actions, nik, words, grouped(digits)));
    section.hidden = false;
  });
  return section;
}

// No answer could be given: the data is too old, not provably genuine, or not in reach. None of these is a "not found".

/** @param {Ui} ui @param {Actions} actions @param {...Child} more */
const retryOrEdit = ({ t }, { retry, edit }, ...more) =>
  actionRow(button(t('retry'), retry), ...more, button(t('edit'), edit, 'quiet'));

/** Whether waiting may help: some mirror was out of reach, whatever another one said. @param {any} outcome */
export const isTransient = ({ outcome, problems }) =>
  outcome === 'unreachable' ||
  (outcome === 'unverified' &&
    !problems.every(
      /** @param {Problem} problem */
      ({ refused }) => refused,
    ));

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

/**
 * A screen for what the data has no part in.
 * @param {Ui} ui
 * @param {{ outcome: string, problems?: Problem[] }} outcome
 * @param {string} title
 * @param {string} lead
 * @param {...Child} children
 */
const trouble = (ui, { outcome, problems }, title, lead, ...children) =>
  screen(
    outcome,
    ui.t(title),
    p(ui.t(lead), 'lead'),
    ...children,
    contact(ui),
    outcome === 'unreachable' && rights(ui),
    problems && diagnostics(ui, problems),
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

/** @param {Ui} ui @param {Of<'unreachable'>} outcome @param {Actions} actions */
function unreachable(ui, outcome, actions) {
  // A part of the app, not the data.
  const isApp = outcome.problems.some(({ file }) => /\.(js|wasm|json)$/.test(file));
  const lost = p(ui.t('unreachable.lost'), 'notice');
  lost.hidden = true;
  const district = digitsIn(actions.asked());
  /** @param {Saved[]} saved */
  const tellLost = (saved) => {
    lost.hidden = !saved.some((one) => district.startsWith(one.code) && !(one.bytes && one.savedBytes === one.bytes));
  };
  if (!isApp) ui.client.saved().then(tellLost, () => {});
  return trouble(
    ui,
    outcome,
    'unreachable.title',
    !navigator.onLine ? 'unreachable.offline' : isApp ? 'unreachable.app' : 'unreachable.lead',
    lost,
    p(ui.t('unreachable.kept')),
    actions.waiting(),
    retryOrEdit(ui, actions),
  );
}

/** Something that should not happen did. @type {(ui: Ui, outcome: any, actions: Actions) => HTMLElement} */
const broken = (ui, outcome, actions) => trouble(ui, outcome, 'broken.title', 'broken.lead', retryOrEdit(ui, actions));

/** @type {Record<string, typeof broken>} */
export const SCREENS = {
  found,
  ambiguous,
  village_needed: villageNeeded,
  not_found: notFound,
  no_such_region: noSuchRegion,
  stale,
  unverified,
  unreachable,
  out_of_memory: (ui, outcome, actions) =>
    trouble(ui, outcome, 'memory.title', 'memory.lead', retryOrEdit(ui, actions, browseLink(ui))),
  no_wasm: (ui, outcome) => trouble(ui, outcome, 'blocked.title', 'blocked.browser', p(ui.t('blocked.apple'))),
  forbidden: (ui, outcome) => trouble(ui, outcome, 'blocked.title', 'blocked.site', webPage(ui.host.base)),
  broken,
};
