/**
 * A slow line, for all connections together: one token bucket of 400 kbit/s, and 400 ms from a request to its answer. It
 * speaks HTTP/2 over TLS, as the hosts of docs/operating.md do, and hands requests on to a server without any of that. A new
 * connection costs what it costs on such a line: a round trip for TCP, another for TLS, and the server's certificates.
 *
 * @typedef {object} Request
 * @property {string} path
 * @property {number} status
 * @property {number} bytes of the body, as they were transferred
 * @property {number} weight bytes that the line was busy with for the body
 * @property {number} headers bytes of the answer's headers, as HTTP/1.1 writes them
 * @property {number} connection counted from 1
 * @property {number} began milliseconds since 1970, like the next two
 * @property {number} [first] when the answer began to arrive
 * @property {number} [ended]
 */
import { execFileSync } from 'node:child_process';
import { createHash, X509Certificate } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import http from 'node:http';
import http2 from 'node:http2';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

export const BYTES_PER_SECOND = 400_000 / 8;
export const ROUND_TRIP_MS = 400;
/** What the line carries at once. */
const PACKET = 1_460;
/** So much is sent at once after a rest; it also makes up for timers that fire late. */
const BURST = 2 * PACKET;
/** TCP and TLS 1.3. */
const GREETING_MS = 2 * ROUND_TRIP_MS;
/** Two certificates, as public authorities issue them. */
const CERTIFICATES = 3_000;
/** HTTP/2 packs headers: what it repeats takes a byte. As much as that remains of an answer's. */
const PACKED_HEADERS = 100;
/** Those of one connection in HTTP/1.1. */
const HOP_BY_HOP = /^(connection|keep-alive|transfer-encoding|upgrade|proxy-connection|http2-settings|:.*)$/i;

const now = () => performance.timeOrigin + performance.now();
const until = (time) => new Promise((done) => setTimeout(done, time - now()));

/** The bucket. */
class Bucket {
  rate = BYTES_PER_SECOND;
  #free = 0;

  /** Resolves when these bytes have been carried; who asks first is carried first. @param {number} bytes */
  carry(bytes) {
    const full = now() - (BURST * 1_000) / this.rate;
    this.#free = Math.max(this.#free, full) + (bytes * 1_000) / this.rate;
    return until(this.#free);
  }
}

export class SlowLine {
  /** @type {Request[]} */
  requests = [];
  /** How many bytes the line is busy with in place of a file's own. @type {(path: string) => number | undefined} */
  weight = () => undefined;
  #bucket = new Bucket();
  #latency = ROUND_TRIP_MS;
  /** When a connection can carry its first request, and its number. @type {WeakMap<object, { ready: number, number: number }>} */
  #connections = new WeakMap();
  #opened = 0;
  #agent = new http.Agent({ keepAlive: true });
  /** @type {Set<import('node:net').Socket>} */
  #sockets = new Set();
  #server;
  #behind;

  /** @param {string} behind the server's address @param {{ key: string, cert: string }} identity */
  constructor(behind, { key, cert }) {
    this.#behind = behind;
    this.#server = http2.createSecureServer(
      { key, cert, allowHTTP1: true },
      (request, response) => void this.#answer(request, response),
    );
    this.#server.on('secureConnection', (socket) => {
      this.#sockets.add(socket);
      socket.on('close', () => this.#sockets.delete(socket));
      if (socket.alpnProtocol !== 'h2') this.#greet(socket);
    });
    this.#server.on('session', (session) => this.#greet(session));
  }

  /** @param {string} behind @param {{ key: string, cert: string }} identity */
  static async start(behind, identity) {
    const line = new SlowLine(behind, identity);
    await new Promise((done) => line.#server.listen(0, '127.0.0.1', () => done(undefined)));
    return line;
  }

  get url() {
    return `https://127.0.0.1:${this.#server.address().port}/`;
  }

  /** From now on the line is fast: for what nobody waits for. */
  hurry() {
    this.#bucket.rate = 100 * BYTES_PER_SECOND;
    this.#latency = 0;
  }

  /** Slow again, and nothing remembered. */
  rewind() {
    this.#bucket = new Bucket();
    this.#latency = ROUND_TRIP_MS;
    this.#opened = 0;
    this.requests = [];
  }

  /** Nothing is under way, and nothing was for so long. @param {number} ms */
  isQuiet(ms) {
    return this.requests.every(({ ended }) => ended && ended < now() - ms);
  }

  async stop() {
    this.#agent.destroy();
    for (const socket of this.#sockets) socket.destroy();
    await new Promise((done) => this.#server.close(done));
  }

  /** @param {object} connection */
  #greet(connection) {
    this.#connections.set(connection, { ready: now() + (this.#latency && GREETING_MS), number: ++this.#opened });
    void this.#bucket.carry(CERTIFICATES);
  }

  async #answer(request, response) {
    const { ready, number } = this.#connections.get(request.stream?.session ?? request.socket) ?? { ready: 0, number: 0 };
    const path = request.url.slice(1);
    /** @type {Request} */
    const entry = { path, status: 0, bytes: 0, weight: 0, headers: 0, connection: number, began: now() };
    this.requests.push(entry);
    let isGone = false;
    response.on('close', () => {
      isGone = true;
      entry.ended ??= now();
    });
    const arrived = until(Math.max(ready, entry.began) + this.#latency);
    const [answer, body] = await this.#ask(request);
    await arrived;
    entry.status = answer.statusCode;
    entry.headers = `HTTP/1.1 ${answer.statusCode} ${answer.statusMessage}\r\n\r\n`.length;
    for (let at = 0; at < answer.rawHeaders.length; at += 2) {
      const [name, value] = answer.rawHeaders.slice(at, at + 2);
      entry.headers += `${name}: ${value}\r\n`.length;
      if (!HOP_BY_HOP.test(name)) response.setHeader(name, value);
    }
    await this.#bucket.carry(request.stream ? PACKED_HEADERS : entry.headers);
    if (isGone) return;
    entry.first = now();
    response.writeHead(answer.statusCode);
    const weight = (entry.weight = this.weight(path) ?? body.length);
    const packets = Math.ceil(weight / PACKET);
    for (let packet = 0; packet < packets; packet += 1) {
      await this.#bucket.carry(Math.min(PACKET, weight - packet * PACKET));
      if (isGone) return;
      const part = body.subarray(
        Math.floor((packet * body.length) / packets),
        Math.floor(((packet + 1) * body.length) / packets),
      );
      entry.bytes += part.length;
      if (part.length) response.write(part);
    }
    entry.ended = now();
    response.end();
  }

  /** @returns {Promise<[http.IncomingMessage, Buffer]>} */
  #ask(request) {
    const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !HOP_BY_HOP.test(name)));
    return new Promise((done, failed) => {
      const forward = http.request(new URL(request.url, this.#behind), { method: request.method, headers, agent: this.#agent });
      forward.on('error', failed);
      forward.on('response', async (answer) => {
        const chunks = [];
        for await (const chunk of answer) chunks.push(chunk);
        done([answer, Buffer.concat(chunks)]);
      });
      forward.end();
    });
  }
}

/** A key and a certificate for this machine, and by what a browser knows it: the SHA-256 of its public key. */
export function identity() {
  const folder = mkdtempSync(join(tmpdir(), 'bilik-line-'));
  try {
    const [keyFile, certFile] = ['key', 'cert'].map((file) => join(folder, file));
    const subject = ['-subj', '/CN=127.0.0.1', '-addext', 'subjectAltName=IP:127.0.0.1', '-days', '2'];
    const kind = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
    execFileSync('openssl', ['req', '-x509', ...kind, ...subject, '-keyout', keyFile, '-out', certFile], { stdio: 'ignore' });
    const [key, cert] = [keyFile, certFile].map((file) => readFileSync(file, 'utf8'));
    const publicKey = new X509Certificate(cert).publicKey.export({ type: 'spki', format: 'der' });
    return { key, cert, fingerprint: createHash('sha256').update(publicKey).digest('base64') };
  } finally {
    rmSync(folder, { recursive: true });
  }
}
