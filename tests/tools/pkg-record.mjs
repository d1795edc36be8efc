// The record of what pkg/ was built from, and pkg/package.json. tests/build-pkg.sh runs it:
//
//   node pkg-record.mjs make ROOT PKG TOOL=VERSION...   writes PKG/package.json and PKG/built-from.json
//   node pkg-record.mjs page ROOT PKG [unbundled]       the same after only the page was built again
//   node pkg-record.mjs check ROOT PKG                  exits with 1 when PKG is stale
//   node pkg-record.mjs show PKG                        prints the sizes
//
// PKG is stale when one of three digests is another than in its record:
//
// - sources: over the path and the content of all that shapes the module: the manifests and sources of the root package
//   and of layered-ribbon, the build script and this file.
// - dependencies: over the crates that are compiled for wasm32. Cargo names them when PKG is built, and the record keeps
//   their names, versions and features. The digest adds what Cargo.lock says of them now: their checksums, and which of
//   each other they use. So a check needs neither the network nor the crates: as long as Cargo.toml (one of the sources)
//   and these lines of Cargo.lock are the same, Cargo would name the same crates again; and a change to a crate that only
//   the operator's machine uses makes nothing stale.
// - page: over the path and the content of www/, over its build scripts and the bundler's version.
//
// The tools' versions are there for information.

import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';

const RECORD = 'built-from.json';
/** What the module is compiled from. */
const SOURCES = ['src', 'crates/layered-ribbon/src'];
const PAGE_SOURCES = 'www';
const PAGE_MAKERS = ['tests/tools/build-app.mjs', 'tests/tools/app-words.mjs'];
const BUNDLER = 'esbuild';
const MAKERS = ['Cargo.toml', 'crates/layered-ribbon/Cargo.toml', 'tests/build-pkg.sh', 'tests/tools/pkg-record.mjs'];

const sha256 = (/** @type {string | Buffer} */ content) => createHash('sha256').update(content).digest('hex');

/** Order by bytes: the same wherever it runs, whatever the locale. */
const byBytes = (/** @type {string} */ a, /** @type {string} */ b) => Buffer.compare(Buffer.from(a), Buffer.from(b));

/**
 * The files under a folder, as paths with slashes; without what editors leave behind.
 * @param {string} folder @param {string} [path] @returns {string[]}
 */
function filesUnder(folder, path = '') {
  return readdirSync(join(folder, path), { withFileTypes: true })
    .filter(({ name }) => !name.startsWith('.') && !name.endsWith('~'))
    .flatMap((entry) => {
      const below = path ? `${path}/${entry.name}` : entry.name;
      return entry.isDirectory() ? filesUnder(folder, below) : [below];
    })
    .sort(byBytes);
}

/** @param {string} root @param {string[]} makers @param {string[]} folders @param {string} [more] */
function digestOver(root, makers, folders, more = '') {
  const sources = folders.flatMap((folder) => filesUnder(join(root, folder)).map((path) => `${folder}/${path}`));
  const lines = [...makers, ...sources].sort(byBytes).map((path) => `${sha256(readFileSync(join(root, path)))}  ${path}\n`);
  return sha256(lines.join('') + more);
}

/** @param {string} root */
const sourcesDigest = (root) => digestOver(root, MAKERS, SOURCES);

/** @param {string} root */
function pageDigest(root) {
  const { devDependencies } = JSON.parse(readFileSync(join(root, 'tests/browser/package.json'), 'utf8'));
  return digestOver(root, PAGE_MAKERS, [PAGE_SOURCES], `${BUNDLER} ${devDependencies[BUNDLER]}\n`);
}

/**
 * The crates compiled for wasm32 and on the way there, as "name version features", without the project's own.
 * @param {string} root
 */
function wasmCrates(root) {
  const tree = ['tree', '--locked', '--package', 'bilik', '--target', 'wasm32-unknown-unknown', '--edges', 'normal,build'];
  const printed = execFileSync('cargo', [...tree, '--prefix', 'none', '--format', '{p}\t{f}'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const crates = printed
    .split('\n')
    // The project's own crates come with their path.
    .filter((line) => line && !line.includes('(/'))
    .map((line) => {
      const [crate = '', features = ''] = line.split('\t');
      // After name and version come marks: "(proc-macro)", "(*)" for one already shown, the path of a local crate.
      const [name = '', version = ''] = crate.split(' ');
      return `${name} ${version.slice(1)} ${features.replace(' (*)', '')}`.trim();
    });
  return [...new Set(crates)].sort(byBytes);
}

/**
 * What Cargo.lock says of each package, by "name version".
 * @param {string} root
 */
function lockedPackages(root) {
  const lock = readFileSync(join(root, 'Cargo.lock'), 'utf8');
  const packages = lock
    .split('[[package]]')
    .slice(1)
    .map((block) => ({
      name: block.match(/^name = "(.*)"/m)?.[1] ?? '',
      version: block.match(/^version = "(.*)"/m)?.[1] ?? '',
      checksum: block.match(/^checksum = "(.*)"/m)?.[1] ?? '',
      uses: [...block.matchAll(/^ "(.*)",/gm)].map((match) => match[1] ?? ''),
    }));
  /** A dependency is written as "name", or as "name version" where there are several. */
  const full = (/** @type {string} */ use) => {
    const [name, version] = use.split(' ');
    return `${name} ${version ?? packages.find((one) => one.name === name)?.version}`;
  };
  return new Map(
    packages.map(({ name, version, checksum, uses }) => [`${name} ${version}`, { checksum, uses: uses.map(full) }]),
  );
}

/** @param {string} root @param {string[]} crates */
function dependenciesDigest(root, crates) {
  const locked = lockedPackages(root);
  const nameAndVersion = (/** @type {string} */ crate) => crate.split(' ').slice(0, 2).join(' ');
  const compiled = new Set(crates.map(nameAndVersion));
  const lines = crates.map((crate) => {
    const entry = locked.get(nameAndVersion(crate));
    const uses = (entry?.uses ?? []).filter((use) => compiled.has(use)).sort(byBytes);
    return `${crate}: ${entry ? entry.checksum : 'not in Cargo.lock'}: ${uses.join(', ')}\n`;
  });
  return sha256(lines.join(''));
}

/** @param {string} pkg */
function measuredFiles(pkg) {
  const measured = filesUnder(pkg)
    .filter((name) => name !== RECORD)
    .map((name) => {
      const content = readFileSync(join(pkg, name));
      return [name, { bytes: content.length, sha256: sha256(content), brotli: brotliCompressSync(content).length }];
    });
  return Object.fromEntries(measured);
}

const asJson = (/** @type {unknown} */ value) => `${JSON.stringify(value, null, 2)}\n`;

/** @param {string} root @param {string} pkg */
function writePackageJson(root, pkg) {
  const metadata = JSON.parse(
    execFileSync('cargo', ['metadata', '--locked', '--offline', '--no-deps', '--format-version', '1'], {
      cwd: root,
      encoding: 'utf8',
    }),
  );
  const { name, version, description, license } = metadata.packages.find((/** @type {any} */ one) => one.name === 'bilik');
  const files = filesUnder(pkg).filter((file) => !['package.json', RECORD].includes(file));
  writeFileSync(
    join(pkg, 'package.json'),
    asJson({
      name,
      version,
      description,
      license,
      type: 'module',
      main: 'bilik.js',
      types: 'bilik.d.ts',
      files: [...files, RECORD],
      sideEffects: false,
    }),
  );
}

/** @param {string} root @param {string} pkg @param {string[]} tools */
function make(root, pkg, tools) {
  writePackageJson(root, pkg);
  const crates = wasmCrates(root);
  writeFileSync(
    join(pkg, RECORD),
    asJson({
      sources: sourcesDigest(root),
      dependencies: dependenciesDigest(root, crates),
      page: pageDigest(root),
      tools: Object.fromEntries(tools.map((tool) => tool.split(/=(.*)/s).slice(0, 2))),
      files: measuredFiles(pkg),
      crates,
    }),
  );
}

/** After only the page was built; one that is not bundled is never fresh. @param {string} root @param {string} pkg @param {string} [how] */
function recordPage(root, pkg, how) {
  writePackageJson(root, pkg);
  const recorded = JSON.parse(readFileSync(join(pkg, RECORD), 'utf8'));
  const record = { ...recorded, page: how ?? pageDigest(root), files: measuredFiles(pkg) };
  writeFileSync(join(pkg, RECORD), asJson(record));
}

/** Whether PKG is what a build from ROOT would give; says what is wrong. @param {string} root @param {string} pkg */
function check(root, pkg) {
  const path = join(pkg, RECORD);
  const fix = 'Fix: run tests/build-pkg.sh, then commit pkg/.';
  if (!existsSync(path)) {
    console.error(`pkg: there is no ${path}, so the module was never built.\n${fix}`);
    return false;
  }
  const recorded = JSON.parse(readFileSync(path, 'utf8'));
  const wrong = [];
  const differs = (/** @type {string} */ what, /** @type {string} */ why, /** @type {string} */ now) => {
    if (recorded[what] !== now) {
      wrong.push(`- ${what}: ${why}\n  recorded ${recorded[what]}\n  now      ${now}`);
    }
  };
  differs('sources', 'Cargo.toml, src/, crates/layered-ribbon or the build script changed', sourcesDigest(root));
  differs('dependencies', 'Cargo.lock has other crates for wasm32', dependenciesDigest(root, recorded.crates ?? []));
  differs('page', 'www/, its build script or the bundler changed', pageDigest(root));
  const present = measuredFiles(pkg);
  const names = [...new Set([...Object.keys(recorded.files), ...Object.keys(present)])].sort(byBytes);
  for (const name of names) {
    if (recorded.files[name]?.sha256 !== present[name]?.sha256) {
      wrong.push(
        `- ${name}: ${!present[name] ? 'is missing' : !recorded.files[name] ? 'is not in the record' : 'is not the file that was built'}`,
      );
    }
  }
  if (wrong.length === 0) {
    console.log('pkg: fresh');
    return true;
  }
  console.error(`pkg: stale, it differs from what it was built from:\n${wrong.join('\n')}\n${fix}`);
  return false;
}

/** @param {string} pkg */
function show(pkg) {
  const { files } = JSON.parse(readFileSync(join(pkg, RECORD), 'utf8'));
  for (const [name, { bytes, brotli }] of Object.entries(files)) {
    console.log(`${name}: ${bytes} bytes, ${brotli} with brotli`);
  }
}

const [command, ...rest] = process.argv.slice(2);
if (command === 'make') {
  const [root = '', pkg = '', ...tools] = rest;
  make(root, pkg, tools);
} else if (command === 'page') {
  const [root = '', pkg = '', how] = rest;
  recordPage(root, pkg, how);
} else if (command === 'check') {
  const [root = '', pkg = ''] = rest;
  process.exitCode = check(root, pkg) ? 0 : 1;
} else if (command === 'show') {
  show(rest[0] ?? '');
} else {
  console.error('usage: pkg-record.mjs make ROOT PKG TOOL=VERSION... | page ROOT PKG [unbundled] | check ROOT PKG | show PKG');
  process.exitCode = 2;
}
