#!/usr/bin/env bash
# Measures Bilik and its peers, and writes what it found into docs/performance.md, the plots beside it, and the summary in both
# READMEs. Nothing is asserted but that everything works. Some twenty minutes on 2 cores, the first time more for what it builds.
#
#   benches/report.sh
#   BILIK_ROUNDS=5                   rounds in turn; 1 for a trial
#   BILIK_PARTS='native browser …'   only these: native browser sizes growth peers argon2 module
#   BILIK_VISIT=FOLDER               keeps the sites of a country there, as for tests/first-visit.sh
#   BILIK_NAMED_MODULE=FILE          a module with a name section, for the block module-parts
#   BILIK=…                          the binary to build sites with (default: a release build of this checkout)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 5400 "$0" "$@"
cd "$root"
# shellcheck source=tests/visit/sites.sh
. "$root/tests/visit/sites.sh"
export BILIK_ROUNDS=${BILIK_ROUNDS:-5}
parts=" ${BILIK_PARTS:-native browser sizes growth peers argon2 module} "
wants() { [[ $parts == *" $1 "* ]]; }

bilik_tools node chromium firefox webkit
bilik_alone visit_need
bilik_need_nginx
target=$(realpath "${CARGO_TARGET_DIR:-target}")
work=$target/report
out=$work/measured
rm -rf "$out"
mkdir -p "$out"
finish() {
  if [ -n "${visit_is_temporary:-}" ]; then rm -rf "$visit_at"; fi
}
trap finish EXIT
visit_binary
visit_folder
visit_site large 28000 8 1
visit_compress "$visit_at/large/site"
site=$visit_at/large/site
election=$visit_at/large/election

# --- What is built first, so that nothing compiles while something is measured ---------------------------------------------

peers_packages() {
  cmp -s benches/peers/package-lock.json benches/peers/node_modules/.installed-from && return
  (cd benches/peers && bilik_quiet npm ci --ignore-scripts --no-audit --no-fund) || return
  cp benches/peers/package-lock.json benches/peers/node_modules/.installed-from
}

# The crate `fst` for a browser, and what makes its file.
peers_fst() (
  bilik_need_wasm32
  bilik_need_wasm_bindgen
  cd benches/peers/fst
  export CARGO_TARGET_DIR=$target/peers
  cargo build --locked --quiet --release --lib --target "$bilik_target"
  env -u RUSTC cargo build --locked --quiet --release --bin make
  mkdir -p "$work/fst"
  cp "$target/peers/release/make" "$work/fst/"
  wasm-bindgen "$target/peers/$bilik_target/release/bilik_bench_fst.wasm" --target web --no-typescript --out-dir "$work/fst"
  wasm-opt -Oz --enable-bulk-memory --enable-sign-ext --enable-mutable-globals --enable-nontrapping-float-to-int \
    --enable-reference-types --enable-multivalue "$work/fst/bilik_bench_fst_bg.wasm" -o "$work/fst/bilik_bench_fst_bg.wasm"
)

# What of a lookup the module does not export, for a browser.
lookup_steps() (
  bilik_need_wasm32
  bilik_need_wasm_bindgen
  cd benches/report/steps
  export CARGO_TARGET_DIR=$target/peers
  cargo build --locked --quiet --release --target "$bilik_target"
  wasm-bindgen "$target/peers/$bilik_target/release/bilik_bench_steps.wasm" --target web --no-typescript --out-dir "$work/steps"
)

# Python's binding, and Debian's library.
peers_python() {
  if ! command -v python3 >/dev/null || ! python3 -c 'import venv, ensurepip' 2>/dev/null; then
    bilik_apt_install python3-venv || return
  fi
  ldconfig -p | grep -q 'libargon2\.so' || bilik_apt_install libargon2-1 || return
  [ -x "$work/venv/bin/python" ] || python3 -m venv "$work/venv" || return
  bilik_quiet "$work/venv/bin/pip" install --quiet --only-binary=:all: -r benches/peers/requirements.txt
}

bilik_say "building"
if wants native; then cargo bench --locked --quiet --no-run -p bilik-publish --bench work; fi
if wants growth; then cargo bench --locked --quiet --no-run -p bilik-cli --bench growth; fi
if wants browser; then lookup_steps; fi
if wants peers || wants argon2; then bilik_alone peers_packages; fi
if wants peers; then peers_fst; fi
if wants argon2; then bilik_alone peers_python; fi

# --- Measuring -------------------------------------------------------------------------------------------------------------

# measure NAME COMMAND...: its output in place once it is whole.
measure() {
  local name=$1
  shift
  bilik_say "measuring: $name"
  "$@" >"$out/$name.partial"
  mv "$out/$name.partial" "$out/$name.json"
}

native() {
  local round
  for round in $(seq "$BILIK_ROUNDS"); do
    BILIK_SITE=$site cargo bench --locked --quiet -p bilik-publish --bench work -- --max-time 1
  done >"$out/native.txt"
  node benches/report/native.mjs <"$out/native.txt"
}

sizes() {
  node tests/visit/log.mjs "$visit_at/large" >"$out/visit.log"
  node -e 'const all = JSON.parse(require("fs").readFileSync(process.argv[1])).filter(({ isBefore }) => isBefore);
    console.log(JSON.stringify({ requests: all.length, bytes: all.reduce((sum, { bytes }) => sum + bytes, 0) }))' "$out/visit.log" >"$out/visit.json"
  node benches/report/sizes.mjs "$site"
}

if wants sizes; then measure sizes sizes; fi
if wants native; then measure native native; fi
if wants browser; then measure browser node benches/report/browser.mjs "$site" "$visit_at/KEY.pub" "$election/voters.csv" "$work/steps"; fi
if wants argon2; then measure argon2 node benches/peers/argon2.mjs "$work/argon2" "$work/venv/bin/python"; fi
if wants peers; then measure peers node benches/peers/bench.mjs "$site" "$visit_at/KEY.pub" "$election" "$work/peers" "$work/fst"; fi
if wants growth; then measure growth cargo bench --locked --quiet -p bilik-cli --bench growth; fi
if wants module && [ -n "${BILIK_NAMED_MODULE:-}" ]; then node benches/report/module-parts.mjs "$BILIK_NAMED_MODULE" >"$out/module-parts.md"; fi
node benches/report/write.mjs "$out"
bilik_say "written: docs/performance.md"
