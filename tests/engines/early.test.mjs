/** What the app needs next is on the way while its script is: in each engine at once, and once. */
import assert from 'node:assert/strict';
import { PART, WHOLE, before, test } from '../limits.mjs';
import { makeDemo, serve } from '../browser/stage.mjs';
import { ENGINES } from './engines.mjs';
import { pause } from './processes.mjs';

const EARLY = ['/worker.js', '/pkg/bilik_bg.wasm'];

let demo;
before(async () => {
  demo = await makeDemo(500);
});

/** Runs in the page, as a whole. */
const isStarted = () => 'started' in document.documentElement.dataset;

/** Keeps app.js back until what it returns is called. */
function hold(server) {
  let arrive = () => {};
  const late = new Promise((go) => (arrive = go));
  server.alter = (path) => (path === 'app.js' ? late : undefined);
  return arrive;
}

/** Runs in the page, as a whole. */
const isWhole = () => document.readyState !== 'loading';

/** Fills in the form and presses. */
async function ask(visit, { nik, name }) {
  await visit.type('#nik', nik);
  await visit.type('#name', name);
  await visit.click('#ask');
}

for (const [name, start] of Object.entries(ENGINES)) {
  test(name, WHOLE, async (t) => {
    const engine = await start();
    t.after(() => engine.close());

    await t.test('worker.js and the module are asked for before app.js has come, and no second time', PART, async () => {
      const server = await serve(demo.site);
      const arrive = hold(server);
      const visit = await engine.open(server.url, { begun: true });
      try {
        const times = (path) => server.asked().filter((other) => other === path).length;
        while (!EARLY.every(times)) await pause(50);
        assert.equal(await visit.evaluate(isStarted), false);
        arrive();
        while (!(await visit.evaluate(isStarted))) await pause(50);
        await ask(visit, demo.exact);
        await visit.text('#answer [data-outcome="found"] h1');
        assert.deepEqual(EARLY.map(times), [1, 1]);
        assert.deepEqual(visit.trouble, []);
      } finally {
        await visit.close();
      }
    });

    await t.test('what is typed and pressed before app.js has come is answered once it has', PART, async () => {
      const server = await serve(demo.site);
      const arrive = hold(server);
      const visit = await engine.open(server.url, { begun: true });
      try {
        while (!(await visit.evaluate(isWhole))) await pause(50);
        await ask(visit, demo.exact);
        assert.equal(await visit.evaluate(isStarted), false);
        arrive();
        await visit.text('#answer [data-outcome="found"] h1');
        assert.deepEqual(visit.trouble, []);
      } finally {
        await visit.close();
      }
    });

    await t.test('where neither comes early, both are asked for again', PART, async () => {
      const server = await serve(demo.site);
      const failed = new Set();
      server.alter = (path) => (EARLY.includes(`/${path}`) && failed.size < failed.add(path).size ? 503 : undefined);
      const visit = await engine.open(server.url);
      try {
        while (!(await visit.evaluate(isStarted))) await pause(50);
        await ask(visit, demo.exact);
        await visit.text('#answer [data-outcome="found"] h1');
        assert.equal(failed.size, 2);
      } finally {
        await visit.close();
      }
    });
  });
}
