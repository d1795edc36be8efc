/**
 * A sandbox around the frame forbids downloads and printing without a word. Whether a download began, no frame can know; so it is
 * said after each one where else the station is.
 */

/** @type {Record<string, string>} */
const WORDS = {
  id: 'Tidak terjadi apa-apa? Halaman ini mungkin melarangnya. Buka TPS ini di halamannya sendiri:',
  en: 'Did nothing happen? This page may forbid it. Open this polling station on its own page:',
  jv: 'Ora ana apa-apa? Kaca iki mbok menawa nglarang. Bukak TPS iki ing kacané dhéwé:',
  su: 'Teu aya nanaon? Halaman ieu bisa jadi ngalarang. Buka TPS ieu di halamanna sorangan:',
};

/** Says so below the row of buttons, once. @param {Element | null | undefined} row */
function tell(row) {
  const url = document.querySelector('#answer .station .paper')?.textContent;
  if (!row || !url || row.nextElementSibling?.matches('.blocked')) return;
  const note = Object.assign(document.createElement('p'), { className: 'note blocked' });
  note.setAttribute('role', 'status');
  const link = Object.assign(document.createElement('a'), { href: url, target: '_blank', rel: 'noopener', translate: false });
  link.textContent = url;
  note.append(`${WORDS[document.documentElement.lang] ?? WORDS.id} `, link);
  row.after(note);
}

/** Listens to the buttons of an answer (page/station.js). */
export function tellWhatMayBeBlocked() {
  addEventListener('click', ({ target }) => {
    const button = target instanceof Element && target.closest('button.day');
    if (button) tell(button.parentElement);
  });
  const print = window.print.bind(window);
  window.print = () => {
    let isOpen = false;
    addEventListener('beforeprint', () => (isOpen = true), { once: true });
    print();
    if (!isOpen) tell(document.querySelector('#answer .actions'));
  };
}
