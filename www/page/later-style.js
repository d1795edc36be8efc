/** The style of what is loaded later. Pages of others have it in their one sheet. */
import RULES from '../css/later.css';

if (document.documentElement.dataset.app === 'page') {
  const [sheet] = document.styleSheets;
  sheet?.insertRule(`@media all { ${RULES} }`, sheet.cssRules.length);
}
