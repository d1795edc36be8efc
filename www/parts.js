/** Pieces that several answers share. */
import { h } from './dom.js';
import { date, t } from './i18n.js';
import { district, regency } from './places.js';

/** @typedef {import('../pkg/bilik.js').Election} Election */
/** @typedef {import('../pkg/bilik.js').Provenance} Provenance */
/** @typedef {import('../pkg/bilik.js').Problem} Problem */
/** @typedef {import('../pkg/bilik.js').Searched} Searched */
/** @typedef {import('./dom.js').Child} Child */

/**
 * What somebody can do from an answer.
 * @typedef {object} Actions
 * @property {() => void} edit back to the form, with what was typed
 * @property {() => void} clear back to an empty form
 * @property {() => void} retry ask the same again
 * @property {(village: string) => void} choose the village on the identity card
 * @property {(village?: import('../pkg/bilik.js').Village) => void} browse the public stations of a village
 * @property {import('./client.js').BilikClient} client
 */

/**
 * An answer: its own kind of section, with the heading that takes the focus.
 * @param {string} outcome
 * @param {string} title
 * @param {...Child} children
 */
export function screen(outcome, title, ...children) {
  const heading = h('h1', { id: 'answer-title', tabindex: '-1' }, title);
  return h('section', { 'data-outcome': outcome, class: 'answer', 'aria-labelledby': 'answer-title' }, heading, ...children);
}

/** @param {string} text @param {string} [style] */
export const p = (text, style) => h('p', { class: style }, text);

/** @param {string} title @param {...Child} children */
export const block = (title, ...children) => h('section', { class: 'block' }, h('h2', {}, title), ...children);

/** @param {string[]} lines */
export const bullets = (lines) => h('ul', {}, ...lines.map((line) => h('li', {}, line)));

/** @param {string} words @param {() => void} click @param {string} [style] */
export const button = (words, click, style) => h('button', { type: 'button', class: style, click }, words);

/** @param {...Child} children */
export const actionRow = (...children) => h('div', { class: 'actions' }, ...children);

/**
 * Whom to call: the operator's own number where one is known.
 * @param {Election} [election]
 */
export function contact(election) {
  const { helpPhone, helpUrl } = election ?? {};
  const safe = helpUrl && /^https?:\/\//i.test(helpUrl);
  return block(
    t('help.title'),
    p(t('help.anyone')),
    helpPhone && h('p', {}, h('a', { class: 'big', href: `tel:${helpPhone.replace(/[^\d+]/g, '')}` }, t('help.call', { phone: helpPhone }))),
    helpUrl && safe && h('p', {}, h('a', { href: helpUrl, rel: 'noreferrer', target: '_blank' }, new URL(helpUrl).host)),
  );
}

/**
 * The election's name and how old the data is.
 * @param {Election | undefined} election
 * @param {Provenance} data
 */
export function provenance(election, data) {
  const when = date(data.signedAt, { day: 'numeric', month: 'long', year: 'numeric' });
  return h(
    'footer',
    { class: 'provenance' },
    election?.demo && h('b', {}, t('data.demo')),
    election && h('b', {}, election.name),
    h('span', {}, t('data.signed', { when, serial: data.serial })),
    data.clockBehind && h('span', {}, t('data.clock')),
  );
}

/** What was searched, so that a miss is never bare. @param {Searched} searched */
export function searchedIn(searched) {
  const where = searched.districtName
    ? t('searched.district', {
        name: district(searched.district, searched.districtName),
        regency: regency(searched.regency ?? ''),
        code: searched.district,
      })
    : t('searched.code', { code: searched.district });
  return h('ul', {}, h('li', {}, where), ...searched.by.map((recipe) => h('li', {}, t(`searched.${recipe}`))));
}

/** For whoever looks after the mirrors. @param {Problem[]} problems */
export function diagnostics(problems) {
  if (!problems.length) return false;
  const lines = problems.map(({ source, file, reason }) => h('li', {}, `${source}${file}: ${reason}`));
  return h('details', {}, h('summary', {}, t('trouble.details')), h('ul', { lang: 'en' }, ...lines));
}
