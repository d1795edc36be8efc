/** Every screen of the page, one after the other, in any language: for the gallery, and for tests that check all of them. */
import http from 'node:http';
import { after } from '../limits.mjs';
import { NO_HTTP_CACHE, ask, chooseAny, namesakes, screen, serve, type } from './stage.mjs';

const DAY_MS = 24 * 3600 * 1000;

/** Back to the form, as a phone's own button leads there. */
export async function home(page) {
  await page.evaluate(() => (history.state === 'answer' ? history.back() : (location.hash = '')));
  await page.locator('#form').waitFor();
}

/**
 * A server that keeps every answer back until it is let go.
 * @returns {Promise<{ url: string, letGo(): void }>}
 */
async function reluctant(behind) {
  const waiting = [];
  let free = false;
  const server = http.createServer((request, response) => {
    const forward = () =>
      http
        .get(new URL(request.url ?? '/', behind), () => undefined)
        .on('response', (answer) => {
          response.writeHead(answer.statusCode ?? 500, answer.headers);
          answer.pipe(response);
        });
    if (free) forward();
    else waiting.push(forward);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  after(() => server.close());
  const letGo = () => {
    free = true;
    waiting.forEach((forward) => forward());
  };
  return { url: `http://127.0.0.1:${server.address().port}/`, letGo };
}

/** What the page says where nothing goes wrong. @param {(name: string) => Promise<void>} look is called at each screen */
export async function visit(page, demo, look) {
  await page.locator('html[data-started]').waitFor();
  await look('empty');
  await page.locator('#nik').pressSequentially(demo.exact.nik.slice(0, 6));
  await page.locator('.pin').waitFor();
  await look('typing');
  await page.locator('#nik').fill(`${demo.exact.nik}0001`);
  await page.locator('#nik-dropped:not(:empty)').waitFor();
  await look('sixteen digits');
  await page.locator('#nik').fill('110101320199');
  await page.locator('#place .doubt').nth(1).waitFor();
  await look('odd digits');
  await page.locator('#nik').fill('');
  await page.locator('#other').click();
  await page.locator('#district-finder input').pressSequentially(demo.exact.place.slice(0, 4));
  await page.locator('#district-finder [data-village]').first().waitFor();
  await look('birth date');
  await page.locator('#other').click();
  await page.locator('#ask').click();
  await page.locator('#nik-problem:not(:empty)').waitFor();
  await look('a gap');

  const answer = page.locator('#answer');
  await ask(page, demo.exact, 'found');
  await look('found');
  await answer.locator('.verified summary').click();
  await look('verified');
  await answer.locator('.directions summary').click();
  await look('directions');
  await answer.locator('.actions:has([href="#/saved"]) button').nth(1).click();
  await page.locator('#people .person').waitFor();
  await look('people');
  await ask(page, demo.near, 'village_needed');
  await look('village needed');
  await answer.locator('.finder input').last().pressSequentially(demo.near.place);
  await answer.locator('.finder [data-village]').first().waitFor();
  await look('another village');
  await answer.locator(`[data-village="${demo.near.village}"]`).first().click();
  await screen(page, 'found');
  await look('probably');
  await home(page);
  await ask(page, demo.stranger, 'village_needed');
  await chooseAny(page, 'not_found');
  await look('not found');
  await answer.locator('a[href="#/"]').click();
  await screen(page, 'browse');
  await answer.locator('.finder input').pressSequentially(demo.near.place);
  await answer.locator(`[data-village="${demo.near.village}"]`).waitFor();
  await look('browse');
  await answer.locator(`[data-village="${demo.near.village}"]`).click();
  await answer.locator('.stations li').first().waitFor();
  await look('stations');
  await answer.locator('.stations a').first().click();
  await answer.locator('.station').waitFor();
  await look('one station');
  await home(page);
  await ask(page, namesakes(demo), 'ambiguous');
  await look('ambiguous');
  await home(page);
  await ask(page, { nik: `11${demo.exact.nik.slice(2, 6)}010190`, name: 'Rekaan Takberwujud' }, 'no_such_region');
  await look('no such region');
  await home(page);
  await page.locator('#foot').click();
  await page.locator('#answer [data-regency], #answer .note:not(:empty)').first().waitFor();
  await look('saved');
  await home(page);
}

/**
 * What the page says where something does.
 * @param {(url: string) => Promise<import('playwright-core').Page>} open
 * @param {(name: string, page: import('playwright-core').Page) => Promise<void>} look
 */
export async function visitTrouble(open, demo, expires, look) {
  const server = await serve(demo.site);
  server.says = NO_HTTP_CACHE;
  server.alter = (path, bytes) => (path === 'head.bilik' ? bytes.map((byte) => byte ^ 1) : undefined);
  let page = await open(server.url);
  await ask(page, demo.exact, 'unverified');
  await page.locator('#answer summary').first().click();
  await look('unverified', page);
  await home(page);
  server.alter = (path) => (path === 'head.bilik' ? null : undefined);
  await page.locator('#name').fill('Lain Lagi');
  await page.locator('#ask').click();
  await screen(page, 'unreachable');
  await look('unreachable', page);
  await home(page);
  await page.context().setOffline(true);
  await page.locator('#name').fill('Lain Sekali');
  await page.locator('#ask').click();
  await screen(page, 'unreachable');
  await look('offline', page);
  await page.context().close();

  const late = await serve(demo.site);
  const now = Date.parse(expires) + DAY_MS;
  const clock = Buffer.from(`Date.now = () => ${now};`);
  late.says = { date: new Date(now).toUTCString() };
  late.alter = (path, bytes) => (path === 'worker.js' ? Buffer.concat([clock, bytes]) : undefined);
  page = await open(late.url);
  await ask(page, demo.exact, 'stale');
  await look('stale', page);
  await page.context().close();

  const slow = await serve(demo.site);
  page = await open(slow.url);
  await page.locator('html[data-started]').waitFor();
  const { url, letGo } = await reluctant(slow.behind);
  slow.behind = url;
  await type(page, demo.exact);
  await page.locator('#ask').click();
  await page.locator('#progress .card').waitFor();
  await look('searching', page);
  letGo();
  await screen(page, 'found');
  await page.context().close();

  page = await open(`${slow.url}embed.html`);
  await ask(page, demo.exact, 'found');
  await look('embedded', page);
  await page.context().close();
  page = await open(slow.url, { before: (page) => page.addInitScript(() => delete globalThis.WebAssembly) });
  await screen(page, 'no_wasm');
  await look('no WebAssembly', page);
  await page.context().close();
  page = await open(slow.url, { javaScriptEnabled: false });
  await look('no JavaScript', page);
  await page.context().close();
}
