/**
 * Fails where a word stands that the project has a standard one for: in sources, help, messages and documents. What is left
 * for a reason is listed in {@link ALLOWED}. Commit subjects are not looked at.
 */
import { codeOf, conclude, files, lineOf, read } from './tools/sources.mjs';

const TEXT = /\.(rs|js|mjs|css|html|json|toml|sh)$|^docs\/.*\.md$|^[A-Z]+(\.id)?\.md$|^justfile$/;
const RUST = /\.rs$/;
const PAGE = /^www\/.*\.js$/;
/** History is not written anew, and this file names the words. */
const NOT = /^CHANGELOG\.md$|^tests\/words\.mjs$/;

/**
 * What is looked for, where, and what stands in its place. `code` looks into Rust without comments and texts.
 * @type {{ word: RegExp, instead: string, within?: RegExp, code?: true }[]}
 */
const WORDS = [
  // Names.
  { word: /\b(MOST|LONGEST|LEAST|WIDEST)_/g, instead: 'MAX_ or MIN_' },
  {
    word: /\b(Seat|Shelf|Turns|Asking|Trouble|Nonsense|Chance|Said|World|Late|Why)\b/g,
    instead: "the field's standard term",
    within: RUST,
    code: true,
  },
  {
    word: /\b(fn together|fn know|mod slim|mod pins|fn slim)\b/g,
    instead: "the field's standard term",
    within: RUST,
    code: true,
  },
  {
    word: /#(hear|become|dress)\b|\bfunction (meet|carry|place)\b|\bclass Again\b/g,
    instead: "the field's standard term",
    within: PAGE,
  },
  {
    word: /from 'node:test'/g,
    instead: 'from tests/limits.mjs, which gives each test a time limit',
    within: /^tests\/.*\.mjs$/,
  },
  // Sentences.
  { word: /\bcannot be that\b/g, instead: 'invalid value for `x`: expected …' },
  { word: /\baltogether\b/gi, instead: 'in total' },
  { word: /\bTo do:/g, instead: 'Fix:' },
  // "There is no such file" is plain.
  { word: /(?<!\b[Tt]here )\bis no(?! (longer|more|less|matter|need|reason)\b) [a-z]+/g, instead: '"is not a …"' },
  { word: /\bso many\b/gi, instead: 'up to N, at most N' },
  { word: /\bwhoever\b/gi, instead: 'who it is: the operator, a voter, a host' },
  { word: /\bputs? up with\b/g, instead: 'accepts' },
  { word: /\bthousand million\b/g, instead: 'billion' },
  { word: /\bmend(s|ed|ing)?\b/gi, instead: 'fix' },
  { word: /^#+ The house\b/gm, instead: 'Repository layout' },
  // What the page says.
  { word: /\bperamban\b/gi, instead: 'browser' },
  {
    word: /tidak pernah meninggalkan perangkat|KTP sedang tidak di tangan|Mohon diisi dulu|Membuka segel|Satu hal lagi|Sidik data|Hak pilih Anda tetap ada|Lupakan wilayah/g,
    instead: 'as a public office says it',
  },
  {
    word: /See where it lies|Opening the seal|This is no proof|that stands on your KTP|Genuine data|exchanged\?|Forget this device's regions/g,
    instead: 'as gov.uk writes',
  },
];

/** What may stay: the file, a part of the line, and why. @type {{ file: RegExp, line: RegExp, why: string }[]} */
const ALLOWED = [{ file: /^tests\/limits\.mjs$/, line: /node:test/, why: 'the one place' }];

const found = [];
for (const path of files(TEXT).filter((path) => !NOT.test(path))) {
  const text = read(path);
  const lines = text.split('\n');
  const code = RUST.test(path) ? codeOf(text) : '';
  for (const { word, instead, within = TEXT, code: inCode } of WORDS) {
    if (!within.test(path)) continue;
    for (const { index, 0: match } of (inCode ? code : text).matchAll(word)) {
      const at = lineOf(text, index);
      const line = lines[at - 1].trim();
      if (ALLOWED.some(({ file, line: part }) => file.test(path) && part.test(line))) continue;
      found.push(`${path}:${at}: "${match}" (${instead}): ${line.slice(0, 120)}`);
    }
  }
}
conclude('words that have a standard one', found);
