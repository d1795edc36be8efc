/** No station was found: never a bare "not registered". What was searched, what to look at again, what the law allows. */
import { h } from './dom.js';
import { t } from './i18n.js';
import { actionRow, block, bullets, button, contact, p, provenance, screen, searchedIn } from './parts.js';

/** @param {Of<'not_found'>} outcome @param {Actions} actions */
export function notFound({ searched, election, data }, actions) {
  return screen(
    'not_found',
    t('not_found.title'),
    p(t('not_found.lead'), 'lead'),
    searched.commonName && h('p', { class: 'notice' }, t('not_found.common')),
    actionRow(button(t('edit'), actions.edit)),
    check('slip.swapped', 'slip.date', 'slip.woman', 'slip.name', searched.village && 'slip.village'),
    searchedIn(searched),
    rights(actions),
    contact(election),
    provenance(election, data),
  );
}

/** @param {Of<'no_such_region'>} outcome @param {Actions} actions */
export function noSuchRegion({ searched, election, data }, actions) {
  return screen(
    'no_such_region',
    t('region.title'),
    p(t('region.lead', { code: searched.district }), 'lead'),
    actionRow(button(t('edit'), actions.edit)),
    check('region.digits', 'region.part', 'region.card'),
    rights(actions),
    contact(election),
    provenance(election, data),
  );
}

/** What people mistype most. @param {...(string | undefined)} keys */
const check = (...keys) => block(t('not_found.check'), bullets(keys.flatMap((key) => (key ? [t(key)] : []))));

/** What a voter may still do on the day. @param {Actions} actions */
function rights(actions) {
  const rights = block(
    t('rights.title'),
    h(
      'dl',
      { class: 'rights' },
      ...['dpt', 'dptb', 'dpk'].flatMap((list) => [h('dt', {}, t(`rights.${list}`)), h('dd', {}, t(`rights.${list}.text`))]),
    ),
    actionRow(button(t('browse'), () => actions.browse(), 'quiet')),
  );
  rights.classList.add('card');
  return rights;
}
