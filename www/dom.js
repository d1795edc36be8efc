/** Elements without markup in strings: all that is shown goes in as text. */
import { place } from './embed-place.js';

/**
 * Makes an element; `true` sets an empty attribute, `false` and `undefined` leave it out.
 * @template {keyof HTMLElementTagNameMap} K
 * @param {K} tag
 * @param {Attributes} [attributes]
 * @param {...Child} children
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

/** The element of that id, which must be there. @param {string} id */
export const byId = (id) =>
  /** @type {HTMLElement} */ (place.root.getElementById(id));

/** The text field of that id. @param {string} id */
export const input = (id) =>
  /** @type {HTMLInputElement} */ (byId(id));

/** Calls `later` once nothing has called for `ms`. @type {(ms: number, later: () => void) => (() => void) & { cancel(): void }} */
export function afterPause(ms, later) {
  let timer = 0;
  const cancel = () => clearTimeout(timer);
  const call = () => {
    cancel();
    timer = window.setTimeout(later, ms);
  };
  return Object.assign(call, { cancel });
}
