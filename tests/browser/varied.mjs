/**
 * An election with what few stations have: voting abroad, in a prison, on another day; landmarks, ways in, contacts; witnesses. And its
 * screens, for the gallery.
 */
import { cp, mkdir, readFile, writeFile } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ask, bilik, find, rebuild, serve } from './stage.mjs';

const REGIONS = '99,Luar Negeri\n9901,Malaysia\n990101,Kuala Lumpur\n9901011001,TPSLN\n9901011002,Kotak Suara Keliling\n';
const ABROAD =
  '9901011001001,9901011001,TPSLN 1,KBRI Contoh,Jalan Contoh,3.17,101.72\n9901011002001,9901011002,KSK 1,Ladang Contoh,,,\n';
const AREAS = `
[areas.9901]
day = "2029-02-11"
opens = "08:00"
closes = "18:00"
time_zone = "Asia/Kuala_Lumpur"
`;

/** @param {string} village */
const postponed = (village) => `
[areas.${village}]
day = "2029-02-24"
notice = "Pemungutan suara ditunda sampai 24 Februari karena banjir."
notice_url = "https://kpu.example/pengumuman/12"
`;

const MORE_COLUMNS = ['landmark', 'ramp', 'level', 'parking', 'help', 'opens', 'closes'];
const WITH_DETAILS = { landmark: 'Di belakang pasar seberang masjid', ramp: 'ya', level: 'tidak', parking: 'ya', help: 'ya' };
const IN_PRISON = { opens: '08:00', closes: '11:00' };

/** Cells of more columns after those that a file of stations has; a cell of it may hold commas. @param {(id: string) => object} cellsOf */
async function addColumns(file, cellsOf) {
  const [header, ...lines] = (await readFile(file, 'utf8')).trim().split('\n');
  const width = header.split(',').length;
  const abroad = ABROAD.trim()
    .split('\n')
    .map((line) => line + ','.repeat(width - line.split(',').length));
  const longer = [...lines, ...abroad].map((line) => {
    const cells = cellsOf(line.split(',')[0]);
    return [line, ...MORE_COLUMNS.map((column) => cells[column] ?? '')].join(',');
  });
  await writeFile(file, `${[[header, ...MORE_COLUMNS].join(','), ...longer].join('\n')}\n`);
}

/**
 * The site of such an election, once with what its two witnesses have just seen and once without a word from them, and a pack of a regency.
 * @param {Awaited<ReturnType<typeof import('./stage.mjs').makeDemo>>} demo
 */
export async function makeVaried(demo) {
  const { id } = (await find(demo, demo.exact)).station;
  const home = id.slice(0, 10);
  const election = join(demo.folder, 'varied');
  await cp(demo.election, election, { recursive: true });
  await writeFile(join(election, 'regions.csv'), REGIONS, { flag: 'a' });
  await writeFile(
    join(election, 'contacts.csv'),
    `region,phone,url\n${id.slice(0, 4)},0251-000 000,https://kpu.example/contoh\n9901,,https://kpu.example/luar-negeri\n`,
  );
  const stations = [...new Set(demo.roll.map(({ station }) => station))].sort();
  const prison = stations.find((other) => other.startsWith(home) && other !== id) ?? '';
  const elsewhere = stations.find((other) => other.startsWith(id.slice(0, 4)) && !other.startsWith(home))?.slice(0, 10) ?? '';
  await addColumns(join(election, 'stations.csv'), (station) => {
    if (station === id) return WITH_DETAILS;
    return station === prison ? IN_PRISON : {};
  });
  const witnesses = [];
  for (const name of ['Bawaslu (contoh)', 'Saksi Rekaan']) {
    const file = join(demo.folder, `witness-${witnesses.length}`);
    const { publicKey } = JSON.parse(await bilik(['keygen', '--out', file, '--json']));
    const digest = createHash('sha256')
      .update(Buffer.from(publicKey.split(':')[1], 'hex'))
      .digest('hex');
    witnesses.push({ name, file, publicKey, path: `w/${digest.slice(0, 16)}.bilik` });
  }
  const named = witnesses.map(({ name, publicKey }) => `{ name = "${name}", public_key = "${publicKey}" }`);
  const toml = (text) =>
    `${text
      .replace(/^day = .*$/m, 'day = "2029-02-14"')
      .replace(/^expires = .*$/m, '')
      .replace(
        '[site]\n',
        `[site]\nwitnesses = [${named.join(', ')}]\nwitness_threshold = 2\n`,
      )}${AREAS}${postponed(elsewhere)}`;
  const { site: silent } = await rebuild({ ...demo, election }, { toml });
  const seen = join(demo.folder, 'seen');
  await cp(silent, seen, { recursive: true });
  await mkdir(join(seen, 'w'));
  const server = await serve(silent);
  for (const { file, path } of witnesses) {
    const [out, state] = [join(seen, path), `${file}.log`];
    await bilik(['witness', server.url, '--public-key', demo.publicKey, '--key', file, '--out', out, '--state', state]);
  }
  const pack = join(demo.folder, 'varied-pack.html');
  await bilik(['pack', silent, '--regency', id.slice(0, 4), '--public-key', demo.publicKey, '--out', pack]);
  const places = {
    abroad: '9901011001/1',
    'a box abroad': '9901011002/KSK1',
    postponed: `${elsewhere}/1`,
    'in a prison': `${home}/${Number(prison.slice(10))}`,
  };
  return { silent: server.url, seen: (await serve(seen)).url, pack: pathToFileURL(pack).href, places };
}

/**
 * What the page shows of such an election.
 * @param {(url: string, more?: object) => Promise<import('playwright-core').Page>} open
 * @param {(name: string, page: import('playwright-core').Page) => Promise<void>} look
 */
export async function visitVaried(open, demo, varied, look) {
  let page = await open(varied.seen);
  await ask(page, demo.exact, 'found');
  await page.locator('[data-witness="seen"]').first().waitFor();
  await look('details, contact and witnesses', page);
  for (const [name, place] of Object.entries(varied.places)) {
    await page.evaluate((place) => (location.hash = `#/${place}`), place);
    await page.locator(`article.station`).waitFor();
    await look(name, page);
  }
  await page.context().close();
  page = await open(varied.silent);
  await ask(page, demo.exact, 'found');
  await page.locator('[data-witness="unsure"]').waitFor();
  await look('silent witnesses', page);
  await page.context().close();
  page = await open(varied.pack);
  await page.locator('html[data-started]').waitFor();
  await look('pack', page);
  const other = demo.roll.find(({ nik }) => nik.slice(0, 4) !== demo.exact.nik.slice(0, 4));
  await ask(page, other, 'beyond');
  await look('not in the pack', page);
  await page.context().close();
  page = await open(`${varied.silent}?kiosk`);
  await page.locator('html[data-started]').waitFor();
  await look('kiosk', page);
  await ask(page, demo.exact, 'found');
  await look('answer in a kiosk', page);
  await page.context().close();
}
