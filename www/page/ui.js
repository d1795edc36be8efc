/** What all parts of one app share: its elements, its language, what it is in, and the module. Nothing else is shared. */
import { Language } from './language.js';

export class Ui {
  #lastId = 0;
  /** What to say under data that no witness can be asked about. @type {string | undefined} */
  unsure;
  /** The election's name, as the page's own title ends with it. */
  #titleEnd = document.title.replace(/^[^·]*/, '');

  /** @param {{ root: Document | ShadowRoot, host: Host, help: Config['help'], client: Client }} parts */
  constructor({ root, host, help, client }) {
    this.root = root;
    this.host = host;
    this.help = help;
    this.client = client;
    this.language = new Language(root, host);
    this.t = this.language.t;
  }

  /** The element of that id, which must be there. @param {string} id */
  byId(id) {
    return /** @type {HTMLElement} */ (this.root.getElementById(id));
  }

  /** The text field of that id. @param {string} id */
  input(id) {
    return /** @type {HTMLInputElement} */ (this.byId(id));
  }

  /** Tells a screen reader; an empty text ends it. @param {string | null} text */
  announce(text) {
    this.byId('status').textContent = text;
  }

  /** The title of a page of its own. It stays in the browser's history, so it never says what was found. @param {string | null} text */
  setTitle(text) {
    if (this.root instanceof Document) this.root.title = `${text} ${this.#titleEnd}`.trim();
  }

  /** An id that no other element of this app has. @param {string} name */
  uniqueId(name) {
    return `${name}-${++this.#lastId}`;
  }
}
