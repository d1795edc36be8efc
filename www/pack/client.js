/** The module's interface in a pack: who is not in its region is told so, and villages are those of its province. */
import { ModuleClient } from '../module-client.js';
import { ABSENT } from './embedded.js';

/** @typedef {{ code: string, name: string, site: string }} Region */

/** An outcome of a pack alone. @typedef {{ outcome: 'beyond', isFound: boolean, problems: Problem[] }} Beyond */

export class PackClient extends ModuleClient {
  #region;

  /** @param {BilikOptions} options @param {Region} region */
  constructor(options, region) {
    super(options);
    this.#region = region;
  }

  /** @override @type {(...args: Parameters<Bilik['lookup']>) => Promise<Answer>} */
  async lookup(question, options) {
    const outcome = await super.lookup(question, options);
    if (outcome.outcome !== 'unreachable') return outcome;
    const [absent] = outcome.problems.filter(({ reason }) => reason === ABSENT);
    if (!absent) return outcome;
    // The voter's table was there, and leads elsewhere.
    const isFound = /^[pds]/.test(absent.file) && (question.nik ?? question.district ?? '').startsWith(this.#region.code);
    return /** @type {any} */ ({ outcome: 'beyond', isFound, problems: outcome.problems });
  }

  /** @override @type {Bilik['villages']} */
  villages = (query, within) => this.call('villages', query, within ?? this.#region.code.slice(0, 2));
}
