import 'bilik/element';

const status = document.querySelector('output');
addEventListener('bilik-ready', () => (status.textContent = 'siap'));
addEventListener('bilik-error', ({ detail }) => (status.textContent = detail.reason));
