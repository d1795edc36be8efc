/**
 * Builds the npm package: the element and the client from www/, unminified (a bundler does that), the module and its worker from
 * pkg/, and what is written for the package alone from examples/npm/. tests/build-npm.sh runs it.
 *
 *   node build-npm.mjs ROOT OUT
 */
import { copyFile, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, resolve } from 'node:path';

const [root, out] = process.argv.slice(2).map((path) => resolve(path));
const own = join(root, 'examples/npm');
const esbuild = createRequire(join(root, 'tests/browser/package.json'))('esbuild');
const { files, ...manifest } = JSON.parse(await readFile(join(own, 'package.json'), 'utf8'));
const version = /^version = "(.*)"$/m.exec(await readFile(join(root, 'Cargo.toml'), 'utf8'))?.[1];

/** Files of the package that are made elsewhere; all others lie in examples/npm/. */
const COPIED = {
  'worker.js': 'pkg/app/worker.js',
  'on-page.js': 'pkg/app/on-page.js',
  'pkg/bilik.js': 'pkg/bilik.js',
  'pkg/bilik.d.ts': 'pkg/bilik.d.ts',
  'pkg/bilik_bg.wasm': 'pkg/bilik_bg.wasm',
  'element.d.ts': 'www/element.d.ts',
  'custom-elements.json': 'www/custom-elements.json',
  'LICENSE-MIT': 'LICENSE-MIT',
  'LICENSE-APACHE': 'LICENSE-APACHE',
};

/** The element comes from no site and registers nothing; on a server there is nothing to extend. */
const ELEMENT = {
  define: { 'import.meta.url': '"package://bilik/#class"', HTMLElement: 'ElementBase' },
  inject: [join(own, 'base.js')],
};
/** The client's files lie beside it, where a bundler sees them; on a server it can be imported, too. */
const CLIENT = {
  define: { navigator: 'browserNavigator' },
  inject: [join(own, 'navigator.js')],
  plugins: [
    {
      name: 'assets',
      setup: (build) => build.onResolve({ filter: /\/assets\.js$/ }, () => ({ path: join(own, 'assets.js') })),
    },
  ],
};

/** @param {string} path @param {object} options */
async function bundled(path, options) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(root, 'www', path)],
    bundle: true,
    write: false,
    format: 'esm',
    charset: 'utf8',
    target: 'es2022',
    logLevel: 'warning',
    ...options,
  });
  // Addresses that are known when it runs are nothing for a bundler to follow.
  const quiet = outputFiles[0].text.replace(/\bimport\(/g, 'import(/* @vite-ignore */ /* webpackIgnore: true */ ');
  // Where a file stands on the machine that builds is nobody's business.
  return quiet.replace(/^\/\/ .*\.js\n/gm, '');
}

await rm(out, { recursive: true, force: true });
const made = { 'element.js': await bundled('element.js', ELEMENT), 'client.js': await bundled('client.js', CLIENT) };
for (const path of [...files, 'README.md']) {
  const at = join(out, path);
  await mkdir(dirname(at), { recursive: true });
  if (made[path]) await writeFile(at, made[path]);
  else await copyFile(path in COPIED ? join(root, COPIED[path]) : join(own, path), at);
}
const { name, ...rest } = manifest;
await writeFile(join(out, 'package.json'), `${JSON.stringify({ name, version, ...rest, files }, null, 2)}\n`);
