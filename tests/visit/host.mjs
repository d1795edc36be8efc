/** nginx as docs/nginx.conf sets it up, with a port and folders of its own: what it serves is what an operator serves. */
import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const NGINX = process.env.BILIK_NGINX ?? '/usr/sbin/nginx';
const CONFIGURATION = new URL('../../docs/nginx.conf', import.meta.url);
const PATIENCE_MS = 10_000;

const freePort = () =>
  new Promise((done) => {
    const server = net.createServer().listen(0, '127.0.0.1', () => {
      const { port } = /** @type {net.AddressInfo} */ (server.address());
      server.close(() => done(port));
    });
  });

/** Serves a folder until `stop`. @param {string} root */
export async function host(root) {
  const folder = await mkdtemp(join(tmpdir(), 'bilik-visit-nginx-'));
  const port = await freePort();
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${folder}/${kind};`);
  const changes = [
    // Started as root, nginx would turn into somebody who may not read the folders of this test.
    [/^user .*;$/m, process.getuid?.() === 0 ? 'user root;' : ''],
    [/^worker_processes .*;$/m, 'worker_processes 1; daemon off;'],
    ['/run/nginx.pid', `${folder}/pid`],
    ['/var/log/nginx/error.log', `${folder}/error.log`],
    ['listen 80;', `listen 127.0.0.1:${port};`],
    [/^ *listen \[::\].*$/m, ''],
    ['/srv/bilik/site', root],
    ['access_log off;', `access_log off; ${temporary.join(' ')}`],
  ];
  let text = await readFile(CONFIGURATION, 'utf8');
  for (const [from, to] of changes) {
    const changed = text.replace(from, () => String(to));
    if (changed === text) throw new Error(`docs/nginx.conf has no ${from} any more`);
    text = changed;
  }
  await writeFile(join(folder, 'nginx.conf'), text);
  const child = spawn(NGINX, ['-c', join(folder, 'nginx.conf'), '-e', `${folder}/error.log`], { stdio: 'inherit' });
  const kill = () => child.kill('SIGTERM');
  process.once('exit', kill);
  const url = `http://127.0.0.1:${port}/`;
  for (const late = Date.now() + PATIENCE_MS; ; ) {
    if (
      await fetch(`${url}head.bilik`).then(
        ({ ok }) => ok,
        () => false,
      )
    )
      break;
    if (child.exitCode !== null || Date.now() > late) throw new Error(`nginx does not serve ${root}`);
    await new Promise((done) => setTimeout(done, 50));
  }
  return {
    url,
    async stop() {
      process.removeListener('exit', kill);
      const ended = new Promise((done) => child.once('exit', done));
      kill();
      await ended;
      await rm(folder, { recursive: true, force: true });
    },
  };
}
