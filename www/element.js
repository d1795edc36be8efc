/**
 * `<bilik-lookup>`: the lookup on somebody else's page, in a frame of the site's own origin, so that no script of that page
 * can read what is typed. All of it stands in this one file, so that one integrity attribute covers it. It registers itself;
 * `import { BilikLookup } from '…/element.js#class'` leaves that to the importer. docs/embedding.md tells the rest.
 */

/** Somebody who scrolls finds it ready from this far away. */
const NEAR = '400px 0px';
/** A frame that is silent for so long gets the next mirror's beside it, and may still be the first to be ready. */
const SIGN_OF_LIFE_MS = 4000;
/** A frame that has loaded without a word is an error page; its last word may be under way. */
const LAST_WORD_MS = 400;
/** The only two heights: until the first touch, and from then on. No question and no answer changes them. */
const [AT_REST, IN_USE] = [620, 760];

/** What a page may say of the look: `--bilik-…`. */
const LOOK = 'font background surface text muted line edge accent on-accent soft sign on-sign good bad warn on-warn radius';
const PROPERTIES = ['mirrors', 'publicKey', 'election', 'theme', 'loading', 'inline'];

/** Where the site is: a pinned version of this file lies two folders deeper, in `v/<version>/`. */
const HERE = new URL('.', import.meta.url).href;
const SITE = HERE.replace(/v\/[^/]+\/$/, '');

/** Mirrors whose frames were silent: further elements of the page ask them last. @type {Set<string>} */
const silent = new Set();

/** @typedef {{ frame: HTMLIFrameElement, mirror: string, timer: number, alive: boolean }} Trial */

/** Where a server renders pages there are no elements, yet the class can be imported. @type {typeof HTMLElement} */
const Element = globalThis.HTMLElement ?? Object;

export class BilikLookup extends Element {
  static observedAttributes = ['mirrors', 'public-key', 'election', 'lang', 'theme', 'loading', 'inline'];

  /** Registers the element, unless somebody did so before. */
  static define(name = 'bilik-lookup', registry = globalThis.customElements) {
    if (registry && !registry.get(name)) registry.define(name, this);
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
  #box = /** @type {HTMLElement | undefined} */ (undefined);

  get mirrors() { return this.#said('mirrors'); }
  set mirrors(urls) { this.setAttribute('mirrors', urls); }
  get publicKey() { return this.#said('public-key'); }
  set publicKey(keys) { this.setAttribute('public-key', keys); }
  get election() { return this.#said('election'); }
  set election(id) { this.setAttribute('election', id); }
  get theme() { return this.#said('theme').replace(/^(?!light$|dark$).*/, 'auto'); }
  set theme(theme) { this.setAttribute('theme', theme); }
  get loading() { return this.#said('loading') === 'eager' ? 'eager' : 'lazy'; }
  set loading(when) { this.setAttribute('loading', when); }
  get inline() { return this.hasAttribute('inline'); }
  set inline(is) { this.toggleAttribute('inline', is); }
  get state() { return this.#state; }
  /** The mirror whose frame is shown. */
  get mirror() { return this.#state === 'ready' ? this.#trials[0]?.mirror : undefined; }

  connectedCallback() {
    this.#draw();
    this.#listen(globalThis, 'message', (event) => this.#hear(/** @type {MessageEvent} */ (event)));
    this.#listen(globalThis, 'online', () => this.#state === 'failed' && this.load());
    const scheme = matchMedia('(prefers-color-scheme: dark)');
    if (scheme.addEventListener) this.#listen(scheme, 'change', () => this.#dress());
    this.#wait();
  }

  disconnectedCallback() {
    for (const end of this.#endings.splice(0)) end();
    this.#stop();
  }

  /** @param {string} name @param {string | null} before @param {string | null} now */
  attributeChangedCallback(name, before, now) {
    if (before === now || !this.#box || !this.isConnected) return;
    if (name === 'theme') this.#dress();
    else if (name === 'loading') now === 'eager' && this.#state === 'waiting' && this.load();
    else if (this.#state !== 'waiting') {
      const turn = ++this.#turn;
      this.#stop();
      // Several attributes that change together are one change.
      queueMicrotask(() => turn === this.#turn && this.isConnected && this.load());
    }
  }

  /** Loads now, wherever it stands; after a failure, once more. */
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

  /** Nothing is fetched until it is near the screen, or its fallback is touched. */
  #wait() {
    if (this.loading === 'eager' || !globalThis.IntersectionObserver) return this.load();
    const go = () => {
      watcher.disconnect();
      if (this.#state === 'waiting') this.load();
    };
    const watcher = new IntersectionObserver((seen) => seen.some(({ isIntersecting }) => isIntersecting) && go(), { rootMargin: NEAR });
    watcher.observe(this);
    this.#endings.push(() => watcher.disconnect());
    for (const touch of ['focusin', 'pointerdown']) this.#listen(this, touch, go);
  }

  // --- What is seen ------------------------------------------------------------------------------------------------

  /** Styles are set one by one: a strict policy allows that, and Safari 16.0 has no other way. */
  #draw() {
    // A framework may have set a property before this class was there to hear of it.
    const early = /** @type {any} */ (this);
    for (const name of PROPERTIES) {
      if (!Object.hasOwn(this, name)) continue;
      const value = early[name];
      delete early[name];
      early[name] = value;
    }
    if (!this.#box) {
      this.#box = document.createElement('div');
      this.#box.append(document.createElement('slot'));
      this.#box.style.cssText = 'display:block;position:relative';
      this.attachShadow({ mode: 'open' }).append(this.#box);
      if (!this.style.display) this.style.display = 'block';
    }
    this.#become('waiting');
  }

  /** The fallback shows in every state but one, in the room that the frame will take. @param {BilikLookup['state']} state */
  #become(state) {
    this.#state = state;
    const box = /** @type {HTMLElement} */ (this.#box);
    const height = `var(--bilik-height, ${AT_REST}px)`;
    box.style.minHeight = state === 'failed' || this.inline ? '' : height;
    box.style.height = state === 'ready' && !this.inline ? height : '';
    const slot = /** @type {HTMLElement} */ (box.firstElementChild);
    slot.style.display = state === 'ready' ? 'none' : 'contents';
    if (state === 'ready') this.#tell('ready');
  }

  #touch() {
    const box = /** @type {HTMLElement} */ (this.#box);
    box.style.height = box.style.minHeight = `var(--bilik-height, ${IN_USE}px)`;
    this.#tell('touch');
  }

  /** @param {'ready' | 'touch' | 'error'} what @param {{ reason: string }} [detail] */
  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(`bilik-${what}`, { bubbles: true, composed: true, detail }));
  }

  /** @param {'unreachable' | 'refused'} reason */
  #fail(reason) {
    this.#become('failed');
    this.#tell('error', { reason });
  }

  #stop() {
    for (const { frame, timer } of this.#trials.splice(0)) {
      clearTimeout(timer);
      frame.remove();
    }
    this.#become('waiting');
  }

  // --- Frames ------------------------------------------------------------------------------------------------------

  #loadFrames() {
    const mirrors = (this.mirrors.match(/\S+/g) ?? [SITE]).map((mirror) => new URL(`${mirror}/`.replace(/\/+$/, '/'), document.baseURI).href);
    // The page's own scripts could look into a frame of its own origin: such a mirror comes last.
    /** @param {string} mirror */
    const rank = (mirror) => Number(silent.has(mirror)) + (new URL(mirror).origin === location.origin ? 2 : 0);
    this.#untried = mirrors.sort((one, other) => rank(one) - rank(other));
    this.#tryNext();
  }

  #tryNext() {
    const mirror = this.#untried.shift();
    if (!mirror) return this.#fail('unreachable');
    const frame = document.createElement('iframe');
    /** @type {Trial} */
    const trial = { frame, mirror, timer: 0, alive: false };
    let patience = 2;
    const doubt = () => {
      clearTimeout(trial.timer);
      // Signs of life earn it as much time again.
      if (trial.alive && --patience) trial.timer = setTimeout(doubt, SIGN_OF_LIFE_MS);
      else this.#giveUp(trial);
    };
    trial.timer = setTimeout(doubt, SIGN_OF_LIFE_MS);
    frame.onload = () => {
      setTimeout(() => !trial.alive && this.#giveUp(trial), LAST_WORD_MS);
    };
    frame.title = this.title || (/^en/i.test(this.#language()) ? 'Find your polling station' : 'Cari TPS Anda');
    frame.allow = 'clipboard-write; web-share';
    frame.referrerPolicy = 'no-referrer';
    frame.setAttribute('part', 'frame');
    frame.style.cssText = 'position:absolute;inset:0;width:100%;height:100%;border:0;border-radius:var(--bilik-radius,14px);visibility:hidden';
    // Behind the #, so that no host of the site can log which pages embed it.
    const said = { host: location.origin, lang: this.#language(), election: this.election, 'public-key': this.publicKey };
    frame.src = `${mirror}embed.html#${new URLSearchParams({ ...said, ...this.#look() })}`;
    this.#trials.push(trial);
    this.#box?.append(frame);
  }

  /** It stays all the same, in case it is only slow. @param {Trial} trial */
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
    if (word === 'alive') trial.alive = true;
    else if (word === 'ready' && this.#state !== 'ready') this.#show(trial);
    else if (word === 'touched' && this.#state === 'ready') this.#touch();
    else if (word === 'failed' || word === 'refused') this.#drop(trial, word);
  }

  /** @param {Trial} trial */
  #show(trial) {
    for (const { frame, timer } of this.#trials) {
      clearTimeout(timer);
      if (frame !== trial.frame) frame.remove();
    }
    silent.delete(trial.mirror);
    this.#trials = [trial];
    trial.frame.style.visibility = '';
    this.#become('ready');
    // The look may have changed while it loaded.
    this.#dress();
  }

  /** @param {Trial} trial @param {'failed' | 'refused'} why */
  #drop(trial, why) {
    clearTimeout(trial.timer);
    trial.frame.remove();
    this.#trials = this.#trials.filter((other) => other !== trial);
    if (this.#untried.length) this.#tryNext();
    else if (!this.#trials.some(({ timer }) => timer)) this.#fail(why === 'failed' ? 'unreachable' : why);
  }

  // --- Look --------------------------------------------------------------------------------------------------------

  #language() {
    return this.lang || /** @type {HTMLElement | null} */ (this.closest('[lang]'))?.lang || '';
  }

  /** The theme, and the variables as they are in force here. @returns {Record<string, string>} */
  #look() {
    const style = getComputedStyle(this);
    const set = LOOK.split(' ').map((name) => [name, style.getPropertyValue(`--bilik-${name}`).trim()]);
    return { theme: this.theme, ...Object.fromEntries(set.filter(([, value]) => value)) };
  }

  #dress() {
    const [shown] = this.#trials;
    if (this.#state !== 'ready' || !shown) return;
    shown.frame.contentWindow?.postMessage({ bilik: 'look', ...this.#look() }, new URL(shown.mirror).origin);
  }

  // --- Inline ------------------------------------------------------------------------------------------------------

  #loadInline() {
    const turn = ++this.#turn;
    import(`${HERE}embed-inline.js`)
      .then(({ inline }) => inline(this, this.#box))
      .then(
        (is) => turn === this.#turn && (is ? this.#become('ready') : this.#loadFrames()),
        () => turn === this.#turn && this.#fail('unreachable'),
      );
  }
}

if (!import.meta.url.endsWith('#class')) BilikLookup.define();
