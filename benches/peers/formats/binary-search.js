const HASH_BYTES = 8;

export async function hashOf(nik, name) {
  return new Uint8Array(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(`${nik}|${name}`))).subarray(0, HASH_BYTES);
}

/** Hashes in ascending order, then as many stations of four bytes. @param {Uint8Array} bytes @param {Uint8Array} hash */
export function find(bytes, hash) {
  const rows = bytes.length / (HASH_BYTES + 4);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  const wanted = new DataView(hash.buffer, hash.byteOffset).getBigUint64(0);
  for (let [from, to] = [0, rows]; from < to; ) {
    const middle = (from + to) >> 1;
    const found = view.getBigUint64(HASH_BYTES * middle);
    if (found === wanted) return view.getUint32(HASH_BYTES * rows + 4 * middle, true);
    if (found < wanted) from = middle + 1;
    else to = middle;
  }
  return undefined;
}
