import init, { Map as FstMap } from 'bilik-bench-fst';

export async function open(data, code) {
  await init({ module_or_path: `${code}/fst.wasm` });
  const map = FstMap.open(new Uint8Array(await (await fetch(`${data}/voters.fst`)).arrayBuffer()));
  return (nik, name) => map.get(`${nik}|${name}`);
}
