/** From an outcome to the section that shows it. A miss is never bare: what was searched, likely slips, what the law allows. */
import { birthIn, digitsIn, grouped, slips } from './digits.js';
import { h } from './dom.js';
import { date, districtLine, t } from './i18n.js';
import { actionRow, age, block, bullets, button, contact, diagnostics, oddities, onwards, p, provenance, rights, screen, searchedIn } from './parts.js';
import { carry, stationCard } from './station.js';
import { villageNeeded } from './villages.js';

/** @param {Shown} outcome @param {Actions} actions */
export function answer(outcome, actions) {
  const section = (SCREENS[outcome.outcome] ?? broken)(outcome, actions);
  if ('data' in outcome && outcome.data.offline) section.querySelector('h1')?.after(age(outcome.data));
  return section;
}

/** @param {Of<'found'>} outcome @param {Actions} actions */
function found({ by, station, election, data, warnings }, actions) {
  const near = by === 'near';
  const section = screen(
    'found',
    t(`found.${by}`),
    near && p(t('found.near.lead'), 'lead'),
    stationCard(station, data),
    carry(station, election),
    block(t('bring.title'), bullets([t('bring.ktp'), t('bring.letter')])),
    ...(near ? [block(t('found.near.title'), p(t('found.near.why'))), ...oddities(warnings), contact(election)] : []),
    verified(data),
    onwards(actions),
    provenance(election, data),
  );
  section.dataset.by = by;
  return section;
}

/** @param {Of<'ambiguous'>} outcome @param {Actions} actions */
function ambiguous({ by, stations, election, data, warnings }, actions) {
  const villages = new Set(stations.map(({ villageCode }) => villageCode)).size;
  const section = screen(
    'ambiguous',
    t('ambiguous.title', { count: stations.length }),
    p(t('ambiguous.why'), 'lead'),
    ...oddities(warnings),
    block(
      t('ambiguous.how'),
      bullets([t(villages > 1 ? 'ambiguous.village' : 'ambiguous.address'), t('ambiguous.letter'), t('ambiguous.ask')]),
    ),
    h('div', { class: 'several' }, ...stations.map((station) => stationCard(station, data))),
    contact(election),
    verified(data),
    onwards(actions),
    provenance(election, data),
  );
  section.dataset.by = by;
  return section;
}

/** Why this can be believed. @param {Provenance} data */
const verified = ({ manifest, serial }) =>
  h(
    'details',
    { class: 'verified' },
    h('summary', {}, t('verified')),
    p(t('verified.how')),
    p(t('verified.print', { digest: manifest.slice(0, 16), serial }), 'note'),
  );

/** @param {Of<'not_found'>} outcome @param {Actions} actions */
function notFound({ searched, election, data, warnings }, actions) {
  const check = ['slip.name', searched.village ? 'slip.village' : ''];
  return screen(
    'not_found',
    t('not_found.title'),
    p(t('not_found.lead'), 'lead'),
    searched.commonName && p(t('not_found.common'), 'notice'),
    ...oddities(warnings),
    actionRow(button(t('edit'), actions.edit)),
    block(t('not_found.check'), bullets(check.flatMap((key) => (key ? [t(key)] : [])))),
    alternatives(actions),
    searchedIn(searched, birth(digitsIn(actions.asked()))),
    rights(),
    contact(election),
    provenance(election, data),
  );
}

/** @param {Of<'no_such_region'>} outcome @param {Actions} actions */
function noSuchRegion({ searched, election, data }, actions) {
  return screen(
    'no_such_region',
    t('region.title'),
    p(t('region.lead', { code: searched.district }), 'lead'),
    actionRow(button(t('edit'), actions.edit)),
    block(t('not_found.check'), bullets([t('region.digits'), t('region.part'), t('region.card')])),
    alternatives(actions, true),
    rights(),
    contact(election),
    provenance(election, data),
  );
}

/** "5 Juni 1961, perempuan". @param {string} digits */
function birth(digits) {
  const born = birthIn(digits);
  return born && `${date(born.date, true)}, ${t(`sex.${born.sex}`).toLowerCase()}`;
}

/** The likely slips in the digits, each at one touch. @param {Actions} actions @param {boolean} [unknownDistrict] */
function alternatives(actions, unknownDistrict) {
  const digits = digitsIn(actions.asked());
  const typed = grouped(digits);
  const list = h('ul', { class: 'choices' });
  const section = block(t('slip.title'), list);
  // On the screen only: paper may be left behind.
  Object.assign(section, { hidden: true }).classList.add('typed');
  slips(digits, unknownDistrict).forEach(async ([nik = '', kind]) => {
    const click = () => actions.instead(nik);
    let what = birth(nik);
    // What is asked for here follows from the digits, and tells nothing of the name.
    if (unknownDistrict) {
      const code = nik.slice(0, 6);
      const [one] = await actions.client.villages('', code).catch(() => []);
      if (!one) return;
      what = districtLine({ ...one, code, name: one.district });
    }
    const marked = [...grouped(nik)].map((digit, at) => (digit === typed[at] ? digit : h('u', {}, digit)));
    const words = h('span', {}, `${t(`slip.${kind}`)} ${what}`);
    list.append(h('li', {}, h('button', { type: 'button', class: 'choice', click }, h('b', {}, ...marked), words)));
    section.hidden = false;
  });
  return section;
}

// No answer could be given: the data is too old, not provably genuine, or not in reach. None of these is a "not found".

/** @param {Actions} actions */
const again = ({ retry, edit }) => actionRow(button(t('retry'), retry), button(t('edit'), edit, 'quiet'));

/** Whether waiting may help: some mirror was out of reach, whatever another one said. @param {any} outcome */
export const mayPass = ({ outcome, problems }) =>
  outcome === 'unreachable' ||
  (outcome === 'unverified' &&
    !problems.every(
      /** @param {Problem} problem */
      ({ refused }) => refused,
    ));

/** @param {Of<'stale'>} outcome @param {Actions} actions */
const stale = ({ election, data }, actions) =>
  screen(
    'stale',
    t('stale.title'),
    p(t('stale.lead', { when: date(data.expires) }), 'lead'),
    again(actions),
    contact(election),
    provenance(election, data),
  );

/** @param {Of<'unverified'>} outcome @param {Actions} actions */
const unverified = (outcome, actions) =>
  screen(
    'unverified',
    t('unverified.title'),
    p(t('unverified.lead'), 'lead'),
    p(t('unverified.do')),
    mayPass(outcome) && actions.waiting(),
    again(actions),
    contact(),
    diagnostics(outcome.problems),
  );

/** @param {Of<'unreachable'>} outcome @param {Actions} actions */
const unreachable = ({ problems }, actions) =>
  screen(
    'unreachable',
    t('unreachable.title'),
    p(t(navigator.onLine ? 'unreachable.lead' : 'unreachable.offline'), 'lead'),
    p(t('unreachable.kept')),
    actions.waiting(),
    again(actions),
    contact(),
    rights(),
    diagnostics(problems),
  );

/** Something that should not happen did. @param {unknown} _ @param {Actions} actions */
const broken = (_, actions) =>
  screen('broken', t('broken.title'), p(t('broken.lead'), 'lead'), again(actions), contact());

/** @type {Record<string, (outcome: any, actions: Actions) => HTMLElement>} */
const SCREENS = {
  found,
  ambiguous,
  village_needed: villageNeeded,
  not_found: notFound,
  no_such_region: noSuchRegion,
  stale,
  unverified,
  unreachable,
  broken,
};
