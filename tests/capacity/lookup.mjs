/**
 * The lookup that Bilik stands beside: PostgreSQL behind node's own HTTP server, as lean as such a thing gets. One prepared
 * statement on an indexed column, a pool of open connections, keep-alive; no framework, no session, no log, no TLS.
 *
 *   PGHOST=… PGUSER=… PGDATABASE=… node lookup.mjs PORT    answers /tps?nik=<16 digits>
 */
import http from 'node:http';
import pg from 'pg';

const pool = new pg.Pool({ max: 8 });
const text = `select s.number, s.venue, s.address, s.village, s.lat, s.lon
  from voter v join station s on s.id = v.station where v.nik = $1`;

http
  .createServer(async (request, response) => {
    const nik = /^\/tps\?nik=(\d{16})$/.exec(request.url ?? '')?.[1];
    if (!nik) return response.writeHead(400).end();
    try {
      const { rows } = await pool.query({ name: 'tps', text, values: [nik] });
      const body = JSON.stringify(rows[0] ?? null);
      response
        .writeHead(rows.length ? 200 : 404, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(body) })
        .end(body);
    } catch {
      response.writeHead(500).end();
    }
  })
  .listen(Number(process.argv[2]), '127.0.0.1', () => console.log('listening'));
