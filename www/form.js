/** The form: what was typed, as a question; and what is said back beside the fields. */
import { byId, h, input } from './dom.js';
import { firstDigits, fromBirth, grouped, usefulPrefix, DIGITS } from './digits.js';
import { finder } from './finder.js';
import { has, locale, t } from './i18n.js';
import { districtLine } from './places.js';

/** @typedef {import('../pkg/bilik.js').Question} Question */
/** @typedef {import('../pkg/bilik.js').Prepared} Prepared */
/** @typedef {Extract<import('../pkg/bilik.js').Outcome, { outcome: 'bad_input' }>} BadInput */

/**
 * What the form tells the page.
 * @typedef {object} Listener
 * @property {() => void} onTouch the first sign that somebody wants to ask
 * @property {(digits: string) => void} onDigits enough digits to fetch ahead for
 * @property {() => void} onChange any detail changed
 * @property {() => void} onAsk the button was pressed
 */

const FIELDS = ['nik', 'birthDate', 'sex', 'district', 'name'];

export class Form {
  #form = /** @type {HTMLFormElement} */ (byId('form'));
  #byCard = true;
  #told = '';
  #droppedSome = false;
  /** @type {Prepared | undefined} */
  #prepared;
  /** @type {BadInput | undefined} */
  #problem;
  #listener;

  /** @param {Listener} listener @param {import('./client.js').BilikClient} client */
  constructor(listener, client) {
    this.#listener = listener;
    let touched = false;
    for (const sign of ['focusin', 'pointerdown']) {
      this.#form.addEventListener(sign, () => {
        if (!touched) listener.onTouch();
        touched = true;
      });
    }
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      listener.onAsk();
    });
    this.#form.addEventListener('input', (event) => this.#typed(event));
    input('nik').addEventListener('paste', (event) => this.#pasted(event));
    byId('other').addEventListener('click', () => this.#turn(!this.#byCard));
    byId('find-district').addEventListener('click', () => this.#findDistrict(client));
    this.repaint();
  }

  /** The question as it stands; it may still have gaps. @returns {Question} */
  question() {
    const name = input('name').value.trim();
    if (this.#byCard) return { nik: firstDigits(input('nik').value).digits, name };
    const sex = this.#form.querySelector('input[name=sex]:checked')?.getAttribute('value');
    return {
      birthDate: this.#birthDate(),
      sex: sex === 'f' || sex === 'm' ? sex : undefined,
      district: input('district').value.replace(/\D/g, '').slice(0, 6),
      name,
    };
  }

  /** The first gap in the question, if any. @returns {BadInput | undefined} */
  gap() {
    const { nik = '', name, birthDate, sex, district = '' } = this.question();
    /** @param {BadInput['field']} field @param {BadInput['reason']} reason @returns {BadInput} */
    const bad = (field, reason) => ({ outcome: 'bad_input', field, reason });
    if (this.#byCard && nik.length < DIGITS) return bad('nik', nik ? 'too_short' : 'missing');
    if (!this.#byCard && !birthDate) return bad('birthDate', 'missing');
    if (!this.#byCard && !sex) return bad('sex', 'missing');
    if (!this.#byCard && district.length < 6) return bad('district', district ? 'too_short' : 'missing');
    return name ? undefined : bad('name', 'missing');
  }

  /** What the digits tell already: the district, and whatever is odd about them. @param {Prepared} prepared */
  showPrepared(prepared) {
    this.#prepared = prepared;
    const { district, warnings } = prepared;
    byId('place').replaceChildren(
      ...(district ? [h('p', { class: 'pin' }, districtLine(district))] : []),
      ...warnings.map((warning) => h('p', { class: 'doubt' }, t(`warning.${warning}`))),
    );
  }

  /** Ties a refusal to its field and goes there. @param {BadInput} problem */
  showProblem(problem) {
    this.#clearProblem();
    this.#problem = problem;
    const { reason } = problem;
    // Digits made from a birth date are nobody's NIK to mend.
    const field = problem.field === 'nik' && !this.#byCard ? 'birthDate' : problem.field;
    const shown = FIELDS.includes(field) ? field : 'form';
    const key = `bad.${field}.${reason}`;
    const line = byId(`${shown}-problem`);
    line.textContent = t(has(key) ? key : `bad.${reason}`);
    this.#form.dataset.outcome = 'bad_input';
    const target = byId(shown);
    const first = target.matches('fieldset') ? target.querySelector('input') : target;
    target.setAttribute('aria-invalid', 'true');
    first?.focus();
  }

  /** Forgets everything that was typed. */
  clear() {
    this.#form.reset();
    byId('place').replaceChildren();
    byId('district-finder').replaceChildren();
    byId('find-district').setAttribute('aria-expanded', 'false');
    this.#prepared = undefined;
    this.#told = '';
    this.#droppedSome = false;
    this.#clearProblem();
    this.#turn(true);
  }

  /** Says everything again, after the language changed. */
  repaint() {
    const months = [...Array(12).keys()].map((month) =>
      new Intl.DateTimeFormat(locale(), { month: 'long', timeZone: 'UTC' }).format(Date.UTC(2024, month, 1)),
    );
    const select = /** @type {HTMLSelectElement} */ (byId('month'));
    const chosen = select.selectedIndex;
    select.replaceChildren(new Option(''), ...months.map((name, at) => new Option(name, String(at + 1))));
    select.selectedIndex = Math.max(chosen, 0);
    byId('other').textContent = t(this.#byCard ? 'other.birth' : 'other.nik');
    this.#sayDropped();
    if (this.#prepared) this.showPrepared(this.#prepared);
    if (this.#problem) byId('form').dataset.outcome && this.showProblem(this.#problem);
  }

  #birthDate() {
    const month = /** @type {HTMLSelectElement} */ (byId('month')).value;
    const day = input('day').value.trim();
    const year = input('year').value.trim();
    if (!day || !month || !/^(\d\d|\d{4})$/.test(year)) return '';
    const young = new Date().getFullYear() - 2016;
    const century = year.length === 4 ? '' : Number(year) > young ? '19' : '20';
    return `${century}${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`;
  }

  /** @param {Event} event */
  #typed(event) {
    this.#clearProblem();
    if (event.target === input('nik')) this.#keepTwelve();
    this.#changed();
  }

  /** A pasted NIK is cut before it reaches the field: the last four digits stand nowhere. @param {ClipboardEvent} event */
  #pasted(event) {
    event.preventDefault();
    const nik = input('nik');
    const pasted = firstDigits(event.clipboardData?.getData('text') ?? '');
    const whole = pasted.digits.length === DIGITS;
    const { selectionStart: from, selectionEnd: to, value } = nik;
    nik.value = whole ? pasted.digits : value.slice(0, from ?? 0) + pasted.digits + value.slice(to ?? 0);
    this.#clearProblem();
    this.#keepTwelve(pasted.dropped);
    this.#changed();
  }

  /** Twelve digits in groups of four, with the caret where it was among the digits. */
  #keepTwelve(droppedBefore = false) {
    const nik = input('nik');
    const caret = firstDigits(nik.value.slice(0, nik.selectionStart ?? 0)).digits.length;
    const { digits, dropped } = firstDigits(nik.value);
    const text = grouped(digits);
    if (nik.value !== text) {
      nik.value = text;
      const at = grouped(digits.slice(0, caret)).length;
      nik.setSelectionRange(at, at);
    }
    this.#droppedSome = dropped || droppedBefore || (this.#droppedSome && digits.length === DIGITS);
    this.#sayDropped();
  }

  #sayDropped() {
    byId('nik-dropped').textContent = this.#droppedSome ? t('nik.dropped') : '';
  }

  #changed() {
    const { nik, birthDate = '', sex, district = '' } = this.question();
    const digits = usefulPrefix(nik ?? fromBirth(birthDate, sex, district));
    if (digits !== this.#told) {
      this.#told = digits;
      this.#listener.onDigits(digits);
    }
    this.#listener.onChange();
  }

  #clearProblem() {
    this.#problem = undefined;
    delete this.#form.dataset.outcome;
    for (const line of this.#form.querySelectorAll('.problem')) line.textContent = '';
    for (const field of this.#form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  }

  /** @param {boolean} byCard */
  #turn(byCard) {
    this.#byCard = byCard;
    byId('by-nik').hidden = !byCard;
    byId('by-birth').hidden = byCard;
    byId('other').textContent = t(byCard ? 'other.birth' : 'other.nik');
    this.#clearProblem();
    this.#changed();
  }

  /** @param {import('./client.js').BilikClient} client */
  #findDistrict(client) {
    const place = byId('district-finder');
    const open = !place.hasChildNodes();
    byId('find-district').setAttribute('aria-expanded', String(open));
    if (!open) return place.replaceChildren();
    const found = finder(client, ({ code }) => {
      input('district').value = code.slice(0, 6);
      this.#findDistrict(client);
      this.#changed();
      input('district').focus();
    });
    place.replaceChildren(found);
    found.querySelector('input')?.focus();
  }
}
