/** The frame where a page, a device or a sandbox makes it hard: a phone with its keyboard open, large text, partners' colours. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { framedPolicy, frameOf, inlinePolicy, lookup, originOf, partner as partnerPage, state } from './embed-stage.mjs';
import { ask, choose, makeDemo, open, screen, serve, type } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

const PHONE = { width: 360, height: 640 };
/** What a keyboard leaves of it. */
const TYPING = { width: 360, height: 360 };

/** A partner's article around the lookup. */
const article = (body) => `${'<p>Berita.</p>'.repeat(30)}${body}${'<p>Berita.</p>'.repeat(30)}`;
const partner = (body, policy = framedPolicy(site.url)) =>
  partnerPage(body, policy, `<script type="module" src="${site.url}element.js"></script>`);
const plainFrame = (more = '', query = 'lang=id') =>
  `<iframe src="${site.url}embed.html?${query}" title="Cari TPS" width="100%" height="800" ${more}></iframe>`;

/** The frame of a page that has one, as the helpers of the stage want a page. */
function inner(page, selector = 'iframe') {
  const frame = page.frameLocator(selector);
  return { locator: (selector) => frame.locator(selector), trouble: page.trouble };
}

// --- A phone with its keyboard open -------------------------------------------------------------------------------------

/** Waits until the answer stands where somebody sees it: the number, whole, in what the keyboard leaves. */
async function numberInView(page, frame) {
  const number = frame.locator('[data-station-number]').first();
  const { height } = page.viewportSize();
  const within = async () => {
    const { y, height: tall } = await number.boundingBox();
    return [y >= 0 && y + tall <= height, `from ${y} to ${y + tall} of ${height}`];
  };
  for (const until = Date.now() + 5000; ; ) {
    const [isSeen, where] = await within();
    if (isSeen) return;
    assert.ok(Date.now() < until, `the number is ${where}`);
  }
}

for (const [how, body, frameIn, ready] of [
  ['the element', () => lookup(), frameOf, (page) => state(page, 'ready')],
  [
    'a plain frame',
    () => plainFrame(),
    inner,
    (page) => inner(page).locator('#lang option').first().waitFor({ state: 'attached' }),
  ],
]) {
  test(`with ${how} on a phone with the keyboard open the number is in view, and the page around it does not scroll`, async () => {
    const page = await open(await partner(article(body())), { viewport: PHONE });
    await page.locator('bilik-lookup, iframe').first().scrollIntoViewIfNeeded();
    await ready(page);
    const frame = frameIn(page);
    await type(frame, demo.exact);
    await page.setViewportSize(TYPING);
    await frame.locator('#name').scrollIntoViewIfNeeded();
    const top = () => page.evaluate(() => scrollY);
    const before = await top();
    await frame.locator('#name').press('Enter');
    await screen(frame, 'found');
    await numberInView(page, frame);
    assert.equal(await top(), before, 'the page around it');
    await page.setViewportSize(PHONE);
    await numberInView(page, frame);
    await page.evaluate(() => document.querySelector('bilik-lookup, iframe').scrollIntoView());
    await numberInView(page, frame);
    const gap = () => frame.locator('#answer').evaluate((answer) => answer.style.marginTop);
    for (const until = Date.now() + 5000; (await gap()) && Date.now() < until; );
    assert.equal(await gap(), '', 'from the top there is no gap');
  });
}

test('an answer after the choice of a village is in view too, and a form that comes back stands where it stood', async () => {
  const page = await open(await partner(article(lookup())), { viewport: PHONE });
  await page.locator('bilik-lookup').scrollIntoViewIfNeeded();
  await state(page, 'ready');
  const frame = frameOf(page);
  await type(frame, demo.near);
  await frame.locator('#ask').scrollIntoViewIfNeeded();
  await frame.locator('#ask').click();
  await screen(frame, 'village_needed');
  await choose(frame, demo.near.village, 'found');
  await numberInView(page, frame);
  await frame.locator('#answer').getByRole('button', { name: 'Ubah isian' }).click();
  await frame.locator('#form').waitFor();
  assert.equal(await frame.locator('#answer').evaluate((answer) => answer.style.marginTop), '');
});

// --- Sandboxes ------------------------------------------------------------------------------------------------------------

const SANDBOXES = ['allow-scripts', 'allow-scripts allow-same-origin'];

for (const sandbox of SANDBOXES) {
  test(`in a frame with sandbox="${sandbox}" it answers, and says of a download and of printing what may be wrong`, async () => {
    const page = await open(await partner(plainFrame(`sandbox="${sandbox}"`)));
    const frame = inner(page);
    await ask(frame, demo.exact, 'found');
    const calendar = frame.locator('#answer').getByRole('button', { name: 'Simpan ke kalender' });
    await calendar.click();
    const note = frame.locator('.blocked');
    await note.waitFor();
    assert.match(await note.innerText(), /mungkin melarangnya/);
    const link = await note.locator('a').getAttribute('href');
    assert.match(link, new RegExp(`^${site.url}tps/\\d{4}/\\d{10}\\.html#${demo.exact.number}$`));
    await calendar.click();
    assert.equal(await note.count(), 1, 'once');
    await note.evaluate((line) => line.remove());
    await frame.locator('#answer').getByRole('button', { name: 'Cetak' }).click();
    await note.waitFor();
  });

  test(`in a page under the policy "sandbox ${sandbox}" a frame answers`, async () => {
    const page = await open(await partner(plainFrame(), `sandbox ${sandbox}`));
    await ask(inner(page), demo.exact, 'found');
  });

  test(`served under the policy "sandbox ${sandbox}" the frame's own page answers`, async () => {
    const strict = await serve(demo.site);
    strict.says = { 'content-security-policy': `sandbox ${sandbox}` };
    const page = await open(await partner(plainFrame().replace(site.url, strict.url), framedPolicy(site.url, strict.url)));
    await ask(inner(page), demo.exact, 'found');
  });
}

test('on a page of its own, nothing is said of downloads', async () => {
  const page = await open(site.url);
  await ask(page, demo.exact, 'found');
  const download = page.waitForEvent('download');
  await page.getByRole('button', { name: 'Simpan ke kalender' }).click();
  await download;
  assert.equal(await page.locator('.blocked').count(), 0);
});

// --- Large text, and a page whose text is small ---------------------------------------------------------------------------

test('with text of 200 % on a narrow phone the number is on the first screen, and nothing is cut off', async () => {
  const page = await open(await partner(plainFrame()), { viewport: PHONE });
  const frame = inner(page);
  await frame.locator('html').evaluate((html) => (html.style.fontSize = '200%'));
  for (const [question, village] of [[demo.exact], [demo.near, demo.near.village]]) {
    await type(frame, question);
    await frame.locator('#ask').click();
    if (village) {
      await screen(frame, 'village_needed');
      await choose(frame, village, 'found');
    } else await screen(frame, 'found');
    const { bottom } = await frame.locator('[data-station-number]').evaluate((number) => number.getBoundingClientRect());
    assert.ok(bottom <= PHONE.height, `the number ends at ${bottom} px`);
    assert.deepEqual(await frame.locator('html').evaluate(cutOff), []);
    await frame.locator('#answer').getByRole('button', { name: 'Ubah isian' }).click();
    await frame.locator('#form').waitFor();
    assert.deepEqual(await frame.locator('html').evaluate(cutOff), []);
  }
});

/** In the page: what reaches beyond the frame, or beyond a box that hides the rest. */
function cutOff(html) {
  return [...html.querySelectorAll('*')]
    .filter((element) => {
      const { left, right, width } = element.getBoundingClientRect();
      const isUnseen = element.closest('.unseen, select, noscript') || !width;
      const isCut = getComputedStyle(element).overflowX === 'hidden' && element.scrollWidth > element.clientWidth + 1;
      return !isUnseen && (left < -1 || right > html.clientWidth + 1 || isCut);
    })
    .map((element) => element.outerHTML.slice(0, 90));
}

test('inline on a page whose root has 10 px, text has the size that the reader set', async () => {
  const body = lookup(`inline election="demo-2026" public-key="${demo.publicKey}"`);
  const page = await open(await partner(body, inlinePolicy(originOf(site.url))));
  await page.evaluate(() => (document.documentElement.style.fontSize = '10px'));
  await state(page, 'ready');
  await ask(page, demo.exact, 'found');
  const sizes = () =>
    page.evaluate(() => {
      const { shadowRoot } = document.querySelector('bilik-lookup');
      const texts = [...shadowRoot.querySelectorAll('*')].filter(
        (element) =>
          element.getClientRects().length && [...element.childNodes].some((node) => node.nodeType === 3 && node.data.trim()),
      );
      return texts.map((element) => Number.parseFloat(getComputedStyle(element).fontSize));
    });
  assert.ok(Math.min(...(await sizes())) >= 12, `${await sizes()}`);
  assert.equal(
    await page.evaluate(
      () => getComputedStyle(document.querySelector('bilik-lookup').shadowRoot.querySelector('body')).fontSize,
    ),
    '18px',
  );
  await page.evaluate(() => document.body.append(document.querySelector('bilik-lookup')));
  await state(page, 'ready');
  await page.waitForFunction(
    () => getComputedStyle(document.querySelector('bilik-lookup').shadowRoot.querySelector('body')).fontSize === '18px',
  );
});

// --- Partners' colours ----------------------------------------------------------------------------------------------------

/** In the page: the contrast of what is written, by the colours that the browser computed; as WCAG counts it. */
function contrasts(html) {
  const parts = (colour) => colour.match(/[\d.]+/g).map(Number);
  const light = (colour) => {
    const [r, g, b] = parts(colour).map((part) =>
      part / 255 <= 0.04045 ? part / 255 / 12.92 : ((part / 255 + 0.055) / 1.055) ** 2.4,
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const between = (ink, paper) => {
    const [low, high] = [light(ink), light(paper)].sort((one, other) => one - other);
    return (high + 0.05) / (low + 0.05);
  };
  const paint = (selector) => getComputedStyle(html.querySelector(selector));
  const surface = paint('body').backgroundColor;
  return {
    button: between(paint('#ask').color, paint('#ask').backgroundColor),
    link: between(paint('.privacy').color, surface),
    text: between(paint('label[for=nik]').color, surface),
    hint: between(paint('#nik-hint').color, surface),
  };
}

for (const [what, colours] of Object.entries({
  'an accent for light paper': { accent: '#00695c' },
  'a pale accent': { accent: '#ffe066' },
  'an accent in a newer notation': { accent: 'oklch(0.4 0.1 20)' },
  'a dark surface alone': { surface: '#101820' },
  'grey on grey': { surface: '#777', text: '#888', muted: '#7a7a7a', accent: '#666', 'on-accent': '#777' },
})) {
  test(`with ${what}, everything can be read in light and dark, whichever comes second`, async () => {
    const query = new URLSearchParams({ lang: 'id', ...colours }).toString().replaceAll('&', '&amp;');
    const page = await open(await partner(plainFrame('', query)), { viewport: PHONE });
    const frame = inner(page);
    await frame.locator('#lang option').first().waitFor({ state: 'attached' });
    for (const colorScheme of ['light', 'dark', 'light']) {
      await page.emulateMedia({ colorScheme });
      const readable = async () => Object.entries(await frame.locator('html').evaluate(contrasts));
      let found;
      for (const until = Date.now() + 3000; Date.now() < until; ) {
        found = await readable();
        if (found.every(([, ratio]) => ratio >= 4.49)) break;
      }
      for (const [part, ratio] of found) assert.ok(ratio >= 4.49, `${part} in ${colorScheme}: ${ratio.toFixed(2)}`);
    }
  });
}

test("a partner's accent that can be read is left as it is, and a theme that changes makes it one that can", async () => {
  const page = await open(await partner(''));
  await page.evaluate(() => {
    const element = Object.assign(document.createElement('bilik-lookup'), { theme: 'light' });
    element.style.cssText = '--bilik-accent: #00695c; --bilik-sign: #00695c';
    document.body.append(element);
  });
  await state(page, 'ready');
  const frame = frameOf(page);
  const background = () => frame.locator('#ask').evaluate((button) => getComputedStyle(button).backgroundColor);
  assert.equal(await background(), 'rgb(0, 105, 92)');
  await page.evaluate(() => (document.querySelector('bilik-lookup').theme = 'dark'));
  await frame.locator('html[style*="dark"]').waitFor({ state: 'attached' });
  assert.notEqual(await background(), 'rgb(0, 105, 92)');
  for (const [part, ratio] of Object.entries(await frame.locator('html').evaluate(contrasts)))
    assert.ok(ratio >= 4.49, `${part}: ${ratio}`);
  await page.evaluate(() => (document.querySelector('bilik-lookup').theme = 'light'));
  await frame.locator('html[style*="light"]').waitFor({ state: 'attached' });
  assert.equal(await background(), 'rgb(0, 105, 92)');
});

test('inline, the same colours are kept readable', async () => {
  const page = await open(await partner('', inlinePolicy(originOf(site.url))));
  await page.evaluate((publicKey) => {
    const element = document.createElement('bilik-lookup');
    Object.assign(element, { theme: 'dark', inline: true, election: 'demo-2026', publicKey });
    element.style.cssText = '--bilik-accent: #00695c';
    document.body.append(element);
  }, demo.publicKey);
  await state(page, 'ready');
  const found = await page.evaluate(`(${contrasts})(document.querySelector('bilik-lookup').shadowRoot.querySelector('html'))`);
  for (const [part, ratio] of Object.entries(found)) assert.ok(ratio >= 4.49, `${part}: ${ratio}`);
});
