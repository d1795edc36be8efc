/** When everything is down: asks again by itself, at random times, so that those who wait do not come back all at once. */
import { byId, h } from './dom.js';
import { t } from './i18n.js';

const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;
/** Where there is news, it is tried at once, or nearly: everybody else has the same news. */
const NEWS_MS = 1_000;

export class Again {
  #try;
  #tries = 0;
  #timer = 0;
  #at = 0;

  /** @param {() => void} attempt */
  constructor(attempt) {
    this.#try = attempt;
    addEventListener('online', () => this.#hasNews());
    document.addEventListener('visibilitychange', () => document.hidden || this.#hasNews());
  }

  /** Waits for the next try: anything up to 2 s, then 4, 8, ... 60. */
  wait() {
    this.#in(Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#tries++));
  }

  /** The next one who waits begins anew. */
  stop() {
    this.pause();
    this.#tries = 0;
  }

  /** Tries no more until told to wait. */
  pause() {
    clearTimeout(this.#timer);
    this.#timer = 0;
  }

  /** Begins to wait, and says when the next try is for as long as it is on the page. */
  line() {
    if (!this.#timer) {
      this.wait();
      byId('status').textContent = t('again.lead');
    }
    const line = h('p', { class: 'note' });
    const paint = () => {
      const seconds = Math.ceil((this.#at - Date.now()) / 1000);
      const next = t(seconds > 0 ? 'again.in' : 'again.now', { seconds });
      line.textContent = this.#timer ? `${t('again.lead')} ${next}` : '';
    };
    paint();
    const timer = setInterval(() => (line.isConnected ? paint() : clearInterval(timer)), 500);
    return line;
  }

  #hasNews() {
    if (!this.#timer) return;
    this.#tries = 0;
    this.#in(NEWS_MS);
  }

  /** @param {number} most */
  #in(most) {
    clearTimeout(this.#timer);
    const ms = Math.random() * most;
    this.#at = Date.now() + ms;
    this.#timer = window.setTimeout(this.#try, ms);
  }
}
