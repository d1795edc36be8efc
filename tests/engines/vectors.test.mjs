/**
 * The golden site with one wrong file at a time (tests/vectors), in three browsers: the module refuses each by its name, the page
 * says so, and neither shows a station. `cargo test -p bilik-cli --test wrong` makes the vectors and tries them natively.
 */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NO_HTTP_CACHE, ROOT, Relay, bilik, later, serve } from '../browser/stage.mjs';
import { WHOLE, before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';
import { shown } from './shown.mjs';

const VECTORS = join(ROOT, 'tests/vectors');
/** Somebody whose question reads every kind of file but manifest and names; the name is not the whole one. */
const ASKER = { nik: '390101120190', name: 'Contoh', village: '3901012001' };
/** Somebody whose question needs no village, for the page. */
const VOTER = { nik: '390101120190', name: 'Contoh Satu', number: 1 };
const SEARCH = 'contoh hulu';
const PATIENCE_MS = 20_000;

/** The files of a folder, by their paths. */
async function filesIn(folder) {
  const paths = (await readdir(folder, { recursive: true })).filter((path) => path.endsWith('.bilik'));
  return new Map(await Promise.all(paths.map(async (path) => [path, await readFile(join(folder, path))])));
}

/** The lines of a table, without its head. */
const linesOf = async (file) =>
  (await readFile(join(VECTORS, file), 'utf8')).split('\n').filter((line) => line && !line.startsWith('#'));

/** The key of the golden site: its secret half is 32 times the byte 7 (PKCS#8, RFC 8410). */
const KEY = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), Buffer.alloc(32, 7)]);

let golden, cases, weak, site, publicKey, statements, witness;
before(async () => {
  golden = await filesIn(join(VECTORS, 'golden'));
  cases = await Promise.all(
    (await linesOf('wrong.tsv')).map(async (line) => {
      const [name, file, outcome, reason] = line.split('\t');
      return { name, file, outcome, reason, files: await filesIn(join(VECTORS, 'wrong', name)) };
    }),
  );
  statements = await Promise.all(
    (await linesOf('statements.tsv')).map(async (line) => {
      const [name, reason] = line.split('\t');
      return { name, reason, bytes: [...(await readFile(join(VECTORS, 'statements', `${name}.bilik`)))] };
    }),
  );
  [, witness] = /^# the witness: (.*)$/m.exec(await readFile(join(VECTORS, 'statements.tsv'), 'utf8')) ?? [];
  weak = (await linesOf('weak-keys.tsv')).map((line) => line.split('\t')[0]);
  const folder = await mkdtemp(join(tmpdir(), 'bilik-vectors-'));
  later(() => rm(folder, { recursive: true, force: true }));
  await cp(join(VECTORS, 'election'), join(folder, 'election'), { recursive: true });
  const key = join(folder, 'key');
  await writeFile(key, `-----BEGIN PRIVATE KEY-----\n${KEY.toString('base64')}\n-----END PRIVATE KEY-----\n`, { mode: 0o600 });
  await bilik(['build', join(folder, 'election'), '--key', key, '--out', join(folder, 'site')]);
  // The page is that of the golden site.
  for (const [path, bytes] of golden) assert.ok(bytes.equals(await readFile(join(folder, 'site', path))), path);
  site = await serve(join(folder, 'site'));
  publicKey = /name="bilik-public-key" content="([^"]*)"/.exec(await readFile(join(folder, 'site/index.html'), 'utf8'))[1];
});

/** A host of the golden site with these files instead, at an origin of its own. */
async function hostOf(files) {
  const host = await Relay.start();
  host.behind = site.behind;
  host.says = NO_HTTP_CACHE;
  host.alter = (path) => (path === 'sw.js' ? 404 : files.get(path));
  return host;
}

/** A host of the golden site under `golden/`, and of each case under its name. */
async function hostOfAll() {
  const host = await hostOf(new Map());
  const folders = new Map(cases.map(({ name, files }) => [name, files]));
  host.alter = (path) => {
    if (path === 'sw.js') return 404;
    const [, folder, file] = /^([^/]+)\/(.*\.bilik)$/.exec(path) ?? [];
    const files = folder === 'golden' ? golden : folders.get(folder);
    return files && (files.get(file) ?? golden.get(file));
  };
  return host;
}

/**
 * Asks a new module, which knows nothing but what the Cache API keeps. Runs in the page, as a whole.
 * @param {string} mirror
 * @param {{ publicKey: string, election: string, isFirst: boolean, question?: object, search?: string }} how
 */
async function asked(mirror, { publicKey, election, isFirst, question, search }) {
  if (isFirst) for (const name of await caches.keys()) await caches.delete(name);
  const module = await import(new URL('pkg/bilik.js', document.baseURI).href);
  await module.default();
  let told;
  try {
    const bilik = new module.Bilik({ mirrors: [new URL(mirror, document.baseURI).href], publicKey, election });
    told = await (search ? bilik.villages(search).then((found) => ({ outcome: 'villages', found })) : bilik.lookup(question));
    bilik.free();
  } catch (error) {
    told = error.cause ?? { outcome: error instanceof WebAssembly.RuntimeError ? 'crash' : 'thrown', reason: String(error) };
  }
  return { ...told, problems: told.problems ?? told.data?.problems ?? [] };
}

/**
 * What the module makes of a witness's statements about the golden head. Runs in the page, as a whole.
 * @param {string} mirror
 * @param {{ publicKey: string, election: string, witness: string, statements: number[][] }} how
 */
async function witnessed(mirror, { publicKey, election, witness, statements }) {
  const module = await import(new URL('pkg/bilik.js', document.baseURI).href);
  await module.default();
  const bilik = new module.Bilik({ mirrors: [new URL(mirror, document.baseURI).href], publicKey, election });
  await bilik.election();
  const told = statements.map((bytes) => bilik.witnessed(Uint8Array.from(bytes), witness));
  bilik.free();
  // No number stands for itself in JSON.
  return told.map((number) => (Number.isNaN(number) ? 'refused' : number % 4));
}

/** One case for each reason; digests and numbers make no difference. The question of the page reads neither `near` nor names nor manifest. */
function oneOfEach() {
  const seen = new Set();
  return cases.filter(({ name, reason, outcome }) => {
    const key = outcome === 'unverified' ? reason.replace(/[0-9a-f]{32}|\d+/g, '#') : outcome;
    const isRead = !/^(table-|names-|manifest-)/.test(name) || name.startsWith('table-by-full');
    return isRead && outcome !== 'older' && !seen.has(key) && seen.add(key);
  });
}

for (const [name, start] of Object.entries(ENGINES)) {
  test(`${name}: the module refuses each wrong file by its name`, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    const host = await hostOfAll();
    const visit = await engine.open(host.url);
    const ask = (folder, how) =>
      visit.evaluate(asked, `${folder}/`, { publicKey, election: 'vektor-2029', isFirst: true, question: ASKER, ...how });
    const right = await ask('golden', {});
    assert.deepEqual([right.outcome, right.station?.number], ['found', VOTER.number]);
    assert.ok((await ask('golden', { search: SEARCH })).found.length > 0);
    for (const { name, file, outcome, reason } of cases) {
      if (outcome === 'older') {
        // Who saw the newer one is not led back.
        await ask('golden', {});
        const told = await ask(name, { isFirst: false });
        assert.deepEqual([told.outcome, told.data.serial], ['found', right.data.serial], name);
        continue;
      }
      const told = await ask(name, /^(names|manifest)-/.test(name) ? { search: SEARCH } : {});
      assert.equal(told.outcome, outcome, `${name}: ${JSON.stringify(told)}`);
      if (outcome === 'unverified') assert.deepEqual([told.problems[0].file, told.problems[0].reason], [file, reason], name);
    }
    for (const key of weak) {
      const told = await ask('golden', { publicKey: `bilik-public-key:${key}` });
      assert.equal(told.outcome, 'thrown', key);
      assert.match(told.reason, /publicKey: not a public key/, key);
    }
    const said = { publicKey, election: 'vektor-2029', witness, statements: statements.map(({ bytes }) => bytes) };
    assert.deepEqual(
      await visit.evaluate(witnessed, 'golden/', said),
      statements.map(({ reason }) => (reason === '-' ? 0 : 'refused')),
      statements.map(({ name }) => name).join(' '),
    );
    assert.equal((await ask('golden', {})).outcome, 'found');
    t.diagnostic(
      `${cases.length} wrong files, ${statements.length} statements and ${weak.length} weak keys in ${engine.name} ${engine.version}`,
    );
  });

  test(`${name}: the page says which file is wrong and why, for each reason that there is`, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    const host = await hostOf(new Map());
    const visit = await engine.open(host.url);
    const right = await visit.evaluate(shown, VOTER, PATIENCE_MS);
    assert.deepEqual([right.outcome, right.number], ['found', VOTER.number]);
    const chosen = oneOfEach();
    for (const { name, file, outcome, reason, files } of chosen) {
      // An origin of its own has nothing kept.
      const host = await hostOf(files);
      await visit.goto(host.url);
      const told = await visit.evaluate(shown, VOTER, PATIENCE_MS);
      assert.equal(told.outcome, outcome, `${name}: ${told.text}`);
      if (outcome === 'unverified') assert.ok(told.text.includes(`${host.url}${file}: ${reason}`), `${name}: ${told.text}`);
      await host.stop();
    }
    t.diagnostic(`${chosen.length} reasons in ${engine.name} ${engine.version}`);
  });
}
