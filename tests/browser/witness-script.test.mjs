/** A site that names witnesses and has no script for them: the page answers, and says that nobody confirmed its data. */
import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { ask, bilik, makeDemo, open, rebuild, serve } from './stage.mjs';

let demo;
let server;
before(async () => {
  demo = await makeDemo();
  const { publicKey } = JSON.parse(await bilik(['keygen', '--out', join(demo.folder, 'W'), '--json']));
  const named = `[site]\nwitnesses = [{ name = "Saksi Rekaan", public_key = "${publicKey}" }]\n`;
  const { site } = await rebuild(demo, { toml: (text) => text.replace('[site]\n', named) });
  await rm(join(site, 'witness.js'));
  server = await serve(site);
});

const LANGUAGES = { id: 'Belum dapat dipastikan bahwa ini data terbaru.', en: 'The latest data could not be confirmed.' };
for (const [language, words] of Object.entries(LANGUAGES)) {
  test(`without its script for witnesses a page in ${language} answers, and says once that the data is not confirmed`, async () => {
    const page = await open(`${server.url}?lang=${language}`);
    await page.locator(`html[lang="${language}"]`).waitFor();
    const screen = await ask(page, demo.exact, 'found');
    const lines = page.locator('#answer p.doubt');
    await lines.waitFor();
    assert.deepEqual(await lines.allInnerTexts(), [words]);
    assert.match(await screen.innerText(), new RegExp(`TPS\\s${demo.exact.number}\\b`));
    // No rejection is left to itself.
    assert.deepEqual(page.trouble, []);
  });
}
