/** Nothing happens by importing this: `BilikLookup.define()` registers the element, and `bilik/element` does so by itself. */
export { BilikClient } from './client.js';
export { BilikLookup } from './element.js';
