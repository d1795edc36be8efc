/** The app: a form, a lookup, an answer. Its caller names the root that it is in; a document may contain several. */
import { assetUrl } from '../assets.js';
import { importWithin } from '../limits.js';
import { ModuleClient } from '../module-client.js';
import { answer, isRare, isTransient } from './answer.js';
import { debounce, fill } from './dom.js';
import { Form } from './form.js';
import { LanguageMenu } from './language-menu.js';
import { loadLater } from './load-later.js';
import { PendingLookup, withProgress } from './lookup.js';
import { Retry } from './retry.js';
import { Screens } from './screens.js';
import { Ui } from './ui.js';

/** How long somebody rests in typing before the details count as complete. */
const PAUSE_MS = 600;
/** What comes after an answer must not compete with it. */
const AFTER_ANSWER_MS = 1000;

/**
 * Starts an app in a document or a shadow root that has the form's elements (form.html).
 * @param {{ root: Document | ShadowRoot, config: Config, host: Host, client?: Client }} where
 * @returns {{ ready: Promise<void>, ui: Ui }} `ready` rejects where the app cannot run; the page then says whom to ask
 */
export function createApp({ root, config, host, client = new ModuleClient(config.options) }) {
  // From now on the page does not say by itself whom to call (css/first.css).
  host.html.dataset.started = '';
  const ui = new Ui({ root, host, help: config.help, client });
  const app = new App(ui);
  const ready = app.start().catch((error) => {
    host.html.className = 'old';
    throw error;
  });
  // A caller may ignore `ready`: the page shows the failure.
  ready.catch(() => {});
  if (config.witnesses) {
    importWithin(assetUrl('witness.js')).then(
      ({ watch }) => watch(ui, config),
      // What is shown later is made without a word from any witness.
      () => {
        ui.unsure = 'witness.unsure';
      },
    );
  }
  return { ready, ui };
}

/**
 * Once the page has come: what it has asked for early (early.js) comes behind it. A guest's module waits for a touch, since most
 * readers of an article look for no station.
 * @param {() => void} action
 */
function onLoad(action) {
  if (document.readyState === 'complete') action();
  else addEventListener('load', action, { once: true });
}

/** @type {Shown} */
const NO_WASM = { outcome: 'no_wasm', problems: [] };

class App {
  #ui;
  #pending;
  #retry;
  #form;
  #screens;
  #languages;
  /** @type {Question | undefined} the question that the screen answers */
  #asked;
  /** The answer to it, if that is a station. @type {Of<'found'> | undefined} */
  #found;
  /** Those who were found before. @type {import('./people.js').People | undefined} */
  #people;
  /** How often the page was left. */
  #departures = 0;
  #preparations = 0;
  #slips = new AbortController();
  /** Shows the slips that were found on the screen. @type {(() => void) | undefined} */
  #suggest;
  #isKept = false;

  /** @param {Ui} ui */
  constructor(ui) {
    this.#ui = ui;
    this.#pending = new PendingLookup(ui.client);
    this.#retry = new Retry(ui, () => void this.#ask(this.#asked, true));
    this.#form = new Form(ui, {
      onTouch: () => void this.#prepare('', ''),
      onDetails: (digits, name) => void this.#prepare(digits, name),
      onChange: () => {
        this.#pending.cancel();
        this.#askAhead();
      },
      onAsk: () => void this.#ask(),
    });
    this.#screens = new Screens(ui, {
      browse: async (code, number) => {
        const { browse } = await loadLater();
        return () => browse(ui, code, number);
      },
      saved: async () => {
        const { savedScreen } = await loadLater();
        return savedScreen(ui, () => this.#forget(), this.#actions.asked(), this.#found?.station);
      },
    });
    this.#languages = new LanguageMenu(ui, () => {
      this.#screens.repaint();
      this.#suggest?.();
      this.#people?.paint();
    });
  }

  async start() {
    const { host } = this.#ui;
    if (!host.isGuest) {
      // From now on the form itself hears of a press (early.js).
      self.onclick = null;
      onLoad(() => this.#ui.client.start());
    }
    host.addEventListener('move', () => {
      this.#cancel();
      this.#screens.follow().catch(() => {});
    });
    // The next user of the phone finds nothing that was typed or answered.
    host.addEventListener('leave', () => {
      this.#forget();
      if (!host.hash) this.#screens.showForm();
    });
    this.#ui.byId('foot').hidden = host.isGuest;
    if (navigator.serviceWorker?.controller) this.#keepSoon();
    await this.#languages.start();
    if (typeof WebAssembly !== 'object') {
      await this.#screenOf(NO_WASM);
      return this.#screens.showAnswer(() => answer(this.#ui, NO_WASM, this.#actions));
    }
    await this.#screens.follow();
    // What was pressed before.
    if (!host.hash) /** @type {any} */ (self).bilikPressed?.click();
  }

  /** @type {Actions} */
  #actions = {
    edit: () => this.#edit(),
    clear: () => {
      this.#preparations++;
      void this.#setAside().catch(() => {});
      this.#form.clear();
      this.#edit();
    },
    retry: () => void this.#ask(this.#asked),
    waiting: () => this.#retry.line(),
    choose: (village) => void this.#ask({ ...this.#form.question(), village }),
    asked: () => this.#asked ?? this.#form.question(),
    instead: (digits) => {
      this.#form.fill(digits);
      void this.#ask({ ...this.#form.question(), village: this.#asked?.village });
    },
  };

  /** @param {string} digits @param {string} name */
  async #prepare(digits, name) {
    const turn = ++this.#preparations;
    const prepared = await this.#ui.client.prepare(digits, name).catch(() => undefined);
    if (!prepared) return;
    this.#noteElection(prepared);
    if (turn === this.#preparations) this.#form.showPrepared(prepared);
  }

  #askAhead = debounce(PAUSE_MS, () => {
    const question = this.#form.question();
    if (this.#form.gap() || question.name.length < 3) return;
    this.#pending.ask(question).then(
      (outcome) => this.#noteElection(outcome),
      () => {},
    );
  });

  /**
   * Asks what the form asks, or that question; joins the lookup that already runs.
   * @param {Question} [question]
   * @param {boolean} [isQuiet] nobody pressed anything: no bar, and nothing new if there is nothing new
   */
  async #ask(question, isQuiet) {
    if (!isQuiet) this.#retry.pause();
    this.#askAhead.cancel();
    this.#dropSlips();
    const gap = question ? undefined : this.#form.gap();
    if (gap) return this.#form.showProblem(gap);
    const wanted = question ?? this.#form.question();
    this.#asked = wanted;
    const outcome = await this.#outcomeOf(wanted, isQuiet).then((outcome) => this.#screenOf(outcome));
    if (!outcome || wanted !== this.#asked) return;
    const mayPass = isTransient(outcome);
    if (mayPass && isQuiet) return this.#retry.wait();
    if (!mayPass) this.#retry.stop();
    if (outcome.outcome === 'bad_input') {
      this.#screens.showForm();
      return this.#form.showProblem(outcome);
    }
    this.#noteElection(outcome);
    this.#found = outcome.outcome === 'found' ? outcome : undefined;
    this.#screens.showAnswer(() => answer(this.#ui, outcome, this.#actions));
    if (mayPass) return;
    // After an answer of any kind: what a server is asked for must not tell whether somebody was found.
    setTimeout(() => this.#lookForSlips(wanted, outcome.outcome).catch(() => {}), AFTER_ANSWER_MS);
    this.#keepSoon();
  }

  /** The outcome, with the script of its screen where that comes later. @template {Shown | BadInput | undefined} O @param {O} outcome */
  async #screenOf(outcome) {
    if (outcome && outcome.outcome !== 'bad_input' && isRare(outcome)) await loadLater().catch(() => {});
    return outcome;
  }

  /** @param {Question} question @param {string} outcome */
  async #lookForSlips(question, outcome) {
    const { suggestions } = await loadLater();
    if (question !== this.#asked) return;
    const { signal } = (this.#slips = new AbortController());
    const suggest = await suggestions(this.#ui, this.#actions, outcome === 'no_such_region', signal);
    if (signal.aborted) return;
    this.#suggest = suggest;
    suggest();
  }

  #dropSlips() {
    this.#slips.abort();
    this.#suggest = undefined;
  }

  /**
   * Nothing when it was cancelled.
   * @param {Question} question
   * @param {boolean} [isQuiet]
   * @returns {Promise<Shown | BadInput | undefined>}
   */
  async #outcomeOf(question, isQuiet) {
    try {
      if (isQuiet) return await this.#pending.ask(question);
      /** @param {LookupOptions['onProgress']} onProgress */
      const run = (onProgress) => this.#pending.ask(question, onProgress);
      return await withProgress(this.#ui, run, () => this.#cancel());
    } catch (error) {
      const { name, message } = /** @type {Error} */ (error);
      if (name === 'AbortError') return undefined;
      return { outcome: 'broken', problems: [{ source: this.#ui.host.base, file: '', reason: `${name}: ${message}` }] };
    }
  }

  /** The station that was found stays as a card while somebody else is asked for. */
  async #setAside() {
    const [found, departures] = [this.#found, this.#departures];
    if (!found || this.#ui.host.forgets) return;
    const { People } = await loadLater();
    if (departures !== this.#departures) return;
    this.#people ??= new People(this.#ui);
    this.#people.add(found);
  }

  /** Stores the app for use without a network after the first answer; any earlier, files would be fetched twice. */
  #keepSoon() {
    if (this.#isKept || this.#ui.host.isGuest || !navigator.serviceWorker) return;
    this.#isKept = true;
    // Without a network it is kept the next time.
    const keep = () => loadLater().then(({ keep }) => keep(this.#ui));
    setTimeout(() => keep().catch(() => (this.#isKept = false)), AFTER_ANSWER_MS);
  }

  /** The data has the last word on whether all of it is made up. @param {Outcome | Shown | Prepared} known */
  #noteElection(known) {
    if ('election' in known && known.election) this.#ui.host.html.dataset.demo = String(known.election.demo);
  }

  #cancel() {
    this.#dropSlips();
    this.#pending.cancel();
    this.#retry.stop();
  }

  #edit() {
    this.#cancel();
    if (!this.#ui.host.leaveAnswer()) this.#screens.showForm();
  }

  #forget() {
    this.#cancel();
    this.#preparations++;
    this.#form.clear();
    this.#screens.forgetAnswer();
    this.#asked = undefined;
    this.#found = this.#people = undefined;
    this.#departures++;
    fill(this.#ui.byId('people'));
  }
}
