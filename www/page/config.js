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
  // What no browser can ask is passed over, so that one slip leaves the others; where none is left, this host.
  const mirrors = list('mirrors').flatMap((mirror) => {
    try {
      return new URL(mirror, base).href.match(/^https?:[^?#]*\/$/) ?? [];
    } catch {
      return [];
    }
  });
  return {
    options: {
      mirrors: mirrors.length ? mirrors : [new URL('.', base).href],
      publicKey: list('public-key'),
      threshold: Number(line('threshold') || 1),
      election: list('election')[0],
    },
    help: {
      helpPhone: line('help-phone'),
      helpUrl: line('help-url'),
      hours: list('hours'),
      rights: JSON.parse(line('rights') || '{}'),
    },
    witnesses: line('witnesses'),
  };
}
