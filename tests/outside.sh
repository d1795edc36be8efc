#!/usr/bin/env bash
# Everything that the page waits for from outside, and what becomes of a lookup when it never answers, fails, takes its time or
# lies: the whole table, in Chromium, Firefox and WebKitGTK, on the page and in a frame. The exit status is 1 if a cell was
# blank, silent for 20 seconds, or wrong. About an hour; installs what it needs.
#
#   BILIK_ENGINES='...'   chromium firefox webkit
#   BILIK_OUTSIDE='...'   names of tests/engines/outside.mjs
#   BILIK                 the binary to build sites with (default: a release build of this checkout)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 7200 "$0" "$@"
bilik_tools node chromium firefox webkit

# The helpers of the browser tests bring node's test runner with them: what it would say of no tests goes nowhere.
exec node --test-reporter=tap --test-reporter-destination=/dev/null "$root/tests/engines/outside-table.mjs"
