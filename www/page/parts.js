/** Pieces that several answers share. */
import { AS_IS, h } from './dom.js';
import { regency } from './language.js';

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

/** The ways on from an answer that needs nothing more. @param {Ui} ui @param {Actions} actions */
export const nextSteps = ({ t, host }, { edit, clear }) =>
  actionRow(
    button(t('edit'), edit, 'quiet'),
    button(t('clear'), clear, 'quiet'),
    !host.isGuest && h('a', { class: 'button', href: '#/saved' }, t('saved.link')),
  );

/** To the public list of stations. @param {Ui} ui */
export const browseLink = ({ t }) => h('a', { class: 'button', href: '#/' }, t('browse'));

/** Whom to call: the regency's number, else the operator's own, where one is known. @param {Ui} ui @param {Election} [election] @param {RegencyHelp} [own] */
export function contact({ t, help }, election, own) {
  const { helpPhone = '', helpUrl } = { ...(election ?? help), ...own };
  // Called only where the text is one number, by the rule of phone.rs: of any other, something else is left.
  const number = helpPhone.replace(/(\+.*\(0)|[ ().-]/g, '$1');
  const href = /^\+?\d{3,15}$/.test(number) && `tel:${number}`;
  return block(
    t('help.title'),
    p(t('help.anyone')),
    helpPhone && h(href ? 'a' : 'p', { class: 'big', href, ...AS_IS }, t('help.call', { phone: helpPhone })),
    webPage(helpUrl),
  );
}

/** A link to another page. Whatever the data says, it is never a script. @param {string} [url] */
export function webPage(url) {
  try {
    const { protocol, host } = new URL(url ?? '');
    return /^https?:$/.test(protocol) && h('a', { class: 'big', href: url, target: '_blank', ...AS_IS }, host);
  } catch {
    return undefined;
  }
}

/**
 * The election's name and how old the data is.
 * @param {Ui} ui
 * @param {Election | undefined} election
 * @param {Provenance} data
 */
export function provenance(ui, election, data) {
  const { t } = ui;
  const when = ui.language.date(data.signedAt, true);
  return h(
    'footer',
    { class: 'provenance' },
    election && h('b', AS_IS, election.name),
    h('span', {}, t('data.signed', { when })),
    !!data.problems?.length && diagnostics(ui, data.problems),
    ui.unsure && p(t(ui.unsure), 'doubt'),
  );
}

/** The time in milliseconds, as exactly as it is known. @param {Provenance} [data] */
export const now = (data) => Date.now() - (data?.clockError ?? 0) * 1000;

/** What is odd about the digits, and possible all the same. @param {Ui} ui @param {Warning[]} warnings */
export const warningLines = ({ t }, warnings) => warnings.map((warning) => p(t(`warning.${warning}`), 'doubt'));

/** What was searched, so that a miss is never bare; paper gets no birth date. @param {Ui} ui @param {Searched} searched @param {string} [birth] */
export function searchedIn({ t, language }, { district: code, districtName, regency: name = '', by }, birth) {
  const where = districtName
    ? t('searched.district', { name: language.district(code, districtName), regency: regency(name), code })
    : t('searched.code', { code });
  const list = bullets([...by.map((recipe) => t(`searched.${recipe}`)), t('searched.name')]);
  list.prepend(h('li', AS_IS, where));
  if (birth) list.prepend(h('li', { class: 'typed' }, t('searched.birth', { birth })));
  return block(t('searched.title'), list);
}

/** For the operators of mirrors. @param {Ui} ui @param {Problem[]} problems */
export const diagnostics = ({ t }, problems) =>
  h(
    'details',
    {},
    h('summary', {}, t('trouble.details')),
    h('ul', AS_IS, ...problems.map(({ source, file, reason }) => h('li', {}, `${source}${file}: ${reason}`))),
  );

/** What a voter may still do on the day. @param {Ui} ui */
export function rights(ui) {
  const { t, language } = ui;
  const [opens = '', closes = ''] = ui.help.hours;
  // Who is not registered votes in the last hour.
  const last = `${String(Number(closes.slice(0, 2)) - 1).padStart(2, '0')}${closes.slice(2)}`;
  const own = { ...ui.help.rights.id, ...ui.help.rights[language.code] };
  const [hours, lastHour] = [language.hours(opens, closes), language.hours(last, closes)];
  const lists = ['dpt', 'dptb', 'dpk'].flatMap((list) => [
    h('dt', {}, t(`rights.${list}`)),
    h('dd', {}, t(own[list] ?? `rights.${list}.text`, { hours, last: lastHour })),
  ]);
  const rights = block(t('rights.title'), h('dl', { class: 'rights' }, ...lists), actionRow(browseLink(ui)));
  rights.classList.add('card');
  return rights;
}
