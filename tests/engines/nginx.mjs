/**
 * Real nginx, one of it for each host: its own configuration in a folder of its own, on 127.0.0.1, with the headers that
 * docs/operating.md asks of a mirror. It can be stopped and started again on the same port, and be sick in the ways that
 * `serve` lists. Stalls are the one thing that nginx cannot do by itself: for those it hands on to a server that hangs.
 */
import { spawn } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { later } from '../browser/stage.mjs';
import { ended, listening } from './processes.mjs';

const NGINX = process.env.BILIK_NGINX ?? '/usr/sbin/nginx';

/**
 * How a host serves. Nothing of it is a healthy one.
 * @typedef {object} Manner
 * @property {string} root the folder
 * @property {string} [honestHead] a folder whose head is given whatever happens to the other files
 * @property {number} [rate] bytes a second and connection
 * @property {number} [atOnce] bytes that come before that, as fast as the line has it
 * @property {number} [status] said instead of any file; 444 is nginx's word for hanging up without one
 * @property {'before' | 'middle'} [stall] nothing ever comes, or half of the file and then nothing more
 */

/**
 * Who was asked for what, in the order in which the requests arrived. An access log is written when a request ends, which
 * for a stalled one is too late, and counts milliseconds, in which two heads are often asked at once. So each nginx also
 * tells, as soon as it has read a request, by a line of its error log (`rewrite_log`) that is sent here.
 */
export class Book {
  /** @type {{ host: string, path: string }[]} */
  arrived = [];
  #socket = createSocket('udp4');

  static async open() {
    const book = new Book();
    book.#socket.on('message', (line) => {
      const [, host, path] = / (\w+): .*"\^never\$" does not match "([^"]*)"/.exec(line.toString()) ?? [];
      if (path) book.arrived.push({ host, path });
    });
    await new Promise((done) => book.#socket.bind(0, '127.0.0.1', () => done(undefined)));
    later(() => book.#socket.close());
    return book;
  }

  get port() {
    return this.#socket.address().port;
  }
}

/** One nginx. */
export class Host {
  /** @type {import('node:child_process').ChildProcess | undefined} */
  #child;
  #folder = '';
  #port = 0;
  /** @type {Book} */ #book;

  /** @param {string} name letters only @param {Book} book */
  constructor(name, book) {
    this.name = name;
    this.#book = book;
  }

  /** Takes a port, and serves nothing yet. @param {string} name @param {Book} book */
  static async named(name, book) {
    const host = new Host(name, book);
    host.#folder = await mkdtemp(join(tmpdir(), `bilik-nginx-${name}-`));
    host.#port = await quietPort();
    const kill = () => host.#child?.kill('SIGTERM');
    process.once('exit', kill);
    later(async () => {
      await host.stop();
      process.removeListener('exit', kill);
      await rm(host.#folder, { recursive: true, force: true });
    });
    return host;
  }

  get url() {
    return `http://127.0.0.1:${this.#port}/`;
  }

  /** From now on it serves like this. @param {Manner} manner */
  async serve(manner) {
    await this.stop();
    await writeFile(join(this.#folder, 'nginx.conf'), await this.#configuration(manner));
    await this.start();
  }

  /** Starts again as it served last. */
  async start() {
    if (this.#child) return;
    const child = spawn(NGINX, ['-p', this.#folder, '-c', 'nginx.conf', '-e', 'error.log'], { stdio: 'inherit' });
    this.#child = child;
    await listening(this.#port, child);
  }

  /** From now on nobody listens at this address, and open connections are cut off. */
  async stop() {
    const child = this.#child;
    this.#child = undefined;
    child?.kill('SIGTERM');
    if (child) await ended(child);
  }

  /** What it served and how: its ordinary access log. */
  log = () => readFile(join(this.#folder, 'access.log'), 'utf8');

  /** @param {Manner} manner */
  async #configuration(manner) {
    const { root, honestHead, rate, atOnce = 0, status, stall } = manner;
    const files = [`root "${root}";`];
    if (rate) files.push(`limit_rate_after ${atOnce}; limit_rate ${rate};`);
    if (status) files.splice(0, 1, `return ${status};`);
    if (stall) {
      const port = await hangingServer(root);
      files.splice(0, 1, `proxy_pass http://127.0.0.1:${port}/${stall}/;`, 'proxy_buffering off;', 'proxy_read_timeout 1h;');
    }
    const { username } = userInfo();
    return `
# Started as root, nginx would turn into somebody who may not read the folders of this test.
${process.getuid?.() === 0 ? `user ${username};` : ''}
daemon off;
worker_processes 1;
pid nginx.pid;
error_log error.log warn;
error_log syslog:server=127.0.0.1:${this.#book.port},tag=${this.name} notice;
events { worker_connections 512; }
http {
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path temp-${kind};`).join('\n  ')}
  log_format asked '$msec $request_time $status $body_bytes_sent "$request_uri"';
  access_log access.log asked;
  types {
    text/html html; text/css css; text/javascript js; application/json json; image/svg+xml svg; image/png png;
    application/wasm wasm; application/manifest+json webmanifest; application/octet-stream bilik;
  }
  default_type application/octet-stream;
  charset utf-8;
  charset_types text/css text/javascript;
  sendfile on;
  gzip on;
  gzip_types text/css text/javascript application/json application/wasm image/svg+xml;
  map $uri $caching {
    ~^/[mdtsnpv]/ "public, max-age=31536000, immutable";
    default no-cache;
  }
  server {
    listen 127.0.0.1:${this.#port};
    add_header Access-Control-Allow-Origin * always;
    add_header Cache-Control $caching always;
    # Matches nothing: it is there to be mentioned in the log as soon as a request has arrived.
    rewrite_log on;
    rewrite ^never$ /;
    location / {
      ${files.join('\n      ')}
    }
    ${honestHead ? `location = /head.bilik { root "${honestHead}"; }` : ''}
  }
}
`;
  }
}

/**
 * A free port that is still free after a while without a listener: systems give those from 32768 on to clients that connect
 * somewhere, and then a stopped mirror would not come back, or would answer.
 */
async function quietPort() {
  for (;;) {
    const port = 20_000 + Math.floor(Math.random() * 12_000);
    const server = net.createServer();
    const isFree = await new Promise((done) =>
      server.on('error', () => done(false)).listen(port, '127.0.0.1', () => done(true)),
    );
    if (!isFree) continue;
    await new Promise((done) => server.close(done));
    return port;
  }
}

/**
 * A server that hangs: `/before/…` never says a word, `/middle/…` says half of the file and nothing more.
 * @param {string} root
 * @returns {Promise<number>} its port
 */
async function hangingServer(root) {
  const server = http.createServer(async (request, response) => {
    const [, stall, path] = /^\/(before|middle)\/([\w./-]+)/.exec(request.url ?? '') ?? [];
    if (stall !== 'middle' || path.includes('..')) return;
    const bytes = await readFile(join(root, path)).catch(() => undefined);
    if (!bytes) return response.writeHead(404).end();
    response.writeHead(200, { 'content-length': bytes.length }).write(bytes.subarray(0, bytes.length / 2));
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  later(() => {
    server.closeAllConnections();
    return new Promise((done) => server.close(done));
  });
  return /** @type {import('node:net').AddressInfo} */ (server.address()).port;
}
