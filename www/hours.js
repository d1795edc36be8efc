/** Opening hours in the station's own time zone, and how long until then. */
import { date, language, locale, t } from './i18n.js';

/** @typedef {{ state: 'before' | 'open' | 'after', text: string }} Now */

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

/** "07.00–13.00 WIB". @param {import('../pkg/bilik.js').Station} station */
export function hours({ opens, closes, timeZone }) {
  const dot = language() === 'id' ? '.' : ':';
  const [from, to] = [opens, closes].map((at) => at.slice(11, 16).replace(':', dot));
  return `${from}–${to} ${timeZone}`;
}

/** "Rabu, 14 Februari 2024". @param {import('../pkg/bilik.js').Station} station */
export const day = ({ opens }) => date(opens);

/**
 * Whether the station is open, by the device's clock.
 * @param {import('../pkg/bilik.js').Station} station
 * @param {number} now
 * @returns {Now | undefined} nothing where the hours cannot be read
 */
export function openNow({ opens, closes }, now) {
  const [from, to] = [Date.parse(opens), Date.parse(closes)];
  if (Number.isNaN(from) || Number.isNaN(to)) return undefined;
  if (now >= to) return { state: 'after', text: t('hours.after') };
  if (now >= from) return { state: 'open', text: t('hours.open', { when: until(to - now) }) };
  const days = calendarDay(opens, from) - calendarDay(opens, now);
  return { state: 'before', text: t('hours.before', { when: days > 0 ? relative(days, 'day') : until(from - now) }) };
}

/** The day's number on the station's own calendar. @param {string} opens @param {number} at */
function calendarDay(opens, at) {
  const [, sign = '+', hour = '0', minute = '0'] = /([+-])(\d\d):?(\d\d)$/.exec(opens) ?? [];
  const offset = (Number(hour) * 60 + Number(minute)) * MINUTE * (sign === '-' ? -1 : 1);
  return Math.floor((at + offset) / DAY);
}

/** @param {number} ms */
function until(ms) {
  const minutes = Math.max(1, Math.round(ms / MINUTE));
  return minutes < 100 ? relative(minutes, 'minute') : relative(Math.round(minutes / 60), 'hour');
}

/** @param {number} count @param {Intl.RelativeTimeFormatUnit} unit */
const relative = (count, unit) => new Intl.RelativeTimeFormat(locale(), { numeric: 'auto' }).format(count, unit);
