/**
 * What few need before an answer, in one script: public places, saved regencies, other people's answers, likely slips, the calendar,
 * further maps, the app on this device; the fields of somebody without the card; the NIK in a pasted text; and the screens of rare
 * trouble. Fetched after an answer of any kind, in such trouble, and when somebody goes to such a place, asks for such fields or pastes
 * such a text; before all else by a page in somebody else's frame. What a server is asked for must not tell whether somebody was found,
 * so a station's card waits for this script and does not ask for it (page/load-later.js).
 */
import './page/later-style.js';
import './page/later-words.js';

export { BirthForm } from './page/birth-form.js';
export { browse } from './page/browse.js';
export { saveDay } from './page/calendar.js';
export { GuestHost, guestOfDocument } from './page/guest-host.js';
export { showMaps } from './page/maps.js';
export { chooseNik } from './page/nik-choice.js';
export { niksIn } from './page/pasted.js';
export { People } from './page/people.js';
export { savedScreen } from './page/saved.js';
export { suggestions } from './page/suggestions.js';
export { tellLost } from './page/trouble.js';
export { sayVerified } from './page/verified.js';
export { keep, reloadAfresh } from './page/update.js';
