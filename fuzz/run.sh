#!/usr/bin/env bash
# Fuzzes every parser of foreign bytes, lookups in hostile sites and the policy of mirrors, each for some time, as many at once as the
# machine has cores. Prints a line for each: executions, edges, and what was found. Ends with status 1 if anything was.
#
#   fuzz/run.sh SECONDS [TARGET...]      the targets of tests/fuzzing/src/targets.rs; all of them by default
#   BILIK_FUZZ_RUNS=20000000 fuzz/run.sh 1800     ends each target after that many executions, or that time if it comes first
#
# Needs no nightly compiler: a stable one instruments by RUSTC_BOOTSTRAP. Inputs that reach something new are kept in
# fuzz/target/corpus/, inputs that break a law in fuzz/artifacts/. Copy those into fuzz/corpus/TARGET/ under a name that says what is
# wrong, before you fix it: tests/all.sh runs all that lies there.
set -euo pipefail

cd "$(dirname "${BASH_SOURCE[0]}")"
seconds=${1:?usage: fuzz/run.sh SECONDS [TARGET...]}
shift
[[ ${BILIK_FUZZ_RUNS:-0} =~ ^[0-9]+$ ]] || { echo "BILIK_FUZZ_RUNS: expected a number of executions" >&2; exit 2; }
targets=("$@")
if [ ${#targets[@]} -eq 0 ]; then
  for file in fuzz_targets/*.rs; do targets+=("$(basename "$file" .rs)"); done
fi
host=$(rustc --version --verbose | sed -n 's/^host: //p')
flags=(--cfg fuzzing -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 -Cllvm-args=-sanitizer-coverage-inline-8bit-counters
  -Cllvm-args=-sanitizer-coverage-pc-table -Cllvm-args=-sanitizer-coverage-trace-compares -Cdebug-assertions -Coverflow-checks -Ccodegen-units=1)
RUSTC_BOOTSTRAP=1 RUSTFLAGS="${flags[*]}" cargo build --quiet --release --locked --target "$host"

one() {
  local target=$1 log=target/corpus/$1.log status=0
  mkdir -p "target/corpus/$target" "corpus/$target" "artifacts/$target"
  "target/$host/release/$target" "target/corpus/$target" "corpus/$target" -max_total_time="$seconds" -runs="${BILIK_FUZZ_RUNS:--1}" -timeout=20 -rss_limit_mb=3000 \
    -max_len=65536 -artifact_prefix="artifacts/$target/" -print_final_stats=1 >"$log" 2>&1 || status=$?
  local runs edges
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log")
  edges=$(grep -oE 'cov: [0-9]+' "$log" | tail -1 | cut -d' ' -f2)
  if [ "$status" -eq 0 ]; then
    printf '%-15s %12s executions %7s edges  nothing found\n' "$target" "${runs:-?}" "${edges:-?}"
  else
    printf '%-15s %12s executions %7s edges  FOUND: %s\n' "$target" "${runs:-?}" "${edges:-?}" "$(grep -m1 -E 'panicked|ERROR' "$log" || echo "status $status")"
    grep -A3 -m1 panicked "$log" || true
    return 1
  fi
}
export -f one
export seconds host
printf '%s\n' "${targets[@]}" | xargs -P "$(nproc)" -I{} bash -c 'one "$1"' _ {} || exit 1
