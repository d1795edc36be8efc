/**
 * What nobody needs before an answer, in one script: public places, saved regencies, other people's answers, the calendar,
 * a note on maps, and the app on this device.
 * Fetched after an answer of any kind, or when somebody goes to such a place: what a server is asked for must not tell whether
 * somebody was found. The page loads it by page/load-later.js.
 */
import './page/later-words.js';

export { browse } from './page/browse.js';
export { sayByAddress } from './page/by-address.js';
export { saveDay } from './page/calendar.js';
export { People } from './page/people.js';
export { SavedRegencies } from './page/saved.js';
export { keep, reloadAfresh } from './page/update.js';
