#!/usr/bin/env bash
# The quick check for every change: no root, no browser, nothing is installed, under two minutes once it has run before.
# Checks for which a tool is missing are skipped and named. tests/all.sh runs all of these and more.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
cd "$root" || exit 1
# shellcheck source=tests/steps.sh
. tests/steps.sh

target=wasm32-unknown-unknown
tools=${BILIK_TOOLS:-target/tools}/bin
packages=tests/browser/node_modules/.bin

has_wasm32() {
  compgen -G "$("${RUSTC:-rustc}" --print target-libdir --target "$target" 2>/dev/null)/libstd-*.rlib" >/dev/null
}

# What reads the sources and builds nothing.
check_sources() {
  step 60 'rustfmt' cargo fmt --all --check
  step 60 'words that have a standard one' node tests/words.mjs
  step 60 'type names, once in a crate' node tests/names.mjs
  step 60 'no circle of files, none over 400 lines' node tests/circles.mjs
  step 60 'promises from outside that have a limit' node tests/waits.mjs
  step 60 'pkg/ is what the sources say' tests/build-pkg.sh --check
  if [ -e tests/docs.test.mjs ]; then step_node 120 tests/docs.test.mjs; fi
  if [ ! -x "$packages/tsc" ]; then
    step_skip 'tsc, Biome, the bill of materials' 'run tests/tools.sh node'
  else
    step 120 'tsc --checkJs' "$packages/tsc" -p www
    if [ -e biome.json ]; then step 120 'Biome' "$packages/biome" ci; fi
    step_node 120 tests/sbom.test.mjs
  fi
  # A workspace of its own, which no other step reads.
  step 120 'fuzz/Cargo.lock is what the manifests say' cargo metadata --locked --quiet --format-version 1 --manifest-path fuzz/Cargo.toml
  step 120 'docs/dependencies.md' node tests/tools/dependencies.mjs --check
  if [ -e deny.toml ]; then
    if command -v cargo-deny >/dev/null || [ -x "$tools/cargo-deny" ]; then
      # Without advisories, which would fetch a database.
      step 120 'cargo-deny' env PATH="$PATH:$tools" cargo deny --workspace check licenses bans sources
    else
      step_skip 'cargo-deny' 'cargo install --locked cargo-deny'
    fi
  fi
}

# What compiles. check_builds [TEST ARGUMENT...]: arguments for the test binaries.
check_builds() {
  step 1200 'clippy, native' cargo clippy --quiet --locked --workspace --all-targets -- -D warnings
  if has_wasm32; then
    step 600 'clippy, wasm32' cargo clippy --quiet --locked -p bilik --lib --target "$target" -- -D warnings
  else
    step_skip 'clippy, wasm32' "rustup target add $target"
  fi
  step 600 'documentation' env RUSTDOCFLAGS='-D warnings' cargo doc --quiet --locked --no-deps -p bilik -p layered-ribbon
  step_tests 1800 'native tests and doc examples' cargo test --locked --workspace "$@"
}

# Tests that take more than five seconds of CPU each, which only tests/all.sh runs: parts of their names.
slow=(sizes::the_table_of_28000 strangers::of_3000 secrecy::no_form_of_a_table secrecy::the_stations_of signed_but_invalid:: hosting::redirects
  harm::)

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  check_sources
  check_builds -- "${slow[@]/#/--skip=}"
  steps_end
fi
