/** The lookup without a form, for pages of others: the methods of `Bilik` in `pkg/`. */
import { ModuleClient } from './module-client.js';

export class BilikClient extends ModuleClient {
  /** @type {Bilik['stations']} */
  stations = (village) => this.call('stations', village);
  /** @type {Bilik['regency']} */
  regency = (code) => this.call('regency', code);
  /** @type {Bilik['save']} */
  save = (code, options) => this.call('save', code, options);
  /** @type {Bilik['saved']} */
  saved = () => this.call('saved');
  /** @type {Bilik['remove']} */
  remove = (code) => this.call('remove', code);
  /** @type {Bilik['forget']} */
  forget = () => this.call('forget');
}
