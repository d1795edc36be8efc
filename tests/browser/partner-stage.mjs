/** A partner's own page, which uses the module itself: `import init, { Bilik } from './pkg/bilik.js'`. */
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { open } from './stage.mjs';

const BLANK = `<!doctype html><title>A partner’s page</title><link rel="icon" href="data:,"><script type="module">
import init, { Bilik } from './pkg/bilik.js';
const wasm = await init();
const memory = Object.values(wasm).find((one) => one instanceof WebAssembly.Memory);
Object.assign(globalThis, { Bilik, memory, ready: true });
</script>`;

/** Puts that page into a site's folder. @param {string} site */
export const addPartnerPage = (site) => writeFile(join(site, 'partner.html'), BLANK);

/** Opens it, and waits until the module runs. @param {{ url: string }} server */
export async function openPartnerPage(server) {
  const page = await open(`${server.url}partner.html`);
  await page.waitForFunction(() => globalThis.ready);
  return page;
}

/**
 * Calls a method of a new `Bilik` on a partner's page; what it rejects with comes back as `{ rejected }`.
 * @param {import('playwright-core').Page} page
 * @param {string} method
 * @param {unknown[]} args
 * @param {object} options
 */
export const callOn = (page, method, args, options) =>
  page.evaluate(
    async ([options, method, args]) => {
      try {
        return await new Bilik(options)[method](...args);
      } catch (error) {
        return { rejected: error.name, message: error.message, cause: error.cause };
      }
    },
    [options, method, args],
  );
