/**
 * What an app is in: a page of its own, or, as a guest, a frame or a shadow root of somebody else's page. A guest leaves
 * address, history, title and scroll position to the page that it is in. A host dispatches `move` when another public place
 * is to be shown, and `leave` when nobody sees the page any more.
 */

/** The history entry of an answer says only that it is one. */
const ANSWER = 'answer';

/** @implements {Host} */
export class PageHost extends EventTarget {
  html = document.documentElement;
  base = document.baseURI;
  lang = new URLSearchParams(location.search).get('lang');
  isGuest = false;
  #chosen = '';

  constructor() {
    super();
    if (this.isAtAnswer) history.replaceState(null, '');
    addEventListener('popstate', () => {
      this.rememberLanguage(this.#chosen);
      this.dispatchEvent(new Event('move'));
    });
    addEventListener('pagehide', () => this.dispatchEvent(new Event('leave')));
  }

  get hash() {
    return location.hash;
  }

  /** @param {string} hash */
  go(hash) {
    location.hash = hash;
  }

  get isAtAnswer() {
    return history.state === ANSWER;
  }

  /** So that a phone's back button leads to the form. */
  enterAnswer() {
    if (!this.isAtAnswer) history.pushState(ANSWER, '');
  }

  /** Whether history leads back to the form; `move` follows. */
  leaveAnswer() {
    if (!this.isAtAnswer) return false;
    history.back();
    return true;
  }

  /** In the address and nowhere else. @param {string} code */
  rememberLanguage(code) {
    if (!code) return;
    this.#chosen = code;
    const address = new URL(location.href);
    address.searchParams.set('lang', code);
    history.replaceState(history.state, '', address);
  }

  toTop() {
    scrollTo(0, 0);
  }
}

/** @implements {Host} */
export class GuestHost extends EventTarget {
  isGuest = true;
  isAtAnswer = true;
  hash = '';

  /** @param {Pick<Host, 'html' | 'base' | 'lang' | 'toTop'>} surroundings */
  constructor({ html, base, lang, toTop }) {
    super();
    this.html = html;
    this.base = base;
    this.lang = lang;
    this.toTop = toTop;
    addEventListener('pagehide', () => this.dispatchEvent(new Event('leave')));
    html.addEventListener('click', (event) => {
      const link = event.target instanceof Element && event.target.closest('a[href^="#"]');
      if (!link) return;
      event.preventDefault();
      this.go(link.getAttribute('href') ?? '');
    });
  }

  /** @param {string} hash */
  go(hash) {
    this.hash = hash;
    this.dispatchEvent(new Event('move'));
  }

  enterAnswer() {}

  leaveAnswer() {
    return false;
  }

  rememberLanguage() {}
}

/** The host of an app that has a document for itself, which may be in a frame. */
export function hostOfDocument() {
  if (window === window.top) return new PageHost();
  const lang = new URLSearchParams(location.search).get('lang');
  return new GuestHost({ html: document.documentElement, base: document.baseURI, lang, toTop: () => scrollTo(0, 0) });
}
