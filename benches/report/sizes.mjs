/**
 * How long files are: as they are, and as a host sends them.
 *
 *   node benches/report/sizes.mjs SITE         JSON of every artefact of a site, for benches/report/write.mjs
 */
import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { brotliCompressSync, constants } from 'node:zlib';

/** Longer files take minutes at the best quality. */
const LARGE = 8 << 20;
/** @type {Map<string, number>} */
const known = new Map();

/** Compressed length: at the best quality (11), or at 9 where the file is larger than 8 MiB. @param {string} file */
export function brotli(file) {
  let length = known.get(file);
  if (length === undefined) {
    const bytes = readFileSync(file);
    const quality = bytes.length > LARGE ? 9 : 11;
    const params = { [constants.BROTLI_PARAM_QUALITY]: quality, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length };
    length = Math.min(bytes.length, brotliCompressSync(bytes, { params }).length);
    known.set(file, length);
  }
  return length;
}

/** @param {string} site */
function artefacts(site) {
  const files = (folder, pattern) =>
    readdirSync(join(site, folder))
      .filter((name) => pattern.test(name))
      .map((name) => join(site, folder, name));
  const groups = {
    module: files('pkg', /\.wasm$/),
    glue: files('pkg', /\.js$/),
    page: files('.', /^(index\.html|app\.js|worker\.js)$/),
    later: files('.', /^(later|sw)\.js$/),
    some: files('.', /^(kiosk|qr|witness)\.js$/),
    head: files('.', /^head\.bilik$/),
    manifest: files('m', /\.bilik$/),
    part: files('p', /\.bilik$/),
    directory: files('d', /\.bilik$/),
    full: [],
    near: [],
    stations: files('s', /\.bilik$/),
    names: files('n', /\.bilik$/),
  };
  // Tables of one district: those by full are the shorter ones, and half as many or fewer.
  const tables = files('t', /\.bilik$/).sort((one, other) => statSync(one).size - statSync(other).size);
  for (const file of tables) groups[recipe(file)].push(file);
  return Object.fromEntries(
    Object.entries(groups).map(([kind, files]) => {
      const raw = files.map((file) => statSync(file).size).sort((one, other) => one - other);
      const isData = /^(head|manifest|part|directory|full|near|stations|names)$/.test(kind);
      const packed = isData ? raw : files.map(brotli).sort((one, other) => one - other);
      const of = (list) => ({ sum: list.reduce((sum, one) => sum + one, 0), min: list[0], median: list[Math.floor(list.length / 2)], max: list.at(-1) });
      return [kind, { files: files.length, raw: of(raw), brotli: of(packed) }];
    }),
  );
}

/** The recipe stands after the container's header, where the payload is stored; where it is deflated, its table is. */
function recipe(file) {
  const bytes = readFileSync(file);
  if (bytes[7] !== 0) throw new Error(`${file}: expected a table that is stored`);
  return bytes[8] === 0 ? 'full' : 'near';
}

if (process.argv[1] === fileURLToPath(import.meta.url)) console.log(JSON.stringify(artefacts(process.argv[2])));
