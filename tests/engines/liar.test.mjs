/** A malicious mirror alone: it can neither make the module show a wrong station, nor an older one, nor make it crash. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { filesOf, makeDemo, open, serve } from '../browser/stage.mjs';
import { before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';
import { Rig, byPage } from './rig.mjs';
import { Dice, spoil } from './spoil.mjs';

const CORRUPTIONS = 500;
/** Lookups that wait side by side. */
const AT_ONCE = 25;

let demo;
/** @type {Rig} */
let rig;
before(async () => {
  demo = await makeDemo(1_000);
  rig = await Rig.build(1_500);
});

/** Asks in the page, each time a module that knows nothing but what the Cache API keeps. */
const ask = (page, questions) =>
  page.evaluate(async (questions) => {
    const { readConfig } = await import(new URL('app.js', document.baseURI).href);
    const { options } = readConfig(document, document.baseURI);
    const module = await import(new URL('pkg/bilik.js', document.baseURI).href);
    await module.default();
    const answer = async ({ query, ...question }) => {
      const bilik = new module.Bilik(options);
      try {
        if (!query) return await bilik.lookup(question);
        return { outcome: (await bilik.villages(query)).length ? 'villages' : 'no villages' };
      } catch (error) {
        return { outcome: error instanceof WebAssembly.RuntimeError ? `crash: ${error}` : 'rejected' };
      } finally {
        bilik.free();
      }
    };
    return Promise.all(questions.map(answer));
  }, questions);

const forget = (page) =>
  page.evaluate(async () => {
    for (const name of await caches.keys()) await caches.delete(name);
  });

/** The kinds of files, by how a path tells, and the question that reads them. The tables are told apart by who asks. */
const KINDS = {
  head: { folder: /^head\.bilik/ },
  manifest: { folder: /^m\//, names: true },
  'part of the manifest': { folder: /^p\// },
  directory: { folder: /^d\// },
  'table by full': { folder: /^t\// },
  'table by near': { folder: /^t\//, near: true },
  'station list': { folder: /^s\// },
  names: { folder: /^n\//, names: true },
};

for (const [kind, { folder, near, names }] of Object.entries(KINDS)) {
  test(`of ${CORRUPTIONS} random corruptions of a ${kind} none is accepted, and none ends the module`, async () => {
    const site = await serve(demo.site);
    const page = await open(site.url);
    const { nik, name, village } = near ? demo.near : demo.exact;
    const question = names ? { query: 'coba' } : near ? { nik, name, village } : { nik, name };
    const honest = names ? 'villages' : 'found';
    const [first] = await ask(page, [near ? { nik, name: `${name} Rekaan` } : question]);
    assert.equal(first.outcome, near ? 'village_needed' : honest);
    // The table that was asked by `full` is not the one that is asked by `near`.
    const known = near ? site.asked().map((path) => path.slice(1)) : [];
    await forget(page);

    const dice = new Dice(23);
    const others = await Promise.all((await filesOf(demo.site, 't')).map((file) => readFile(join(demo.site, file))));
    let spoilt = 0;
    site.alter = (path, bytes) => {
      if (!folder.test(path) || known.includes(path)) return undefined;
      spoilt += 1;
      return spoil(bytes, others[dice.below(others.length)], dice);
    };
    while (spoilt < CORRUPTIONS) {
      const before = spoilt;
      for (const { outcome } of await ask(page, Array(AT_ONCE).fill(question))) {
        assert.equal(outcome, names ? 'rejected' : 'unverified', `after ${before} corruptions`);
      }
      assert.ok(spoilt > before, 'the file is asked for');
    }
    site.alter = undefined;
    assert.equal((await ask(page, [question]))[0].outcome, honest);
    assert.deepEqual(page.trouble, []);
  });
}

/** Deletes what the page's data is kept in, all but the head: only that still tells what was seen. */
const forgetAllButTheHead = (visit) =>
  visit.evaluate(async () => {
    let heads = 0;
    for (const name of await caches.keys()) {
      const cache = await caches.open(name);
      for (const request of await cache.keys()) {
        if (/\/[mdtsnp]\/[0-9a-f]+\.bilik/.test(request.url)) await cache.delete(request);
        else if (request.url.includes('head.bilik')) heads += 1;
      }
    }
    return heads;
  });

test('where a newer head was seen, a mirror of last week shows nobody a station of last week', async (t) => {
  const engine = await ENGINES.chromium();
  t.after(() => engine.close());
  const [voter, neighbour] = rig.sites.voters;
  await rig.heal();
  const visit = await engine.open(rig.page.url);
  const asked = async (voter) => {
    await visit.reload();
    await byPage.watch(visit);
    await byPage.ask(visit, voter);
    return byPage.seen(visit);
  };
  assert.equal((await asked(voter)).number, voter.number);
  await rig.b.stop();
  await rig.a.serve({ root: rig.sites.older });
  const kept = await asked(neighbour);
  assert.deepEqual([kept.outcome, kept.number], ['found', neighbour.number], 'what is kept on the device answers');
  assert.ok((await forgetAllButTheHead(visit)) > 0);
  const { outcome, number } = await asked(neighbour);
  assert.notEqual(outcome, 'found', `station ${number}; this week's is ${neighbour.number}`);
});

test("another operator's site alone is unverified, and named", async (t) => {
  const engine = await ENGINES.chromium();
  t.after(() => engine.close());
  await rig.b.stop();
  await rig.a.serve({ root: rig.sites.foreign });
  const visit = await engine.open(rig.page.url);
  await byPage.watch(visit);
  await byPage.ask(visit, rig.someone());
  const { outcome, problems } = await byPage.seen(visit);
  assert.equal(outcome, 'unverified');
  assert.ok(
    problems.some((problem) => problem.startsWith(`${rig.a.url}head.bilik: `)),
    problems.join('; '),
  );
});
