/** The form: what was typed, as a question; and what is said back beside the fields. */
import { AS_IS, fill, h } from './dom.js';
import { digitsIn, firstDigits, isBirthday, plain, usefulPrefix, DIGITS } from './digits.js';
import { NikField } from './nik-field.js';
import { finder } from './villages.js';

export class Form {
  #ui;
  #listener;
  #form;
  #nik;
  #byCard = true;
  #reportedDigits = '';

  /** @param {Ui} ui @param {FormListener} listener */
  constructor(ui, listener) {
    this.#ui = ui;
    this.#listener = listener;
    this.#form = /** @type {HTMLFormElement} */ (ui.byId('form'));
    this.#form.addEventListener('focusin', listener.onTouch, { once: true });
    // In a frame that may not submit forms nothing may hang on a submit event: the button and the Enter key ask by themselves.
    ui.byId('ask').addEventListener('click', listener.onAsk);
    this.#form.addEventListener('submit', (event) => this.#enter(event));
    this.#form.addEventListener('keydown', (event) => {
      const isField = /** @type {Element} */ (event.target).localName === 'input';
      // A key that ends a composition asks nothing; Safari then tells it by the code alone.
      if (event.key === 'Enter' && isField && !event.defaultPrevented && !event.isComposing && event.keyCode !== 229)
        this.#enter(event);
    });
    this.#nik = new NikField(ui);
    this.#form.addEventListener('input', () => this.#changed());
    ui.byId('other').addEventListener('click', () => this.#showFields(!this.#byCard));
    ui.byId('find-district').addEventListener('click', () => this.#findDistrict());
  }

  /** The question as it stands; it may still have gaps. @returns {Question} */
  question() {
    /** @param {string} id */
    const typed = (id) => plain(this.#ui.input(id).value).trim();
    const name = typed('name');
    if (this.#byCard) return { nik: this.#nik.digits, name };
    const [year, month, day] = [typed('year'), typed('month'), typed('day')];
    const sex = /** @type {RadioNodeList} */ (this.#form.elements.namedItem('sex')).value;
    return {
      birthDate: year || month || day ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : '',
      sex: sex === 'f' || sex === 'm' ? sex : undefined,
      district: firstDigits(typed('district')).slice(0, 6),
      name,
    };
  }

  /** The first gap in the question, so that nobody waits for the module to be told of it. @returns {BadInput | undefined} */
  gap() {
    const { nik = '', name, birthDate, sex, district = '' } = this.question();
    /** @type {(field: BadInput['field'], length: number, wanted: number) => BadInput | false} */
    const gap = (field, length, wanted) =>
      length < wanted && { outcome: 'bad_input', field, reason: length ? 'too_short' : 'missing' };
    /** @type {BadInput | false} */
    const noSuchDay = !isBirthday(birthDate ?? '') && { outcome: 'bad_input', field: 'birthDate', reason: 'not_a_date' };
    const first = this.#byCard
      ? gap('nik', nik.length, DIGITS)
      : gap('birthDate', birthDate ? 1 : 0, 1) ||
        noSuchDay ||
        gap('sex', sex ? 1 : 0, 1) ||
        gap('district', district.length, 6);
    return first || gap('name', name.length, 1) || undefined;
  }

  /** What the digits tell already: the district, and whatever is odd about them. @param {Prepared} prepared */
  showPrepared({ district, warnings }) {
    fill(
      this.#ui.byId('place'),
      ...(district ? [h('p', { class: 'pin', ...AS_IS }, this.#ui.language.districtLine(district))] : []),
      ...warnings.map((warning) => this.#ui.language.setText(h('p', { class: 'doubt' }), `warning.${warning}`)),
    );
  }

  /** Ties a refusal to its field and goes there. @param {BadInput} problem */
  showProblem({ field, reason }) {
    this.#clearProblem();
    // Digits made from a birth date cannot be corrected as a NIK; the village has no field here.
    const id = field === 'village' ? 'name' : field === 'nik' && !this.#byCard ? 'birthDate' : field;
    this.#ui.language.setText(this.#ui.byId(`${id}-problem`), `bad.${reason === 'missing' ? `missing.${id}` : reason}`);
    this.#form.dataset.outcome = 'bad_input';
    this.#ui.byId(id).setAttribute('aria-invalid', 'true');
    (this.#ui.byId(id).querySelector('input') ?? this.#ui.byId(id)).focus();
  }

  /** Twelve digits instead of those that were typed. @param {string} digits */
  fill(digits) {
    this.#showFields(true);
    this.#nik.fill(digits);
    this.#changed();
  }

  /** Forgets everything that was typed. */
  clear() {
    this.#form.reset();
    this.#reportedDigits = '';
    this.#nik.fill('');
    for (const id of ['place', 'district-finder']) fill(this.#ui.byId(id));
    this.#showFields(true);
  }

  /** Asks; on a number pad the same key is called "next". @param {Event} event */
  #enter(event) {
    event.preventDefault();
    const gap = this.gap();
    const { root } = this.#ui;
    if (gap?.field === 'name' && gap.reason === 'missing' && root.activeElement?.id === 'nik') this.#ui.input('name').focus();
    else this.#listener.onAsk();
  }

  #changed() {
    this.#clearProblem();
    const digits = usefulPrefix(digitsIn(this.question()));
    if (digits !== this.#reportedDigits) this.#listener.onDigits(digits);
    this.#reportedDigits = digits;
    this.#listener.onChange();
  }

  #clearProblem() {
    delete this.#form.dataset.outcome;
    for (const line of this.#form.querySelectorAll('.problem')) this.#ui.language.setText(line, '');
    for (const field of this.#form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  }

  /** From the card's digits to the birth date, or back. @param {boolean} byCard */
  #showFields(byCard) {
    this.#byCard = byCard;
    this.#ui.byId('by-nik').hidden = !byCard;
    this.#ui.byId('by-birth').hidden = byCard;
    this.#ui.language.setText(this.#ui.byId('other'), byCard ? 'other.birth' : 'other.nik');
    this.#changed();
  }

  /** The code of a district, by the name of a village in it. */
  #findDistrict() {
    const found = finder(this.#ui, ({ code }) => {
      this.#ui.input('district').value = code.slice(0, 6);
      fill(this.#ui.byId('district-finder'));
      this.#ui.input('district').focus();
      this.#changed();
    });
    fill(this.#ui.byId('district-finder'), found);
    found.querySelector('input')?.focus();
  }
}
