/** From an outcome to the section that shows it. A miss is never bare: what was searched, likely slips, what the law allows. */
import { birthIn, digitsIn } from './digits.js';
import { h } from './dom.js';
import { loadLater, withLater } from './load-later.js';
import {
  actionRow,
  block,
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
} from './parts.js';
import { nameOf, stationActions, stationCard } from './station.js';
import { villageNeeded } from './villages.js';

/** The data of an outcome of which no server could be asked whether it is the newest. @param {Shown} outcome */
const keptDataOf = (outcome) => ('data' in outcome && outcome.data.offline ? outcome.data : undefined);

/** What is said of such data, once trouble.js is there. @type {{ kept?: (ui: Ui, data: Provenance) => (Node | string)[] }} */
export const SAYS = {};

/** Whether trouble.js has a part in its screen. @param {Shown} outcome */
export const isRare = (outcome) => !(outcome.outcome in SCREENS) || !!keptDataOf(outcome);

/** Where the screen of an outcome has not come, it says so. @param {Ui} ui @param {Shown} outcome @param {Actions} actions */
export function answer(ui, outcome, actions) {
  const section = (SCREENS[outcome.outcome] ?? missing)(ui, outcome, actions);
  const data = keptDataOf(outcome);
  if (data) section.querySelector('h1')?.after(...(SAYS.kept?.(ui, data) ?? [p(ui.t('unreachable.lead'), 'promise')]));
  return section;
}

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

/** Why this can be believed: told when somebody asks. @param {Ui} ui @param {Provenance} data */
function verified(ui, data) {
  const toggle = () => withLater(({ sayVerified }) => sayVerified(ui, details, data));
  const details = h('details', { class: 'verified', toggle }, h('summary', {}, ui.t('verified')), p(ui.t('progress.files')));
  return details;
}

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
    rights(ui),
    contact(ui, election, help),
    provenance(ui, election, data),
  );
}

// No answer could be given: the data is not in reach, or something broke. None of these is a "not found"; trouble.js has the others.

/** @param {Ui} ui @param {Actions} actions @param {...Child} more */
export const retryOrEdit = ({ t }, { retry, edit }, ...more) =>
  actionRow(button(t('retry'), retry), ...more, button(t('edit'), edit, 'quiet'));

/** Whether waiting may help: some mirror was out of reach, whatever another one said. @param {any} outcome */
export const isTransient = ({ outcome, problems }) =>
  outcome === 'unreachable' ||
  (outcome === 'unverified' &&
    !problems.every(
      /** @param {Problem} problem */
      ({ refused }) => refused,
    ));

/**
 * A screen for what the data has no part in.
 * @param {Ui} ui
 * @param {{ outcome: string, problems?: Problem[] }} outcome
 * @param {string} title
 * @param {string} lead
 * @param {...Child} children
 */
export const trouble = (ui, { outcome, problems }, title, lead, ...children) =>
  screen(
    outcome,
    ui.t(title),
    p(ui.t(lead), 'lead'),
    ...children,
    contact(ui),
    outcome === 'unreachable' && rights(ui),
    problems && diagnostics(ui, problems),
  );

/** @param {Ui} ui @param {Of<'unreachable'>} outcome @param {Actions} actions */
function unreachable(ui, outcome, actions) {
  // A part of the app, not the data.
  const isApp = outcome.problems.some(({ file }) => /\.(js|wasm|json)$/.test(file));
  const lost = h('div');
  // Who has saved data has that script, too.
  if (!isApp) {
    loadLater()
      .then(({ tellLost }) => tellLost(ui, digitsIn(actions.asked()), lost))
      .catch(() => {});
  }
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

/** The script with the screen has not come. @type {typeof broken} */
const missing = (ui, outcome, actions) =>
  trouble(ui, outcome, 'unreachable.title', 'unreachable.app', p(ui.t('unreachable.kept')), retryOrEdit(ui, actions));

/** Something that should not happen did. @type {(ui: Ui, outcome: any, actions: Actions) => HTMLElement} */
const broken = (ui, outcome, actions) => trouble(ui, outcome, 'broken.title', 'broken.lead', retryOrEdit(ui, actions));

/** Those that come later add themselves (trouble.js). @type {Record<string, typeof broken>} */
export const SCREENS = {
  found,
  ambiguous,
  village_needed: villageNeeded,
  not_found: notFound,
  no_such_region: noSuchRegion,
  unreachable,
  broken,
};
