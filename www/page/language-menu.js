/** The list of languages in the page's head. */
import { h } from './dom.js';
import { LANGUAGES } from './language.js';

export class LanguageMenu {
  #ui;
  #onChange;
  #select;

  /** @param {Ui} ui @param {() => void} onChange */
  constructor(ui, onChange) {
    this.#ui = ui;
    this.#onChange = onChange;
    this.#select = /** @type {HTMLSelectElement} */ (ui.byId('lang'));
    this.#select.append(...Object.entries(LANGUAGES).map(([value, name]) => h('option', { value, lang: value }, name)));
    this.#select.addEventListener('change', () => void this.#choose());
  }

  /** In the preferred language, or in Indonesian, whose words are always there. */
  start() {
    return this.#load(this.#ui.language.preferred()).catch(() => this.#load('id'));
  }

  /** @param {LanguageCode} code */
  async #load(code) {
    await this.#ui.language.load(code);
    this.#select.value = code;
    this.#onChange();
  }

  async #choose() {
    const { host, language } = this.#ui;
    try {
      await this.#load(/** @type {LanguageCode} */ (this.#select.value));
      host.rememberLanguage(language.code);
    } catch {
      this.#select.value = language.code;
    }
  }
}
