import { find, hashOf } from './binary-search.js';

export async function open(data) {
  const bytes = new Uint8Array(await (await fetch(`${data}/voters.bin`)).arrayBuffer());
  return async (nik, name) => find(bytes, await hashOf(nik, name));
}
