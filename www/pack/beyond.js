/** The screen for whom this file cannot find: it is about one region. */
import { AS_IS, h } from '../page/dom.js';
import { actionRow, block, button, contact, p, rights, screen } from '../page/parts.js';

/**
 * @param {import('./client.js').Region} region
 * @returns {(ui: Ui, outcome: import('./client.js').Beyond, actions: Actions) => HTMLElement}
 */
export const beyond =
  ({ code, name, site }) =>
  (ui, { isFound }, { edit }) => {
    const { t } = ui;
    return screen(
      'beyond',
      t('pack.beyond.title'),
      p(t(isFound ? 'pack.beyond.moved' : 'pack.beyond.lead', { code, name }), 'lead'),
      !!site && block(t('pack.beyond.site'), h('p', {}, h('b', AS_IS, site))),
      actionRow(button(t('edit'), edit)),
      contact(ui),
      rights(ui),
    );
  };
