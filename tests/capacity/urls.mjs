/**
 * What one voter asks for, an address a line: urls.mjs VISIT.json WHAT ORIGIN PEOPLE
 *
 *   bilik      all requests of the visit
 *   postgres   the same page without the module and the data, and a lookup on the server
 *   lookup     that lookup alone
 */
import { readFileSync } from 'node:fs';

const [file, what, origin, people] = process.argv.slice(2);
/** @type {import('../visit/log.mjs').Logged[]} */
const visit = JSON.parse(readFileSync(file, 'utf8'));
const isOfPage = ({ kind }) => kind === 'page';
const paths = { bilik: visit, postgres: visit.filter(isOfPage), lookup: [] }[what].map(({ path }) => path);
if (what !== 'bilik') paths.push(`tps?nik=390101${String(1 + Math.floor(Math.random() * Number(people))).padStart(10, '0')}`);
for (const path of paths) console.log(`${origin}/${path}`);
