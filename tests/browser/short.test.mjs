/** Names of one word, which need the village; and names that are only half typed, which do not. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { makeDemo, open, screen, serve } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** A form with twelve digits and the first word of a name, and the tables that the page has fetched since. */
async function firstWord({ nik, name }) {
  const tables = [];
  const page = await open(site.url);
  page.on('request', (request) => request.url().includes('/t/') && tables.push(request.url()));
  await page.locator('#nik').pressSequentially(nik);
  await page.locator('#name').focus();
  await page.keyboard.type(name.split(' ')[0]);
  return { page, tables };
}

test('who rests between two words is asked for nothing, and one table is fetched', async () => {
  const { page, tables } = await firstWord(demo.exact);
  await page.waitForTimeout(900);
  await page.keyboard.type(` ${demo.exact.name.split(' ').slice(1).join(' ')}`);
  await page.keyboard.press('Enter');
  await screen(page, 'found');
  assert.equal(await page.locator('#short').isVisible(), false);
  assert.equal(tables.length, 1, tables.join());
  assert.deepEqual(page.trouble, []);
});

for (const [when, leave] of [
  ['as soon as the field is left', (page) => page.keyboard.press('Tab')],
  ['after a rest', () => {}],
]) {
  test(`a name of one word brings the villages to choose from ${when}, and is found with one`, async () => {
    const { page, tables } = await firstWord(demo.near);
    assert.equal(await page.locator('#short').isVisible(), false);
    await leave(page);
    const finder = page.locator('#short');
    await finder.locator('input').fill(demo.near.place);
    await finder.locator(`[data-village="${demo.near.village}"]`).click();
    assert.match(await finder.locator('.pin').innerText(), new RegExp(demo.near.place));
    await page.locator('#ask').click();
    const answer = await screen(page, 'found');
    assert.equal(await answer.locator('[data-station-number]').innerText(), String(demo.near.number));
    assert.equal(tables.length, 2, tables.join());
    assert.deepEqual(page.trouble, []);
  });
}
