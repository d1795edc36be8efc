/**
 * A page that names two witnesses, in three engines: a mirror with last week's valid head, alone in reach of a first-time visitor, is
 * told apart by their statements; and when all of them are silent, every lookup answers and says so. The mirrors are real nginx; the
 * statements of other days are made here by docs/format.md, since `bilik witness` says only what it sees now.
 */
import assert from 'node:assert/strict';
import { createHash, createPrivateKey, createPublicKey, sign } from 'node:crypto';
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bilik, makeDemo, rebuild } from '../browser/stage.mjs';
import { before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';
import { Book, Host } from './nginx.mjs';
import { byPage } from './rig.mjs';

const [MINUTE, WEEK] = [60, 7 * 86_400];
const NAMES = ['Saksi Satu', 'Saksi <Dua>'];
const PATIENCE_MS = 60_000;

let demo;
/** Sites without statements. */
let [current, older] = ['', ''];
/** @type {{ file: string, path: string }[]} */
let witnesses;
/** @type {Host} */ let page;
/** @type {Host} */ let near;
/** @type {Host} */ let far;
/** @type {Book} */ let book;

before(async () => {
  book = await Book.open();
  [page, near, far] = await Promise.all(['page', 'near', 'far'].map((name) => Host.named(name, book)));
  demo = await makeDemo(1_000);
  witnesses = [];
  for (const name of ['W1', 'W2']) {
    const file = join(demo.folder, name);
    const { publicKey } = JSON.parse(await bilik(['keygen', '--out', file, '--json']));
    witnesses.push({ file, publicKey, path: `w/${keyId(publicKey)}.bilik` });
  }
  const named = witnesses.map(({ publicKey }, at) => `{ name = "${NAMES[at]}", public_key = "${publicKey}" }`);
  const settings = `mirrors = ["${near.url}", "${far.url}"]
witnesses = [${named.join(', ')}]
witness_threshold = 2
witness_max_age = "30m"`;
  const toml = (text) => text.replace(/^mirrors = .*$/m, () => settings);
  older = (await rebuild(demo, { toml })).site;
  // Serials count seconds.
  await new Promise((done) => setTimeout(done, 1_100));
  current = (await rebuild(demo, { toml })).site;
  await page.serve({ root: current });
});

/** @param {string} publicKey */
const keyId = (publicKey) =>
  createHash('sha256')
    .update(Buffer.from(publicKey.split(':')[1], 'hex'))
    .digest('hex')
    .slice(0, 16);

/** The statement of a witness that it saw a site's head, that long ago in seconds. */
async function statement({ file }, site, ago) {
  const key = createPrivateKey(await readFile(file, 'utf8'));
  const head = await readFile(join(site, 'head.bilik'));
  const signed = Buffer.from(head.subarray(0, 89 + 21 * head[88]));
  signed[7] = 0;
  const digest = createHash('sha256').update(signed).digest();
  const election = signed.subarray(8, 40).toString('latin1').replace(/\0+$/, '');
  const time = BigInt(Math.floor(Date.now() / 1000) - ago);
  const text = `cosignature/v1\ntime ${time}\nbilik/1/head/${election}\n${signed.readBigUInt64LE(40)}\n${digest.toString('base64')}\n`;
  const bytes = Buffer.alloc(160);
  bytes.write('BILIKw\x01\0', 'latin1');
  signed.copy(bytes, 8, 8, 48);
  bytes.writeBigUInt64LE(time, 48);
  digest.copy(bytes, 56);
  const raw = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
  createHash('sha256').update(raw).digest().copy(bytes, 88, 0, 8);
  sign(null, Buffer.from(text), key).copy(bytes, 96);
  return bytes;
}

let copies = 0;

/** A mirror's folder: a site, and what each witness said of which site, how long ago. */
async function mirror(site, said) {
  const folder = join(demo.folder, `mirror-${++copies}`);
  await cp(site, folder, { recursive: true });
  await mkdir(join(folder, 'w'));
  for (const [at, statementOf] of said.entries()) {
    if (statementOf) await writeFile(join(folder, witnesses[at].path), await statementOf(witnesses[at]));
  }
  return folder;
}

/** One whole first lookup; what the page says of witnesses afterwards. */
async function asked(engine, voter = demo.exact) {
  const visit = await engine.open(page.url);
  try {
    await byPage.watch(visit);
    await byPage.ask(visit, voter);
    const { outcome, number } = await byPage.seen(visit);
    await visit.text('[data-witness]', PATIENCE_MS);
    const said = await visit.evaluate(() =>
      [...document.querySelectorAll('[data-witness]')].map((line) => [line.dataset.witness, line.textContent]),
    );
    return { outcome, number, said };
  } finally {
    await visit.close();
  }
}

const saw = (site, ago) => (witness) => statement(witness, site, ago);

for (const [name, start] of Object.entries(ENGINES)) {
  test(`${name}: what both witnesses saw minutes ago is shown with the answer`, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    const folder = await mirror(current, [saw(current, 4 * MINUTE), saw(older, 12 * MINUTE)]);
    await Promise.all([near, far].map((host) => host.serve({ root: folder })));
    const { outcome, number, said } = await asked(engine);
    assert.deepEqual([outcome, number], ['found', demo.exact.number]);
    assert.deepEqual(said, [
      ['seen', 'Dilihat Saksi Satu 4 menit yang lalu.'],
      ['seen', 'Data ini lebih baru daripada yang dilihat Saksi <Dua> 12 menit yang lalu.'],
    ]);
  });

  test(`${name}: a mirror of last week, alone in reach, is told apart by statements of last week and of today`, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    await far.stop();
    await near.serve({ root: await mirror(older, [saw(older, WEEK), saw(older, WEEK)]) });
    const replayed = await asked(engine);
    assert.equal(replayed.outcome, 'found', 'a page is never dark because a witness sleeps');
    const [[state, words], ...more] = replayed.said;
    assert.deepEqual([state, more], ['unsure', []]);
    assert.match(words, /^Belum dapat dipastikan bahwa ini data terbaru\. Dilihat Saksi Satu 7 hari yang lalu\. /);
    assert.match(words, /Tanda tangan penyelenggara pada data ini sah/);

    // One that keeps last week's and this week's statements gives itself away at once.
    await near.serve({ root: await mirror(older, [saw(older, 5 * MINUTE), saw(current, MINUTE)]) });
    const { outcome, said } = await asked(engine);
    assert.deepEqual([outcome, said[0][0]], ['found', 'unsure']);
    assert.match(said[0][1], /Saksi <Dua> melihat data yang lebih baru 1 menit yang lalu/);
  });

  test(`${name}: with all witnesses silent every lookup answers, and says so`, async (t) => {
    const engine = await start();
    t.after(() => engine.close());
    // The last byte of a signature is 0 in one of sixteen, so another value is not certain to spoil it.
    const spoilt = async (witness) => {
      const bytes = await statement(witness, current, MINUTE);
      bytes[159] ^= 1;
      return bytes;
    };
    // By a clock that was two hours ahead, kept by a mirror: it would be "just now" for as long as it likes.
    const ahead = saw(current, -120 * MINUTE);
    for (const said of [[], [spoilt, undefined], [async () => Buffer.alloc(1 << 20)], [ahead, ahead]]) {
      const folder = await mirror(current, said);
      await Promise.all([near, far].map((host) => host.serve({ root: folder })));
      for (const voter of [demo.exact, demo.stranger]) {
        const answered = await asked(engine, voter);
        assert.equal(answered.outcome, voter === demo.exact ? 'found' : 'village_needed');
        assert.deepEqual(
          answered.said.map(([state]) => state),
          ['unsure'],
        );
        for (const name of NAMES) assert.ok(answered.said[0][1].includes(`Belum ada kabar dari ${name}.`), answered.said[0][1]);
      }
    }
  });
}

test('what `bilik witness` writes is what a page shows', async (t) => {
  const engine = await ENGINES.chromium();
  t.after(() => engine.close());
  await Promise.all([near, far].map((host) => host.serve({ root: current })));
  const folder = await mirror(current, []);
  for (const { file, path } of witnesses) {
    const log = join(demo.folder, `${path.slice(2)}.log`);
    const out = join(folder, path);
    await bilik(['witness', near.url, far.url, '--public-key', demo.publicKey, '--key', file, '--out', out, '--state', log]);
  }
  await Promise.all([near, far].map((host) => host.serve({ root: folder })));
  const { outcome, said } = await asked(engine);
  assert.equal(outcome, 'found');
  assert.deepEqual(
    said.map(([state]) => state),
    ['seen', 'seen'],
  );
  assert.match(said[0][1], /^Dilihat Saksi Satu (baru saja|\d+ menit yang lalu)\.$/);
});

test('a page that names no witness asks for none', async (t) => {
  const engine = await ENGINES.chromium();
  t.after(() => engine.close());
  const plain = await rebuild(demo, {});
  await page.serve({ root: plain.site });
  const since = book.arrived.length;
  const visit = await engine.open(page.url);
  await byPage.watch(visit);
  await byPage.ask(visit, demo.exact);
  assert.equal((await byPage.seen(visit)).outcome, 'found');
  const paths = book.arrived.slice(since).map(({ path }) => path);
  assert.ok(paths.length > 5 && !paths.some((path) => /witness|^\/w\//.test(path)), paths.join(' '));
  await visit.close();
  await page.serve({ root: current });
});
