#!/usr/bin/env bash
# One district of 28,000 voters in an election of 823,220 stations, sealed at the cost of a real election (19,456 KiB, two
# passes), and 1,000 of them asked for: half an hour or less on 2 cores. Ends with status 1 unless all are right and each file is
# within 2 % of its bound.
#
#   BILIK_VOTERS=300 tests/full-cost.sh   a smaller roll, for trying the script; the bound is for 5,000 voters and more
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 7200 "$0" "$@"
cd "$root"
voters=${BILIK_VOTERS:-28000}
# The shape of a real roll.
short=${BILIK_SHORT_NAMES:-0.38}
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

cargo build --locked --release --quiet
bilik=${CARGO_TARGET_DIR:-target}/release/bilik

# of_tests NAME: one of the tests that only this script runs.
of_tests() {
  BILIK_FULL_COST=$folder BILIK_VOTERS=$voters BILIK_SHORT_NAMES=$short cargo test --locked --release --quiet -p bilik-cli --test site -- --ignored --exact --nocapture "full_cost::$1"
}

of_tests the_district_is_written >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
"$bilik" keygen --out "$folder/KEY" >"$folder/log"
grep -E '^(memory_kib|passes|full_pepper_bits|near_pepper_bits)' "$folder/election/election.toml"

began=$SECONDS
"$bilik" build "$folder/election" --key "$folder/KEY" --out "$folder/site"
printf 'build took %d s\n' $((SECONDS - began))

began=$SECONDS
"$bilik" verify "$folder/site" --public-key "$folder/KEY.pub" --roll "$folder/election" --sample 1000 | tee "$folder/verified"
printf 'verify took %d s\n' $((SECONDS - began))

status=0
of_tests each_file_is_within_2_percent_of_its_bound >"$folder/log" 2>&1 || status=1
grep -E ' by (Full|Near): |^station list' "$folder/log" | awk '!seen[$0]++' || cat "$folder/log"
if [ "$status" -ne 0 ] && [ "$voters" -lt 5000 ]; then
  printf 'the bound is not meant for %d voters\n' "$voters"
  status=0
fi

if grep -q '^ok$' "$folder/verified"; then
  printf 'all who were asked are right\n'
else
  printf 'NOT all are right\n'
  status=1
fi
exit "$status"
