#!/usr/bin/env bash
# Sites of the size of a country, for what measures visits: tests/first-visit.sh, tests/capacity.sh, benches/report.sh. To be sourced
# after tests/tools.sh.

# visit_need: what building and serving such a site needs.
visit_need() {
  local packages=()
  bilik_get_nginx || return
  [ -e /usr/lib/nginx/modules/ngx_http_brotli_static_module.so ] || packages+=(libnginx-mod-http-brotli-static)
  command -v brotli >/dev/null || packages+=(brotli)
  command -v openssl >/dev/null || packages+=(openssl)
  [ "${#packages[@]}" -gt 0 ] || return 0
  bilik_say "installing ${packages[*]}"
  bilik_apt_install "${packages[@]}"
}

# visit_binary: BILIK, a release build where the caller gave none.
visit_binary() {
  # The election folder is written by a test, which must be of the binary's own profile: another would be compiled anew.
  visit_profile=()
  if [ -z "${BILIK:-}" ]; then
    visit_profile=(--release)
    (cd "$bilik_root" && cargo build --locked --release --quiet) || return
    BILIK=$(cd "$bilik_root" && realpath "${CARGO_TARGET_DIR:-target}")/release/bilik
  fi
  export BILIK
}

# visit_folder: where the sites are built: BILIK_VISIT, which is kept, or a folder that ends with the script.
visit_folder() {
  if [ -n "${BILIK_VISIT:-}" ]; then
    mkdir -p "$BILIK_VISIT"
    visit_at=$(cd "$BILIK_VISIT" && pwd -P)
  else
    visit_at=$(mktemp -d)
    visit_is_temporary=yes
  fi
  [ -e "$visit_at/KEY" ] || "$BILIK" keygen --out "$visit_at/KEY" >"$visit_at/log"
}

# visit_site NAME VOTERS MEMORY PASSES: an election of 823,220 stations and one district of voters, and its site.
visit_site() {
  local at=$visit_at/$1 log=$visit_at/log
  bilik_say "a district of $2 voters, sealed at $3 KiB and $4 passes"
  if [ ! -e "$at/election/voters.csv" ]; then
    rm -rf "$at"
    mkdir "$at"
    (cd "$bilik_root" && BILIK_FULL_COST=$at BILIK_VOTERS=$2 cargo test --locked "${visit_profile[@]}" --quiet -p bilik-cli --test site -- \
      --ignored --exact full_cost::the_district_is_written) >"$log" 2>&1 || { cat "$log" >&2; return 1; }
    sed -i "s/^memory_kib = .*/memory_kib = $3/; s/^passes = .*/passes = $4/" "$at/election/election.toml"
  fi
  "$BILIK" build "$at/election" --key "$visit_at/KEY" --out "$at/site" --prune >"$log" 2>&1 || { cat "$log" >&2; return 1; }
}

# visit_compress SITE...: as docs/operating.md says, but for the pages of the villages, which no lookup loads: they are 84,000.
visit_compress() {
  find "$@" -type f -name '*.br' -delete
  find "$@" -type f ! -path '*/tps/*' -regex '.*\.\(html\|css\|js\|json\|svg\|wasm\|webmanifest\)' -exec brotli -q 11 -f -k {} +
}
