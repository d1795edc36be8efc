/** The form: what was typed, as a question; and what is said back beside the fields. */
import { AS_IS, debounce, fill, h } from './dom.js';
import { birthIn, digitsIn, plain, usefulPrefix, DIGITS } from './digits.js';
import { loadLater } from './load-later.js';
import { NikField } from './nik-field.js';
import { finder, inOrder } from './villages.js';

/** Longer than a rest between two words of a name: half a name is a short one, for which the page fetches another table. */
const NAME_PAUSE_MS = 1500;
const MIN_NAME = 3;

export class Form {
  #ui;
  #listener;
  #form;
  #nik;
  #byCard = true;
  /** The fields of those without the card, once somebody has asked for them. @type {import('./birth-form.js').BirthForm | undefined} */
  #birth;
  #reportedDigits = '';
  #reportedName = '';
  /** The village on the card, where the form asks for it. @type {Village | undefined} */
  #village;
  /** Those that the form shows. */
  #villages = '';

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
    ui.byId('name').addEventListener('change', this.#tellName);
    ui.byId('other').addEventListener('click', () => (this.#byCard ? this.#showBirth() : this.#showFields(true)));
  }

  /** The question as it stands; it may still have gaps. @returns {Question} */
  question() {
    const name = plain(this.#ui.input('name').value).trim();
    const village = this.#ui.byId('short').hidden ? undefined : this.#village?.code;
    return { ...(this.#byCard ? { nik: this.#nik.digits } : this.#birth?.details()), name, village };
  }

  /** The first gap in the question, so that nobody waits for the module to be told of it. @returns {BadInput | undefined} */
  gap() {
    const { nik = '', name } = this.question();
    /** @type {(field: BadInput['field'], length: number, wanted: number) => BadInput | false} */
    const gap = (field, length, wanted) =>
      length < wanted && { outcome: 'bad_input', field, reason: length ? 'too_short' : 'missing' };
    const first = this.#byCard ? gap('nik', nik.length, DIGITS) : this.#birth?.gap();
    return first || gap('name', name.length, 1) || undefined;
  }

  /** What the digits tell already: the district, the birth, and whatever is odd about them. @param {Prepared} prepared */
  showPrepared({ district, warnings, villages = [] }) {
    const { language } = this.#ui;
    const isChosen = !this.#byCard && this.#birth?.isByName;
    const born = this.#byCard ? language.birth(birthIn(this.#nik.digits)) : undefined;
    fill(
      this.#ui.byId('place'),
      ...(district && !isChosen ? [h('p', { class: 'pin', ...AS_IS }, language.districtLine(district))] : []),
      ...(born ? [h('p', { class: 'born' }, born)] : []),
      ...warnings.map((warning) => language.setText(h('p', { class: 'doubt' }), `warning.${warning}`)),
    );
    this.#showVillages(villages);
  }

  /** Where the name is too short to be found by itself, the village is asked for at once. @param {Village[]} villages */
  #showVillages(villages) {
    const codes = villages.map(({ code }) => code).join();
    const place = this.#ui.byId('short');
    // Half of a name that is being corrected is no reason to ask again.
    place.hidden = !codes;
    if (!codes || codes === this.#villages) return;
    this.#villages = codes;
    this.#village = undefined;
    const district = digitsIn(this.question()).slice(0, 6);
    this.#chooseVillage(inOrder(villages, district), district);
    this.#ui.announce(this.#ui.t('short.hint'));
  }

  /** @param {Village[]} villages @param {string} district */
  #chooseVillage(villages, district) {
    const { language } = this.#ui;
    const place = this.#ui.byId('short');
    /** @param {Village} village */
    const choose = (village) => {
      this.#village = village;
      const again = () => {
        this.#village = undefined;
        this.#chooseVillage(villages, district);
        place.querySelector('input')?.focus();
        this.#changed();
      };
      const id = this.#ui.uniqueId('chosen');
      const chosen = h('b', { id, ...AS_IS }, language.village(village.code, village.name));
      const change = h('button', { type: 'button', class: 'link', 'aria-describedby': id, click: again });
      language.setText(change, 'short.change');
      fill(place, language.setText(h('b'), 'short.label'), h('p', { class: 'pin' }, chosen, ' ', change));
      this.#ui.byId('ask').focus();
      this.#ui.announce(chosen.textContent);
      this.#changed();
    };
    const hint = language.setText(h('p', { class: 'hint', id: this.#ui.uniqueId('hint') }), 'short.hint');
    fill(place, finder(this.#ui, choose, district.slice(0, 2), villages, 'short.label', hint));
    place.querySelector('input')?.setAttribute('aria-describedby', hint.id);
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
    // At the end `#changed` reports that no digits are left, and the module forgets, too.
    this.#reportedName = this.#villages = '';
    this.#village = undefined;
    this.#showVillages([]);
    this.#nik.fill('');
    for (const id of ['place', 'short']) fill(this.#ui.byId(id));
    this.#birth?.clear();
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
    if (digits !== this.#reportedDigits) this.#report(digits, this.#reportedName);
    this.#restInName();
    this.#listener.onChange();
  }

  /** A name is told of when its field is left, or somebody rests in typing it. */
  #tellName = () => {
    const { name } = this.question();
    if (name !== this.#reportedName) this.#report(this.#reportedDigits, name);
  };
  #restInName = debounce(NAME_PAUSE_MS, this.#tellName);

  /** @param {string} digits @param {string} name */
  #report(digits, name) {
    this.#reportedDigits = digits;
    this.#reportedName = name;
    this.#listener.onDetails(digits, name.length >= MIN_NAME ? name : '');
  }

  #clearProblem() {
    delete this.#form.dataset.outcome;
    for (const line of this.#form.querySelectorAll('.problem')) this.#ui.language.setText(line, '');
    for (const field of this.#form.querySelectorAll('[aria-invalid]')) field.removeAttribute('aria-invalid');
  }

  /** The fields for a birth date come with what few need. */
  async #showBirth() {
    /** @param {string} id @param {string} words */
    const say = (id, words) => this.#ui.language.setText(this.#ui.byId(id), words);
    say('nik-dropped', 'progress.files');
    const later = await loadLater().catch(() => undefined);
    say('nik-dropped', '');
    if (!later) return void say('nik-problem', 'unreachable.app');
    this.#birth ??= new later.BirthForm(this.#ui, () => this.#changed());
    this.#showFields(false);
  }

  /** From the card's digits to the birth date, or back. @param {boolean} byCard */
  #showFields(byCard) {
    this.#byCard = byCard;
    this.#ui.byId('by-nik').hidden = !byCard;
    this.#ui.byId('by-birth').hidden = byCard;
    this.#ui.language.setText(this.#ui.byId('other'), byCard ? 'other.birth' : 'other.nik');
    this.#changed();
  }
}
