/**
 * The bill of materials of a release, in CycloneDX 1.5: the crates of the program and of the module, and the packages in the page.
 *
 *   node tests/tools/sbom.mjs [TARGET] >bilik.cdx.json     TARGET: that of the program; x86_64-unknown-linux-gnu by default
 *
 * The same source makes the same bytes. Crates come from `cargo metadata`, with their checksums in Cargo.lock; packages of npm are
 * those that www/ imports, with their integrity in the lock file. What only tests and benchmarks use is not in it.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ROOT, files, read } from './sources.mjs';

const { Enums, Models, Serialize, Spec } = createRequire(join(ROOT, 'tests/browser/package.json'))(
  '@cyclonedx/cyclonedx-library',
);

const PROGRAM = 'bilik-cli';
const MODULE = 'bilik';
const MODULE_FILE = 'pkg/bilik_bg.wasm';
const WASM = 'wasm32-unknown-unknown';

/** @param {string} target */
const metadata = (target) =>
  JSON.parse(
    execFileSync('cargo', ['metadata', '--locked', '--quiet', '--format-version', '1', '--filter-platform', target], {
      cwd: ROOT,
      maxBuffer: 1 << 28,
    }).toString(),
  );

/**
 * The crates that are compiled for one, which are fewer than the workspace's features ask for.
 * @param {string} root
 * @param {string} target
 */
function compiledFor(root, target) {
  const args = ['tree', '--locked', '-p', root, '--target', target, '-e', 'normal,build', '--prefix', 'none', '-f', '{p}'];
  const lines = execFileSync('cargo', args, { cwd: ROOT, maxBuffer: 1 << 26 })
    .toString()
    .split('\n');
  return new Set(lines.map((line) => line.replace(/^(\S+) v(\S+).*$/, '$1@$2')));
}

/** The checksum of each crate in Cargo.lock, by name and version. */
function checksums() {
  const found = new Map();
  for (const [, name, version, checksum] of read('Cargo.lock').matchAll(
    /^name = "(.*)"\nversion = "(.*)"\nsource = ".*"\nchecksum = "(.*)"$/gm,
  )) {
    found.set(`${name}@${version}`, checksum);
  }
  return found;
}

/** Cargo still takes the slash of old manifests for an OR. @param {string} licence */
const expression = (licence) => new Models.LicenseExpression(licence.replaceAll('/', ' OR '));

/** @param {string} name of the algorithm @param {string} hex */
const hashes = (name, hex) => new Models.HashDictionary([[name, hex]]);

/** @type {Map<string, any>} */
const components = new Map();

/** Adds a crate and what is compiled for it. @param {string} root its name @param {string} target */
function addCrates(root, target) {
  const graph = metadata(target);
  const packages = new Map(graph.packages.map((one) => [one.id, one]));
  const nodes = new Map(graph.resolve.nodes.map((node) => [node.id, node]));
  const sums = checksums();
  const compiled = compiledFor(root, target);
  const isCompiled = (id) => compiled.has(`${packages.get(id).name}@${packages.get(id).version}`);
  const add = (id) => {
    const { name, version, license, description, repository, source } = packages.get(id);
    const purl = `pkg:cargo/${name}@${version}`;
    const isNew = !components.has(purl);
    const component =
      components.get(purl) ?? new Models.Component(Enums.ComponentType.Library, name, { version, purl, bomRef: purl });
    components.set(purl, component);
    if (!isNew && component.targets.has(target)) return component;
    component.targets = (component.targets ?? new Set()).add(target);
    if (isNew) {
      component.description = description?.replace(/\s+/g, ' ').trim();
      if (license) component.licenses.add(expression(license));
      if (source) component.hashes = hashes(Enums.HashAlgorithm['SHA-256'], sums.get(`${name}@${version}`));
      if (repository)
        component.externalReferences.add(new Models.ExternalReference(repository, Enums.ExternalReferenceType.VCS));
    }
    for (const { pkg, dep_kinds } of nodes.get(id).deps)
      if (isCompiled(pkg) && dep_kinds.some(({ kind }) => kind !== 'dev')) component.dependencies.add(add(pkg).bomRef);
    return component;
  };
  return add(graph.workspace_members.find((id) => packages.get(id).name === root));
}

/** The packages that scripts of the page import by their names. */
function addPackages() {
  const bare = /^\s*(?:import|export)\b[^'"]*?from '([^./'][^']*)'/gm;
  const names = files(/^www\/.*\.js$/).flatMap((path) => [...read(path).matchAll(bare)].map(([, name]) => name));
  const lock = JSON.parse(read('tests/browser/package-lock.json')).packages;
  return [...new Set(names)].sort().map((name) => {
    const { version, license, integrity } = lock[`node_modules/${name}`];
    const purl = `pkg:npm/${name}@${version}`;
    const [, sum] = /^sha512-(.*)$/.exec(integrity) ?? [];
    const component = new Models.Component(Enums.ComponentType.Library, name, {
      version,
      purl,
      bomRef: purl,
      hashes: hashes(Enums.HashAlgorithm['SHA-512'], Buffer.from(sum, 'base64').toString('hex')),
    });
    component.licenses.add(expression(license));
    components.set(purl, component);
    return component;
  });
}

function bill(target) {
  const [, version] = /^\[workspace\.package\]\nversion = "(.*)"$/m.exec(read('Cargo.toml')) ?? [];
  const product = new Models.Component(Enums.ComponentType.Application, 'bilik', { version, bomRef: `bilik@${version}` });
  product.description = 'A lookup of polling stations without a lookup server: the program, the module and the page';
  product.licenses.add(expression('MIT OR Apache-2.0'));
  const program = addCrates(PROGRAM, target);
  const core = addCrates(MODULE, WASM);
  const module = new Models.Component(Enums.ComponentType.File, MODULE_FILE, {
    version,
    bomRef: MODULE_FILE,
    hashes: hashes(
      Enums.HashAlgorithm['SHA-256'],
      createHash('sha256')
        .update(readFileSync(join(ROOT, MODULE_FILE)))
        .digest('hex'),
    ),
  });
  components.set(MODULE_FILE, module);
  module.dependencies.add(core.bomRef);
  for (const one of [program, module, ...addPackages()]) product.dependencies.add(one.bomRef);
  const made = new Models.Bom({ components: new Models.ComponentRepository(components.values()) });
  made.metadata.component = product;
  made.metadata.properties.add(new Models.Property('bilik:target', target));
  made.metadata.tools.components.add(
    new Models.Component(Enums.ComponentType.Application, 'tests/tools/sbom.mjs', { version }),
  );
  // When the source was, and not when this ran.
  made.metadata.timestamp = new Date(execFileSync('git', ['log', '-1', '--format=%cI'], { cwd: ROOT }).toString().trim());
  return made;
}

/** A number for these very contents (RFC 9562, version 8). @param {string} text */
function serialNumber(text) {
  const hex = createHash('sha256').update(text).digest('hex');
  const [, a, b, c, d, e] = /^(.{8})(.{4}).(.{3}).(.{3})(.{12})/.exec(hex) ?? [];
  return `urn:uuid:${a}-${b}-8${c}-8${d}-${e}`;
}

const serializer = new Serialize.JsonSerializer(new Serialize.JSON.Normalize.Factory(Spec.Spec1dot5));
/** @param {any} bill */
const written = (bill) => serializer.serialize(bill, { sortLists: true, space: 2 });
const made = bill(process.argv[2] ?? 'x86_64-unknown-linux-gnu');
made.serialNumber = serialNumber(written(made));
process.stdout.write(`${written(made)}\n`);
