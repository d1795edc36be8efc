/** The lookup that runs while somebody still types, so that pressing the button shows an answer that is there. */
import { fill, h } from './dom.js';
import { button } from './parts.js';

/** Outcomes that another try may change. */
const TRANSIENT = ['unreachable', 'unverified', 'stale', 'out_of_memory', 'forbidden', 'no_wasm'];
/** An answer that comes sooner than this needs no bar: a flash would only unsettle. */
const SHOW_BAR_AFTER_MS = 150;
/** Nobody waits longer for files without a word that this is long. */
const SLOW_MS = 6000;

export class PendingLookup {
  #client;
  #key = '';
  #abort = new AbortController();
  /** @type {Promise<Answer> | undefined} */
  #outcome;
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
    return (this.#outcome ??= this.#start(question));
  }

  /** Ends what runs and forgets what was answered. */
  cancel() {
    this.#abort.abort();
    this.#key = '';
    this.#outcome = undefined;
  }

  /** @param {Question} question */
  #start(question) {
    const { signal } = (this.#abort = new AbortController());
    const outcome = this.#client.lookup(question, { signal, onProgress: (progress) => this.#onProgress?.(progress) });
    const forget = () => {
      if (this.#outcome === outcome) this.#outcome = undefined;
    };
    outcome.then((known) => TRANSIENT.includes(known.outcome) && forget(), forget);
    return outcome;
  }
}

/**
 * Shows the bar at the foot of the screen until what runs has settled.
 * @param {Ui} ui
 * @param {(onProgress: (progress: Progress) => void) => Promise<Answer>} run
 * @param {() => void} cancel
 */
export async function withProgress(ui, run, cancel) {
  const { t } = ui;
  const dock = ui.byId('progress');
  const words = h('span', { id: 'progress-words' }, t('progress.files'));
  const bar = h('progress', { 'aria-labelledby': 'progress-words' });
  const stop = () => {
    cancel();
    // Else the focus goes with the button.
    (ui.byId('answer').querySelector('h1') ?? ui.byId('ask')).focus();
  };
  const show = setTimeout(() => {
    fill(dock, h('div', { class: 'card' }, h('div', {}, words, bar), button(t('progress.cancel'), stop, 'quiet')));
    dock.hidden = false;
    ui.announce(words.textContent);
  }, SHOW_BAR_AFTER_MS);
  const slow = setTimeout(() => {
    words.textContent = t('progress.slow');
    ui.announce(words.textContent);
  }, SLOW_MS);
  // When this was first told of, and how many were done by then: the lookup may have begun before somebody asked.
  let began = 0;
  let before = 0;
  /** @param {number} done @param {number} of */
  const left = (done, of) => {
    const seconds = Math.ceil((((performance.now() - began) / (done - before)) * (of - done)) / 1000);
    return done - before > of / 8 && seconds > 1 ? t('progress.left', { seconds }) : t('progress.derive');
  };
  try {
    return await run(({ step, done, of }) => {
      if (step === 'files') return void (words.textContent = t('progress.files'));
      clearTimeout(slow);
      if (!began) [began, before] = [performance.now(), done];
      words.textContent = left(done, of);
      Object.assign(bar, { max: of, value: done });
    });
  } finally {
    clearTimeout(show);
    clearTimeout(slow);
    if (bar.isConnected || dock.hidden) dock.hidden = true;
    ui.announce('');
  }
}
