# None of these is needed: each is one command that can be typed. `just` comes by `cargo install just`, or as `npx rust-just`.

# Lists the recipes.
default:
    @just --list

# The quick check: no root, no browser, under two minutes once it has run before.
check:
    tests/check.sh

# Every test, in three browsers too; installs what is missing.
test:
    tests/all.sh

# Formats the Rust and, where Biome is installed, the JavaScript.
fmt:
    cargo fmt --all
    if [ -e biome.json ] && [ -x tests/browser/node_modules/.bin/biome ]; then tests/browser/node_modules/.bin/biome check --write; fi

# Fuzzes every parser of foreign bytes, each for this many seconds.
fuzz seconds="60":
    fuzz/run.sh {{seconds}}

# False answers of strangers, slots and peppers beside chance: some four minutes.
statistics:
    cargo run --release -p bilik-cli --example statistics

# Changes ribbon, format, keys, tables and mirrors, one thing at a time, and shows what no test notices: some hours. docs/mutants.md
mutants:
    cargo mutants -p layered-ribbon -p bilik
