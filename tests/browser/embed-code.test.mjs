/** The page on which partners choose a look and copy the code: what it writes works as it stands there, in either language. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { before, test } from '../limits.mjs';
import { frameOf, listen, state } from './embed-stage.mjs';
import { ask, makeDemo, open, rebuild, serve } from './stage.mjs';

const AXE = await readFile(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'];

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

const configurator = async (lang = 'id', options = {}) => {
  const page = await open(`${site.url}embed-code.html?lang=${lang}`, { viewport: { width: 1280, height: 900 }, ...options });
  await page.locator('#settings').waitFor();
  return page;
};
const codeOn = (page, id = 'code') => page.locator(`#${id}`).textContent();

/** A page that holds that code and nothing else, under that policy. */
async function pasted(code, policy) {
  const url = await listen((_, response) => {
    response.setHeader('content-type', 'text/html');
    if (policy) response.setHeader('content-security-policy', `default-src 'none'; ${policy}`);
    response.end(`<!doctype html><html lang="id"><meta name="viewport" content="width=device-width">${code}</html>`);
  });
  return open(url);
}

/** A colour field has no keyboard of its own in a headless browser. */
const setColour = (page, id, value) =>
  page.locator(`#${id}`).evaluate((input, value) => {
    input.value = value;
    input.dispatchEvent(new Event('input', { bubbles: true }));
  }, value);

test('the code for an element, as it is copied, answers under the policy that stands beside it', async () => {
  const page = await configurator();
  await setColour(page, 'accent', '#ffd43b');
  await page.locator('[name=theme]').selectOption('dark');
  await page.locator('[name=font]').selectOption('Georgia, serif');
  const code = await codeOn(page);
  assert.match(code, /integrity="sha384-[^"]+" crossorigin/);
  assert.match(code, /--bilik-accent: #ffd43b; --bilik-on-accent: #000000/);
  const partner = await pasted(code, await codeOn(page, 'policy'));
  await state(partner, 'ready');
  const frame = frameOf(partner);
  const look = await frame.locator('#ask').evaluate((button) => {
    const { backgroundColor, color, fontFamily } = getComputedStyle(button);
    return [backgroundColor, color, fontFamily];
  });
  assert.deepEqual(look, ['rgb(255, 212, 59)', 'rgb(0, 0, 0)', 'Georgia, serif']);
  await ask(frame, demo.exact, 'found');
  assert.deepEqual(
    partner.trouble.filter((line) => !line.includes('web-share')),
    [],
  );
});

test('the code for a frame answers, with the look and the height that were chosen', async () => {
  const page = await configurator();
  await page.locator('[name=way][value=frame]').check();
  await setColour(page, 'sign', '#00695c');
  await page.locator('[name=height-mode][value=own]').check();
  await page.locator('[name=height]').fill('640');
  const code = await codeOn(page);
  assert.match(code, /^<iframe src="[^"]*sign=%2300695c[^"]*" .*height="640"/);
  const partner = await pasted(code, `${await codeOn(page, 'policy')}; style-src-attr 'unsafe-inline'`);
  const frame = partner.frameLocator('iframe');
  const answered = { locator: (selector) => frame.locator(selector), trouble: partner.trouble };
  await ask(answered, demo.exact, 'found');
  assert.equal(await frame.locator('.sign').evaluate((sign) => getComputedStyle(sign).backgroundColor), 'rgb(0, 105, 92)');
});

test('the code for a page of the operator answers inline, and the page warns where else it must not be used', async () => {
  const page = await configurator();
  await page.locator('[name=way][value=inline]').check();
  assert.equal(await page.locator('#own-pages').isVisible(), true);
  const partner = await pasted(await codeOn(page), await codeOn(page, 'policy'));
  await state(partner, 'ready');
  await ask(partner, demo.exact, 'found');
});

test('the preview follows each choice without loading anew, but for its language', async () => {
  const page = await configurator();
  await state(page, 'ready');
  const frame = frameOf(page);
  await frame.locator('#name').fill('Siapa Saja');
  await setColour(page, 'accent', '#00695c');
  await page.locator('[name=theme]').selectOption('light');
  const background = () => frame.locator('#ask').evaluate((button) => getComputedStyle(button).backgroundColor);
  for (const until = Date.now() + 5000; Date.now() < until && (await background()) !== 'rgb(0, 105, 92)'; );
  assert.equal(await background(), 'rgb(0, 105, 92)');
  assert.equal(await frame.locator('#name').inputValue(), 'Siapa Saja');
  await page.locator('[name=lang]').selectOption('su');
  await frame.locator('html[lang=su]').waitFor({ state: 'attached' });
  await page.getByRole('button', { name: 'Kembali ke tampilan awal' }).click();
  await page.waitForFunction(() => !document.getElementById('code').textContent.includes('style='));
});

test('contrast is told in words and figures, and the code has text that can be read', async () => {
  const page = await configurator();
  const lines = () => page.locator('#contrast li').allInnerTexts();
  assert.ok(!(await lines()).some((line) => line.includes('sulit dibaca')), 'the original look can be read');
  await setColour(page, 'accent', '#ffd43b');
  const told = (await lines()).join('\n');
  assert.match(told, /Teks di tombol \(putih\): \d(,\d)? : 1, terbaca/, 'on what takes the place of the accent');
  assert.match(
    told,
    /Tautan di latar terang: 1,4 : 1, sulit dibaca; pencarian memakai #[0-9a-f]{6} di sana, juga untuk tombol/,
  );
  assert.match(told, /Tautan di latar gelap: 1\d(,\d)? : 1, terbaca/);
  await setColour(page, 'accent', '#1b1145');
  assert.match(
    (await lines()).join('\n'),
    /Teks di tombol \(putih\).*\n.*\n.*\nTautan di latar gelap: 1(,\d)? : 1, sulit dibaca/s,
  );
  const english = await configurator('en');
  await setColour(english, 'accent', '#ffd43b');
  assert.match(
    (await english.locator('#contrast').innerText()).replaceAll('\n', ' '),
    /Text on buttons \(white\).*Links on a light surface: 1\.4 : 1, hard to read/,
  );
});

test('a mirror that may serve the page is in the code once it is chosen, and not before', async () => {
  const second = await serve(demo.site);
  const mirrored = await rebuild(demo, {
    toml: (text) => text.replace(/^mirrors = .*$/m, `mirrors = ["./", "${second.url}"]`),
  });
  const server = await serve(mirrored.site);
  const page = await open(`${server.url}embed-code.html`);
  await page.locator('#others').waitFor();
  assert.ok(!(await codeOn(page)).includes(second.url));
  await page.locator('[name=mirror]').check();
  assert.ok((await codeOn(page)).includes(`mirrors="${server.url} ${second.url}"`));
  assert.ok((await codeOn(page, 'policy')).includes(new URL(second.url).origin));
});

test('without a script the two basic lines stand there, and nothing that does nothing', async () => {
  const page = await open(`${site.url}embed-code.html`, { javaScriptEnabled: false });
  const text = await page.locator('body').innerText();
  assert.match(text, /<script type="module" src="https:\/\/ALAMAT-SITUS-INI\/element\.js"><\/script>\s*<bilik-lookup>/);
  assert.match(text, /Replace ALAMAT-SITUS-INI|Ganti ALAMAT-SITUS-INI/);
  assert.equal(await page.locator('button:visible, input:visible, select:visible').count(), 0);
});

for (const [lang, options] of [
  ['id', {}],
  ['en', { colorScheme: 'dark' }],
  ['id', { viewport: { width: 320, height: 640 } }],
]) {
  test(`axe finds nothing, and nothing is cut off: ${lang} ${JSON.stringify(options)}`, async () => {
    const page = await configurator(lang, options);
    await setColour(page, 'accent', '#00695c');
    await state(page, 'ready');
    await page.evaluate(AXE);
    const wrong = await page.evaluate(async (tags) => {
      const { violations } = await globalThis.axe.run(document, { runOnly: { type: 'tag', values: tags }, iframes: false });
      return violations.flatMap(({ id, nodes }) =>
        nodes.map(({ target, failureSummary }) => `${id}: ${target} ${failureSummary}`),
      );
    }, RULES);
    assert.deepEqual(wrong, []);
    assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
    assert.deepEqual(
      page.trouble.filter((line) => !line.includes('web-share')),
      [],
    );
  });
}

test('by keyboard alone: a way, a theme, and the code', async () => {
  const page = await configurator();
  await page.locator('[name=way]').first().focus();
  await page.keyboard.press('ArrowDown');
  assert.match(await codeOn(page), /^<iframe/);
  await page.keyboard.press('ArrowUp');
  await page.keyboard.press('Tab');
  await page.keyboard.press('ArrowDown');
  assert.match(await codeOn(page), /theme="light"/);
  await page.getByRole('button', { name: 'Salin kode' }).focus();
  await page.keyboard.press('Enter');
  await page.waitForFunction(() => document.getElementById('copied').textContent);
});
