/**
 * Frames of the mirrors' pages, of which the first that is ready is shown: as a hedged request, the next mirror is asked when
 * one is silent, and the silent one may still win.
 */

/** After such a silence the next mirror's frame is tried beside this one. */
const SIGN_OF_LIFE_MS = 4000;
/** A frame that has loaded without a message is an error page, unless its message is under way. */
const AFTER_LOAD_MS = 400;

/** Mirrors that were silent: the document's further elements ask them last. @type {Set<string>} */
const silent = new Set();

/** @typedef {{ frame: HTMLIFrameElement, mirror: string, timer: number, alive: number, isTouched?: boolean }} Candidate */
/**
 * What the element does when something happens to its frames; `lost`: the one that was shown failed.
 * @typedef {{ ready(frame: HTMLIFrameElement): void, touched(): void, lost(): void, failed(reason: string): void }} Listener
 */

/** Where a frame may come from; whatever else stands in a list of mirrors is passed over. @param {string} mirror */
function validUrl(mirror) {
  try {
    const url = new URL(mirror.replace(/[^/]$/, '$&/'), document.baseURI);
    return /^https?:$/.test(url.protocol) ? [url] : [];
  } catch {
    return [];
  }
}

export class Frames {
  #box;
  #listener;
  /** @type {Candidate[]} */
  #candidates = [];
  /** @type {string[]} */
  #untried = [];
  /** @type {Candidate | undefined} */
  #shown;
  #title = '';
  /** @type {Record<string, string>} */
  #parameters = {};

  /** @param {HTMLElement} box @param {Listener} listener */
  constructor(box, listener) {
    this.#box = box;
    this.#listener = listener;
  }

  /** The mirror whose frame is shown. */
  get mirror() {
    return this.#shown?.mirror;
  }

  get isEmpty() {
    return !this.#candidates.length;
  }

  /** @param {string[]} mirrors @param {string} title @param {Record<string, string>} parameters what the frame is told behind the # */
  load(mirrors, title, parameters) {
    this.#title = title;
    this.#parameters = parameters;
    // The page's own scripts can look into a frame of its own origin.
    const rank = (/** @type {URL} */ { href, origin }) => +silent.has(href) + (origin === self.origin ? 2 : 0);
    const urls = mirrors.flatMap(validUrl).sort((one, other) => rank(one) - rank(other));
    this.#untried = urls.map(({ href }) => href);
    this.#tryNext();
  }

  remove() {
    this.#removeAllBut();
    this.#shown = undefined;
  }

  /** To the frame that is shown, if any. @param {Record<string, unknown>} message */
  post(message) {
    if (this.#shown) this.#shown.frame.contentWindow?.postMessage(message, new URL(this.#shown.mirror).origin);
  }

  /** Only our own frames are heard, each from the origin that it was asked of. @param {MessageEvent} event */
  receive({ source, origin, data }) {
    const candidate = this.#candidates.find(({ frame }) => frame.contentWindow === source);
    if (!candidate || origin !== new URL(candidate.mirror).origin) return;
    const message = data?.bilik;
    if (message === 'alive') candidate.alive ||= 2;
    else if (message === 'ready' && !this.#shown) this.#show(candidate);
    else if (message === 'touched' && this.#shown && !candidate.isTouched) {
      candidate.isTouched = true;
      this.#listener.touched();
    } else if (message === 'failed' || message === 'refused') this.#drop(candidate, message);
  }

  /** @param {Candidate} candidate */
  #show(candidate) {
    silent.delete(candidate.mirror);
    this.#removeAllBut(candidate);
    this.#shown = candidate;
    // In the flow, a frame has a width of its own where nothing else gives one.
    Object.assign(candidate.frame.style, { visibility: '', position: 'relative' });
    this.#listener.ready(candidate.frame);
  }

  /** @param {Candidate} candidate @param {string} message */
  #drop(candidate, message) {
    clearTimeout(candidate.timer);
    candidate.frame.remove();
    if (this.#shown) this.#listener.lost();
    this.#shown = undefined;
    this.#candidates = this.#candidates.filter((other) => other !== candidate);
    if (this.#untried.length) this.#tryNext();
    else if (!this.#candidates.some(({ timer }) => timer))
      this.#listener.failed(message === 'failed' ? 'unreachable' : message);
  }

  /** @param {Candidate} [kept] */
  #removeAllBut(kept) {
    for (const candidate of this.#candidates) {
      clearTimeout(candidate.timer);
      if (candidate !== kept) candidate.frame.remove();
    }
    this.#candidates = kept ? [kept] : [];
  }

  #tryNext() {
    const mirror = this.#untried.shift();
    if (!mirror) return this.#listener.failed('unreachable');
    const frame = document.createElement('iframe');
    /** @type {Candidate} */
    const candidate = { frame, mirror, timer: 0, alive: 0 };
    const wait = () => {
      candidate.timer = setTimeout(() => (--candidate.alive > 0 ? wait() : this.#giveUp(candidate)), SIGN_OF_LIFE_MS);
    };
    wait();
    frame.onload = () => setTimeout(() => candidate.alive || this.#giveUp(candidate), AFTER_LOAD_MS);
    frame.title = this.#title;
    frame.allow = 'clipboard-write; web-share';
    frame.referrerPolicy = 'no-referrer';
    frame.style.cssText =
      'position:absolute;display:block;width:100%;height:100%;border:0;border-radius:var(--bilik-radius,14px);visibility:hidden';
    // Behind the #, where no host can log which page embeds it.
    frame.src = `${mirror}embed.html#${new URLSearchParams(this.#parameters)}`;
    this.#candidates.push(candidate);
    this.#box.prepend(frame);
  }

  /** Of a silent frame; it stays, in case it is only slow. @param {Candidate} candidate */
  #giveUp(candidate) {
    if (this.#shown || !candidate.timer || !this.#candidates.includes(candidate)) return;
    clearTimeout(candidate.timer);
    candidate.timer = 0;
    silent.add(candidate.mirror);
    this.#tryNext();
  }
}
