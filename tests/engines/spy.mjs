/**
 * A page that embeds Bilik's frame and wants to know whether somebody was found. It cannot look into the frame, but it shares
 * the device's cores with it: two workers of its own count as fast as they can, and count less while somebody else works.
 */
import { framedPolicy, listen, originOf } from '../browser/embed-stage.mjs';

/** Counts for so long between two looks at the clock: some browsers tell whole milliseconds only. */
const SLICE_MS = 4;
/** The load of a lookup is looked at as a whole and in parts, one after another. */
const PARTS = 12;
const BIN_MS = 20;
/** Less than a driver's call may take: the frame then says what it shows. */
const FRAME_PATIENCE_MS = 25_000;
/** Counting so much slower than in peace means that somebody else works. */
const BUSY = 0.2;

/** In a worker: tells, again and again, a moment, how long it has counted since the last one, and how far. */
function count(sliceMs) {
  const now = () => performance.timeOrigin + performance.now();
  let slices = [];
  let last = now();
  const slice = () => {
    for (let posted = last; ; ) {
      let counted = 0;
      let at = last;
      for (; at - last < sliceMs; at = now()) for (let step = 0; step < 200; step += 1) counted += Math.sqrt(step) > 1 ? 1 : 2;
      slices.push([at, at - last, counted]);
      last = at;
      if (at - posted < 50) continue;
      postMessage(slices);
      slices = [];
      posted = at;
    }
  };
  slice();
}

/** In the embedding page: the workers, and what they counted from a moment on. */
function watchLoad(frameOrigin) {
  const counted = [[], []];
  counted.forEach((slices, at) => {
    const worker = new Worker(`count.js?${at}`);
    worker.onmessage = ({ data }) => slices.push(...data);
  });
  let isThere = false;
  const waiting = [];
  addEventListener('message', ({ origin, data }) => {
    if (origin === frameOrigin && data.spied) waiting.shift()?.(data.spied);
    isThere ||= origin === frameOrigin;
  });
  const tell = (message) =>
    new Promise((done) => {
      waiting.push(done);
      document.querySelector('iframe').contentWindow.postMessage({ spied: message }, frameOrigin);
    });
  const now = () => performance.timeOrigin + performance.now();
  const pause = (ms) => new Promise((done) => setTimeout(done, ms));

  /**
   * Somebody asks in the frame; gives the outcome, when the village was pressed, when the last work was done, and what was
   * counted around that.
   */
  globalThis.spyOn = async (question, quietMs, windowMs) => {
    // The frame's script may come after the page's.
    for (; !isThere; await pause(100))
      document.querySelector('iframe').contentWindow.postMessage({ spied: { greet: '' } }, '*');
    const asked = await tell({ fill: question });
    if (asked !== 'village_needed') throw new Error(asked);
    await pause(quietMs);
    const pressed = now();
    const outcome = await tell({ press: question });
    const took = now() - pressed;
    const end = pressed + windowMs;
    await pause(Math.max(0, end - now()));
    // The workers tell what they counted with a delay.
    while (!counted.every((slices) => slices.at(-1)?.[0] > end)) await pause(20);
    const slices = counted.map((all) => all.filter(([at]) => at > pressed - quietMs && at < end));
    for (const all of counted) all.length = 0;
    return { outcome, pressed, took, slices };
  };
}

/**
 * In the frame: types and presses as it is told to. Works in a page: it is handed over as a whole.
 * The embedding page learns from it when the village is pressed, and when the module has answered the last call, of the search
 * for slips too. That is more than a page comes to know: the spy is better than it can be.
 */
function obey(patienceMs) {
  const calls = new Set();
  let isFound = false;
  globalThis.Worker = class extends Worker {
    constructor(...how) {
      super(...how);
      this.addEventListener('message', ({ data }) => {
        if (data?.id === undefined || data.progress) return;
        calls.delete(data.id);
      });
    }
    postMessage(message, ...more) {
      if (message?.method) calls.add(message.id);
      super.postMessage(message?.method ? { ...message, spied: isFound } : message, ...more);
    }
  };
  const wait = async (get) => {
    for (const until = performance.now() + patienceMs; performance.now() < until; ) {
      const got = get();
      if (got) return got;
      await new Promise((done) => setTimeout(done, 10));
    }
    throw new Error(`never ${get}; shown is: ${document.body.innerText}`);
  };
  const shown = (outcomes) => outcomes.map((one) => document.querySelector(`#answer > [data-outcome="${one}"]`)).find(Boolean);
  const field = (id) => document.getElementById(id);
  const steps = {
    greet: async () => '',
    /** Up to the choice of a village. */
    async fill({ nik, name }) {
      await wait(() => document.querySelector('html[data-started]'));
      [...document.querySelectorAll('#answer button')].find(({ textContent }) => textContent === 'Ubah isian')?.click();
      await wait(() => field('form').getClientRects().length);
      field('nik').dispatchEvent(new FocusEvent('focusin', { bubbles: true }));
      for (const [id, value] of Object.entries({ nik, name })) {
        field(id).value = value;
        field(id).dispatchEvent(new Event('input', { bubbles: true }));
      }
      field('ask').click();
      await wait(() => shown(['village_needed']));
      return 'village_needed';
    },
    async press({ village, ...question }) {
      isFound = question.isFound;
      (await wait(() => document.querySelector(`#answer [data-village="${village}"]`))).click();
      const answer = await wait(() => shown(['found', 'not_found', 'ambiguous', 'broken', 'unreachable']));
      await wait(() => !calls.size);
      isFound = false;
      return answer.dataset.outcome;
    },
  };
  addEventListener('message', async ({ source, origin, data }) => {
    if (!data?.spied) return;
    const [step, value] = Object.entries(data.spied)[0];
    const answer = await steps[step](value).catch(({ message }) => `failed: ${message}`);
    source.postMessage({ spied: answer }, origin);
  });
}

/** Lets a site's frames be driven by the page around them. @param {import('../browser/stage.mjs').Relay} server */
export function driveFrames(server, { worker = (body) => body } = {}) {
  server.alter = (path, body) => {
    if (path === 'embed.js') return Buffer.concat([body, Buffer.from(`;(${obey})(${FRAME_PATIENCE_MS});`)]);
    return path === 'worker.js' ? Buffer.from(worker(body.toString())) : undefined;
  };
}

/** The embedding page. @param {import('../browser/stage.mjs').Relay} frames */
export async function spyingPage(frames) {
  const files = {
    '/count.js': `(${count})(${SLICE_MS});`,
    '/watch.js': `(${watchLoad})(${JSON.stringify(originOf(frames.url))});`,
  };
  const policy = `${framedPolicy(frames.url)}; worker-src 'self'`.replace(
    /require-trusted-types-for[^;]*; trusted-types[^;]*;?/,
    '',
  );
  return listen(({ url = '' }, response) => {
    const script = files[url.split('?')[0]];
    response.setHeader('content-type', script ? 'text/javascript' : 'text/html');
    response.setHeader('content-security-policy', policy);
    response.end(
      script ??
        `<!doctype html><html lang="id"><meta charset="utf-8"><title>Berita</title><h1>Berita</h1>
         <iframe src="${frames.url}embed.html" width="340" height="600"></iframe><script src="/watch.js"></script></html>`,
    );
  });
}

// --- What the spy makes of it -----------------------------------------------------------------------------------------

/**
 * What was missing of the counting from the press on: in all, in each part of the window, and until when. Other programs on the
 * device take their share too: the load is measured against the counting in peace, and once more against that around the lookup.
 * `calm` is how much of its full speed it counted at before the press.
 * @param {{ pressed: number, slices: number[][][] }} seen
 * @param {number} windowMs
 */
export function features({ pressed, slices }, windowMs) {
  const bins = new Array(Math.ceil(windowMs / BIN_MS)).fill(0);
  let [before, beforeMs] = [0, 0];
  for (const counted of slices) {
    const peace = fastest(counted.map(([, ms, count]) => count / ms));
    for (const [at, ms, count] of counted) {
      if (at < pressed) [before, beforeMs] = [before + count / peace, beforeMs + ms];
      // A slice in which the worker had to wait lies in several bins.
      for (let left = ms; left > 0; left -= BIN_MS) {
        const bin = Math.floor((at - pressed - ms + left) / BIN_MS);
        if (bin >= 0 && bin < bins.length) bins[bin] += (Math.min(left, BIN_MS) * count) / ms / peace;
      }
    }
  }
  const sum = (some) => some.reduce((sum, one) => sum + one, 0);
  const whole = BIN_MS * slices.length;
  const calm = beforeMs ? before / beforeMs : 0;
  const usual = calm * whole || whole;
  const lost = bins.map((counted) => whole - counted);
  const busy = bins.map((counted) => counted < (1 - BUSY) * usual);
  const size = bins.length / PARTS;
  const parts = Array.from({ length: PARTS }, (_, at) => [`part ${at + 1}`, sum(lost.slice(at * size, (at + 1) * size))]);
  const counted = {
    lost: sum(lost),
    'lost of the usual': whole * (bins.length - sum(bins) / usual),
    busy: busy.filter(Boolean).length * BIN_MS,
    end: (busy.findLastIndex((isBusy, at) => isBusy && busy[at - 1]) + 1) * BIN_MS,
    ...Object.fromEntries(parts),
  };
  return { calm, counted };
}

/** How fast it counts in peace: faster than nine of ten slices; the fastest ones are the clock's. @param {number[]} rates */
const fastest = (rates) => rates.sort((a, b) => a - b)[Math.floor(rates.length * 0.9)] ?? Number.NaN;

/**
 * The feature and the threshold that tell the tries apart best.
 * @typedef {{ isFound: boolean, features: Record<string, number> }} Tried
 * @param {Tried[]} tries
 */
export function train(tries) {
  let best = { name: '', threshold: 0, foundIsAbove: true, right: -1 };
  for (const name of Object.keys(tries[0].features)) {
    const sorted = [...tries].sort((a, b) => a.features[name] - b.features[name]);
    let foundBelow = 0;
    const found = sorted.filter(({ isFound }) => isFound).length;
    for (let below = 0; below <= sorted.length; below += 1) {
      if (below > 0 && sorted[below - 1].isFound) foundBelow += 1;
      const above = found - foundBelow + (below - foundBelow);
      const threshold =
        below === 0
          ? Number.NEGATIVE_INFINITY
          : (sorted[below - 1].features[name] + (sorted[below] ?? sorted[below - 1]).features[name]) / 2;
      for (const [right, foundIsAbove] of [
        [above, true],
        [sorted.length - above, false],
      ]) {
        if (right > best.right) best = { name, threshold, foundIsAbove, right };
      }
    }
  }
  return best;
}

/** How many of these it tells rightly. @param {ReturnType<typeof train>} classifier @param {Tried[]} tries */
export const test = ({ name, threshold, foundIsAbove }, tries) =>
  tries.filter(({ isFound, features }) => features[name] > threshold === (isFound === foundIsAbove)).length;

/** The least number of `tries` coins that shows heads in less than one of `rarity` games. */
export function unlikely(tries, rarity) {
  let chance = 0.5 ** tries;
  let tail = 0;
  for (let heads = tries; heads >= 0; heads -= 1) {
    tail += chance;
    if (tail > 1 / rarity) return heads + 1;
    chance *= heads / (tries - heads + 1);
  }
  return 0;
}
