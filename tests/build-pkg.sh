#!/usr/bin/env bash
# Builds the web app from source: the module (JS, wasm, TypeScript types), the page of www/ bundled and minified, the list of
# both (app.json), and the record of what they were built from.
#
#   tests/build-pkg.sh [OUTDIR]               builds into OUTDIR (default: pkg)
#   tests/build-pkg.sh --page [OUTDIR]        builds the page alone, beside the module that is there: some seconds
#   tests/build-pkg.sh --unbundled [OUTDIR]   the same with the modules of www/ as they are
#   tests/build-pkg.sh --check [OUTDIR]       fails if OUTDIR is stale; needs nothing but node, and no network
#
# To work on the page: `cargo run -- demo` (a debug build) reads pkg/ when it runs, so after `--unbundled` the browser shows
# each module of www/ by its own name; run it again after a change, and start the demo again. Before a commit, `--page`.
#
# pkg/ is committed, so that a clean clone needs none of the tools below. It is stale when the sources or the wasm32 part
# of the dependencies are others than those it was built from (pkg/built-from.json); tests/tools/pkg-record.mjs says how
# they are told. Missing tools are installed by tests/tools.sh.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
record=$root/tests/tools/pkg-record.mjs

mode=all
case ${1:-} in
  --check | --page | --unbundled) mode=${1#--}; shift ;;
esac
case ${1:-} in
  -*) echo "usage: tests/build-pkg.sh [--check | --page | --unbundled] [OUTDIR]" >&2; exit 2 ;;
esac
# A name given by the caller is meant from where the caller stands; ours from the checkout.
out=$(realpath -m "${1:-$root/pkg}")

if [ "$mode" = check ]; then
  exec node "$record" check "$root" "$out"
fi

# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_need_node_packages
if [ "$mode" != all ]; then
  if [ ! -e "$out/bilik_bg.wasm" ]; then
    echo "error: $out has no module for the page; build all of it first: tests/build-pkg.sh ${1:-}" >&2
    exit 2
  fi
  unbundled=
  [ "$mode" = page ] || unbundled=--unbundled
  node "$root/tests/tools/build-app.mjs" ${unbundled:+"$unbundled"} "$root" "$out"
  # Spelled out, so that nobody commits it.
  exec node "$record" page "$root" "$out" ${unbundled:+unbundled}
fi

if [ -e "$out" ] && [ ! -e "$out/built-from.json" ] && [ -n "$(ls -A "$out")" ]; then
  echo "error: refusing to replace $out: not a built module (it has no built-from.json)" >&2
  exit 2
fi

bilik_need_wasm32
bilik_need_wasm_bindgen
bilik_want_std_sources

cd "$root"
target=wasm32-unknown-unknown
cargo fetch --quiet --locked --target "$target"
artifacts=$(cargo metadata --locked --offline --no-deps --format-version 1 | node -p 'JSON.parse(require("fs").readFileSync(0)).target_directory')
cargo_home=${CARGO_HOME:-$HOME/.cargo}
rustc=${RUSTC:-rustc}
sysroot=$("$rustc" --print sysroot)
commit=$("$rustc" --version --verbose | sed -n 's/^commit-hash: //p')

# Panic messages carry the path of their source. They keep the part that helps (argon2-0.6.0/src/lib.rs) and lose what
# tells of this machine and would make the bytes differ from one machine to the next. Of several that fit, the last one
# counts, so they go from the general to the special. They are passed between unit separators, since paths may have
# spaces.
flags=()
private=(/home/ /root/ /rustlib/ /registry/src/ /usr/src/)
for folder in "${HOME:-}" "$root" "$cargo_home" "$(realpath "$cargo_home")" "$sysroot" "$artifacts"; do
  # One such as /src is also a part of harmless paths, which cannot be told from it.
  case $folder in /*/*) private+=("$folder/") ;; esac
done
remap() { flags+=("--remap-path-prefix=$1=$2"); }
remap "$root" bilik
remap "$artifacts" target
# Where the sources of std are installed, rustc takes them from there; elsewhere it names them like this by itself.
for sources in "$sysroot/lib/rustlib/src/rust" "$(realpath -m "$sysroot/lib/rustlib/src/rust")"; do
  remap "$sources" "/rustc/$commit"
done
# One folder for each registry, named for its host. The home may be a link; crates are then named by either way.
for home in "$cargo_home" "$(realpath "$cargo_home")"; do
  remap "$home" cargo
  for registry in "$home"/registry/src/*/ "$home"/git/checkouts/*/; do
    [ -d "$registry" ] || continue
    remap "${registry%/}" crates
    private+=("$(basename "$registry")")
  done
done
# SHA-2 in loops rather than unrolled: 5 KB less to download, and a phone hashes some hundred KB in all.
flags+=('--cfg=sha2_backend="soft"' '--cfg=sha2_backend_soft="compact"')
# A panic ends the module, and nobody reads its message there: no places and no debug texts in it, and it ends at once. A stable
# compiler takes these only with RUSTC_BOOTSTRAP.
flags+=('-Zlocation-detail=none' '-Zfmt-debug=none')
# Values of JavaScript in a table of the glue's, not of the module's, where each call that takes or gives one has code of its own:
# 1 KB less in the module, a third of it more in the glue.
flags+=('-Ctarget-feature=-reference-types')
# A crate's own build leaves unrolling to the link, and the link, which is for size, unrolls no loop at all. So this pass of LLVM's does
# it at the end of each crate, in functions that are not built for size: those of `argon2` alone. A derivation takes a tenth less.
flags+=('-Cpasses=function(loop-unroll<O3>)')
# std is built with the module, for size and ending at once too: 8 KB less. Where its sources cannot be had, the module comes
# with the std that is there, works the same and is larger, which the tests of its size then say.
std=()
if bilik_has_std_sources; then
  flags+=('-Zunstable-options' '-Cpanic=immediate-abort')
  std=('-Zbuild-std=std,panic_abort' '-Zbuild-std-features=optimize_for_size')
fi
CARGO_ENCODED_RUSTFLAGS=$(IFS=$'\x1f'; printf '%s' "${flags[*]}")

# CARGO_ENCODED_RUSTFLAGS comes before any flags of the caller's or of a config file, which would change the bytes.
# Nothing is stripped yet: wasm-bindgen reads from the module which features it may use, and strips it then.
env RUSTC_BOOTSTRAP=1 CARGO_ENCODED_RUSTFLAGS="$CARGO_ENCODED_RUSTFLAGS" CARGO_PROFILE_WEB_STRIP=none \
  cargo rustc --quiet --locked --package bilik --lib --crate-type cdylib --target "$target" --profile web ${std[@]+"${std[@]}"}

# Beside OUTDIR, so that going into place is a rename.
mkdir -p "$(dirname "$out")"
work=$(mktemp -d --suffix=.partial "$out.XXXXXX")
trap 'rm -rf "$work"' EXIT
mkdir "$work/new"

wasm-bindgen "$artifacts/$target/web/bilik.wasm" --target web --typescript --out-name bilik --out-dir "$work/new" \
  --remove-name-section --remove-producers-section

# What rustc lets the compiler use by default, all of it older than the browsers of our floor (Chromium 97, Firefox 102,
# Safari 16), and nothing else. A module also says itself what it uses, and wasm-opt believes it; so that is stripped, and
# the second run, which only validates, refuses what is not in the list (a newer rustc may have another default).
features=(--mvp-features --enable-mutable-globals --enable-sign-ext --enable-nontrapping-float-to-int
  --enable-bulk-memory --enable-multivalue)
# Nothing of ours lies in the first kilobyte: there the stack would end. (--ignore-implicit-traps would save a little more and
# was tried: the module then reads out of bounds.)
wasm-opt "${features[@]}" --low-memory-unused --flatten --rereloop -Oz -Oz --merge-similar-functions -Oz --reorder-locals --strip-target-features "$work/new/bilik_bg.wasm" -o "$work/small.wasm"
# Similar functions beside each other: 1.4 KB less with brotli.
wasm-opt "${features[@]}" --low-memory-unused -Oz --reorder-locals "$work/small.wasm" -o "$work/smaller.wasm"
node "$root/tests/tools/order-functions.mjs" "$work/smaller.wasm" "$work/named.wasm"
wasm-opt "${features[@]}" --reorder-functions-by-name "$work/named.wasm" -o "$work/small.wasm"
wasm-opt "${features[@]}" --minify-imports-and-exports-and-modules "$work/small.wasm" -o "$work/short.wasm" >"$work/names.json"
bilik_quiet wasm-opt "${features[@]}" "$work/short.wasm" -o "$work/validated.wasm"
mv "$work/short.wasm" "$work/new/bilik_bg.wasm"
# These list the long names, by which nobody calls but the glue.
rm "$work/new/bilik_bg.wasm.d.ts"
sed -i '/^export interface InitOutput {/,/^}/{/readonly/d}' "$work/new/bilik.d.ts"

# Nobody starts the module synchronously: a browser would not let a page.
sed -i 's/^export { initSync, __wbg_init as default };$/export { __wbg_init as default };/' "$work/new/bilik.js"
perl -0pi -e 's/\/\*\*\n \* Instantiates the given `module`.*?export function initSync[^\n]*\n\n?//s' "$work/new/bilik.d.ts"
# Our own scripts have a compiled module in hand: they need nothing that fetches one.
cat >>"$work/new/bilik.js" <<'END'
export async function start(module) {
    if (wasm === undefined) __wbg_finalize_init(await WebAssembly.instantiate(module, __wbg_get_imports()), module);
    return wasm;
}
END
cat >>"$work/new/bilik.d.ts" <<'END'

/** Starts a compiled module, once. `default` fetches and compiles one first. */
export function start(module: WebAssembly.Module): Promise<InitOutput>;
END
# All browsers of our floor have these.
perl -0pi -e "s/if \(!\('encodeInto' in cachedTextEncoder\)\) \{.*?\n\}\n//s" "$work/new/bilik.js"
# The glue comes with long comments and names; the types beside it explain more.
esbuild --format=esm --minify --target=chrome97,firefox102,safari16 --log-level=warning \
  --outfile="$work/small.js" "$work/new/bilik.js"
node "$root/tests/tools/short-names.mjs" "$work/names.json" "$work/small.js"
mv "$work/small.js" "$work/new/bilik.js"

node "$root/tests/tools/build-app.mjs" "$root" "$work/new"

# What the remapping is for, checked: a module that tells of this machine does not go into place.
for one in "${private[@]}"; do
  if grep -raqF -e "$one" "$work/new"; then
    echo "error: the built module contains '$one':" >&2
    grep -raoP -e "[ -~]{0,60}\Q$one\E[ -~]{0,60}" "$work/new" | head -n 5 >&2
    exit 1
  fi
done

node "$record" make "$root" "$work/new" \
  "rustc=$("$rustc" --version | cut -d' ' -f2-)" \
  "wasm-bindgen=$(wasm-bindgen --version | cut -d' ' -f2)" \
  "wasm-opt=$(wasm-opt --version | cut -d' ' -f3)"

chmod 755 "$work/new"
if [ -e "$out" ]; then mv "$out" "$work/old"; fi
mv "$work/new" "$out"
node "$record" show "$out"
