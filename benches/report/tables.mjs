/** The tables of docs/performance.md. */

const sorted = (list) => [...list].sort((one, other) => one - other);
const median = (list) => sorted(list)[Math.floor(list.length / 2)];
/** Three significant digits. */
const fine = (number) => (number >= 100 ? Math.round(number).toLocaleString('en') : number >= 10 ? number.toFixed(1) : number >= 1 ? number.toFixed(2) : number.toPrecision(2));
const spread = (list) => `${fine(median(list))} (${fine(Math.min(...list))} to ${fine(Math.max(...list))})`;
const grouped = (number) => Math.round(number).toLocaleString('en');
const table = (head, rows) => [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');
/** A time in the unit that suits it. @param {number} ns */
function time(ns) {
  const [unit, by] = ns < 1e3 ? ['ns', 1] : ns < 1e6 ? ['µs', 1e3] : ns < 1e9 ? ['ms', 1e6] : ['s', 1e9];
  return `${fine(ns / by)} ${unit}`;
}

/** A table by divan's names. @param {Record<string, { min: number, median: number, max: number }[]>} runs */
export function native(runs) {
  const KEYS = 128;
  const names = Object.keys(runs);
  const row = (what, name, by = 1) => {
    const all = runs[name];
    if (!all) return [];
    const [min, mid, max] = [Math.min(...all.map(({ min }) => min)), median(all.map(({ median }) => median)), Math.max(...all.map(({ max }) => max))];
    return [[what, ...[min, mid, max].map((ns) => time(ns / by))]];
  };
  const folds = names.filter((name) => name.startsWith('fold '));
  const rows = [
    ...folds.flatMap((name) => row(`fold "${name.slice('fold '.length)}"`, name)),
    ...row('derive a key as a reader does (RustCrypto)', 'derive_one'),
    ...[1, 2].flatMap((threads) => row(`derive a key of a build, ${threads} ${threads === 1 ? 'thread' : 'threads'} (argon2-rust, checked)`, `derive_fast ${threads}`, KEYS)),
    ...[1, 2].flatMap((threads) => row(`derive a key of a build, ${threads} ${threads === 1 ? 'thread' : 'threads'} (RustCrypto)`, `derive_rustcrypto ${threads}`, KEYS)),
    ...[8700, 28000].flatMap((keys) => row(`solve and check a table of ${grouped(keys)} keys`, `seal_a_table ${keys}`)),
    ...[8700, 28000].flatMap((keys) => row(`verify and decode a table of ${grouped(keys)} keys`, `verify_and_open_a_table ${keys}`)),
    ...row('open a key in a table of 8,700', 'open_a_key 8700'),
    ...row('refuse a key that is not in a table of 8,700', 'ask_for_a_stranger 8700'),
    ...row('verify, inflate and decode the manifest of the country', 'read_the_manifest of a site'),
    ...row('verify, inflate and decode the longest directory', 'read_a_directory of a site'),
    ...row('verify, inflate and decode the longest station list', 'read_a_station_list of a site'),
    ...row('verify and decode the longest table', 'read_a_table of a site'),
  ];
  const ratio = (above, below) => spread(runs[above].map(({ median }, at) => median / runs[below][at].median));
  const ratios = [
    ['RustCrypto : argon2-rust, 1 thread', ratio('derive_rustcrypto 1', 'derive_fast 1')],
    ['RustCrypto : argon2-rust, 2 threads', ratio('derive_rustcrypto 2', 'derive_fast 2')],
    ['argon2-rust, 1 thread : 2 threads', ratio('derive_fast 1', 'derive_fast 2')],
    ['RustCrypto, 1 thread : 2 threads', ratio('derive_rustcrypto 1', 'derive_rustcrypto 2')],
  ];
  return `${table(['work', 'fastest', 'median', 'slowest'], rows)}\n\n${table(['ratio of medians, run by run', 'median (least to greatest)'], ratios)}`;
}

const BROWSER = {
  compile: 'compile the module',
  instantiate: 'instantiate it',
  first: 'the first derivation',
  derive: 'a derivation, of ten after the first',
  root: 'verify and open head, part of the manifest and directory',
  table: 'verify and open a table by `full` and the station list',
  lookup: 'a lookup without its derivations, with the way into the module and out of it',
  fold: 'of that: fold the name',
  refuse: 'of that: try 16 keys in a table of 28,000 voters',
  names: 'the first search for a village: the names of the country',
  keystroke: 'a search for a village after each further letter',
};
const ENGINE = { chromium: 'Chromium', firefox: 'Firefox', webkit: 'WebKitGTK' };

export function browser({ rounds, engines, took }) {
  const names = Object.keys(took);
  const rows = Object.entries(BROWSER).map(([what, text]) => [text, ...names.map((name) => (took[name][what] ? spread(took[name][what]) : '-'))]);
  const head = ['ms', ...names.map((name) => `${ENGINE[name]} ${/^\d+\.\d+/.exec(engines[name])}`)];
  return `${table(head, rows)}\n\nMedian of ${rounds} rounds, and the least and the greatest.`;
}

const SIZES = {
  module: 'module (`pkg/bilik_bg.wasm`)',
  page: "page: HTML with its style, script, worker with the module's glue; all that an answer needs",
  glue: "of that: the module's glue (`pkg/bilik.js`)",
  later: 'scripts that come after an answer: browsing, saved areas, calendar, the app kept for offline use',
  some: 'scripts that few need: kiosk, witnesses, QR codes',
  head: 'head',
  manifest: 'manifest',
  part: 'part of the manifest for a province',
  directory: 'directory of a regency',
  full: 'table by `full`',
  near: 'table by `near`',
  stations: 'station list of a district',
  names: 'village names of a province',
};

export function sizes(all) {
  const rows = Object.entries(SIZES).map(([kind, what]) => {
    const { files, raw, brotli } = all[kind];
    const one = files === 1 ? grouped(brotli.sum) : `${grouped(brotli.min)} / ${grouped(brotli.median)} / ${grouped(brotli.max)}`;
    return [what, grouped(files), grouped(raw.sum), grouped(brotli.sum), one];
  });
  return table(['artefact', 'files', 'bytes', 'bytes as sent', 'of one file: min / median / max'], rows);
}

const PEERS = {
  bilik: ['**Bilik**, 16 derivations a look-up', 'no: 16 derivations a guess, $0.17 for a million on a rented GPU'],
  json: ['JSON and a `Map`', 'yes, all of them, for nothing'],
  csv: ['CSV, searched as text', 'yes, all of them, for nothing'],
  hashes: ['sorted hashes of 8 bytes (SHA-256)', 'yes, by guessing: $0.000000004 for a million'],
  buckets: ['256 buckets by a byte of the hash (k-anonymity)', 'yes, by guessing: $0.000000004 for a million; and the host sees the bucket'],
  fst: ['finite-state map (crate `fst`)', 'yes, all of them, for nothing'],
  sqljs: ['SQLite (`sql.js`)', 'yes, all of them, for nothing'],
  minisearch: ['MiniSearch', 'yes, all of them, for nothing'],
  pagefind: ['Pagefind', 'yes, all of them, for nothing; and the host sees which parts were asked for'],
  hyparquet: ['Parquet by ranges (`hyparquet`)', 'yes, all of them, for nothing; and the host sees the range'],
  duckdb: ['CSV in DuckDB-wasm', 'yes, all of them, for nothing'],
};

export function peers({ rounds, engine, voters, peers }) {
  const rows = Object.entries(PEERS).map(([name, [what, stranger]]) => {
    const one = peers[name] ?? {};
    if (one.error || !one.fetched) return [what, '-', '-', '-', '-', '-', '-', stranger];
    const { code, data, requests } = one.fetched;
    return [what, grouped(one.all), grouped(code), `${grouped(code + data)} (${requests})`, fine(median(one.open)), fine(median(one.first)), spread(one.lookup), stranger];
  });
  const head = ['peer', 'data, all', 'code', 'to the first answer (requests)', 'open, ms', 'first look-up, ms', 'a look-up, ms', 'can a stranger read NIKs?'];
  const failed = Object.entries(peers).filter(([, { error }]) => error).map(([name, { error }]) => `${name} (${error.split('\n')[0].slice(0, 120)})`);
  const wrong = Object.entries(peers).filter(([, { wrong }]) => wrong && (wrong.wrong || wrong.missing)).map(([name, { wrong: { wrong, missing, of } }]) => `${name}: ${wrong} wrong, ${missing} of ${of} not found`);
  const notes = [`${grouped(voters)} different voters; Chromium ${engine.split('.')[0]}, ${rounds} rounds.`];
  if (failed.length) notes.push(`Failed: ${failed.join('; ')}.`);
  if (wrong.length) notes.push(`Answers that differ: ${wrong.join('; ')}.`);
  return `${table(head, rows)}\n\n${notes.join(' ')}`;
}

export function argon2({ engine, browser, native }) {
  const ours = browser.bilik.ms;
  const rows = Object.entries(browser).map(([name, { first, ms, code }]) => [
    name === 'bilik' ? '**Bilik** (RustCrypto in the module)' : name,
    spread(ms),
    spread(ms.map((one, at) => one / ours[at])),
    fine(first),
    code ? grouped(code) : 'in the module',
  ]);
  const python = Object.entries(native).map(([name, ms]) => [name, spread(ms)]);
  const head = [`Chromium ${engine.split('.')[0]}`, 'a derivation, ms', 'ratio to ours', 'first call with start, ms', 'code, bytes as sent'];
  return `${table(head, rows)}\n\n${table(['native, one thread', 'a derivation, ms'], python)}`;
}

/** A few figures for the READMEs, in English and Indonesian. */
export function summary({ sizes, browser, visit, peers }) {
  const { took } = browser;
  const kb = (bytes) => `${(bytes / 1e3).toFixed(1)} kB`;
  const ms = (what) => `${fine(median(took.chromium[what]))} ms`;
  const figures = [
    ['a first visit, until the answer', 'kunjungan pertama, sampai jawaban', `${kb(visit.bytes)} in ${visit.requests} requests`, `${kb(visit.bytes)} dalam ${visit.requests} permintaan`],
    ['of that: module; page; table; station list', 'di antaranya: modul; halaman; tabel; daftar TPS', ...[0, 0].map(() => `${kb(sizes.module.brotli.sum)}; ${kb(sizes.page.brotli.sum)}; ${kb(sizes.full.brotli.median)}; ${kb(sizes.stations.brotli.median)}`)],
    ['verify and open the table of a district (Chromium)', 'memeriksa dan membuka tabel kecamatan (Chromium)', ms('table'), ms('table')],
    ['a lookup without its derivations (Chromium)', 'satu pencarian tanpa derivasinya (Chromium)', ms('lookup'), ms('lookup')],
    ['one of its 16 derivations (Chromium)', 'satu dari 16 derivasinya (Chromium)', ms('derive'), ms('derive')],
  ];
  if (peers?.peers.json?.fetched) {
    const { json } = peers.peers;
    figures.push(['the same voters as JSON, readable by everybody', 'pemilih yang sama sebagai JSON, terbaca oleh siapa saja', kb(json.all), kb(json.all)]);
  }
  // Indonesian has the comma where English has the point.
  const swapped = (text) => text.replace(/[.,]/g, (mark) => (mark === '.' ? ',' : '.'));
  const rows = (language) => figures.map((figure) => [figure[language], language ? swapped(figure[language + 2]) : figure[language + 2]]);
  return [table(['a district of 28,000 voters, a country of 823,220 stations', ''], rows(0)), table(['satu kecamatan 28.000 pemilih, 823.220 TPS di seluruh negeri', ''], rows(1))];
}
