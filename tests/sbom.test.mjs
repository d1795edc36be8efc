/**
 * The bill of materials of a release: it is CycloneDX 1.5, has what cargo compiles for the product and what the page carries, and nothing
 * that only tests use.
 *
 *   node --test tests/sbom.test.mjs
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync, readdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { test } from './limits.mjs';
import { ROOT } from './tools/sources.mjs';

const { Spec, Validation } = createRequire(join(ROOT, 'tests/browser/package.json'))('@cyclonedx/cyclonedx-library');
const TARGET = 'x86_64-unknown-linux-gnu';
const OWN = /^pkg:cargo\/(bilik|bilik-cli|bilik-publish|layered-ribbon)@/;

/** @param {string} command @param {string[]} args */
const run = (command, ...args) => execFileSync(command, args, { cwd: ROOT, maxBuffer: 1 << 26 }).toString();
const text = run('node', 'tests/tools/sbom.mjs', TARGET);
const bill = JSON.parse(text);
/** @type {Map<string, any>} */
const components = new Map(bill.components.map((/** @type {any} */ one) => [one['bom-ref'], one]));

test('it is valid by the schema of CycloneDX, and the schema can tell', async () => {
  const validator = new Validation.JsonStrictValidator(Spec.Version.v1dot5);
  assert.equal(await validator.validate(text), null);
  assert.notEqual(await validator.validate(text.replace('"application"', '"programme"')), null);
  assert.match(bill.serialNumber, /^urn:uuid:/);
});

test('the same source makes the same bytes', () => {
  assert.equal(run('node', 'tests/tools/sbom.mjs', TARGET), text);
});

test('it has every crate that docs/dependencies.md gives a reason for in a product, and none of those for tests', () => {
  const sections = readFileSync(join(ROOT, 'docs/dependencies.md'), 'utf8').split(/^## /m);
  /** @param {string} title */
  const crates = (title) => {
    const section = sections.find((section) => section.startsWith(`${title}\n`)) ?? '';
    const found = [...section.matchAll(/^\| `(.*)` (\S+) \|/gm)].map(([, name, version]) => `pkg:cargo/${name}@${version}`);
    assert.ok(found.length > 3, title);
    return found;
  };
  const wanted = [...crates('In the module for the browser'), ...crates('In the program')];
  assert.deepEqual(
    wanted.filter((ref) => !components.has(ref)),
    [],
  );
  const own = bill.dependencies.filter(({ ref }) => OWN.test(ref)).flatMap(({ dependsOn = [] }) => dependsOn);
  assert.deepEqual(
    crates('In tests and benchmarks').filter((ref) => own.includes(ref) && !wanted.includes(ref)),
    [],
  );
});

test('its crates are those that cargo compiles for the program and the module', () => {
  /** @param {string} crate @param {string} target */
  const tree = (crate, target) =>
    run('cargo', 'tree', '--locked', '-p', crate, '--target', target, '-e', 'normal,build', '--prefix', 'none', '-f', '{p}')
      .split('\n')
      .flatMap((line) => {
        const [, name, version] = /^(\S+) v(\S+)/.exec(line) ?? [];
        return name ? [`pkg:cargo/${name}@${version}`] : [];
      });
  const compiled = new Set([...tree('bilik-cli', TARGET), ...tree('bilik', 'wasm32-unknown-unknown')]);
  const listed = [...components.keys()].filter((ref) => ref.startsWith('pkg:cargo/'));
  assert.deepEqual(listed.sort(), [...compiled].sort());
});

test('it has each package of npm whose licence the app carries, and no other', () => {
  const app = join(ROOT, 'pkg/app');
  const parts = readdirSync(app, { recursive: true }).map(String);
  const carried = parts
    .filter((path) => /\.(js|html)$/.test(path))
    .flatMap((path) => [...readFileSync(join(app, path), 'utf8').matchAll(/\/\* ([a-z0-9-]+)\n/g)].map(([, name]) => name));
  const listed = bill.components.flatMap(({ purl, name }) => (purl?.startsWith('pkg:npm/') ? [name] : []));
  assert.deepEqual(listed.sort(), [...new Set(carried)].sort());
  assert.ok(listed.includes('lean-qr'));
});

test('each part has a licence and a digest, but for our own crates', () => {
  for (const [ref, { type, licenses, hashes }] of components) {
    assert.ok(type === 'file' || licenses?.length === 1, ref);
    assert.equal(hashes?.length === 1, !OWN.test(ref), ref);
  }
  const wasm = createHash('sha256')
    .update(readFileSync(join(ROOT, 'pkg/bilik_bg.wasm')))
    .digest('hex');
  assert.equal(components.get('pkg/bilik_bg.wasm').hashes[0].content, wasm);
});

test('every part is reached from the product', () => {
  const edges = new Map(bill.dependencies.map(({ ref, dependsOn = [] }) => [ref, dependsOn]));
  const seen = new Set();
  const queue = [bill.metadata.component['bom-ref']];
  for (let ref = queue.pop(); ref; ref = queue.pop()) {
    if (seen.has(ref)) continue;
    seen.add(ref);
    queue.push(...(edges.get(ref) ?? []));
  }
  assert.deepEqual(
    [...components.keys()].filter((ref) => !seen.has(ref)),
    [],
  );
  assert.deepEqual(
    [...seen].filter((ref) => !components.has(ref) && ref !== bill.metadata.component['bom-ref']),
    [],
  );
});
