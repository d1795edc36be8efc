/**
 * The screens of rare trouble: the data is too old or not provably genuine, the device has no memory left, or the module may not
 * run. None of these is a "not found", and none says anything of a voter: so their script may be asked for when they are shown.
 */
import {
  SCREENS,
  browseLink,
  contact,
  isHeadRefused,
  isTooOld,
  isTransient,
  p,
  provenance,
  reloadButton,
  retryOrEdit,
  screen,
  trouble,
  webPage,
} from './kit.js';

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
