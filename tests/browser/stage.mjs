/**
 * Sets the stage: a made-up election built and served by the real binary, Chromium, and somebody who types and presses.
 * Whatever is started here ends when the file's tests are over.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { cp, mkdtemp, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { chromium } from 'playwright-core';
import { after, lost, whenBrokenOff } from '../limits.mjs';

/** The checkout. */
export const ROOT = resolve(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '../..');
/** Long enough for a machine that does other things too; nothing passes because of it. */
const PATIENCE_MS = 20_000;

// --- What must end ----------------------------------------------------------------------------------------------------

/** @type {(() => unknown)[]} */
const endings = [];
const children = new Set();

/** Remembers how to end what was begun; the last begun ends first. */
export const later = (end) => endings.push(end);

/** Ends all that was begun. Tests need not call it. */
export async function end() {
  for (const end of endings.splice(0).reverse()) await end();
}
after(end);
// A test run that is broken off leaves nothing behind either.
process.on('exit', () => children.forEach((child) => child.kill('SIGKILL')));
whenBrokenOff(end);

// --- The binary -------------------------------------------------------------------------------------------------------

/** @type {Promise<string> | undefined} */
let found;

/** The binary: `BILIK`, or the release build, which cargo makes or finds up to date. */
const binary = () => (found ??= findBinary());

async function findBinary() {
  if (process.env.BILIK) return resolve(process.env.BILIK);
  await run('cargo', ['build', '--locked', '--release', '--quiet'], { cwd: ROOT });
  const built = resolve(ROOT, process.env.CARGO_TARGET_DIR ?? 'target', 'release/bilik');
  if (!existsSync(built)) throw new Error(`cargo built no ${built}; name the binary by BILIK`);
  return built;
}

/** Runs a command to its end. Rejects with all it said unless its status is one of those expected. */
export function run(command, args, { cwd, expect = [0] } = {}) {
  return new Promise((done, failed) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'pipe', 'pipe'] });
    children.add(child);
    let [out, said] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text) => (out += text));
    child.stderr.setEncoding('utf8').on('data', (text) => (said += text));
    child.on('error', failed);
    child.on('close', (status) => {
      children.delete(child);
      if (expect.includes(status)) done(out);
      else failed(new Error(`${command} ${args.join(' ')} ended with ${status}:\n${out}${said}`));
    });
  });
}

/** Runs `bilik` with these arguments and gives what it printed. */
export const bilik = async (args, options) => run(await binary(), args, options);

/** What `bilik find --json` prints: it says by its status, too, whether somebody was found. */
export async function find(demo, { nik, name, village, birthDate, sex, district }, site = demo.site) {
  const given = { nik, name, village, 'birth-date': birthDate, sex, district };
  const details = Object.entries(given).flatMap(([option, value]) => (value === undefined ? [] : [`--${option}`, value]));
  return JSON.parse(await bilik(['find', site, '--public-key', demo.publicKey, '--json', ...details], { expect: [0, 1, 2] }));
}

// --- A made-up election -----------------------------------------------------------------------------------------------

/**
 * `bilik demo`: the election folder, the key, the site, and the voters that it prints for people to try.
 * @param {number} [voters]
 */
export async function makeDemo(voters = 2_000) {
  const folder = await mkdtemp(join(tmpdir(), 'bilik-stage-'));
  later(() => rm(folder, { recursive: true, force: true }));
  const printed = await bilik(['demo', '--keep', folder, '--write-only', '--voters', String(voters)]);
  const [exact, near, stranger] = printed
    .split(/^ +\d\. /m)
    .slice(1)
    .map(readSample);
  if (!stranger?.name || !near.village) throw new Error(`these are not three voters to try:\n${printed}`);
  const publicKey = (await readFile(join(folder, 'key.pub'), 'utf8')).trim();
  const demo = { folder, election: join(folder, 'election'), key: join(folder, 'key'), site: join(folder, 'site'), publicKey };
  return { ...demo, exact, near, stranger, roll: await readRoll(demo.election) };
}

/** One voter as `bilik demo` prints it, with the digits as they are typed. */
function readSample(text) {
  const [, digits] = /^ +12 digits +(\d{4} \d{4} \d{4})$/m.exec(text) ?? [];
  const [, name] = /^ +name +(.+)$/m.exec(text) ?? [];
  const [, tps, place] = /TPS (\d+) in (.+?)(?:, at once)?$/m.exec(text) ?? [];
  const [, village] = /choose .+? \((\d{10})\)/.exec(text) ?? [];
  return { nik: digits?.replaceAll(' ', ''), name, number: Number(tps), place, village };
}

/** The made-up roll: `{ nik, name, station }`, the first 12 digits only. */
async function readRoll(election) {
  const [, ...lines] = (await readFile(join(election, 'voters.csv'), 'utf8')).trim().split('\n');
  return lines
    .filter((line) => !line.includes('"'))
    .map((line) => {
      const [, name, station] = line.split(',');
      return { nik: digitsOf(line), name, station };
    });
}

/** The first 12 digits of a line of the roll, however they are written there. */
export const digitsOf = (line) => line.split(',')[0].replace(/\D/g, '').slice(0, 12);

/**
 * Another site of the same election: the input changed, the same key, and others that sign beside it.
 * @param {{ toml?: (text: string) => string, voters?: (line: string) => boolean, keys?: string[] }} changes
 */
export async function rebuild(demo, { toml = (text) => text, voters, keys = [] }) {
  const folder = await mkdtemp(join(demo.folder, 'again-'));
  const election = join(folder, 'election');
  await cp(demo.election, election, { recursive: true });
  const change = async (file, how) => writeFile(join(election, file), how(await readFile(join(election, file), 'utf8')));
  await change('election.toml', toml);
  if (voters) {
    await change('voters.csv', (text) =>
      text
        .split('\n')
        .filter((line, at) => at === 0 || (line && voters(line)))
        .join('\n'),
    );
  }
  const site = join(folder, 'site');
  await bilik(['build', election, '--out', site, ...[demo.key, ...keys].flatMap((key) => ['--key', key])]);
  return { ...demo, election, site };
}

/** A head that bears two signatures, with the first of them alone: the number of signatures is not signed. @param {Buffer} head */
export const signedByOne = (head) => Object.assign(Buffer.from(head.subarray(0, 89 + 21 * head[88] + 72)), { 7: 1 });

/** For {@link Relay.says}: every file is asked for again, but for those that the app itself keeps. */
export const NO_HTTP_CACHE = { 'cache-control': 'no-store' };

/** The files of a site in one of its folders: `t/0123….bilik`. */
export const filesOf = async (site, kind) => (await readdir(join(site, kind))).map((file) => `${kind}/${file}`);

// --- Servers ----------------------------------------------------------------------------------------------------------

/** `bilik serve` on a free port, behind a {@link Relay} that counts what is asked of it. */
export async function serve(site) {
  const child = spawn(await binary(), ['serve', site, '--port', '0'], { stdio: ['ignore', 'pipe', 'inherit'] });
  children.add(child);
  const ended = new Promise((done) => child.on('exit', done));
  later(async () => {
    child.kill('SIGTERM');
    await ended;
    children.delete(child);
  });
  const address = await new Promise((done, failed) => {
    let said = '';
    child.stdout.setEncoding('utf8').on('data', (text) => {
      const [address] = /http:\/\/\S+/.exec((said += text)) ?? [];
      if (address) done(address);
    });
    child.on('exit', (status) => failed(new Error(`bilik serve ${site} ended with ${status}: ${said}`)));
  });
  const relay = await Relay.start();
  relay.behind = address;
  return relay;
}

/** For {@link Relay.alter}: the request is never answered. */
export const HANG = Symbol('hang');

/**
 * Hands requests on to a server, the page's and the worker's alike, and remembers each one. It can lie: `alter` gets the path, the
 * body and the headers, and may return, at once or later, another body, a status in place of an answer, `null` for a connection
 * that is cut, or {@link HANG}; it may change the headers.
 */
export class Relay {
  /** @type {{ method: string, path: string, headers: http.IncomingHttpHeaders, body: string }[]} */
  requests = [];
  /** The server that answers. */
  behind = '';
  /** @type {((path: string, body: Buffer, headers: http.IncomingHttpHeaders) => any) | undefined} */
  alter;
  /** Headers that it says instead of the server's; `undefined` keeps one back. @type {Record<string, string | undefined>} */
  says = {};
  #server = http.createServer((request, response) => void this.#answer(request, response));

  static async start() {
    const relay = new Relay();
    await new Promise((done) => relay.#server.listen(0, '127.0.0.1', done));
    later(() => relay.stop());
    return relay;
  }

  get url() {
    return `http://127.0.0.1:${this.port}/`;
  }

  get port() {
    return this.#server.address()?.port ?? this.lastPort;
  }

  /** What was asked since that many requests: paths. */
  asked(since = 0) {
    return this.requests.slice(since).map(({ path }) => path);
  }

  /** From now on nobody answers at this address. */
  async stop() {
    if (!this.#server.listening) return;
    this.lastPort = this.port;
    this.#server.closeAllConnections();
    await new Promise((done) => this.#server.close(done));
  }

  async #answer(request, response) {
    const body = await bytesOf(request);
    const { method, url: path, headers } = request;
    this.requests.push({ method, path, headers: { ...headers }, body: body.toString() });
    // What may be altered must be readable.
    if (this.alter) delete headers['accept-encoding'];
    const forward = http.request(new URL(path, this.behind), { method, headers: { ...headers, connection: 'close' } });
    forward.on('error', () => response.destroy());
    forward.on('response', async (answer) => {
      const plain = await bytesOf(answer);
      const headers = { ...answer.headers, 'transfer-encoding': undefined, ...this.says };
      const altered = await this.alter?.(path.slice(1), plain, headers);
      if (altered === HANG) return;
      if (altered === null) return response.destroy();
      if (typeof altered === 'number') return response.writeHead(altered).end();
      for (const [name, value] of Object.entries(headers)) if (value !== undefined) response.setHeader(name, value);
      // A body where the server has none is a file of its own.
      const status = altered && answer.statusCode === 404 ? 200 : answer.statusCode;
      response.writeHead(status, { 'content-length': (altered ?? plain).length });
      response.end(altered ?? plain);
    });
    forward.end(body);
  }
}

async function bytesOf(stream) {
  const chunks = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

// --- Chromium ---------------------------------------------------------------------------------------------------------

const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking'];

/** @type {Promise<import('playwright-core').Browser> | undefined} */
let launched;

const browser = () => (launched ??= launch());

async function launch() {
  const executablePath = process.env.BILIK_CHROMIUM ?? '/usr/bin/chromium';
  const args = [...ARGS, '--disable-component-update', '--disable-sync'];
  const browser = await chromium.launch({ executablePath, args });
  let isEnding = false;
  browser.on('disconnected', () => {
    launched = undefined;
    if (!isEnding) lost('chromium died');
  });
  later(() => {
    isEnding = true;
    return browser.close();
  });
  return browser;
}

/**
 * A page in a profile of its own. `page.trouble` lists what a page must never cause: errors, refused scripts, and whatever
 * else the console calls an error, but for what the network did.
 * @param {import('playwright-core').BrowserContextOptions & { before?: (page: import('playwright-core').Page) => unknown }} [options]
 */
export async function open(url, { before, ...options } = {}) {
  const context = await (await browser()).newContext({ locale: 'id-ID', viewport: { width: 360, height: 740 }, ...options });
  context.setDefaultTimeout(PATIENCE_MS);
  const page = await context.newPage();
  page.trouble = [];
  page.on('pageerror', (error) => page.trouble.push(`uncaught: ${error.stack ?? error}`));
  page.on('crash', () => lost("chromium's page died"));
  page.on('console', (message) => {
    const isNetwork = message.text().startsWith('Failed to load resource:');
    if (message.type() === 'error' && !isNetwork) page.trouble.push(`console: ${message.text()}`);
  });
  await page.exposeBinding('tellViolation', (_, violation) => page.trouble.push(violation));
  await page.addInitScript(() =>
    addEventListener('securitypolicyviolation', (event) =>
      globalThis.tellViolation(`policy: ${event.effectiveDirective} forbids ${event.blockedURI}`),
    ),
  );
  await before?.(page);
  await page.goto(url);
  return page;
}

// --- Somebody who asks ------------------------------------------------------------------------------------------------

/** Types the details as people do, digit by digit, and leaves the button alone. */
export async function type(page, { nik, name }) {
  await page.locator('#nik').fill('');
  await page.locator('#nik').pressSequentially(nik);
  await page.locator('#name').fill('');
  await page.locator('#name').pressSequentially(name);
}

/** Types the details, presses the button, and gives the answer's screen. */
export async function ask(page, question, expected) {
  await type(page, question);
  await page.locator('#ask').click();
  return screen(page, expected);
}

/** Chooses a village from those that the page offers. */
export async function choose(page, village, expected) {
  await page.locator(`#answer button[data-village="${village}"]`).click();
  return screen(page, expected);
}

/** Chooses the first village of those that the page offers. */
export async function chooseAny(page, expected) {
  await page.locator('#answer [data-village]').first().click();
  return screen(page, expected);
}

/** The screen of that outcome, once it is shown; says which one is shown instead. */
export async function screen(page, outcome) {
  const wanted = page.locator(`#answer > [data-outcome="${outcome}"]`);
  await wanted.waitFor().catch(async () => {
    const shown = (await page.locator('#answer').innerText()) || (await page.locator('#form').innerText());
    throw new Error(`no screen for ${outcome}; what is shown:\n${shown}\n${page.trouble.join('\n')}`);
  });
  return wanted;
}

/** Back to the form with what was typed, by the answer's own button. */
export async function edit(page) {
  await page.locator('#answer').getByRole('button', { name: 'Ubah isian' }).click();
  await page.locator('#form').waitFor();
}

/** Voters of the roll who are found by their whole name, and vote in the district of their NIK. */
export async function settled(demo, prefix, count) {
  const voters = [];
  for (const { nik, name, station } of demo.roll) {
    if (!nik.startsWith(prefix) || !station.startsWith(prefix) || !/^[A-Z]{4,} [A-Z]{4,}$/.test(name)) continue;
    const { outcome, by, station: answer } = await find(demo, { nik, name });
    if (outcome === 'found' && by === 'full' && answer.id === station) voters.push({ nik, name, number: answer.number });
    if (voters.length === count) return voters;
  }
  throw new Error(`the roll has no ${count} such voters in ${prefix}`);
}

/** Two voters with the same details at two stations. */
export function namesakes(demo) {
  const first = new Map();
  for (const voter of demo.roll) {
    const key = `${voter.nik} ${voter.name}`;
    const other = first.get(key);
    if (other && other.station !== voter.station) return { ...voter, stations: [other.station, voter.station].sort() };
    first.set(key, voter);
  }
  throw new Error('the roll has no namesakes');
}
