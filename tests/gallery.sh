#!/usr/bin/env bash
# Every screen of the page as a picture, to look through: tests/gallery.sh OUTDIR, then open OUTDIR/index.html.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
[ $# -eq 1 ] || { echo "usage: tests/gallery.sh OUTDIR" >&2; exit 2; }
mkdir -p "$1"
GALLERY=$(cd "$1" && pwd -P)
export GALLERY

# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 1200 "$0" "$@"
bilik_need_node_packages
bilik_need_chromium
cd "$root"
node --test --test-force-exit tests/browser/gallery.test.mjs
echo "$GALLERY/index.html"
