/** Registers `<bilik-lookup>`. On a server, where there are no elements, it does nothing. */
import { BilikLookup } from './element.js';

if (globalThis.customElements) BilikLookup.define();

export { BilikLookup };
