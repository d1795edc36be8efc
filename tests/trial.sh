#!/usr/bin/env bash
# The commands of docs/operating.md, "A trial on one machine", as they stand there, in an empty folder: from `bilik init` to a verified
# site on two nginx mirrors. All but the installation; the ports are free ones.
#
#   tests/trial.sh [BILIK]      the binary, by default target/release/bilik
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 300 "$0" "$@"
bilik=$(realpath "${1:-${CARGO_TARGET_DIR:-$root/target}/release/bilik}")
for tool in brotli rsync; do command -v "$tool" >/dev/null || bilik_apt_install "$tool"; done
compgen -G '/usr/lib/nginx/modules/ngx_http_brotli_static_module.so' >/dev/null || bilik_apt_install libnginx-mod-http-brotli-static
bilik_need_nginx

folder=$(mktemp -d)
cleanup() {
  local pid
  for pid in "$folder"/mirrors/*.pid; do if [ -s "$pid" ]; then kill "$(cat "$pid")" || true; fi; done
  rm -rf "$folder"
}
trap cleanup EXIT
# nginx's workers have a user of their own.
chmod 755 "$folder"
ln -s "$root" "$folder/bilik"
mkdir "$folder/bin"
ln -s "$bilik" "$folder/bin/bilik"
PATH=$folder/bin:$PATH:/usr/sbin
cd "$folder"

# Two ports that nobody has.
read -r first second < <(node -e '
  const servers = [0, 0].map(() => require("node:net").createServer().listen(0, "127.0.0.1"));
  Promise.all(servers.map((server) => new Promise((done) => server.on("listening", done)))).then(() => {
    console.log(servers.map((server) => server.address().port).join(" "));
    for (const server of servers) server.close();
  });')

# The shell blocks of that section, but the first, which installs.
awk '
  /^## / { inside = ($0 == "## A trial on one machine") }
  inside && /^ *```sh$/ { open = 1; blocks++; next }
  /^ *```$/ { open = 0 }
  open && blocks > 1 { sub(/^   /, ""); print }
' "$root/docs/operating.md" | sed "s/8081/$first/g; s/8082/$second/g" >commands
[ "$(grep -c '^bilik verify' commands)" -eq 3 ] || bilik_die "the section has other commands than it had: $(cat commands)"

bash -euo pipefail commands 2>&1 | tee log
# The site and both mirrors.
[ "$(grep -cx ok log)" -eq 3 ] || bilik_die "not every verification ends with ok"
if grep -E '^(advice|REFUSED)' log; then bilik_die 'verify has something to say'; fi
grep -q '^TPS ' log || bilik_die 'nobody was found'
