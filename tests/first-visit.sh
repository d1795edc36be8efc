#!/usr/bin/env bash
# A first visit on a slow line (400 kbit/s and 400 ms for all connections together) and a slow phone: how many bytes it takes
# in a district of 28,000 voters with the manifest of a whole country, and when the form and the answer are there.
# The seconds are printed, never judged; more than 195,000 bytes, or 16 requests, end it with status 1. Some five minutes.
#
#   BILIK_TRIES=5         visits that are timed
#   BILIK_VISIT=FOLDER    keeps the rolls and sites there; the small site, which takes a minute, is then not sealed again
#   BILIK                 the binary to build sites with (default: a release build of this checkout)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 3600 "$0" "$@"
cd "$root"

need() {
  local packages=()
  bilik_get_nginx || return
  [ -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || packages+=(libnginx-mod-http-brotli-static)
  command -v brotli >/dev/null || packages+=(brotli)
  command -v openssl >/dev/null || packages+=(openssl)
  [ "${#packages[@]}" -gt 0 ] || return 0
  bilik_say "installing ${packages[*]}"
  bilik_apt_install "${packages[@]}"
}
bilik_tools node chromium
bilik_alone need
bilik_need_nginx

# The election folder is written by a test, which must be of the binary's own profile: another would be compiled anew.
profile=()
if [ -z "${BILIK:-}" ]; then
  profile=(--release)
  cargo build --locked --release --quiet
  BILIK=$(realpath "${CARGO_TARGET_DIR:-target}")/release/bilik
fi
export BILIK

if [ -n "${BILIK_VISIT:-}" ]; then
  mkdir -p "$BILIK_VISIT"
  folder=$(cd "$BILIK_VISIT" && pwd -P)
else
  folder=$(mktemp -d)
  trap 'rm -rf "$folder"' EXIT
fi

# sealed NAME VOTERS MEMORY PASSES: an election of 823,220 stations and one district of voters, and its site.
sealed() {
  local at=$folder/$1 log=$folder/log
  bilik_say "a district of $2 voters, sealed at $3 KiB and $4 passes"
  if [ ! -e "$at/election/voters.csv" ]; then
    rm -rf "$at"
    mkdir "$at"
    BILIK_FULL_COST=$at BILIK_VOTERS=$2 cargo test --locked "${profile[@]}" --quiet -p bilik-cli --test site -- \
      --ignored --exact full_cost::the_district_is_written >"$log" 2>&1 || { cat "$log" >&2; return 1; }
    sed -i "s/^memory_kib = .*/memory_kib = $3/; s/^passes = .*/passes = $4/" "$at/election/election.toml"
  fi
  "$BILIK" build "$at/election" --key "$folder/KEY" --out "$at/site" --prune >"$log" 2>&1 || { cat "$log" >&2; return 1; }
}

[ -e "$folder/KEY" ] || "$BILIK" keygen --out "$folder/KEY" >"$folder/log"
# Sizes do not depend on the cost of sealing, so the large one is sealed at the smallest.
sealed large 28000 8 1
# Four times the default stands for a phone's CPU, since no browser slows a worker.
[ -e "$folder/small/site/head.bilik" ] || sealed small 300 19456 8
# The app is the same, also where the small site is an old one.
find "$folder/large/site" -type f -name '*.br' -delete
(cd "$folder/large/site" && find . -mindepth 1 -maxdepth 1 ! -name '[mdtsnv]' ! -name head.bilik -exec cp -R {} "$folder/small/site/" \;)
# As docs/operating.md compresses a site.
find "$folder/large/site" "$folder/small/site" -type f \
  -regex '.*\.\(html\|css\|js\|json\|svg\|wasm\|webmanifest\)' -exec brotli -q 11 -f -k {} +

# The helpers of the browser tests bring node's test runner with them: what it would say of no tests goes nowhere.
node --test-reporter=tap --test-reporter-destination=/dev/null tests/visit/table.mjs "$folder/large" "$folder/small"
