/**
 * The AMP recipe of docs/embedding.md. AMP's runtime is not run here: the frame that it makes of these lines is. AMP's validator
 * reads the lines where `BILIK_AMP_VALIDATOR` names its validator_wasm.js, which the npm package amphtml-validator else fetches.
 */
import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { before, test } from '../limits.mjs';
import { listen } from './embed-stage.mjs';
import { ROOT, ask, later, makeDemo, open, run, serve } from './stage.mjs';

const SITE = 'https://pemilu.example/';
const VALIDATOR = process.env.BILIK_AMP_VALIDATOR;

let head;
let body;
before(async () => {
  const text = await readFile(join(ROOT, 'docs/embedding.md'), 'utf8');
  [, head, body] = /```html\n(<script async custom-element[^\n]*)\n(<amp-iframe[\s\S]*?<\/amp-iframe>)\n```/.exec(text);
});

test('the frame that AMP makes of it answers, in its sandbox and height', async () => {
  const demo = await makeDemo();
  const site = await serve(demo.site);
  const kept = ['src', 'title', 'height', 'referrerpolicy', 'allow', 'sandbox'].map((name) => {
    const [, value] = new RegExp(`\\s${name}="([^"]*)"`).exec(body);
    return `${name}="${value.replace(SITE, site.url).replace('pemilu-2029', 'demo-2026')}"`;
  });
  const url = await listen((_, response) => {
    response.setHeader('content-type', 'text/html');
    response.end(
      `<!doctype html><meta name="viewport" content="width=device-width"><iframe ${kept.join(' ')} width="340"></iframe>`,
    );
  });
  const page = await open(url);
  const frame = page.frameLocator('iframe');
  const answer = await ask({ locator: (selector) => frame.locator(selector), trouble: page.trouble }, demo.exact, 'found');
  assert.match(await answer.innerText(), new RegExp(demo.exact.place));
});

test('AMP’s validator accepts it', { skip: VALIDATOR ? false : 'BILIK_AMP_VALIDATOR names no validator_wasm.js' }, async () => {
  const folder = await mkdtemp(join(tmpdir(), 'bilik-amp-'));
  later(() => rm(folder, { recursive: true, force: true }));
  const frames = (prefix, from, to) => `@${prefix}keyframes -amp-start{from{visibility:${from}}to{visibility:${to}}}`;
  const rules = ['-webkit-', '-moz-', '-ms-', ''].map(
    (prefix) => `${prefix}animation:-amp-start 8s steps(1,end) 0s 1 normal both`,
  );
  const hidden = `body{${rules.join(';')}}${['-webkit-', '-moz-', '-ms-', '-o-', ''].map((prefix) => frames(prefix, 'hidden', 'visible')).join('')}`;
  const shown = `body{${['-webkit-', '-moz-', '-ms-', ''].map((prefix) => `${prefix}animation:none`).join(';')}}`;
  const page = (body) => `<!doctype html><html amp lang="id"><head><meta charset="utf-8">
    <script async src="https://cdn.ampproject.org/v0.js"></script>${head}<title>Berita</title>
    <link rel="canonical" href="https://berita.example/"><meta name="viewport" content="width=device-width">
    <style amp-boilerplate>${hidden}</style><noscript><style amp-boilerplate>${shown}</style></noscript></head>
    <body>${body}</body></html>`;
  await writeFile(join(folder, 'package.json'), '{ "private": true }');
  const npm = [
    'install',
    '--no-package-lock',
    '--no-audit',
    '--no-fund',
    '--ignore-scripts',
    '--silent',
    'amphtml-validator@1',
  ];
  await run('npm', npm, { cwd: folder });
  const validate = async (name, body) => {
    await writeFile(join(folder, name), page(body));
    return run(process.execPath, ['node_modules/amphtml-validator/cli.js', '--validator_js', VALIDATOR, name], { cwd: folder });
  };
  assert.match(await validate('right.html', body), /PASS/);
  await assert.rejects(validate('wrong.html', body.replace(' sandbox=', ' sandbocks=')), /sandbocks/);
});
