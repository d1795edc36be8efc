/** The app on this device: registers what keeps it, and offers a newer version. What is open changes only when somebody says so. */
import { button, h, scriptUrl, within } from './kit.js';

export { reloadAfresh } from './afresh.js';

const reload = () => location.reload();

/** @type {Promise<void> | undefined} */
let kept;

/** Keeps the app from now on. After "later" the same page does not ask again. @param {Ui} ui */
export const keep = (ui) =>
  (kept ??= register(ui).catch((error) => {
    kept = undefined;
    throw error;
  }));

/** @param {Ui} ui */
async function register(ui) {
  const { serviceWorker } = navigator;
  const older = serviceWorker.controller;
  const registration = await within('register', serviceWorker.register(scriptUrl('sw.js'), { updateViaCache: 'none' }));
  const look = () => {
    const { installing, waiting, active } = registration;
    if (waiting && active) offer(ui, () => takeOver(waiting));
    installing?.addEventListener('statechange', look);
  };
  registration.onupdatefound = look;
  // It was said in another window of this app.
  serviceWorker.oncontrollerchange = () => older && offer(ui, reload);
  look();
}

/** @param {ServiceWorker} newer */
function takeOver(newer) {
  navigator.serviceWorker.oncontrollerchange = null;
  newer.onstatechange = () => newer.state === 'activated' && reload();
  newer.postMessage('take over');
}

/** @param {Ui} ui @param {() => void} accept */
function offer(ui, accept) {
  const { language } = ui;
  ui.root.getElementById('update')?.remove();
  const later = () => bar.remove();
  const card = h('div', { class: 'card' }, language.setText(h('div'), 'update.ready'));
  card.append(
    language.setText(button('', accept), 'update.reload'),
    language.setText(button('', later, 'quiet'), 'update.later'),
  );
  const bar = h('div', { class: 'dock', id: 'update' }, card);
  ui.byId('progress').before(bar);
  ui.announce(ui.t('update.ready'));
}
