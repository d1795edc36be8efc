/// <reference path="types.d.ts" />
/** The page: a form, a lookup, an answer. Here they meet. */
import { answer, mayPass } from './answer.js';
import { Again } from './again.js';
import { Asking, withProgress } from './asking.js';
import { BilikClient } from './client.js';
import { config } from './config.js';
import { afterPause, byId, h } from './dom.js';
import { place } from './embed-place.js';
import { Form } from './form.js';
import { date, language, LANGUAGES, preferredLanguage, speak } from './i18n.js';

/** How long somebody rests in typing before the details count as complete. */
const PAUSE_MS = 600;
const KEEP_AFTER_MS = 1000;
/** The history entry of an answer says only that it is one. */
const ANSWER = 'answer';
const FRAMED = place.isGuest;

const client = new BilikClient(config());
const asking = new Asking(client);
const again = new Again(() => void ask(asked, true));
const slot = byId('answer');
/** @type {Election | undefined} */
let election;
/** @type {(() => HTMLElement) | undefined} the answer, for as long as somebody may come back to it */
let screen;
/** @type {typeof screen} what is shown instead of the form */
let shown;
/** @type {Question | undefined} the question that the screen answers */
let asked;
/** The code of the village where the answer's station is. */
let answered = '';
let preparations = 0;

const form = new Form({ onTouch: () => void prepare(''), onDigits: prepare, onChange: changed, onAsk: () => void ask() }, client);

/** @type {Actions} */
const actions = {
  client,
  edit: back,
  clear() {
    asking.cancel();
    form.clear();
    back();
  },
  retry: () => void ask(asked),
  waiting: () => again.line(),
  choose: (village) => void ask({ ...form.question(), village }),
  asked: () => asked ?? form.question(),
  instead(digits) {
    form.fill(digits);
    void ask({ ...form.question(), village: asked?.village });
  },
};

/** @param {string} digits */
async function prepare(digits) {
  const turn = ++preparations;
  const prepared = await client.prepare(digits).catch(() => undefined);
  if (!prepared) return;
  meet(prepared);
  if (turn === preparations) form.showPrepared(prepared);
}

const askAhead = afterPause(PAUSE_MS, () => {
  const question = form.question();
  if (form.gap() || question.name.length < 3) return;
  asking.ask(question).then(meet, () => {});
});

function changed() {
  asking.cancel();
  askAhead();
}

/**
 * Asks what the form asks, or that question; joins the lookup that already runs.
 * @param {Question} [question]
 * @param {boolean} [quietly] nobody pressed anything: no bar, and nothing new if there is nothing new
 */
async function ask(question, quietly) {
  if (!quietly) again.pause();
  askAhead.cancel();
  const gap = question ? undefined : form.gap();
  if (gap) return form.showProblem(gap);
  const wanted = (asked = question ?? form.question());
  /** @type {Shown | BadInput | undefined} nothing when it was cancelled */
  const outcome = await (
    quietly ? asking.ask(wanted) : withProgress((onProgress) => asking.ask(wanted, onProgress), cancel)
  ).catch(({ name }) => (name === 'AbortError' ? undefined : { outcome: 'broken' }));
  if (!outcome || wanted !== asked) return;
  const unreachable = mayPass(outcome);
  if (unreachable && quietly) return again.wait();
  if (!unreachable) again.stop();
  if (outcome.outcome === 'bad_input') {
    showForm();
    return form.showProblem(outcome);
  }
  meet(outcome);
  answered = outcome.outcome === 'found' ? outcome.station.villageCode : '';
  show(() => answer(outcome, actions));
  if (unreachable) return;
  // After an answer of any kind: what a server is asked for must not tell whether somebody was found.
  setTimeout(() => import('./calendar.js').catch(() => {}), KEEP_AFTER_MS);
  keepApp();
}

let isKept = false;
/** Whoever was answered once shall need no network for it again; not so early that files are fetched twice. */
function keepApp() {
  if (isKept || FRAMED || !navigator.serviceWorker) return;
  isKept = true;
  const keep = () => import('./update.js').then(({ keep }) => keep());
  // Without a network it is kept the next time.
  setTimeout(() => keep().catch(() => (isKept = false)), KEEP_AFTER_MS);
}

/** Says which election this is, once that is known. @param {{ election?: Election, [other: string]: any }} known */
function meet(known) {
  election = known.election ?? election;
  if (!election) return;
  place.html.dataset.demo = String(election.demo);
  byId('election').textContent = `${election.name}\n${date(election.date, true)}`;
}

/** @param {() => HTMLElement} make */
function show(make) {
  screen = make;
  // So that a phone's back button leads to the form. In a frame the history is the other page's.
  if (!FRAMED && history.state !== ANSWER) history.pushState(ANSWER, '');
  paint(make);
}

/** @param {() => HTMLElement} make */
function paint(make) {
  shown = make;
  slot.replaceChildren(make());
  slot.hidden = false;
  byId('question').hidden = true;
  place.toTop();
  slot.querySelector('h1')?.focus({ preventScroll: true });
}

/** Public places have an address of their own, `#/village/number`; an answer and the form have none. */
async function follow() {
  const { hash } = place;
  const [found, code, number] = /^#\/(?:saved|(\d{10})?(?:\/(\d+))?)$/.exec(hash) ?? [];
  if (found) {
    const make = hash === '#/saved' ? await savedHere() : await browsing(code, number);
    if (hash !== place.hash) return;
    paint(make);
    meet(await client.prepare(''));
  } else if (screen && (FRAMED || history.state === ANSWER)) paint(screen);
  else showForm();
}

/** @param {string} [code] @param {string} [number] */
async function browsing(code, number) {
  const { browse } = await import('./browse.js');
  return () => browse(client, code, number);
}

/** The regency of the answer, or else of the digits. */
async function savedHere() {
  const { nik, district } = asked ?? form.question();
  const { saved } = await import('./saved.js');
  return () => saved(client, forgetAll, /^\d{4}/.exec(answered || nik || district || '')?.[0]);
}

function showForm() {
  if (!shown) return;
  screen = shown = undefined;
  slot.hidden = true;
  slot.replaceChildren();
  byId('question').hidden = false;
  place.toTop();
  byId('title').focus({ preventScroll: true });
}

/** Nobody waits for the answer any more. */
function cancel() {
  asking.cancel();
  again.stop();
}

function back() {
  cancel();
  if (history.state === ANSWER) history.back();
  else showForm();
}

/** @param {Language} code */
async function changeLanguage(code) {
  await speak(code);
  languages.value = code;
  meet({});
  if (shown) slot.replaceChildren(shown());
}

const languages =
  /** @type {HTMLSelectElement} */ (byId('lang'));
languages.append(...Object.entries(LANGUAGES).map(([value, name]) => h('option', { value, lang: value }, name)));
languages.addEventListener('change', () => {
  languages.dataset.used = 'true';
  const chosen =
    /** @type {Language} */ (languages.value);
  changeLanguage(chosen).then(rememberLanguage, () => (languages.value = language()));
});

/** In the address and nowhere else. */
function rememberLanguage() {
  if (FRAMED) return;
  const address = new URL(location.href);
  address.searchParams.set('lang', language());
  history.replaceState(history.state, '', address);
}

addEventListener('popstate', () => {
  cancel();
  if (languages.dataset.used) rememberLanguage();
  follow().catch(() => {});
});
// A guest's address is its host's, and so is the history.
place.moved = () => {
  cancel();
  follow().catch(() => {});
};
place.html.addEventListener('click', (event) => {
  const link = FRAMED && event.target instanceof Element && event.target.closest('a[href^="#"]');
  if (!link) return;
  event.preventDefault();
  place.go(link.getAttribute('href') ?? '');
});

/** Nothing that was typed or answered waits for whoever holds the phone next. */
function forgetAll() {
  cancel();
  form.clear();
  screen = asked = undefined;
  answered = '';
}
addEventListener('pagehide', () => {
  forgetAll();
  if (!place.hash) showForm();
});

if (navigator.serviceWorker?.controller) keepApp();
byId('foot').hidden = FRAMED;
if (history.state === ANSWER) history.replaceState(null, '');
const giveUp = () => {
  place.html.className = 'old';
};
if (typeof WebAssembly === 'object') changeLanguage(preferredLanguage()).then(follow).catch(giveUp);
else giveUp();
