/** The bar at the foot of the screen while a lookup runs. */
import { byId, h } from './dom.js';
import { t } from './i18n.js';
import { button } from './parts.js';

/** An answer that comes sooner than this needs no bar: a flash would only unsettle. */
const PATIENCE_MS = 150;

/**
 * Shows the bar until what runs has settled.
 * @param {(onProgress: (progress: Progress) => void) => Promise<Outcome>} run
 * @param {() => void} cancel
 */
export async function withProgress(run, cancel) {
  const dock = byId('progress');
  const words = h('span', { id: 'progress-words' }, t('progress.files'));
  const bar = h('progress', { 'aria-labelledby': 'progress-words' });
  const show = setTimeout(() => {
    dock.replaceChildren(h('div', { class: 'card' }, h('div', {}, words, bar), button(t('progress.cancel'), cancel, 'quiet')));
    dock.hidden = false;
    byId('status').textContent = words.textContent;
  }, PATIENCE_MS);
  try {
    return await run(({ step, done, of }) => {
      words.textContent = t(step === 'files' ? 'progress.files' : of > 1 ? 'progress.derive' : 'progress.search');
      if (of > 1) Object.assign(bar, { max: of, value: done });
    });
  } finally {
    clearTimeout(show);
    if (bar.isConnected || dock.hidden) dock.hidden = true;
    byId('status').textContent = '';
  }
}
