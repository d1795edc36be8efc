#!/usr/bin/env bash
# Whether pkg/ has the same bytes wherever it is built: two fresh Debian 12 systems by debootstrap, in which different users build it in
# different folders, one with a blank in its name; the results are compared with each other and with pkg/. Needs root, a quarter of an
# hour and 6 GB; nothing is left.
#
# From this machine come the Rust toolchain, node, and how to reach the registries, since a system has none of them at first.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 5400 "$0" "$@"
[ "$(id -u)" -eq 0 ] || bilik_die "debootstrap and chroot need root"
command -v debootstrap >/dev/null || [ -x /usr/sbin/debootstrap ] || bilik_apt_install debootstrap
PATH=$PATH:/usr/sbin
cd "$root"

folder=$(mktemp -d)
cleanup() {
  umount "$folder"/*/proc 2>/dev/null || true
  rm -rf --one-file-system "$folder"
}
trap cleanup EXIT
sysroot=$(rustc --print sysroot)
node=$(dirname "$(dirname "$(realpath "$(command -v node)")")")
bilik_need_wasm32
git clone --quiet --no-local "$root" "$folder/source"

# system NAME USER HOME CHECKOUT: builds in a system of its own, into $folder/NAME.pkg.
system() {
  local name=$1 user=$2 home=$3 checkout=$4 inside=$folder/$1
  # One system is made, the other is its copy from before anything was built.
  if [ ! -e "$folder/fresh" ]; then
    bilik_quiet debootstrap --variant=minbase --include=build-essential,ca-certificates,git,passwd bookworm "$folder/fresh"
  fi
  cp -a "$folder/fresh" "$inside"
  chroot "$inside" useradd --create-home --home-dir "$home" "$user"
  mkdir -p "$inside/opt/$name" "$inside/opt/node/bin" "$inside/opt/node/lib"
  cp -a "$sysroot" "$inside/opt/$name/rust"
  cp -aL "$node/bin/node" "$inside/opt/node/bin/"
  cp -a "$node/lib/node_modules" "$inside/opt/node/lib/"
  ln -s ../lib/node_modules/npm/bin/npm-cli.js "$inside/opt/node/bin/npm"
  ln -s ../lib/node_modules/npm/bin/npx-cli.js "$inside/opt/node/bin/npx"
  cp /etc/resolv.conf /etc/hosts "$inside/etc/"
  if [ -d /usr/local/share/ca-certificates ]; then
    cp -a /usr/local/share/ca-certificates/. "$inside/usr/local/share/ca-certificates/"
    chroot "$inside" update-ca-certificates >/dev/null 2>&1
  fi
  mkdir -p "$inside$home/.cargo"
  for settings in .cargo/config.toml .npmrc; do
    if [ -e "$HOME/$settings" ]; then cp "$HOME/$settings" "$inside$home/$settings"; fi
  done
  mkdir -p "$(dirname "$inside$home/$checkout")"
  cp -a "$folder/source" "$inside$home/$checkout"
  chroot "$inside" chown -R "$user" "$home"
  mount -t proc proc "$inside/proc"
  # What says how to reach a network goes along; where this machine's home is does not.
  local settings=()
  while IFS= read -r setting; do settings+=("$setting"); done < <(env | grep -iE '^(https?_proxy|no_proxy|ssl_cert|node_extra_ca|cargo_|npm_config_)' || true)
  bilik_quiet chroot --userspec="$user" "$inside" env -i ${settings[@]+"${settings[@]}"} HOME="$home" CARGO_HOME="$home/.cargo" \
    PATH="/opt/$name/rust/bin:/opt/node/bin:/usr/bin:/bin" bash -c 'cd "$HOME/$1" && tests/build-pkg.sh "$HOME/pkg"' _ "$checkout"
  umount "$inside/proc"
  mv "$inside$home/pkg" "$folder/$name.pkg"
  rm -rf --one-file-system "$inside"
}

system first ani /home/ani bilik
system second budi /srv/data/budi 'a checkout/of bilik'
diff -r "$folder/first.pkg" "$folder/second.pkg"
diff -r "$folder/first.pkg" "$root/pkg"
(cd "$root/pkg" && find . -type f | sort | xargs -d '\n' sha256sum | sha256sum | cut -d' ' -f1)
echo 'Two fresh systems made the same pkg/, which is that of this checkout.'
