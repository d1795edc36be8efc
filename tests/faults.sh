#!/usr/bin/env bash
# What a voter notices when a mirror is sick: a table of measured seconds. Real nginx servers on 127.0.0.1 are the mirrors
# and the page's host; Chromium, Firefox and WebKitGTK ask, each try in a profile of its own. Counted are only tries in which
# the sick mirror was asked first. Seconds are printed, never judged: the exit status is 1 if any answer was wrong or missing.
#
# Takes most of an hour; installs what it needs. To see less of it, or more:
#
#   BILIK_TRIES=N         counted tries of each fault: N in Chromium, at most 5 in the others (default 20 and 5)
#   BILIK_ENGINES='...'   chromium firefox webkit
#   BILIK_FAULTS='...'    those of tests/engines/faults.mjs; offline (all stop after one lookup), unreachable (before any)
#   BILIK_WAY=module      measures the module instead of the page
#   BILIK_VOTERS=N        in the district that is asked for (default 28000, a median one)
#   BILIK                 the binary to build sites with (default: a release build of this checkout)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 14400 "$0" "$@"
bilik_tools node chromium firefox webkit nginx

# The helpers of the browser tests bring node's test runner with them: what it would say of no tests goes nowhere.
exec node --test-reporter=tap --test-reporter-destination=/dev/null "$root/tests/engines/table.mjs"
