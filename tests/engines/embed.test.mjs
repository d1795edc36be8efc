/**
 * The element on a page of another origin, under the policy that docs/embedding.md names, in three engines. No driver reaches
 * alike into a frame, so the frames here are served with somebody in them who types, presses, and tells the site's own server
 * which outcome is shown.
 */
import assert from 'node:assert/strict';
import { framedPolicy, inlinePolicy, listen, lookup, originOf, partner } from '../browser/embed-stage.mjs';
import { Relay, makeDemo, serve } from '../browser/stage.mjs';
import { PART, WHOLE, before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';

const PATIENCE_MS = 60_000;

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** Fills in a form and presses its button; gives the outcome. Works in a page: it is handed over as a whole. */
async function fill(root, { nik, name }) {
  const wait = async (get) => {
    for (;;) {
      const got = get();
      if (got) return got;
      await new Promise((done) => setTimeout(done, 50));
    }
  };
  const field = (id) => root.querySelector(`#${id}`);
  await wait(() => field('lang')?.querySelector('option'));
  field('nik').dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
  for (const [id, value] of Object.entries({ nik, name })) {
    field(id).value = value;
    field(id).dispatchEvent(new Event('input', { bubbles: true }));
  }
  field('ask').click();
  const shown = await wait(() => root.querySelector('#answer > [data-outcome]'));
  return shown.dataset.outcome;
}

/** A site whose frames ask that question by themselves. */
async function asking(question) {
  const server = await serve(demo.site);
  // In the frame's own module, once the form and its words are there.
  const script = `;(() => {
    const isThere = () => document.querySelector('html[data-started]');
    const ask = () => (${fill})(document, ${JSON.stringify(question)}).then((body) => fetch('told', { method: 'POST', body }));
    const timer = setInterval(() => isThere() && (clearInterval(timer), ask()), 50);
  })();`;
  server.alter = (path, body) => (path === 'embed.js' ? Buffer.concat([body, Buffer.from(script)]) : undefined);
  const told = async () => {
    for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
      const answer = server.requests.find(({ method }) => method === 'POST');
      if (answer) return answer.body;
      await new Promise((done) => setTimeout(done, 50));
    }
    throw new Error(`nothing was told; asked were ${server.asked().join(' ')}`);
  };
  return { url: server.url, server, told };
}

/** A site whose frame types when it is told to, and tells where the number stands in it, as often as that changes. */
async function answering(question) {
  const server = await serve(demo.site);
  const script = `;(() => {
    const tell = (text) => fetch('told', { method: 'POST', body: text });
    let last = '';
    const look = () => {
      requestAnimationFrame(look);
      const { top, bottom } = document.querySelector('[data-station-number]')?.getBoundingClientRect() ?? {};
      if (bottom && last !== (last = top + ' ' + bottom)) tell(last);
    };
    look();
    addEventListener('message', ({ data }) => data === 'ask' && (${fill})(document, ${JSON.stringify(question)}));
  })();`;
  server.alter = (path, body) => (path === 'embed.js' ? Buffer.concat([body, Buffer.from(script)]) : undefined);
  const number = () =>
    server.requests
      .findLast(({ method }) => method === 'POST')
      ?.body.split(' ')
      .map(Number);
  return { url: server.url, number };
}

/**
 * A phone that a page draws: a window of its own in which the partner's page scrolls, and which becomes shorter when the keyboard
 * opens. No driver here resizes a window in all engines.
 */
const PHONE = `<iframe id="phone" src="/article" style="border:0;width:360px;height:640px"></iframe>`;
const KEYBOARD_LEAVES = 360;

const scriptOf = ({ url }) => `<script type="module" src="${url}element.js"></script>`;

/** Waits until the element is in that state, and gives what it says of itself. */
async function element(visit, wanted) {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
    const now = await visit.evaluate(() => {
      const element = document.querySelector('bilik-lookup');
      const fallback = document.querySelector('.fallback');
      return { state: element.state, mirror: element.mirror, fallback: fallback.getClientRects().length > 0 };
    });
    if (now.state === wanted) return now;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(
    `never ${wanted}: ${JSON.stringify(await visit.evaluate(() => [document.querySelector('bilik-lookup').state, globalThis.seen]))}`,
  );
}

/** In the page: whether its dark surface is there, and the accent can be read on it and under the button's text, as WCAG counts it. */
function isReadable() {
  const paint = (selector) => getComputedStyle(document.querySelector(selector));
  const light = (colour) => {
    const linear = (part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
    const [r, g, b] = colour.match(/[\d.]+/g).map((part) => linear(part / 255));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const ratio = (ink, paper) => {
    const [low, high] = [light(ink), light(paper)].sort((one, other) => one - other);
    return (high + 0.05) / (low + 0.05);
  };
  const { color, backgroundColor } = paint('#ask');
  const surface = paint('body').backgroundColor;
  return light(surface) < 0.1 && ratio(color, backgroundColor) >= 4.49 && ratio(paint('.privacy').color, surface) >= 4.49;
}

/** @param {string} what @param {() => unknown} isSo */
async function eventually(what, isSo) {
  for (const until = Date.now() + PATIENCE_MS; Date.now() < until; ) {
    if (await isSo()) return;
    await new Promise((done) => setTimeout(done, 50));
  }
  throw new Error(`never: ${what}`);
}

const seen = (visit) => visit.evaluate(() => globalThis.seen);

for (const [name, start] of Object.entries(ENGINES)) {
  test(name, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());

    /** One visit after the other: WebKit's driver has no second one at a time. */
    const visiting = async (url, see) => {
      const visit = await engine.open(url);
      try {
        return await see(visit);
      } finally {
        await visit.close();
      }
    };

    await t.test('in a frame it answers, and a script of the page learns nothing', PART, async () => {
      const spied = async (question, outcome) => {
        const frames = await asking(question);
        const body = lookup(`election="demo-2026" public-key="${demo.publicKey}"`);
        return visiting(await partner(body, framedPolicy(frames.url), scriptOf(frames)), async (visit) => {
          assert.equal((await element(visit, 'ready')).fallback, false);
          assert.equal(await frames.told(), outcome);
          await new Promise((done) => setTimeout(done, 300));
          return JSON.stringify(await seen(visit)).replace(/http(:|%3A)[/2F%]+127.0.0.1(:|%3A)\d+/g, '');
        });
      };
      const found = await spied(demo.exact, 'found');
      const missed = await spied(demo.stranger, 'village_needed');
      const { messages, fields, keys, heights, used, history } = JSON.parse(found);
      assert.deepEqual(messages.map((message) => JSON.parse(message).data.bilik).sort(), ['alive', 'ready', 'touched']);
      assert.deepEqual([fields, keys], [[], []]);
      assert.equal(new Set(history).size, 1);
      assert.equal(heights.iframe.at(-1).split(' ')[1], '800');
      assert.equal(used.iframe.length, 1, 'one height from the touch on');
      // How touch and readiness fall in time is the machine's affair, and with it the heights between; what there is to see is not.
      const timeless = ([what]) => what !== 'heights';
      const sights = (spied) =>
        Object.entries(JSON.parse(spied))
          .filter(timeless)
          .map(([what, list]) => [what, [...new Set(Object.values(list).flat())].sort()]);
      assert.deepEqual(sights(missed), sights(found));
    });

    await t.test(
      'on a phone with the keyboard open the number lies in the visible part, and the page does not scroll',
      PART,
      async () => {
        const frames = await answering(demo.exact);
        const news = '<p>Berita.</p>'.repeat(30);
        const article = `<!doctype html><meta name="viewport" content="width=device-width">${scriptOf(frames)}${news}${lookup('loading="eager"')}${news}`;
        const host = await listen(({ url }, response) => {
          response.setHeader('content-type', 'text/html');
          response.end(url === '/article' ? article : `<!doctype html>${PHONE}`);
        });
        await visiting(host, async (visit) => {
          await eventually('the frame is ready', () =>
            visit.evaluate(
              () => document.getElementById('phone').contentDocument.querySelector('bilik-lookup')?.state === 'ready',
            ),
          );
          // As somebody has it who types the name: the keyboard open, the frame's top far above.
          const scrolled = await visit.evaluate((height) => {
            const phone = document.getElementById('phone');
            phone.style.height = `${height}px`;
            const page = phone.contentWindow;
            const element = page.document.querySelector('bilik-lookup');
            page.scrollBy(0, element.getBoundingClientRect().top + 300);
            element.shadowRoot.querySelector('iframe').contentWindow.postMessage('ask', '*');
            return page.scrollY;
          }, KEYBOARD_LEAVES);
          await eventually('the number is seen', async () => {
            const [top, bottom] = frames.number() ?? [];
            const frame = await visit.evaluate(() => {
              const page = document.getElementById('phone').contentWindow;
              const { top } = page.document
                .querySelector('bilik-lookup')
                .shadowRoot.querySelector('iframe')
                .getBoundingClientRect();
              return { top, scrollY: page.scrollY };
            });
            assert.equal(frame.scrollY, scrolled, 'the page does not scroll');
            return frame.top + top >= 0 && frame.top + bottom <= KEYBOARD_LEAVES;
          });
        });
      },
    );

    await t.test('a partner’s colour that could not be read on a dark surface becomes one that can', PART, async () => {
      await visiting(`${site.url}embed.html?theme=dark&accent=%2300695c`, async (visit) => {
        await eventually('the button and the link can be read', () => visit.evaluate(isReadable));
      });
    });

    await t.test('with the first mirror dead the frame comes from the second', PART, async () => {
      const dead = await Relay.start();
      await dead.stop();
      const frames = await asking(demo.exact);
      const body = lookup(`mirrors="${dead.url} ${frames.url}"`);
      await visiting(await partner(body, framedPolicy(frames.url, dead.url), scriptOf(frames)), async (visit) => {
        assert.equal((await element(visit, 'ready')).mirror, frames.url);
        assert.equal(await frames.told(), 'found');
      });
    });

    await t.test('with every mirror dead, or script blocked, the fallback shows', PART, async () => {
      const dead = await Relay.start();
      await dead.stop();
      const alone = await partner(lookup(`mirrors="${dead.url}"`), framedPolicy(site.url, dead.url), scriptOf(site));
      await visiting(alone, async (visit) => assert.equal((await element(visit, 'failed')).fallback, true));
      const blocked = await partner(lookup(), "default-src 'none'", scriptOf(site));
      await visiting(blocked, async (visit) => assert.equal(await visit.text('.fallback'), 'Cari TPS'));
    });

    for (const [how, change, worker] of [
      ['from a worker', (policy) => policy, true],
      ['where workers are forbidden', (policy) => policy.replace('worker-src blob:', "worker-src 'none'"), false],
    ]) {
      await t.test(`inline across origins it answers ${how}`, PART, async () => {
        const server = await serve(demo.site);
        const body = lookup(`inline election="demo-2026" public-key="${demo.publicKey}"`);
        await visiting(await partner(body, change(inlinePolicy(originOf(server.url))), scriptOf(server)), async (visit) => {
          assert.equal((await element(visit, 'ready')).fallback, false);
          const work = `(question) => (${fill})(document.querySelector('bilik-lookup').shadowRoot, question)`;
          assert.equal(await visit.evaluate({ toString: () => work }, demo.exact), 'found');
          // On the page itself the module is one of its resources.
          const modules = () =>
            performance.getEntriesByType('resource').filter(({ name }) => name.endsWith('on-page.js')).length;
          assert.equal(await visit.evaluate(modules), worker ? 0 : 1);
        });
      });
    }
  });
}
