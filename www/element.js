/**
 * `<bilik-lookup>`: the lookup on somebody else's page, in a frame of the site's own origin, so that no script of that page
 * can read what is typed (docs/embedding.md). What is served is one file, so that one integrity covers it. It registers itself;
 * as `element.js#class` it leaves that to the importer.
 */
import { Frames } from './embed/frames.js';
import { importWithin } from './limits.js';

/** The only heights: before the first touch, and after. A height that follows the content would tell the outcome. */
const [AT_REST, IN_USE] = [680, 800];
const THEME = 'font background surface text muted line edge accent on-accent soft sign on-sign good bad warn on-warn radius';
const HERE = new URL('.', import.meta.url).href;
/** A pinned file lies in `v/<version>/`; frames are the site's of today. */
const SITE = HERE.replace(/v\/[^/]+\/$/, '');

/** As wide as there is room, in any layout: what is in a frame gives it no width. A page's own rules go first. */
const RULES = [
  ':host { display: block; width: -moz-available; width: -webkit-fill-available }',
  ':host([hidden]) { display: none }',
];
/** @type {Record<string, string>} */
const TITLES = { en: 'Find your polling station', jv: 'Padosi TPS Panjenengan', su: 'Pilarian TPS Anjeun' };

export class BilikLookup extends HTMLElement {
  static observedAttributes = ['mirrors', 'public-key', 'threshold', 'election', 'lang', 'theme', 'loading', 'inline'];

  static define(name = 'bilik-lookup', registry = customElements) {
    // biome-ignore lint/complexity/noThisInStatic: a class of somebody's own that extends this one defines itself
    if (!registry.get(name)) registry.define(name, this);
  }

  /** @type {'waiting' | 'loading' | 'ready' | 'failed'} */
  #state = 'waiting';
  /** @type {Frames | undefined} */
  #frames;
  /** @type {(() => void)[]} what ends the listeners */
  #cleanups = [];
  /** Another one for each load, so that one that was stopped changes nothing. */
  #generation = 0;
  /** @type {any} */
  #box;
  /** @type {any} */
  #slot;

  get mirrors() {
    return this.#attribute('mirrors');
  }
  set mirrors(to) {
    this.setAttribute('mirrors', to);
  }
  get publicKey() {
    return this.#attribute('public-key');
  }
  set publicKey(to) {
    this.setAttribute('public-key', to);
  }
  get threshold() {
    return Number(this.getAttribute('threshold') ?? 1);
  }
  set threshold(to) {
    this.setAttribute('threshold', String(to));
  }
  get election() {
    return this.#attribute('election');
  }
  set election(to) {
    this.setAttribute('election', to);
  }
  get theme() {
    return this.#attribute('theme').replace(/^(?!light$|dark$).*/, 'auto');
  }
  set theme(to) {
    this.setAttribute('theme', to);
  }
  get loading() {
    return this.#attribute('loading') === 'eager' ? 'eager' : 'lazy';
  }
  set loading(to) {
    this.setAttribute('loading', to);
  }
  get inline() {
    return this.hasAttribute('inline');
  }
  set inline(to) {
    this.toggleAttribute('inline', to);
  }
  get state() {
    return this.#state;
  }
  get mirror() {
    return this.#state === 'ready' ? this.#frames?.mirror : undefined;
  }

  connectedCallback() {
    if (!this.#box) this.#createShadow();
    this.#setState('waiting');
    this.#listen(globalThis, 'message', (event) => this.#frames?.receive(/** @type {MessageEvent} */ (event)));
    this.#listen(globalThis, 'online', () => this.#state === 'failed' && this.load());
    this.#listen(matchMedia('(prefers-color-scheme: dark)'), 'change', () => this.#sendTheme());
    this.#loadWhenNear();
  }

  disconnectedCallback() {
    for (const end of this.#cleanups.splice(0)) end();
    this.#stop();
  }

  /** @type {(name: string, before: string | null, now: string | null) => void} */
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.#box || !this.isConnected) return;
    if (name === 'theme') this.#sendTheme();
    else if (name === 'loading') now === 'eager' && this.#state === 'waiting' && this.load();
    else if (this.#state !== 'waiting') {
      this.#stop();
      const generation = this.#generation;
      queueMicrotask(() => generation === this.#generation && this.load());
    }
  }

  load() {
    if (!this.isConnected || this.#state === 'loading' || this.#state === 'ready') return;
    this.#stop();
    this.#setState('loading');
    if (this.inline) this.#loadInline();
    else this.#loadFrames();
  }

  /** @param {string} attribute */
  #attribute(attribute) {
    return this.getAttribute(attribute) ?? '';
  }

  /** @param {EventTarget} target @param {string} type @param {(event: Event) => void} listener */
  #listen(target, type, listener) {
    target.addEventListener(type, listener);
    this.#cleanups.push(() => target.removeEventListener(type, listener));
  }

  #loadWhenNear() {
    if (this.loading === 'eager') return this.load();
    const go = () => this.#state === 'waiting' && this.load();
    const watcher = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && go(), { rootMargin: '400px' });
    watcher.observe(this);
    this.#cleanups.push(() => watcher.disconnect());
    for (const touch of ['focusin', 'pointerdown']) this.#listen(this, touch, go);
  }

  #createShadow() {
    // Styles are set one by one: a strict policy allows that.
    this.#slot = document.createElement('slot');
    this.#box = document.createElement('div');
    this.#box.append(this.#slot);
    this.#box.style.position = 'relative';
    const root = this.attachShadow({ mode: 'open' });
    root.append(this.#box);
    if ('adoptedStyleSheets' in root) {
      const sheet = new CSSStyleSheet();
      for (const rule of RULES) sheet.insertRule(rule);
      root.adoptedStyleSheets = [sheet];
    } else this.style.display ||= 'block';
    // What was set before this class was there to hear of it.
    const own = /** @type {any} */ (this);
    for (const name of ['mirrors', 'publicKey', 'threshold', 'election', 'theme', 'loading', 'inline']) {
      if (!Object.hasOwn(own, name)) continue;
      const value = own[name];
      delete own[name];
      own[name] = value;
    }
  }

  /** The fallback shows in every state but one. @param {BilikLookup['state']} state */
  #setState(state) {
    this.#state = state;
    this.#slot.style.display = state === 'ready' ? 'none' : 'contents';
    this.#reserveHeight(state === 'failed' || (this.inline && (!this.#frames || this.#frames.isEmpty)) ? 0 : AT_REST);
  }

  /** @param {number} height */
  #reserveHeight(height) {
    const { style } = this.#box;
    style.minHeight = height ? `var(--bilik-height, ${height}px)` : '';
    style.height = this.#state === 'ready' ? style.minHeight : '';
  }

  /** @param {string} what @param {{ reason: string }} [detail] */
  #emit(what, detail) {
    this.dispatchEvent(new CustomEvent(`bilik-${what}`, { bubbles: true, composed: true, detail }));
  }

  #ready() {
    this.#setState('ready');
    this.#emit('ready');
  }

  /** @param {string} reason */
  #fail(reason) {
    this.#setState('failed');
    this.#emit('error', { reason });
  }

  #stop() {
    this.#generation++;
    this.#frames?.remove();
    this.#setState('waiting');
  }

  #loadFrames() {
    const theme = this.#theme();
    const title = this.title || (TITLES[theme.lang.slice(0, 2).toLowerCase()] ?? 'Cari TPS Anda');
    const parameters = { host: self.origin, election: this.election, 'public-key': this.publicKey, ...theme };
    this.#frames ??= new Frames(this.#box, {
      ready: (frame) => {
        // Who is about to lose the fallback's link must not lose their place on the page.
        if (this.matches(':focus-within')) frame.focus({ preventScroll: true });
        this.#ready();
        this.#sendTheme();
      },
      touched: () => {
        this.#reserveHeight(IN_USE);
        this.#emit('touch');
      },
      lost: () => this.#setState('loading'),
      failed: (reason) => this.#fail(reason),
    });
    this.#frames.load(this.mirrors.match(/\S+/g) ?? [SITE], title, parameters);
  }

  /** That of its surroundings, from outside a shadow root, too. */
  #language() {
    for (let at = /** @type {any} */ (this); at; at = at.parentNode ?? at.host) if (at.lang) return String(at.lang);
    return '';
  }

  /** @returns {Record<string, string> & { lang: string }} */
  #theme() {
    const style = getComputedStyle(this);
    const set = THEME.split(' ').map((name) => [name, style.getPropertyValue(`--bilik-${name}`).trim()]);
    return { lang: this.#language(), theme: this.theme, ...Object.fromEntries(set.filter(([, value]) => value)) };
  }

  #sendTheme() {
    if (this.#state === 'ready') this.#frames?.post({ bilik: 'look', ...this.#theme() });
  }

  #loadInline() {
    const generation = this.#generation;
    /** @param {() => void} action */
    const unlessStopped = (action) => generation === this.#generation && action();
    importWithin(`${HERE}embed-inline.js`)
      .then(({ startInline }) => startInline(this, this.#box, () => this.#theme()))
      .then(() => unlessStopped(() => this.#ready()))
      .catch(() => unlessStopped(() => this.#fail('unreachable')));
  }
}

if (!import.meta.url.endsWith('#class')) BilikLookup.define();
