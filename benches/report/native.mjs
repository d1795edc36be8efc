/**
 * Reads what divan prints (benches/work.rs of crates/bilik-publish): of each bench the fastest, the median and the slowest sample in
 * nanoseconds. Several runs may stand one after the other. Prints JSON for benches/report/write.mjs.
 *
 *   node benches/report/native.mjs < OUTPUT
 */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const UNITS = { ps: 1e-3, ns: 1, µs: 1e3, ms: 1e6, s: 1e9 };
const TIME = '([\\d.]+) (ps|ns|µs|ms|s)';
/** Marks of the tree, a name, and three times: fastest, slowest, median. */
const ROW = new RegExp(`^([│ ]*)[├╰]─ (.*?) +${TIME} +│ ${TIME} +│ ${TIME} `);
const GROUP = /^([│ ]*)[├╰]─ (\S+)/;

/** @param {string} text @returns {Record<string, { min: number, median: number, max: number }[]>} */
export function parse(text) {
  const runs = {};
  let group = '';
  for (const line of text.split('\n')) {
    const row = ROW.exec(line);
    if (row) {
      const [, indent, name, ...times] = row;
      const ns = [0, 2, 4].map((at) => Number(times[at]) * UNITS[times[at + 1]]);
      const whole = indent.length > 0 ? `${group} ${name}` : name;
      (runs[whole] ??= []).push({ min: ns[0], max: ns[1], median: ns[2] });
    } else group = GROUP.exec(line)?.[2] ?? group;
  }
  return runs;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(parse(readFileSync(0, 'utf8'))));
