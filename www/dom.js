/** Elements without markup in strings: whatever is shown goes in as text. */

/** @typedef {Node | string | false | null | undefined} Child */
/** @typedef {Record<string, string | number | boolean | undefined | ((event: Event) => void)>} Attributes */

/**
 * Makes an element. A function listens to the event of that name; `true` sets an empty attribute; `false` and
 * `undefined` leave it out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
 * @returns {HTMLElementTagNameMap[K]}
 */
export function h(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (typeof value === 'function') element.addEventListener(name, value);
    else if (value !== undefined && value !== false) element.setAttribute(name, value === true ? '' : String(value));
  }
  for (const child of children) if (child) element.append(child);
  return element;
}

/**
 * The element of that id, which must be there.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function byId(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`no #${id} in the page`);
  return element;
}

/**
 * The text field of that id.
 * @param {string} id
 */
export const input = (id) => /** @type {HTMLInputElement} */ (byId(id));

/**
 * Calls `later` once nothing has called for `ms`.
 * @template {any[]} A
 * @param {number} ms
 * @param {(...args: A) => void} later
 */
export function afterPause(ms, later) {
  /** @type {ReturnType<typeof setTimeout> | undefined} */
  let timer;
  /** @param {A} args */
  const call = (...args) => {
    clearTimeout(timer);
    timer = setTimeout(() => later(...args), ms);
  };
  return Object.assign(call, { cancel: () => clearTimeout(timer) });
}
