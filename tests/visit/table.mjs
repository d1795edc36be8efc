/** Called by tests/first-visit.sh: visits both sites, prints what they took, and ends with 1 where that is too many bytes or requests. */
import { readFile, readdir, stat } from 'node:fs/promises';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { find } from '../browser/stage.mjs';
import { host } from './host.mjs';
import { BYTES_PER_SECOND, identity, ROUND_TRIP_MS, SlowLine } from './line.mjs';
import { launch, visit } from './visit.mjs';

const MAX_BYTES = 163_000;
/** With those of the service worker. */
const MAX_REQUESTS = 16;
const FORM_SECONDS = 1.8;
const ANSWER_SECONDS = 2;
const SHORT_ANSWER_SECONDS = 6;
const TRIES = Number(process.env.BILIK_TRIES ?? 5);
/** Letters of a name: shorter than most, so that its typing hides less. */
const NAME_LENGTH = [11, 15];
/** Until the service worker, which begins a second after the answer, has all it wants. */
const QUIET_MS = 4_000;
const PATIENCE_MS = 60_000;

const say = (line = '') => console.log(line);
const grouped = (number) => Math.round(number).toLocaleString('en');
const seconds = (ms) => (ms / 1_000).toFixed(2);
const cells = (widths, ...texts) =>
  texts.map((text, at) => (at ? String(text).padStart(widths[at]) : String(text).padEnd(widths[0]))).join('');

const [big, small] = process.argv.slice(2);
const me = identity();
const browser = await launch(me.fingerprint);

async function main() {
  say(
    `The line: ${(BYTES_PER_SECOND * 8) / 1_000} kbit/s for all connections together, ${ROUND_TRIP_MS} ms for each round trip; HTTP/2 over TLS 1.3.`,
  );
  say(
    'Typing begins as soon as the form is usable: 12 digits, the name, Enter; 3 keys a second. The CPU of the page is slowed four times.',
  );
  const site = join(big, 'site');
  const settled = await bytes(site, await somebody(big));
  const usual = new Map(await Promise.all(['p', 'd'].map(async (folder) => [folder, await medianOf(site, folder)])));
  const status = printBytes(settled, usual);
  const mover = await bytes(site, await somebody(big, true));
  say(
    `Somebody who votes in another district: ${grouped(sum(mover.requests, 'bytes'))} bytes in ${mover.requests.length} files (not judged).`,
  );
  const weights = new Map(settled.requests.map(({ path, bytes }) => [kind(path), bytes]));
  const short = await bytes(site, await somebodyShort(big));
  const more = sum(short.requests, 'bytes') - sum(settled.requests, 'bytes');
  say(`Somebody with a name of one word, who is found with the village: ${grouped(more)} bytes more (not judged).`);
  for (const [kind, bytes] of usual) weights.set(kind, Math.max(bytes, weights.get(kind)));
  await inTime(weights);
  return status;
}

/** The folder of a file that is named by its digest. @param {string} path */
const kind = (path) => /^([mdtsp])\//.exec(path)?.[1] ?? path;

/** A site on its line, for as long as something is done with it. @param {string} site */
async function onLine(site, work) {
  const server = await host(site);
  const line = await SlowLine.start(server.url, me);
  try {
    return await work(line);
  } finally {
    await line.stop();
    await server.stop();
  }
}

// --- Bytes ------------------------------------------------------------------------------------------------------------

/** What a visit asks for until the answer is there, and what after it. */
const bytes = (site, voter) =>
  onLine(site, async (line) => {
    let before = 0;
    const seen = await visit(browser, line.url, voter, async () => {
      before = line.requests.length;
      line.hurry();
      await pause(QUIET_MS);
      for (const late = Date.now() + PATIENCE_MS; !line.isQuiet(QUIET_MS) && Date.now() < late; ) await pause(200);
    });
    expectAnswer(seen, voter);
    return { requests: line.requests.slice(0, before), later: line.requests.slice(before) };
  });

const sum = (list, what) => list.reduce((sum, request) => sum + request[what], 0);

/** Bytes of the file in the middle of a folder. @param {string} site @param {string} folder */
async function medianOf(site, folder) {
  const sizes = (await readdir(join(site, folder))).map(async (file) => (await stat(join(site, folder, file))).size);
  return (await Promise.all(sizes)).sort((one, other) => one - other)[Math.floor(sizes.length / 2)];
}

/** @param {{ requests: Request[], later: Request[] }} visit @param {Map<string, number>} usual @typedef {import('./line.mjs').Request} Request */
function printBytes({ requests, later }, usual) {
  const widths = [66, 12, 12];
  say(`\nBytes of the first visit, in a district of 28,000 voters of a whole country\n`);
  say(cells(widths, 'file', 'body', 'headers'));
  for (const { path, status, bytes, headers } of requests.toSorted((one, other) => other.bytes - one.bytes)) {
    say(cells(widths, `${path || '(the page)'}${status === 200 ? '' : ` (${status})`}`, grouped(bytes), grouped(headers)));
  }
  // The made-up district is alone in its regency, and that in its province.
  const missing = [...usual].map(([folder, bytes]) => {
    const own = requests.filter(({ path }) => kind(path) === folder);
    return Math.max(0, bytes - sum(own, 'bytes'));
  });
  const [part, directory] = missing.map(grouped);
  say(cells(widths, "its part of the manifest is shorter than the country's median by", part));
  say(cells(widths, "its directory is shorter than the country's median by", directory));
  const all = sum(requests, 'bytes') + missing.reduce((sum, bytes) => sum + bytes, 0);
  say(cells(widths, `${requests.length} files until the answer`, grouped(all), grouped(sum(requests, 'headers'))));
  const kinds = { 'page (HTML, CSS, JS)': /^$|^[^/]*\.js$|\.css$/, words: /^i18n\//, module: /^pkg/, data: /\.bilik$/ };
  const parts = Object.entries(kinds).map(
    ([name, is]) =>
      `${name} ${grouped(
        sum(
          requests.filter(({ path }) => is.test(path)),
          'bytes',
        ),
      )}`,
  );
  say(`of these: ${parts.join(', ')}`);
  const isTooMuch = all > MAX_BYTES;
  say(`${isTooMuch ? 'TOO MUCH: ' : ''}${grouped(all)} bytes of bodies, of ${grouped(MAX_BYTES)} at most.`);
  say('Headers are counted as HTTP/1.1 writes them; HTTP/2 packs them to a third or less.');
  say(
    `Later, while the answer is read: ${grouped(sum(later, 'bytes'))} bytes in ${later.length} files (the app is kept for the next time).`,
  );
  const count = requests.length + later.length;
  const isTooMany = count > MAX_REQUESTS;
  say(`${isTooMany ? 'TOO MANY: ' : ''}${count} requests in all, of ${MAX_REQUESTS} at most.`);
  return isTooMuch || isTooMany ? 1 : 0;
}

// --- Seconds ----------------------------------------------------------------------------------------------------------

/** @param {Map<string, number>} weights bytes of the large district's files by kind */
async function inTime(weights) {
  const voter = await somebody(small);
  const tries = await triesOf(voter, weights);
  const short = await triesOf(await somebodyShort(small), weights);
  say(
    `\nSeconds of the first visit: ${TRIES} tries of ${voter.name.length} letters, by a table sealed at four times the default cost.`,
  );
  say(
    'A small district, so that building it takes a minute; the line is as long busy with its part of the manifest, directory, table and',
  );
  say('station list as with those of the large one.\n');
  const widths = [46, 10, 10, 10];
  say(cells(widths, '', 'median', 'worst', 'wanted'));
  const row = (what, get, wanted) => {
    const sorted = tries.map(get).sort((one, other) => one - other);
    say(cells(widths, what, seconds(sorted[Math.floor(TRIES / 2)]), seconds(sorted.at(-1)), wanted ?? ''));
  };
  row('something to read', ({ paint }) => paint);
  row('the form is usable', ({ usable }) => usable, FORM_SECONDS);
  row("the app's script runs", ({ started }) => started);
  row('from the touch to the last of the files', ({ touch, there }) => there - touch);
  row('from the touch to the last key', ({ touch, keys }) => keys.at(-1).at - touch);
  row('from the last key to the answer', ({ after }) => after, ANSWER_SECONDS);
  const sorted = short.map(({ answer, chosen }) => answer - chosen).sort((one, other) => one - other);
  const [median, worst] = [sorted[Math.floor(TRIES / 2)], sorted.at(-1)].map(seconds);
  say(cells(widths, 'one word: from the choice of the village to the answer', median, worst, SHORT_ANSWER_SECONDS));
  const cores = Math.min(availableParallelism(), 4);
  say(`Keys are derived by ${cores} ${cores === 1 ? 'worker' : 'workers'}: 16 by full, and 64 more for a word by near.`);
  const middle = tries.toSorted((one, other) => one.after - other.after)[Math.floor(TRIES / 2)];
  printWaterfall(middle);
}

/** @param {{ nik: string, name: string, number: number, village?: string }} voter @param {Map<string, number>} weights */
const triesOf = (voter, weights) =>
  onLine(join(small, 'site'), async (line) => {
    line.weight = (path) => (kind(path) === path && path !== 'head.bilik' ? undefined : weights.get(kind(path)));
    const tries = [];
    while (tries.length < TRIES) {
      line.rewind();
      const seen = await visit(browser, line.url, voter);
      expectAnswer(seen, voter);
      const requests = line.requests.filter(({ began }) => began - seen.began < seen.answer);
      const there = Math.max(...requests.map(({ ended = Number.NaN }) => ended)) - seen.began;
      tries.push({ ...seen, requests, there, after: seen.answer - seen.keys.at(-1).at });
    }
    return tries;
  });

/** What was fetched when, of one try, and what was done meanwhile. */
function printWaterfall({ began, usable, started, touch, keys, answer, requests }) {
  const widths = [46, 6, 9, 9, 9, 9];
  const digit = (count) => keys[count - 1].at;
  const marks = [
    ['the form is usable', usable],
    ["the app's script runs", started],
    ['a touch', touch],
    ['the 4th digit', digit(4)],
    ['the 6th digit', digit(6)],
    ['the 12th digit', digit(12)],
    ['the last key, and Enter', keys.at(-1).at],
    ['the answer', answer],
  ];
  const lines = requests.map(({ path, connection, began: at, first, ended, weight }) => {
    const times = [at, first, ended].map((time) => (time ? seconds(time - began) : '-'));
    return [at - began, cells(widths, path || '(the page)', connection, ...times, grouped(weight))];
  });
  lines.push(...marks.map(([what, at]) => [at, `--- ${seconds(at)}  ${what}`]));
  say('\nThe median try, in seconds since the visit began\n');
  say(cells(widths, 'file', 'line', 'asked', 'begins', 'ends', 'bytes'));
  for (const [, line] of lines.sort(([one], [other]) => one - other)) say(line);
}

// --- Somebody who asks ------------------------------------------------------------------------------------------------

/** A voter of the roll who is found by the whole name, alone, and votes in the own district or has moved. */
async function somebody(folder, moved = false) {
  const publicKey = (await readFile(join(folder, '../KEY.pub'), 'utf8')).trim();
  const [, ...lines] = (await readFile(join(folder, 'election/voters.csv'), 'utf8')).trim().split('\n');
  for (const line of lines) {
    const [digits, name, station] = line.split(',');
    const nik = digits.slice(0, 12);
    const fits = /^[A-Z]{4,} [A-Z]{4,}$/.test(name) && name.length >= NAME_LENGTH[0] && name.length <= NAME_LENGTH[1];
    if (!fits || station.startsWith(nik.slice(0, 6)) === moved) continue;
    const { outcome, by, station: answer } = await find({ publicKey, site: join(folder, 'site') }, { nik, name });
    if (outcome === 'found' && by === 'full' && answer.id === station) return { nik, name, number: answer.number };
  }
  throw new Error(`nobody in ${folder} is found by a name of that length`);
}

/** A voter of the roll with a name of one word, who is found with the village and votes in the own district. */
async function somebodyShort(folder) {
  const publicKey = (await readFile(join(folder, '../KEY.pub'), 'utf8')).trim();
  const [, ...lines] = (await readFile(join(folder, 'election/voters.csv'), 'utf8')).trim().split('\n');
  for (const line of lines) {
    const [digits, name, station] = line.split(',');
    const [nik, village] = [digits.slice(0, 12), station.slice(0, 10)];
    if (!/^[A-Z]{4,}$/.test(name) || !station.startsWith(nik.slice(0, 6))) continue;
    const { outcome, station: answer } = await find({ publicKey, site: join(folder, 'site') }, { nik, name, village });
    if (outcome === 'found' && answer.id === station) return { nik, name, village, number: answer.number };
  }
  throw new Error(`nobody in ${folder} is found by a name of one word`);
}

function expectAnswer(seen, voter) {
  if (seen.outcome === 'found' && seen.number === voter.number) return;
  throw new Error(`station ${voter.number} was expected, and ${seen.outcome} ${seen.number} was shown`);
}

const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// All that is needed is there now.
let status = 1;
try {
  status = await main();
} finally {
  await browser.close();
}
process.exit(status);
