/**
 * Keys that change, from A and B over B and C to C: what a page, a partner's element and a saved regency make of each step, as the
 * table of docs/operating.md says. tests/site/rotation.rs has the same table, and the one for pages that demand two signatures.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { cp, readFile, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { WHOLE, before, test } from '../limits.mjs';
import { frameOf, framedPolicy, inlinePolicy, lookup, originOf, partner } from './embed-stage.mjs';
import { kept } from './offline-stage.mjs';
import { NO_HTTP_CACHE, ROOT, Relay, ask, bilik, filesOf, makeDemo, open, serve, settled, type } from './stage.mjs';

const TABLE = `\
| who asks | A, B; A signed | A, B; A and B signed | B, C; B and C signed | C; C signed |
|---|---|---|---|---|
| a page of A, B | follows | follows | follows | \`unverified\` |
| a page of A, B that has answered before | follows | follows | follows | keeps |
| a regency that it saved, with a network again | follows | follows | follows | keeps |
| the same, once the page was reloaded | follows | follows | follows | follows |
| a page of B, C | \`unverified\` | follows | follows | follows |
| a page of C | \`unverified\` | \`unverified\` | follows | follows |
| an element that names no key | follows | follows | follows | follows |
| an element that names A and B | follows | follows | follows | \`refused\` |
| an element that names A | follows | follows | \`refused\` | \`refused\` |
| an \`inline\` element that names A and B | follows | follows | follows | \`unverified\` |
| an \`inline\` element that names A | follows | follows | \`unverified\` | \`unverified\` |
`;

/** The columns: whose keys the pages have, who signed the head, and the election's name, which tells the data apart. */
const STEPS = [
  { pages: 'AB', signed: 'A', name: 'Langkah 1' },
  { pages: 'AB', signed: 'AB', name: 'Langkah 1' },
  { pages: 'BC', signed: 'BC', name: 'Langkah 2' },
  { pages: 'C', signed: 'C', name: 'Langkah 3' },
];
/** The step at which a page has these keys. */
const PAGE_OF = { AB: 0, BC: 2, C: 3 };
const REFUSED = /head\.bilik: signature rejected: not signed by a trusted key/;

let demo;
/** Somebody else of the same regency. */
let neighbour;
/** @type {Record<string, { file: string, line: string }>} */
const keys = {};
/** The folder of each step, and who serves it. @type {string[]} */
const sites = [];
/** @type {Relay[]} */
const servers = [];
/** The pinned version of the element, and its integrity. */
let pinned;

/** One key's holder builds, the others add their signatures. */
async function publish({ pages, signed, name }, at) {
  const site = join(demo.folder, `step-${at}`);
  const last = STEPS[at - 1];
  if (last) await cp(sites[at - 1], site, { recursive: true });
  let [first, ...others] = signed;
  if (last?.pages === pages) others = [...signed].filter((key) => !last.signed.includes(key));
  else {
    const toml = (await readFile(join(demo.election, 'election.toml'), 'utf8'))
      .replace(/^name = .*$/m, `name = "${name}"`)
      .replace(/^public_keys = .*\n/m, '')
      .replace('[site]', `[site]\npublic_keys = ${JSON.stringify([...pages].map((key) => keys[key].line))}`);
    await writeFile(join(demo.election, 'election.toml'), toml);
    // The files of the step before stay, as on a real host.
    await bilik(['build', demo.election, '--key', keys[first].file, '--out', site, '--fresh']);
  }
  for (const key of others) await bilik(['sign', site, '--key', keys[key].file]);
  return site;
}

before(async () => {
  demo = await makeDemo();
  const others = await settled(demo, demo.exact.nik.slice(0, 4), 3);
  neighbour = others.find(({ nik }) => nik.slice(0, 6) !== demo.exact.nik.slice(0, 6)) ?? others.at(-1);
  keys.A = { file: demo.key, line: demo.publicKey };
  for (const name of ['B', 'C']) {
    const file = join(demo.folder, name);
    await bilik(['keygen', '--out', file]);
    keys[name] = { file, line: (await readFile(`${file}.pub`, 'utf8')).trim() };
  }
  for (const [at, step] of STEPS.entries()) {
    sites.push(await publish(step, at));
    servers.push(await serve(sites[at]));
  }
  const [version] = await readdir(join(sites[0], 'v'));
  const element = await readFile(join(sites[0], 'v', version, 'element.js'));
  pinned = { version, integrity: `sha384-${createHash('sha384').update(element).digest('base64')}` };
});

/** A host at an origin of its own. */
async function hostOf(page, data = page) {
  const host = await Relay.start();
  host.says = NO_HTTP_CACHE;
  turn(host, page, data);
  return host;
}

/** From now on it has the page of one step and the data of another. @param {Relay} host */
function turn(host, page, data = page) {
  host.behind = servers[page].behind;
  host.alter = (path) => (path.endsWith('.bilik') ? readFile(join(sites[data], path)).catch(() => 404) : undefined);
}

/** What is shown to somebody who asks, in the table's words. */
async function shown(page, at, voter = demo.exact) {
  await type(page, voter);
  await page.locator('#ask').click();
  const answer = page.locator('#answer > [data-outcome]');
  await answer.waitFor();
  const outcome = await answer.getAttribute('data-outcome');
  const offersReload = answer.getByRole('button', { name: 'Muat ulang' });
  if (outcome !== 'found') {
    assert.match(await answer.locator('details').last().textContent(), REFUSED);
    assert.equal(await offersReload.isVisible(), true);
    return `\`${outcome}\``;
  }
  assert.equal(await answer.locator('[data-station-number]').innerText(), String(voter.number));
  const name = await answer.locator('footer b').textContent();
  if ((await answer.locator('[data-offline]').count()) === 0) {
    assert.equal(name, STEPS[at].name);
    return 'follows';
  }
  assert.notEqual(name, STEPS[at].name);
  assert.match(await answer.locator('footer details').textContent(), REFUSED);
  assert.equal(await offersReload.isVisible(), true);
  return 'keeps';
}

/** A page of these keys, opened when that is published. */
const pageOf = (names) => async (at) => {
  const page = await open((await hostOf(PAGE_OF[names], at)).url);
  return { page, cell: await shown(page, at) };
};

async function answeredBefore(at) {
  const host = await hostOf(PAGE_OF.AB);
  const page = await open(host.url);
  await ask(page, demo.exact, 'found');
  turn(host, PAGE_OF.AB, at);
  await page.reload();
  return { page, cell: await shown(page, at) };
}

/** An element of the first step's version. */
const element = (attributes) => async (at) => {
  const host = await hostOf(at);
  const isInline = attributes.startsWith('inline');
  const named = attributes.replace(/[ABC]/g, (name) => keys[name].line);
  const source = `${host.url}v/${pinned.version}/element.js`;
  const script = `<script type="module" src="${source}" integrity="${pinned.integrity}" crossorigin></script>`;
  const policy = isInline ? inlinePolicy(originOf(host.url)) : framedPolicy(host.url);
  const page = await open(await partner(lookup(`election="demo-2026" ${named}`), policy, script));
  await page.waitForFunction(() => ['ready', 'failed'].includes(document.querySelector('bilik-lookup').state));
  const state = await page.evaluate(() => document.querySelector('bilik-lookup').state);
  if (state === 'ready') return { page, cell: await shown(isInline ? page : frameOf(page), at) };
  assert.equal(await page.locator('.fallback').isVisible(), true);
  const { events } = await page.evaluate(() => globalThis.seen);
  return { page, cell: `\`${JSON.parse(events.at(-1)).detail.reason}\`` };
};

/** A phone that saved a regency at the first step and has had no network since. */
async function phone() {
  const host = await hostOf(0);
  const page = await open(host.url);
  await ask(page, demo.exact, 'found');
  await page.locator('#answer a[href="#/saved"]').click();
  await page
    .locator(`[data-regency="${demo.exact.nik.slice(0, 4)}"]`)
    .getByRole('button', { name: 'Simpan' })
    .click();
  await page.getByText('Sudah tersimpan.').waitFor();
  await kept(page);
  return { host, page };
}

/** The paths of the saved regency's files, and whether all of them are there. */
const savedFiles = (page) =>
  page.evaluate(
    async (code) => {
      const cache = await caches.open('bilik-1-demo-2026');
      const record = await cache.match(`https://bilik.invalid/saved/${code}`);
      const paths = (await record?.text())?.split('\n') ?? [];
      const are = await Promise.all(paths.map((path) => cache.match(`https://bilik.invalid/${path}`)));
      return { paths, isWhole: paths.length > 0 && are.every(Boolean) };
    },
    demo.exact.nik.slice(0, 4),
  );

async function savedBefore(at) {
  const { host, page } = await phone();
  turn(host, at);
  await page.goto(host.url);
  return { host, page, cell: await shown(page, at) };
}

async function savedAndReloaded(at) {
  const { host, page } = await savedBefore(at);
  const isNewer = STEPS[at].pages !== STEPS[0].pages;
  const reload = page.locator('#update').getByRole('button', { name: 'Muat ulang' });
  if (isNewer) await Promise.all([page.waitForEvent('load'), reload.click()]);
  else await page.reload();
  const cell = await shown(page, at);
  // What the newer data has is kept, too, and answers the neighbour once the network is gone.
  const before = isNewer ? await filesOf(sites[0], 't') : [];
  for (const until = Date.now() + 20_000; ; await page.waitForTimeout(200)) {
    const { paths, isWhole } = await savedFiles(page);
    if (isWhole && !paths.some((path) => before.includes(path))) break;
    assert.ok(Date.now() < until, 'the regency is not renewed');
  }
  await host.stop();
  await page.goto(host.url);
  const answer = await ask(page, neighbour, 'found');
  assert.equal(await answer.locator('footer b').textContent(), STEPS[at].name);
  assert.equal(await answer.locator('[data-offline]').isVisible(), true);
  return { page, cell };
}

const ROWS = {
  'a page of A, B': pageOf('AB'),
  'a page of A, B that has answered before': answeredBefore,
  'a regency that it saved, with a network again': savedBefore,
  'the same, once the page was reloaded': savedAndReloaded,
  'a page of B, C': pageOf('BC'),
  'a page of C': pageOf('C'),
  'an element that names no key': element(''),
  'an element that names A and B': element('public-key="A B"'),
  'an element that names A': element('public-key="A"'),
  'an `inline` element that names A and B': element('inline public-key="A B"'),
  'an `inline` element that names A': element('inline public-key="A"'),
};

/** The rows of the table. */
const rows = TABLE.trim()
  .split('\n')
  .slice(2)
  .map((line) =>
    line
      .slice(1, -1)
      .split('|')
      .map((cell) => cell.trim()),
  );

test('the table is that of docs/operating.md, and every row of it is tried', async () => {
  assert.ok((await readFile(join(ROOT, 'docs/operating.md'), 'utf8')).includes(TABLE));
  assert.deepEqual(
    rows.map(([label]) => label),
    Object.keys(ROWS),
  );
});

for (const [label, ...expected] of rows) {
  test(`${label}: ${expected.join(', ')}`, WHOLE, async () => {
    const found = [];
    for (const at of STEPS.keys()) {
      const { page, cell } = await ROWS[label](at);
      found.push(cell);
      await page.context().close();
    }
    assert.deepEqual(found, expected);
  });
}

test('a regency that was saved answers without a network, whatever keys are published meanwhile', async () => {
  const { host, page } = await phone();
  await host.stop();
  await page.goto(host.url);
  const answer = await ask(page, neighbour, 'found');
  assert.equal(await answer.locator('footer b').textContent(), STEPS[0].name);
  assert.deepEqual(page.trouble, []);
});
