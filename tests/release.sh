#!/usr/bin/env bash
# Makes the files of a release (CONTRIBUTING.md says how one is made): the program for this machine, the npm package, the bill of
# materials in CycloneDX, and their digests.
#
#   tests/release.sh [OUTDIR]     default: target/release-files
#
# Refuses a checkout with changes, one that no tag of its version names (BILIK_UNTAGGED=1 makes a trial), and a stale pkg/. Nothing is
# published or signed.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
out=$(realpath -m "${1:-$root/target/release-files}")
cd "$root"
# shellcheck source=tests/tools.sh
. tests/tools.sh

version=$(sed -n '/^\[workspace.package\]/,/^\[/s/^version = "\(.*\)"/\1/p' Cargo.toml)
if [ -z "${BILIK_UNTAGGED:-}" ]; then
  [ -z "$(git status --porcelain)" ] || { echo "the checkout has changes: commit them first" >&2; exit 1; }
  [ "$(git describe --exact-match --tags 2>/dev/null)" = "v$version" ] || { echo "this commit has no tag v$version" >&2; exit 1; }
fi
tests/build-pkg.sh --check
bilik_need_node_packages

target=$(rustc --version --verbose | sed -n 's/^host: //p')
mkdir -p "$out"
cargo build --locked --release --quiet
cp "${CARGO_TARGET_DIR:-target}/release/bilik" "$out/bilik-$version-$target"
tests/build-npm.sh "$out/npm" >/dev/null
mv "$out/npm/bilik.tgz" "$out/bilik-$version.tgz"
rm -r "$out/npm"
node tests/tools/sbom.mjs "$target" >"$out/bilik-$version.cdx.json"
cd "$out"
sha256sum "bilik-$version-$target" "bilik-$version.tgz" "bilik-$version.cdx.json" >SHA256SUMS
cat SHA256SUMS
