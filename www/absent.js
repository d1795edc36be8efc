/** No station was found: never a bare "not registered". What was searched, what to look at again, what the law allows. */
import { birthIn, fromBirth, grouped, slips } from './digits.js';
import { h } from './dom.js';
import { date, t } from './i18n.js';
import { districtLine } from './places.js';
import { actionRow, block, bullets, button, contact, oddities, p, provenance, screen, searchedIn } from './parts.js';

/** @param {Of<'not_found'>} outcome @param {Actions} actions */
export function notFound({ searched, election, data, warnings }, actions) {
  const check = ['slip.name', searched.village ? 'slip.village' : ''];
  return screen(
    'not_found',
    t('not_found.title'),
    p(t('not_found.lead'), 'lead'),
    searched.commonName && p(t('not_found.common'), 'notice'),
    ...oddities(warnings),
    actionRow(button(t('edit'), actions.edit)),
    block(t('not_found.check'), bullets(check.flatMap((key) => (key ? [t(key)] : [])))),
    alternatives(actions, warnings.includes('unknown_district')),
    searchedIn(searched, birth(digitsOf(actions))),
    ...rights(election),
    provenance(election, data),
  );
}

/** @param {Of<'no_such_region'>} outcome @param {Actions} actions */
export const noSuchRegion = ({ searched, election, data }, actions) =>
  screen(
    'no_such_region',
    t('region.title'),
    p(t('region.lead', { code: searched.district }), 'lead'),
    actionRow(button(t('edit'), actions.edit)),
    block(t('not_found.check'), bullets([t('region.digits'), t('region.part'), t('region.card')])),
    alternatives(actions, true),
    ...rights(election),
    provenance(election, data),
  );

/** @param {Actions} actions */
function digitsOf(actions) {
  const { nik, birthDate = '', sex, district = '' } = actions.asked();
  return nik ?? fromBirth(birthDate, sex, district);
}

/** "5 Juni 1961, perempuan". @param {string} digits */
function birth(digits) {
  const born = birthIn(digits);
  return born && `${date(born.date, true)}, ${t(`sex.${born.sex}`).toLowerCase()}`;
}

/** The likely slips in the digits, each at one touch. @param {Actions} actions @param {boolean} unknownDistrict */
function alternatives(actions, unknownDistrict) {
  const typed = grouped(digitsOf(actions));
  const list = h('ul', { class: 'choices' });
  const section = block(t('slip.title'), list);
  // On the screen only: paper may be left behind.
  Object.assign(section, { hidden: true }).classList.add('typed');
  slips(digitsOf(actions), unknownDistrict).forEach(async ({ nik, kind }) => {
    const click = () => actions.instead(nik);
    let what = birth(nik);
    if (unknownDistrict) {
      const code = nik.slice(0, 6);
      const [one] = await actions.client.villages('', code).catch(() => []);
      if (!one) return;
      what = districtLine({ ...one, code, name: one.district });
    }
    const digits = [...grouped(nik)].map((digit, at) => (digit === typed[at] ? digit : h('u', {}, digit)));
    const words = h('span', {}, `${t(`slip.${kind}`)} ${what}`);
    list.append(h('li', {}, h('button', { type: 'button', class: 'choice', click }, h('b', {}, ...digits), words)));
    section.hidden = false;
  });
  return section;
}

/** What a voter may still do on the day, and whom to ask. @param {Election} election */
function rights(election) {
  const lists = ['dpt', 'dptb', 'dpk'].flatMap((list) => [h('dt', {}, t(`rights.${list}`)), h('dd', {}, t(`rights.${list}.text`))]);
  const browse = h('a', { class: 'button', href: '#/' }, t('browse'));
  const rights = block(t('rights.title'), h('dl', { class: 'rights' }, ...lists), actionRow(browse));
  rights.classList.add('card');
  return [rights, contact(election)];
}
