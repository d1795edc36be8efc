/** Devices whose clocks are right, wrong, or not to be confirmed. */
import { open, serve } from './stage.mjs';

export const HOUR_MS = 3_600_000;
export const DAY_MS = 24 * HOUR_MS;

/** What makes the clock of a page or a worker show that time now, and go on from there. @param {number} time */
export const clockAt = (time) => `{
  const [Real, ahead] = [Date, ${time} - Date.now()];
  globalThis.Date = class extends Real {
    constructor(...given) { super(...(given.length ? given : [Real.now() + ahead])); }
    static now() { return Real.now() + ahead; }
  };
}
`;

/**
 * A server, and a page on a device with that clock.
 * @param {string} site
 * @param {number} device what the device's clock shows
 * @param {number} [origin] what the server says; without it, its answers come from a cache that has had them for long
 */
export async function pageAt(site, device, origin, options = {}) {
  const server = await serve(site);
  server.says = origin ? { date: new Date(origin).toUTCString() } : { age: '500' };
  server.alter = (path, bytes) => (path === 'worker.js' ? Buffer.concat([Buffer.from(clockAt(device)), bytes]) : undefined);
  const page = await open(server.url, { ...options, before: (page) => page.addInitScript(clockAt(device)) });
  return { server, page };
}
