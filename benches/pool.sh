#!/usr/bin/env bash
# How much two workers save over one in a lookup by `near` with two words, and what hash-wasm takes for the same derivations,
# alternately in Chromium. Prints a table and asserts nothing: see benches/pool/bench.mjs. About a minute.
#
#   BILIK_ROUNDS=5 benches/pool.sh
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 900 "$0" "$@"
bilik_tools node chromium
(cd "$root/benches/pool" && npm ci --ignore-scripts --no-audit --no-fund --silent)
node "$root/benches/pool/bench.mjs"
