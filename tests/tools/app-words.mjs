/** Which words are in which script of the app: each has those that it says. */
import { readFile } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** Those that only screens of later.js say, by their keys: they are in that script. */
const LATER_WORDS =
  /^(birth|blocked|district|memory|newer|people|saved|stale|stations|unverified|update)\.(?!link$)|^data\.kept$|^unreachable\.lost$|^map\.app$|^nik\.which$|^other\.nik$|^sex\.label$|^slip\.(date|swapped|title|woman)$|^verified\.|^bad\.(missing\.(birthDate|district|sex)|not_a_.*)$/;
/**
 * Those of a screen that many people use, of packs and of witnesses: nobody else fetches them. What a page says whose script for
 * witnesses does not come is in the page.
 */
const EXTRA_WORDS = /^(kiosk|pack|witness)\.(?!unsure$)/;
/** Which Indonesian words a script has in it, and for a script that has all of its words in it, those of any language. */
const WORDS = {
  'later.js': (key) => LATER_WORDS.test(key),
  'page/kiosk.js': (key) => key.startsWith('kiosk.'),
  'page/witness.js': (key) => key.startsWith('witness.'),
  'pack.js': () => true,
};

/** @param {string} json @param {(key: string) => boolean} isWanted */
const someWords = (json, isWanted) =>
  JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(json)).filter(([key]) => isWanted(key))));

/** The file of a language, which a page fetches where it is not Indonesian. @param {string} json */
export const forLanguages = (json) => someWords(json, (key) => !EXTRA_WORDS.test(key));

/** A plugin of the bundler that leaves the other words out. The page's script takes those of the form from it. @param {string} www */
export async function wordsOf(www) {
  const form = await readFile(join(www, 'form.html'), 'utf8');
  const inForm = new Set(Array.from(form.matchAll(/ data-t="([\w.]+)"[^>]*>[^<]/g), ([, key]) => key));
  /** @param {string} key */
  const isInPage = (key) => !LATER_WORDS.test(key) && !EXTRA_WORDS.test(key) && !inForm.has(key);
  return {
    name: 'words',
    setup(build) {
      const isWanted = WORDS[relative(www, build.initialOptions.entryPoints[0])] ?? isInPage;
      build.onLoad({ filter: /i18n.\w+\.json$/ }, async ({ path }) => ({
        contents: someWords(await readFile(path, 'utf8'), isWanted),
        loader: 'json',
      }));
    },
  };
}
