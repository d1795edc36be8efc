/// <reference path="types.d.ts" />
/**
 * A pack: the page, the module and a region's files in one document that `bilik pack` writes (pack.html). The same code as a
 * site's, which checks the same signature; only where a request would go out, this document answers.
 */
import { SCREENS } from './page/answer.js';
import { createApp } from './page/app.js';
import { readConfig } from './page/config.js';
import { PageHost } from './page/host.js';
import { startKiosk, toAnswer } from './page/kiosk.js';
import { beyond } from './pack/beyond.js';
import { PackClient } from './pack/client.js';
import * as later from './later.js';
import { SELF, answerFromHere, dataFiles, workerScript } from './pack/embedded.js';
import { scripts } from './pack/load-script.js';
import en from './i18n/en.json' with { type: 'json' };
import jv from './i18n/jv.json' with { type: 'json' };
import su from './i18n/su.json' with { type: 'json' };

/** A page of its own that has nothing to save and no service worker. */
class PackHost extends PageHost {
  /** @override */
  isGuest = true;
  /** @override */
  toTop = toAnswer;
}

const { code = '', name = '', site = '' } = document.getElementById('pack')?.dataset ?? {};
const base = site || SELF;
const files = dataFiles();
scripts['later.js'] = () => later;
// Where no worker can be had, the page runs its script itself.
scripts['worker.js'] = () => import(URL.createObjectURL(workerScript()));
answerFromHere(files, { en, jv, su });
/** @type {any} */ (SCREENS).beyond = beyond({ code, name, site });
// It would be another file, which is not here.
for (const link of document.querySelectorAll('a.privacy')) link.remove();

const config = readConfig(document, SELF);
/** @type {BilikOptions} */
const options = { ...config.options, mirrors: [SELF], .../** @type {object} */ ({ files }) };
const client = new PackClient(options, { code, name, site });

/** @param {Host} host @returns {{ ready: Promise<void> }} */
function start(host) {
  const { ready, ui } = createApp({ root: document, config, host, client });
  const show = async () => {
    const state = await client.call('election').catch(() => undefined);
    const line = ui.byId('pack-state');
    /** @type {Record<string, string>} */
    const words = { ready: 'pack.valid', stale: 'stale.title' };
    ui.language.setText(line, words[state?.outcome ?? ''] ?? 'pack.invalid');
    line.dataset.outcome = state?.outcome ?? 'unverified';
    if (state?.outcome !== 'ready') return;
    // The signed date, whatever stands beside it.
    const day = /** @type {HTMLTimeElement} */ (ui.byId('pack-day'));
    day.dateTime = state.data.signedAt.slice(0, 10);
    day.textContent = ui.language.date(day.dateTime);
  };
  ready.then(show, () => {});
  return { ready };
}

if (new URLSearchParams(location.search).has('kiosk')) startKiosk(start, base);
else start(Object.assign(new PackHost(), { base }));
