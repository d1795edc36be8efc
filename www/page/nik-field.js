/**
 * The field for the NIK. While somebody types in it, nothing writes into it and nothing moves the caret: keyboards that
 * compose digits, correct them, or tell the caret late go by what they remember of the field. The groups of four are a tint
 * meanwhile, and written once the field is left. A number that is pasted or dropped is put in its place at once; among several,
 * the NIK is looked for by what comes later (pasted.js).
 */
import { digitsOf, DIGITS, firstDigits, grouped, plain, withoutLetters } from './digits.js';
import { fill, h } from './dom.js';
import { loadLater } from './load-later.js';

const LETTER = /\p{L}/u;
/** All digits are one number, in groups with the same single sign between them. */
const ONE_NUMBER = /^\D*\d+(?:([^\S\n]|[.–-])\d+(?:\1\d+)*)?\D*$/;
/** Of a whole NIK. */
const WHOLE = 16;

export class NikField {
  #ui;
  #field;
  #choice;

  /** @param {Ui} ui */
  constructor(ui) {
    this.#ui = ui;
    this.#field = ui.input('nik');
    this.#choice = ui.byId('nik-choice');
    const field = this.#field;
    field.addEventListener('beforeinput', (event) => this.#before(event));
    field.addEventListener('input', () => this.#typed());
    field.addEventListener('paste', (event) => this.#take(event, event.clipboardData?.getData('text')));
    for (const type of ['blur', 'change']) field.addEventListener(type, () => this.#rest());
    ui.byId('by-nik').addEventListener('keydown', ({ key }) => {
      if (key !== 'Escape' || !this.#choice.firstChild) return;
      fill(this.#choice);
      field.focus();
    });
  }

  /** At most twelve, whatever else is in the field; none while the NIK is looked for in a text. */
  get digits() {
    return this.#choice.firstChild ? '' : this.#digits;
  }

  get #digits() {
    return firstDigits(withoutLetters(this.#field.value));
  }

  /** These digits instead of what is there. @param {string} digits */
  fill(digits) {
    this.#field.value = grouped(digits);
    this.#typed();
  }

  get #isFocused() {
    return this.#ui.root.activeElement === this.#field;
  }

  #typed() {
    fill(this.#choice);
    if (!this.#isFocused) return this.#rest();
    this.#tell(this.#digits.length);
  }

  /** Groups and cuts what was typed. In a window that is left for a moment, the field keeps its focus and is not at rest. */
  #rest() {
    if (this.#isFocused) return;
    const { value } = this.#field;
    const digits = this.#digits;
    const plain = withoutLetters(value);
    // Letters among too few digits stay, to be seen.
    if (digits.length === DIGITS || !LETTER.test(plain)) this.#field.value = grouped(digits);
    this.#tell(digitsOf(plain).length);
    if (plain !== value) this.#ui.language.setText(this.#ui.byId('nik-dropped'), 'nik.letters');
  }

  /** Tints the groups, and says what was dropped: of exactly twelve digits nobody knows. @param {number} count of digits */
  #tell(count) {
    // Signs of their own make other groups.
    this.#field.classList.toggle('ungrouped', /^\d{5,}$/.test(this.#field.value));
    if (count === DIGITS) return;
    this.#ui.language.setText(this.#ui.byId('nik-dropped'), count > DIGITS ? 'nik.dropped' : '');
  }

  /**
   * Keeps a thirteenth digit out where a browser lets us, which it does not while something is composed. A text that comes
   * at once, from a clipboard without a paste event (Gboard), from a drop or a voice, is taken as a pasted one. A replacement
   * (iOS dictation, autofill) is left alone: nobody tells what it replaces.
   * @param {InputEvent} event
   */
  #before(event) {
    const { inputType, data, cancelable, isComposing } = event;
    if (!data || !cancelable || isComposing || !/^insert(Text|From)/.test(inputType)) return;
    const isFull = this.#room(data) < 0;
    if (data[1] && (isFull || LETTER.test(data))) return this.#take(event, data);
    if (!isFull) return;
    event.preventDefault();
    this.#tell(DIGITS + 1);
  }

  /** How many more digits the field takes, with these in place of what is selected. @param {string} text */
  #room(text) {
    const { value, selectionStart, selectionEnd } = this.#field;
    return DIGITS - digitsOf(value.slice(0, selectionStart ?? 0) + text + value.slice(selectionEnd ?? 0)).length;
  }

  /** Puts the NIK of a text in place of what is there, or its few digits where the caret is. @param {Event} event @param {string} [text] */
  #take(event, text) {
    if (!text) return;
    event.preventDefault();
    this.#field.focus();
    const read = withoutLetters(text);
    const all = digitsOf(read);
    if (all.length > DIGITS && (all.length > WHOLE || !ONE_NUMBER.test(plain(read)))) return void this.#find(read);
    this.#accept(all);
    if (text !== read && all.length <= DIGITS) this.#ui.language.setText(this.#ui.byId('nik-dropped'), 'nik.letters');
  }

  /** @param {string} all digits of a text @param {string} [nik] the NIK in it */
  #accept(all, nik) {
    const digits = nik ?? all.slice(0, all.length < DIGITS ? Math.max(0, this.#room('')) : DIGITS);
    if (digits.length === DIGITS) this.#put(digits);
    else if (digits) this.#insert(digits);
    if (digits ? !all.endsWith(digits) : all) this.#tell(DIGITS + 1);
  }

  /** Looks for the NIK among several numbers. @param {string} text */
  async #find(text) {
    const { language } = this.#ui;
    const status = language.setText(h('p', { class: 'note', role: 'status' }), 'progress.search');
    fill(this.#choice, status);
    this.#tell(0);
    const later = await loadLater().catch(() => undefined);
    // Something was typed meanwhile, or Escape pressed.
    if (!status.isConnected) return;
    if (!later) return void language.setText(status, 'unreachable.app');
    const niks = later.niksIn(text);
    if (niks[1]) return later.chooseNik(this.#ui, this.#choice, niks, (nik) => this.#put(nik));
    this.#accept(digitsOf(text), niks[0]);
  }

  /** @param {string} nik */
  #put(nik) {
    this.#field.setSelectionRange(0, this.#field.value.length);
    this.#insert(grouped(nik));
  }

  /** In place of what is selected, so that it can be undone. @param {string} text */
  #insert(text) {
    if (this.#isFocused && document.execCommand('insertText', false, text)) return;
    const field = this.#field;
    field.setRangeText(text, field.selectionStart ?? 0, field.selectionEnd ?? 0, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
}
