/** Voters abroad: their committee and their way of voting are named as such, not as a district and a village at home. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { makeDemo, open, rebuild, serve } from './stage.mjs';

const REGIONS = '99,Luar Negeri\n9901,Malaysia\n990101,Kuala Lumpur\n9901011001,TPSLN\n9901011002,Kotak Suara Keliling\n';
const STATIONS =
  '9901011001001,9901011001,TPSLN 1,KBRI Contoh,Jalan Contoh,3.17,101.72\n9901011002001,9901011002,KSK 1,Ladang Contoh,,,\n';

let site;
before(async () => {
  const demo = await makeDemo();
  const more = { 'regions.csv': REGIONS, 'stations.csv': STATIONS };
  for (const [name, lines] of Object.entries(more)) {
    const file = join(demo.election, name);
    const text = `${(await readFile(file, 'utf8')).trim()}\n`;
    const columns = text.split('\n')[0].split(',').length;
    const filled = lines.replace(/^.+$/gm, (line) => line + ','.repeat(columns - line.split(',').length));
    await writeFile(file, text + filled);
  }
  ({ site } = await rebuild(demo, {}));
});

test('the finder and the lists say PPLN and the way of voting', async () => {
  const { url } = await serve(site);
  const page = await open(`${url}#/`);
  await page.locator('#answer .finder input').fill('kotak suara');
  const choice = page.locator('[data-village="9901011002"]');
  await choice.waitFor();
  assert.equal(
    (await choice.innerText()).replace(/\s+/g, ' '),
    'Kotak Suara Keliling PPLN Kuala Lumpur, Malaysia, Luar Negeri',
  );
  await choice.click();
  const title = page.getByRole('heading', { level: 1, name: 'Kotak Suara Keliling' });
  await title.waitFor();
  assert.equal(await page.locator('#answer .lead').innerText(), 'PPLN Kuala Lumpur, Malaysia, Luar Negeri');
  await page.goto(`${url}?lang=en#/9901011001/1`);
  const where = page.locator('article.station .where');
  await where.waitFor();
  assert.equal((await where.innerText()).replace(/\s+/g, ' '), 'TPSLN PPLN Kuala Lumpur, Malaysia, Luar Negeri');
  await page.getByRole('heading', { level: 1, name: 'TPSLN 1, PPLN Kuala Lumpur' }).waitFor();
  assert.deepEqual(page.trouble, []);
});
