#!/usr/bin/env bash
# Every test there is, on a bare Debian 12 with rustup's stable toolchain, node and npm: installs what is missing (the
# wasm32 target, wasm-bindgen, wasm-opt, three browsers, nginx), builds pkg/ from source and tests that build natively, in
# wasm and in real browsers. Goes on after a failure, so that one run tells everything; ends with one line, "N passed, N failed".
# Every step has a limit, several times what it takes on 2 cores: what hangs fails with its name.
set -uo pipefail
# Everything is compiled once; what helps to compile it again would take gigabytes.
export CARGO_INCREMENTAL=0

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root" || exit 1
# shellcheck source=tests/check.sh
. tests/check.sh
# shellcheck source=tests/tools.sh
. tests/tools.sh
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
  bilik_need_w3m
) || exit 1
# The one test that needs it is skipped, and says so, where it cannot be had.
(bilik_need_wordpress) || true
# Again in this shell, for what they set; nothing is left to install.
bilik_need_wasm32 >/dev/null && bilik_need_wasm_bindgen >/dev/null && bilik_need_node_packages >/dev/null || exit 1

check_sources
check_builds
step 300 'layered-ribbon packs' cargo package --quiet --locked --offline --allow-dirty -p layered-ribbon
step_tests 900 'the same vectors in wasm' env CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_RUNNER=wasm-bindgen-test-runner \
  cargo test --locked -p bilik --target "$target" --test vectors
step 1200 'pkg/ builds from source' tests/build-pkg.sh target/pkg
step 1200 'the binary builds' cargo build --locked --release
step 300 'the trial of docs/operating.md' tests/trial.sh
# One file after the other: they measure, and the machine has few cores.
for file in tests/browser/*.test.mjs; do step_node 1800 "$file"; done
# How many seconds a fault costs a voter is printed by tests/faults.sh.
for file in tests/engines/*.test.mjs; do step_node 1800 "$file"; done
steps_end
