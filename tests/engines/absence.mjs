/** Nobody is in reach: after one lookup, and before any. */
import { pause } from './processes.mjs';
import { byPage } from './rig.mjs';

const SECOND = 1_000;
/** For the service worker to have kept the whole app. */
const INSTALL_MS = 15 * SECOND;
/** For the page to try again by itself after a mirror came back. */
const RETURN_MS = 90 * SECOND;
const NUMBER = '#answer > [data-outcome="found"] [data-station-number]';

/**
 * One lookup; then the mirrors and the page's host stop, the page reloads, and the same voter and a neighbour ask.
 * @param {import('./engines.mjs').Engine} engine
 * @param {import('./rig.mjs').Rig} rig
 * @returns {Promise<{ wanted: number[], shown: number[] }>} station numbers
 */
export async function afterOneLookup(engine, rig) {
  await rig.heal();
  const [first, neighbour] = rig.sites.voters;
  const visit = await engine.open(rig.page.url);
  try {
    await byPage.ask(visit, first);
    await visit.text(NUMBER);
    await appIsKept(visit);
    await Promise.all([rig.a, rig.b, rig.page].map((host) => host.stop()));
    const shown = [];
    for (const voter of [first, neighbour]) {
      await visit.reload();
      await byPage.ask(visit, voter);
      shown.push(Number(await visit.text(NUMBER)));
    }
    return { wanted: [first.number, neighbour.number], shown };
  } finally {
    await visit.close();
    await rig.heal();
  }
}

/** @param {import('./engines.mjs').Visit} visit */
const appIsKept = (visit) =>
  visit.evaluate(
    (patience) =>
      Promise.race([
        navigator.serviceWorker.ready.then(() => {}),
        new Promise((_, failed) => setTimeout(() => failed(new Error(`no service worker after ${patience} ms`)), patience)),
      ]),
    INSTALL_MS,
  );

/**
 * Somebody asks while no mirror answers; then one comes back, and nobody presses anything.
 * @param {import('./engines.mjs').Engine} engine
 * @param {import('./rig.mjs').Rig} rig
 * @param {'stopped' | 'stalled'} absence
 * @returns {Promise<Absence>}
 *
 * @typedef {object} Absence
 * @property {string} outcome
 * @property {number} seconds until it was shown
 * @property {string[]} problems
 * @property {number} wanted the station's number
 * @property {number} shown
 * @property {number} answeredAfter seconds since the mirror came back
 */
export async function beforeAnyLookup(engine, rig, absence) {
  await rig.heal();
  const voter = rig.someone();
  const visit = await engine.open(rig.page.url);
  try {
    const stall = (mirror) => mirror.serve({ root: rig.sites.current, stall: 'before' });
    const vanish = (mirror) => (absence === 'stopped' ? mirror.stop() : stall(mirror));
    await Promise.all([rig.a, rig.b].map(vanish));
    await byPage.watch(visit);
    await byPage.ask(visit, voter);
    const first = await byPage.seen(visit);
    // The page stays as it is for as long as nobody is there.
    await pause(2 * SECOND);
    const still = await visit.evaluate(() => document.querySelector('#answer > [data-outcome]')?.dataset.outcome);
    await rig.b.serve({ root: rig.sites.current });
    const back = Date.now();
    const shown = Number(await visit.text(NUMBER, RETURN_MS).catch(() => Number.NaN));
    const answeredAfter = (Date.now() - back) / SECOND;
    const outcome = still === first.outcome ? still : `${first.outcome}, then ${still}`;
    const { ms, problems } = first;
    return { outcome, seconds: ms / SECOND, problems, wanted: voter.number, shown, answeredAfter };
  } finally {
    await visit.close();
    await rig.heal();
  }
}

/**
 * A first visit with one lookup, until the app is kept; then its host is gone, the page reloads, and the same voter asks.
 * @param {import('./engines.mjs').Engine} engine
 * @param {import('./nginx.mjs').Host} host
 * @param {{ nik: string, name: string }} voter
 * @returns {Promise<{ asked: { status: number, path: string }[], shown: number }>} by nginx's log; the station's number
 */
export async function afterwards(engine, host, voter) {
  const visit = await engine.open(host.url);
  try {
    await byPage.ask(visit, voter);
    await visit.text(NUMBER);
    await appIsKept(visit);
    await host.stop();
    const log = await host.log();
    const asked = Array.from(log.matchAll(/ (\d{3}) \d+ "(\S+)"$/gm), ([, status, path = '']) => ({
      status: Number(status),
      path,
    }));
    await visit.reload();
    await byPage.ask(visit, voter);
    return { asked, shown: Number(await visit.text(NUMBER)) };
  } finally {
    await visit.close();
  }
}
