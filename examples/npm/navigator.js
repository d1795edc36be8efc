/** The browser's navigator; on a server, where nothing is looked up, an empty one. */
export const browserNavigator = globalThis.navigator ?? {};
