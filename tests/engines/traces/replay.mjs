/** Plays the traces: see README.md. What runs in the page stands by itself, since a driver hands it over as text. */
import { readFile, readdir } from 'node:fs/promises';

/** What every trace types. */
export const DIGITS = '390101621291';

/**
 * @typedef {object} Trace
 * @property {string} keyboard
 * @property {string[]} source
 * @property {string} report what the sources say
 * @property {Record<string, any>[]} steps
 * @property {number} [caret]
 * @property {string} [value]
 * @property {string} [name] what is in the field for the name afterwards
 * @property {boolean} [put]
 */

/** @type {[string, Trace][]} */
export const TRACES = [];
for (const file of (await readdir(import.meta.dirname ?? new URL('.', import.meta.url).pathname)).sort()) {
  if (!file.endsWith('.json')) continue;
  TRACES.push([file.slice(0, -5), JSON.parse(await readFile(new URL(file, import.meta.url), 'utf8'))]);
}

/** In the page: notes in `written` whatever a script writes into a field that has the focus; a keyboard goes by `raw`. */
export function watchWriting() {
  const { prototype } = HTMLInputElement;
  const raw = {};
  const written = [];
  const note = (field, how) => field === document.activeElement && written.push(`${how} of #${field.id}`);
  for (const name of ['setRangeText', 'setSelectionRange', 'select']) {
    const real = (raw[name] = prototype[name]);
    prototype[name] = function (...args) {
      note(this, name);
      return real.apply(this, args);
    };
  }
  for (const name of ['value', 'selectionStart', 'selectionEnd']) {
    const real = Object.getOwnPropertyDescriptor(prototype, name);
    raw[name] = real.set;
    const set = function (value) {
      note(this, name);
      real.set.call(this, value);
    };
    Object.defineProperty(prototype, name, { ...real, set });
  }
  const execute = document.execCommand;
  document.execCommand = function (...args) {
    written.push(`execCommand ${args[0]}`);
    return execute.apply(this, args);
  };
  Object.assign(globalThis, { raw, written });
}

/** In the page, after {@link watchWriting}: what a keyboard does, by events and edits that it remembers the places of. */
export async function play(steps) {
  const { raw } = globalThis;
  /** @type {any} */
  let field = document.activeElement;
  let composed;
  let last = [0, 0];
  const fire = (Kind, type, init) => field.dispatchEvent(new Kind(type, { bubbles: true, composed: true, ...init }));
  const select = ([start, end]) => raw.setSelectionRange.call(field, start, end);
  const edit = (inputType, data, [start, end], { told, ...init } = {}) => {
    const cancelable = !init.isComposing && inputType !== 'insertReplacementText';
    if (!fire(InputEvent, 'beforeinput', { inputType, data, cancelable, ...init })) return;
    raw.setRangeText.call(field, data ?? '', start, end, 'end');
    last = [start, start + (data ?? '').length];
    if (told) select(told);
    fire(InputEvent, 'input', { inputType, data, ...init });
    if (told) select([last[1], last[1]]);
  };
  const selection = () => [field.selectionStart, field.selectionEnd];
  const compose = (text) => {
    if (!composed) fire(CompositionEvent, 'compositionstart', { data: '' });
    composed ??= selection();
    fire(CompositionEvent, 'compositionupdate', { data: text });
    edit('insertCompositionText', text, composed, { isComposing: true });
    composed = last;
  };
  const finish = (data) => {
    composed = undefined;
    fire(CompositionEvent, 'compositionend', { data });
  };
  for (const step of steps) {
    if (step.compose) compose(step.compose);
    else if (step.commit && composed) {
      compose(step.commit);
      finish(step.commit);
    } else if (step.commit) {
      for (const type of ['keydown', 'keyup'])
        fire(KeyboardEvent, type, { key: 'Unidentified', keyCode: 229, cancelable: true });
      edit('insertText', step.commit, selection(), step);
    } else if (step.finish) finish(field.value.slice(...composed));
    else if (step.again) {
      composed = step.again;
      fire(CompositionEvent, 'compositionstart', { data: field.value.slice(...composed) });
    } else if (step.backspace) {
      for (let times = step.backspace; times > 0; times -= 1) {
        const [start, end] = selection();
        edit('deleteContentBackward', null, [start === end ? start - 1 : start, end]);
      }
    } else if (step.caret) select(step.caret);
    else if (step.replace) edit('insertReplacementText', step.replace, last);
    else if (step.clipboard) {
      edit('insertFromPaste', step.clipboard, selection());
      // Among several numbers the page looks for the NIK, with a script that it has to fetch.
      while (document.querySelector('#nik-choice .note')) await new Promise((resume) => setTimeout(resume, 20));
    } else if (step.fill) {
      raw.value.call(field, step.fill);
      fire(Event, 'input');
      fire(Event, 'change');
    } else if (step.leave) {
      field = document.getElementById(step.leave);
      field.focus();
    } else throw new Error(`no such step: ${JSON.stringify(step)}`);
  }
}

/** What only a script can play, in Chromium too: its protocol knows no replacement, no clipboard of a keyboard, no autofill. */
const isForScripts = (step) => 'replace' in step || 'clipboard' in step || 'fill' in step;

/**
 * Chromium's own input: a step is a message to the engine, as Android's keyboards send it.
 * @param {import('playwright-core').Page} page
 * @param {Trace['steps']} steps
 */
export async function playByProtocol(page, steps) {
  if (steps.some(isForScripts)) return page.evaluate(play, steps);
  const protocol = await page.context().newCDPSession(page);
  const selection = () => page.evaluate(() => [document.activeElement.selectionStart, document.activeElement.selectionEnd]);
  const compose = (text, range) => {
    const [replacementStart, replacementEnd] = range ?? [];
    const places = { selectionStart: text.length, selectionEnd: text.length, replacementStart, replacementEnd };
    return protocol.send('Input.imeSetComposition', { text, ...places });
  };
  let composed = '';
  for (const step of steps) {
    if (step.compose) await compose((composed = step.compose));
    else if (step.again) {
      composed = await page.evaluate((range) => document.activeElement.value.slice(...range), step.again);
      await compose(composed, step.again);
    } else if (step.commit || step.finish) {
      if (step.told) await page.evaluate(tellLate, step.told);
      await protocol.send('Input.insertText', { text: step.commit ?? composed });
    } else if (step.backspace) for (let times = step.backspace; times > 0; times -= 1) await page.keyboard.press('Backspace');
    else if (step.caret)
      await page.evaluate((range) => globalThis.raw.setSelectionRange.apply(document.activeElement, range), step.caret);
    else if (step.leave) await page.locator(`#${step.leave}`).focus();
    else throw new Error(`no such step: ${JSON.stringify(step)}`);
  }
  return selection();
}

/** In the page: the next input event finds that selection; afterwards the caret is where it was. */
function tellLate(range) {
  /** @type {any} */
  const field = document.activeElement;
  const { setSelectionRange } = globalThis.raw;
  let real = 0;
  const early = () => {
    real = field.selectionEnd;
    setSelectionRange.apply(field, range);
  };
  const late = () => setSelectionRange.call(field, real, real);
  addEventListener('input', early, { capture: true, once: true });
  addEventListener('input', late, { once: true });
}
