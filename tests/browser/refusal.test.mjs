/** Files that are not what the operator signed: refused by name and reason, and the page stays calm. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import {
  NO_HTTP_CACHE,
  ask,
  bilik,
  choose,
  edit,
  filesOf,
  makeDemo,
  open,
  rebuild,
  screen,
  serve,
  signedByOne,
} from './stage.mjs';

let demo;
/** Another election, signed by another key. */
let other;
before(async () => {
  demo = await makeDemo();
  other = await makeDemo(500);
});

const KINDS = {
  head: (path) => path === 'head.bilik',
  'part of the manifest': (path) => path.startsWith('p/'),
  directory: (path) => path.startsWith('d/'),
  table: (path) => path.startsWith('t/'),
  'station list': (path) => path.startsWith('s/'),
};

const HARMS = {
  truncated: { harm: (bytes) => bytes.subarray(0, bytes.length - 1), reason: /bytes/ },
  flipped: {
    harm: (bytes) => {
      const flipped = Buffer.from(bytes);
      flipped[flipped.length - 3] ^= 4;
      return flipped;
    },
    reason: /digest|sign/,
  },
  replaced: { harm: (_, replacement) => replacement, reason: /digest|sign|bytes/ },
};

/** A file of that kind from the other election's site. */
async function another(kind) {
  const file = kind === 'head' ? 'head.bilik' : (await filesOf(other.site, kind[0]))[0];
  return readFile(join(other.site, file));
}

for (const [kind, is] of Object.entries(KINDS)) {
  test(`a ${kind} that was ${Object.keys(HARMS).join(', ')} is refused, and the page says so calmly`, async () => {
    const site = await serve(demo.site);
    site.says = NO_HTTP_CACHE;
    const page = await open(site.url);
    for (const [what, { harm, reason }] of Object.entries(HARMS)) {
      const harmed = new Set();
      const replacement = await another(kind);
      site.alter = (path, bytes) => (is(path) && harmed.add(path) ? harm(bytes, replacement) : undefined);
      const answer = await ask(page, demo.exact, 'unverified');
      assert.equal(await answer.locator('h1').innerText(), 'Keaslian data tidak dapat dipastikan');
      await answer.locator('summary').click();
      const problem = await answer.locator('details li').first().innerText();
      const file = [...harmed].find((path) => problem.startsWith(`${site.url}${path}: `));
      assert.ok(file, `${what}: ${problem}`);
      assert.match(problem.slice(site.url.length + file.length), reason, what);
      await edit(page);
    }
    site.alter = undefined;
    await ask(page, demo.exact, 'found');
    assert.deepEqual(page.trouble, []);
  });
}

test('where the operator demands two signatures, the page takes no head that one key signed', async () => {
  const second = join(demo.folder, 'second');
  await bilik(['keygen', '--out', second]);
  const both = await rebuild(demo, { toml: (text) => text.replace('[site]', '[site]\nthreshold = 2'), keys: [second] });
  const site = await serve(both.site);
  site.says = NO_HTTP_CACHE;
  site.alter = (path, bytes) => (path === 'head.bilik' ? signedByOne(bytes) : undefined);
  const page = await open(site.url);
  const answer = await ask(page, demo.exact, 'unverified');
  assert.match(await answer.locator('details').textContent(), /head\.bilik: .*sign/);
  site.alter = undefined;
  await answer.getByRole('button', { name: 'Coba lagi' }).click();
  await screen(page, 'found');
  assert.deepEqual(page.trouble, []);
});

test('nothing that was refused is kept: once the mirror is honest again, trying again is enough', async () => {
  const site = await serve(demo.site);
  site.alter = (path, bytes) => (path.startsWith('t/') ? bytes.map((byte) => byte ^ 1) : undefined);
  const page = await open(site.url);
  const answer = await ask(page, demo.exact, 'unverified');
  site.alter = undefined;
  await answer.getByRole('button', { name: 'Coba lagi' }).click();
  await screen(page, 'found');
});

test('a table by near that was flipped is refused only when it is asked for', async () => {
  const site = await serve(demo.site);
  const page = await open(site.url);
  // The other table is the one by `full`.
  let first;
  site.alter = (path, bytes) =>
    path.startsWith('t/') && (first ??= path) !== path ? bytes.map((byte) => byte ^ 1) : undefined;
  await ask(page, demo.near, 'village_needed');
  const answer = await choose(page, demo.near.village, 'unverified');
  assert.match(await answer.locator('details').textContent(), /t\/[0-9a-f]{32}\.bilik: /);
  assert.deepEqual(page.trouble, []);
});

for (const [what, harm] of [
  ['cut off', null],
  ['gone', 404],
]) {
  test(`where a table is ${what}, the data is out of reach, which is no "not found"`, async () => {
    const site = await serve(demo.site);
    site.alter = (path) => (path.startsWith('t/') ? harm : undefined);
    const page = await open(site.url);
    const answer = await ask(page, demo.exact, 'unreachable');
    assert.equal(await answer.locator('h1').innerText(), 'Data belum dapat diambil');
    assert.match(await answer.locator('details').textContent(), /t\/[0-9a-f]{32}\.bilik: /);
    assert.deepEqual(page.trouble, []);
  });
}

test('where the module itself is out of reach, it is named, and trying again is enough', async () => {
  const site = await serve(demo.site);
  site.alter = (path) => (path.endsWith('.wasm') ? null : undefined);
  const page = await open(site.url);
  const answer = await ask(page, demo.exact, 'unreachable');
  assert.match(await answer.locator('details').textContent(), /pkg\/bilik_bg\.wasm: /);
  site.alter = undefined;
  await answer.getByRole('button', { name: 'Coba lagi' }).click();
  await screen(page, 'found');
  assert.deepEqual(page.trouble, []);
});
