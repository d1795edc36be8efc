#!/usr/bin/env bash
# Seals the parts of a plan by GNU parallel, on this machine or over ssh on several that see the work folder:
#
#   bilik plan pemilu --work W --parts 640
#   parallel.sh W 640                                     on all cores of this machine
#   parallel.sh W 640 --sshlogin 8/node1,8/node2          8 at a time on each of two nodes
#
# Run it again to go on: what is sealed is not sealed again. A part that fails for a time is tried four times.
set -euo pipefail

work=$(readlink -f "${1:?work folder}")
parts=${2:?number of parts}
shift 2
seq "$parts" | parallel --quote --retries 4 --halt soon,fail=20% "$@" env RAYON_NUM_THREADS=1 "${BILIK:-bilik}" seal "$work" --part '{}'
