/** A partner's page: an origin of its own, the policy that docs/embedding.md names, and a script that is curious. */
import http from 'node:http';
import { after } from '../limits.mjs';

/** A server that answers so, on a free port, until the file's tests are over. @param {http.RequestListener} answer */
export async function listen(answer) {
  const server = http.createServer(answer);
  await new Promise((done) => server.listen(0, '127.0.0.1', done));
  after(() => (server.closeAllConnections(), server.close()));
  return `http://127.0.0.1:${server.address().port}/`;
}

/** What docs/embedding.md asks of a page that shows frames; `'self'` is for the page's own curious script. */
export const framedPolicy = (...mirrors) =>
  `default-src 'none'; script-src 'self' ${originOf(mirrors[0])}; frame-src ${mirrors.map(originOf).join(' ')}; ` +
  "require-trusted-types-for 'script'; trusted-types 'none'";

/** What docs/embedding.md asks of a page that shows the lookup inline; the site's origin is `'self'` on the site itself. */
export const inlinePolicy = (site, ...mirrors) =>
  `default-src 'none'; script-src 'self' ${site} 'wasm-unsafe-eval'; style-src ${site}; img-src ${site}; ` +
  `connect-src ${[site, ...mirrors].join(' ')}; worker-src blob:; require-trusted-types-for 'script'; trusted-types bilik`;

export const originOf = (url) => new URL(url).origin;

/** A page of an origin of its own. @param {string} body @param {string} policy @param {string} [scripts] */
export function partner(body, policy, scripts = '') {
  const page = `<!doctype html><html lang="id"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
    <title>Berita</title><script src="/spy.js"></script>${scripts}<h1>Berita</h1>${body}<p>Akhir.</p></html>`;
  return listen(({ url }, response) => {
    if (url === '/spy.js') return response.setHeader('content-type', 'text/javascript').end(`(${spy})();`);
    response.setHeader('content-type', 'text/html');
    response.setHeader('content-security-policy', policy);
    response.end(page);
  });
}

/** An element with a fallback, and these attributes. */
export const lookup = (attributes = '', fallback = '<a class="fallback" href="https://example.org/">Cari TPS</a>') =>
  `<bilik-lookup ${attributes}>${fallback}</bilik-lookup>`;

/** The frame of the nth element, as the helpers of the stage want a page. */
export function frameOf(page, nth = 0) {
  const frame = page.locator('bilik-lookup').nth(nth).locator('iframe').contentFrame();
  return { locator: (selector) => frame.locator(selector), trouble: page.trouble };
}

export const state = (page, wanted, nth = 0) =>
  page.waitForFunction(([nth, wanted]) => document.querySelectorAll('bilik-lookup')[nth].state === wanted, [nth, wanted]);

/** What went wrong but for what Chromium says of a permission that it does not know. */
export const trouble = (page) => page.trouble.filter((line) => !line.includes('web-share'));

/** Writes down all that a script of the page can come by. Runs in the page, before the element does. */
export function spy() {
  const seen = (globalThis.seen = {
    messages: [],
    events: [],
    keys: [],
    fields: [],
    heights: {},
    used: {},
    history: [],
    frames: [],
  });
  const note = (list, what) => list.at(-1) !== what && list.push(what);
  // From when the lookup is there: how soon that is depends on the line.
  let isThere = false;
  addEventListener('bilik-ready', () => (isThere = true));
  // Whether a frame was drawn between that and the first touch is the machine's affair; from the touch on it must not be.
  let isTouched = false;
  addEventListener('bilik-touch', () => (isTouched = true));
  const measure = (element) => {
    const height = `${element.scrollHeight} ${element.getBoundingClientRect().height}`;
    if (isThere) note((seen.heights[element.localName] ??= []), height);
    if (isTouched) note((seen.used[element.localName] ??= []), height);
  };
  addEventListener('message', ({ data, origin }) => seen.messages.push(JSON.stringify({ data, origin })), true);
  for (const event of ['bilik-ready', 'bilik-touch', 'bilik-error']) {
    addEventListener(event, ({ type, detail }) => seen.events.push(JSON.stringify({ type, detail })), true);
  }
  for (const event of ['keydown', 'keypress', 'keyup', 'beforeinput', 'input', 'change', 'paste', 'submit']) {
    addEventListener(
      event,
      ({ key, data, target }) => seen.keys.push(`${event} ${key ?? ''} ${data ?? ''} ${target?.value ?? ''}`),
      true,
    );
  }
  const everywhere = (root) =>
    [...root.querySelectorAll('*')].flatMap((element) => [
      element,
      ...(element.shadowRoot ? everywhere(element.shadowRoot) : []),
    ]);
  const look = () => {
    requestAnimationFrame(look);
    note(seen.history, history.length);
    measure(document.documentElement);
    for (const element of everywhere(document)) {
      if ('value' in element && element.value) note(seen.fields, String(element.value));
      measure(element);
      if (element.tagName !== 'IFRAME' || !element.contentWindow) continue;
      note(seen.frames, `${element.contentWindow.length} ${element.src} ${element.name}`);
      try {
        // A frame is the page's own until it has gone where it goes.
        const { body } = element.contentWindow.document;
        if (body?.childNodes.length) note(seen.fields, body.outerHTML);
      } catch {
        // As it should be.
      }
    }
  };
  requestAnimationFrame(look);
}
