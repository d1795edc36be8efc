/**
 * What one complete first visit asks of a site, from the first byte to the last: what the page loads before the first answer,
 * the data of that answer, and what the service worker then fetches to keep the app: of the browser's own cache it takes what the
 * page has loaded. Follows the page's own links and imports, so that it cannot fall behind it. Compared once with the access log of
 * an nginx that Chromium visited: the same files, each as often.
 *
 *   node tests/capacity/visit.mjs SITE      JSON: [{ kind, path, bytes }, …]
 *   kind: page, module (both before the answer), data, kept (by the service worker alone)
 *   Text counts as it is stored beside the file in brotli (*.br); all else as it is.
 */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const [site] = process.argv.slice(2);
const is = (path) => existsSync(join(site, path));
const read = (path) => readFileSync(join(site, path), 'utf8');
const size = (path) => statSync(join(site, is(`${path}.br`) ? `${path}.br` : path)).size;

/** @type {Set<string>} */
const loaded = new Set();
function load(path) {
  if (!is(path) || loaded.has(path)) return;
  loaded.add(path);
  if (!path.endsWith('.js')) return;
  // What is imported at once; what is imported by a call is loaded when somebody needs it.
  for (const [, link] of read(path).matchAll(/(?:\bfrom|\bimport)\s*['"](\.[^'"]+)['"]/g))
    load(normalize(join(dirname(path), link)));
}
load('index.html');
// Icons for a home screen are fetched when somebody installs the page, other pages when somebody goes there.
for (const [tag, link] of read('index.html').matchAll(/<(?:link|script|img)\b[^>]*?(?:href|src)="([^"#?:]+)"/g)) {
  if (!/rel="(manifest|apple-touch-icon)"/.test(tag)) load(normalize(link));
}
for (const path of ['worker.js', 'pkg/bilik_bg.wasm', 'later.js', 'sw.js']) load(path);

// Other languages are kept when somebody has chosen them.
const kept = Object.keys(JSON.parse(read('site.json')).files).filter((path) => !path.startsWith('i18n/'));

const files = (folder) =>
  readdirSync(join(site, folder))
    .map((name) => `${folder}/${name}`)
    .filter((path) => path.endsWith('.bilik'));
/** One district has two tables: the one by full is the shorter. */
const [full] = files('t').sort((a, b) => size(a) - size(b));
const longest = (folder) => files(folder).sort((a, b) => size(b) - size(a))[0];
// The head is asked of two mirrors at once.
const data = ['head.bilik', 'head.bilik', longest('m'), longest('d'), full, longest('s')];

const of = (kind, paths) => paths.map((path) => ({ kind, path, bytes: size(path) }));
const isModule = (path) => path.startsWith('pkg/');
console.log(
  JSON.stringify([
    ...of(
      'page',
      [...loaded].filter((path) => !isModule(path)),
    ),
    ...of('module', [...loaded].filter(isModule)),
    ...of('data', data),
    ...of(
      'kept',
      kept.filter((path) => !loaded.has(path)),
    ),
  ]),
);
