/** Medians of the rounds as a table: node table.mjs VISIT.json MEASURED PEOPLE LOAD. Ends with status 1 if a request failed. */
import { readFileSync } from 'node:fs';
import { cpus } from 'node:os';

const [visitFile, measuredFile, people, load] = process.argv.slice(2);
/** @type {{ path: string, kind: string, bytes: number }[]} */
const visit = JSON.parse(readFileSync(visitFile, 'utf8'));
const rounds = readFileSync(measuredFile, 'utf8')
  .trim()
  .split('\n')
  .map((line) => {
    const [what, ...numbers] = line.split(' ');
    const [requests, seconds, bytes, errors, median, late, cpu] = numbers.map(Number);
    return { what, requests, seconds, bytes, errors, median, late, cpu };
  });

const n = (number) => Math.round(number).toLocaleString('en');
const fine = (number) => number.toFixed(3);
const bytes = (files) => files.reduce((total, file) => total + file.bytes, 0);
const middle = (numbers) => numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)];
const of = (what, value) => middle(rounds.filter((round) => round.what === what).map(value));

const kinds = {
  page: 'HTML, CSS, scripts, texts',
  module: 'WebAssembly and its glue',
  data: 'head (of two mirrors), manifest, directory, table, station list',
  kept: 'other files that the service worker keeps',
};
const of_kind = (kind) => visit.filter((file) => file.kind === kind);
const page = of_kind('page');
console.log('One first visit               requests     bytes');
for (const [kind, what] of Object.entries(kinds)) {
  console.log(`  ${kind.padEnd(26)}${n(of_kind(kind).length).padStart(10)}${n(bytes(of_kind(kind))).padStart(10)}  ${what}`);
}
console.log(`  ${'together'.padEnd(26)}${n(visit.length).padStart(10)}${n(bytes(visit)).padStart(10)}`);
console.log(
  `  data: ${of_kind('data')
    .map((file) => `${file.path.split('/')[0]} ${n(file.bytes)}`)
    .join(', ')}`,
);
console.log('Each later question in the same district: the head at most, on two mirrors.\n');

// What one voter asks for, by what was measured.
const each = { visits: visit.length, pages: page.length, lookups: 1 };
const rate = (what) => of(what, (round) => round.requests / round.seconds / each[what]);
const cost = (what) => of(what, (round) => (round.cpu * 1e3 * each[what]) / round.requests);
const rows = [['', 'Bilik, a first visit', 'PostgreSQL, one lookup', 'and the page that asks it']];
const [ours, page1, lookup] = ['visits', 'pages', 'lookups'].map(cost);
rows.push(['requests', n(each.visits), '1', n(1 + each.pages)]);
rows.push(['voters per second', n(rate('visits')), n(rate('lookups')), '']);
rows.push(['voters per hour', n(rate('visits') * 3600), n(rate('lookups') * 3600), '']);
rows.push(['server CPU per voter, ms', fine(ours), fine(lookup), fine(lookup + page1)]);
rows.push(['voters per second of a core of CPU', n(1e3 / ours), n(1e3 / lookup), n(1e3 / (lookup + page1))]);
rows.push(['voters per hour of a core of CPU', n(36e5 / ours), n(36e5 / lookup), n(36e5 / (lookup + page1))]);
rows.push(['Bilik : this, by CPU', '', (lookup / ours).toFixed(2), ((lookup + page1) / ours).toFixed(2)]);
rows.push([
  'kB per voter',
  (of('visits', (r) => (r.bytes * each.visits) / r.requests) / 1e3).toFixed(1),
  (of('lookups', (r) => r.bytes / r.requests) / 1e3).toFixed(1),
  ((of('lookups', (r) => r.bytes / r.requests) + of('pages', (r) => (r.bytes * each.pages) / r.requests)) / 1e3).toFixed(1),
]);
rows.push([
  'median wait of a request, ms',
  of('visits', (r) => r.median).toFixed(1),
  of('lookups', (r) => r.median).toFixed(1),
  '',
]);
const widths = rows[0].map((_, column) => Math.max(...rows.map((cells) => cells[column].length)));
for (const cells of rows)
  console.log(
    cells
      .map((cell, at) => (at ? cell.padStart(widths[at]) : cell.padEnd(widths[at])))
      .join('  ')
      .trimEnd(),
  );

const spread = (what) => {
  const all = rounds.filter((round) => round.what === what).map((round) => round.requests / round.seconds / each[what]);
  return `${n(Math.min(...all))} to ${n(Math.max(...all))}`;
};
console.log(
  `\nMedians of ${rounds.length / 3} rounds in turn. Voters per second from ${spread('visits')}, lookups from ${spread('lookups')}.`,
);
console.log(
  `A table of ${n(Number(people))} voters. Servers on one core of ${cpus().length} (${cpus()[0].model.trim()}), wrk on another; load at the end ${load}.`,
);
const failed = rounds.reduce((total, round) => total + round.errors, 0);
if (failed) console.log(`${failed} requests FAILED`);
process.exit(failed ? 1 : 0);
