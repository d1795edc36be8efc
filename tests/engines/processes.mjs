/** Processes: who started whom, who still runs, and how they end. Linux, by /proc. */
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import net from 'node:net';

const START_LIMIT_MS = 30_000;

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

/** The fields of /proc/PID/stat after the command, which may hold spaces. @param {number | string} pid */
function statOf(pid) {
  try {
    const [state, parent, group] = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /s, '')
      .split(' ');
    return { state, parent: Number(parent), group: Number(group) };
  } catch {
    return undefined;
  }
}

/** A zombie has died; its parent has not asked for its status yet. */
const hasEnded = (stat) => !stat || stat.state === 'Z' || stat.state === 'X';

/** @param {number} pid */
export const isRunning = (pid) => !hasEnded(statOf(pid));

/** A process that leads a group. @param {number} pid */
export const leadsGroup = (pid) => statOf(pid)?.group === pid;

/** @param {(stat: { state: string, parent: number, group: number }) => boolean} wanted */
const running = (wanted) =>
  readdirSync('/proc')
    .filter((entry) => /^\d+$/.test(entry))
    .map((pid) => ({ pid: Number(pid), stat: statOf(pid) }))
    .filter(({ stat }) => !hasEnded(stat) && wanted(stat))
    .map(({ pid }) => pid);

/** The running children of a process. @param {number} pid */
export const childrenOf = (pid) => running(({ parent }) => parent === pid);

/** The running members of a process group. @param {number} group */
export const membersOf = (group) => running((stat) => stat.group === group);

/** The first of these files that exists, or the last. */
export const firstOf = (...paths) => paths.find((path) => path && existsSync(path)) ?? paths.at(-1);

/** Sends a signal to a process or, with a negative id, to a group; does nothing if it has ended. @param {number} pid */
export function signal(pid, name) {
  try {
    process.kill(pid, name);
  } catch {
    // It has ended.
  }
}

/** Ends a whole group: asks, and after `grace` milliseconds kills. A stopped or hung process only heeds the latter. */
export async function endGroup(group, grace = 3_000) {
  signal(-group, 'SIGTERM');
  for (const until = Date.now() + grace; membersOf(group).length && Date.now() < until; ) await pause(50);
  signal(-group, 'SIGKILL');
  for (const until = Date.now() + grace; membersOf(group).length && Date.now() < until; ) await pause(50);
}

/** Waits for a child's end. @param {import('node:child_process').ChildProcess} child */
export const ended = (child) =>
  new Promise((done) => (child.exitCode === null && child.signalCode === null ? child.once('exit', done) : done(undefined)));

/** What a child writes to a descriptor, as soon as it matches. */
export function written(child, descriptor, wanted) {
  return new Promise((done, failed) => {
    let text = '';
    const timer = setTimeout(
      () => failed(new Error(`${child.spawnfile} wrote only "${text}" in ${START_LIMIT_MS} ms`)),
      START_LIMIT_MS,
    );
    child.on('error', failed).on('exit', (status) => failed(new Error(`${child.spawnfile} ended with ${status}: ${text}`)));
    child.stdio[descriptor].setEncoding('utf8').on('data', (more) => {
      if (!wanted.test((text += more))) return;
      clearTimeout(timer);
      done(text);
    });
  });
}

export function freePort() {
  return new Promise((done, failed) => {
    const server = net.createServer().on('error', failed);
    server.listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => done(port));
    });
  });
}

/** Waits until something takes connections on that port. */
export async function listening(port, child) {
  for (const until = Date.now() + START_LIMIT_MS; Date.now() < until; ) {
    if (child.exitCode !== null) break;
    const taken = await new Promise((done) => {
      const socket = net.connect(port, '127.0.0.1', () => done(true)).on('error', () => done(false));
      socket.on('connect', () => socket.destroy());
    });
    if (taken) return;
    await pause(20);
  }
  throw new Error(`${child.spawnfile} does not listen on port ${port} (status ${child.exitCode})`);
}
