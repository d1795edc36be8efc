#!/usr/bin/env bash
# Every test there is, on a bare Debian 12 with rustup's stable toolchain, node and npm: installs what is missing (the
# wasm32 target, wasm-bindgen, wasm-opt, three browsers, nginx), builds pkg/ from source and tests that build natively, in
# wasm and in real browsers. Goes on after a failure, so that one run tells everything; ends with one line, "N passed, N failed".
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root" || exit 1
logs=$(mktemp -d)
trap 'rm -rf "$logs"' EXIT

# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
set +e
(
  set -e
  bilik_need_wasm32
  bilik_need_wasm_bindgen
  bilik_need_node_packages
  bilik_need_chromium
  bilik_need_firefox
  bilik_need_webkit
  bilik_need_nginx
) || exit 1
# Again in this shell, for what they set; nothing is left to install.
bilik_need_wasm32 >/dev/null && bilik_need_wasm_bindgen >/dev/null && bilik_need_node_packages >/dev/null || exit 1

passed=0
failed=0

# one NAME COMMAND...: one test, by the command's exit status.
one() {
  local name=$1
  shift
  if "$@" >"$logs/log" 2>&1; then
    passed=$((passed + 1))
    printf 'ok      %s\n' "$name"
  else
    failed=$((failed + 1))
    printf 'FAILED  %s\n' "$name"
    tail -n 60 "$logs/log" | sed 's/^/        /'
  fi
}

# many NAME COMMAND...: a runner of many tests, by the closing lines of cargo test or node --test.
many() {
  local name=$1 status ok bad
  shift
  "$@" >"$logs/log" 2>&1
  status=$?
  ok=$(sed -nE 's/^test result: .* ([0-9]+) passed; .*/\1/p; s/^(#|ℹ) pass ([0-9]+)$/\2/p' "$logs/log" | awk '{ sum += $1 } END { print sum + 0 }')
  bad=$(sed -nE 's/^test result: .* ([0-9]+) failed; .*/\1/p; s/^(#|ℹ) fail ([0-9]+)$/\2/p' "$logs/log" | awk '{ sum += $1 } END { print sum + 0 }')
  # A run that broke off, or ran nothing, has failed whatever it counted.
  if [ "$status" -ne 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  if [ "$ok" -eq 0 ] && [ "$bad" -eq 0 ]; then bad=1; fi
  passed=$((passed + ok))
  failed=$((failed + bad))
  if [ "$bad" -eq 0 ]; then
    printf 'ok      %s: %s passed\n' "$name" "$ok"
  else
    printf 'FAILED  %s: %s passed, %s failed\n' "$name" "$ok" "$bad"
    tail -n 120 "$logs/log" | sed 's/^/        /'
  fi
}

in_wasm() {
  CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner cargo test --locked --no-default-features --target wasm32-unknown-unknown --test vectors
}

one 'pkg/ is what the sources say' tests/build-pkg.sh --check
one 'rustfmt' cargo fmt --check
one 'clippy, native' cargo clippy --locked --all-targets -- -D warnings
one 'clippy, wasm32' cargo clippy --locked --lib --target wasm32-unknown-unknown -- -D warnings
one 'tsc --checkJs' tsc -p www
many 'native tests' cargo test --locked
many 'the same vectors in wasm' in_wasm
one 'pkg/ builds from source' tests/build-pkg.sh target/pkg
one 'the binary builds' cargo build --locked --release
many 'Chromium' node --test --test-concurrency=1 tests/browser/*.test.mjs
# How many seconds a fault costs a voter is printed by tests/faults.sh.
many 'three engines, mirrors of nginx' node --test --test-concurrency=1 tests/engines/*.test.mjs

printf '%s passed, %s failed\n' "$passed" "$failed"
[ "$failed" -eq 0 ]
