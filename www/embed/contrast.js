/** Contrast of two colours as WCAG 2.2 counts it, and a readable colour where a given one is not. */

/** Red, green, blue and alpha, each from 0 to 1. @typedef {[number, number, number, number]} Colour */

export const BLACK = /** @type {Colour} */ ([0, 0, 0, 1]);
export const WHITE = /** @type {Colour} */ ([1, 1, 1, 1]);

/**
 * Reads any colour that CSS knows, by an element of the document that shows none of it.
 * @param {string} value
 * @param {HTMLElement} probe
 * @returns {Colour | undefined} nothing for what is not a colour
 */
export function colourOf(value, probe) {
  const { style } = probe;
  style.color = '';
  style.color = value;
  if (!style.color) return undefined;
  // Colours of newer notations (`oklch()`, …) become red, green and blue in a mix; older browsers have neither.
  style.color = `color-mix(in srgb, ${value}, ${value})`;
  const computed = getComputedStyle(probe).color;
  style.color = '';
  const [red = 0, green = 0, blue = 0, alpha = 1] = computed.match(/-?[\d.]+(?:e-?\d+)?/g)?.map(Number) ?? [];
  const most = computed.startsWith('rgb') ? 255 : 1;
  if (most === 1 && !computed.startsWith('color(srgb')) return undefined;
  const [r, g, b] = [red, green, blue].map((part) => Math.min(1, Math.max(0, part / most)));
  return [r ?? 0, g ?? 0, b ?? 0, alpha];
}

/** What is seen of a colour that lets another one through. @param {Colour} ink @param {Colour} paper @returns {Colour} */
const over = ([r, g, b, alpha], [R, G, B]) => [
  r * alpha + R * (1 - alpha),
  g * alpha + G * (1 - alpha),
  b * alpha + B * (1 - alpha),
  1,
];

/** @param {Colour} colour */
function luminance([r, g, b]) {
  const linear = (/** @type {number} */ part) => (part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4);
  return 0.2126 * linear(r) + 0.7152 * linear(g) + 0.0722 * linear(b);
}

/** From 1 to 21. @param {Colour} ink @param {Colour} paper */
export function contrast(ink, paper) {
  const [low = 0, high = 0] = [luminance(over(ink, paper)), luminance(paper)].sort((one, other) => one - other);
  return (high + 0.05) / (low + 0.05);
}

/** Black or white, whichever can be read better. @param {Colour} paper */
export const readableOn = (paper) => (contrast(BLACK, paper) > contrast(WHITE, paper) ? BLACK : WHITE);

/**
 * The colour itself where it has that contrast; else the nearest one on the way to black or white that has it.
 * @param {Colour} ink @param {Colour} paper @param {number} least
 * @returns {Colour}
 */
export function readable(ink, paper, least) {
  const end = readableOn(paper);
  for (let step = 0; step < 20; step += 1) {
    const mixed = over([end[0], end[1], end[2], step / 20], over(ink, paper));
    if (contrast(asBytes(mixed), paper) >= least) return step ? mixed : ink;
  }
  return end;
}

/** As a screen has it. @param {Colour} colour @returns {Colour} */
const asBytes = ([r, g, b]) => [bytes(r) / 255, bytes(g) / 255, bytes(b) / 255, 1];
const bytes = (/** @type {number} */ part) => Math.round(part * 255);

/** `#rrggbb`. @param {Colour} colour */
export const hexOf = ([r, g, b]) => `#${[r, g, b].map((part) => bytes(part).toString(16).padStart(2, '0')).join('')}`;
