/**
 * What screens that are loaded later are made of. They import it from here alone: the bundle of the page has it already, and
 * the build points their import there (tests/tools/build-app.mjs).
 */
export { scriptUrl } from '../assets.js';
export { within } from '../limits.js';
export { ModuleClient } from '../module-client.js';
export { SAYS, SCREENS, isTransient, retryOrEdit, trouble } from './answer.js';
export { mapLink } from './directions.js';
export { birthIn, digitsIn, firstDigits, grouped, plain } from './digits.js';
export { AS_IS, fill, h } from './dom.js';
export { addWords, regency } from './language.js';
export { actionRow, block, browseLink, button, contact, now, p, provenance, screen, webPage } from './parts.js';
export { addressOf, hashOf, nameOf, numberOf, stationActions, stationCard, whenOf } from './station.js';
export { finder } from './villages.js';
