/**
 * Polling day for a calendar: an iCalendar file (RFC 5545) that the device makes by itself.
 */

/** When a calendar reminds: on the evening before, seen from a station that opens in the morning. */
const REMIND = '-PT12H';

/** A moment in UTC. @param {string} at */
const utc = (at) => new Date(at).toISOString().replace(/[-:]|\.\d+/g, '');

/** A text has no control characters, of which a line break would begin another property. @param {string} text */
const escaped = (text) =>
  text
    .replace(/[\\;,]/g, '\\$&')
    .replace(/\n/g, '\\n')
    .replace(/\p{Cc}/gu, ' ');

/** A line may have 75 bytes; what is longer goes on after a line break and a space. @param {string} line */
function folded(line) {
  let [out, length] = ['', 0];
  for (const letter of line) {
    const bytes = new TextEncoder().encode(letter).length;
    if (length + bytes > 75) [out, length] = [`${out}\r\n `, 1];
    [out, length] = [out + letter, length + bytes];
  }
  return out;
}

/** @param {Language['t']} t @param {CalendarEntry} entry */
export function calendarFile(t, { station, name, title, text, url }) {
  const { id, opens, closes, venue, address, lat, lon, doubtfulCoordinates } = station;
  const where = [venue, address].filter(Boolean).join(', ');
  const bring = ['bring.title', 'bring.ktp', 'bring.letter'].map((key) => t(key)).join('\n');
  const lines = [
    'BEGIN:VCALENDAR',
    'VERSION:2.0',
    'PRODID:-//Bilik//Bilik//ID',
    'BEGIN:VEVENT',
    `UID:${escaped(id)}-${opens.slice(0, 10)}@bilik`,
    `DTSTAMP:${utc(new Date().toISOString())}`,
    `DTSTART:${utc(opens)}`,
    `DTEND:${utc(closes)}`,
    `SUMMARY:${escaped(name ? `${title} · ${name}` : title)}`,
    `LOCATION:${escaped(where)}`,
    ...(lat === undefined || doubtfulCoordinates ? [] : [`GEO:${lat};${lon}`]),
    `DESCRIPTION:${escaped(`${text}\n\n${bring}`)}`,
    `URL:${url}`,
    'BEGIN:VALARM',
    'ACTION:DISPLAY',
    `DESCRIPTION:${escaped(title)}`,
    `TRIGGER:${REMIND}`,
    'END:VALARM',
    'END:VEVENT',
    'END:VCALENDAR',
    '',
  ];
  return lines.map(folded).join('\r\n');
}

/** Hands the file to the device, which asks its calendar. @param {Language['t']} t @param {CalendarEntry} entry */
export function saveDay(t, entry) {
  const file = new Blob([calendarFile(t, entry)], { type: 'text/calendar' });
  const link = document.createElement('a');
  link.href = URL.createObjectURL(file);
  link.download = `tps-${entry.station.number}.ics`;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
