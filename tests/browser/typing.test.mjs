/** The field for the NIK in Chromium: what keyboards do by its own input methods; corrections, undo, paste and drop. */
import assert from 'node:assert/strict';
import { niksIn } from '../../www/page/pasted.js';
import { DIGITS, TRACES, playByProtocol, watchWriting } from '../engines/traces/replay.mjs';
import { before, test } from '../limits.mjs';
import { makeDemo, open, screen, serve } from './stage.mjs';

const GROUPED = '3901 0162 1291';
const OTHER = '390101010101';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  assert.equal(demo.exact.nik, DIGITS, 'the traces type the digits of the first voter to try');
  site = await serve(demo.site);
});

/** A form that is ready, with the caret in the field for the NIK. */
async function start(url = site.url, options = {}) {
  const page = await open(url, options);
  await page.locator('html[data-started]').waitFor();
  await page.evaluate(watchWriting);
  await page.locator('#nik').focus();
  return page;
}

/** What is in the field, with `|` for the caret or around what is selected. */
const field = (page) =>
  page.locator('#nik').evaluate(({ value, selectionStart: start, selectionEnd: end }) => {
    const selected = start === end ? '' : `${value.slice(start, end)}|`;
    return `${value.slice(0, start)}|${selected}${value.slice(end)}`;
  });

const caret = (page, at, end = at) =>
  page.evaluate(([at, end]) => globalThis.raw.setSelectionRange.call(document.activeElement, at, end), [at, end]);
const written = (page) => page.evaluate(() => globalThis.written);
const focused = (page) => page.evaluate(() => document.activeElement?.id || document.activeElement?.textContent);

/** From a clipboard as people have it. */
async function paste(page, text) {
  await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
  await page.evaluate((text) => navigator.clipboard.writeText(text), text);
  await page.keyboard.press('Control+V');
}

for (const [name, { keyboard, steps, caret, value = DIGITS, name: typed, put }] of TRACES) {
  test(`${name}: ${keyboard}`, async () => {
    const page = await start();
    await playByProtocol(page, steps);
    assert.equal(await page.locator('#nik').inputValue(), value);
    if (caret !== undefined) assert.equal(await field(page), `${value.slice(0, caret)}|${value.slice(caret)}`);
    assert.equal((await written(page)).length > 0, !!put, (await written(page)).join(', '));
    if (typed) assert.equal(await page.locator('#name').inputValue(), typed);
    else await page.locator('#name').pressSequentially(demo.exact.name);
    await page.keyboard.press('Enter');
    const answer = await screen(page, 'found');
    assert.equal(await answer.locator('[data-station-number]').innerText(), String(demo.exact.number));
    assert.equal(await page.locator('#nik').inputValue(), GROUPED, 'at rest the digits are cut and grouped');
    assert.deepEqual(page.trouble, []);
  });
}

test('corrections: the caret stays where it was put, and each of them can be undone', async () => {
  const page = await start();
  const { keyboard } = page;
  await keyboard.type('3901621291');
  await caret(page, 4);
  await keyboard.type('01');
  assert.equal(await field(page), '390101|621291');
  for (const [key, at] of /** @type {[string, number][]} */ ([
    ['Backspace', 6],
    ['Delete', 5],
  ])) {
    await caret(page, at);
    await keyboard.press(key);
    assert.equal(await field(page), '39010|621291');
    await keyboard.press('Control+Z');
    assert.equal(await page.locator('#nik').inputValue(), DIGITS);
  }
  await keyboard.press('Control+A');
  await keyboard.type('3901.0162-1291');
  assert.equal(await field(page), '3901.0162-1291|', 'people may write their own signs');
  assert.deepEqual(await written(page), []);
  await keyboard.press('Tab');
  assert.equal(await page.locator('#nik').inputValue(), GROUPED);
  // Back in the field, at rest between two groups: Delete takes the space as anybody sees, and the digit the next time.
  await page.locator('#nik').focus();
  await caret(page, 4);
  await keyboard.press('Delete');
  await keyboard.press('Delete');
  assert.equal(await field(page), '3901|162 1291');
  await keyboard.type('0');
  assert.equal(await field(page), '39010|162 1291');
});

test('a thirteenth digit is kept out and said so at once, in the middle too, and what is selected makes room', async () => {
  const page = await start();
  const dropped = page.locator('#nik-dropped');
  await page.keyboard.type(`${DIGITS}0`);
  assert.equal(await field(page), `${DIGITS}|`);
  assert.match(await dropped.innerText(), /sudah dihapus/);
  await caret(page, 4);
  await page.keyboard.type('7');
  assert.equal(await field(page), '3901|01621291');
  await caret(page, 4, 6);
  await page.keyboard.type('7');
  assert.equal(await field(page), '39017|621291');
  assert.equal(await dropped.innerText(), '');
  assert.deepEqual(await written(page), []);
});

test('groups are a tint while somebody types, where it fits, and written once the field is left', async () => {
  const page = await start();
  const isTinted = () => page.locator('#nik').evaluate((nik) => getComputedStyle(nik).backgroundImage !== 'none');
  const seen = [];
  for (const digits of ['3901', '01', '-']) {
    await page.keyboard.type(digits);
    seen.push(await isTinted());
  }
  assert.deepEqual(seen, [false, true, false]);
  await page.keyboard.press('Backspace');
  assert.equal(await isTinted(), true);
  await page.locator('#name').focus();
  assert.deepEqual([await page.locator('#nik').inputValue(), await isTinted()], ['3901 01', false]);
  await page.locator('#nik').focus();
  await page.keyboard.press('ArrowRight');
  assert.equal(await isTinted(), false);
});

test('letters among too few digits stay to be seen', async () => {
  const page = await start();
  await page.keyboard.type('39B1Z1621291');
  await page.locator('#ask').click();
  assert.match(await page.locator('#nik-problem').innerText(), /masih ada digit yang kurang/);
  assert.equal(await page.locator('#nik').inputValue(), '39B1Z1621291');
});

test('while another window is used, the field stays as it is', async () => {
  const page = await start();
  await page.keyboard.type(DIGITS);
  await page.locator('#nik').evaluate((nik) => nik.dispatchEvent(new FocusEvent('blur')));
  assert.equal(await field(page), `${DIGITS}|`);
});

test('a paste and a drop of "3901 0162 1291 0001" put twelve digits in place of what is there, and can be undone', async () => {
  const page = await start();
  await page.keyboard.type('1234');
  await paste(page, '3901 0162 1291 0001');
  assert.equal(await field(page), `${GROUPED}|`);
  assert.match(await page.locator('#nik-dropped').innerText(), /Empat digit terakhir/);
  await page.keyboard.press('Control+Z');
  assert.equal(await page.locator('#nik').inputValue(), '1234');

  const { x, y, width, height } = await page.locator('#nik').boundingBox();
  const protocol = await page.context().newCDPSession(page);
  const data = { items: [{ mimeType: 'text/plain', data: 'NIK: 3901016212910001' }], dragOperationsMask: 1 };
  for (const type of ['dragEnter', 'dragOver', 'drop']) {
    await protocol.send('Input.dispatchDragEvent', { type, x: x + width / 2, y: y + height / 2, data });
  }
  assert.equal(await field(page), `${GROUPED}|`);
  await page.keyboard.press('Control+Z');
  assert.equal(await page.locator('#nik').inputValue(), '1234');
  assert.ok(!(await page.content()).includes('0001'));
});

test('a few pasted digits go where the caret is, and no more than there is room for', async () => {
  const page = await start();
  await page.keyboard.type('3901291');
  await caret(page, 4);
  await paste(page, '0162 1');
  assert.equal(await field(page), '390101621|291');
  await caret(page, 12);
  await paste(page, '99');
  assert.equal(await field(page), '390101621291|');
  assert.match(await page.locator('#nik-dropped').innerText(), /Cukup 12 digit/);
});

test('where several numbers may be the NIK, the person is asked, by buttons that a keyboard and a screen reader reach', async () => {
  const page = await start();
  const choice = page.getByRole('group', { name: 'Yang mana NIK Anda?' });
  const ask = async () => {
    await paste(page, `Budi ${OTHER}0001 / ${DIGITS}0001`);
    await choice.waitFor();
  };
  await ask();
  assert.equal(await page.locator('#nik').inputValue(), '');
  const shown = await choice.getByRole('button').allInnerTexts();
  assert.deepEqual(
    shown.map((text) => text.slice(0, 14)),
    ['3901 0101 0101', GROUPED],
  );
  assert.match(shown[0], /Kec\. /);
  assert.ok(!(await page.content()).includes('0001'), 'nobody needs the last four digits to choose');
  assert.match(await focused(page), /^3901 0101 0101/);
  await page.keyboard.press('Escape');
  assert.deepEqual([await focused(page), await choice.count()], ['nik', 0]);

  await ask();
  await page.keyboard.press('Tab');
  await page.keyboard.press('Enter');
  assert.equal(await field(page), `${GROUPED}|`);
  assert.deepEqual([await focused(page), await choice.count()], ['nik', 0]);
  assert.equal(await page.locator('#answer').isVisible(), false, 'the same key asks nothing');

  await ask();
  await page.locator('#nik').focus();
  await page.keyboard.type('1');
  assert.equal(await choice.count(), 1, 'full: nothing was typed');
  await page.keyboard.press('Backspace');
  assert.equal(await choice.count(), 0, 'who types has chosen');
  assert.deepEqual(page.trouble, []);
});

test('of several numbers the only one in a known district is taken; a mirror is asked by six digits and three seconds', async () => {
  const asked = [];
  const before = async (page) => {
    await page.exposeBinding('tellAsked', (_, digits) => asked.push(digits));
    await page.addInitScript(() => {
      const post = Worker.prototype.postMessage;
      Worker.prototype.postMessage = function (message, ...rest) {
        if (message.method === 'prepare') globalThis.tellAsked(message.args[0]);
        return post.call(this, message, ...rest);
      };
    });
  };
  const page = await start(site.url, { before });
  await paste(page, `1201010101900001 atau ${DIGITS}0001`);
  await page.waitForFunction((value) => document.getElementById('nik').value === value, GROUPED);
  assert.deepEqual([...new Set(asked)].sort(), ['', '120101', '390101', DIGITS]);
  assert.equal(await page.locator('#nik-choice').innerText(), '');

  const server = await serve(demo.site);
  const slow = await start(server.url);
  await slow.route('**/*.bilik', () => {});
  const began = Date.now();
  await paste(slow, `1201010101900001 atau ${DIGITS}0001`);
  await slow.locator('#nik-which').waitFor();
  const took = Date.now() - began;
  assert.ok(took > 2500 && took < 6000, `${took} ms`);
  assert.equal(await slow.locator('#nik-choice button').count(), 2);
});

test('while the NIK is looked for nobody can ask by what the field had; where it cannot be, the field is left alone', async () => {
  let fail = () => {};
  const before = (page) => page.route('**/later.js', (route) => (fail = () => route.abort()));
  const page = await start(site.url, { before });
  await page.locator('#name').fill(demo.exact.name);
  await page.locator('#nik').fill(OTHER);
  await paste(page, `${OTHER}0001 dan ${DIGITS}0001`);
  await page.locator('#nik-choice', { hasText: 'Mencari' }).waitFor();
  await page.locator('#ask').click();
  assert.equal(await page.locator('#nik-problem').innerText(), 'Isi 12 digit pertama NIK.');
  fail();
  await page.locator('#nik-choice .note', { hasNotText: 'Mencari' }).waitFor();
  assert.match(await page.locator('#nik-choice').innerText(), /belum|tidak/);
  assert.equal((await page.locator('#nik').inputValue()).replaceAll(' ', ''), OTHER);
  await page.locator('#nik').focus();
  await page.keyboard.press('Backspace');
  assert.equal(await page.locator('#nik-choice').innerText(), '');
});

test('Enter asks from every field, but not where it ends a composition; a submission is caught as well', async () => {
  const page = await start();
  const problem = page.locator('#form[data-outcome="bad_input"]');
  const press = (selector, init) =>
    page.locator(selector).evaluate((field, init) => {
      const event = new KeyboardEvent('keydown', { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true, ...init });
      field.dispatchEvent(event);
    }, init);
  for (const init of [{ isComposing: true }, { keyCode: 229 }]) await press('#name', init);
  assert.equal(await problem.count(), 0);
  await press('#name', {});
  assert.equal(await problem.count(), 1);
  await page.locator('#other').click();
  for (const id of ['day', 'month', 'year', 'district', 'name']) {
    await page.locator('#name').fill(id);
    assert.equal(await problem.count(), 0);
    await page.locator(`#${id}`).press('Enter');
    assert.equal(await problem.count(), 1, id);
  }
  await page.locator('#name').fill('x');
  await page.locator('#sex input').first().press('Enter');
  assert.equal(await problem.count(), 1, 'sex');
  const address = page.url();
  await page.locator('#name').fill('y');
  await page.locator('#form').evaluate((form) => form.requestSubmit());
  assert.equal(await problem.count(), 1);
  assert.equal(page.url(), address);
  assert.deepEqual(page.trouble, []);
});

test('the NIK in a text', () => {
  const whole = `${DIGITS}0001`;
  const kk = `${OTHER}0001`;
  /** @type {[string, string[]][]} */
  const texts = [
    // However it is written.
    [whole, [DIGITS]],
    [DIGITS, [DIGITS]],
    ['3901 0162 1291 0001', [DIGITS]],
    ['3901\u00a00162\u00a01291\u00a00001', [DIGITS]],
    ['39.01.01.621291.0001', [DIGITS]],
    ['390101-621291-0001', [DIGITS]],
    ['３９０１０１６２１２９１', [DIGITS]],
    ['٣٩٠١٠١٦٢١٢٩١', [DIGITS]],
    // By its label, or by that of the others.
    [`No. KK ${kk} NIK ${whole}`, [DIGITS]],
    [`NIK ${whole} KK ${kk}`, [DIGITS]],
    [`N I K : ${whole}\nNo. HP 0812-3456-7890`, [DIGITS]],
    [`No. KTP ${whole} WA 6281234567890`, [DIGITS]],
    [`NO_KK;${kk};NIK;${whole}`, [DIGITS]],
    [`Nomor Induk Kependudukan: ${whole}. Kartu keluarga: ${kk}`, [DIGITS]],
    [`${whole} (NIK)\n${kk} (KK)`, [DIGITS]],
    [`NIK (16 digit): ${whole}`, [DIGITS]],
    // By its form.
    [`+62 812 3456 7890\n${whole}`, [DIGITS]],
    [`0812 3456 7890 ${whole}`, [DIGITS]],
    [`lahir 17-08-1990 ${DIGITS}`, [DIGITS]],
    [`Rekening 012301012345501, ${whole}`, [DIGITS]],
    // A date that some cards have is believed where the number is called a NIK.
    ['NIK 3901013002910001', ['390101300291']],
    ['3901013002910001', []],
    // Nobody knows which.
    [`${kk} ${whole}`, [OTHER, DIGITS]],
    [`${kk}${whole}`, [OTHER, DIGITS]],
    [`3901 0101 0101 0001 3901 0162 1291 0001`, [OTHER, DIGITS]],
    [`NIK/KK: ${whole} / ${kk}`, [DIGITS, OTHER]],
    [`Nama NIK KK\nBudi ${whole} ${kk}`, [DIGITS, OTHER]],
    [`NIK ${whole}, NIK ${kk}`, [DIGITS, OTHER]],
    // None.
    ['', []],
    ['0812 3456 7890', []],
    ['halo', []],
    [`KK ${kk}`, []],
    ['0000 0000 0000 0000', []],
  ];
  for (const [text, niks] of texts) assert.deepEqual(niksIn(text), niks, text);
  const roll = Array.from(
    { length: 5000 },
    (_, at) => `39010101${String((at % 12) + 1).padStart(2, '0')}${(at % 90) + 10}0001`,
  ).join('\n');
  const began = Date.now();
  assert.equal(niksIn(roll.repeat(20)).length, 6);
  assert.ok(Date.now() - began < 1000, 'a whole roll blocks nothing');
});
