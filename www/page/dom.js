/** Elements without markup in strings: all that is shown goes in as text. */

/** For names, numbers and addresses: a browser that translates must leave them alone. */
export const AS_IS = { translate: 'no' };

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

/** What `replaceChildren` does, which some browsers lack. @param {Element} element @param {...(Node | string)} children */
export function fill(element, ...children) {
  element.textContent = '';
  element.append(...children);
}

/** Calls `action` once nothing has called for `ms`. @type {(ms: number, action: () => void) => (() => void) & { cancel(): void }} */
export function debounce(ms, action) {
  let timer = 0;
  const cancel = () => clearTimeout(timer);
  const call = () => {
    cancel();
    timer = window.setTimeout(action, ms);
  };
  return Object.assign(call, { cancel });
}
