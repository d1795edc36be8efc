/** Finds a village: among those of a district, or by its name anywhere; and the question for the one on the card. */
import { afterPause, h } from './dom.js';
import { t } from './i18n.js';
import { actionRow, button, oddities, p, provenance, screen } from './parts.js';
import { above, districtLine, village } from './places.js';

const PAUSE_MS = 300;
/** A list that fits the screen needs no filter. */
const FEW = 8;
let fields = 0;

/**
 * Villages to choose from, each one large.
 * @param {Village[]} villages
 * @param {(village: Village) => void} choose
 * @param {((village: Village) => string) | false} [place] says where it is, too
 */
const choices = (villages, choose, place = above) =>
  villages.map((one) =>
    h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'choice', 'data-village': one.code, click: () => choose(one) },
        h('b', {}, village(one.code, one.name)),
        place && h('span', {}, place(one)),
      ),
    ),
  );

/** A field to search in, and what is said under it. @param {string} key @param {(typed: string) => void} onInput */
function searchField(key, onInput) {
  const id = `finder-${++fields}`;
  const said = h('p', { class: 'note', role: 'status' });
  const field = h('input', {
    id,
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    enterkeyhint: 'search',
    input: () => onInput(field.value.trim()),
    // Inside the form, Enter would ask the question that is not finished yet.
    keydown: (event) => /** @type {KeyboardEvent} */ (event).key === 'Enter' && event.preventDefault(),
  });
  return { field, said, box: h('div', { class: 'finder' }, h('label', { for: id }, t(key)), field, said) };
}

/**
 * Searches a province first where one is likely: the names of the whole country are some 340 KB.
 * @param {Client} client
 * @param {(village: Village) => void} choose
 * @param {string} [within]
 */
export function finder(client, choose, within) {
  const list = h('ul', { class: 'choices' });
  const search = afterPause(PAUSE_MS, async () => {
    const query = field.value.trim();
    if (query.length < 2) return;
    said.textContent = t('progress.search');
    const villages = await client.villages(query, within).catch(() => undefined);
    if (query !== field.value.trim()) return;
    list.replaceChildren(...choices(villages ?? [], choose));
    if (within) list.append(h('li', {}, button(t('finder.all'), everywhere, 'quiet')));
    said.textContent = villages ? t(villages.length ? 'finder.some' : 'finder.none') : t('finder.failed');
  });
  const everywhere = () => {
    within = undefined;
    field.focus();
    search();
  };
  const { field, said, box } = searchField('finder.label', () => {
    list.replaceChildren();
    said.textContent = '';
    search();
  });
  box.append(list);
  return box;
}

/** @param {Village} village */
const districtOf = (village) => districtLine({ ...village, name: village.district });

/** @param {Of<'village_needed'>} outcome @param {Actions} actions */
export function villageNeeded({ reason, villages, searched, election, data, warnings }, actions) {
  /** @param {Village} chosen */
  const choose = ({ code }) => actions.choose(code);
  // A table may stand for several districts: that of the digits comes first.
  /** @param {Village} village */
  const rank = ({ code, name }) => (code.startsWith(searched.district) ? ' ' : '') + name;
  const sorted = [...villages].sort((a, b) => rank(a).localeCompare(rank(b), 'id'));
  const oneDistrict = new Set(sorted.map(({ code }) => code.slice(0, 6))).size === 1;
  const items = choices(sorted, choose, !oneDistrict && districtOf);
  const elsewhere = h('div');
  const search = () => {
    elsewhere.replaceChildren(finder(actions.client, choose, searched.district.slice(0, 2)));
    elsewhere.querySelector('input')?.focus();
  };
  return screen(
    'village_needed',
    t('village.title'),
    p(t(`village.${reason}`), 'lead'),
    ...oddities(warnings),
    oneDistrict && sorted[0] && p(above(sorted[0]), 'hint'),
    items.length > FEW && filter(items, sorted),
    h('ul', { class: 'choices' }, ...items),
    elsewhere,
    actionRow(button(t('village.other'), search, 'quiet'), button(t('edit'), actions.edit, 'quiet')),
    provenance(election, data),
  );
}

/** @param {HTMLElement[]} items @param {Village[]} villages in the same order */
function filter(items, villages) {
  /** @param {string} name */
  const plain = (name) => name.toLowerCase().replace(/[^a-z0-9]/g, '');
  const { said, box } = searchField('village.filter', (typed) => {
    items.forEach((item, at) => {
      item.hidden = !plain(villages[at]?.name ?? '').includes(plain(typed));
    });
    said.textContent = items.every((item) => item.hidden) ? t('finder.none') : '';
  });
  return box;
}
