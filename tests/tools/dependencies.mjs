/**
 * Every direct dependency of the workspace with its reason and weight, as the tables of docs/dependencies.md.
 *
 *   node tests/tools/dependencies.mjs            prints the document
 *   node tests/tools/dependencies.mjs --check    fails where docs/dependencies.md says something else
 *
 * The reason is the comment above the line in a Cargo.toml. The weight is the number of crates that are compiled for it on
 * Linux, and how many of them nothing else needs.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';

const root = resolve(import.meta.dirname, '../..');
const DOCUMENT = join(root, 'docs/dependencies.md');

/** What the tables stand for, in the order of the document; a dependency is in the first that it fits. */
const TABLES = [
  [
    'wasm',
    'In the module for the browser',
    'A voter downloads these, so each is weighed in bytes ([by parts](performance.md)).',
  ],
  ['program', 'In the program', 'An operator runs these.'],
  ['optional', 'In the program, if it was built with a feature', 'Off by default.'],
  ['dev', 'In tests and benchmarks', 'In no product.'],
];

/** @param {string} target */
const metadata = (target) =>
  JSON.parse(
    execFileSync(
      'cargo',
      ['metadata', '--locked', '--quiet', '--all-features', '--format-version', '1', '--filter-platform', target],
      {
        cwd: root,
        maxBuffer: 1 << 28,
      },
    ).toString(),
  );

/** The comments above the dependencies of a manifest, by name. @param {string} path */
function reasonsIn(path) {
  const reasons = new Map();
  let comment = [];
  for (const line of readFileSync(path, 'utf8').split('\n')) {
    const [, words] = /^# (.*)$/.exec(line) ?? [];
    const [, name] = /^([\w-]+)(?:\.workspace)? = /.exec(line) ?? [];
    if (words) comment.push(words);
    else {
      if (name && comment.length > 0) reasons.set(name, comment.join(' '));
      comment = [];
    }
  }
  return reasons;
}

/** The crates that are compiled for one, itself included. @param {Map<string, any>} nodes @param {string[]} from */
function closure(nodes, from) {
  const seen = new Set();
  const queue = [...from];
  for (let id = queue.pop(); id; id = queue.pop()) {
    if (seen.has(id)) continue;
    seen.add(id);
    for (const { pkg, dep_kinds } of nodes.get(id)?.deps ?? [])
      if (dep_kinds.some(({ kind }) => kind !== 'dev')) queue.push(pkg);
  }
  return seen;
}

/** @param {any} graph */
function directDependencies(graph) {
  const nodes = new Map(graph.resolve.nodes.map((node) => [node.id, node]));
  const packages = new Map(graph.packages.map((one) => [one.id, one]));
  const workspace = reasonsIn(join(root, 'Cargo.toml'));
  const found = new Map();
  for (const member of graph.workspace_members) {
    const own = packages.get(member);
    const reasons = reasonsIn(own.manifest_path);
    for (const { pkg, dep_kinds } of nodes.get(member).deps) {
      const { name, version } = packages.get(pkg);
      if (graph.workspace_members.includes(pkg)) continue;
      const declared = own.dependencies.filter((one) => one.name === name);
      const isDev = own.name === 'bilik-testkit' || dep_kinds.every(({ kind }) => kind === 'dev');
      const one = found.get(pkg) ?? {
        id: pkg,
        name,
        version,
        users: new Set(),
        reasons: new Set(),
        isDev: true,
        isOptional: true,
      };
      one.users.add(relative(root, own.manifest_path).replace(/\/?Cargo\.toml$/, '') || '.');
      one.isDev &&= isDev;
      one.isOptional &&= declared.some(({ optional }) => optional) || isDev;
      const reason = reasons.get(name) ?? workspace.get(name);
      if (reason) one.reasons.add(reason);
      found.set(pkg, one);
    }
  }
  return { nodes, dependencies: [...found.values()] };
}

const linux = directDependencies(metadata('x86_64-unknown-linux-gnu'));
const wasm = directDependencies(metadata('wasm32-unknown-unknown'));
const core = wasm.nodes.get(
  [...wasm.nodes.keys()].find((id) => /(?:#|\/)bilik(?:#|@)?[\d.]+$/.test(id) && !id.includes('crates')),
);
const ribbon = [...wasm.nodes.keys()].find((id) => id.includes('layered-ribbon'));
const inModule = new Set(
  [core, wasm.nodes.get(ribbon)].flatMap(({ deps }) =>
    deps.filter(({ dep_kinds }) => dep_kinds.some(({ kind }) => kind !== 'dev')).map(({ pkg }) => pkg),
  ),
);
/** Of what only the browser has, the graph for Linux has nothing. */
const all = [...linux.dependencies, ...wasm.dependencies.filter(({ id }) => !linux.dependencies.some((one) => one.id === id))];
const missing = all.filter(({ reasons }) => reasons.size === 0).map(({ name, users }) => `${name} (${[...users].join(', ')})`);
if (missing.length > 0) {
  console.error(`Without a reason, which is a comment above the line in Cargo.toml:\n  ${missing.join('\n  ')}`);
  process.exit(1);
}

/** @param {any} one */
const tableOf = (one) => (one.isDev ? 'dev' : one.isOptional ? 'optional' : inModule.has(one.id) ? 'wasm' : 'program');

const rows = (table) => {
  const mine = all.filter((one) => tableOf(one) === table).sort((a, b) => (a.name < b.name ? -1 : 1));
  const { nodes } = table === 'wasm' ? wasm : linux;
  // Nothing else: no other direct dependency of this table or one above it.
  const rivals = all.filter(
    (one) => TABLES.findIndex(([name]) => name === tableOf(one)) <= TABLES.findIndex(([name]) => name === table),
  );
  return mine.map(({ id, name, version, reasons }) => {
    const brought = closure(nodes, [id]);
    const others = closure(
      nodes,
      rivals.map((one) => one.id).filter((other) => other !== id),
    );
    const alone = [...brought].filter((crate) => !others.has(crate)).length;
    return `| \`${name}\` ${version} | ${[...reasons][0]} | ${brought.size} | ${alone} |`;
  });
};

const document = `# Dependencies

Every direct dependency with its reason and its weight: the crates that are compiled for it, itself included, and how many of them no
other direct dependency of the same product needs. \`node tests/tools/dependencies.mjs\` writes this document; the reasons are the
comments in each \`Cargo.toml\`. [\`deny.toml\`](../deny.toml) says which licences and sources they may have.

${TABLES.map(([key, title, text]) => `## ${title}\n\n${text}\n\n| crate | reason | crates | of these only for it |\n|---|---|---|---|\n${rows(key).join('\n')}\n`).join('\n')}`;

if (process.argv[2] !== '--check') process.stdout.write(document);
else if (readFileSync(DOCUMENT, 'utf8') !== document) {
  console.error(
    'docs/dependencies.md is not what the manifests say; run: node tests/tools/dependencies.mjs >docs/dependencies.md',
  );
  process.exit(1);
}
