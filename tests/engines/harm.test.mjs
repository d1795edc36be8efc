/**
 * Any file of a site killed, corrupted, replayed from last week's or swapped with another one, at random, before somebody who asks
 * for the first time, in three browsers: the page shows the right station, or names what is missing or was refused.
 * tests/site/harm.rs does the same 2,000 times without a browser. `BILIK_HARMS=N` tries N, `BILIK_SEED` others.
 */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { NO_HTTP_CACHE, Relay, bilik, serve } from '../browser/stage.mjs';
import { WHOLE, before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';
import { shown } from './shown.mjs';
import { makeSites } from './sites.mjs';
import { Dice, spoil } from './spoil.mjs';

const HARMS = Number(process.env.BILIK_HARMS ?? 40);
const SEED = Number(process.env.BILIK_SEED ?? 1);
const PATIENCE_MS = 30_000;
/** For {@link Relay.alter}: the file is not there. */
const GONE = 404;

/** The files of a site that a reader verifies, by their paths. */
async function filesOf(site) {
  const paths = (await readdir(site, { recursive: true })).filter((path) => /^([mdtsnp]\/[0-9a-f]+|head)\.bilik$/.test(path));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(site, path))])));
}

let sites, current, older, behind;
/** The files that every voter here needs: the head, and the part of the manifest for their province. */
let needed;
before(async () => {
  sites = await makeSites(1_500, ['./']);
  [current, older] = await Promise.all([filesOf(sites.current), filesOf(sites.older)]);
  const { provinces } = JSON.parse(await bilik(['inspect', join(sites.current, 'head.bilik')])).file;
  const [{ nik }] = sites.voters;
  needed = ['head.bilik', provinces.find(({ code }) => nik.startsWith(code)).part.path];
  behind = (await serve(sites.current)).behind;
});

/** Harms one file or two. @param {Map<string, Buffer | number>} files @param {Dice} dice */
function harm(files, dice) {
  const paths = [...current.keys()];
  const pick = () => paths[dice.below(paths.length)];
  // Every second time a file that everybody needs.
  const path = dice.below(2) ? needed[dice.below(needed.length)] : pick();
  const bytes = current.get(path);
  switch (dice.below(4)) {
    case 0:
      files.set(path, GONE);
      return `${path} killed`;
    case 1:
      files.set(path, spoil(bytes, current.get(pick()), dice));
      return `${path} corrupted`;
    case 2: {
      const alike = [...older].filter(([old]) => old.slice(0, 2) === path.slice(0, 2));
      files.set(path, alike[dice.below(alike.length)][1]);
      return `${path} replayed`;
    }
    default: {
      const other = pick();
      files.set(path, current.get(other)).set(other, bytes);
      return `${path} and ${other} swapped`;
    }
  }
}

/** What is wrong with what was shown; nothing where it is the right station, or a harmed or missing file is named. */
function fault({ outcome, number, text }, voter, files) {
  if (outcome === 'found') return number === voter.number ? undefined : `station ${number}, and not ${voter.number}`;
  if (outcome !== 'unverified' && outcome !== 'unreachable') return outcome;
  const named = text.match(/([mdtsnp]\/[0-9a-f]{32}|head)\.bilik(?=: \S)/g) ?? [];
  const isToBlame = (path) => files.has(path) || !current.has(path);
  return named.length > 0 && named.every(isToBlame) ? undefined : `${outcome} names ${named}`;
}

/** A host of the current site with these files instead, at an origin of its own, where nothing is kept. */
async function hostOf(files) {
  const host = await Relay.start();
  host.behind = behind;
  host.says = NO_HTTP_CACHE;
  host.alter = (path) => (path === 'sw.js' ? GONE : files.get(path));
  return host;
}

for (const [name, start] of Object.entries(ENGINES)) {
  test(`${name}: of ${HARMS} harms none shows a wrong station, and what was refused is named`, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    const dice = new Dice(SEED);
    const first = await hostOf(new Map());
    const visit = await engine.open(first.url);
    /** @type {Record<string, number>} */
    const ends = {};
    const tried = async (files, voter) => {
      const host = await hostOf(files);
      await visit.goto(host.url);
      const told = await visit.evaluate(shown, voter, PATIENCE_MS);
      await host.stop();
      return { told, wrong: fault(told, voter, files) };
    };
    for (let at = 0; at < HARMS; at += 1) {
      const files = new Map();
      const what = Array.from({ length: 1 + dice.below(3) }, () => harm(files, dice));
      const { told, wrong } = await tried(files, sites.voters[at % sites.voters.length]);
      assert.equal(wrong, undefined, `${at}: ${what.join(', ')}: ${told.text}`);
      ends[told.outcome] = (ends[told.outcome] ?? 0) + 1;
    }
    // The judge itself: all of last week's site, before somebody who has seen nothing newer.
    const { told, wrong } = await tried(older, sites.voters[0]);
    assert.equal(told.outcome, 'found');
    assert.match(wrong, /^station \d+, and not \d+$/);
    assert.ok(ends.found && HARMS > ends.found, JSON.stringify(ends));
    t.diagnostic(`${JSON.stringify(ends)} in ${engine.name} ${engine.version}`);
  });
}
