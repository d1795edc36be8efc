/** The app on this device: registers what keeps it, and offers a newer version. What is open changes only when somebody says so. */
import { ownScript } from './client.js';
import { byId, h } from './dom.js';
import { say, t } from './i18n.js';
import { button } from './parts.js';

const reload = () => location.reload();

/** @type {Promise<void> | undefined} */
let kept;

/** Keeps the app from now on. Whoever said "later" is not asked again by the same page. */
export const keep = () =>
  (kept ??= begin().catch((error) => {
    kept = undefined;
    throw error;
  }));

async function begin() {
  const { serviceWorker } = navigator;
  const older = serviceWorker.controller;
  const registration = await serviceWorker.register(ownScript('sw.js'), { updateViaCache: 'none' });
  const look = () => {
    const { installing, waiting, active } = registration;
    if (waiting && active) offer(() => takeOver(waiting));
    installing?.addEventListener('statechange', look);
  };
  registration.onupdatefound = look;
  // It was said in another window of this app.
  serviceWorker.oncontrollerchange = () => older && offer(reload);
  look();
}

/** @param {ServiceWorker} newer */
function takeOver(newer) {
  navigator.serviceWorker.oncontrollerchange = null;
  newer.onstatechange = () => newer.state === 'activated' && reload();
  newer.postMessage('take over');
}

/** @param {() => void} accept */
function offer(accept) {
  document.getElementById('update')?.remove();
  const later = () => bar.remove();
  const card = h('div', { class: 'card' }, say(h('div'), 'update.ready'));
  card.append(say(button('', accept), 'update.reload'), say(button('', later, 'quiet'), 'update.later'));
  const bar = h('div', { class: 'dock', id: 'update' }, card);
  byId('progress').before(bar);
  byId('status').textContent = t('update.ready');
}
