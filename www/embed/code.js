/** The lines that partners copy (embed-code.html): from what they choose to HTML and to what their policy must allow. */

/**
 * @typedef {object} Site
 * @property {string} url its address
 * @property {string} election
 * @property {string} keys
 * @property {number} threshold
 * @property {string} version
 * @property {string} integrity
 * @property {string[]} data hosts of its data, as its own page names them
 *
 * @typedef {object} Choice
 * @property {'element' | 'frame' | 'inline'} way
 * @property {string} lang of the lookup; empty: that of the page
 * @property {string} theme
 * @property {Record<string, string>} look values of the variables by their names without `--bilik-`
 * @property {string} height in pixels; empty: the usual two
 * @property {boolean} isPinned
 * @property {string[]} mirrors that serve the page too, beside the site
 */

/** @param {string} text */
const escaped = (text) => text.replace(/&/g, '&amp;').replace(/"/g, '&quot;').replace(/</g, '&lt;');

/** @param {Record<string, string>} attributes those that are empty are left out */
const written = (attributes) =>
  Object.entries(attributes)
    .filter(([, value]) => value)
    .map(([name, value]) => ` ${name}="${escaped(value)}"`)
    .join('');

/** @param {Choice} choice */
export const styleOf = ({ look, height }) =>
  [...Object.entries(look), ...(height ? [['height', `${height}px`]] : [])]
    .map(([name, value]) => `--bilik-${name}: ${value}`)
    .join('; ');

/** @param {Site} site @param {Choice} choice */
const scriptOf = ({ url, version }, { isPinned }) => (isPinned ? `${url}v/${version}/element.js` : `${url}element.js`);

/** @param {Site} site @param {Choice} choice */
export function codeOf(site, choice) {
  const { url, election, keys, threshold, integrity } = site;
  const { way, lang, theme, look, height, isPinned, mirrors } = choice;
  if (way === 'frame') {
    const query = new URLSearchParams({ lang: lang || 'id', ...(theme && { theme }), election, ...look });
    return `<iframe src="${escaped(`${url}embed.html?${query}`)}" title="Cari TPS Anda" width="100%" height="${height || 800}" loading="lazy" allow="clipboard-write; web-share" referrerpolicy="no-referrer" style="border:0"></iframe>`;
  }
  const pinned = isPinned ? ` integrity="${integrity}" crossorigin` : '';
  const isInline = way === 'inline';
  const named = isInline ? site.data : mirrors.length ? [url, ...mirrors] : [];
  const attributes = written({
    election,
    'public-key': keys,
    threshold: isInline && threshold > 1 ? String(threshold) : '',
    mirrors: named.join(' '),
    lang,
    theme,
    style: styleOf(choice),
  });
  return `<script type="module" src="${scriptOf(site, choice)}"${pinned}></script>
<bilik-lookup${isInline ? ' inline' : ''}${attributes}><a href="${url}">Cari TPS Anda</a></bilik-lookup>`;
}

/** @param {string[]} urls */
const originsOf = (urls) => [...new Set(urls.map((url) => new URL(url).origin))].join(' ');

/** What the partner's policy must allow (docs/embedding.md). @param {Site} site @param {Choice} choice */
export function policyOf(site, choice) {
  const frames = `frame-src ${originsOf([site.url, ...choice.mirrors])}`;
  if (choice.way === 'frame') return frames;
  const style = styleOf(choice) ? "; style-src-attr 'unsafe-inline'" : '';
  if (choice.way === 'element') return `script-src ${scriptOf(site, choice)}; ${frames}${style}`;
  const { origin } = new URL(site.url);
  return `script-src ${origin} 'wasm-unsafe-eval'; style-src ${origin}; img-src ${origin}; connect-src ${originsOf([site.url, ...site.data])}; worker-src blob:; trusted-types bilik${style}`;
}
