/** Fails where a crate has two public types of one name, unless the pair is listed here with the reason. */
import { conclude, crates, files, lineOf, read, withoutTests } from './tools/sources.mjs';

/** `crate: Name` and why the two are no trouble: how the module tells them apart where they are used. @type {Record<string, string>} */
const ALLOWED = {};

const TYPE = /^[ \t]*pub(?:\([^)]*\))?\s+(?:struct|enum|union|trait|type)\s+(\w+)/gm;

const found = [];
for (const { name, root } of crates().filter(({ root }) => root.endsWith('lib.rs'))) {
  /** @type {Map<string, string[]>} */
  const places = new Map();
  const folder = root.replace(/lib\.rs$/, '');
  for (const path of files(/\.rs$/).filter((path) => path.startsWith(folder))) {
    const { code } = withoutTests(read(path));
    for (const { 1: type, index, 0: text } of code.matchAll(TYPE)) {
      const at = `${path}:${lineOf(code, index + text.length)}`;
      places.set(type, [...(places.get(type) ?? []), at]);
    }
  }
  for (const [type, all] of places) {
    if (all.length > 1 && !ALLOWED[`${name}: ${type}`]) found.push(`${name}: ${type} is defined in ${all.join(' and ')}`);
  }
}
conclude('names stand for two types of one crate', found);
