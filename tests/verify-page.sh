#!/usr/bin/env bash
# Before polling day: opens a published page in a real browser, on the site and on every mirror that serves the page too, and
# asks every mirror that the page names for data. Prints one line for each; ends with status 1 unless all of them work, and
# with 2 if it cannot be checked. It asks for no voter.
#
#   tests/verify-page.sh URL [--public-key KEY.pub]... [--engine chromium|firefox|webkit]
#
# `bilik verify URL` checks the files and the headers; this checks that a browser can use them.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 1200 "$0" "$@"
engine=chromium
previous=
for word in "$@"; do
  case $previous in --engine) engine=$word ;; esac
  case $word in --engine=*) engine=${word#--engine=} ;; esac
  previous=$word
done
case $engine in
  chromium | firefox | webkit) bilik_tools node "$engine" >&2 ;;
  *) echo "error: --engine is chromium, firefox or webkit" >&2; exit 2 ;;
esac
exec node "$root/tests/verify-page/run.mjs" "$@"
