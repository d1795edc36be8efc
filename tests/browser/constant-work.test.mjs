/** A lookup derives as many keys whether it finds or not: what the page is told of it, by the pool of the page's workers. */
import assert from 'node:assert/strict';
import { before, test } from '../limits.mjs';
import { ask, find, makeDemo, open, serve } from './stage.mjs';

/** 2^4 for the whole name, 2^6 for each of the first and the last word. */
const FULL = 16;
const NEAR = 64;

let demo;
let site;
before(async () => {
  demo = await makeDemo(800);
  site = await serve(demo.site);
});

/** A voter who is found by the first word and by the last one, in that village. */
async function someone() {
  for (const { nik, name, station } of demo.roll) {
    if (!station.startsWith(nik.slice(0, 6)) || !/^[A-Z]{5,} [A-Z]{5,}$/.test(name)) continue;
    const [first, last] = name.split(' ');
    const village = station.slice(0, 10);
    const found = await Promise.all([`${first} Takada`, `Takada ${last}`].map((name) => find(demo, { nik, name, village })));
    if (found.every(({ outcome, by }) => outcome === 'found' && by === 'near')) return { nik, name, first, last, village };
  }
  throw new Error('the roll has no such voter');
}

/** What the form tells of somebody's first digits. */
const typeAnew = (page) => page.evaluate(() => globalThis.client.prepare('39', ''));
/** What the page asks for between two questions, as where it names witnesses. */
const askInBetween = (page) => page.evaluate(() => globalThis.client.prepare(''));

/** Asks the module as the page does. Gives the outcome, and how many derivations there were to be and were done. */
const lookup = (page, question) =>
  page.evaluate(async (question) => {
    const { ModuleClient, readConfig } = await import(new URL('app.js', document.baseURI).href);
    globalThis.client ??= new ModuleClient(readConfig(document, document.baseURI).options);
    const told = [];
    const onProgress = ({ step, done, of }) => step === 'derive' && told.push({ done, of });
    const { outcome, by } = await globalThis.client.lookup(question, { onProgress });
    const of = new Set(told.map(({ of }) => of));
    return { outcome: [outcome, by].filter(Boolean).join(' by '), of: [...of], done: told.at(-1)?.done };
  }, question);

test('found or not, with a village or without: as many derivations', async () => {
  const { nik, name, first, last, village } = await someone();
  const page = await open(site.url, {
    before: (page) => page.addInitScript(() => Object.defineProperty(navigator, 'hardwareConcurrency', { value: 2 })),
  });
  // The page's own module, which has started by itself, has as many.
  while (page.workers().length < 2) await page.waitForTimeout(50);
  const cases = [
    [{ name }, 'found by full', FULL],
    [{ name: 'Takada Siapapun' }, 'village_needed', FULL],
    [{ name, village }, 'found by full', FULL + 2 * NEAR],
    [{ name: `${first} Takada`, village }, 'found by near', FULL + 2 * NEAR],
    [{ name: `Takada ${last}`, village }, 'found by near', FULL + 2 * NEAR],
    [{ name: 'Takada Siapapun', village }, 'not_found', FULL + 2 * NEAR],
    [{ name: first, village }, 'found by near', FULL + NEAR],
    [{ name: 'Takada', village }, 'not_found', FULL + NEAR],
    // The keys by the whole name are there still from the question before, whatever came of it.
    [{ name: first }, 'village_needed', FULL],
    [{ name: first, village }, 'found by near', NEAR, () => askInBetween(page)],
    [{ name: 'Takada' }, 'village_needed', FULL],
    [{ name: 'Takada', village }, 'not_found', NEAR],
    [{ name }, 'found by full', FULL],
    [{ name, village }, 'found by full', 2 * NEAR],
    // Once other digits are typed, nothing of that is there any more.
    [{ name, village }, 'found by full', FULL + 2 * NEAR, () => typeAnew(page)],
  ];
  for (const [question, outcome, work, first] of cases) {
    await first?.();
    const expected = { outcome, of: [work], done: work };
    assert.deepEqual(await lookup(page, { nik, ...question }), expected, JSON.stringify(question));
  }
  assert.equal(page.workers().length, 2 + 2, 'by two workers');
  assert.deepEqual(page.trouble, []);
});

test('when the form is cleared, the module forgets the last question', async () => {
  const page = await open(site.url, {
    before: (page) =>
      page.addInitScript(() => {
        const { postMessage } = Worker.prototype;
        globalThis.calls = [];
        Worker.prototype.postMessage = function (message, ...more) {
          if (message?.method) globalThis.calls.push([message.method, ...message.args]);
          return postMessage.call(this, message, ...more);
        };
      }),
  });
  await ask(page, demo.exact, 'found');
  const asked = await page.evaluate(() => globalThis.calls.length);
  await page.getByRole('button', { name: 'Cari untuk orang lain' }).click();
  await page.waitForFunction((asked) => globalThis.calls.length > asked, asked);
  assert.deepEqual(await page.evaluate((asked) => globalThis.calls.slice(asked), asked), [['prepare', '', '']]);
});
