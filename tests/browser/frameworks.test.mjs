/**
 * The npm package as other people use it: packed, installed by npm, checked by TypeScript, built by Vite, and a voter looked up in a
 * browser, by the apps of examples/. It needs a registry for React, Vue and Vite.
 */
import assert from 'node:assert/strict';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { WHOLE, before, test } from '../limits.mjs';
import { frameOf, listen, originOf, state, trouble } from './embed-stage.mjs';
import { ROOT, ask, later, makeDemo, open, run, serve } from './stage.mjs';

const EXAMPLES = ['react-vite', 'vue-vite', 'plain'];
const NPM = ['install', '--no-package-lock', '--no-audit', '--no-fund', '--ignore-scripts', '--silent'];

let demo;
let site;
let folder;
let tarball;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bilik-npm-'));
  later(() => rm(folder, { recursive: true, force: true }));
  await run(join(ROOT, 'tests/build-npm.sh'), [folder]);
  tarball = join(folder, 'bilik.tgz');
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** An example with the package that was just built, and all else that it names. */
async function installed(name) {
  const app = join(folder, name);
  await cp(join(ROOT, 'examples', name), app, { recursive: true, filter: (path) => !path.includes('node_modules') });
  const manifest = JSON.parse(await readFile(join(app, 'package.json'), 'utf8'));
  manifest.dependencies.bilik = `file:${tarball}`;
  await writeFile(join(app, 'package.json'), JSON.stringify(manifest));
  await run('npm', NPM, { cwd: app });
  return app;
}

/** By Vite, with this site in its environment. */
async function built(app) {
  await writeFile(join(app, '.env'), `VITE_SITE=${site.url}\nVITE_PUBLIC_KEY=${demo.publicKey}\n`);
  await run('npx', ['--no-install', 'vite', 'build', '--logLevel', 'warn'], { cwd: app });
  return join(app, 'dist');
}

const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.wasm': 'application/wasm' };

/** Serves a folder under that policy. */
function hosted(root, policy, alter = (body) => body) {
  return listen(async ({ url }, response) => {
    const path = new URL(url, 'http://x').pathname;
    const body = await readFile(join(root, path === '/' ? 'index.html' : path)).catch(() => undefined);
    if (!body) return response.writeHead(404).end();
    response.setHeader('content-type', TYPES[extname(path) || '.html'] ?? 'application/octet-stream');
    if (policy) response.setHeader('content-security-policy', policy);
    response.end(path === '/' ? alter(body.toString()) : body);
  });
}

/** Somebody looks a voter up in that app, which follows a theme that it changes. */
async function lookUp(url, change) {
  const page = await open(url, { viewport: { width: 700, height: 1200 } });
  await state(page, 'ready');
  await page.getByText('Pencarian: siap').waitFor();
  const answer = await ask(frameOf(page), demo.exact, 'found');
  assert.match(await answer.innerText(), new RegExp(demo.exact.place));
  await change?.(page);
  assert.deepEqual(trouble(page), []);
  return page;
}

const turnDark = async (page) => {
  await page.getByRole('button', { name: 'Ganti tema' }).click();
  await frameOf(page).locator('html[style*="dark"]').waitFor({ state: 'attached' });
  await frameOf(page).locator('[data-outcome=found]').waitFor();
};

test('the package holds what its list says and nothing else, and nothing of the machine that built it', async () => {
  const listed = (await run('tar', ['-tzf', tarball]))
    .trim()
    .split('\n')
    .map((path) => path.replace(/^package\//, ''))
    .sort();
  const { files, version, exports, sideEffects } = JSON.parse(await readFile(join(folder, 'bilik/package.json'), 'utf8'));
  assert.deepEqual(listed, [...files, 'README.md', 'package.json'].sort());
  assert.match(await readFile(join(ROOT, 'Cargo.toml'), 'utf8'), new RegExp(`^version = "${version}"$`, 'm'));
  const targets = Object.values(exports).flatMap((to) => (typeof to === 'string' ? [to] : Object.values(to)));
  for (const target of [...targets, ...sideEffects]) assert.ok(listed.includes(target.replace('./', '')), target);
  for (const path of listed) {
    const text = await readFile(join(folder, 'bilik', path), 'latin1');
    assert.ok(![ROOT, folder, tmpdir()].some((place) => text.includes(`${place}/`)), `${path} names a folder of this machine`);
  }
});

test('on a server every entry can be imported, and registers nothing', async () => {
  const app = await installed('plain');
  const script = `for (const entry of ['bilik', 'bilik/element', 'bilik/client']) await import(entry);`;
  await run(process.execPath, ['--input-type=module', '-e', script], { cwd: app });
});

test('React with TypeScript: it compiles, builds and finds a voter; without the types it does not compile', WHOLE, async () => {
  const app = await installed('react-vite');
  const tsc = () => run('npx', ['--no-install', 'tsc'], { cwd: app });
  await tsc();
  const main = join(app, 'src/main.tsx');
  const source = await readFile(main, 'utf8');
  await writeFile(main, source.replace("import type {} from 'bilik/react';", ''));
  await assert.rejects(tsc, /Property 'bilik-lookup' does not exist on type 'JSX\.IntrinsicElements'/);
  const wrong = '<bilik-lookup theme="blue" />';
  await writeFile(main, `${source}\nexport const wrong = ${wrong};\n`);
  await assert.rejects(tsc, (error) => /TS2322|TS2741/.test(error.message), 'a theme that is none, and no mirrors');
  await writeFile(main, source);
  await lookUp(await hosted(await built(app)), turnDark);
});

test('the same types with those of React 18', WHOLE, async () => {
  const app = join(folder, 'react-18');
  await cp(join(ROOT, 'examples/react-vite/src'), join(app, 'src'), { recursive: true });
  const options = { ...JSON.parse(await readFile(join(ROOT, 'examples/react-vite/tsconfig.json'), 'utf8')).compilerOptions };
  await writeFile(join(app, 'tsconfig.json'), JSON.stringify({ compilerOptions: { ...options, types: [] }, include: ['src'] }));
  // Vite's own types are not installed here.
  await writeFile(join(app, 'src/env.d.ts'), 'interface ImportMeta { env: Record<string, string> }\n');
  const packages = { bilik: `file:${tarball}`, '@types/react': '^18.3.0', '@types/react-dom': '^18.3.0' };
  await writeFile(join(app, 'package.json'), JSON.stringify({ private: true, type: 'module', devDependencies: packages }));
  await run('npm', NPM, { cwd: app });
  await run(join(ROOT, 'tests/browser/node_modules/.bin/tsc'), ['-p', app]);
});

test('Vue: it builds, finds a voter, hears the events, and lists villages by the client in the bundle', WHOLE, async () => {
  const app = await installed('vue-vite');
  const page = await lookUp(await hosted(await built(app)), turnDark);
  const { place } = demo.near;
  await page.getByLabel('Kelurahan/desa').fill(place.replace(/^(Desa|Kelurahan) /, ''));
  await page.getByRole('button', { name: 'Cari', exact: true }).click();
  await page.locator('main > form li').first().waitFor();
  // The types of the templates, which need no compiler of Vue's own.
  const types = join(app, 'types.ts');
  await writeFile(
    types,
    `import type {} from 'bilik/vue';\nimport type { GlobalComponents } from 'vue';\n
    type Props = InstanceType<GlobalComponents['bilik-lookup']>['$props'];
    export const right: Props = { mirrors: 'https://pemilu.example/', theme: 'dark' };
    // @ts-expect-error: no such theme
    export const wrong: Props = { mirrors: 'https://pemilu.example/', theme: 'blue' };\n`,
  );
  const how = ['--noEmit', '--strict', '--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2022'];
  await run(join(ROOT, 'tests/browser/node_modules/.bin/tsc'), [...how, '--skipLibCheck', types], { cwd: app });
});

test('a plain page: it finds a voter under a policy, and a package that is told of no site shows the fallback', async () => {
  const app = join(folder, 'plain');
  const policy = `default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; frame-src ${originOf(site.url)}`;
  const here = (text) => text.replaceAll('http://127.0.0.1:8080/', site.url);
  await lookUp(await hosted(app, policy, here));
  const untold = await open(await hosted(app, policy, (text) => text.replace(/ mirrors="[^"]*"/, '')));
  await state(untold, 'failed');
  assert.equal(await untold.locator('bilik-lookup a').isVisible(), true);
});

test('no example names a registry or a place on some machine', async () => {
  for (const name of [...EXAMPLES, 'npm']) {
    const text = await readFile(join(ROOT, 'examples', name, 'package.json'), 'utf8');
    assert.doesNotMatch(text, /resolved|registry|\/(home|root|tmp)\//);
  }
});
