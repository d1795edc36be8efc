/** What some runs of h2load told, as one line: told.mjs OUTPUT WHAT HOW VOTERS REQUESTS CPU. */
import { readFileSync } from 'node:fs';

const [file, what, how, voters, requests, cpu] = process.argv.slice(2);
const UNITS = { us: 1e-6, ms: 1e-3, s: 1 };
const text = readFileSync(file, 'utf8');
const sum = (pattern, value) => [...text.matchAll(pattern)].reduce((sum, match) => sum + value(match), 0);
const seconds = sum(/finished in ([\d.]+)(us|ms|s),/g, ([, number, unit]) => Number(number) * UNITS[unit]);
const failed = sum(/(\d+) failed, (\d+) errored, (\d+) timeout/g, ([, ...counts]) =>
  counts.reduce((sum, count) => sum + Number(count), 0),
);
const refused = sum(/status codes: \d+ 2xx, (\d+) 3xx, (\d+) 4xx, (\d+) 5xx/g, ([, ...counts]) =>
  counts.reduce((sum, count) => sum + Number(count), 0),
);
const bytes = sum(/traffic: .*?\((\d+)\) total/g, ([, number]) => Number(number));
console.log([what, how, voters, requests, seconds, bytes, failed + refused, cpu].join(' '));
