/**
 * Where the app stands: in a document of its own, in a frame, or in a shadow root of somebody else's document, which says so
 * here before the app starts (embed-inline.js). A guest leaves address, history, title and scroll position to its host.
 */
let away = '';

export const place = {
  /** What the app's elements are in. @type {Document | ShadowRoot} */
  root: document,
  /** What `lang`, `data-demo` and `old` stand on, for all of them. @type {HTMLElement} */
  html: document.documentElement,
  /** The site. */
  base: document.baseURI,
  lang: new URLSearchParams(location.search).get('lang'),
  isGuest: window !== window.top,

  /** The public place that is shown, `#/village/number`. */
  get hash() {
    return this.isGuest ? away : location.hash;
  },
  /** @param {string} hash */
  go(hash) {
    if (!this.isGuest) location.hash = hash;
    else {
      away = hash;
      this.moved();
    }
  },
  /** A guest has gone elsewhere: the app hears of it here. */
  moved() {},
  toTop() {
    scrollTo(0, 0);
  },
};
