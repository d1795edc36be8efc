/** Pieces that several answers share. */
import { h } from './dom.js';
import { date, t } from './i18n.js';
import { district, regency } from './places.js';

/**
 * An answer: its own kind of section, with the heading that takes the focus.
 * @param {string} outcome
 * @param {string} title
 * @param {...Child} children
 */
export const screen = (outcome, title, ...children) =>
  h(
    'section',
    { 'data-outcome': outcome, class: 'answer', 'aria-labelledby': 'answer-title' },
    h('h1', { id: 'answer-title', tabindex: '-1' }, title),
    ...children,
  );

/** @param {string} text @param {string} [style] */
export const p = (text, style) => h('p', { class: style }, text);

/** @param {string} title @param {...Child} children */
export const block = (title, ...children) => h('section', { class: 'block' }, h('h2', {}, title), ...children);

/** @param {string[]} lines */
export const bullets = (lines) => h('ul', {}, ...lines.map((line) => h('li', {}, line)));

/** @param {string} words @param {(event: Event) => void} click @param {string} [style] */
export const button = (words, click, style) => h('button', { type: 'button', class: style, click }, words);

/** @param {...Child} children */
export const actionRow = (...children) => h('div', { class: 'actions' }, ...children);

/** The two ways on from an answer that needs nothing more. @param {Actions} actions */
export const onwards = ({ edit, clear }) =>
  actionRow(button(t('edit'), edit, 'quiet'), button(t('clear'), clear, 'quiet'));

/** Whom to call: the operator's own number where one is known. @param {Election} [election] */
export function contact({ helpPhone, helpUrl } = /** @type {Election} */ ({})) {
  return block(
    t('help.title'),
    p(t('help.anyone')),
    helpPhone && h('a', { class: 'big', href: `tel:${helpPhone.replace(/[^\d+]/g, '')}` }, t('help.call', { phone: helpPhone })),
    // Whatever the data says, it is never a script.
    helpUrl && /^https?:\/\/./.test(helpUrl) && h('a', { class: 'big', href: helpUrl, target: '_blank' }, new URL(helpUrl).host),
  );
}

/**
 * The election's name and how old the data is.
 * @param {Election | undefined} election
 * @param {Provenance} data
 */
export function provenance(election, data) {
  const when = date(data.signedAt, { dateStyle: 'long' });
  return h(
    'footer',
    { class: 'provenance' },
    election && h('b', {}, election.name),
    h('span', {}, t('data.signed', { when, serial: data.serial })),
    data.clockBehind && h('span', {}, t('data.clock')),
  );
}

/** What is odd about the digits, and possible all the same. @param {Warning[]} warnings */
export const oddities = (warnings) => warnings.map((warning) => p(t(`warning.${warning}`), 'doubt'));

/** What was searched, so that a miss is never bare; paper gets no birth date. @param {Searched} searched @param {string} [birth] */
export function searchedIn({ district: code, districtName, regency: name = '', by }, birth) {
  const where = districtName
    ? t('searched.district', { name: district(code, districtName), regency: regency(name), code })
    : t('searched.code', { code });
  const list = bullets([where, ...by.map((recipe) => t(`searched.${recipe}`)), t('searched.name')]);
  if (birth) list.prepend(h('li', { class: 'typed' }, t('searched.birth', { birth })));
  return block(t('searched.title'), list);
}

/** For whoever looks after the mirrors. @param {Problem[]} problems */
export const diagnostics = (problems) =>
  h(
    'details',
    {},
    h('summary', {}, t('trouble.details')),
    bullets(problems.map(({ source, file, reason }) => `${source}${file}: ${reason}`)),
  );
