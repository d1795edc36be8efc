/** The lines that partners copy, with this site's own addresses, key, version and integrity in them. */
import './element.js';
import { within } from './limits.js';

const { version, integrity } = document.documentElement.dataset;

/** @param {string} name */
const published = (name) => document.querySelector(`meta[name=bilik-${name}]`)?.getAttribute('content') ?? '';
const byId = (/** @type {string} */ id) => /** @type {HTMLElement} */ (document.getElementById(id));

const site = new URL('.', document.baseURI).href;
const pinned = `${site}v/${version}/element.js`;
const election = published('election');
const others = published('mirrors')
  .split(/\s+/)
  .map((mirror) => new URL(mirror, site).href)
  .filter((mirror) => mirror !== site);

/** @param {string[]} mirrors */
function write(mirrors) {
  const list = mirrors.length > 1 ? ` mirrors="${mirrors.join(' ')}"` : '';
  byId('element').textContent =
    `<script type="module" src="${pinned}" integrity="${integrity}" crossorigin></script>\n<bilik-lookup election="${election}" public-key="${published('public-key')}"${list}><a href="${site}">Cari TPS Anda</a></bilik-lookup>`;
  byId('frame').textContent =
    `<iframe src="${site}embed.html?lang=id&amp;election=${encodeURIComponent(election)}" title="Cari TPS Anda" width="100%" height="800" loading="lazy" allow="clipboard-write; web-share" referrerpolicy="no-referrer" style="border:0"></iframe>`;
  byId('policy').textContent =
    `script-src ${pinned}; frame-src ${[...new Set(mirrors.map((mirror) => new URL(mirror).origin))].join(' ')}`;
}

/** A host of files need not be trusted with the page: none of them is chosen unless somebody does so. */
for (const mirror of others) {
  const label = document.createElement('label');
  const box = Object.assign(document.createElement('input'), { type: 'checkbox', value: mirror });
  label.append(box, mirror);
  byId('others').append(label);
}
byId('others').hidden = !others.length;
byId('others').addEventListener('change', () => {
  const chosen = [...byId('others').querySelectorAll('input')].filter(({ checked }) => checked);
  write([site, ...chosen.map(({ value }) => value)]);
});
write([site]);

for (const button of document.querySelectorAll('button')) {
  button.addEventListener('click', async () => {
    const code = byId(button.dataset.copy ?? '');
    try {
      await within('clipboard', navigator.clipboard.writeText(code.textContent ?? ''));
      button.textContent = 'Tersalin ✓';
    } catch {
      // Where a browser keeps the clipboard to itself, the code is selected at least.
      getSelection()?.selectAllChildren(code);
    }
  });
}
