#!/usr/bin/env bash
# How many voters a second one core of this machine serves: complete first visits from one nginx worker, with docs/nginx.conf as it
# stands; and in turn with it, from the same nginx, the same page with a lookup in PostgreSQL (a million made-up voters, indexed)
# behind node's own HTTP server. Each by HTTP/2 over TLS, as voters meet it, and by plain HTTP/1.1. Prints a table; nothing is
# asserted but that no request failed. Some five minutes, the first time more.
#
#   tests/capacity.sh
#   BILIK=… tests/capacity.sh              a binary to use; without it the release build of this checkout
#   BILIK_VISIT=FOLDER                     keeps the site of a country there, as for tests/first-visit.sh
#   BILIK_ROUNDS=5 BILIK_BATCHES=20 BILIK_PEOPLE=1000000
#
# What a visit asks for is the log of a real one in Chromium (tests/visit/log.mjs). Each voter has one connection, with a full TLS
# handshake where there is TLS. The servers run on the first core and the load generator (h2load) on the second. Besides what came
# through, the servers' own CPU time is taken from the kernel: it stays true where other jobs run on the machine as well.
# PostgreSQL runs in a temporary folder, as a user without rights where this is run by root, and is removed at the end.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 2400 "$0" "$@"
# shellcheck source=tests/visit/sites.sh
. "$root/tests/visit/sites.sh"
rounds=${BILIK_ROUNDS:-5}
batches=${BILIK_BATCHES:-20}
people=${BILIK_PEOPLE:-1000000}
# Voters whose connections are open at the same time: one batch. The kernel counts hundredths of a second: hence the sum over batches.
batch=200
export CAPACITY=$root/tests/capacity

folder=$(mktemp -d)
chmod 711 "$folder"
servers=()
finish() {
  local pid
  if [ -n "${postgres:-}" ]; then as_nobody "$postgres/pg_ctl" -D "$folder/pg/data" -m immediate stop >/dev/null 2>&1 || true; fi
  for pid in "${servers[@]}"; do kill "$pid" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
  if [ -n "${visit_is_temporary:-}" ]; then rm -rf "$visit_at"; fi
}
trap finish EXIT
trap 'exit 130' INT TERM

# --- What is needed ---------------------------------------------------------------------------------------------------

# PostgreSQL's package would start a server of its own on a machine that has none.
need() {
  local packages=() guard=/etc/postgresql-common/createcluster.conf made=
  visit_need || return
  command -v curl >/dev/null || packages+=(curl)
  command -v h2load >/dev/null || packages+=(nghttp2-client)
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

bilik_tools node chromium nginx
bilik_alone need
postgres=$(compgen -G '/usr/lib/postgresql/*/bin/initdb' | sort -V | tail -n 1)
postgres=${postgres%/initdb}
visit_binary

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

# --- The site of a country, and what a visit asks of it -------------------------------------------------------------------

visit_folder
visit_site large 28000 8 1
visit_compress "$visit_at/large/site"
site=$visit_at/large/site
find "$site" -type f -regex '.*\.\(html\|css\|js\|json\|svg\|wasm\|webmanifest\)' -exec gzip -9 -n -f -k {} +
bilik_say "a visit in Chromium"
node "$root/tests/visit/log.mjs" "$visit_at/large" >"$folder/visit.json"

# --- PostgreSQL and node ------------------------------------------------------------------------------------------------

bilik_say "a database of $people voters"
mkdir "$folder/pg" "$folder/node"
if [ "$(id -u)" -eq 0 ]; then chown nobody:nogroup "$folder/pg"; fi
db=$(free_port)
export PGHOST=127.0.0.1 PGPORT=$db PGUSER=postgres PGDATABASE=postgres
(cd / && as_nobody "$postgres/initdb" -D "$folder/pg/data" -U postgres -A trust -E UTF8 --no-sync >"$folder/log" 2>&1) || { cat "$folder/log" >&2; exit 1; }
(cd / && on_core 0 setpriv --inh-caps=-all $([ "$(id -u)" -eq 0 ] && echo '--reuid=nobody --regid=nogroup --clear-groups') \
  "$postgres/postgres" -D "$folder/pg/data" -p "$db" -c listen_addresses=127.0.0.1 -c unix_socket_directories="$folder/pg" \
  -c fsync=off -c shared_buffers=1GB -c jit=off -c max_connections=20 >"$folder/pg.log" 2>&1) &
servers+=("$!")
for _ in $(seq 300); do "$postgres/pg_isready" -q && break; sleep 0.1; done
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

# --- nginx: docs/nginx.conf, with ports, a certificate, folders, one worker, and the way to the lookup in PostgreSQL --------

plain=$(free_port)
secure=$(free_port)
mkdir "$folder/nginx"
# As public authorities issue them today: an elliptic curve.
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -subj /CN=127.0.0.1 -days 2 -keyout "$folder/tls.key" -out "$folder/tls.crt" 2>"$folder/log"
sed -e "s#^user .*#$([ "$(id -u)" -eq 0 ] && echo 'user root;')#" -e 's#^worker_processes .*#worker_processes 1; daemon off;#' \
  -e "s#/run/nginx.pid#$folder/nginx/pid#" -e "s#/var/log/nginx/error.log#$folder/nginx/error.log#" \
  -e "s#listen 80;#listen 127.0.0.1:$plain; listen 127.0.0.1:$secure ssl http2; ssl_certificate $folder/tls.crt; ssl_certificate_key $folder/tls.key;#" \
  -e '/listen \[::\]/d' -e "s#/srv/bilik/site#$site#" \
  -e "s#access_log off;#access_log off; upstream lookup { server 127.0.0.1:$lookup; keepalive 16; } client_body_temp_path $folder/nginx/body; proxy_temp_path $folder/nginx/proxy; fastcgi_temp_path $folder/nginx/fastcgi; uwsgi_temp_path $folder/nginx/uwsgi; scgi_temp_path $folder/nginx/scgi;#" \
  -e 's#location / {#location = /tps { proxy_pass http://lookup; proxy_http_version 1.1; proxy_set_header Connection ""; }\n        location / {#' \
  "$root/docs/nginx.conf" >"$folder/nginx.conf"
"$BILIK_NGINX" -t -q -e "$folder/nginx/error.log" -c "$folder/nginx.conf"
(on_core 0 "$BILIK_NGINX" -e "$folder/nginx/error.log" -c "$folder/nginx.conf") &
servers+=("$!")
until curl -s -o "$folder/head" "http://127.0.0.1:$plain/head.bilik"; do sleep 0.1; done
cmp "$folder/head" "$site/head.bilik"
curl -sk --http2 -o "$folder/head" "https://127.0.0.1:$secure/head.bilik"
cmp "$folder/head" "$site/head.bilik"

# --- Measuring ------------------------------------------------------------------------------------------------------------

# cpu_of PID...: seconds of CPU that these processes and their children have used.
cpu_of() {
  local pid child
  for pid in "$@"; do
    cat "/proc/$pid/stat" 2>/dev/null || true
    for child in $(pgrep -P "$pid" || true); do cat "/proc/$child/stat" 2>/dev/null || true; done
  done | sed 's/^.*) //' | awk -v hz="$(getconf CLK_TCK)" '{ ticks += $12 + $13 } END { printf "%.3f\n", ticks / hz }'
}
postmaster=$(head -n 1 "$folder/pg/data/postmaster.pid")
nginx_master=$(cat "$folder/nginx/pid")
ulimit -n 4096

# run WHAT HOW: batches of voters. A line: what, how, voters, requests of each, seconds, bytes, failed requests, seconds of CPU.
run() {
  local what=$1 how=$2 origin=http://127.0.0.1:$plain options=(--h1) before after requests
  if [ "$how" = h2 ]; then origin=https://127.0.0.1:$secure options=(-m 16); fi
  : >"$folder/told"
  before=$(cpu_of "$nginx_master" "$node_pid" "$postmaster")
  for _ in $(seq "$batches"); do
    # Each batch asks PostgreSQL for another voter.
    node "$CAPACITY/urls.mjs" "$folder/visit.json" "$what" "$origin" "$people" >"$folder/urls"
    requests=$(wc -l <"$folder/urls")
    (on_core 1 h2load "${options[@]}" -i "$folder/urls" -c "$batch" -n $((batch * requests)) -T 30s -H 'accept-encoding: gzip, deflate, br' \
      >>"$folder/told" 2>&1) || { cat "$folder/told" >&2; return 1; }
  done
  after=$(cpu_of "$nginx_master" "$node_pid" "$postmaster")
  node "$CAPACITY/told.mjs" "$folder/told" "$what" "$how" $((batch * batches)) "$requests" "$(awk -v a="$before" -v b="$after" 'BEGIN { print b - a }')"
}

bilik_say "warming up"
run bilik h2 >/dev/null
run postgres h2 >/dev/null
for round in $(seq "$rounds"); do
  bilik_say "round $round of $rounds"
  for how in h2 h1; do
    for what in bilik postgres lookup; do run "$what" "$how"; done
  done
done >"$folder/measured"

node "$CAPACITY/table.mjs" "$folder/visit.json" "$folder/measured" "$people"
