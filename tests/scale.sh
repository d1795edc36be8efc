#!/usr/bin/env bash
# What planning, sealing, assembling and verifying need for rolls of a million and ten million made-up lines, at the smallest cost of
# sealing: seconds of CPU, memory, rows a second, and how they grow. Some 40 minutes on 2 cores, and 3 GB of disk. Memory is judged;
# times and growth are only printed.
#
#   tests/scale.sh                    a million and ten million
#   BILIK_VOTERS="300000" tests/scale.sh     other numbers, for trying the script
#   BILIK_COUNTRY=1 tests/scale.sh    `check` and `plan` of the whole country's 204,807,222 as well: an hour and 40 GB
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 14400 "$0" "$@"
cd "$root"
max_kib=$((1 << 20))

cargo build --locked --release --quiet
cargo build --locked --release --quiet -p bilik-cli --example made_up_election
target=${CARGO_TARGET_DIR:-$root/target}
bilik=$target/release/bilik
command -v /usr/bin/time >/dev/null || bilik_apt_install time
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
"$bilik" keygen --out "$folder/KEY" >/dev/null
status=0

# measure VOTERS WHAT COMMAND...: prints a line; leaves CPU seconds in $cpu.
measure() {
  local voters=$1 what=$2 kib
  shift 2
  /usr/bin/time -o "$folder/time" -f '%U %S %M %e' "$@" >"$folder/log" 2>&1 || { cat "$folder/log"; exit 1; }
  read -r user system kib wall <"$folder/time"
  cpu=$(awk "BEGIN { print $user + $system }")
  awk "BEGIN { printf \"%-9s %12d voters %9.1f CPU s %9.1f s %12d rows/s %6d MB\\n\", \"$what\", $voters, $cpu, $wall, $voters / ($wall + 0.01), $kib / 1024 }"
  if [ "$kib" -gt "$max_kib" ]; then
    printf 'FAILED: %s of %s voters needs more than 1 GiB\n' "$what" "$voters"
    status=1
  fi
}

# judge VOTERS SMALLER: growth of the CPU time of each step against linear.
judge() {
  local what
  for what in plan seal assemble verify; do
    awk -v what="$what" -v a="$(cat "$folder/cpu-$2-$what")" -v b="$(cat "$folder/cpu-$1-$what")" -v m="$2" -v n="$1" \
      'BEGIN { growth = (b / a) / (n / m); printf "%-9s from %d to %d voters: %.2f x linear\n", what, m, n, growth }'
  done
}

before=
for voters in ${BILIK_VOTERS:-1000000 10000000}; do
  "$target/release/examples/made_up_election" "$folder/e" "$voters"
  measure "$voters" check "$bilik" check "$folder/e"
  measure "$voters" plan "$bilik" plan "$folder/e" --work "$folder/W"
  echo "$cpu" >"$folder/cpu-$voters-plan"
  parts=$(find "$folder/W/in" -type f | wc -l)
  measure "$voters" seal sh -c "for part in \$(seq $parts); do '$bilik' seal '$folder/W' --part \$part || exit; done"
  echo "$cpu" >"$folder/cpu-$voters-seal"
  measure "$voters" assemble "$bilik" assemble "$folder/W" --key "$folder/KEY" --out "$folder/site"
  echo "$cpu" >"$folder/cpu-$voters-assemble"
  printf '%s parts; %s\n' "$parts" "$(grep 'all but the app' "$folder/log")"
  measure "$voters" verify "$bilik" verify "$folder/site" --public-key "$folder/KEY.pub" --roll "$folder/e"
  echo "$cpu" >"$folder/cpu-$voters-verify"
  grep -m1 'confidence' "$folder/log" || true
  [ -z "$before" ] || judge "$voters" "$before"
  before=$voters
  rm -rf "$folder/e" "$folder/site"
done

if [ -n "${BILIK_COUNTRY:-}" ]; then
  voters=204807222
  "$target/release/examples/made_up_election" "$folder/e" "$voters"
  measure "$voters" check "$bilik" check "$folder/e"
  # Of that many made-up voters, three have all 16 digits of another one.
  measure "$voters" plan "$bilik" plan "$folder/e" --work "$folder/W" --allow-rejects 10
fi
exit "$status"
