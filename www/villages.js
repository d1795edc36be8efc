/** The village question, and the public stations of a village. */
import { h } from './dom.js';
import { t } from './i18n.js';
import { choices, finder, searchField } from './finder.js';
import { above, village } from './places.js';
import { actionRow, button, p, provenance, screen } from './parts.js';

/** A list that fits the screen needs no filter. */
const FEW = 8;

/** @param {Of<'village_needed'>} outcome @param {Actions} actions */
export function villageNeeded({ reason, villages, searched, election, data }, actions) {
  /** @param {Village} chosen */
  const choose = ({ code }) => actions.choose(code);
  // A table may stand for several districts: that of the digits comes first.
  /** @param {Village} village */
  const rank = ({ code, name }) => (code.startsWith(searched.district) ? ' ' : '') + name;
  const sorted = [...villages].sort((a, b) => rank(a).localeCompare(rank(b), 'id'));
  const oneDistrict = new Set(sorted.map(({ code }) => code.slice(0, 6))).size === 1;
  const items = choices(sorted, choose, !oneDistrict);
  const province = searched.district.slice(0, 2);
  const elsewhere = h('div');
  const other = button(
    t('village.other'),
    () => {
      elsewhere.replaceChildren(finder(actions.client, choose, province));
      other.remove();
      elsewhere.querySelector('input')?.focus();
    },
    'quiet',
  );
  return screen(
    'village_needed',
    t('village.title'),
    p(t(`village.${reason}`), 'lead'),
    oneDistrict && sorted[0] && p(above(sorted[0]), 'hint'),
    items.length > FEW && filter(items, sorted),
    h('ul', { class: 'choices' }, ...items),
    items.length ? other : finder(actions.client, choose, province),
    elsewhere,
    actionRow(button(t('edit'), actions.edit, 'quiet')),
    provenance(election, data),
  );
}

/** @param {HTMLElement[]} items @param {Village[]} villages in the same order */
function filter(items, villages) {
  const { field, said, box } = searchField(t('village.filter'));
  field.addEventListener('input', () => {
    const wanted = plain(field.value);
    items.forEach((item, at) => {
      item.hidden = !plain(villages[at]?.name ?? '').includes(wanted);
    });
    said.textContent = items.every((item) => item.hidden) ? t('finder.none') : '';
  });
  return box;
}

/** @param {string} name */
const plain = (name) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/**
 * The stations of one village: for those who may vote by their address.
 * @param {Actions} actions
 * @param {Village} [where]
 */
export function stationsScreen(actions, where) {
  const list = h('ul', { class: 'stations' });
  const said = h('p', { class: 'note', role: 'status' });
  const back = actionRow(button(t('back'), actions.edit, 'quiet'));
  if (!where) {
    return screen('stations', t('stations.which'), finder(actions.client, actions.browse), back);
  }
  said.textContent = t('progress.files');
  actions.client.stations(where.code).then(
    (stations) => {
      said.textContent = t('stations.count', { count: stations.length });
      list.append(...[...stations].sort((a, b) => a.number - b.number).map(brief));
    },
    () => {
      said.textContent = t('finder.failed');
    },
  );
  return screen('stations', village(where.code, where.name), p(above(where), 'lead'), said, list, back);
}

/** @param {Station} station */
const brief = ({ number, venue, address, notice }) =>
  h(
    'li',
    {},
    h('b', { class: 'tag' }, `TPS ${number}`),
    h('span', {}, h('b', {}, venue), h('span', {}, address), notice && h('span', { class: 'doubt' }, notice)),
  );
