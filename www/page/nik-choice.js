/** Which of several pasted numbers is the NIK. */
import { fill, grouped, h, within } from './kit.js';

/**
 * Asks which of several it is, unless only one has a district that there is. For that, a mirror is asked for files by the first
 * six digits, as when they are typed.
 * @param {Ui} ui
 * @param {Element} place for the choice; once something else is in it, somebody has typed or pressed Escape
 * @param {string[]} niks
 * @param {(nik: string) => void} put
 */
export async function chooseNik(ui, place, niks, put) {
  const { client, language, root } = ui;
  const field = ui.input('nik');
  const before = place.firstChild;
  /** @param {string} nik @returns {Promise<Prepared | undefined>} */
  const prepare = (nik) => within('districts', client.prepare(nik.slice(0, 6))).catch(() => undefined);
  const choices = await Promise.all(niks.map(async (nik) => ({ nik, known: await prepare(nik) })));
  if (place.firstChild !== before) return;
  const real = choices.filter(({ known }) => !known?.warnings.includes('unknown_district'));
  if (real[0] && !real[1]) return put(real[0].nik);
  const buttons = (real.length ? real : choices).map(({ nik, known }) => {
    const click = () => {
      field.focus();
      put(nik);
    };
    const district = known?.district && h('span', {}, language.districtLine(known.district));
    return h('button', { type: 'button', class: 'choice', click }, h('b', {}, grouped(nik)), district);
  });
  const isWaiting = root.activeElement === field;
  fill(place, language.setText(h('p', { id: 'nik-which' }), 'nik.which'), ...buttons);
  if (isWaiting) buttons[0]?.focus();
}
