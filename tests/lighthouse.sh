#!/usr/bin/env bash
# What Lighthouse says of the demo under its default mobile throttling, of the page and of a village's page without script: four
# scores each, the median of three runs for performance.
# Ends with status 1 unless accessibility, best practices and SEO are 100; performance depends on the machine and is printed.
#
#   BILIK     the binary that serves the demo (default: a release build of this checkout)
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 1800 "$0" "$@"
cd "$root"
bilik_tools node chromium

if [ -z "${BILIK:-}" ]; then
  cargo build --locked --release --quiet
  BILIK=${CARGO_TARGET_DIR:-target}/release/bilik
fi

folder=$(mktemp -d)
served=
: >"$folder/demo"
trap '[ -z "$served" ] || kill "$served"; rm -rf "$folder"' EXIT
"$BILIK" demo --keep "$folder/kept" >"$folder/demo" &
served=$!
until address=$(grep -oE 'http://127\.0\.0\.1:[0-9]+/' "$folder/demo" | head -n 1) && [ -n "$address" ]; do
  kill -0 "$served"
  sleep 0.2
done

village=$(cd "$folder/kept/site" && find tps -name '??????????.html' | sort | head -n 1)
: "${village:?no page of a village}"

export CHROME_PATH=/usr/bin/chromium
for page in "" "$village"; do
  for run in 1 2 3; do
    npx --yes lighthouse@12.8.2 "$address$page" --quiet --output=json --output-path="$folder/$run.json" \
      --only-categories=performance,accessibility,best-practices,seo \
      --chrome-flags='--headless=new --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking --disable-component-update --disable-sync'
  done
  echo "${page:-the page}"
  node - "$folder" <<'JS' || status=1
const { readFileSync } = require('node:fs');
const runs = [1, 2, 3].map((run) => JSON.parse(readFileSync(`${process.argv[2]}/${run}.json`)));
const scores = (name) => runs.map((run) => Math.round(run.categories[name].score * 100)).sort((a, b) => a - b);
console.log(`  performance: ${scores('performance')[1]} (${scores('performance').join(', ')})`);
for (const name of ['accessibility', 'best-practices', 'seo']) {
  const worst = scores(name)[0];
  console.log(`  ${name}: ${worst}`);
  if (worst === 100) continue;
  process.exitCode = 1;
  for (const { id } of runs[0].categories[name].auditRefs) {
    const { score, title } = runs[0].audits[id];
    if (score !== null && score < 1) console.log(`    ${title}`);
  }
}
JS
done
exit "${status:-0}"
