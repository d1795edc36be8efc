#!/usr/bin/env bash
# Builds the npm package of the element, the client and the module (README: examples/npm/README.md), and packs it.
#
#   tests/build-npm.sh [OUTDIR]     OUTDIR/bilik/ and OUTDIR/bilik.tgz (default: target/npm)
#
# The module and its worker come from pkg/, which is committed; the package needs no Rust. Nothing is published:
# `npm publish OUTDIR/bilik.tgz` is the operator's to run.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
out=$(realpath -m "${1:-$root/target/npm}")
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_need_node_packages

mkdir -p "$out"
node "$root/tests/tools/build-npm.mjs" "$root" "$out/bilik"
cd "$out"
packed=$(npm pack --silent --ignore-scripts ./bilik)
mv "$packed" bilik.tgz
echo "$out/bilik.tgz"
