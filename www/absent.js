/** No station was found: never a bare "not registered". What was searched, what to look at again, what the law allows. */
import { h } from './dom.js';
import { t } from './i18n.js';
import { actionRow, block, bullets, button, contact, p, provenance, screen, searchedIn } from './parts.js';

/** @typedef {import('../pkg/bilik.js').Outcome} Outcome */
/** @typedef {import('./parts.js').Actions} Actions */

/** What people mistype most. */
const SLIPS = ['slip.swapped', 'slip.date', 'slip.woman', 'slip.name'];

/** @param {Extract<Outcome, { outcome: 'not_found' }>} outcome @param {Actions} actions */
export function notFound({ searched, election, data }, actions) {
  const slips = SLIPS.map((key) => t(key));
  if (searched.village) slips.push(t('slip.village'));
  return screen(
    'not_found',
    t('not_found.title'),
    p(t('not_found.lead'), 'lead'),
    searched.commonName && h('p', { class: 'notice' }, t('not_found.common')),
    actionRow(button(t('edit'), actions.edit)),
    block(t('not_found.check'), bullets(slips)),
    block(t('searched.title'), searchedIn(searched)),
    rights(actions),
    contact(election),
    provenance(election, data),
  );
}

/** @param {Extract<Outcome, { outcome: 'no_such_region' }>} outcome @param {Actions} actions */
export function noSuchRegion({ searched, election, data }, actions) {
  return screen(
    'no_such_region',
    t('region.title'),
    p(t('region.lead', { code: searched.district }), 'lead'),
    actionRow(button(t('edit'), actions.edit)),
    block(t('not_found.check'), bullets([t('region.digits'), t('region.part'), t('region.card')])),
    rights(actions),
    contact(election),
    provenance(election, data),
  );
}

/** What a voter may still do on the day. @param {Actions} actions */
function rights(actions) {
  const rights = block(
    t('rights.title'),
    h(
      'dl',
      { class: 'rights' },
      h('dt', {}, t('rights.dpt')),
      h('dd', {}, t('rights.dpt.text')),
      h('dt', {}, t('rights.dptb')),
      h('dd', {}, t('rights.dptb.text')),
      h('dt', {}, t('rights.dpk')),
      h('dd', {}, t('rights.dpk.text')),
    ),
    actionRow(button(t('browse'), () => actions.browse(), 'quiet')),
  );
  rights.classList.add('card');
  return rights;
}
