/** Medians of the rounds as a table: node table.mjs VISIT.json MEASURED PEOPLE. Ends with status 1 if a request failed. */
import { readFileSync } from 'node:fs';
import { cpus, loadavg } from 'node:os';

const [visitFile, measuredFile, people] = process.argv.slice(2);
/** @type {import('../visit/log.mjs').Logged[]} */
const visit = JSON.parse(readFileSync(visitFile, 'utf8'));
const rounds = readFileSync(measuredFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const [what, how, ...numbers] = line.split(' ');
    const [voters, requests, seconds, bytes, failed, cpu] = numbers.map(Number);
    return { what, how, voters, requests, seconds, bytes, failed, cpu };
  });

const n = (number) => Math.round(number).toLocaleString('en');
const sorted = (numbers) => [...numbers].sort((one, other) => one - other);
const median = (numbers) => sorted(numbers)[Math.floor(numbers.length / 2)];
const sum = (list) => list.reduce((total, { bytes }) => total + bytes, 0);
const print = (rows) => {
  const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
  for (const cells of rows) {
    const padded = cells.map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at])));
    console.log(padded.join('  ').trimEnd());
  }
};

const kinds = {
  page: 'page: HTML, styles, scripts, texts',
  module: 'module',
  data: 'head, part of the manifest, directory, table, station list',
};
const rowOf = (text, list) => [text, n(list.length), n(sum(list))];
const [before, later] = [visit.filter(({ isBefore }) => isBefore), visit.filter(({ isBefore }) => !isBefore)];
print([
  ['One first visit, as Chromium made it', 'requests', 'bytes'],
  ...Object.entries(kinds).map(([kind, text]) =>
    rowOf(
      `  ${text}`,
      before.filter((one) => one.kind === kind),
    ),
  ),
  rowOf('  later: what the service worker keeps', later),
  rowOf('  in total', visit),
]);
console.log('Each later question in the same district: the head at most.\n');

const COLUMNS = {
  bilik: 'Bilik, a first visit',
  postgres: 'PostgreSQL with the same page',
  lookup: 'one lookup without a page',
};
const HOW = { h2: 'HTTP/2 over TLS, a handshake each', h1: 'plain HTTP/1.1, a connection each' };
for (const [how, title] of Object.entries(HOW)) {
  const of = (what, value) => rounds.filter((round) => round.what === what && round.how === how).map(value);
  const row = (text, value, show = n) => [text, ...Object.keys(COLUMNS).map((what) => show(median(of(what, value))))];
  const spread = (value) =>
    Object.keys(COLUMNS).map((what) => `${n(Math.min(...of(what, value)))} to ${n(Math.max(...of(what, value)))}`);
  const each = ({ cpu, voters }) => (cpu * 1e3) / voters;
  print([
    [title, ...Object.values(COLUMNS)],
    row('requests of a voter', ({ requests }) => requests),
    row('voters a second', ({ voters, seconds }) => voters / seconds),
    ['  least to greatest', ...spread(({ voters, seconds }) => voters / seconds)],
    row('server CPU of a voter, ms', each, (ms) => ms.toFixed(3)),
    row('voters a second of a core of CPU', (round) => 1e3 / each(round)),
    row('voters an hour of a core of CPU', (round) => 36e5 / each(round)),
    row(
      'kB of a voter',
      ({ bytes, voters }) => bytes / voters / 1e3,
      (kb) => kb.toFixed(1),
    ),
  ]);
  const ratios = of('bilik', each).map((ours, at) => of('postgres', each)[at] / ours);
  const [least, middle, greatest] = [Math.min(...ratios), median(ratios), Math.max(...ratios)].map((ratio) => ratio.toFixed(2));
  console.log(`CPU of PostgreSQL with the page : CPU of Bilik = ${middle} (${least} to ${greatest})\n`);
}
console.log(`Medians of ${rounds.length / 6} rounds in turn. PostgreSQL has a table of ${n(Number(people))} voters.`);
const load = loadavg().map((one) => one.toFixed(1));
console.log(
  `Servers on one core of ${cpus().length} (${cpus()[0].model.trim()}), h2load on another; load at the end ${load.join(' ')}.`,
);
const failed = rounds.reduce((total, round) => total + round.failed, 0);
if (failed) console.log(`${failed} requests FAILED`);
process.exit(failed ? 1 : 0);
