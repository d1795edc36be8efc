/** The Indonesian words of the screens that are loaded later: the build leaves them out of the page's script (tests/tools/app-words.mjs). */
import { addWords } from './kit.js';
import WORDS from '../i18n/id.json' with { type: 'json' };

addWords(WORDS);
