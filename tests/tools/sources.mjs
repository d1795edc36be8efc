/** Reads the checkout's sources for the checks beside this: which files there are, which crates, and what in Rust is code. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

export const ROOT = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');

/** Files that git knows or would take up, but for what a tool made. @param {RegExp} wanted on the path */
export function files(wanted) {
  const made = /^pkg\/|package-lock\.json$|Cargo\.lock$/;
  const listed = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed.split('\n').filter((path) => wanted.test(path) && !made.test(path) && existsSync(join(ROOT, path)));
}

/** @param {string} path */
export const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** The roots of all crates of the workspace, by a name to show. @returns {{ name: string, root: string }[]} */
export const crates = () =>
  files(/(^|^crates\/[^/]+\/)src\/(lib|main)\.rs$/).map((root) => {
    const [, folder = 'bilik', kind] = /^(?:crates\/([^/]+)\/)?src\/(lib|main)\.rs$/.exec(root) ?? [];
    return { name: kind === 'lib' ? folder : `${folder} (main)`, root };
  });

const PIECES =
  /\/\/[^\n]*|\/\*[\s\S]*?\*\/|\bb?r(#+)"[\s\S]*?"\1|\bb?r"[^"]*"|"(?:\\[\s\S]|[^"\\])*"|'(?:\\(?:u\{[^}]*\}|x..|.)|[^\\'\n])'/g;

/** Rust with comments and literals blanked; every character keeps its place. @param {string} text */
export const codeOf = (text) => text.replace(PIECES, (piece) => piece.replace(/[^\n]/g, ' '));

/** Where the block that opens after `at` ends. @param {string} code @param {number} at */
function endOfBlock(code, at) {
  let depth = 0;
  for (let i = code.indexOf('{', at); i >= 0 && i < code.length; i += 1) {
    if (code[i] === '{') depth += 1;
    if (code[i] === '}' && (depth -= 1) === 0) return i + 1;
  }
  return code.length;
}

/** Code without modules of tests, and where its inline modules stand. @param {string} text */
export function withoutTests(text) {
  let code = codeOf(text);
  const ofTests = /#\[cfg\((?:test|all\(test\b[^\]]*)\)?\]\s*(?:#\[[^\]]*\]\s*)*(?:pub\S*\s+)?mod\s+\w+\s*([{;])/g;
  for (let found; (found = ofTests.exec(code)); ) {
    const end = found[1] === ';' ? found.index + found[0].length : endOfBlock(code, found.index);
    code = code.slice(0, found.index) + code.slice(found.index, end).replace(/[^\n]/g, ' ') + code.slice(end);
  }
  const inline = [...code.matchAll(/\bmod\s+(\w+)\s*\{/g)].map(({ index, 1: name }) => ({
    name,
    from: index,
    to: endOfBlock(code, index),
  }));
  return { code, inline };
}

/** @param {string} text @param {number} at */
export const lineOf = (text, at) => text.slice(0, at).split('\n').length;

/** Prints what was found and ends the process. @param {string} what @param {string[]} found */
export function conclude(what, found) {
  for (const line of found) console.log(line);
  console.log(found.length ? `${found.length} ${what}` : `no ${what}`);
  process.exit(found.length ? 1 : 0);
}
