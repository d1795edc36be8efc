/** Finds a village by its name; and asks for the one that stands on the card. */
import { AS_IS, debounce, fill, h } from './dom.js';
import { actionRow, button, p, provenance, screen, warningLines } from './parts.js';

const PAUSE_MS = 300;

/**
 * Villages to choose from. Those at hand are there at once; of the others a province's are searched first where one is
 * likely: the names of the whole country are some 340 KB.
 * @param {Ui} ui
 * @param {(village: Village) => void} choose
 * @param {string} [within]
 * @param {Village[]} [near]
 * @param {string} [label]
 * @param {Child} [hint]
 */
export function finder(ui, choose, within, near = [], label = 'finder.label', hint = null) {
  const { t, language } = ui;
  const id = ui.uniqueId('finder');
  const status = h('p', { class: 'note', role: 'status' });
  const list = h('ul', { class: 'choices' });
  const oneDistrict = near.every(({ code }) => code.startsWith(near[0]?.code.slice(0, 6) ?? ''));
  const typed = () => field.value.trim();
  /** @param {string} name */
  const plain = (name) => name.toLowerCase().replace(/[^a-z0-9]/g, '');

  /** @param {Village[]} others */
  function paint(others) {
    const known = near.filter(({ name }) => plain(name).includes(plain(typed())));
    const unknown = others.filter(({ code }) => known.every((one) => one.code !== code));
    /** @param {Village} one */
    const choice = (one) => {
      const place = !near.includes(one)
        ? language.parents(one)
        : !oneDistrict && language.districtLine({ ...one, name: one.district });
      const attributes = { type: 'button', class: 'choice', 'data-village': one.code, click: () => choose(one), ...AS_IS };
      return h(
        'li',
        {},
        h('button', attributes, h('b', {}, language.village(one.code, one.name)), place && h('span', {}, place)),
      );
    };
    fill(list, ...[...known, ...unknown].map(choice));
  }

  const search = debounce(PAUSE_MS, async () => {
    const query = typed();
    if (query.length < 2) return;
    language.setText(status, 'progress.search');
    const villages = await ui.client.villages(query, within).catch(() => undefined);
    if (query !== typed()) return;
    paint(villages ?? []);
    language.setText(status, list.children.length ? 'finder.some' : villages ? 'finder.none' : 'finder.failed');
    if (within) list.append(h('li', {}, button(t('finder.all'), everywhere, 'quiet')));
  });
  const everywhere = () => {
    within = undefined;
    field.focus();
    search();
  };
  const field = h('input', {
    id,
    type: 'text',
    autocomplete: 'off',
    spellcheck: 'false',
    enterkeyhint: 'search',
    input: (event) => {
      // What is searched for here is not a detail of the question.
      event.stopPropagation();
      language.setText(status, '');
      paint([]);
      search();
    },
    // Inside the form, Enter would ask the question that is not finished yet.
    keydown: (event) => /** @type {KeyboardEvent} */ (event).key === 'Enter' && event.preventDefault(),
  });
  paint([]);
  return h('div', { class: 'finder' }, language.setText(h('label', { for: id }), label), hint, field, status, list);
}

/** By name. A table may stand for several districts: that of the digits comes first. @param {Village[]} villages @param {string} district */
export function inOrder(villages, district) {
  /** @param {Village} village */
  const rank = ({ code, name }) => (code.startsWith(district) ? ' ' : '') + name;
  return [...villages].sort((a, b) => rank(a).localeCompare(rank(b), 'id'));
}

/** @param {Ui} ui @param {Of<'village_needed'>} outcome @param {Actions} actions */
export function villageNeeded(ui, { reason, villages, searched: { district }, election, data, warnings }, actions) {
  const { t } = ui;
  return screen(
    'village_needed',
    t('village.title'),
    p(t(`village.${reason}`), 'lead'),
    ...warningLines(ui, warnings),
    finder(ui, ({ code }) => actions.choose(code), district.slice(0, 2), inOrder(villages, district)),
    actionRow(button(t('edit'), actions.edit, 'quiet')),
    provenance(ui, election, data),
  );
}
