/**
 * Fails where source files of one crate, or modules of the page, need each other in a circle, and where a file has more than
 * 400 lines. A parent's `mod child;` alone needs nothing of the child; `pub use child::…` does.
 */
import { posix } from 'node:path';
import { allOf, definedIn, moduleOf } from './tools/modules.mjs';
import { conclude, crates, files, read } from './tools/sources.mjs';

const MAX_LINES = 400;

/** Who needs whom, and one place that says so: `file → { other → line and name }`. @typedef {Map<string, Map<string, string>>} Needs */

/** @param {string} root @returns {Needs} */
function ofCrate(root) {
  const needs = new Map();
  for (const module of allOf(moduleOf(root))) {
    const others = new Map();
    for (const { path, at } of module.needs) {
      const other = definedIn(module, path);
      if (other && other !== module.path && !others.has(other)) others.set(other, `line ${at}, ${path.join('::')}`);
    }
    needs.set(module.path, others);
  }
  return needs;
}

/** @returns {Needs} */
function ofPage() {
  const needs = new Map();
  for (const path of files(/^www\/.*\.js$/)) {
    const others = new Map();
    for (const [, from] of read(path).matchAll(/^(?:import|export)\b[^'"]*['"](\.[^'"]+)['"]/gm)) {
      others.set(posix.join(posix.dirname(path), from), from);
    }
    needs.set(path, others);
  }
  return needs;
}

/** Strongly connected files, by Tarjan's algorithm: every one reaches every other. @param {Needs} needs */
function circles(needs) {
  const [order, low] = [new Map(), new Map()];
  /** @type {string[]} */
  const stack = [];
  /** @type {string[][]} */
  const found = [];
  const visit = (file) => {
    order.set(file, order.size);
    low.set(file, order.get(file));
    stack.push(file);
    for (const other of needs.get(file)?.keys() ?? []) {
      if (!order.has(other)) visit(other);
      if (stack.includes(other)) low.set(file, Math.min(low.get(file), low.get(other)));
    }
    if (low.get(file) !== order.get(file)) return;
    const circle = stack.splice(stack.indexOf(file));
    if (circle.length > 1) found.push(circle);
  };
  for (const file of needs.keys()) if (!order.has(file)) visit(file);
  return found;
}

/** @param {Needs} needs @param {string[]} circle */
function told(needs, circle) {
  const lines = circle.flatMap((file) =>
    [...(needs.get(file) ?? [])]
      .filter(([other]) => circle.includes(other))
      .map(([other, why]) => `    ${file} needs ${other} (${why})`),
  );
  return [`circle of ${circle.length} files:`, ...lines].join('\n');
}

const graphs = [...crates().map(({ root }) => ofCrate(root)), ofPage()];
const found = graphs.flatMap((needs) => circles(needs).map((circle) => told(needs, circle)));
for (const path of files(/\.rs$|^www\/.*\.(js|css)$|^tests\/.*\.(mjs|sh)$/)) {
  const lines = read(path).split('\n').length - 1;
  if (lines > MAX_LINES) found.push(`${path}: ${lines} lines, at most ${MAX_LINES}`);
}
conclude('circles of files, or files that are too long', found);
