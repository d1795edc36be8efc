/** Every language says everything: one JSON file each, the same keys, the same gaps; and the page asks for no other. */
import assert from 'node:assert/strict';
import { readFile, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { visit } from './screens.mjs';
import { ROOT, makeDemo, open, serve } from './stage.mjs';

const WWW = join(ROOT, 'www');
/** @type {Record<string, Record<string, string>>} */
const words = {};
for (const file of await readdir(join(WWW, 'i18n'))) {
  words[file.replace(/\.json$/, '')] = JSON.parse(await readFile(join(WWW, 'i18n', file), 'utf8'));
}

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

test('every file in i18n/ can be chosen by its own name', async () => {
  const page = await open(site.url);
  const options = page.locator('#lang option');
  await options.first().waitFor({ state: 'attached' });
  const offered = await options.evaluateAll((options) => options.map(({ value, lang, text }) => [value, lang, text]));
  assert.deepEqual(offered.map(([value]) => value).sort(), Object.keys(words).sort());
  for (const [value, lang, text] of offered) assert.ok(value === lang && text.length > 3, text);
});

for (const code of Object.keys(words)) {
  test(`${code} says what Indonesian says, with the same gaps`, () => {
    assert.deepEqual(Object.keys(words[code]), Object.keys(words.id));
    for (const [key, text] of Object.entries(words[code])) {
      const gaps = (text) => [...text.matchAll(/\{[^}]*\}/g)].map(String).sort();
      assert.deepEqual(gaps(text), gaps(words.id[key]), key);
      assert.ok(text && text === text.trim(), key);
    }
    assert.equal(words[code].days.split(' ').length, 7);
    assert.equal(words[code].months.split(' ').length, 12);
  });

  test(`in ${code} no screen shows a key without words, nor Indonesian where it is not`, async () => {
    const page = await open(`${site.url}?lang=${code}`);
    await visit(page, demo, async (name) => {
      assert.equal(await page.locator('html').getAttribute('lang'), code);
      const shown = await page.locator('body').innerText();
      assert.doesNotMatch(shown, /\b[a-z]+\.[a-z_]+(?:\.[a-z_]+)?\b(?<!example\.org)/, `${name} shows a key without words`);
      if (code !== 'id') assert.doesNotMatch(shown, /\b(tidak|Anda|yang|dengan)\b/, `${name} speaks Indonesian`);
    });
    assert.deepEqual(page.trouble, []);
  });
}

test('a search for a village that is open follows a change of language', async () => {
  const page = await open(site.url);
  await page.locator('#other').click();
  await page.locator('#lang').selectOption('en');
  await page.locator('html[lang="en"]').waitFor();
  assert.equal(await page.locator('#district-finder label').innerText(), 'Find a kelurahan/desa by name');
});

test('no line ends within KTP‑el: its hyphen does not break', async () => {
  for (const file of ['index.html', 'form.html', ...Object.keys(words).map((code) => `i18n/${code}.json`)]) {
    assert.ok(!(await readFile(join(WWW, file), 'utf8')).includes('KTP-el'), `${file}: write KTP\u2011el`);
  }
});

test('every word is said somewhere, and nothing is said that has no word', async () => {
  const files = (await readdir(WWW, { recursive: true })).filter((file) => /\.(js|html)$/.test(file));
  const source = (await Promise.all(files.map((file) => readFile(join(WWW, file), 'utf8')))).join('\n');
  const quoted = new Set([...source.matchAll(/['"`]([a-z][\w.]*)['"`]/gi)].map(([, key]) => key));
  // `warning.${warning}`: whatever begins like that.
  const begun = [...source.matchAll(/`([a-z_]+\.)\$\{/g)].map(([, start]) => start);
  const silent = Object.keys(words.id).filter((key) => !quoted.has(key) && !begun.some((start) => key.startsWith(start)));
  assert.deepEqual(silent, []);
  const asked = [...source.matchAll(/(?:\bt\(|data-t=|setText\([^,]+, )['"]([\w.]+)['"]/g)].map(([, key]) => key);
  assert.deepEqual(
    asked.filter((key) => !(key in words.id)),
    [],
  );
});

test('the words that come with later.js are said by none of the scripts before it', async () => {
  const source = await readFile(join(WWW, 'later.js'), 'utf8');
  const later = [...source.matchAll(/'\.\/(page\/[\w-]+\.js)'/g)]
    .map(([, path]) => path)
    .concat('page/afresh.js', 'page/kit.js');
  const files = (await readdir(WWW, { recursive: true })).filter((file) => /^(page\/[\w-]+\.js|[\w-]+\.html)$/.test(file));
  const early = await Promise.all(
    files.filter((file) => !later.includes(file)).map((file) => readFile(join(WWW, file), 'utf8')),
  );
  const said = [
    ...early
      .join('\n')
      .matchAll(/['"`]((?:birth|blocked|district|memory|newer|people|saved|stale|stations|unverified|update)\.[\w.]+)/g),
  ].map(([, key]) => key);
  assert.deepEqual([...new Set(said)], ['saved.link']);
});
