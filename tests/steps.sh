#!/usr/bin/env bash
# How the runners run a step: under a time limit, with its duration, going on after a failure, and one line at the end.
# To be sourced.

steps_log=$(mktemp)
steps_passed=0
steps_failed=0
steps_running=

steps_stop() {
  if [ -n "$steps_running" ]; then
    kill "$steps_running" 2>/dev/null
    wait "$steps_running" 2>/dev/null
  fi
  exit "$1"
}
trap 'rm -f "$steps_log" "$steps_log.failures"' EXIT
trap 'steps_stop 130' INT
trap 'steps_stop 143' TERM

# steps_run LIMIT COMMAND...: runs it with its output in the log. Its whole process group ends with it or at the limit.
steps_run() {
  local limit=$1 status=0
  shift
  steps_began=$SECONDS
  timeout --kill-after=30 "$limit" "$@" >"$steps_log" 2>&1 </dev/null &
  # In the background, so that breaking off this script reaches it.
  steps_running=$!
  wait "$steps_running" || status=$?
  steps_running=
  # 137: it had to be killed.
  if [ "$status" -eq 124 ] || { [ "$status" -eq 137 ] && [ $((SECONDS - steps_began)) -ge "$limit" ]; }; then
    printf 'no end after %s s: %s\n' "$limit" "$*" >>"$steps_log"
    # cargo test names what it waits for.
    sed -nE 's/^test (.*) has been running for over .*/\1/p' "$steps_log" | while read -r name; do
      grep -qE "^test $name \.\.\. " "$steps_log" || printf 'still running: %s\n' "$name"
    done >>"$steps_log"
    status=124
  fi
  return "$status"
}

# steps_tell WORD NAME
steps_tell() { printf '%-7s %4d s  %s\n' "$1" $((SECONDS - steps_began)) "$2"; }

# steps_failures: of the log what failed, each with its reason and nothing that passed; the log's end where nothing says that.
steps_failures() {
  # node --test: "not ok" with its YAML, for which a file and a group are only as wrong as what is in them.
  # cargo test: from the line "failures:" to the next of its kind.
  awk '
    /^ *not ok / { block = ""; inside = 1 }
    inside { block = block $0 "\n" }
    inside && /^ *\.\.\.$/ { inside = 0; if (block !~ /subtestsFailed/) printf "%s", block }
    /^failures:$/ { told = !told }
    told { print }
  ' "$steps_log" | head -n 300 | cut -c -1000 >"$steps_log.failures"
  if [ -s "$steps_log.failures" ]; then cat "$steps_log.failures"; fi
  grep -E '^(no end after|still running:)' "$steps_log"
  if [ ! -s "$steps_log.failures" ]; then tail -n 60 "$steps_log"; fi
}

# step LIMIT NAME COMMAND...: one check, by the command's exit status.
step() {
  local limit=$1 name=$2
  shift 2
  if steps_run "$limit" "$@"; then
    steps_passed=$((steps_passed + 1))
    steps_tell ok "$name"
  else
    steps_failed=$((steps_failed + 1))
    steps_tell FAILED "$name"
    tail -n 60 "$steps_log" | sed 's/^/        /'
  fi
}

# step_tests LIMIT NAME COMMAND...: a runner of many tests, counted by the closing lines of cargo test or node --test.
step_tests() {
  local limit=$1 name=$2 status=0 ok bad
  shift 2
  steps_run "$limit" "$@" || status=$?
  ok=$(sed -nE 's/^test result: .* ([0-9]+) passed; .*/\1/p; s/^(#|ℹ) pass ([0-9]+)$/\2/p' "$steps_log" | awk '{ sum += $1 } END { print sum + 0 }')
  # A test of node's that ran into its limit counts as cancelled.
  bad=$(sed -nE 's/^test result: .* ([0-9]+) failed; .*/\1/p; s/^(#|ℹ) (fail|cancelled) ([0-9]+)$/\3/p' "$steps_log" | awk '{ sum += $1 } END { print sum + 0 }')
  # A run that broke off, or ran nothing, has failed whatever it counted.
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  if [ "$ok" -eq 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  steps_passed=$((steps_passed + ok))
  steps_failed=$((steps_failed + bad))
  if [ "$bad" -eq 0 ]; then
    steps_tell ok "$name: $ok passed"
  else
    steps_tell FAILED "$name: $ok passed, $bad failed"
    steps_failures | sed 's/^/        /'
  fi
}

# step_node LIMIT FILE: a file of node's tests. Each test has its own limit (tests/limits.mjs); this one is the file's.
step_node() {
  # A test that ran into its limit may have left something that would keep the process.
  step_tests "$1" "$2" node --test --test-force-exit "$2"
}

# step_skip NAME WHY
step_skip() { printf '%-7s         %s: %s\n' skipped "$1" "$2"; }

# The last line, and the status.
steps_end() {
  printf '%s passed, %s failed\n' "$steps_passed" "$steps_failed"
  [ "$steps_failed" -eq 0 ]
}
