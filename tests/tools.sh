#!/usr/bin/env bash
# The tools that tests and the browser's module need, each installed only where it is missing.
#
#   tests/tools.sh [wasm32] [wasm-bindgen] [node] [chromium] [firefox] [webkit] [nginx]     all of these when none is named
#   tests/tools.sh kubernetes                                                               only for tests/spread.sh
#   tests/tools.sh wordpress                                              only for tests/browser/wordpress.test.mjs
#   . tests/tools.sh; bilik_need_wasm_bindgen; ...                                          the same, from another script
#
# Sourcing it also sets what a build needs: PATH (wasm-bindgen, wasm-opt, tsc) and, where rustup could not give the
# wasm32 target, RUSTC and the linker. It starts from rustup's stable toolchain, node and npm; whatever comes from the
# system comes by apt-get, so elsewhere than on Debian and its relatives the missing thing is named instead.
#
#   BILIK_TOOLS               where cargo installs to (default: target/tools of this checkout)
#   BILIK_NO_RUSTUP_TARGET=1  takes the way without rustup's wasm32 target, to test that way
#   BILIK_CHROMIUM            a Chromium to use instead of the system's
#   BILIK_FIREFOX             a Firefox to use instead of the system's
set -euo pipefail

bilik_root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
BILIK_TOOLS=${BILIK_TOOLS:-$bilik_root/target/tools}
mkdir -p "$BILIK_TOOLS"
BILIK_TOOLS=$(cd "$BILIK_TOOLS" && pwd -P)
export BILIK_TOOLS

bilik_target=wasm32-unknown-unknown
bilik_browser=$bilik_root/tests/browser
# Debian's compiler for the way without rustup's target, and what marks the std that was built for it.
bilik_debian_rustc=/usr/bin/rustc
bilik_std_stamp=.built-by-bilik

PATH=$BILIK_TOOLS/bin:$bilik_browser/node_modules/.bin:$PATH
export PATH

bilik_say() { printf '%s\n' "$*" >&2; }
bilik_die() { bilik_say "error: $*"; exit 1; }

# Runs a command silently; its whole log is shown when it fails.
# (Steps below say `|| return` themselves: bash forgets `set -e` wherever a caller looks at a function's status.)
bilik_quiet() {
  local log status=0
  log=$(mktemp)
  # stdin is closed so that nothing can wait for an answer that nobody sees being asked for.
  "$@" >"$log" 2>&1 </dev/null || status=$?
  if [ "$status" -ne 0 ]; then
    bilik_say "failed with status $status: $*"
    cat "$log" >&2
  fi
  rm -f "$log"
  return "$status"
}

# bilik_limit SECONDS SCRIPT ARGUMENT...: at the top of a script, starts it once more, with an end to wait for. The whole
# process group ends with it.
bilik_limit() {
  local limit=$1 status=0
  shift
  [ -z "${BILIK_LIMITED:-}" ] || return 0
  BILIK_LIMITED=1 timeout --kill-after=30 "$limit" "$@" &
  # In the background, so that breaking off this script reaches it.
  bilik_limited=$!
  trap 'kill "$bilik_limited" 2>/dev/null; wait "$bilik_limited"; exit 130' INT TERM
  wait "$bilik_limited" || status=$?
  [ "$status" -ne 124 ] || bilik_say "error: no end after $limit s: $*"
  exit "$status"
}

# Runs a function while no other process of this checkout installs something: two test runs may start together.
bilik_alone() (
  exec 9>"$BILIK_TOOLS/.lock"
  flock 9
  # What is started here must not inherit the lock and hold it after we are gone.
  "$@" 9>&-
)

bilik_as_root() {
  if [ "$(id -u)" -eq 0 ]; then
    "$@"
  elif command -v sudo >/dev/null; then
    sudo "$@"
  else
    bilik_die "this needs root or sudo: $*"
  fi
}

bilik_apt_install() {
  command -v apt-get >/dev/null || bilik_die "no apt-get here: please install, by your system's way: $*"
  # Another apt may be running (unattended upgrades, a second test run): wait for it.
  local apt=(env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o DPkg::Lock::Timeout=300)
  bilik_quiet bilik_as_root "${apt[@]}" update || return
  bilik_quiet bilik_as_root "${apt[@]}" install --no-install-recommends "$@"
}

# --- What everything else stands on -----------------------------------------------------------------------------------

bilik_need_rust() {
  command -v cargo >/dev/null || bilik_die "cargo is missing: install Rust (https://rustup.rs), then run this again"
  if ! command -v cc >/dev/null; then
    bilik_say "cc: installing build-essential"
    bilik_alone bilik_apt_install build-essential || return
  fi
}

bilik_need_npm() {
  if ! command -v node >/dev/null || ! command -v npm >/dev/null; then
    bilik_die "node and npm are missing: install Node.js 20.14 or newer (https://nodejs.org), then run this again"
  fi
}

# --- The standard library for wasm32 ----------------------------------------------------------------------------------

# Succeeds when this rustc has a wasm32 std.
bilik_has_wasm32() {
  local folder
  # Asked from the checkout, since a toolchain file there would decide which rustc answers.
  folder=$(cd "$bilik_root" && "$1" --print target-libdir --target "$bilik_target" 2>/dev/null) || return 1
  compgen -G "$folder/libstd-*.rlib" >/dev/null
}

# Succeeds when Debian's compiler has a wasm32 std: one of Debian's own, or the one below, built for this very version.
bilik_has_debian_wasm32() {
  local stamp
  [ -x "$bilik_debian_rustc" ] && bilik_has_wasm32 "$bilik_debian_rustc" || return 1
  stamp=$("$bilik_debian_rustc" --print target-libdir --target "$bilik_target")/$bilik_std_stamp
  [ ! -e "$stamp" ] || [ "$(cat "$stamp")" = "$("$bilik_debian_rustc" --version)" ]
}

# rustup's linker for wasm, which Debian's compiler package lacks.
bilik_rust_lld() {
  local sysroot host linker
  sysroot=$(cd "$bilik_root" && rustc --print sysroot)
  host=$(cd "$bilik_root" && rustc --version --verbose | sed -n 's/^host: //p')
  linker=$sysroot/lib/rustlib/$host/bin/rust-lld
  [ -x "$linker" ] || bilik_die "the installed Rust toolchain has no linker for wasm at $linker"
  printf '%s\n' "$linker"
}

# Builds std from Debian's sources, with Debian's compiler, and puts it where that compiler looks.
bilik_build_debian_std() {
  local library=/usr/lib/rustlib/src/rust/library work folder flags commit sources registry
  if [ ! -x "$bilik_debian_rustc" ] || [ ! -e "$library/std/Cargo.toml" ]; then
    bilik_apt_install rustc-web rust-web-src || return
  fi
  work=$(mktemp -d)
  # shellcheck disable=SC2064 # the folder of now is the one to remove
  trap "rm -rf '$work'" EXIT
  mkdir "$work/src"
  printf '[package]\nname = "std-for-wasm32"\nversion = "0.0.0"\nedition = "2021"\n' >"$work/Cargo.toml"
  printf '#![no_std]\n' >"$work/src/lib.rs"
  # RUSTC_BOOTSTRAP lets a stable compiler build its own std, as its own build does; `test` is for wasm-bindgen-test.
  local cargo=(env -C "$work" -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET RUSTC="$bilik_debian_rustc"
    RUSTC_BOOTSTRAP=1 CARGO_TARGET_DIR="$work/target") std=(-Z "build-std=std,panic_abort,test")
  bilik_quiet "${cargo[@]}" cargo fetch --target "$bilik_target" "${std[@]}" || return
  # Bitcode, because our profile asks for LTO; the second flag makes these crates count as the compiler's own. Without the
  # others, paths of this machine would stand in every module that is linked with them: they become what they are in the
  # std that rustup gives.
  flags="-Cembed-bitcode=yes -Zforce-unstable-if-unmarked --remap-path-prefix=$work=std"
  commit=$("$bilik_debian_rustc" --version --verbose | sed -n 's/^commit-hash: //p')
  for sources in "${library%/library}" "$(realpath "${library%/library}")"; do
    flags+=" --remap-path-prefix=$sources=/rustc/$commit"
  done
  for registry in "${CARGO_HOME:-$HOME/.cargo}"/registry/src/*/; do
    flags+=" --remap-path-prefix=${registry%/}=/rust/deps"
  done
  bilik_quiet "${cargo[@]}" RUSTFLAGS="$flags" cargo build --release --target "$bilik_target" "${std[@]}" || return
  folder=$("$bilik_debian_rustc" --print target-libdir --target "$bilik_target") || return
  bilik_as_root rm -rf "${folder:?}" || return
  bilik_as_root mkdir -p "$folder" || return
  bilik_as_root cp "$work/target/$bilik_target/release/deps/"lib*.rlib "$folder/" || return
  "$bilik_debian_rustc" --version | bilik_as_root tee "$folder/$bilik_std_stamp" >/dev/null
}

bilik_get_wasm32() {
  if bilik_has_wasm32 rustc && [ -z "${BILIK_NO_RUSTUP_TARGET:-}" ]; then
    return
  fi
  if [ -z "${BILIK_NO_RUSTUP_TARGET:-}" ] && ! bilik_has_debian_wasm32 && command -v rustup >/dev/null; then
    bilik_say "$bilik_target: installing by rustup"
    # Where rustup's server cannot be reached, it would try for very long.
    if (cd "$bilik_root" && bilik_quiet timeout 120 rustup target add "$bilik_target") && bilik_has_wasm32 rustc; then
      return
    fi
    bilik_say "$bilik_target: rustup cannot give it"
  fi
  if ! bilik_has_debian_wasm32; then
    bilik_say "$bilik_target: building its std with Debian's compiler (some minutes)"
    bilik_build_debian_std
  fi
}

bilik_need_wasm32() {
  bilik_need_rust || return
  # A caller's RUSTC is the caller's business, as long as it can do the work.
  if [ -z "${RUSTC:-}" ] || ! bilik_has_wasm32 "$RUSTC"; then
    bilik_alone bilik_get_wasm32 || return
    if [ -n "${BILIK_NO_RUSTUP_TARGET:-}" ] || ! bilik_has_wasm32 rustc; then
      CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER=$(bilik_rust_lld) || return
      export CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER RUSTC=$bilik_debian_rustc
    fi
  fi
  bilik_say "$bilik_target: there ($(cd "$bilik_root" && "${RUSTC:-rustc}" --version))"
}

# Succeeds when this compiler has the sources of std beside it, and can so build a smaller std for the module.
bilik_has_std_sources() {
  [ -e "$(cd "$bilik_root" && "${RUSTC:-rustc}" --print sysroot)/lib/rustlib/src/rust/library/Cargo.lock" ]
}

bilik_get_std_sources() {
  if bilik_has_std_sources || [ -n "${RUSTC:-}" ]; then return; fi
  bilik_say "std's sources: installing"
  # A module with the std that rustup gives works as well; it is larger.
  (cd "$bilik_root" && timeout 300 rustup component add rust-src >/dev/null 2>&1 </dev/null) || true
}

# Never fails: a build looks with bilik_has_std_sources.
bilik_want_std_sources() {
  bilik_alone bilik_get_std_sources
  if bilik_has_std_sources; then bilik_say "std's sources: there"; else bilik_say "std's sources: rustup cannot give them"; fi
}

# --- wasm-bindgen -----------------------------------------------------------------------------------------------------

# The generator must be of exactly the version that the crate is linked with.
bilik_wasm_bindgen_version() {
  sed -n '/^name = "wasm-bindgen"$/{n;s/^version = "\(.*\)"$/\1/p}' "$bilik_root/Cargo.lock"
}

bilik_has_wasm_bindgen() {
  [ "$("$BILIK_TOOLS/bin/wasm-bindgen" --version 2>/dev/null)" = "wasm-bindgen $1" ] &&
    [ -x "$BILIK_TOOLS/bin/wasm-bindgen-test-runner" ]
}

bilik_get_wasm_bindgen() {
  if bilik_has_wasm_bindgen "$1"; then return; fi
  bilik_say "wasm-bindgen $1: installing (a minute or two)"
  # Unoptimised: it takes a sixth of the time to build and runs in a second. Not --locked: the lock file that was
  # published with it names a version that registries no longer have.
  # RUSTC is unset, and the target folder its own, so that a build of ours is neither needed nor disturbed.
  bilik_quiet env -u RUSTC -u RUSTFLAGS -u CARGO_ENCODED_RUSTFLAGS -u CARGO_BUILD_TARGET \
    CARGO_TARGET_DIR="$BILIK_TOOLS/build" \
    cargo install wasm-bindgen-cli --version "=$1" --debug --no-default-features --force \
    --bin wasm-bindgen --bin wasm-bindgen-test-runner --root "$BILIK_TOOLS" || return
  rm -rf "$BILIK_TOOLS/build"
}

bilik_need_wasm_bindgen() {
  local version
  version=$(bilik_wasm_bindgen_version)
  [ -n "$version" ] || bilik_die "Cargo.lock names no wasm-bindgen"
  bilik_need_rust || return
  bilik_alone bilik_get_wasm_bindgen "$version" || return
  bilik_say "wasm-bindgen $version: there"
}

# --- Packages of node: wasm-opt, the browser's driver, the type checker, the accessibility checker --------------------

# npm ci empties the folder first, so it must not run when nothing changed: another test may be using it.
bilik_has_node_packages() {
  [ -f "$bilik_browser/node_modules/.installed-from" ] &&
    cmp -s "$bilik_browser/package-lock.json" "$bilik_browser/node_modules/.installed-from"
}

bilik_get_node_packages() {
  if bilik_has_node_packages; then return; fi
  bilik_say "node packages: installing"
  # Our packages need no scripts of their own to work.
  (cd "$bilik_browser" && bilik_quiet npm ci --ignore-scripts --no-audit --no-fund) || return
  cp "$bilik_browser/package-lock.json" "$bilik_browser/node_modules/.installed-from"
}

bilik_need_node_packages() {
  bilik_need_npm || return
  bilik_alone bilik_get_node_packages || return
  bilik_say "node packages: there"
}

# --- Chromium ---------------------------------------------------------------------------------------------------------

bilik_get_chromium() {
  local packages=()
  command -v "${BILIK_CHROMIUM:-chromium}" >/dev/null || packages+=(chromium)
  # Without fonts a page draws boxes, and measures differ.
  compgen -G '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf' >/dev/null || packages+=(fonts-dejavu-core)
  compgen -G '/usr/share/fonts/truetype/liberation*/LiberationSans-Regular.ttf' >/dev/null || packages+=(fonts-liberation)
  [ "${#packages[@]}" -gt 0 ] || return 0
  bilik_say "Chromium: installing ${packages[*]}"
  bilik_apt_install "${packages[@]}"
}

bilik_need_chromium() {
  bilik_alone bilik_get_chromium || return
  BILIK_CHROMIUM=$(command -v "${BILIK_CHROMIUM:-chromium}") || return
  export BILIK_CHROMIUM
  bilik_say "$("$BILIK_CHROMIUM" --version 2>/dev/null | sed 's/ *built on.*//; s/ *$//'): there"
}

# --- Firefox, WebKitGTK, nginx ----------------------------------------------------------------------------------------

bilik_get_firefox() {
  if [ -n "${BILIK_FIREFOX:-}" ] || command -v firefox-esr >/dev/null || command -v firefox >/dev/null; then return; fi
  bilik_say "Firefox: installing firefox-esr"
  bilik_apt_install firefox-esr
}

bilik_need_firefox() {
  bilik_alone bilik_get_firefox || return
  BILIK_FIREFOX=$(command -v "${BILIK_FIREFOX:-firefox-esr}" || command -v firefox) || return
  export BILIK_FIREFOX
  bilik_say "$("$BILIK_FIREFOX" --version 2>/dev/null | tail -n 1): there"
}

# Its only browser that a driver can start needs a screen, so an X server that draws into memory comes along.
bilik_get_webkit() {
  local packages=()
  command -v WebKitWebDriver >/dev/null || packages+=(webkit2gtk-driver)
  command -v Xvfb >/dev/null || packages+=(xvfb)
  [ "${#packages[@]}" -gt 0 ] || return 0
  bilik_say "WebKitGTK: installing ${packages[*]}"
  bilik_apt_install "${packages[@]}"
}

bilik_need_webkit() {
  bilik_alone bilik_get_webkit || return
  bilik_say "WebKitGTK: there"
}

# nginx lives where only root's PATH looks.
bilik_nginx() { PATH=$PATH:/usr/sbin:/usr/local/sbin command -v nginx; }

bilik_get_nginx() {
  if bilik_nginx >/dev/null; then return; fi
  bilik_say "nginx: installing nginx-light"
  bilik_apt_install nginx-light || return
  # The package starts a server of its own, on port 80. Nobody asked for that one.
  if [ -d /run/systemd/system ]; then
    bilik_quiet bilik_as_root systemctl disable --now nginx
  elif [ -s /run/nginx.pid ]; then
    bilik_quiet bilik_as_root service nginx stop
  fi
}

bilik_need_nginx() {
  bilik_alone bilik_get_nginx || return
  BILIK_NGINX=$(bilik_nginx) || return
  export BILIK_NGINX
  bilik_say "$("$BILIK_NGINX" -v 2>&1 | sed 's/^nginx version: //'): there"
}

# --- A text browser -----------------------------------------------------------------------------------------------------

bilik_need_w3m() {
  command -v w3m >/dev/null || bilik_alone bilik_apt_install w3m || return
  bilik_say "w3m: there"
}

# --- WordPress ----------------------------------------------------------------------------------------------------------

# shellcheck source=tests/tools/kubernetes.sh
. "$bilik_root/tests/tools/kubernetes.sh"
# shellcheck source=tests/tools/wordpress.sh
. "$bilik_root/tests/tools/wordpress.sh"

# --- As a command -----------------------------------------------------------------------------------------------------

bilik_tools() {
  local thing
  [ "$#" -gt 0 ] || set -- wasm32 wasm-bindgen node chromium firefox webkit nginx
  for thing in "$@"; do
    case $thing in
      wasm32) bilik_need_wasm32 ;;
      wasm-bindgen) bilik_need_wasm_bindgen ;;
      node) bilik_need_node_packages ;;
      chromium) bilik_need_chromium ;;
      firefox) bilik_need_firefox ;;
      webkit) bilik_need_webkit ;;
      nginx) bilik_need_nginx ;;
      w3m) bilik_need_w3m ;;
      kubernetes) bilik_need_kubernetes_validate ;;
      wordpress) bilik_need_wordpress ;;
      *) bilik_die "unknown tool '$thing': it is wasm32, wasm-bindgen, node, chromium, firefox, webkit, nginx, w3m, kubernetes or wordpress" ;;
    esac
  done
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  bilik_tools "$@"
fi
