/**
 * Answers that stay on the page while somebody else is asked for, so that one person can ask for a whole house and print it
 * together. A card bears a label of one's own and never the name that was typed; nothing of it is stored.
 */
import { AS_IS, actionRow, button, fill, h, nameOf, p, whenOf } from './kit.js';

export class People {
  #ui;
  /** @type {{ station: Station, by: string, label: string }[]} */
  #people = [];

  /** @param {Ui} ui */
  constructor(ui) {
    this.#ui = ui;
  }

  /** @param {Of<'found'>} found */
  add({ station, by }) {
    this.#people.push({ station, by, label: '' });
    this.paint();
    this.#ui.announce(this.#ui.t('people.title'));
  }

  /** In the language of now. */
  paint() {
    const { t } = this.#ui;
    const parts = [
      h('h2', {}, t('people.title')),
      p(t('people.why'), 'hint'),
      h('div', { class: 'several' }, ...this.#people.map((one) => this.#card(one))),
      actionRow(button(t('people.print'), () => print(), 'quiet')),
    ];
    fill(this.#ui.byId('people'), ...(this.#people.length ? parts : []));
  }

  /** @param {{ station: Station, by: string, label: string }} person */
  #card(person) {
    const { t } = this.#ui;
    const { station, by } = person;
    const [id, list] = [this.#ui.uniqueId('person'), this.#ui.uniqueId('labels')];
    const field = h('input', {
      id,
      list,
      type: 'text',
      placeholder: ' ',
      maxlength: 30,
      autocomplete: 'off',
      value: person.label,
      input: () => {
        person.label = field.value;
      },
    });
    const remove = () => {
      this.#people = this.#people.filter((one) => one !== person);
      this.paint();
      (this.#ui.byId('people').querySelector('input') ?? this.#ui.byId('title')).focus();
    };
    return h(
      'article',
      { class: 'card person' },
      h('label', { for: id }, t('people.label')),
      field,
      h(
        'datalist',
        { id: list },
        ...t('people.who')
          .split(', ')
          .map((value) => h('option', { value })),
      ),
      by === 'near' && p(t('found.near'), 'doubt'),
      h('b', AS_IS, nameOf(this.#ui, station)),
      h('p', AS_IS, [station.venue, station.address].filter(Boolean).join(', ')),
      h('p', AS_IS, whenOf(this.#ui, station)),
      station.notice && p(station.notice, 'notice'),
      button(t('saved.remove'), remove, 'link'),
    );
  }
}
