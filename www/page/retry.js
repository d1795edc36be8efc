/** When everything is down: the question waits, and is asked again by itself. */
import { h } from './dom.js';

const FIRST_MS = 2_000;
const MAX_MS = 60_000;
/** When the network is back, everybody else learns it at the same moment. */
const ONLINE_MS = 1_000;

/** Retries with exponential backoff and full jitter, so that not all who wait come back at once. */
export class Retry {
  #ui;
  #attempt;
  #tries = 0;
  #timer = 0;
  #at = 0;

  /** @param {Ui} ui @param {() => void} attempt */
  constructor(ui, attempt) {
    this.#ui = ui;
    this.#attempt = attempt;
    addEventListener('online', () => this.#retrySoon());
    document.addEventListener('visibilitychange', () => document.hidden || this.#retrySoon());
  }

  /** For anything up to 2 s, then 4, 8, ... 60. */
  wait() {
    this.#in(Math.min(MAX_MS, FIRST_MS * 2 ** this.#tries++));
  }

  /** For good: the next wait begins with the shortest again. */
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
    const { t } = this.#ui;
    if (!this.#timer) {
      this.wait();
      this.#ui.announce(t('again.lead'));
    }
    const line = h('p', { class: 'note' });
    const paint = () => {
      const seconds = Math.ceil((this.#at - performance.now()) / 1000);
      const next = t(seconds > 0 ? 'again.in' : 'again.now', { seconds });
      line.textContent = this.#timer ? `${t('again.lead')} ${next}` : '';
    };
    paint();
    const timer = setInterval(() => (line.isConnected ? paint() : clearInterval(timer)), 500);
    return line;
  }

  #retrySoon() {
    if (!this.#timer) return;
    this.#tries = 0;
    this.#in(ONLINE_MS);
  }

  /** @param {number} maxMs */
  #in(maxMs) {
    clearTimeout(this.#timer);
    const ms = Math.random() * maxMs;
    this.#at = performance.now() + ms;
    this.#timer = window.setTimeout(this.#attempt, ms);
  }
}
