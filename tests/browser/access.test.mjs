/** What the operator says of the way to a station and of the way in, in the answer. */
import assert from 'node:assert/strict';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { ask, find, makeDemo, open, rebuild, serve } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  const { id } = (await find(demo, demo.exact)).station;
  const file = join(demo.election, 'stations.csv');
  const whole = await readFile(file, 'utf8');
  const more = (line) => {
    if (line.startsWith('id,')) return 'landmark,ramp,level,parking,help';
    return line.startsWith(`${id},`) ? 'Di belakang <b>pasar</b>,ya,tidak,ya,' : ',,,,';
  };
  const lines = whole
    .trim()
    .split('\n')
    .map((line) => `${line},${more(line)}`);
  await writeFile(file, `${lines.join('\n')}\n`);
  ({ site } = await rebuild(demo, {}));
  await writeFile(
    join(demo.election, 'contacts.csv'),
    `region,phone,url\n${id.slice(0, 4)},0251-000 000,https://kpu.example/bogor\n`,
  );
  demo.withContacts = (await rebuild(demo, {})).site;
});

test('an answer shows the landmark and the ways in, and shares the landmark', async () => {
  const page = await open((await serve(site)).url);
  const answer = await ask(page, demo.exact, 'found');
  assert.match(
    await answer.locator('dl').innerText(),
    /Di belakang <b>pasar<\/b>[\s\S]*Ada jalan landai\.\s*Ada tempat parkir\./,
  );
  const link = await answer.getByRole('link', { name: 'WhatsApp' }).getAttribute('href');
  assert.ok(new URL(link).searchParams.get('text').includes('Di belakang <b>pasar</b>'), link);
  assert.deepEqual(page.trouble, []);
});

test('the contact of the regency stands in the answer and in a miss, before that of the election', async () => {
  const page = await open((await serve(demo.withContacts)).url);
  const answer = await ask(page, demo.exact, 'found');
  assert.equal(await answer.locator('a[href^="tel:"]').getAttribute('href'), 'tel:0251000000');
  assert.equal(await answer.getByRole('link', { name: 'kpu.example' }).getAttribute('href'), 'https://kpu.example/bogor');
  // Of a text with two numbers, neither is the one to call.
  const file = join(demo.election, 'contacts.csv');
  const two = (await readFile(file, 'utf8')).replace('0251-000 000', '0251-000 000 / 0812-0000-1111');
  await writeFile(file, two);
  const unlinked = await open((await serve((await rebuild(demo, {})).site)).url);
  const text = await ask(unlinked, demo.exact, 'found');
  assert.match(await text.innerText(), /0251-000 000 \/ 0812-0000-1111/);
  assert.equal(await text.locator('a[href^="tel:"]').count(), 0);
  // A regency without a contact of its own has the election's.
  const other = await open((await serve(site)).url);
  const plain = await ask(other, demo.exact, 'found');
  assert.equal(await plain.locator('a[href^="tel:"]').count(), 0);
  assert.deepEqual([...page.trouble, ...unlinked.trouble, ...other.trouble], []);
});
