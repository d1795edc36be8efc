/** Regencies that this device keeps for when there is no network: for polling staff, and for villages without a signal. */
import { AS_IS, actionRow, block, button, fill, finder, h, p, regency, screen, within } from './kit.js';
import { keep } from './update.js';

/** Whether the browser has promised to keep what is saved, or does so now. @param {'persist' | 'persisted'} how */
async function persistent(how) {
  try {
    return await within('persist', navigator.storage[how]());
  } catch {
    return false;
  }
}

/** Why not everything was kept, though it arrived: no room, or storage that the browser forbids. */
async function missingRoom() {
  const name = 'bilik-probe';
  try {
    const probe = await within('storage', caches.open(name));
    await within('storage', probe.put('https://bilik.invalid/', new Response(name)));
  } catch (error) {
    if (/** @type {Error} */ (error).name !== 'QuotaExceededError') return 'saved.blocked';
  }
  caches.delete(name).catch(() => {});
  return 'saved.full';
}

class SavedRegencies {
  #ui;
  #forget;
  /** What is being saved goes on while somebody looks elsewhere. @type {Saving | undefined} */
  #saving;
  /** Paints the screen that was made last. @type {((news?: string) => Promise<void>) | undefined} */
  #paint;

  /** @param {Ui} ui @param {() => void} forget what the page itself still holds */
  constructor(ui, forget) {
    this.#ui = ui;
    this.#forget = forget;
  }

  /** What is kept, what may be, and a way to be rid of it. @param {string} [code] the regency that is likely meant */
  screen(code) {
    const ui = this.#ui;
    const { t, client } = ui;
    const [offer, kept] = [h('div', { class: 'several' }), h('div', { class: 'several' })];
    const status = p('', 'note');
    status.setAttribute('role', 'status');

    /** @param {string} [news] */
    const paint = async (news) => {
      const [all, one, isPersistent] = await Promise.all([
        client.call('saved').catch(() => []),
        code ? client.call('regency', code).catch(() => undefined) : undefined,
        persistent('persisted'),
      ]);
      const isKept = all.some((other) => other.code === one?.code);
      fill(offer, ...(one && !isKept ? [this.#card(one)] : []));
      fill(kept, ...all.map((one) => this.#card(one, true)));
      if (!all.length) kept.append(p(t('saved.none'), 'note'));
      else if (!isPersistent) kept.append(p(t('saved.fragile'), 'doubt'));
      status.textContent = news ?? '';
    };

    const forget = button(
      t('saved.forget'),
      async () => {
        if (forget.textContent === t('saved.forget')) return void (forget.textContent = t('saved.sure'));
        this.#saving?.abort.abort();
        this.#forget();
        const news = await client.call('forget').then(
          () => t('saved.forgotten'),
          () => undefined,
        );
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
      fill(search, finder(ui, choose));
      void paint();
      ui.byId('answer').scrollIntoView();
    };
    const search = h('div', {}, finder(ui, choose));
    const section = screen(
      'saved',
      t('saved.link'),
      p(t('saved.lead'), 'lead'),
      status,
      offer,
      block(t('saved.here'), kept),
      block(t('saved.other'), search),
      block(t('saved.forget.title'), p(t('saved.forget.why')), actionRow(forget)),
      actionRow(h('a', { class: 'button', href: '#' }, t('title'))),
    );
    this.#paint = paint;
    void paint();
    return section;
  }

  /** @param {Saved} one @param {boolean} [isKept] */
  #card(one, isKept) {
    const { t, client } = this.#ui;
    const rest = one.bytes - one.savedBytes;
    const line =
      isKept && !rest ? t('saved.kept', { size: this.#size(one.bytes) }) : t('saved.size', { size: this.#size(rest) });
    const now = this.#saving?.code === one.code ? this.#saving : undefined;
    const remove = async () => {
      // Where the module cannot run, it is not gone.
      const news = client.call('remove', one.code).then(
        () => t('saved.removed'),
        () => undefined,
      );
      await this.#paint?.(await news);
    };
    return h(
      'article',
      { class: 'card block', 'data-regency': one.code },
      h('h2', AS_IS, regency(one.name)),
      h('p', AS_IS, one.province),
      now ? this.#meter(now) : p(line, isKept && !rest ? 'pin' : 'hint'),
      actionRow(
        now && button(t('progress.cancel'), () => now.abort.abort(), 'quiet'),
        !now && (!isKept || rest > 0) && button(t(isKept ? 'saved.renew' : 'saved.save'), () => void this.#save(one)),
        !now && isKept && button(t('saved.remove'), remove, 'quiet'),
      ),
    );
  }

  /** @param {Saved} one */
  async #save({ code, savedBytes, bytes }) {
    const { t, client } = this.#ui;
    this.#saving?.abort.abort();
    /** @type {Saving} */
    const now = { code, done: savedBytes, of: bytes, abort: new AbortController(), paint() {} };
    this.#saving = now;
    // Browsers ask or decide at a touch; where they say no, it is kept for as long as there is room.
    void persistent('persist');
    keep(this.#ui).catch(() => {});
    /** @param {Progress} progress */
    const onProgress = ({ done, of }) => Object.assign(now, { done, of }).paint();
    const saved = client.call('save', code, { onProgress, signal: now.abort.signal }).then(
      (after) => (after.savedBytes < after.bytes ? missingRoom() : 'saved.done'),
      ({ name }) => (name === 'AbortError' ? 'saved.cancelled' : 'saved.failed'),
    );
    await this.#paint?.(t('saved.begun'));
    const news = await saved;
    if (this.#saving === now) this.#saving = undefined;
    await this.#paint?.(t(news));
  }

  /** @param {Saving} now */
  #meter(now) {
    const line = h('span', { id: 'saved-words' });
    const bar = h('progress', { 'aria-labelledby': 'saved-words' });
    now.paint = () => {
      Object.assign(bar, { max: now.of || 1, value: now.done });
      line.textContent = this.#ui.t('saved.progress', { done: this.#size(now.done), of: this.#size(now.of) });
    };
    now.paint();
    return h('div', {}, line, bar);
  }

  /** @param {number} bytes */
  #size(bytes) {
    const [unit, by] = bytes < 1e5 ? ['kB', 1e3] : ['MB', 1e6];
    const digits = { maximumFractionDigits: by === 1e6 ? 1 : 0 };
    return `${new Intl.NumberFormat(this.#ui.language.locale, digits).format(bytes / by)} ${unit}`;
  }
}

/** One for each app, since what is being saved goes on. @type {WeakMap<Ui, SavedRegencies>} */
const apps = new WeakMap();

/**
 * The screen of what is kept. The regency that is likely meant is that of the answer, or else of the digits.
 * @param {Ui} ui
 * @param {() => void} forget what the page itself still holds
 * @param {Question} question
 * @param {Station} [station]
 */
export function savedScreen(ui, forget, { nik, district }, station) {
  const code = /^\d{4}/.exec(station?.villageCode || nik || district || '')?.[0];
  const saved = apps.get(ui) ?? new SavedRegencies(ui, forget);
  apps.set(ui, saved);
  return () => saved.screen(code);
}
