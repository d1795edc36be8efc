/**
 * The theme that a partner's page asks for: colours, a font and a theme, and nothing that could fetch or hide. A colour that
 * could not be read on its ground becomes one that can: a partner's accent may be chosen for paper, and the reader's device be dark.
 */
import { colourOf, contrast, hexOf, readable, readableOn } from './contrast.js';

/** Each variable with the property whose values it can take. */
const PROPERTIES = new Map([
  ['font', 'font-family'],
  ['radius', 'border-radius'],
  ...'background surface text muted line edge accent on-accent soft sign on-sign good bad warn on-warn'
    .split(' ')
    .map((name) => /** @type {[string, string]} */ ([name, 'color'])),
]);

/**
 * A value that stands by itself. What refers to something else (`var()`, `if()`, `inherit`, however it is spelt) would be
 * taken for any property, so another one is asked, too.
 * @param {string} name @param {unknown} value @returns {value is string}
 */
const isValid = (name, value) =>
  typeof value === 'string' && CSS.supports(PROPERTIES.get(name) ?? '', value) && !CSS.supports('box-sizing', value);

/** What is written in which colour on which grounds, and the contrast that WCAG 2.2 asks for. */
const INKS = /** @type {[ink: string, grounds: string[], least: number][]} */ ([
  ['text', ['surface', 'soft'], 4.5],
  ['muted', ['surface', 'soft'], 4.5],
  ['accent', ['surface', 'soft'], 4.5],
  ['good', ['surface', 'soft'], 4.5],
  ['bad', ['surface', 'soft'], 4.5],
  ['edge', ['surface'], 3],
  ['on-accent', ['accent'], 4.5],
  ['on-sign', ['sign'], 4.5],
  ['on-warn', ['warn'], 4.5],
]);
/** A tint further from the surface than this would not carry what is written on the surface. */
const MAX_TINT = 1.5;

/**
 * Sets the variables on an element and the theme in the sheets. A variable that is no longer asked for falls back.
 * @param {HTMLElement} element
 * @param {Iterable<CSSStyleSheet>} sheets
 * @param {Record<string, unknown>} asked
 */
export function applyTheme(element, sheets, asked) {
  for (const name of PROPERTIES.keys()) {
    const value = asked[name];
    if (isValid(name, value)) element.style.setProperty(`--bilik-${name}`, value);
    else element.style.removeProperty(`--bilik-${name}`);
  }
  const theme = asked.theme === 'light' || asked.theme === 'dark' ? asked.theme : '';
  element.style.colorScheme = theme;
  for (const sheet of sheets) for (const rule of rulesOf(sheet)) if (rule instanceof CSSMediaRule) applyScheme(rule, theme);
  if ([...PROPERTIES].some(([name, property]) => property === 'color' && isValid(name, asked[name]))) makeReadable(element);
}

/** Replaces colours that cannot be read, in the scheme that is in force. @param {HTMLElement} element */
function makeReadable(element) {
  const computed = getComputedStyle(element);
  const colour = (/** @type {string} */ name) => colourOf(computed.getPropertyValue(`--bilik-${name}`).trim(), element);
  const set = (/** @type {string} */ name, /** @type {string} */ value) => element.style.setProperty(`--bilik-${name}`, value);
  const [surface, soft] = [colour('surface'), colour('soft')];
  if (surface && soft && contrast(soft, surface) > MAX_TINT) set('soft', hexOf(surface));
  for (const [name, grounds, least] of INKS) {
    for (const ground of grounds) {
      const [ink, paper] = [colour(name), colour(ground)];
      // What no colour can be read from falls back to the app's own.
      if (!ink) element.style.removeProperty(`--bilik-${name}`);
      else if (paper && contrast(ink, paper) < least)
        set(name, hexOf(name.startsWith('on-') ? readableOn(paper) : readable(ink, paper, least)));
    }
  }
}

/** In a frame without an origin of its own no rule may be read, not even the app's: there the device's preference stays. @param {CSSStyleSheet} sheet */
function rulesOf(sheet) {
  try {
    return sheet.cssRules;
  } catch {
    return [];
  }
}

/** @type {WeakMap<CSSMediaRule, string>} the conditions as they were written */
const original = new WeakMap();

/**
 * The dark colours stand in the sheets once, under the device's preference. A theme takes its place.
 * @param {CSSMediaRule} rule
 * @param {string} theme
 */
function applyScheme(rule, theme) {
  const condition = original.get(rule) ?? rule.media.mediaText;
  if (!condition.includes('prefers-color-scheme')) return;
  original.set(rule, condition);
  const as = (/** @type {string} */ scheme) => (scheme === theme ? '(min-width: 0px)' : '(max-width: 0px)');
  rule.media.mediaText = theme
    ? condition.replace(/\(\s*prefers-color-scheme:\s*(\w+)\s*\)/g, (_, scheme) => as(scheme))
    : condition;
}
