export * from './client.js';
export * from './element.js';
