/**
 * What one real first visit asks of a site's host: Chromium opens the page in a new profile, somebody is found, and the service worker
 * keeps the app. Prints JSON: a request after the other, with its status and the bytes of its body as they were sent, and whether it came
 * before the answer.
 *
 *   node tests/visit/log.mjs FOLDER        with election/ and site/, compressed as docs/operating.md says
 *
 * @typedef {{ path: string, status: number, bytes: number, isBefore: boolean, kind: 'page' | 'module' | 'data' }} Logged
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { host } from './host.mjs';
import { identity, SlowLine } from './line.mjs';
import { launch, visit } from './visit.mjs';

/** Until the service worker, which begins a second after the answer, has all it wants. */
const QUIET_MS = 4_000;
const PATIENCE_MS = 60_000;
/** Not everybody is found by the whole name: some share it, or its words are too common. */
const MAX_TRIES = 5;

const [folder] = process.argv.slice(2);
const voters = readFileSync(join(folder, 'election/voters.csv'), 'utf8')
  .split('\n')
  .map((line) => line.split(','))
  .filter(([nik, name, station]) => /^[A-Z]{4,} [A-Z]{4,}$/.test(name) && station.startsWith(nik.slice(0, 6)))
  .map(([nik, name]) => ({ nik: nik.slice(0, 12), name }));

const me = identity();
const browser = await launch(me.fingerprint);
const server = await host(join(folder, 'site'));
try {
  console.log(JSON.stringify(await found()));
} finally {
  await server.stop();
  await browser.close();
}

/** The log of the first who is found. @returns {Promise<Logged[]>} */
async function found() {
  for (const voter of voters.slice(0, MAX_TRIES)) {
    const line = await SlowLine.start(server.url, me);
    line.hurry();
    let before = 0;
    const { outcome } = await visit(browser, line.url, voter, async () => {
      before = line.requests.length;
      await pause(QUIET_MS);
      for (const late = Date.now() + PATIENCE_MS; !line.isQuiet(QUIET_MS) && Date.now() < late; ) await pause(200);
    });
    await line.stop();
    if (outcome !== 'found') continue;
    const kind = (path) => (path.endsWith('.bilik') ? 'data' : path.startsWith('pkg/') ? 'module' : 'page');
    return line.requests.map(({ path, status, bytes }, at) => ({
      path,
      status,
      bytes,
      isBefore: at < before,
      kind: kind(path),
    }));
  }
  throw new Error(`none of ${MAX_TRIES} voters in ${folder} was found by the whole name`);
}

function pause(ms) {
  return new Promise((done) => setTimeout(done, ms));
}
