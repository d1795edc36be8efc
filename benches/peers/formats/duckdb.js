import * as duckdb from '@duckdb/duckdb-wasm';

export async function open(data, code) {
  const worker = new Worker(`${code}/duckdb-worker.js`);
  const database = new duckdb.AsyncDuckDB(new duckdb.VoidLogger(), worker);
  await database.instantiate(`${location.origin}${code}/duckdb.wasm`);
  // From CSV: its reader of Parquet is an extension, which it would fetch from a server of its authors'.
  await database.registerFileText('voters.csv', await (await fetch(`${data}/voters.csv`)).text());
  const connection = await database.connect();
  const columns = "columns = {'nik': 'varchar', 'name': 'varchar', 'station': 'integer'}, delim = ';', header = false";
  await connection.query(`create table voter as select * from read_csv('voters.csv', ${columns})`);
  await connection.query('create index of_voter on voter (nik)');
  const query = await connection.prepare('select station from voter where nik = ? and name = ?');
  return async (nik, name) => (await query.query(nik, name)).get(0)?.station;
}
