/** Keyboards, voice, autofill and clipboards, replayed in three engines: twelve of twelve digits, and the caret where it was put. */
import assert from 'node:assert/strict';
import { makeDemo, serve } from '../browser/stage.mjs';
import { PART, WHOLE, before, test } from '../limits.mjs';
import { ENGINES } from './engines.mjs';
import { DIGITS, TRACES, play, watchWriting } from './traces/replay.mjs';

let demo;
let site;
before(async () => {
  demo = await makeDemo();
  assert.equal(demo.exact.nik, DIGITS, 'the traces type the digits of the first voter to try');
  site = await serve(demo.site);
});

/** What is in the field now, and what is said about it. */
const look = (visit) =>
  visit.evaluate(() => {
    const { value, selectionStart, selectionEnd } = document.getElementById('nik');
    const dropped = document.getElementById('nik-dropped').textContent;
    return { value, caret: [selectionStart, selectionEnd], written: globalThis.written, dropped };
  });

/** A form that is ready, with the caret in the field for the NIK. */
async function start(visit) {
  await visit.goto(site.url);
  await visit.text('[data-started] #lang');
  await visit.evaluate(watchWriting);
  await visit.click('#nik');
}

for (const [engineName, startEngine] of Object.entries(ENGINES)) {
  test(engineName, WHOLE, async (t) => {
    const engine = await startEngine();
    /** @type {import('./engines.mjs').Visit | undefined} */
    let opened;
    t.after(async () => {
      await opened?.close();
      await engine.close();
    });
    const visit = (opened = await engine.open(site.url));

    for (const [name, { keyboard, steps, caret, value = DIGITS, name: typed, put }] of TRACES) {
      await t.test(`${name}: ${keyboard}`, PART, async () => {
        await start(visit);
        await visit.evaluate(play, steps);
        const seen = await look(visit);
        assert.equal(seen.value, value);
        if (caret !== undefined) assert.deepEqual(seen.caret, [caret, caret]);
        assert.equal(seen.written.length > 0, !!put, seen.written.join(', '));
        await visit.type('#name', typed ? '\n' : `${demo.exact.name}\n`);
        assert.equal(await visit.text('#answer [data-station-number]'), String(demo.exact.number));
        assert.equal((await look(visit)).value, '3901 0162 1291', 'at rest the digits are cut and grouped');
        assert.deepEqual(visit.trouble, []);
      });
    }

    await t.test('keys: sixteen digits, of which twelve are taken, and Enter leads to the name', PART, async () => {
      await start(visit);
      await visit.type('#nik', `${DIGITS}0001`);
      // WebKit's driver sets the caret itself before it types.
      const { value, caret, dropped } = await look(visit);
      assert.deepEqual([value, caret], [DIGITS, [12, 12]]);
      assert.match(dropped, /Empat digit terakhir/);
      await visit.type('#nik', '\n');
      assert.equal(await visit.evaluate(() => document.activeElement.id), 'name');
    });

    await t.test('a paste and a drop put the NIK in place of what is there, and both can be undone', PART, async () => {
      await start(visit);
      await visit.type('#nik', '1234');
      for (const [at, kind] of ['paste', 'drop'].entries()) {
        const undone = await visit.evaluate(
          (kind, text) => {
            const field = document.getElementById('nik');
            const data = new DataTransfer();
            data.setData('text/plain', text);
            if (kind === 'paste') {
              // Firefox has names of its own for what is pasted.
              const pasted = { clipboardData: data, dataType: 'text/plain', data: text };
              field.dispatchEvent(new ClipboardEvent('paste', { bubbles: true, cancelable: true, ...pasted }));
            } else {
              const inputType = 'insertFromDrop';
              field.dispatchEvent(new InputEvent('beforeinput', { bubbles: true, cancelable: true, inputType, data: text }));
            }
            const put = field.value;
            document.execCommand('undo');
            return [put, field.value];
          },
          kind,
          '3901 0162 1291 0001',
        );
        assert.deepEqual(undone, ['3901 0162 1291', '1234'], `${at}: ${kind}`);
      }
    });

    await t.test('in a frame that may not submit forms, the button and the Enter key ask', PART, async () => {
      await visit.goto(`${site.url}examples.html`);
      for (const how of ['click', 'Enter']) {
        await visit.evaluate(() => {
          const frame = document.createElement('iframe');
          frame.setAttribute('sandbox', 'allow-scripts allow-same-origin');
          frame.src = 'embed.html';
          frame.id = 'strict';
          document.getElementById('strict')?.remove();
          document.body.prepend(frame);
        });
        const number = await visit.evaluate(
          async (how, { nik, name }) => {
            const until = async (look) => {
              for (let tries = 0; tries < 600; tries += 1) {
                const found = look(document.getElementById('strict').contentDocument);
                if (found) return found;
                await new Promise((done) => setTimeout(done, 50));
              }
              throw new Error('it never came');
            };
            await until(
              (frame) => frame?.querySelector('#nik-hint span')?.textContent && frame.getElementById('election')?.isConnected,
            );
            await new Promise((done) => setTimeout(done, 500));
            const frame = document.getElementById('strict').contentDocument;
            for (const [id, text] of Object.entries({ nik, name })) {
              const field = frame.getElementById(id);
              field.value = text;
              field.dispatchEvent(new Event('input', { bubbles: true }));
            }
            const init = { key: 'Enter', keyCode: 13, bubbles: true, cancelable: true };
            if (how === 'click') frame.getElementById('ask').click();
            else frame.getElementById('name').dispatchEvent(new KeyboardEvent('keydown', init));
            return (await until((frame) => frame.querySelector('#answer [data-station-number]'))).textContent;
          },
          how,
          demo.exact,
        );
        assert.equal(number, String(demo.exact.number), how);
      }
    });
  });
}
