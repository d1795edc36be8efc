#!/usr/bin/env bash
# A first visit on a slow line (400 kbit/s and 400 ms for all connections together) and a slow phone: how many bytes it takes
# in a district of 28,000 voters of a whole country, and when the form and the answer are there.
# The seconds are printed, never judged; more than 163,000 bytes, or 16 requests, end it with status 1. Some five minutes.
#
#   BILIK_TRIES=5         visits that are timed
#   BILIK_VISIT=FOLDER    keeps the rolls and sites there; the small site, which takes a minute, is then not sealed again
#   BILIK                 the binary to build sites with (default: a release build of this checkout)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 3600 "$0" "$@"
cd "$root"

# shellcheck source=tests/visit/sites.sh
. "$root/tests/visit/sites.sh"
bilik_tools node chromium
bilik_alone visit_need
bilik_need_nginx
visit_binary
visit_folder
folder=$visit_at
if [ -n "${visit_is_temporary:-}" ]; then trap 'rm -rf "$folder"' EXIT; fi

# Sizes do not depend on the cost of sealing, so the large one is sealed at the smallest.
visit_site large 28000 8 1
# Four times the default stands for a phone's CPU, since no browser slows a worker.
[ -e "$folder/small/site/head.bilik" ] || visit_site small 300 19456 8
# The app is the same, also where the small site is an old one.
find "$folder/large/site" -type f -name '*.br' -delete
(cd "$folder/large/site" && find . -mindepth 1 -maxdepth 1 ! -name '[mdtsnpv]' ! -name head.bilik -exec cp -R {} "$folder/small/site/" \;)
visit_compress "$folder/large/site" "$folder/small/site"

# The helpers of the browser tests bring node's test runner with them: what it would say of no tests goes nowhere.
node --test-reporter=tap --test-reporter-destination=/dev/null tests/visit/table.mjs "$folder/large" "$folder/small"
