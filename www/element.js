/**
 * `<bilik-lookup>`: the lookup on somebody else's page, in a frame of the site's own origin, so that no script of that page
 * can read what is typed (docs/embedding.md). In one file, so that one integrity covers it. It registers itself; as
 * `element.js#class` it leaves that to the importer.
 */
/** After such a silence the next mirror's frame is tried beside this one, which may still be the first to be ready. */
const SIGN_OF_LIFE_MS = 4000;
/** A frame that has loaded without a word is an error page, unless its word is under way. */
const LAST_WORD_MS = 400;
/** The only heights: before the first touch, and after. A height that follows the content would tell the outcome. */
const [AT_REST, IN_USE] = [680, 800];
const LOOK = 'font background surface text muted line edge accent on-accent soft sign on-sign good bad warn on-warn radius';
const HERE = new URL('.', import.meta.url).href;
/** A pinned file lies in `v/<version>/`; frames are the site's of today. */
const SITE = HERE.replace(/v\/[^/]+\/$/, '');

/** Mirrors that were silent: the page's further elements ask them last. @type {Set<string>} */
const silent = new Set();

/** As wide as there is room, in any layout: what is in a frame gives it no width. A page's own rules go first. */
const RULES = [':host { display: block; width: -moz-available; width: -webkit-fill-available }', ':host([hidden]) { display: none }'];
/** @type {Record<string, string>} */
const TITLES = { en: 'Find your polling station', jv: 'Padosi TPS Panjenengan', su: 'Pilarian TPS Anjeun' };

/** @typedef {{ frame: HTMLIFrameElement, mirror: string, timer: number, alive: number, isTouched?: boolean }} Trial */

/** Where a frame may come from; whatever else stands in a list of mirrors is passed over. @param {string} mirror */
function addressed(mirror) {
  try {
    const url = new URL(mirror.replace(/\/*$/, '/'), document.baseURI);
    return /^https?:$/.test(url.protocol) ? [url] : [];
  } catch {
    return [];
  }
}

export class BilikLookup extends HTMLElement {
  static observedAttributes = ['mirrors', 'public-key', 'threshold', 'election', 'lang', 'theme', 'loading', 'inline'];

  static define(name = 'bilik-lookup', registry = customElements) {
    if (!registry.get(name)) registry.define(name, this);
  }

  /** @type {'waiting' | 'loading' | 'ready' | 'failed'} */
  #state = 'waiting';
  /** @type {Trial[]} */
  #trials = [];
  /** @type {string[]} */
  #untried = [];
  /** @type {(() => void)[]} */
  #endings = [];
  #turn = 0;
  /** @type {any} */
  #box;
  /** @type {any} */
  #slot;

  get mirrors() { return this.#said('mirrors'); }
  set mirrors(to) { this.setAttribute('mirrors', to); }
  get publicKey() { return this.#said('public-key'); }
  set publicKey(to) { this.setAttribute('public-key', to); }
  get threshold() { return Number(this.getAttribute('threshold') ?? 1); }
  set threshold(to) { this.setAttribute('threshold', String(to)); }
  get election() { return this.#said('election'); }
  set election(to) { this.setAttribute('election', to); }
  get theme() { return this.#said('theme').replace(/^(?!light$|dark$).*/, 'auto'); }
  set theme(to) { this.setAttribute('theme', to); }
  get loading() { return this.#said('loading') === 'eager' ? 'eager' : 'lazy'; }
  set loading(to) { this.setAttribute('loading', to); }
  get inline() { return this.hasAttribute('inline'); }
  set inline(to) { this.toggleAttribute('inline', to); }
  get state() { return this.#state; }
  get mirror() { return this.#state === 'ready' ? this.#trials[0]?.mirror : undefined; }

  connectedCallback() {
    if (!this.#box) this.#draw();
    this.#become('waiting');
    this.#listen(globalThis, 'message', (event) => this.#hear(/** @type {MessageEvent} */ (event)));
    this.#listen(globalThis, 'online', () => this.#state === 'failed' && this.load());
    this.#listen(matchMedia('(prefers-color-scheme: dark)'), 'change', () => this.#dress());
    this.#wait();
  }

  disconnectedCallback() {
    for (const end of this.#endings.splice(0)) end();
    this.#stop();
  }

  /** @type {(name: string, before: string | null, now: string | null) => void} */
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.#box || !this.isConnected) return;
    if (name === 'theme') this.#dress();
    else if (name === 'loading') now === 'eager' && this.#state === 'waiting' && this.load();
    else if (this.#state !== 'waiting') {
      this.#stop();
      const turn = this.#turn;
      queueMicrotask(() => turn === this.#turn && this.load());
    }
  }

  load() {
    if (!this.isConnected || this.#state === 'loading' || this.#state === 'ready') return;
    this.#stop();
    this.#become('loading');
    if (this.inline) this.#loadInline();
    else this.#loadFrames();
  }

  /** @param {string} attribute */
  #said(attribute) {
    return this.getAttribute(attribute) ?? '';
  }

  /** @param {EventTarget} target @param {string} type @param {(event: Event) => void} listener */
  #listen(target, type, listener) {
    target.addEventListener(type, listener);
    this.#endings.push(() => target.removeEventListener(type, listener));
  }

  #wait() {
    if (this.loading === 'eager') return this.load();
    const go = () => this.#state === 'waiting' && this.load();
    const watcher = new IntersectionObserver((seen) => seen.some((one) => one.isIntersecting) && go(), { rootMargin: '400px' });
    watcher.observe(this);
    this.#endings.push(() => watcher.disconnect());
    for (const touch of ['focusin', 'pointerdown']) this.#listen(this, touch, go);
  }

  #draw() {
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
  #become(state) {
    this.#state = state;
    this.#slot.style.display = state === 'ready' ? 'none' : 'contents';
    this.#reserve(state === 'failed' || (this.inline && !this.#trials[0]) ? 0 : AT_REST);
  }

  /** @param {number} height */
  #reserve(height) {
    const { style } = this.#box;
    style.minHeight = height ? `var(--bilik-height, ${height}px)` : '';
    style.height = this.#state === 'ready' ? style.minHeight : '';
  }

  /** @param {string} what @param {{ reason: string }} [detail] */
  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(`bilik-${what}`, { bubbles: true, composed: true, detail }));
  }

  #ready() {
    this.#become('ready');
    this.#tell('ready');
  }

  /** @param {string} reason */
  #fail(reason) {
    this.#become('failed');
    this.#tell('error', { reason });
  }

  #stop() {
    this.#turn++;
    this.#keep();
    this.#become('waiting');
  }

  /** @param {Trial} [kept] */
  #keep(kept) {
    for (const trial of this.#trials) {
      clearTimeout(trial.timer);
      if (trial !== kept) trial.frame.remove();
    }
    this.#trials = kept ? [kept] : [];
  }

  #loadFrames() {
    const mirrors = (this.mirrors.match(/\S+/g) ?? [SITE]).flatMap(addressed);
    // The page's own scripts can look into a frame of its own origin.
    const rank = (/** @type {URL} */ { href, origin }) => +silent.has(href) + (origin === self.origin ? 2 : 0);
    this.#untried = mirrors.sort((one, other) => rank(one) - rank(other)).map(({ href }) => href);
    this.#tryNext();
  }

  #tryNext() {
    const mirror = this.#untried.shift();
    if (!mirror) return this.#fail('unreachable');
    const frame = document.createElement('iframe');
    /** @type {Trial} */
    const trial = { frame, mirror, timer: 0, alive: 0 };
    const wait = () => (trial.timer = setTimeout(() => (--trial.alive > 0 ? wait() : this.#giveUp(trial)), SIGN_OF_LIFE_MS));
    wait();
    frame.onload = () => setTimeout(() => trial.alive || this.#giveUp(trial), LAST_WORD_MS);
    const look = this.#look();
    frame.title = this.title || (TITLES[look.lang.slice(0, 2).toLowerCase()] ?? 'Cari TPS Anda');
    frame.allow = 'clipboard-write; web-share';
    frame.referrerPolicy = 'no-referrer';
    frame.style.cssText = 'position:absolute;display:block;width:100%;height:100%;border:0;border-radius:var(--bilik-radius,14px);visibility:hidden';
    // Behind the #, where no host can log which page embeds it.
    const said = { host: self.origin, election: this.election, 'public-key': this.publicKey, ...look };
    frame.src = `${mirror}embed.html#${new URLSearchParams(said)}`;
    this.#trials.push(trial);
    this.#box.prepend(frame);
  }

  /** Of a silent frame; it stays, in case it is only slow. @param {Trial} trial */
  #giveUp(trial) {
    if (this.#state === 'ready' || !trial.timer || !this.#trials.includes(trial)) return;
    clearTimeout(trial.timer);
    trial.timer = 0;
    silent.add(trial.mirror);
    this.#tryNext();
  }

  /** Only our own frames are heard, each from the origin that it was asked of. @param {MessageEvent} event */
  #hear({ source, origin, data }) {
    const trial = this.#trials.find(({ frame }) => frame.contentWindow === source);
    if (!trial || origin !== new URL(trial.mirror).origin) return;
    const word = data?.bilik;
    const isReady = this.#state === 'ready';
    if (word === 'alive') trial.alive ||= 2;
    else if (word === 'ready' && !isReady) {
      silent.delete(trial.mirror);
      this.#keep(trial);
      // In the flow, a frame has a width of its own where nothing else gives one.
      Object.assign(trial.frame.style, { visibility: '', position: 'relative' });
      // Who is about to lose the fallback's link must not lose their place on the page.
      if (this.matches(':focus-within')) trial.frame.focus({ preventScroll: true });
      this.#ready();
      this.#dress();
    } else if (word === 'touched' && isReady && !trial.isTouched) {
      trial.isTouched = true;
      this.#reserve(IN_USE);
      this.#tell('touch');
    } else if (word === 'failed' || word === 'refused') {
      clearTimeout(trial.timer);
      trial.frame.remove();
      if (isReady) this.#become('loading');
      this.#trials = this.#trials.filter((other) => other !== trial);
      if (this.#untried.length) this.#tryNext();
      else if (!this.#trials.some(({ timer }) => timer)) this.#fail(word === 'failed' ? 'unreachable' : word);
    }
  }

  /** That of its surroundings, from outside a shadow root, too. */
  #language() {
    for (let at = /** @type {any} */ (this); at; at = at.parentNode ?? at.host) if (at.lang) return String(at.lang);
    return '';
  }

  /** @returns {Record<string, string> & { lang: string }} */
  #look() {
    const style = getComputedStyle(this);
    const set = LOOK.split(' ').map((name) => [name, style.getPropertyValue(`--bilik-${name}`).trim()]);
    return { lang: this.#language(), theme: this.theme, ...Object.fromEntries(set.filter(([, value]) => value)) };
  }

  #dress() {
    const [shown] = this.#trials;
    if (this.#state !== 'ready' || !shown) return;
    shown.frame.contentWindow?.postMessage({ bilik: 'look', ...this.#look() }, new URL(shown.mirror).origin);
  }

  #loadInline() {
    const turn = this.#turn;
    /** @param {() => void} go */
    const then = (go) => turn === this.#turn && go();
    import(`${HERE}embed-inline.js`)
      .then(({ inline }) => inline(this, this.#box, () => this.#look()))
      .then((is) => then(() => (is ? this.#ready() : this.#loadFrames())))
      .catch(() => then(() => this.#fail('unreachable')));
  }
}

if (!import.meta.url.endsWith('#class')) BilikLookup.define();
