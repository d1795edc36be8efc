/**
 * The same roll in the form that each peer needs: 12 digits and a name in, the number of a station out. Nothing is folded and nothing is
 * sealed: an exact name is the only one that is found.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parquetWriteBuffer } from 'hyparquet-writer';
import MiniSearch from 'minisearch';
import * as pagefind from 'pagefind';
import initSqlJs from 'sql.js';

const ROW_GROUP = 1_000;
/** Of the first byte of a hash: some 110 voters of 28,000 share a file. */
const BUCKETS = 256;
export const HASH_BYTES = 8;

/** @typedef {{ nik: string, name: string, station: number, id: string }} Voter */

/** The roll without the few that share 12 digits and a name. @param {string} election @returns {Voter[]} */
export function readVoters(election) {
  const stations = new Map();
  for (const line of readFileSync(join(election, 'stations.csv'), 'utf8').split('\n').slice(1)) {
    if (line) stations.set(line.slice(0, line.indexOf(',')), stations.size);
  }
  /** @type {Map<string, Voter>} */
  const voters = new Map();
  for (const line of readFileSync(join(election, 'voters.csv'), 'utf8').split('\n').slice(1)) {
    const [, digits, quoted, plain, id] = /^(\d{12})\d{4},(?:"([^"]*)"|([^,]*)),(\w+),/.exec(line) ?? [];
    if (digits) voters.set(`${digits}|${quoted ?? plain}`, { nik: digits, name: quoted ?? plain, station: stations.get(id), id });
  }
  return [...voters.values()].sort((one, other) => (one.nik + one.name < other.nik + other.name ? -1 : 1));
}

const hash = ({ nik, name }) => createHash('sha256').update(`${nik}|${name}`).digest().subarray(0, HASH_BYTES);

/** Hashes in ascending order, then the stations in the same order, four bytes each. @param {Voter[]} voters */
function sortedHashes(voters) {
  const rows = voters.map((voter) => ({ hash: hash(voter), station: voter.station })).sort((one, other) => one.hash.compare(other.hash));
  const stations = Buffer.alloc(4 * rows.length);
  for (const [at, { station }] of rows.entries()) stations.writeUInt32LE(station, 4 * at);
  return Buffer.concat([...rows.map(({ hash }) => hash), stations]);
}

/** Writes what each peer fetches into a folder of its own. @param {Voter[]} voters @param {string} out @param {string} makeFst */
export async function writeData(voters, out, makeFst) {
  const write = (peer, file, bytes) => {
    mkdirSync(join(out, peer), { recursive: true });
    writeFileSync(join(out, peer, file), bytes);
  };
  write('json', 'voters.json', JSON.stringify(Object.fromEntries(voters.map(({ nik, name, station }) => [`${nik}|${name}`, station]))));
  const csv = `${voters.map(({ nik, name, station }) => `${nik};${name};${station}`).join('\n')}\n`;
  // A line begins after the end of another one, the first as well.
  write('csv', 'voters.csv', `\n${csv}`);
  write('duckdb', 'voters.csv', csv);
  write('hashes', 'voters.bin', sortedHashes(voters));

  const buckets = Array.from({ length: BUCKETS }, () => []);
  for (const voter of voters) buckets[hash(voter)[0]].push(voter);
  for (const [at, bucket] of buckets.entries()) write('buckets', `${at}.bin`, sortedHashes(bucket));

  const lines = voters.map(({ nik, name, station }) => [Buffer.from(`${nik}|${name}`), station]).sort(([one], [other]) => Buffer.compare(one, other));
  const fst = spawnSync(makeFst, { input: lines.map(([key, station]) => `${key}\t${station}\n`).join(''), maxBuffer: 1 << 28 });
  if (fst.status !== 0) throw new Error(`${makeFst}: ${fst.stderr}`);
  write('fst', 'voters.fst', fst.stdout);

  const sql = new (await initSqlJs()).Database();
  sql.run('create table voter (nik text, name text, station int, primary key (nik, name)) without rowid');
  const insert = sql.prepare('insert into voter values (?, ?, ?)');
  sql.run('begin');
  for (const { nik, name, station } of voters) insert.run([nik, name, station]);
  sql.run('commit');
  insert.free();
  sql.run('vacuum');
  write('sqljs', 'voters.sqlite', Buffer.from(sql.export()));

  const column = (name, type, data) => ({ name, type, data });
  const parquet = parquetWriteBuffer({
    columnData: [
      column('nik', 'STRING', voters.map(({ nik }) => nik)),
      column('name', 'STRING', voters.map(({ name }) => name)),
      column('station', 'INT32', voters.map(({ station }) => station)),
    ],
    rowGroupSize: ROW_GROUP,
  });
  write('hyparquet', 'voters.parquet', Buffer.from(parquet));

  const index = new MiniSearch({ fields: ['key'], storeFields: ['key', 'station'] });
  index.addAll(voters.map(({ nik, name, station }, id) => ({ id, key: `${nik} ${name}`, station })));
  write('minisearch', 'voters.json', JSON.stringify(index));

  const { index: pages } = await pagefind.createIndex({ writePlayground: false });
  // A record replaces another one of its address.
  for (const [at, { nik, name, station }] of voters.entries()) {
    await pages.addCustomRecord({ url: `/${at}`, content: `${nik} ${name}`, language: 'id', meta: { title: `${nik}|${name}`, station: String(station) } });
  }
  await pages.writeFiles({ outputPath: join(out, 'pagefind') });
  await pagefind.close();
}
