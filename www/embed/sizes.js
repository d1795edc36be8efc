/**
 * Sizes of the app on somebody else's page. Its sheets count in rem, which follows the text size that the reader has set in the
 * browser. In a shadow root rem follows that page's own root, and many pages make it 10 px.
 */

const REM = /(?<![\w-])([\d.]+)rem\b/g;

/**
 * Makes each rem of the sheets what the reader has set. Does nothing where that is done.
 * @param {HTMLElement} element an element in the page, whose font size it sets
 * @param {Iterable<CSSStyleSheet>} sheets
 */
export function setSizes(element, sheets) {
  element.style.fontSize = 'medium';
  const medium = Number.parseFloat(getComputedStyle(element).fontSize);
  const inPixels = (/** @type {string} */ text) => text.replace(REM, (_, count) => `${+(Number(count) * medium).toFixed(3)}px`);
  /** Conditions of media rules keep theirs: there rem is what the reader has set. @param {Iterable<CSSRule>} rules */
  const rewrite = (rules) => {
    for (const rule of rules) {
      if (rule instanceof CSSMediaRule || rule instanceof CSSSupportsRule) rewrite(rule.cssRules);
      else if (rule instanceof CSSStyleRule && rule.style.cssText.includes('rem')) {
        rule.style.cssText = inPixels(rule.style.cssText);
      }
    }
  };
  for (const sheet of sheets) rewrite(sheet.cssRules);
}
