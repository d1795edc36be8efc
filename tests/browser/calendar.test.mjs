/** The calendar file, whatever a station list says: no text of it begins a line, a property or an event of its own. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { test } from '../limits.mjs';

const source = await readFile(new URL('../../www/page/calendar.js', import.meta.url));
const { calendarFile } = await import(`data:text/javascript;base64,${source.toString('base64')}`);

const EXPECTED = [
  'BEGIN:VCALENDAR,VERSION,PRODID,BEGIN:VEVENT,UID,DTSTAMP,DTSTART,DTEND,SUMMARY,LOCATION,GEO,DESCRIPTION,URL',
  'BEGIN:VALARM,ACTION,DESCRIPTION,TRIGGER,END:VALARM,END:VEVENT,END:VCALENDAR',
].join();

/** The names of a file's properties, and the text of one, as RFC 5545 reads them: lines first, then escapes. */
function read(file) {
  assert.ok(file.split('\r\n').every((line) => Buffer.byteLength(line) <= 75 + 1 && !/\p{Cc}/u.test(line)));
  const lines = file
    .replace(/\r\n /g, '')
    .split('\r\n')
    .filter(Boolean)
    .map((line) => /^([A-Z]+):(.*)$/su.exec(line) ?? assert.fail(`not a property: ${line}`));
  const names = lines.map(([whole, name]) => (/^(BEGIN|END)$/.test(name) ? whole : name)).join();
  const text = lines.find(([, name]) => name === 'LOCATION')[2].replace(/\\([\\;,n])/g, (_, one) => (one === 'n' ? '\n' : one));
  return { names, text };
}

const station = { id: '3901012001001', opens: '2029-02-14T00:00:00Z', closes: '2029-02-14T06:00:00Z', lat: 1, lon: 2 };
const made = (text) =>
  calendarFile(() => text, {
    station: { ...station, venue: text, address: '' },
    name: text,
    title: text,
    text,
    url: 'https://a.example/',
  });

test('every character of Unicode that is none to see, and those with a meaning in the format, stays a part of its text', () => {
  const all = Array.from({ length: 0x11_0000 }, (_, at) => at).filter((at) => at < 0xd800 || at > 0xdfff);
  const odd = all
    .map((at) => String.fromCodePoint(at))
    .filter((letter) => /[\p{C}\p{Z}\\;,:"]/u.test(letter) && !/\p{Cn}|\p{Co}/u.test(letter));
  assert.ok(odd.length > 250, String(odd.length));
  for (const letter of odd) {
    const { names, text } = read(made(`a${letter}BEGIN:VEVENT${letter}b`));
    assert.equal(names, EXPECTED, `U+${letter.codePointAt(0).toString(16)}`);
    const kept = letter.replace(/\p{Cc}/u, (one) => (one === '\n' ? one : ' '));
    assert.equal(text, `a${kept}BEGIN:VEVENT${kept}b`, `U+${letter.codePointAt(0).toString(16)}`);
  }
});

test('a line is broken between letters, however long it is', () => {
  const long = 'é😀界 a'.repeat(99);
  assert.deepEqual(read(made(long)), { names: EXPECTED, text: long });
});
