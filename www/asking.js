/** The lookup that runs while somebody still types, so that pressing the button shows an answer that is there. */
import { byId, h } from './dom.js';
import { t } from './i18n.js';
import { button } from './parts.js';

/** Outcomes that another try may change. */
const PASSING = ['unreachable', 'unverified', 'stale'];
/** An answer that comes sooner than this needs no bar: a flash would only unsettle. */
const PATIENCE_MS = 150;

export class Asking {
  #client;
  #key = '';
  #abort = new AbortController();
  /** @type {Promise<Outcome> | undefined} */
  #answer;
  /** @type {LookupOptions['onProgress']} */
  #onProgress;

  /** @param {Client} client */
  constructor(client) {
    this.#client = client;
  }

  /**
   * Starts the lookup, or joins it where the same question is being asked already. Rejects with `AbortError` when
   * another question takes its place.
   * @param {Question} question
   * @param {LookupOptions['onProgress']} [onProgress]
   */
  ask(question, onProgress) {
    const key = JSON.stringify(question);
    if (this.#key !== key) this.cancel();
    this.#onProgress = onProgress;
    this.#key = key;
    return (this.#answer ??= this.#begin(question));
  }

  /** Ends what runs and forgets what was answered. */
  cancel() {
    this.#abort.abort();
    this.#key = '';
    this.#answer = undefined;
  }

  /** @param {Question} question */
  #begin(question) {
    const { signal } = (this.#abort = new AbortController());
    const answer = this.#client.lookup(question, { signal, onProgress: (progress) => this.#onProgress?.(progress) });
    const forget = () => {
      if (this.#answer === answer) this.#answer = undefined;
    };
    answer.then(({ outcome }) => PASSING.includes(outcome) && forget(), forget);
    return answer;
  }
}

/**
 * Shows the bar at the foot of the screen until what runs has settled.
 * @param {(onProgress: (progress: Progress) => void) => Promise<Outcome>} run
 * @param {() => void} cancel
 */
export async function withProgress(run, cancel) {
  const dock = byId('progress');
  const words = h('span', { id: 'progress-words' }, t('progress.files'));
  const bar = h('progress', { 'aria-labelledby': 'progress-words' });
  const stop = () => {
    cancel();
    // Else the focus goes with the button.
    (byId('answer').querySelector('h1') ?? byId('ask')).focus();
  };
  const show = setTimeout(() => {
    dock.replaceChildren(h('div', { class: 'card' }, h('div', {}, words, bar), button(t('progress.cancel'), stop, 'quiet')));
    dock.hidden = false;
    byId('status').textContent = words.textContent;
  }, PATIENCE_MS);
  try {
    return await run(({ step, done, of }) => {
      words.textContent = t(step === 'files' ? 'progress.files' : of > 1 ? 'progress.derive' : 'progress.search');
      if (of > 1) Object.assign(bar, { max: of, value: done });
    });
  } finally {
    clearTimeout(show);
    if (bar.isConnected || dock.hidden) dock.hidden = true;
    byId('status').textContent = '';
  }
}

const FIRST_MS = 2_000;
const LONGEST_MS = 60_000;
/** Everybody else has the same news of the network. */
const NEWS_MS = 1_000;

/** When everything is down: tries again by itself, at random times, so that not all who wait come back at once. */
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
