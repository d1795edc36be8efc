/** tests/verify-page.sh passes a page that works, and names what keeps one from working. */
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { ROOT, makeDemo, serve } from './stage.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  site = await serve(demo.site);
});

/** @returns {Promise<{ status: number, out: string }>} */
const verifyPage = (...args) =>
  new Promise((done) => {
    const script = join(ROOT, 'tests/verify-page/run.mjs');
    execFile(process.execPath, [script, site.url, ...args], (error, stdout, stderr) =>
      done({ status: Number(error?.code ?? 0), out: stdout + stderr }),
    );
  });

test('a page that works passes, and every mirror has its line', async () => {
  const { status, out } = await verifyPage('--public-key', demo.publicKey);
  assert.equal(status, 0, out);
  assert.match(out, new RegExp(`^ok {4}page ${site.url}: ready in .* shows .* from the device after a reload$`, 'm'));
  assert.match(out, new RegExp(`^ok {4}data ${site.url}: serial \\d+$`, 'm'));
});

test('a policy in a header that forbids the module is named', async () => {
  site.says = { 'content-security-policy': "script-src 'self' blob:" };
  try {
    const { status, out } = await verifyPage();
    assert.equal(status, 1, out);
    assert.match(out, new RegExp(`^FAIL {2}page ${site.url}: `, 'm'));
    assert.match(out, /the host sends Content-Security-Policy: script-src 'self' blob:/);
    assert.match(out, /WebAssembly/);
    assert.match(out, new RegExp(`^skip {2}data ${site.url}: `, 'm'));
  } finally {
    site.says = {};
  }
});

test('a page that trusts another key than the operator knows fails', async () => {
  const other = demo.publicKey.replace(/.$/, (digit) => (digit === '0' ? '1' : '0'));
  const { status, out } = await verifyPage('--public-key', other);
  assert.equal(status, 1, out);
  assert.match(out, /it trusts a key that was not given: bilik-public-key:/);
});

test('what cannot be checked ends with another status', async () => {
  assert.equal((await verifyPage('--engine', 'netscape')).status, 2);
});
