/**
 * What few need before an answer, in one script: public places, saved regencies, other people's answers, likely slips, the calendar,
 * a note on maps, the app on this device; the fields of somebody without the card; and the screens of rare trouble.
 * Fetched after an answer of any kind, in such trouble, or when somebody goes to such a place or asks for such fields: what a server is asked for
 * must not tell whether somebody was found. The page loads it by page/load-later.js.
 */
import './page/later-words.js';

export { BirthForm } from './page/birth-form.js';
export { browse } from './page/browse.js';
export { sayByAddress } from './page/by-address.js';
export { saveDay } from './page/calendar.js';
export { People } from './page/people.js';
export { SavedRegencies } from './page/saved.js';
export { suggestions } from './page/suggestions.js';
export { tellLost } from './page/trouble.js';
export { keep, reloadAfresh } from './page/update.js';
