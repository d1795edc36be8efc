/**
 * What an app is in: a page of its own, or, as a guest, a frame or a shadow root of somebody else's page (guest-host.js). A host
 * dispatches `move` when another public place is to be shown, and `leave` when nobody sees the page any more.
 */

/** The history entry of an answer says only that it is one. */
const ANSWER = 'answer';

/** Whether an action went well: Safari refuses changes of history after a hundred in half a minute. @param {() => void} action */
function succeeds(action) {
  try {
    action();
    return true;
  } catch {
    return false;
  }
}

/** @implements {Host} */
export class PageHost extends EventTarget {
  html = document.documentElement;
  base = document.baseURI;
  lang = new URLSearchParams(location.search).get('lang');
  isGuest = false;
  #chosen = '';
  /** Where history refused the answer, or a place. */
  #isAtAnswer = false;
  /** @type {string | undefined} */
  #hash;

  constructor() {
    super();
    if (this.isAtAnswer) succeeds(() => history.replaceState(null, ''));
    addEventListener('popstate', () => {
      this.#hash = undefined;
      this.rememberLanguage(this.#chosen);
      this.dispatchEvent(new Event('move'));
    });
    addEventListener('pagehide', () => this.dispatchEvent(new Event('leave')));
  }

  get hash() {
    return this.#hash ?? location.hash;
  }

  /** @param {string} hash */
  go(hash) {
    if (succeeds(() => (location.hash = hash))) return;
    this.#hash = hash;
    this.dispatchEvent(new Event('move'));
  }

  get isAtAnswer() {
    return this.#isAtAnswer || history.state === ANSWER;
  }

  /** So that a phone's back button leads to the form. */
  enterAnswer() {
    if (history.state !== ANSWER) this.#isAtAnswer = !succeeds(() => history.pushState(ANSWER, ''));
  }

  /** Whether history leads back to the form; `move` follows. */
  leaveAnswer() {
    const isInHistory = this.isAtAnswer && !this.#isAtAnswer;
    this.#isAtAnswer = false;
    return isInHistory && succeeds(() => history.back());
  }

  /** In the address and nowhere else. @param {string} code */
  rememberLanguage(code) {
    if (!code) return;
    this.#chosen = code;
    const address = new URL(location.href);
    address.searchParams.set('lang', code);
    succeeds(() => history.replaceState(history.state, '', address));
  }

  toTop() {
    scrollTo(0, 0);
  }
}
