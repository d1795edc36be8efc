/**
 * Two mirrors and the page's own host, each a real nginx, and somebody who asks. The page comes from a host that is always
 * well; mirror A is the one that something befalls, mirror B is honest.
 */
import { Book, Host } from './nginx.mjs';
import { pause } from './processes.mjs';
import { makeSites } from './sites.mjs';

/** An answer may take that long: it is then late, and to be seen as such. */
const PATIENCE_MS = 90_000;
/** Lines of a log come by themselves, within a moment of the request. */
const LOG_MS = 50;
const HEAD = '/head.bilik';
const IS = {
  head: (path) => path === HEAD,
  file: (path) => /^\/[mdtsnp]\//.test(path),
  table: (path) => path.startsWith('/t/'),
};

/**
 * One lookup and what came of it.
 * @typedef {object} Try
 * @property {boolean} counted the mirror that something befell was asked first
 * @property {number} ms from the first touch (or from the call) to the answer
 * @property {string} outcome
 * @property {'right' | 'wrong' | 'missing'} verdict
 * @property {boolean} named the diagnostics of the answer name the mirror
 * @property {string[]} problems those diagnostics
 */

export class Rig {
  /** @param {number} voters */
  static async build(voters) {
    const book = await Book.open();
    const [a, b, page] = await Promise.all(['A', 'B', 'page'].map((name) => Host.named(name, book)));
    const sites = await makeSites(voters, [a.url, b.url]);
    const rig = new Rig(book, { a, b, page }, sites);
    await page.serve({ root: sites.current });
    await rig.heal();
    return rig;
  }

  #turn = 0;

  /** @param {Book} book @param {{ a: Host, b: Host, page: Host }} hosts @param {import('./sites.mjs').Sites} sites */
  constructor(book, { a, b, page }, sites) {
    Object.assign(this, { book, a, b, page, sites });
  }

  /** Both mirrors are well. */
  async heal() {
    await Promise.all([this.a, this.b].map((mirror) => mirror.serve({ root: this.sites.current })));
    await this.page.start();
  }

  /** Something befalls mirror A. @param {import('./faults.mjs').Fault} fault */
  async befall(fault) {
    await this.b.start();
    if (fault.manner) await this.a.serve(fault.manner(this.sites));
    else if (fault.afterTouch) await this.a.serve({ root: this.sites.current });
    else await this.a.stop();
  }

  /** The voters take turns. @returns {import('./sites.mjs').Voter} */
  someone = () => this.sites.voters[this.#turn++ % this.sites.voters.length];

  /**
   * One whole first lookup in a fresh profile.
   * @param {import('./engines.mjs').Engine} engine
   * @param {{ fault?: import('./faults.mjs').Fault, touched?: boolean, way?: Way }} [how]
   * @returns {Promise<Try>}
   */
  async attempt(engine, { fault, touched = fault?.afterTouch, way = byPage } = {}) {
    const voter = this.someone();
    if (fault?.afterTouch) await this.a.start();
    const visit = await engine.open(this.page.url);
    try {
      const since = this.book.arrived.length;
      await way.watch(visit);
      if (touched) {
        await way.touch(visit);
        await this.#quiet(since);
        if (fault) await this.a.stop();
      }
      await way.ask(visit, voter);
      const seen = await way.seen(visit);
      await pause(LOG_MS);
      const named = seen.problems.some((problem) => problem.startsWith(this.a.url));
      const counted = !fault || this.#wasFirst(fault, this.book.arrived.slice(since), seen.problems);
      return { ...seen, counted, named, verdict: judge(seen, voter) };
    } finally {
      await visit.close();
    }
  }

  /** The head has been asked for, and nothing else is. @param {number} since */
  async #quiet(since) {
    const asked = (kind) => this.book.arrived.slice(since).some(({ path }) => IS[kind](path));
    for (const until = Date.now() + PATIENCE_MS; !asked('head') && Date.now() < until; ) await pause(20);
    await pause(300);
  }

  /**
   * Whether mirror A was asked first, by nginx's own logs: whether the first request for a file on which its fault can be
   * noticed came to A and not to B.
   *
   * - Where every file is affected, that file is the head. It is asked of both mirrors at once, and one of the two requests
   *   goes out first. (A mirror that failed at the head is not asked first for anything else.)
   * - Where all but the head are, it is the first file of those that are named by their digest: it is asked of one mirror.
   * - At 20 kB/s it is the table: all other files are shorter than what such a line carries in a moment.
   * - A stopped mirror writes no log. Where it is stopped from the beginning, its head is asked for at the same time as B's,
   *   and every try counts. Where it stops after the touch, a try counts in which the diagnostics say that a file was asked
   *   of it in vain.
   *
   * @param {import('./faults.mjs').Fault} fault
   * @param {{ host: string, path: string }[]} arrived
   * @param {string[]} problems
   */
  #wasFirst(fault, arrived, problems) {
    if (fault.afterTouch) return problems.some((problem) => problem.startsWith(this.a.url) && !problem.includes(HEAD));
    if (!fault.manner) return true;
    const first = arrived.find(({ host, path }) => host !== this.page.name && IS[fault.shows](path));
    return first?.host === this.a.name;
  }
}

/** @returns {Try['verdict']} */
function judge({ outcome, number }, voter) {
  if (outcome !== 'found') return 'missing';
  return number === voter.number ? 'right' : 'wrong';
}

// --- Ways to ask ------------------------------------------------------------------------------------------------------

/**
 * @typedef {object} Way
 * @property {string} measured what the seconds are
 * @property {(visit: Visit) => Promise<unknown>} watch
 * @property {(visit: Visit) => Promise<unknown>} touch
 * @property {(visit: Visit, voter: import('./sites.mjs').Voter) => Promise<unknown>} ask
 * @property {(visit: Visit) => Promise<{ ms: number, outcome: string, number: number, problems: string[] }>} seen
 * @typedef {import('./engines.mjs').Visit} Visit
 */

/**
 * The page's own way: a finger on the first field, which is when the page first asks a mirror; the digits and the name, key by
 * key and without a pause; Enter.
 * @type {Way}
 */
export const byPage = {
  measured: 'the page: from the first touch of the form to the first answer shown; the driver types without a pause',
  watch: (visit) =>
    visit.evaluate(() => {
      const seen = (globalThis.bilikSeen = { began: 0, ended: 0 });
      const begin = () => (seen.began ||= performance.now());
      for (const event of ['focusin', 'input']) document.getElementById('form').addEventListener(event, begin, true);
      const look = () => {
        const answer = document.querySelector('#answer > [data-outcome]');
        if (!answer || seen.ended) return;
        seen.ended = performance.now();
        seen.outcome = answer.dataset.outcome;
        seen.number = Number(answer.querySelector('[data-station-number]')?.textContent);
        seen.problems = [...answer.querySelectorAll('details li')].map((line) => line.textContent);
      };
      new MutationObserver(look).observe(document.getElementById('answer'), { childList: true });
    }),
  async touch(visit) {
    await visit.click('#nik');
    await visit.evaluate(() => (globalThis.bilikSeen.began = 0));
  },
  async ask(visit, { nik, name }) {
    // A page that shows no form says what it shows instead.
    await visit.text('#form');
    await visit.click('#nik');
    await visit.type('#nik', nik);
    await visit.type('#name', `${name}\n`);
  },
  async seen(visit) {
    await visit.text('#answer > [data-outcome]', PATIENCE_MS).catch(() => {});
    const seen = await visit.evaluate(() => globalThis.bilikSeen);
    const { began, ended, outcome = 'nothing', number = 0, problems = [] } = seen;
    return { ms: (ended || Number.NaN) - began, outcome, number, problems };
  },
};

/**
 * The module alone, in a worker as the page would start it: all requests begin at once, and no typing hides one.
 * @type {Way}
 */
export const byModule = {
  measured: "the module: from the call of `lookup`, the worker's start included, to its outcome",
  watch: (visit) =>
    visit.evaluate(async () => {
      const { ModuleClient, readConfig } = await import(new URL('app.js', document.baseURI).href);
      globalThis.bilikClient = new ModuleClient(readConfig(document, document.baseURI).options);
    }),
  touch: (visit) => visit.evaluate(() => globalThis.bilikClient.prepare('').then(() => {})),
  ask: (visit, { nik, name }) =>
    visit.evaluate(
      async (question) => {
        const began = performance.now();
        const { outcome, station, problems, data } = await globalThis.bilikClient.lookup(question);
        const told = (problems ?? data?.problems ?? []).map(({ source, file, reason }) => `${source}${file}: ${reason}`);
        globalThis.bilikSeen = { ms: performance.now() - began, outcome, number: station?.number ?? 0, problems: told };
      },
      { nik, name },
    ),
  seen: (visit) => visit.evaluate(() => globalThis.bilikSeen),
};
