import initSqlJs from 'sql.js/dist/sql-wasm-browser.js';

export async function open(data, code) {
  const [{ Database }, bytes] = await Promise.all([
    initSqlJs({ locateFile: () => `${code}/sqljs.wasm` }),
    fetch(`${data}/voters.sqlite`).then((response) => response.arrayBuffer()),
  ]);
  const query = new Database(new Uint8Array(bytes)).prepare('select station from voter where nik = ? and name = ?');
  return (nik, name) => query.get([nik, name])[0];
}
