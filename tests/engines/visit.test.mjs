/**
 * A first visit in three engines, each with a new profile, by the log of a real nginx: which files, how often, how many bytes. Then nginx
 * is gone, and the page answers without a network. tests/first-visit.sh measures the same in a country of 823,220 stations.
 */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { makeDemo } from '../browser/stage.mjs';
import { PART, WHOLE, before, test } from '../limits.mjs';
import { afterwards } from './absence.mjs';
import { ENGINES } from './engines.mjs';
import { Book, Host } from './nginx.mjs';

const MAX_REQUESTS = 16;
const MAX_PAGE = 25_000;
const MAX_MODULE = 90_800;
const PAGE = ['/', '/app.js', '/worker.js'];
const MODULE = '/pkg/bilik_bg.wasm';

let demo;
let book;
before(async () => {
  demo = await makeDemo();
  book = await Book.open();
});

/** The bytes of a file as docs/operating.md has it served: compressed beforehand, where it is not sealed or compressed already. */
async function bytesOf(site, path) {
  const bytes = await readFile(join(site, path === '/' ? 'index.html' : path));
  if (path.endsWith('.bilik')) return bytes.length;
  // A key is data, as in tests/browser/page.test.mjs.
  return brotliCompressSync(path === '/' ? bytes.toString().replace(demo.publicKey, '') : bytes).length;
}

for (const [name, start] of Object.entries(ENGINES)) {
  test(name, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());

    await t.test('each file once, few of them, and small; afterwards no network is needed', PART, async (t) => {
      const host = await Host.named('visit', book);
      await host.serve({ root: demo.site });
      const { asked, shown } = await afterwards(engine, host, demo.exact);
      assert.equal(shown, demo.exact.number);
      const all = asked.map(({ path }) => path);
      assert.deepEqual(
        asked.filter(({ status }) => status !== 200),
        [],
      );
      // WebKit under automation keeps nothing on the disk, where a service worker finds what the page has loaded, and which languages.
      const keepsNothing = name === 'webkit';
      const paths = [...new Set(all)].filter((path) => !keepsNothing || !path.startsWith('/i18n/'));
      const twice = keepsNothing ? [] : all.filter((path, at) => all.indexOf(path) < at);
      assert.deepEqual(twice, [], 'twice');
      assert.ok(paths.length <= MAX_REQUESTS, paths.join(' '));
      assert.ok(
        [...PAGE, MODULE].every((path) => paths.includes(path)),
        paths.join(' '),
      );
      /** @param {string[]} paths */
      const sum = async (paths) =>
        (await Promise.all(paths.map((path) => bytesOf(demo.site, path)))).reduce((sum, bytes) => sum + bytes, 0);
      const [page, module, whole] = await Promise.all([sum(PAGE), sum([MODULE]), sum(paths)]);
      t.diagnostic(`${paths.length} requests, ${whole} bytes: ${paths.join(' ')}`);
      assert.ok(page <= MAX_PAGE && module <= MAX_MODULE, `${page} bytes of the page, ${module} of the module`);
    });
  });
}
