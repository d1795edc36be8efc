/**
 * Writes the generated parts of docs/performance.md, the plots beside it and the summary in both READMEs, from what the measurements
 * left in a folder. A part whose measurement is not there stays as it is.
 *
 *   node benches/report/write.mjs FOLDER
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { plot } from './plot.mjs';
import { argon2, browser, native, peers, sizes, summary } from './tables.mjs';

const ROOT = fileURLToPath(new URL('../../', import.meta.url));
const [folder] = process.argv.slice(2);

const measured = (name) => {
  const file = join(folder, `${name}.json`);
  return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : undefined;
};

/** Puts a text between the markers of a block. @param {string} file @param {Record<string, string | undefined>} blocks */
function write(file, blocks) {
  const path = join(ROOT, file);
  let text = readFileSync(path, 'utf8');
  for (const [name, block] of Object.entries(blocks)) {
    if (block === undefined) continue;
    const [begin, end] = [`<!-- begin ${name} -->`, `<!-- end ${name} -->`];
    const [before, after] = [text.indexOf(begin), text.indexOf(end)];
    if (before < 0 || after < before) throw new Error(`${file} has no block ${name}`);
    text = `${text.slice(0, before)}${begin}\n${block.trim()}\n${text.slice(after)}`;
  }
  writeFileSync(path, text);
}

const all = Object.fromEntries(['native', 'browser', 'sizes', 'peers', 'argon2', 'growth', 'visit'].map((name) => [name, measured(name)]));
const machine = [
  `Measured on ${new Date().toISOString().slice(0, 10)} on ${cpus().length} cores of ${cpus()[0].model.trim()} with`,
  `${(totalmem() / 2 ** 30).toFixed(0)} GiB of memory, ${process.platform} ${process.arch}, node ${process.version.slice(1)};`,
  `load at the end ${readFileSync('/proc/loadavg', 'utf8').split(' ').slice(0, 2).join(' and ')} (1 and 5 minutes).`,
].join(' ');

const parts = join(folder, 'module-parts.md');
const [english, indonesian] = all.sizes && all.browser && all.visit ? summary(all) : [];
write('docs/performance.md', {
  // Date and machine are those of a whole run.
  machine: Object.values(all).every(Boolean) ? machine : undefined,
  summary: english,
  native: all.native && native(all.native, all.argon2),
  browser: all.browser && browser(all.browser),
  sizes: all.sizes && sizes(all.sizes),
  peers: all.peers && peers(all.peers),
  argon2: all.argon2 && argon2(all.argon2),
  'module-parts': existsSync(parts) ? readFileSync(parts, 'utf8') : undefined,
});
write('README.md', { summary: english });
write('README.id.md', { summary: indonesian });

if (all.growth) {
  const { voters, districts } = all.growth;
  const lines = (points, x, names) =>
    Object.entries(names).map(([name, value]) => ({ name, points: points.map((point) => [x(point), value(point.files)]) }));
  const byVoters = plot({
    title: 'Bytes of the files of one district, by its voters',
    x: 'voters of the district',
    y: 'bytes',
    series: lines(voters, (point) => point.voters, {
      'all files by near': ({ near }) => near.sum,
      'all files by full': ({ full }) => full.sum,
      'one file by near': ({ near }) => near.median,
      'one file by full': ({ full }) => full.median,
    }),
  });
  const byDistricts = plot({
    title: 'Bytes of the public files of a country, by its districts',
    x: 'districts of the country, of some 111 stations each',
    y: 'bytes',
    series: lines(districts, (point) => point.files.stations.count, {
      'all station lists': ({ stations }) => stations.sum,
      'all directories': ({ directory }) => directory.sum,
      manifest: ({ manifest }) => manifest.sum,
      'one directory': ({ directory }) => directory.median,
      'one part of the manifest': ({ part }) => part.median,
    }),
  });
  writeFileSync(join(ROOT, 'docs/growth-voters.svg'), byVoters);
  writeFileSync(join(ROOT, 'docs/growth-districts.svg'), byDistricts);
}
