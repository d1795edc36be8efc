#!/usr/bin/env bash
# What `verify --roll` costs beside the build: derivations with 100,000 voters at the smallest cost, and CPU seconds with a small
# roll at the cost of a real election (19,456 KiB, two passes); and what `verify --roll --all` costs beside its derivations alone. Some
# fifteen minutes on 2 cores. Ends with status 1 if the usual sample takes more than 0.6 of the build's derivations, or `--all` more
# than 1.1 times the CPU of its own.
#
#   BILIK_VOTERS=30000 tests/verify-cost.sh    another roll
#   BILIK_BINARY=target/debug/bilik …          a binary that is there already
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 3600 "$0" "$@"
cd "$root"
voters=${BILIK_VOTERS:-100000}
small=1500
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
if [ -z "${BILIK_BINARY:-}" ]; then
  cargo build --locked --release --quiet
fi
cargo bench --locked --quiet -p bilik-publish --bench derive --no-run
bilik=${BILIK_BINARY:-${CARGO_TARGET_DIR:-target}/release/bilik}

# roll NAME VOTERS KIB PASSES: an election folder and a key, with names of the published shape.
roll() {
  "$bilik" demo --voters "$2" --keep "$folder/$1" --write-only >"$folder/log"
  sed -i -e "s/^memory_kib = .*/memory_kib = $3/" -e "s/^passes = .*/passes = $4/" "$folder/$1/election/election.toml"
}

# cpu NAME COMMAND...: its user CPU seconds, in the variable NAME.
cpu() {
  local name=$1 TIMEFORMAT=%U
  shift
  { time "$@" >"$folder/out" 2>"$folder/err"; } 2>"$folder/time"
  printf -v "$name" '%s' "$(tail -1 "$folder/time")"
}

build() { "$bilik" build "$folder/$1/election" --key "$folder/$1/key" --out "$folder/$1/site"; }
verify() { "$bilik" verify "$folder/$1/site" --public-key "$folder/$1/key.pub" --roll "$folder/$1/election" "${@:2}"; }

roll large "$voters" 8 1
build large >"$folder/log" 2>&1
verify large --json >"$folder/large.json"
number() { sed -n "s/^ *\"$1\": \([0-9]*\),*$/\1/p" "$folder/large.json" | tail -1; }
sed -n 's/^ *"en": "\(.*\)",*$/\1/p' "$folder/large.json"
status=0
awk -v voters="$(number voters)" -v keys="$(number keys)" -v asked="$(number asked)" -v derivations="$(number derivations)" 'BEGIN {
  printf "%d voters: the build derives %d keys, %.2f a voter\n", voters, keys, keys / voters
  printf "%d asked: %d derivations, %.1f each, %.2f of the build\n", asked, derivations, derivations / asked, derivations / keys
  exit derivations > 0.6 * keys
}' || status=1

roll small "$small" 19456 2
cpu built build small
# Both look up 20 voters as browsers do, so the difference is that of asking 300 more.
cpu few verify small --sample 20
cpu many verify small --sample 320
awk -v built="$built" -v few="$few" -v many="$many" -v voters="$small" -v asked="$(number asked)" -v all="$(number voters)" -v looked="$(number lookedUp)" 'BEGIN {
  build = built / voters; ask = (many - few) / 300; look = (few - 20 * ask) / 20
  printf "CPU at the default cost, ms: build %.1f a voter, asking %.0f a voter, a whole lookup %.0f\n", build * 1e3, ask * 1e3, look * 1e3
  printf "the usual sample of %d voters: %.2f of the CPU of the build; --all: %.0f times\n", all, (asked * ask + looked * look) / (all * build), ask / build
}'

# Everybody of a smaller roll, between two measures of what a derivation costs by itself. Both runs look up 20 voters as browsers do,
# so the difference is that of asking the others.
roll few 500 19456 2
build few >"$folder/log" 2>&1
derivation() { cargo bench --locked --quiet -p bilik-publish --bench derive | awk '$1 == "all" { print $2 }'; }
before=$(derivation)
cpu few verify few --sample 20 --json
cp "$folder/out" "$folder/large.json"
few_derivations=$(number derivations)
cpu all verify few --all --json
cp "$folder/out" "$folder/large.json"
after=$(derivation)
awk -v all="$all" -v few="$few" -v count="$(number derivations)" -v few_count="$few_derivations" -v before="$before" -v after="$after" 'BEGIN {
  derivations = count - few_count; took = all - few
  own = (before + after) / 2000 * derivations; ratio = took / own
  printf "--all: %d derivations at %.2f ms are %.1f s of CPU; they take %.1f s, %.2f times as much\n", derivations, (before + after) / 2, own, took, ratio
  exit ratio > 1.1
}' || status=1
exit "$status"
