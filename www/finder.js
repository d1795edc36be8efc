/** Finds a village by its name. */
import { afterPause, h } from './dom.js';
import { t } from './i18n.js';
import { button } from './parts.js';
import { above, village } from './places.js';

const PAUSE_MS = 300;
let finders = 0;

/**
 * Villages to choose from, each one large.
 * @param {Village[]} villages
 * @param {(village: Village) => void} choose
 * @param {boolean} [withPlace] say where it is, too
 */
export function choices(villages, choose, withPlace = true) {
  return villages.map((one) =>
    h(
      'li',
      {},
      h(
        'button',
        { type: 'button', class: 'choice', 'data-village': one.code, click: () => choose(one) },
        h('b', {}, village(one.code, one.name)),
        withPlace && h('span', {}, above(one)),
      ),
    ),
  );
}

/**
 * A field to search in, and what is said under it.
 * @param {string} label
 * @param {...Child} children
 */
export function searchField(label, ...children) {
  const id = `finder-${++finders}`;
  const said = h('p', { class: 'note', role: 'status' });
  const field = h('input', { id, type: 'text', autocomplete: 'off', spellcheck: 'false', enterkeyhint: 'search' });
  // Inside the form, Enter would ask the question that is not finished yet.
  field.addEventListener('keydown', (event) => event.key === 'Enter' && event.preventDefault());
  return { field, said, box: h('div', { class: 'finder' }, h('label', { for: id }, label), field, said, ...children) };
}

/**
 * Searches a province first where one is likely: the names of the whole country are some 340 KB.
 * @param {Client} client
 * @param {(village: Village) => void} choose
 * @param {string} [within]
 */
export function finder(client, choose, within) {
  const list = h('ul', { class: 'choices' });
  const everywhere = () => {
    within = undefined;
    search();
  };
  const { field, said, box } = searchField(t('finder.label'), list);

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
  field.addEventListener('input', () => {
    list.replaceChildren();
    said.textContent = '';
    search();
  });
  return box;
}
