/** A server for the pages of benches. */
import { readFile } from 'node:fs/promises';
import http from 'node:http';

const TYPES = { html: 'text/html', js: 'text/javascript', mjs: 'text/javascript', wasm: 'application/wasm', json: 'application/json', css: 'text/css' };

/**
 * @param {string} script of the page
 * @param {(path: string) => string | undefined} find the file at a path of the URL
 * @param {(path: string, bytes: number) => void} [served]
 */
export async function serve(script, find, served) {
  const page = Buffer.from(`<!doctype html><html lang="id"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Bench</title><script type="module" src="${script}"></script>`);
  const server = http.createServer(async ({ url = '', method, headers }, response) => {
    const path = decodeURIComponent(url.split('?')[0] ?? '');
    const file = path === '/' ? undefined : find(path);
    const body = path === '/' ? page : file && (await readFile(file).catch(() => undefined));
    response.setHeader('content-type', TYPES[path === '/' ? 'html' : (path.split('.').at(-1) ?? '')] ?? 'application/octet-stream');
    response.setHeader('cache-control', 'no-store');
    response.setHeader('accept-ranges', 'bytes');
    // A page that is isolated from others gets a finer clock.
    response.setHeader('cross-origin-opener-policy', 'same-origin');
    response.setHeader('cross-origin-embedder-policy', 'require-corp');
    if (!body) return response.writeHead(404).end();
    if (method === 'HEAD') return response.writeHead(200, { 'content-length': body.length }).end();
    const [, from, to] = /^bytes=(\d+)-(\d*)$/.exec(headers.range ?? '') ?? [];
    if (from === undefined) {
      served?.(path, body.length);
      return response.writeHead(200, { 'content-length': body.length }).end(body);
    }
    const part = body.subarray(Number(from), to ? Number(to) + 1 : undefined);
    served?.(path, part.length);
    response.writeHead(206, { 'content-range': `bytes ${from}-${Number(from) + part.length - 1}/${body.length}`, 'content-length': part.length }).end(part);
  });
  await new Promise((done) => server.listen(0, '127.0.0.1', () => done(undefined)));
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  return { url: `http://127.0.0.1:${port}/`, stop: () => new Promise((done) => server.close(done)) };
}
