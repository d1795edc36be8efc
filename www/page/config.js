/** What `bilik build` wrote into the head of a page. The script that starts an app there reads it once. */

/**
 * @param {ParentNode} page
 * @param {string} base what relative mirrors are relative to
 * @returns {Config}
 */
export function readConfig(page, base) {
  /** @param {string} name */
  const line = (name) => page.querySelector(`meta[name=bilik-${name}]`)?.getAttribute('content') ?? '';
  /** @param {string} name */
  const list = (name) => line(name).match(/\S+/g) ?? [];
  return {
    options: {
      mirrors: list('mirrors').map((mirror) => new URL(mirror, base).href),
      publicKey: list('public-key'),
      threshold: Number(line('threshold') || 1),
      election: list('election')[0],
    },
    help: { helpPhone: line('help-phone'), helpUrl: line('help-url'), hours: list('hours') },
  };
}
