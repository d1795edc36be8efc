/**
 * Which source file of a crate needs a name that another one defines. Reads `use`, and paths in the code; a name that is
 * re-exported is followed to the file that defines it. rustfmt's layout is taken for granted: items begin a line.
 *
 * @typedef {object} Module
 * @property {string} path its file
 * @property {Module | undefined} parent
 * @property {Map<string, Module>} children by `mod NAME;`
 * @property {Set<string>} defined
 * @property {Map<string, { from: string[], isPublic: boolean }>} aliases what `use` makes of names
 * @property {string[][]} globs paths of `use …::*`
 * @property {{ path: string[], at: number }[]} needs
 */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ROOT, lineOf, read, withoutTests } from './sources.mjs';

const VISIBLE = String.raw`(?:pub(?:\([^)]*\))?\s+)?`;
const ITEM = new RegExp(
  String.raw`^${VISIBLE}(?:(?:const|async|unsafe|extern)\s+)*(?:struct|enum|union|trait|type|fn|const|static|mod)\s+(\w+)`,
  'gm',
);
const MOD = new RegExp(String.raw`^${VISIBLE}mod\s+(\w+)\s*;`, 'gm');
const USE = /\b(pub(?:\([^)]*\))?\s+)?use\s+([^;]+);/g;

/** The module of a file, with all below it. @param {string} path @param {Module} [parent] @returns {Module} */
export function moduleOf(path, parent) {
  const { code, inline } = withoutTests(read(path));
  /** @type {Module} */
  const module = { path, parent, children: new Map(), defined: new Set(), aliases: new Map(), globs: [], needs: [] };
  for (const [, name] of code.matchAll(ITEM)) module.defined.add(name);
  const folder = /(^|\/)(lib|main|mod)\.rs$/.test(path) ? dirname(path) : path.replace(/\.rs$/, '');
  for (const [, name] of code.matchAll(MOD)) {
    const file = [`${folder}/${name}.rs`, `${folder}/${name}/mod.rs`].find((file) => existsSync(join(ROOT, file)));
    if (file) module.children.set(name, moduleOf(file, module));
  }

  /** A path as it is meant at the top of this file; none for what stays within one of its inline modules. */
  const outside = (path, at) => {
    let depth = inline.filter(({ from, to }) => from < at && at < to).length;
    let rest = path;
    while (depth > 0 && rest[0] === 'super') [rest, depth] = [rest.slice(1), depth - 1];
    if (rest === path && path[0] === 'self' && depth > 0) return undefined;
    return rest.length && rest[0] !== 'self' ? rest : rest.slice(1);
  };

  for (const { index, 1: isPublic, 2: tree } of code.matchAll(USE)) {
    for (const { path, name } of leaves(tree)) {
      const from = outside(path, index);
      if (!from?.length) continue;
      if (name === '*') module.globs.push(from);
      else module.aliases.set(name, { from, isPublic: Boolean(isPublic) });
      module.needs.push({ path: name === '*' ? [...from, '*'] : from, at: lineOf(code, index) });
    }
  }
  const paths = code.replace(USE, (text) => text.replace(/[^\n]/g, ' ')).matchAll(/(?<![\w:$])([a-z_]\w*)(?:::\w+)+/g);
  for (const { index, 0: text, 1: first } of paths) {
    const segments = text.split('::');
    const isOurs = ['crate', 'super', 'self'].includes(first) || module.children.has(first) || module.aliases.has(first);
    const path = isOurs && outside(segments, index);
    if (path?.length) module.needs.push({ path, at: lineOf(code, index) });
  }
  return module;
}

/** `a::{b, c as d, e::*}` as the paths that it stands for, and by which name each is known here. @param {string} tree */
function leaves(tree, before = /** @type {string[]} */ ([])) {
  const text = tree.trim().replace(/^::/, '');
  const group = /^((?:\w+\s*::\s*)*)\{([\s\S]*)\}$/.exec(text);
  if (group) {
    const start = [
      ...before,
      ...group[1]
        .split('::')
        .map((part) => part.trim())
        .filter(Boolean),
    ];
    return split(group[2]).flatMap((part) => leaves(part, start));
  }
  const [path, alias] = text.split(/\s+as\s+/);
  const segments = [...before, ...path.split('::').map((part) => part.trim())];
  if (segments.at(-1) === '*') return [{ path: segments.slice(0, -1), name: '*' }];
  if (segments.at(-1) === 'self') segments.pop();
  return [{ path: segments, name: alias ?? segments.at(-1) }];
}

/** At the commas that are in no braces. @param {string} list */
function split(list) {
  const parts = [''];
  let depth = 0;
  for (const char of list) {
    if (char === '{') depth += 1;
    if (char === '}') depth -= 1;
    if (char === ',' && depth === 0) parts.push('');
    else parts[parts.length - 1] += char;
  }
  return parts.filter((part) => part.trim());
}

/**
 * The file that defines what a path names; none for another crate's, or for a module that is only named so that its items can
 * be reached through it.
 * @param {Module} module where the path is read
 * @param {string[]} path
 * @param {Set<string>} [seen] against names that lead to themselves
 * @returns {string | undefined}
 */
export function definedIn(module, path, seen = new Set()) {
  const key = `${module.path} ${path.join('::')}`;
  if (!path.length || seen.has(key)) return undefined;
  seen.add(key);
  const [first, ...rest] = path;
  if (first === 'crate') return definedIn(rootOf(module), rest, seen);
  if (first === 'self') return definedIn(module, rest, seen);
  if (first === 'super') return module.parent && definedIn(module.parent, rest, seen);
  // All of a module: whatever its file defines.
  if (first === '*') return module.defined.size ? module.path : undefined;
  const child = module.children.get(first);
  if (child) return definedIn(child, rest, seen);
  if (module.defined.has(first)) return module.path;
  const alias = module.aliases.get(first);
  if (alias) return isOurs(module, alias.from) ? definedIn(module, [...alias.from, ...rest], seen) : undefined;
  for (const glob of module.globs.filter((glob) => isOurs(module, glob))) {
    const at = definedIn(module, [...glob, ...path], seen);
    if (at) return at;
  }
  return undefined;
}

/** Whether what a `use` names is of this crate. @param {Module} module @param {string[]} path */
const isOurs = (module, [first]) =>
  ['crate', 'super', 'self'].includes(first) || module.children.has(first) || module.defined.has(first);

/** @param {Module} module @returns {Module} */
const rootOf = (module) => (module.parent ? rootOf(module.parent) : module);

/** @param {Module} module @returns {Module[]} */
export const allOf = (module) => [module, ...[...module.children.values()].flatMap(allOf)];
