/** The fields of somebody without the card: birth date, sex, and the district that issued the NIK. */
import { isBirthday } from './digits.js';
import { AS_IS, fill, finder, firstDigits, h, plain } from './kit.js';

export class BirthForm {
  #ui;
  #changed;
  /** Whether the district is found by the name of a village, and not by its code. */
  isByName = true;

  /** @param {Ui} ui @param {() => void} changed is called where a choice changes the question; typing in a field tells by itself */
  constructor(ui, changed) {
    this.#ui = ui;
    this.#changed = changed;
    /** @param {string} id @param {number} maxlength */
    const part = (id, maxlength) =>
      h('label', { class: 'part' }, this.#words('span', `birth.${id}`), h('input', { id, maxlength, ...DIGITS_ONLY }));
    /** @param {string} value */
    const sex = (value) =>
      h('label', { class: 'choice' }, h('input', { type: 'radio', name: 'sex', value }), this.#words('span', `sex.${value}`));
    const code = h('input', { id: 'code', spellcheck: 'false', 'aria-describedby': 'district-problem', ...DIGITS_ONLY });
    const other = this.#words('button', 'district.known', { type: 'button', id: 'find-district', class: 'link' });
    other.addEventListener('click', () => this.#askForDistrict(!this.isByName));
    fill(
      ui.byId('by-birth'),
      this.#fieldset('birthDate', 'birth.label', h('div', { class: 'row' }, part('day', 2), part('month', 2), part('year', 4))),
      this.#fieldset('sex', 'sex.label', h('div', { class: 'row' }, sex('f'), sex('m'))),
      this.#fieldset(
        'district',
        'district.label',
        this.#words('p', 'district.hint', { class: 'hint', id: 'district-hint' }),
        h('div', { id: 'district-finder' }),
        h('div', { id: 'by-code' }, this.#words('label', 'district.code', { for: 'code' }), code),
      ),
    );
    ui.byId('district').append(other);
    ui.byId('district').setAttribute('aria-describedby', 'district-hint district-problem');
    this.#askForDistrict(true);
  }

  /** As a part of the question; it may still have gaps. @returns {Pick<Question, 'birthDate' | 'sex' | 'district'>} */
  details() {
    const typed = (/** @type {string} */ id) => plain(this.#ui.input(id).value).trim();
    const [year, month, day] = [typed('year'), typed('month'), typed('day')];
    const chosen = /** @type {HTMLInputElement | null} */ (this.#ui.byId('sex').querySelector(':checked'))?.value;
    return {
      birthDate: year || month || day ? `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}` : '',
      sex: chosen === 'f' || chosen === 'm' ? chosen : undefined,
      district: firstDigits(typed('code')).slice(0, 6),
    };
  }

  /** The first gap. @returns {BadInput | undefined} */
  gap() {
    const { birthDate = '', sex, district = '' } = this.details();
    /** @type {(field: BadInput['field'], reason: BadInput['reason']) => BadInput} */
    const bad = (field, reason) => ({ outcome: 'bad_input', field, reason });
    if (!isBirthday(birthDate)) return bad('birthDate', birthDate ? 'not_a_date' : 'missing');
    if (!sex) return bad('sex', 'missing');
    return district.length < 6 ? bad('district', district ? 'too_short' : 'missing') : undefined;
  }

  /** Forgets the district that was chosen; the form forgets what was typed. */
  clear() {
    this.#askForDistrict(true);
  }

  /** @template {keyof HTMLElementTagNameMap} K @param {K} tag @param {string} key @param {Attributes} [attributes] */
  #words(tag, key, attributes) {
    return this.#ui.language.setText(h(tag, attributes), key);
  }

  /** @param {string} id @param {string} legend @param {...Child} children */
  #fieldset(id, legend, ...children) {
    const problem = `${id}-problem`;
    const about = this.#words('legend', legend);
    return h('fieldset', { id, 'aria-describedby': problem }, about, ...children, h('p', { class: 'problem', id: problem }));
  }

  /** Which district issued the NIK: by the name of a village there, or by its code for those who know it. @param {boolean} byName */
  #askForDistrict(byName) {
    const { language } = this.#ui;
    const [place, code] = [this.#ui.byId('district-finder'), this.#ui.input('code')];
    language.setText(this.#ui.byId('find-district'), byName ? 'district.known' : 'district.search');
    this.isByName = byName;
    this.#ui.byId('by-code').hidden = byName;
    code.value = '';
    /** @param {Village} village */
    const choose = (village) => {
      code.value = village.code.slice(0, 6);
      const again = () => {
        this.#askForDistrict(true);
        place.querySelector('input')?.focus();
        this.#changed();
      };
      const line = h('b', AS_IS, language.districtLine({ ...village, name: village.district }));
      const change = this.#words('button', 'short.change', { type: 'button', class: 'link', click: again });
      fill(place, h('p', { class: 'pin' }, line, ' ', change));
      change.focus();
      this.#ui.announce(line.textContent);
      this.#changed();
    };
    fill(place, ...(byName ? [finder(this.#ui, choose)] : []));
  }
}

/** What a field for digits has. */
const DIGITS_ONLY = { type: 'text', inputmode: 'numeric', autocomplete: 'off' };
