/**
 * Mirrors against the WHATWG's own list of addresses, in three browsers: each that `bilik check` accepts is read there as it is
 * written into the page, and the module takes it; each of the others, put raw into a page, leaves the page's own host. The list is
 * the one that the crate `url` brings with its sources; tests/check/whatwg.rs compares it with the builder.
 */
import assert from 'node:assert/strict';
import { cp, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { NO_HTTP_CACHE, ROOT, bilik, find, makeDemo, run, serve } from '../browser/stage.mjs';
import { WHOLE, before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';
import { shown } from './shown.mjs';

const PATIENCE_MS = 60_000;
/** How many wrong addresses stand beside the right one in one lookup of the module. */
const AT_ONCE = 40;

/** The inputs of the list, each once. */
async function listed() {
  const args = ['metadata', '--locked', '--format-version', '1', '--filter-platform', 'x86_64-unknown-linux-gnu'];
  const { packages } = JSON.parse(await run('cargo', args, { cwd: ROOT }));
  const { manifest_path: manifest } = packages.find(({ name }) => name === 'url');
  const all = JSON.parse(await readFile(join(dirname(manifest), 'tests/urltestdata.json'), 'utf8'));
  return [...new Set(all.map(({ input }) => input).filter((input) => input !== undefined))];
}

/** A text as TOML and HTML write it. */
const inToml = (text) => JSON.stringify(text).replaceAll('\u007f', '\\u007f');
const NAMED = { amp: '&', quot: '"', lt: '<', gt: '>' };
const outOfHtml = (text) =>
  text.replace(/&(?:#x([0-9a-f]+)|(\w+));/g, (_, code, name) =>
    code ? String.fromCodePoint(parseInt(code, 16)) : NAMED[name],
  );
const inHtml = (text) => text.replaceAll('&', '&amp;').replaceAll('"', '&quot;');

let demo, accepted, refused, page;
before(async () => {
  demo = await makeDemo(500);
  const all = await listed();
  const election = join(demo.folder, 'many-mirrors');
  await cp(demo.election, election, { recursive: true });
  const toml = await readFile(join(election, 'election.toml'), 'utf8');
  const [, head, tail] = /^([\s\S]*^mirrors = )\[.*?\]([\s\S]*)$/m.exec(toml);
  const name = (mirrors) =>
    writeFile(join(election, 'election.toml'), `${head}[\n${mirrors.map(inToml).join(',\n')},\n]${tail}`);
  await name(all);
  const { problems } = JSON.parse(await bilik(['check', election, '--json'], { expect: [2] }));
  const before = head.split('\n').length;
  const bad = new Set(problems.filter(({ file }) => file === 'election.toml').map(({ line }) => all[line - before - 1]));
  accepted = all.filter((input) => !bad.has(input));
  refused = [...bad];
  assert.ok(accepted.length > 50 && refused.length > 400 && !bad.has(undefined), `${accepted.length}, ${refused.length}`);
  // What the builder makes of them stands in the page.
  await name(accepted);
  const site = join(demo.folder, 'many-mirrors-site');
  await bilik(['build', election, '--key', demo.key, '--out', site]);
  page = await readFile(join(site, 'index.html'), 'utf8');
});

/** The content of the page's list of mirrors, as it stands in HTML. */
const MIRRORS = /(<meta name="bilik-mirrors" content=")([^"]*)"/;

/** What the page makes of lists of mirrors, and whether the module takes it. Runs in the page, as a whole. */
async function taken(lists, publicKey) {
  const { readConfig } = await import(new URL('app.js', document.baseURI).href);
  const module = await import(new URL('pkg/bilik.js', document.baseURI).href);
  await module.default();
  return lists.map((list) => {
    const page = document.createElement('div');
    for (const [name, content] of Object.entries({ 'bilik-mirrors': list, 'bilik-public-key': publicKey })) {
      page.append(Object.assign(document.createElement('meta'), { name, content }));
    }
    try {
      const { options } = readConfig(page, document.baseURI);
      new module.Bilik(options).free();
      return options.mirrors;
    } catch (error) {
      return String(error);
    }
  });
}

/** The outcome of a lookup from these mirrors by the page's own client. Runs in the page, as a whole. */
async function found(list, publicKey, voter) {
  const { readConfig } = await import(new URL('app.js', document.baseURI).href);
  const module = await import(new URL('pkg/bilik.js', document.baseURI).href);
  await module.default();
  for (const name of await caches.keys()) await caches.delete(name);
  const page = document.createElement('div');
  for (const [name, content] of Object.entries({ 'bilik-mirrors': list, 'bilik-public-key': publicKey })) {
    page.append(Object.assign(document.createElement('meta'), { name, content }));
  }
  const { outcome, station, problems } = await new module.Bilik(readConfig(page, document.baseURI).options).lookup(voter);
  return { outcome, number: station?.number, problems };
}

for (const [name, start] of Object.entries(ENGINES)) {
  test(`${name}: accepted addresses work as mirrors, and no other one kills the page`, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    const site = await serve(demo.site);
    site.says = NO_HTTP_CACHE;
    const visit = await engine.open(site.url);
    const { exact, publicKey } = demo;
    const asked = { nik: exact.nik, name: exact.name };

    // As the builder writes them, one by one and all together.
    const written = outOfHtml(MIRRORS.exec(page)[2]).match(/\S+/g);
    assert.equal(written.length, accepted.length);
    const read = await visit.evaluate(taken, [written.join(' '), ...written], publicKey);
    assert.deepEqual(read[0], read.slice(1).flat());
    const others = read.slice(1).flatMap((mirrors, at) => {
      const expected = new URL(written[at], site.url).href;
      const isSame = mirrors.length === 1 && mirrors[0] === expected && (/^[./]/.test(written[at]) || expected === written[at]);
      return isSame ? [] : [{ given: accepted[at], written: written[at], read: mirrors }];
    });
    assert.deepEqual(others, []);

    // Raw, beside the page's own host and alone.
    const beside = await visit.evaluate(
      taken,
      refused.map((raw) => `./ ${raw}`),
      publicKey,
    );
    for (const [at, mirrors] of beside.entries()) assert.equal(mirrors[0], site.url, `${inToml(refused[at])}: ${mirrors}`);
    for (const [at, mirrors] of (await visit.evaluate(taken, refused, publicKey)).entries()) {
      assert.ok(Array.isArray(mirrors) && mirrors.length > 0, `${inToml(refused[at])}: ${mirrors}`);
    }
    const { station } = await find(demo, asked);
    for (let at = 0; at < refused.length; at += AT_ONCE) {
      const raw = refused.slice(at, at + AT_ONCE);
      const told = await visit.evaluate(found, ['./', ...raw].join(' '), publicKey, asked);
      assert.deepEqual([told.outcome, told.number], ['found', station.number], `${raw.map(inToml)}: ${JSON.stringify(told)}`);
    }

    // A whole page with all of them.
    const list = inHtml(['./', ...refused].join(' '));
    site.alter = (path, bytes) =>
      path === '' || path === 'index.html'
        ? Buffer.from(bytes.toString().replace(MIRRORS, (_, start) => `${start}${list}"`))
        : path === 'sw.js'
          ? 404
          : undefined;
    const fresh = await engine.open(site.url);
    const told = await fresh.evaluate(shown, asked, PATIENCE_MS);
    assert.deepEqual([told.outcome, told.number], ['found', station.number], told.text);
    t.diagnostic(`${accepted.length} accepted and ${refused.length} others in ${engine.name} ${engine.version}`);
  });
}
