/** An app in somebody else's page leaves address, history, title and scroll position to that page. */

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

/** In a document that another one has in a frame. */
export function guestOfDocument() {
  const lang = new URLSearchParams(location.search).get('lang');
  return new GuestHost({ html: document.documentElement, base: document.baseURI, lang, toTop: () => scrollTo(0, 0) });
}
