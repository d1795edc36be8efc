/** The same work by hash-wasm. */
importScripts('/hash-wasm.js');

const COST = { parallelism: 1, memorySize: 19_456, iterations: 2, hashLength: 32, outputType: 'binary' };

onmessage = async ({ data: { id, count } }) => {
  const began = performance.now();
  for (let index = 0; index < count; index += 1) {
    await hashwasm.argon2id({ ...COST, password: `390101120190 ${index}`, salt: new Uint8Array(32) });
  }
  postMessage({ id, value: performance.now() - began });
};
