/** What somebody may have meant: the digits with one slip put right, each at one touch. */
import { slips } from './digits.js';
import { AS_IS, birthIn, block, digitsIn, grouped, h } from './kit.js';

/**
 * Looks for likely slips in the digits after an answer. Where the district is unknown, those whose district there is; else those by
 * which somebody of this name is found. That is done after every answer to a question with a village, so that a page around this one
 * cannot tell by the load of the device whether somebody was found. What is asked for follows from the digits.
 * @param {Ui} ui
 * @param {Actions} actions
 * @param {boolean} isUnknown whether no district has these digits
 * @param {AbortSignal} signal
 * @returns {Promise<() => void>} shows what was found on the screen that is there, where that says that nobody was
 */
export async function suggestions(ui, actions, isUnknown, signal) {
  const question = actions.asked();
  const kinds = new Map(slips(digitsIn(question), isUnknown).map(([nik = '', kind]) => [nik, kind]));
  const niks = [...kinds.keys()];
  /** What is said of each that is likely. @type {Map<string, () => string>} */
  const likely = new Map();
  if (isUnknown) {
    await Promise.all(
      niks.map(async (nik) => {
        const code = nik.slice(0, 6);
        const [one] = await ui.client.villages('', code).catch(() => []);
        if (one) likely.set(nik, () => ui.language.districtLine({ ...one, code, name: one.district }));
      }),
    );
  } else if (question.village) {
    const found = await ui.client.call('alternatives', question.name, niks, { signal }).catch(() => []);
    for (const nik of found) likely.set(nik, () => `${ui.language.birth(birthIn(nik))}`);
  }
  const typed = grouped(digitsIn(question));
  return () => {
    const missed = '[data-outcome="not_found"], [data-outcome="no_such_region"]';
    const place = ui.byId('answer').querySelector(missed)?.querySelector('.actions');
    if (!place || !likely.size || signal.aborted) return;
    const shown = niks.filter((nik) => likely.has(nik));
    const list = shown.map((nik) =>
      suggestion(actions, nik, `${ui.t(`slip.${kinds.get(nik)}`)} ${likely.get(nik)?.()}`, typed),
    );
    const section = block(ui.t('slip.title'), h('ul', { class: 'choices' }, ...list));
    // On the screen only: paper may be left behind.
    section.classList.add('typed', 'slips');
    place.after(section);
    ui.announce(ui.t('slip.title'));
  };
}

/** Twelve digits at one touch. @param {Actions} actions @param {string} nik @param {string} words @param {string} typed in groups */
function suggestion(actions, nik, words, typed) {
  const marked = [...grouped(nik)].map((digit, at) => (digit === typed[at] ? digit : h('u', {}, digit)));
  const click = () => actions.instead(nik);
  return h(
    'li',
    {},
    h('button', { type: 'button', class: 'choice', click }, h('b', AS_IS, ...marked), h('span', AS_IS, words)),
  );
}
