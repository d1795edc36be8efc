/** Regencies that this device keeps for when there is no network: for polling staff, and for villages without a signal. */
import { byId, h } from './dom.js';
import { locale, regency, t } from './i18n.js';
import { actionRow, block, button, p, screen } from './parts.js';
import { keep } from './update.js';
import { finder } from './villages.js';

/** What is being saved goes on while somebody looks elsewhere. @type {Saving | undefined} */
let saving;

/** @param {number} bytes */
function size(bytes) {
  const [unit, by] = bytes < 1e5 ? ['kB', 1e3] : ['MB', 1e6];
  return `${new Intl.NumberFormat(locale(), { maximumFractionDigits: by === 1e6 ? 1 : 0 }).format(bytes / by)} ${unit}`;
}

/**
 * What is kept, what may be, and a way to be rid of it.
 * @param {Client} client
 * @param {() => void} forgetAll what the page itself still holds
 * @param {string} [code] the regency that is likely meant
 */
export function saved(client, forgetAll, code) {
  const [offer, kept] = [h('div', { class: 'several' }), h('div', { class: 'several' })];
  const said = p('', 'note');
  said.setAttribute('role', 'status');

  /** @param {string} [news] */
  async function paint(news) {
    const [all, one] = await Promise.all([
      /** @type {Promise<Saved[]>} */ (client.call('saved', [])).catch(() => []),
      /** @type {Promise<Saved | undefined>} */ (code && client.call('regency', [code]).catch(() => undefined)),
    ]);
    const isKept = all.some((other) => other.code === one?.code);
    offer.replaceChildren(...(one && !isKept ? [card(one)] : []));
    kept.replaceChildren(...all.map((one) => card(one, true)));
    if (!all.length) kept.append(p(t('saved.none'), 'note'));
    said.textContent = news ?? '';
  }

  /** @param {Saved} one @param {boolean} [isKept] */
  function card(one, isKept) {
    const rest = one.bytes - one.savedBytes;
    const words = isKept && !rest ? t('saved.kept', { size: size(one.bytes) }) : t('saved.size', { size: size(rest) });
    const now = saving?.code === one.code ? saving : undefined;
    const remove = async () => {
      // Where the module cannot run, it is not gone.
      await paint(await client.call('remove', [one.code]).then(() => t('saved.removed'), () => undefined));
    };
    return h(
      'article',
      { class: 'card block', 'data-regency': one.code },
      h('h2', {}, regency(one.name)),
      p(one.province),
      now ? meter(now) : p(words, isKept && !rest ? 'pin' : 'hint'),
      actionRow(
        now && button(t('progress.cancel'), () => now.abort.abort(), 'quiet'),
        !now && (!isKept || rest > 0) && button(t(isKept ? 'saved.renew' : 'saved.save'), () => void save(one)),
        !now && isKept && button(t('saved.remove'), remove, 'quiet'),
      ),
    );
  }

  /** @param {Saved} one */
  async function save({ code, savedBytes, bytes }) {
    saving?.abort.abort();
    const now = (saving = { code, done: savedBytes, of: bytes, abort: new AbortController(), paint() {} });
    // Browsers ask or decide at a touch; where they say no, it is kept for as long as there is room.
    void navigator.storage?.persist?.().catch(() => false);
    keep().catch(() => {});
    /** @param {Progress} progress */
    const onProgress = ({ done, of }) => Object.assign(now, { done, of }).paint();
    const done = client.call('save', [code], { onProgress, signal: now.abort.signal }).then(
      (after) => (after.savedBytes < after.bytes ? 'saved.full' : 'saved.done'),
      ({ name }) => (name === 'AbortError' ? 'saved.cancelled' : 'saved.failed'),
    );
    await paint(t('saved.begun'));
    const news = await done;
    if (saving === now) saving = undefined;
    await (section.isConnected ? paint(t(news)) : again?.(t(news)));
  }

  const forget = button(
    t('saved.forget'),
    async () => {
      if (forget.textContent === t('saved.forget')) return void (forget.textContent = t('saved.sure'));
      saving?.abort.abort();
      forgetAll();
      const news = await client.call('forget', []).then(() => t('saved.forgotten'), () => undefined);
      forget.textContent = t('saved.forget');
      // Else its directory would be fetched again, and kept.
      if (news) code = undefined;
      await paint(news);
    },
    'quiet',
  );
  /** @param {Village} village */
  const choose = (village) => {
    code = village.code.slice(0, 4);
    search.replaceChildren(finder(client, choose));
    void paint();
    byId('answer').scrollIntoView();
  };
  const search = h('div', {}, finder(client, choose));
  const section = screen(
    'saved',
    t('saved.link'),
    p(t('saved.lead'), 'lead'),
    said,
    offer,
    block(t('saved.here'), kept),
    block(t('saved.other'), search),
    block(t('saved.forget.title'), p(t('saved.forget.why')), actionRow(forget)),
    actionRow(h('a', { class: 'button', href: '#' }, t('title'))),
  );
  again = paint;
  void paint();
  return section;
}

/** Paints the screen that was made last. @type {((news?: string) => Promise<void>) | undefined} */
let again;

/** @param {Saving} now */
function meter(now) {
  const words = h('span', { id: 'saved-words' });
  const bar = h('progress', { 'aria-labelledby': 'saved-words' });
  now.paint = () => {
    Object.assign(bar, { max: now.of || 1, value: now.done });
    words.textContent = t('saved.progress', { done: size(now.done), of: size(now.of) });
  };
  now.paint();
  return h('div', {}, words, bar);
}
