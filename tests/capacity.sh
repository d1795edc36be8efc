#!/usr/bin/env bash
# How many voters one core of this machine serves: complete first visits from one nginx worker, with docs/nginx.conf as it
# stands, and beside it, in turn with it, a lookup in PostgreSQL (a million made-up voters, indexed) behind node's own HTTP server.
# Prints a table; nothing is asserted but that no request failed. Some three minutes.
#
#   tests/capacity.sh
#   BILIK=… tests/capacity.sh              a binary to use; without it the release build of this checkout
#   BILIK_ROUNDS=5 BILIK_SECONDS=8 BILIK_VOTERS=28000 BILIK_PEOPLE=1000000
#
# The servers run on the first core and the load generator (wrk) on the second, for both in the same way. Besides what came
# through, the servers' own CPU time is taken from the kernel: it stays true where other jobs run on the machine as well.
# PostgreSQL runs in a temporary folder, as a user without rights where this is run by root, and is removed at the end.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 1800 "$0" "$@"
rounds=${BILIK_ROUNDS:-5}
seconds=${BILIK_SECONDS:-8}
voters=${BILIK_VOTERS:-28000}
people=${BILIK_PEOPLE:-1000000}
# As many connections as a browser of today would open for some ten visitors at once.
connections=64
export CAPACITY=$root/tests/capacity PEOPLE=$people

folder=$(mktemp -d)
chmod 711 "$folder"
servers=()
finish() {
  local pid
  if [ -n "${postgres:-}" ]; then as_nobody "$postgres/pg_ctl" -D "$folder/pg/data" -m immediate stop >/dev/null 2>&1 || true; fi
  for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap finish EXIT
trap 'exit 130' INT TERM

# --- What is needed ---------------------------------------------------------------------------------------------------

# PostgreSQL's package would start a server of its own on a machine that has none.
need() {
  local packages=() guard=/etc/postgresql-common/createcluster.conf made=
  command -v nginx >/dev/null || packages+=(nginx-light)
  [ -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || packages+=(libnginx-mod-http-brotli-static)
  command -v brotli >/dev/null || packages+=(brotli)
  command -v curl >/dev/null || packages+=(curl)
  command -v wrk >/dev/null || packages+=(wrk)
  if ! compgen -G '/usr/lib/postgresql/*/bin/initdb' >/dev/null; then
    packages+=(postgresql)
    if [ ! -e "$guard" ]; then
      made=yes
      bilik_as_root mkdir -p "${guard%/*}"
      echo 'create_main_cluster = false' | bilik_as_root tee "$guard" >/dev/null
    fi
  fi
  [ "${#packages[@]}" -gt 0 ] || return 0
  bilik_say "installing ${packages[*]}"
  bilik_apt_install "${packages[@]}" || return
  if [ -n "$made" ]; then bilik_as_root rm -f "$guard"; fi
}

bilik_need_npm
bilik_alone need
postgres=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
postgres=${postgres%/initdb}
if [ -z "${BILIK:-}" ]; then
  (cd "$root" && cargo build --locked --release --quiet)
  BILIK=$(cd "$root" && realpath "${CARGO_TARGET_DIR:-target}")/release/bilik
fi

# PostgreSQL does not run as root.
as_nobody() {
  if [ "$(id -u)" -eq 0 ]; then setpriv --reuid=nobody --regid=nogroup --clear-groups "$@"; else "$@"; fi
}

cores=$(nproc)
on_core() {
  local core=$1
  shift
  if [ "$cores" -gt 1 ]; then exec taskset -c "$core" "$@"; else exec "$@"; fi
}

free_port() {
  node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

# --- The site: one real district, and a manifest and a directory as long as those of a whole country --------------------

bilik_say "a district of $voters voters"
"$BILIK" init "$folder/election" >/dev/null
rm -f "$folder/election/withheld.csv"
{
  printf 'code,name\n39,Contoh\n3901,Contoh\n390101,Contoh\n'
  for village in $(seq 10); do printf '39010120%02d,Contoh %d\n' "$village" "$village"; done
} >"$folder/election/regions.csv"
for part in stations voters; do
  awk -v voters="$voters" -v part="$part" -f "$CAPACITY/voters.awk" >"$folder/election/$part.csv"
done
# What a derivation costs changes no size, and nobody asks these tables anything.
sed -i 's/^memory_kib = .*/memory_kib = 8/' "$folder/election/election.toml"
"$BILIK" keygen --out "$folder/KEY" >/dev/null
"$BILIK" build "$folder/election" --key "$folder/KEY" --out "$folder/site" --allow-rejects "$voters" >"$folder/log" 2>&1 ||
  { cat "$folder/log" >&2; exit 1; }
# 38 provinces and 514 regencies; a directory of the middle size. Random bytes: they are compressed in truth as well.
head -c 13800 /dev/urandom >"$folder/site/m/ffffffffffffffffffffffffffffffff.bilik"
head -c 2000 /dev/urandom >"$folder/site/d/ffffffffffffffffffffffffffffffff.bilik"
# The commands of docs/operating.md.
find "$folder/site" -type f -regex '.*\.\(html\|css\|js\|json\|svg\|wasm\|webmanifest\)' -exec brotli -q 11 -f -k {} + -exec gzip -9 -n -f -k {} +
node "$CAPACITY/visit.mjs" "$folder/site" >"$folder/visit.json"
# The page without what makes it search by itself: what a lookup on a server needs as well.
node -e 'for (const f of JSON.parse(require("fs").readFileSync(process.argv[1]))) if (f.kind === "page") console.log(f.path)' \
  "$folder/visit.json" >"$folder/page"

# --- nginx: docs/nginx.conf, with a port, folders and one worker of this script's own ----------------------------------

web=$(free_port)
mkdir "$folder/nginx"
sed -e "s#^user .*#$([ "$(id -u)" -eq 0 ] && echo 'user root;')#" -e 's#^worker_processes .*#worker_processes 1; daemon off;#' \
  -e "s#/run/nginx.pid#$folder/nginx/pid#" -e "s#/var/log/nginx/error.log#$folder/nginx/error.log#" \
  -e "s#listen 80;#listen 127.0.0.1:$web;#" -e '/listen \[::\]/d' -e "s#/srv/bilik/site#$folder/site#" \
  -e "s#access_log off;#access_log off; client_body_temp_path $folder/nginx/body; proxy_temp_path $folder/nginx/proxy; fastcgi_temp_path $folder/nginx/fastcgi; uwsgi_temp_path $folder/nginx/uwsgi; scgi_temp_path $folder/nginx/scgi;#" \
  "$root/docs/nginx.conf" >"$folder/nginx.conf"
nginx -t -q -e "$folder/nginx/error.log" -c "$folder/nginx.conf"
(on_core 0 nginx -e "$folder/nginx/error.log" -c "$folder/nginx.conf") &
servers+=("$!")
until curl -s -o "$folder/head" "http://127.0.0.1:$web/head.bilik"; do sleep 0.1; done
cmp "$folder/head" "$folder/site/head.bilik"
node -e 'for (const f of JSON.parse(require("fs").readFileSync(process.argv[1]))) console.log(f.path)' "$folder/visit.json" >"$folder/visit"

# --- PostgreSQL and node ------------------------------------------------------------------------------------------------

bilik_say "a database of $people voters"
mkdir "$folder/pg" "$folder/node"
if [ "$(id -u)" -eq 0 ]; then chown nobody:nogroup "$folder/pg"; fi
db=$(free_port)
export PGHOST=127.0.0.1 PGPORT=$db PGUSER=postgres PGDATABASE=postgres
(cd / && as_nobody "$postgres/initdb" -D "$folder/pg/data" -U postgres -A trust -E UTF8 --no-sync >"$folder/log" 2>&1) || { cat "$folder/log" >&2; exit 1; }
(cd / && as_nobody "$postgres/postgres" -D "$folder/pg/data" -p "$db" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder/pg" \
  -c fsync=off -c shared_buffers=1GB -c jit=off -c max_connections=20 >"$folder/pg.log" 2>&1) &
servers+=("$!")
for _ in $(seq 100); do "$postgres/pg_isready" -q && break; sleep 0.1; done
"$postgres/psql" -q -v ON_ERROR_STOP=1 -v people="$people" <<'SQL'
create table station (id int primary key, number int, venue text, address text, village text, lat float8, lon float8);
insert into station select s, s % 40 + 1, 'Balai Contoh ' || s, 'Jl. Contoh No. ' || s, 'Contohrejo ' || s % 900, -6 - s / 1e5, 107 + s / 1e5
  from generate_series(0, 4031) s;
create table voter (nik char(16) not null, name text not null, station int not null references station);
insert into voter select '390101' || lpad(v::text, 10, '0'), 'CONTOH SAJA ' || v, v % 4032 from generate_series(1, :people) v;
alter table voter add primary key (nik);
vacuum analyze;
SQL
npm install --silent --no-audit --no-fund --ignore-scripts --prefix "$folder/node" pg@8 >/dev/null
cp "$CAPACITY/lookup.mjs" "$folder/node/"
lookup=$(free_port)
: >"$folder/node.log"
(on_core 0 node "$folder/node/lookup.mjs" "$lookup" >"$folder/node.log" 2>&1) &
node_pid=$!
servers+=("$node_pid")
for _ in $(seq 100); do grep -q listening "$folder/node.log" && break; sleep 0.1; done

# --- Measuring ------------------------------------------------------------------------------------------------------------

# cpu_of PID...: seconds of CPU that these processes and their children have used.
cpu_of() {
  local pid
  for pid in "$@"; do
    cat "/proc/$pid/stat" 2>/dev/null || true
    for child in $(pgrep -P "$pid" || true); do cat "/proc/$child/stat" 2>/dev/null || true; done
  done | sed 's/^.*) //' | awk -v hz="$(getconf CLK_TCK)" '{ ticks += $12 + $13 } END { printf "%.3f\n", ticks / hz }'
}

if [ "$cores" -gt 1 ]; then
  # All of PostgreSQL's processes on the servers' core too; those of the pool come later and inherit it.
  postmaster=$(head -n 1 "$folder/pg/data/postmaster.pid")
  for pid in "$postmaster" $(pgrep -P "$postmaster"); do taskset -a -c -p 0 "$pid" >/dev/null; done
fi
postmaster=$(head -n 1 "$folder/pg/data/postmaster.pid")
nginx_master=$(cat "$folder/nginx/pid")

# run WHAT SECONDS SCRIPT PORT PID...: a line of requests, seconds, bytes, errors, median and 99th percentile (ms), CPU seconds
run() {
  local what=$1 time=$2 script=$3 port=$4 before after told
  shift 4
  before=$(cpu_of "$@")
  told=$(on_core 1 wrk --timeout 20s -t 1 -c "$connections" -d "${time}s" -s "$CAPACITY/$script" "http://127.0.0.1:$port" | sed -n 's/^told //p')
  after=$(cpu_of "$@")
  printf '%s %s %s\n' "$what" "$told" "$(awk -v a="$before" -v b="$after" 'BEGIN { print b - a }')"
}

bilik_say "warming up"
VISIT=$folder/visit run warm 2 visits.lua "$web" "$nginx_master" >/dev/null
run warm 4 people.lua "$lookup" "$node_pid" "$postmaster" >/dev/null
for round in $(seq "$rounds"); do
  bilik_say "round $round of $rounds"
  VISIT=$folder/visit run visits "$seconds" visits.lua "$web" "$nginx_master"
  VISIT=$folder/page run pages "$(((seconds + 1) / 2))" visits.lua "$web" "$nginx_master"
  run lookups "$seconds" people.lua "$lookup" "$node_pid" "$postmaster"
done >"$folder/measured"

uptime=$(cut -d ' ' -f 1-3 /proc/loadavg)
node "$CAPACITY/table.mjs" "$folder/visit.json" "$folder/measured" "$people" "$uptime"
