/**
 * Fails where www/ or the module waits for the browser, the device or a host without a limit: such a promise may never settle.
 * Limits are in www/limits.js and src/wasm/limits.rs.
 */
import { conclude, files, lineOf, read, withoutTests } from './tools/sources.mjs';

/** Calls that give a promise from outside. */
const CALLS =
  /(?<![\w.#])(?:fetch|import)\(|\bcaches\.\w+\(|\bcache\.(?:put|match|keys|delete|add)\(|\.(?:register|unregister|getRegistrations?|writeText|readText|persist|persisted|estimate|compile|compileStreaming|instantiateStreaming|arrayBuffer|share|default)\(|\bserviceWorker\.ready\b|\bglue\.start\(|\bnew (?:Worker|XMLHttpRequest)\(/g;
const LIMITED = /\b(?:within|fetchWithin|importWithin|stored|attempt)\(/;

/** Lines that wait for nothing, or whose limit is elsewhere: a part of the line, and the reason. @type {[path: RegExp, line: string, reason: string][]} */
const ALLOWED = [
  [/^www\/limits\.js$/, '', 'the limits themselves'],
  [/^www\/load-script\.js$/, 'import(', '`importWithin` limits it'],
  [/^www\/pack\.js$/, 'import(', '`importWithin` limits it'],
  [/^www\/early\.js$/, 'fetch(', '`fetchWithin` takes the answer, within `workerScript` and `module`'],
  [/^www\/sw\.js$/, 'fetch(', 'the same request as without a service worker, which the browser limits'],
  [/^www\/sw\.js$/, 'void ', 'nothing waits for it'],
  [/^www\/sw\.js$/, 'open = () => caches.open(', 'called within `stored` or `install`'],
  [/^www\/sw\.js$/, 'cache.put(', '`install` is within `keepApp`'],
  [/^www\/sw\.js$/, 'caches.keys()', '`sweep` is within `stored`'],
  [/^www\/sw\.js$/, 'old.map((name) => caches.delete', '`sweep` is within `stored`'],
  [/^www\/module-worker\.js$/, 'new Worker(', 'asked for a sign of life, within `heartbeat`'],
  [/^www\/instance\.js$/, 'glue.start(', 'both callers limit it: `compile`, and the sign of life of the worker'],
  [/^www\/embed-inline\.js$/, 'new XMLHttpRequest(', 'has a timeout of its own'],
  [/^www\/page\/saved\.js$/, 'caches.delete(name).catch', 'nothing waits for it'],
  [/^www\/page\/afresh\.js$/, 'await caches.keys()', 'within `attempt`'],
  [/^www\/page\/afresh\.js$/, 'caches.delete(name)', 'within `attempt`'],
  [/^www\//, 'navigator.share(', 'nothing waits for it'],
  [/^src\/wasm\/derive\.rs$/, '', "the page's own function, which derives by itself what others do not (www/pool.js)"],
  [/^src\/wasm\/fetch\.rs$/, '', 'limited by the race of mirrors'],
  [/^src\/wasm\/storage\.rs$/, 'JsFuture::from(cache', 'a write, for which nothing waits but `settled`'],
];

const found = [];
const used = new Set();
for (const path of files(/^www\/.*\.js$|^src\/wasm\/.*\.rs$/)) {
  const text = path.endsWith('.rs') ? withoutTests(read(path)).code : read(path);
  const lines = text.split('\n');
  for (const { index } of text.matchAll(path.endsWith('.rs') ? /JsFuture::from\(/g : CALLS)) {
    const at = lineOf(text, index);
    const line = lines[at - 1] ?? '';
    if (/^\s*(?:\*|\/\/|\/\*)|@type|typeof import/.test(line) || LIMITED.test(line)) continue;
    const allowed = ALLOWED.find(([where, part]) => where.test(path) && line.includes(part));
    if (allowed) used.add(allowed);
    else found.push(`${path}:${at}: ${line.trim()}`);
  }
}
for (const allowed of ALLOWED) if (!used.has(allowed)) found.push(`not needed any more: ${allowed.join(', ')}`);
conclude('promises from outside have no limit', found);
