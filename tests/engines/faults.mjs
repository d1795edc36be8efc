/** What may befall a mirror. */

/**
 * @typedef {object} Fault
 * @property {string} name
 * @property {'head' | 'file' | 'table'} shows the first kind of file on which it can be noticed: see `wasFirst` in rig.mjs
 * @property {(sites: import('./sites.mjs').Sites) => import('./nginx.mjs').Manner} [manner] without it the mirror is stopped
 * @property {true} [afterTouch] it befalls the mirror once the page has the head, before the first digit
 * @property {true} [unnamed] nothing had to be refused: a lookup that needs no second opinion on the head does not wait for it
 */

/** Every file but the head: the mirror still says what is current, and then fails to give it. */
const files = (manner) => (sites) => ({ ...manner(sites), honestHead: sites.current });
const stalled =
  (stall) =>
  ({ current }) => ({ root: current, stall });
const answering =
  (status) =>
  ({ current }) => ({ root: current, status });
const folder = (name) => (sites) => ({ root: sites[name] });

/** @type {Fault[]} */
export const FAULTS = [
  { name: 'refused', shows: 'head' },
  { name: 'refused-after-head', shows: 'file', afterTouch: true },
  { name: 'hung-up-files', shows: 'file', manner: files(answering(444)) },
  { name: 'stalled', shows: 'head', manner: stalled('before'), unnamed: true },
  { name: 'stalled-files', shows: 'file', manner: files(stalled('before')) },
  { name: 'midfile', shows: 'head', manner: stalled('middle'), unnamed: true },
  { name: 'midfile-files', shows: 'file', manner: files(stalled('middle')) },
  { name: '20kB/s', shows: 'table', manner: ({ current }) => ({ root: current, rate: 20_000 }) },
  { name: 'drips', shows: 'table', manner: ({ current }) => ({ root: current, atOnce: 24_000, rate: 10_000 }) },
  { name: '500', shows: 'head', manner: answering(500) },
  { name: '500-files', shows: 'file', manner: files(answering(500)) },
  { name: 'truncated', shows: 'head', manner: folder('truncated') },
  { name: 'truncated-files', shows: 'file', manner: files(folder('truncated')) },
  { name: 'flipped', shows: 'head', manner: folder('flipped') },
  { name: 'flipped-files', shows: 'file', manner: files(folder('flipped')) },
  { name: 'foreign', shows: 'head', manner: folder('foreign') },
  { name: 'older', shows: 'head', manner: folder('older'), unnamed: true },
];
