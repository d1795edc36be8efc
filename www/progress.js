/** The bar at the foot of the screen while a lookup runs. */
import { byId, h } from './dom.js';
import { t } from './i18n.js';

/** An answer that comes sooner than this needs no bar: a flash would only unsettle. */
const PATIENCE_MS = 150;

/**
 * Shows the bar until `answer` settles.
 * @template T
 * @param {(onProgress: (progress: import('../pkg/bilik.js').Progress) => void) => Promise<T>} run
 * @param {() => void} cancel
 * @returns {Promise<T>}
 */
export async function withProgress(run, cancel) {
  const dock = byId('progress');
  const words = h('span', { id: 'progress-words' }, t('progress.files'));
  const bar = h('progress', { 'aria-labelledby': 'progress-words' });
  const stop = h('button', { type: 'button', class: 'quiet', click: cancel }, t('progress.cancel'));
  const show = setTimeout(() => {
    dock.replaceChildren(h('div', { class: 'card' }, h('div', {}, words, bar), stop));
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
