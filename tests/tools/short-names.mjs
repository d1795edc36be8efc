/**
 * Gives what the module and its glue call each other the short names that wasm-opt chose: they are 2 KB of digests otherwise.
 *
 *   node short-names.mjs NAMES.json GLUE.js     NAMES: what wasm-opt --minify-imports-and-exports-and-modules prints
 */
import { readFile, writeFile } from 'node:fs/promises';

const [names, glue] = process.argv.slice(2);
const { imports, exports } = JSON.parse(await readFile(names, 'utf8'));
let text = await readFile(glue, 'utf8');

/** Every place must be found: a name that is only half replaced would be noticed no sooner than in a browser. */
function rename(pattern, to) {
  const changed = text.replace(pattern, to);
  if (changed === text) throw new Error(`${glue} has no ${pattern}`);
  text = changed;
}

const literal = (name) => name.replace(/[$.]/g, '\\$&');
// In a replacement, $ is written $$.
const plain = (name) => name.replaceAll('$', '$$$$');

for (const [, name, short] of imports) rename(new RegExp(`\\b${literal(name)}\\b`, 'g'), plain(short));
for (const module of new Set(imports.map(([module]) => module))) rename(new RegExp(`(["'])${literal(module)}\\1`, 'g'), '"a"');
for (const [name, short] of exports) {
  // What the module exports and the glue never uses may stay without a place.
  const place = new RegExp(`\\.${literal(name)}\\b`, 'g');
  if (place.test(text)) rename(place, `.${plain(short)}`);
}
await writeFile(glue, text);
