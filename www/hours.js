/** Opening hours in the station's own time zone, and how long until then. */
import { language, locale, t } from './i18n.js';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

/** "07.00–13.00 WIB". @param {Station} station */
export function hours({ opens, closes, timeZone }) {
  const dot = language() === 'id' ? '.' : ':';
  const [from, to] = [opens, closes].map((at) => at.slice(11, 16).replace(':', dot));
  return `${from}–${to} ${timeZone}`;
}

/**
 * Whether the station is open, by the device's clock; nothing where the hours cannot be read.
 * @param {Station} station
 */
export function openNow({ opens, closes }) {
  const [now, from, to] = [Date.now(), Date.parse(opens), Date.parse(closes)];
  if (Number.isNaN(from + to)) return { state: '', text: '' };
  if (now >= to) return { state: 'after', text: t('hours.after') };
  if (now >= from) return { state: 'open', text: t('hours.open', { when: until(to - now) }) };
  // Days are counted on the station's own calendar.
  const ahead = Date.parse(`${opens.slice(0, 19)}Z`) - from;
  const days = Math.floor((from + ahead) / DAY) - Math.floor((now + ahead) / DAY);
  return { state: 'before', text: t('hours.before', { when: days > 1 ? relative(days, 'day') : until(from - now) }) };
}

/** @param {number} ms */
const until = (ms) => (ms < 2 * HOUR ? relative(Math.ceil(ms / 60_000), 'minute') : relative(Math.round(ms / HOUR), 'hour'));

/** @param {number} count @param {Intl.RelativeTimeFormatUnit} unit */
const relative = (count, unit) => new Intl.RelativeTimeFormat(locale()).format(count, unit);
