/** What the element extends: on a server, which renders its tag and its fallback, a class that is never used. */
export const ElementBase = globalThis.HTMLElement ?? class {};
