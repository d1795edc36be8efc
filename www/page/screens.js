/** What is shown instead of the form: an answer, or a public place, which has an address of its own, `#/village/number`. */

import { fill, h } from './dom.js';
import { actionRow, button, p, screen } from './parts.js';

/** @typedef {() => HTMLElement} MakeScreen */

export class Screens {
  #ui;
  #places;
  #slot;
  /** @type {MakeScreen | undefined} the answer, for as long as somebody may come back to it */
  #answer;
  /** @type {MakeScreen | undefined} */
  #shown;
  #hasRetried = false;

  /**
   * @param {Ui} ui
   * @param {{ browse(code?: string, number?: string): Promise<MakeScreen>, saved(): Promise<MakeScreen> }} places
   */
  constructor(ui, places) {
    this.#ui = ui;
    this.#places = places;
    this.#slot = ui.byId('answer');
  }

  /** @param {MakeScreen} make */
  showAnswer(make) {
    this.#answer = make;
    this.#ui.host.enterAnswer();
    this.#show(make);
  }

  /** In another language. */
  repaint() {
    if (this.#shown) fill(this.#slot, this.#shown());
    this.#setTitle();
  }

  #setTitle() {
    const isAnswer = this.#shown && this.#shown === this.#answer;
    const heading = this.#shown && !isAnswer && this.#slot.querySelector('h1')?.textContent;
    this.#ui.setTitle(heading || this.#ui.t(isAnswer ? 'title.answer' : 'title'));
  }

  /** Shows what belongs to the host's address. */
  async follow() {
    const { host } = this.#ui;
    const { hash } = host;
    const [found, code, number] = /^#\/(?:saved|(\d{10})?(?:\/(\w+))?)$/.exec(hash) ?? [];
    if (found) {
      const place = hash === '#/saved' ? this.#places.saved() : this.#places.browse(code, number);
      const make = await place.catch(() => () => this.#failed());
      if (hash === host.hash) this.#show(make);
    } else if (this.#answer && host.isAtAnswer) this.#show(this.#answer);
    else this.showForm();
  }

  showForm() {
    if (!this.#shown) return;
    this.#answer = this.#shown = undefined;
    this.#slot.hidden = true;
    fill(this.#slot);
    this.#ui.byId('question').hidden = false;
    this.#setTitle();
    this.#ui.host.toTop();
    this.#ui.byId('title').focus({ preventScroll: true });
  }

  /** A screen whose script did not arrive. */
  #failed() {
    const { t } = this.#ui;
    return screen(
      'unreachable',
      t('unreachable.title'),
      p(t('unreachable.app'), 'lead'),
      actionRow(
        button(t('retry'), () => this.#retry()),
        h('a', { class: 'button', href: '#' }, t('title')),
      ),
    );
  }

  /** Some browsers remember an import that failed for as long as the page is open. */
  #retry() {
    if (this.#hasRetried && !this.#ui.host.isGuest) return location.reload();
    this.#hasRetried = true;
    void this.follow();
  }

  /** Nobody comes back to it. */
  forgetAnswer() {
    this.#answer = undefined;
  }

  /** @param {MakeScreen} make */
  #show(make) {
    this.#shown = make;
    fill(this.#slot, make());
    this.#slot.hidden = false;
    this.#ui.byId('question').hidden = true;
    this.#setTitle();
    this.#ui.host.toTop();
    this.#slot.querySelector('h1')?.focus({ preventScroll: true });
  }
}
