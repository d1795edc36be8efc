/** One lookup within a page, in one call of a driver: for tests that make hundreds. */

/**
 * Types and presses, and gives what the page then shows. Runs in the page, as a whole.
 * @param {{ nik: string, name: string }} voter
 * @param {number} patience in milliseconds
 */
export async function shown({ nik, name }, patience) {
  const until = performance.now() + patience;
  const turn = () => new Promise((go) => setTimeout(go, 20));
  while (performance.now() < until && !('started' in document.documentElement.dataset)) await turn();
  for (const [id, text] of Object.entries({ nik, name })) {
    const field = document.getElementById(id);
    field.focus();
    field.value = text;
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }
  document.getElementById('ask').click();
  for (;;) {
    const answer = document.querySelector('#answer > [data-outcome]');
    if (answer || performance.now() > until) {
      const number = answer?.querySelector('[data-station-number]')?.textContent;
      return {
        outcome: answer?.dataset.outcome ?? 'silent',
        number: Number(number),
        text: (answer ?? document.body).textContent,
      };
    }
    await turn();
  }
}
