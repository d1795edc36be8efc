/// <reference path="types.d.ts" />
/** The page: a form, a lookup, an answer. Here they meet. */
import { answer } from './answer.js';
import { Asking } from './asking.js';
import { BilikClient } from './client.js';
import { config } from './config.js';
import { afterPause, byId } from './dom.js';
import { Form } from './form.js';
import { date, language, LANGUAGES, otherLanguage, preferredLanguage, speak } from './i18n.js';
import { withProgress } from './progress.js';
import { stationsScreen } from './villages.js';

/** How long somebody rests in typing before the details count as complete. */
const PAUSE_MS = 600;
/** The history entry of an answer says only that it is one. */
const ANSWER = 'answer';

const client = new BilikClient(config());
const asking = new Asking(client);
const slot = byId('answer');
/** @type {Election | undefined} */
let election;
/** @type {(() => HTMLElement) | undefined} what is shown instead of the form */
let screen;
/** @type {Question | undefined} the question that the screen answers */
let asked;
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
  choose: (village) => void ask({ ...form.question(), village }),
  browse(where) {
    const before = screen;
    show(() => stationsScreen({ ...actions, edit: () => (before ? show(before) : back()) }, where));
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

/** Asks what the form asks, or that question; joins the lookup that already runs. @param {Question} [question] */
async function ask(question) {
  askAhead.cancel();
  const gap = question ? undefined : form.gap();
  if (gap) return form.showProblem(gap);
  const wanted = (asked = question ?? form.question());
  const cancel = () => asking.cancel();
  /** @type {Shown | BadInput | undefined} nothing when it was cancelled */
  const outcome = await withProgress((onProgress) => asking.ask(wanted, onProgress), cancel).catch(({ name }) =>
    name === 'AbortError' ? undefined : { outcome: 'broken' },
  );
  if (!outcome || wanted !== asked) return;
  if (outcome.outcome === 'bad_input') {
    showForm();
    return form.showProblem(outcome);
  }
  meet(outcome);
  show(() => answer(outcome, actions));
}

/** Says which election this is, once that is known. @param {{ election?: Election, [other: string]: any }} known */
function meet(known) {
  election = known.election ?? election;
  if (!election) return;
  document.documentElement.dataset.demo = String(election.demo);
  byId('election').textContent = `${election.name} · ${date(election.date, { dateStyle: 'long' }).replace(/ /g, '\u00a0')}`;
}

/** @param {() => HTMLElement} make */
function show(make) {
  screen = make;
  slot.replaceChildren(make());
  slot.hidden = false;
  byId('question').hidden = true;
  // So that a phone's back button leads to the form. In a frame the history is the other page's.
  if (window === window.top && history.state !== ANSWER) history.pushState(ANSWER, '');
  scrollTo(0, 0);
  slot.querySelector('h1')?.focus({ preventScroll: true });
}

function showForm() {
  if (!screen) return;
  screen = undefined;
  slot.hidden = true;
  slot.replaceChildren();
  byId('question').hidden = false;
  scrollTo(0, 0);
  byId('title').focus({ preventScroll: true });
}

function back() {
  asking.cancel();
  if (history.state === ANSWER) history.back();
  else showForm();
}

/** @param {Language} code */
async function changeLanguage(code) {
  await speak(code);
  const other = otherLanguage();
  Object.assign(byId('lang'), { textContent: LANGUAGES[other], lang: other, hreflang: other, href: `?lang=${other}` });
  meet({});
  if (screen) slot.replaceChildren(screen());
}

byId('lang').addEventListener('click', (event) => {
  event.preventDefault();
  byId('lang').dataset.used = 'true';
  changeLanguage(otherLanguage()).then(rememberLanguage, () => {});
});

/** In the address and nowhere else. */
function rememberLanguage() {
  const address = new URL(location.href);
  address.searchParams.set('lang', language());
  history.replaceState(history.state, '', address);
}

addEventListener('popstate', () => {
  if (byId('lang').dataset.used) rememberLanguage();
  showForm();
});

// Nothing that was typed waits for whoever holds the phone next.
addEventListener('pagehide', () => {
  asking.cancel();
  form.clear();
  showForm();
});

if (history.state === ANSWER) history.replaceState(null, '');
const giveUp = () => {
  document.documentElement.className = 'old';
};
if (typeof WebAssembly === 'object') changeLanguage(preferredLanguage()).catch(giveUp);
else giveUp();
