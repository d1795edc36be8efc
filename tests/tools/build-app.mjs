/**
 * Builds the page from www/ into pkg/app/, and writes pkg/app.json: the one list of the web app's files, from which `bilik
 * build` writes a site (the struct that reads it: `AppList` in crates/bilik-publish). tests/build-pkg.sh runs it.
 *
 *   node build-app.mjs ROOT PKG                 bundled by esbuild and minified, as it is served
 *   node build-app.mjs --unbundled ROOT PKG     the modules of www/ as they are, to work on them; not to be committed
 *
 * What a first visit needs until the answer is one script: what www/app.js imports is in it. Screens that are loaded later
 * (www/later.js) import page/kit.js alone, which is a part of that script, so their import is pointed there.
 */
import { createHash } from 'node:crypto';
import { mkdir, readFile, readdir, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { forLanguages, wordsOf } from './app-words.mjs';

const isUnbundled = process.argv[2] === '--unbundled';
const [root, pkg] = process.argv.slice(isUnbundled ? 3 : 2, isUnbundled ? 5 : 4).map((path) => resolve(path));
const www = join(root, 'www');
const installed = createRequire(join(root, 'tests/browser/package.json'));
const esbuild = installed('esbuild');
const terser = installed('terser');
const words = await wordsOf(www);

/** The browsers of our floor. */
const TARGET = ['chrome97', 'firefox102', 'safari16'];

/** Scripts in the site's root, each from the module of that name or the one named here; all that they import is in them. */
const SCRIPTS = {
  'app.js': 'app.js',
  'later.js': 'later.js',
  'client.js': 'client.js',
  'element.js': 'element.js',
  'embed.js': 'embed.js',
  'embed-inline.js': 'embed-inline.js',
  'embed-code.js': 'embed-code.js',
  'qr.js': 'qr.js',
  'kiosk.js': 'page/kiosk.js',
  'witness.js': 'page/witness.js',
};
/**
 * Scripts that start a worker, each from the module of that name or the one named here: whole in one file and no module, which not
 * every browser of our floor runs there. A page that runs the module itself may have the first by another name.
 */
const WORKERS = { 'worker.js': 'worker.js', 'on-page.js': 'worker.js', 'sw.js': 'sw.js' };
/** What is in the page's script. */
const BUILT_IN = ['i18n/id.json'];
/** What the service worker keeps, which build knows when it has written all else. */
const SHELL_LINE = 'const SHELL = {{ shell }};\n';

/** The slot for the origins of mirrors, which only an election knows. */
const MIRRORS = { slot: 'mirror_origins' };
/**
 * Content security policies by page: sources by directive. 'wasm-unsafe-eval' compiles the module and allows no other eval;
 * a worker is made of a Blob, so that this policy binds it; Trusted Types leave one policy, for the addresses of own scripts.
 */
const BASE = { 'default-src': ["'none'"], 'script-src': ["'self'"], 'style-src': ["'self'"], 'img-src': ["'self'"] };
const LAST = { 'base-uri': ["'none'"], 'form-action': ["'none'"], 'require-trusted-types-for': ["'script'"] };
const APP = {
  ...BASE,
  'script-src': ["'self'", "'wasm-unsafe-eval'"],
  'img-src': ["'self'", 'data:'],
  'connect-src': ["'self'", MIRRORS],
};
/** Pages that run no script. Who judges them asks for robots.txt from within. */
const READ = { ...BASE, 'script-src': ["'none'"], 'connect-src': ["'self'"], ...LAST, 'trusted-types': ["'none'"] };
const POLICIES = {
  'index.html': { ...APP, 'worker-src': ['blob:', "'self'"], 'manifest-src': ["'self'"], ...LAST, 'trusted-types': ['bilik'] },
  'embed.html': { ...APP, 'worker-src': ['blob:'], ...LAST, 'trusted-types': ['bilik'] },
  'embed-code.html': { ...BASE, 'frame-src': ["'self'", MIRRORS], ...LAST, 'trusted-types': ["'none'"] },
  // No network at all: what it is made of is in it.
  'pack.html': {
    'default-src': ["'none'"],
    'script-src': ["'wasm-unsafe-eval'", 'blob:'],
    'style-src': ["'none'"],
    'img-src': ['data:'],
    'worker-src': ['blob:'],
    ...LAST,
    'trusted-types': ['bilik'],
  },
  'privacy.html': READ,
  'privacy.en.html': READ,
  'inline.html': { 'default-src': ["'none'"], ...LAST, 'trusted-types': ["'none'"] },
  'examples.html': { ...BASE, 'frame-src': ["'self'"], ...LAST, 'trusted-types': ["'none'"] },
};

/** Pages of the site that stand for themselves, and what only they load; and what only pages of others load. */
const FOR_PARTNERS = ['embed-code.html', 'embed-code.js', 'css/embed-code.css', 'custom-elements.json'];
const FOR_DEMOS = ['examples.html', 'css/examples.css'];
const FOR_EMBEDDING = [
  'client.js',
  'element.js',
  'embed.js',
  'embed-inline.js',
  'embed.html',
  'inline.html',
  'css/bilik.css',
  'css/embed.css',
];
/** Pages to read, which no lookup needs. */
const FOR_READERS = ['privacy.html', 'privacy.en.html', 'css/tps.css'];
/** What only `?kiosk` loads, and only pages that name witnesses. */
const FOR_SOME = ['kiosk.js', 'witness.js'];
/** What only paper needs. */
const FOR_PAPER = ['qr.js'];
/** What `bilik pack` fills, and no file of a site. */
const PACK = 'pack.html';
/** Sheets that are in pages, and in css/bilik.css, and no files of a site. */
const PARTS = ['css/first.css', 'css/later.css', 'css/pack.css'];
/** Parts of pages, which are in them, and what pages of places are made from: no files of a site. */
const PARTIALS = ['form.html', 'tps/country.html', 'tps/head.html', 'tps/province.html', 'tps/top.html', 'tps/village.html'];

const KINDS = { html: 'page', js: 'script', css: 'style', json: 'text', webmanifest: 'manifest', svg: 'image', png: 'image' };

/** @param {string} path */
const extension = (path) => path.split('.').pop() ?? '';

/** @param {string} path */
const kindOf = (path) => {
  if (path === 'sw.js') return 'serviceWorker';
  if (PARTIALS.includes(path)) return 'partial';
  if (path === PACK) return 'pack';
  return path.startsWith('pkg/') ? 'module' : KINDS[extension(path)];
};

/** What worker.js has in it. */
const IN_WORKER = ['on-page.js', 'pkg/bilik.js'];

/** Home screens' pictures are the system's to keep, and what stands in other people's pages is theirs. @param {string} path */
const isShell = (path) =>
  ![
    PACK,
    ...PARTIALS,
    ...FOR_PARTNERS,
    ...FOR_DEMOS,
    ...FOR_READERS,
    ...FOR_EMBEDDING,
    ...FOR_SOME,
    ...FOR_PAPER,
    ...IN_WORKER,
    'sw.js',
  ].includes(path) && extension(path) !== 'png';

/** All that an inline lookup loads, and the page from which it takes its form. @param {string} path */
const isPinned = (path) =>
  path === 'inline.html' ||
  (['js', 'css', 'json', 'svg', 'wasm'].includes(extension(path)) &&
    ![...FOR_PARTNERS, ...FOR_DEMOS, ...FOR_READERS, ...FOR_SOME, 'sw.js'].includes(path));

/** What a bundle leaves to run time: in screens that are loaded later the page's own script. The module is that of PKG. */
const elsewhere = {
  name: 'elsewhere',
  setup(build) {
    build.onResolve({ filter: /^\./ }, ({ path }) => {
      if (path === '../pkg/bilik.js') return { path: join(pkg, 'bilik.js') };
      const isLater = ['later.js', 'page/kiosk.js', 'page/witness.js'].some(
        (entry) => build.initialOptions.entryPoints[0] === join(www, entry),
      );
      if (isLater && path === './kit.js') return { path: './app.js', external: true };
      const isPack = build.initialOptions.entryPoints[0] === join(www, 'pack.js');
      if (isPack && path === './load-script.js') return { path: join(www, 'pack/load-script.js') };
    });
  },
};

/** A sheet with those that it imports. The minifier keeps a space in values of properties of our own. @param {string} path */
const sheet = async (path) => (await bundled(path, {})).replace(/(--[\w-]+): /g, '$1:');

/** A sheet that a script has in it is a text there. */
const styles = {
  name: 'styles',
  setup(build) {
    build.onLoad({ filter: /\.css$/ }, async ({ path }) => ({ contents: await sheet(relative(www, path)), loader: 'text' }));
  },
};

/** The sheets of a page, in it: one that hangs would leave it blank. */
const SHEETS = {
  'index.html': ['css/first.css'],
  'embed.html': ['css/bilik.css', 'css/embed.css'],
  [PACK]: ['css/bilik.css', 'css/pack.css'],
};
const LINKS = /(?:<link rel="stylesheet" href="[^"]*">\s*)+/;

/** A page's script that is in it, and asks for what comes next before any other script is there. */
const INLINE = { page: 'index.html', script: 'early.js' };
const INLINE_TAG = `<script src="${INLINE.script}"></script>\n`;

/** The page with that script, which its policy then allows by its digest. @param {string} page */
async function withScript(page) {
  const script = (await bundled(INLINE.script, { format: 'esm' })).trim();
  const digest = createHash('sha256').update(script).digest('base64');
  POLICIES[INLINE.page]['script-src'] = [...APP['script-src'], `'sha256-${digest}'`];
  if (!page.includes(INLINE_TAG)) throw new Error(`${INLINE.page}: no place for ${INLINE.script}`);
  return page.replace(INLINE_TAG, () => `<script>{% raw %}${script}{% endraw %}</script>\n`);
}

/** @param {string} library */
const licenceOf = async (library) =>
  (await readFile(join(root, 'tests/browser/node_modules', library, 'LICENSE'), 'utf8')).trim();

/** The page of a pack with its script, which is all of the app. @param {string} page */
async function withPackScript(page) {
  // Its licence goes with the one library in it.
  const code = await bundled('pack.js', { format: 'esm', plugins: [elsewhere, words, styles] });
  const script = `/* fflate\n${await licenceOf('fflate')}\n*/\n${code}`.trim();
  if (/<\/script|<!--/i.test(script)) throw new Error('pack.js: a page would end its script too early');
  const digest = createHash('sha256').update(script).digest('base64');
  POLICIES[PACK]['script-src'].push(`'sha256-${digest}'`);
  return page.replace(
    '<script type="module" src="pack.js"></script>',
    () => `<script type="module">{% raw %}${script}{% endraw %}</script>`,
  );
}

/** The page with its sheets, which its policy then allows by their digest. @param {string} page @param {string} text @param {(sheet: string) => string} read */
function withSheets(page, text, read) {
  const sheets = SHEETS[page]?.map(read).join('').trim();
  if (!sheets) return text;
  const digest = createHash('sha256').update(sheets).digest('base64');
  POLICIES[page]['style-src'] = [...(page === PACK ? [] : ["'self'"]), `'sha256-${digest}'`];
  // Raw: a sheet has braces of its own.
  return text.replace(LINKS, () => `<style>{% raw %}${sheets}{% endraw %}</style>\n`);
}

/** @param {string} path @param {object} options */
async function bundled(path, options) {
  const { outputFiles } = await esbuild.build({
    entryPoints: [join(www, path)],
    bundle: true,
    write: false,
    minify: true,
    charset: 'utf8',
    legalComments: 'none',
    target: TARGET,
    logLevel: 'warning',
    outdir: join(root, 'target/app'),
    nodePaths: [join(root, 'tests/browser/node_modules')],
    ...options,
  });
  const { text } = outputFiles[0];
  return options.format && options.minify !== false ? again(text, options) : text;
}

/** A script minified once more: 2 to 6 % less with brotli. @param {string} script @param {{ format?: string }} options */
async function again(script, { format }) {
  // `unsafe` takes it that nobody has replaced a built-in. Arrow functions where `this` is not used: in the glue nothing is called by
  // `new` but its classes.
  const compress = { passes: 3, unsafe: true, unsafe_arrows: format === 'iife' };
  const { code } = await terser.minify(script, { ecma: 2020, module: format === 'esm', compress });
  return `${code}\n`;
}

/** The path in the site with its content, of everything in www/ that a site may have. */
async function bundledFiles() {
  /** @type {Map<string, string | Buffer>} */
  const files = new Map();
  for (const [path, from] of Object.entries(SCRIPTS)) {
    files.set(path, await bundled(from, { format: 'esm', plugins: [elsewhere, words, styles] }));
  }
  // Its licence goes with the one library in it.
  files.set('qr.js', `/* lean-qr\n${await licenceOf('lean-qr')}\n*/\n${files.get('qr.js')}`);
  for (const [path, from] of Object.entries(WORKERS)) files.set(path, await worker(from));
  for (const path of (await filesUnder('')).filter((path) => !BUILT_IN.includes(path))) {
    const content = await readFile(join(www, path));
    const kind = extension(path);
    if (kind === 'css') files.set(path, await sheet(path));
    else if (path.startsWith('i18n/')) files.set(path, forLanguages(content.toString()));
    else if (kind === 'json') files.set(path, JSON.stringify(JSON.parse(content.toString())));
    // Lines that begin at their first letter: no page of ours has preformatted text.
    else if (['html', 'webmanifest'].includes(kind)) files.set(path, content.toString().replace(/^\s+/gm, ''));
    else if (['svg', 'png'].includes(kind)) files.set(path, content);
  }
  files.set(INLINE.page, await withScript(files.get(INLINE.page).toString()));
  files.set(PACK, await withPackScript(files.get(PACK).toString()));
  for (const page of Object.keys(SHEETS)) {
    files.set(
      page,
      withSheets(page, files.get(page).toString(), (path) => files.get(path).toString()),
    );
  }
  for (const path of PARTS) files.delete(path);
  return files;
}

/** The module's glue in a worker, which gives no object of the module back: it ends with them. */
const withoutFree = {
  name: 'without free',
  setup(build) {
    build.onLoad({ filter: /pkg.*bilik\.js$/ }, async ({ path }) => {
      const glue = await readFile(path, 'utf8');
      const contents = glue
        .replace(/__destroy_into_raw\(\)\{[^}]*\}free\(\)\{[^}]*\}/g, '')
        .replace(/Symbol\.dispose&&\([^)]*\);/g, '');
      if (/\bfree\b|dispose/.test(contents)) throw new Error(`${path}: free() has another form`);
      return { contents, loader: 'js' };
    });
  },
};

/** @param {string} path @param {object} [options] */
const worker = (path, options) =>
  bundled(path, {
    format: 'iife',
    plugins: [elsewhere, withoutFree],
    define: { 'import.meta.url': '""', 'globalThis.bilikEarly': 'undefined' },
    ...options,
  });

async function unbundledFiles() {
  /** @type {Map<string, string | Buffer>} */
  const files = new Map();
  for (const path of await filesUnder('')) if (KINDS[extension(path)]) files.set(path, await readFile(join(www, path)));
  for (const [path, from] of Object.entries(WORKERS)) files.set(path, await worker(from, { minify: false }));
  // A pack is one file in any case.
  const sheets = await Promise.all(SHEETS[PACK].map(sheet));
  const pack = await withPackScript(files.get(PACK).toString());
  files.set(
    PACK,
    withSheets(PACK, pack, (path) => sheets[SHEETS[PACK].indexOf(path)]),
  );
  files.delete('css/pack.css');
  for (const [path, from] of Object.entries(SCRIPTS)) if (path !== from) files.set(path, `export * from './${from}';\n`);
  // A browser finds no library by its name, and imports no sheet as a text.
  for (const path of ['qr.js', 'page/later-style.js']) {
    files.set(path, await bundled(path, { format: 'esm', minify: false, plugins: [styles] }));
  }
  return files;
}

/** @param {string} folder @returns {Promise<string[]>} */
async function filesUnder(folder) {
  const found = [];
  for (const entry of await readdir(join(www, folder), { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.name.startsWith('.') || entry.name === 'tsconfig.json') continue;
    if (entry.isDirectory()) found.push(...(await filesUnder(path)));
    else if (!/\.d\.ts$|\.md$|~$/.test(entry.name)) found.push(path);
  }
  return found.sort();
}

const sha256 = (content) => createHash('sha256').update(content).digest('hex');

const files = isUnbundled ? await unbundledFiles() : await bundledFiles();
files.set('sw.js', SHELL_LINE + files.get('sw.js'));
await rm(join(pkg, 'app'), { recursive: true, force: true });
const list = [];
for (const [path, content] of [...files].sort(([a], [b]) => (a < b ? -1 : 1))) {
  const at = join(pkg, 'app', path);
  await mkdir(dirname(at), { recursive: true });
  await writeFile(at, content);
  list.push({ path, source: `app/${path}`, content });
}
for (const name of ['bilik.js', 'bilik_bg.wasm']) {
  list.push({ path: `pkg/${name}`, source: name, content: await readFile(join(pkg, name)) });
}
const TEMPLATES = { page: 'html', partial: 'html', pack: 'html', manifest: 'json', serviceWorker: 'json' };
const described = list.map(({ path, source, content }) => {
  const kind = kindOf(path);
  const template = TEMPLATES[kind];
  const slots = template
    ? [...new Set([...content.toString().matchAll(/\{\{ (\w+) (?:\}\}|\|)/g)].map(([, name]) => name))].sort()
    : undefined;
  return {
    path,
    source,
    kind,
    sha256: sha256(content),
    shell: isShell(path),
    pinned: isPinned(path),
    demo: FOR_DEMOS.includes(path),
    template,
    slots,
    policy: POLICIES[path],
  };
});
await writeFile(join(pkg, 'app.json'), `${JSON.stringify({ format: 1, files: described }, null, 1)}\n`);
