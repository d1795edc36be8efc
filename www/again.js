/** When everything is down: the question waits, and is asked again by itself. */
import { byId, h } from './dom.js';
import { t } from './i18n.js';

const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;
/** Everybody else has the same news of the network. */
const NEWS_MS = 1_000;

/** Tries again at random times, so that not all who wait come back at once. */
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

  /** For anything up to 2 s, then 4, 8, ... 60. */
  wait() {
    this.#in(Math.min(LONGEST_MS, FIRST_MS * 2 ** this.#tries++));
  }

  /** For good: the next one who waits begins anew. */
  stop() {
    this.pause();
    this.#tries = 0;
  }

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
