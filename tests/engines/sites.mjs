/**
 * The sites of a made-up election: this week's, last week's, another operator's, and damaged copies. All are whole and
 * consistent by themselves, and all but this week's send each voter to another station than this week's.
 */
import { cp, mkdir, readFile, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { bilik, find, makeDemo, settled } from '../browser/stage.mjs';

/** How many voters the tries ask for in turn. */
const ASKERS = 6;
/** Voters of the made-up roll that all others are modelled on: a village then has two stations. */
const SEEDLINGS = 3_000;
/** The district that all voters of the made-up roll are moved to, so that its table is as large as a real one. */
const DISTRICT = '390101';

/**
 * @typedef {object} Voter
 * @property {string} nik
 * @property {string} name
 * @property {number} number of the station
 *
 * @typedef {object} Sites folders
 * @property {string} current
 * @property {string} older
 * @property {string} foreign
 * @property {string} truncated
 * @property {string} flipped
 * @property {Voter[]} voters who are found by their name and vote in the district of their NIK, all in the same one
 * @property {string} publicKey
 */

/**
 * @param {number} count of voters, all in one district: 28,000 are a median one
 * @param {string[]} mirrors absolute addresses
 * @returns {Promise<Sites>}
 */
export async function makeSites(count, mirrors) {
  const demo = await makeDemo(SEEDLINGS);
  const roll = await crowd(demo.election, count);
  const foreignKey = join(demo.folder, 'foreign-key');
  await bilik(['keygen', '--out', foreignKey]);
  const site = (name, key, moved) => build(demo, name, { key, moved, mirrors });
  const older = await site('older', demo.key, true);
  // Serials count seconds.
  await new Promise((done) => setTimeout(done, 1_100));
  const current = await site('current', demo.key, false);
  await new Promise((done) => setTimeout(done, 1_100));
  const foreign = await site('foreign', foreignKey, true);

  const voters = await settled({ ...demo, site: current, roll }, DISTRICT, ASKERS);
  for (const voter of voters) {
    const then = await find(demo, voter, older);
    const differs = then.outcome === 'found' && then.station.number !== voter.number;
    if (!differs) throw new Error(`last week it was no other station, but ${JSON.stringify(then)}`);
  }
  const truncated = await damaged(current, 'truncated', (bytes) => bytes.subarray(0, bytes.length / 2));
  const flipped = await damaged(current, 'flipped', (bytes) => {
    const flipped = Buffer.from(bytes);
    flipped[Math.floor(bytes.length / 2)] ^= 4;
    return flipped;
  });
  return { current, older, foreign, truncated, flipped, voters, publicKey: demo.publicKey };
}

/**
 * Moves the whole roll to one district, and each voter who stayed in the own district to a station there. Where they are too
 * few, others of the same names are born in other years. Lines that are written oddly are left out. Gives the new roll.
 */
async function crowd(election, count) {
  const stations = idsOf(await readFile(join(election, 'stations.csv'), 'utf8')).filter((id) => id.startsWith(DISTRICT));
  const csv = await readFile(join(election, 'voters.csv'), 'utf8');
  // No 29 February, since a year is about to change.
  const voters = [...csv.matchAll(/^(\d{6})([0246][1-9]|[15]\d)(\d\d)(\d\d)(\d{4}),([^",]+),(\d{13}),/gm)];
  const roll = new Map();
  for (let at = 0; roll.size < count && at < count * 10; at += 1) {
    const [, home, day, month, year, serial, name, station] = voters[at % voters.length];
    const born = 50 + ((Number(year) + 7 * Math.floor(at / voters.length)) % 50);
    const nik = DISTRICT + day + month + born;
    const stays = station.startsWith(home);
    roll.set(nik + serial, { nik, name, station: stays ? stations[roll.size % stations.length] : station });
  }
  const lines = [...roll].map(([nik, { name, station }]) => `${nik},${name},${station}`);
  await writeFile(join(election, 'voters.csv'), ['nik,name,station', ...lines, ''].join('\n'));
  return [...roll.values()];
}

/** The stations' ids. @param {string} csv */
const idsOf = (csv) => csv.match(/^\d{13}/gm) ?? [];

async function build(demo, name, { key, moved, mirrors }) {
  const election = join(demo.folder, name);
  await cp(demo.election, election, { recursive: true });
  const change = async (file, how) => writeFile(join(election, file), how(await readFile(join(election, file), 'utf8')));
  // The lightest sealing: what a derivation costs is the same whatever befalls a mirror.
  const wanted = { memory_kib: 8, max_keys: 1_000_000, mirrors: JSON.stringify(mirrors) };
  for (const [name, value] of Object.entries(wanted)) {
    await change('election.toml', (text) => text.replace(new RegExp(`^${name} = .*$`, 'm'), `${name} = ${value}`));
  }
  if (moved) {
    const elsewhere = nextInVillage(await readFile(join(election, 'stations.csv'), 'utf8'));
    await change('voters.csv', (text) => text.replace(/\d{13}$/gm, (station) => elsewhere.get(station) ?? station));
  }
  const site = join(demo.folder, `${name}-site`);
  await bilik(['build', election, '--key', key, '--out', site]);
  return site;
}

/** From each station to the next of its village, and from the last to the first. @param {string} csv */
function nextInVillage(csv) {
  /** @type {Map<string, string[]>} */
  const villages = new Map();
  for (const id of idsOf(csv)) villages.set(id.slice(0, 10), [...(villages.get(id.slice(0, 10)) ?? []), id]);
  const next = new Map();
  for (const ids of villages.values()) ids.forEach((id, at) => next.set(id, ids[(at + 1) % ids.length]));
  return next;
}

/** A copy of the signed and sealed files of a site, each of them damaged. */
async function damaged(site, name, damage) {
  const copy = join(dirname(site), name);
  const files = (await readdir(site, { recursive: true })).filter((file) => file.endsWith('.bilik'));
  for (const file of files) {
    await mkdir(dirname(join(copy, file)), { recursive: true });
    await writeFile(join(copy, file), damage(await readFile(join(site, file))));
  }
  return copy;
}
