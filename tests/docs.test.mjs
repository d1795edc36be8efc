/**
 * The documents: every relative link, anchor and named file exists, and the Indonesian twins stay in step with the English originals.
 *
 *   node --test tests/docs.test.mjs
 *
 * It needs no package, no browser and no network.
 */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { test } from './limits.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/** English, Indonesian. */
const TWINS = [
  ['README.md', 'README.id.md'],
  ['docs/operating.md', 'docs/id/operating.md'],
  ['docs/problems.md', 'docs/id/problems.md'],
  ['docs/scale.md', 'docs/id/scale.md'],
  ['docs/embedding.md', 'docs/id/embedding.md'],
];

/** @param {string} folder */
const pagesIn = (folder) =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.md'))
    .map((name) => normalize(join(folder, name)));
const PAGES = ['.', 'docs', 'docs/id', 'crates/layered-ribbon']
  .filter((folder) => existsSync(join(ROOT, folder)))
  .flatMap(pagesIn);

/**
 * @typedef {{ level: number, text: string }} Heading
 * @typedef {{ language: string, text: string }} CodeBlock
 * @typedef {{ headings: Heading[], blocks: CodeBlock[], prose: string, path: string }} Page
 */

/** Headings, fenced code blocks, and the text without those blocks. @type {(path: string) => Page} */
function read(path) {
  /** @type {Page} */
  const page = { headings: [], blocks: [], prose: '', path };
  /** @type {{ indent: string, language: string, lines: string[] } | undefined} */
  let open;
  for (const line of readFileSync(join(ROOT, path), 'utf8').split('\n')) {
    const fence = /^( *)```(.*)$/.exec(line);
    if (open) {
      if (fence && fence[2] === '') {
        page.blocks.push({ language: open.language, text: open.lines.join('\n') });
        open = undefined;
      } else {
        open.lines.push(line.startsWith(open.indent) ? line.slice(open.indent.length) : line);
      }
      continue;
    }
    if (fence) {
      open = { indent: fence[1] ?? '', language: (fence[2] ?? '').trim(), lines: [] };
      continue;
    }
    const heading = /^(#{1,6}) +(.*?) *#*$/.exec(line);
    if (heading) page.headings.push({ level: heading[1]?.length ?? 0, text: heading[2] ?? '' });
    page.prose += `${line}\n`;
  }
  assert.equal(open, undefined, `${path}: a code block has no end`);
  return page;
}

/** A heading as the forge shows it: links and code marks are gone, their text stays. @param {string} text */
const plain = (text) => text.replace(/!?\[([^\]]*)\]\([^)]*\)/g, '$1').replace(/[`*]/g, '');

/** The anchors of a page, made as GitHub makes them. @param {Page} page */
function anchors(page) {
  /** @type {Map<string, number>} */
  const seen = new Map();
  return page.headings.map(({ text }) => {
    const slug = plain(text)
      .trim()
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M}\- _]/gu, '')
      .replaceAll(' ', '-');
    const before = seen.get(slug) ?? 0;
    seen.set(slug, before + 1);
    return before === 0 ? slug : `${slug}-${before}`;
  });
}

/** Targets of links and pictures, outside code. @param {Page} page */
const links = (page) =>
  [...page.prose.replace(/`[^`\n]*`/g, '').matchAll(/\]\(([^)\s]+)(?: "[^"]*")?\)/g)].map(([, target]) => target ?? '');

/** Where a relative link leads, and to which anchor. @param {Page} page @param {string} target */
function resolve(page, target) {
  const [file = '', anchor] = decodeURIComponent(target).split('#');
  return { path: file === '' ? page.path : normalize(join(dirname(page.path), file)), anchor };
}

const isExternal = (/** @type {string} */ target) => /^[a-z][a-z+.-]*:/i.test(target);

for (const path of PAGES) {
  test(`${path}: every relative link and anchor exists`, () => {
    const page = read(path);
    const broken = links(page)
      .filter((target) => !isExternal(target))
      .filter((target) => {
        const { path: to, anchor } = resolve(page, target);
        if (to.startsWith('..') || !existsSync(join(ROOT, to))) return true;
        return anchor !== undefined && !(to.endsWith('.md') && anchors(read(to)).includes(anchor));
      });
    assert.deepEqual(broken, [], `${path} links to what does not exist`);
  });

  test(`${path}: every file of the repository that it names exists`, () => {
    // A changelog tells of the past.
    if (path === 'CHANGELOG.md') return;
    const base = path.startsWith('crates/') ? dirname(path) : '.';
    const named = [...read(path).prose.matchAll(/`((?:src|crates|www|pkg|tests|docs|\.github)\/[\w./-]*)`/g)].map(
      ([, file]) => file ?? '',
    );
    const missing = named.filter((file) => !existsSync(join(ROOT, base, file)) && !existsSync(join(ROOT, file)));
    assert.deepEqual(missing, [], `${path} names files that do not exist`);
  });
}

for (const [english, indonesian] of TWINS) {
  test(`${indonesian} has the headings of ${english}`, () => {
    const [original, twin] = [read(english), read(indonesian)];
    /** @param {Page} page */
    const outline = (page) => page.headings.map(({ level }, at) => `heading ${at + 1}: level ${level}`);
    const show = (/** @type {Page} */ page) =>
      page.headings.map(({ level, text }) => `${'#'.repeat(level)} ${text}`).join('\n');
    assert.deepEqual(outline(twin), outline(original), `\n${english}\n${show(original)}\n\n${indonesian}\n${show(twin)}\n`);
  });

  test(`${indonesian} has the code blocks of ${english}`, () => {
    const [original, twin] = [read(english), read(indonesian)];
    assert.deepEqual(twin.blocks, original.blocks);
  });

  test(`${indonesian} has as many table rows and list items under each heading as ${english}`, () => {
    /** @param {string} path */
    const shapes = (path) =>
      read(path)
        .prose.split(/^#{1,6} .*$/m)
        .map((section) => {
          const count = (/** @type {RegExp} */ pattern) => [...section.matchAll(pattern)].length;
          return `${count(/^ *\|.*\|$/gm)} table rows, ${count(/^ *- /gm)} bullets, ${count(/^ *\d+\. /gm)} steps`;
        });
    assert.deepEqual(shapes(indonesian), shapes(english));
  });

  test(`${english} and ${indonesian} link to each other`, () => {
    for (const [from, to] of [
      [english, indonesian],
      [indonesian, english],
    ]) {
      const page = read(from);
      const targets = links(page).filter((target) => !isExternal(target));
      assert.ok(
        targets.some((target) => resolve(page, target).path === to),
        `${from} has no link to ${relative(dirname(from), to)}`,
      );
    }
  });
}

test('every page in docs/id is the twin of an English one', () => {
  assert.deepEqual(
    pagesIn('docs/id').sort(),
    TWINS.map(([, indonesian]) => indonesian)
      .filter((path) => path.startsWith('docs/'))
      .sort(),
  );
});

/** What benches/report.sh writes between two markers. @param {string} path */
const generated = (path) =>
  new Map(
    [...readFileSync(join(ROOT, path), 'utf8').matchAll(/<!-- begin (\S+) -->\n([\s\S]*?)<!-- end \1 -->/g)].map(
      ([, name, text]) => [name, text.trim()],
    ),
  );

test('docs/performance.md has all that benches/report.sh writes', () => {
  const blocks = generated('docs/performance.md');
  const names = ['machine', 'summary', 'sizes', 'native', 'browser', 'peers', 'argon2', 'module-parts'];
  assert.deepEqual([...blocks.keys()].sort(), names.sort());
  for (const [name, text] of blocks) assert.ok(text, `${name} is empty: run benches/report.sh`);
});

test('docs/problems.md has every kind of problem, in its words, and its twin the same kinds', () => {
  const source = readFileSync(join(ROOT, 'crates/bilik-publish/src/problem/kind.rs'), 'utf8');
  const literal = '"((?:[^"\\\\]|\\\\.)*)"';
  const kinds = new RegExp(`^ {4}(Error|Warning) \\w+ ${literal}: ${literal};\\s+${literal};\\s+${literal}$`, 'gm');
  const expected = [...source.matchAll(kinds)].map(([, severity, name, title, , fix]) => ({
    severity,
    row: `| \`${name}\` | ${title} | ${fix} |`.replaceAll('\\"', '"'),
  }));
  assert.ok(expected.length > 40, `${expected.length} kinds`);
  for (const [at, path] of ['docs/problems.md', 'docs/id/problems.md'].entries()) {
    for (const [section, severity] of ['Error', 'Warning'].entries()) {
      const text = read(path).prose.split(/^## .*$/m)[section + 1] ?? '';
      const rows = text.split('\n').filter((line) => line.startsWith('| `'));
      const whole = expected.filter((kind) => kind.severity === severity).map(({ row }) => row);
      const names = (/** @type {string[]} */ some) => some.map((row) => row.split('`')[1]);
      if (at === 0) assert.deepEqual(rows, whole, path);
      else assert.deepEqual(names(rows), names(whole), path);
    }
  }
});

test('docs/threat-model.md prices the attackers as the report in it does', () => {
  const text = readFileSync(join(ROOT, 'docs/threat-model.md'), 'utf8');
  const table = text.split(/^## /m).find((section) => section.startsWith('Who attacks')) ?? '';
  const report = /<!-- begin: bilik report --cost -->([\s\S]*?)<!-- end -->/.exec(text)?.[1] ?? '';
  const rented = new Set([...report.matchAll(/^ {2}\([abc]\).*$/gm)].map(([row]) => row.match(/\$[\d.,]+(?: million)?/g)?.[1]));
  // "Some" marks what the section itself calculates; a price of a million derivations stands in the report's other table.
  const quoted = [...table.matchAll(/(?<!some )\$\d[\d.,]*\d(?: million)?/g)].map(([price]) => price);
  assert.ok(quoted.length >= 10, `${quoted.length} prices`);
  assert.deepEqual(
    quoted.filter((price) => !rented.has(price) && !(price === '$0.0105' && report.includes(price))),
    [],
  );
});

test('the READMEs quote the figures of docs/performance.md', () => {
  const [figures, english, indonesian] = ['docs/performance.md', 'README.md', 'README.id.md'].map((path) =>
    generated(path).get('summary'),
  );
  assert.equal(english, figures);
  /** The numbers of a table without its head. @param {string} text */
  const numbers = (text) =>
    text
      .split('\n')
      .slice(2)
      .map((row) => row.split('|')[2].match(/[\d.,]+/g));
  const swapped = indonesian.replace(/[.,]/g, (mark) => (mark === '.' ? ',' : '.'));
  assert.deepEqual(numbers(swapped), numbers(figures));
});
