/** The style of what is loaded later. Pages of others have it in their one sheet. */
import RULES from '../css/later.css';

/** In the page's own sheet, and not in one of an extension that lies elsewhere. */
function addRules() {
  for (const sheet of document.styleSheets) {
    try {
      sheet.insertRule(`@media all { ${RULES} }`, sheet.cssRules.length);
      return;
    } catch {}
  }
}

if (document.documentElement.dataset.app === 'page') addRules();
