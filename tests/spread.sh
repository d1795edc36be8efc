#!/usr/bin/env bash
# A plan of 64 parts, sealed by engines that exist: a Slurm array on this machine, with a killed worker, a requeued one, one part
# done twice and one part of another plan smuggled in; Snakemake, killed and started again; GNU parallel; the command of the
# Kubernetes Job, whose file is checked against the schemas of Kubernetes. Then assembled, and everybody asked for. Some minutes;
# needs root for Slurm's daemons, which run for as long as this script does.
#
#   tests/spread.sh                      all four
#   tests/spread.sh snakemake parallel   some of them
#
# Debian's slurm-wlm, snakemake and parallel are installed where they are missing.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
# shellcheck source=tests/tools.sh
. "$root/tests/tools.sh"
bilik_limit 3600 "$0" "$@"
cd "$root"
[ "$#" -gt 0 ] || set -- slurm snakemake parallel kubernetes

bilik_need_package() { command -v "$1" >/dev/null || bilik_apt_install "$2"; }
for engine in "$@"; do
  case $engine in
    slurm) bilik_need_package sbatch slurm-wlm ;;
    snakemake | parallel) bilik_need_package "$engine" "$engine" ;;
    kubernetes) bilik_need_kubernetes_validate ;;
    *) bilik_die "unknown engine '$engine': it is slurm, snakemake, parallel or kubernetes" ;;
  esac
done

cargo build --locked --release --quiet
cargo build --locked --release --quiet -p bilik-cli --example made_up_election
target=${CARGO_TARGET_DIR:-$root/target}
export BILIK=$target/release/bilik
folder=$(mktemp -d)
daemons=()
cleanup() {
  local daemon
  for daemon in "${daemons[@]}"; do kill "$daemon" 2>/dev/null || true; done
  wait 2>/dev/null || true
  rm -rf "$folder"
}
trap cleanup EXIT

say() { printf '%s\n' "$*"; }

# 64 districts of 1,500 voters.
"$target/release/examples/made_up_election" "$folder/election" 96000 1500
sed -i 's/^min_voters = .*/min_voters = 500/' "$folder/election/election.toml"
"$BILIK" keygen --out "$folder/KEY" >/dev/null
work=$folder/W

new_plan() {
  rm -rf "$work" "$folder/site"
  "$BILIK" plan "$folder/election" --work "$work" --parts 64 >"$folder/planned" 2>/dev/null
  parts=$(find "$work/in" -type f | wc -l)
  [ "$parts" -eq 64 ] || bilik_die "64 parts expected, got $parts"
}

# Everything that an operator does behind the engine.
finish() {
  "$BILIK" status "$work" >/dev/null || bilik_die "$1: not every part is sealed: $("$BILIK" status "$work")"
  "$BILIK" assemble "$work" --key "$folder/KEY" --out "$folder/site" >"$folder/assembled"
  [ ! -e "$work" ] || bilik_die "$1: the work folder was not wiped"
  "$BILIK" verify "$folder/site" --public-key "$folder/KEY.pub" --roll "$folder/election" --all >"$folder/verified" \
    || bilik_die "$1: $(cat "$folder/verified")"
  say "$1: 64 parts; $(grep -m1 'voters sealed' "$folder/assembled"); $(tail -1 "$folder/verified")"
}

# Slurm's daemons, for one node of this machine's cores.
start_slurm() {
  local host
  host=$(hostname -s)
  mkdir -p "$folder/slurm/state" "$folder/slurm/spool"
  cat >"$folder/slurm/slurm.conf" <<CONF
ClusterName=bilik
SlurmctldHost=$host(127.0.0.1)
AuthType=auth/none
CredType=cred/none
SlurmUser=root
SlurmctldPort=16817
SlurmdPort=16818
StateSaveLocation=$folder/slurm/state
SlurmdSpoolDir=$folder/slurm/spool
SlurmctldPidFile=$folder/slurm/slurmctld.pid
SlurmdPidFile=$folder/slurm/slurmd.pid
SlurmctldLogFile=$folder/slurm/slurmctld.log
SlurmdLogFile=$folder/slurm/slurmd.log
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SelectType=select/cons_tres
SelectTypeParameters=CR_CPU
SchedulerType=sched/backfill
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
MaxArraySize=4097
MinJobAge=3600
ReturnToService=2
NodeName=$host NodeAddr=127.0.0.1 CPUs=$(nproc) RealMemory=2000 State=UNKNOWN
PartitionName=all Nodes=$host Default=YES MaxTime=INFINITE State=UP OverSubscribe=NO
CONF
  export SLURM_CONF=$folder/slurm/slurm.conf
  slurmctld -D -f "$SLURM_CONF" >/dev/null 2>&1 &
  daemons+=("$!")
  slurmd -D -f "$SLURM_CONF" >/dev/null 2>&1 &
  daemons+=("$!")
  local tries=0
  until sinfo -h -o %t 2>/dev/null | grep -q idle; do
    tries=$((tries + 1))
    [ "$tries" -lt 60 ] || bilik_die "Slurm does not start: $(tail -3 "$folder/slurm/slurmctld.log" "$folder/slurm/slurmd.log")"
    sleep 1
  done
}

# Waits until no job is in the queue.
wait_for_slurm() {
  local tries=0
  while [ -n "$(squeue -h)" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 600 ] || bilik_die "Slurm is not done: $(squeue)"
    sleep 1
  done
}

submit() { sbatch --parsable --mem=200M --chdir="$folder" --export=ALL,WORK="$work",BILIK="$BILIK" --array="$1" "$root/examples/spread/slurm.sbatch"; }

run_slurm() {
  [ "$(id -u)" -eq 0 ] || bilik_die "Slurm's daemons need root"
  start_slurm
  new_plan
  local job killed=0 missing requeued
  job=$(submit 1-64)
  # A worker that the system kills, and one that Slurm starts anew.
  until [ "$killed" -eq 1 ]; do
    if pkill -9 -n -f "$BILIK seal $work"; then killed=1; else sleep 0.1; fi
    [ -n "$(squeue -h)" ] || bilik_die "no worker could be killed: Slurm was faster"
  done
  requeued=$(squeue -h -t R -o %K | head -1)
  [ -z "$requeued" ] || scontrol requeue "${job}_$requeued"
  wait_for_slurm
  missing=$({ "$BILIK" status "$work" --json || true; } | tr -d ' \n' | sed -n 's/.*"missing":\[\([0-9,]*\)\].*/\1/p')
  [ -n "$missing" ] || bilik_die "the killed worker's part is not missing"
  say "slurm: worker killed, part $missing missing; part ${requeued:-none} requeued by Slurm"
  # Again, and one part twice.
  submit "$missing" >/dev/null
  submit 64 >/dev/null
  wait_for_slurm
  # A part of another plan of the same election.
  "$BILIK" plan "$folder/election" --work "$folder/other" --parts 64 >/dev/null 2>&1
  "$BILIK" seal "$folder/other" --part 9 >/dev/null
  cp "$work/out/0009" "$folder/right"
  cp "$folder/other/out/0009" "$work/out/0009"
  if "$BILIK" assemble "$work" --key "$folder/KEY" --out "$folder/site" >/dev/null 2>"$folder/refused"; then
    bilik_die "a part of another plan was accepted"
  fi
  grep -q 'another plan' "$folder/refused" || bilik_die "$(cat "$folder/refused")"
  say "slurm: a part of another plan is refused"
  rm "$work/out/0009"
  submit 9 >/dev/null
  wait_for_slurm
  finish slurm
}

run_snakemake() {
  new_plan
  local run=(snakemake --snakefile "$root/examples/spread/Snakefile" --directory "$folder" --config work="$work" bilik="$BILIK" --cores "$(nproc)" --keep-going --retries 3)
  "${run[@]}" >"$folder/snakemake.log" 2>&1 &
  local pid=$! tries=0
  until [ "$(find "$work/out" -name '00*' | wc -l)" -ge 5 ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 1200 ] || bilik_die "Snakemake does not begin: $(tail -5 "$folder/snakemake.log")"
    sleep 0.1
  done
  # It and its workers.
  kill -9 "$pid"
  wait "$pid" 2>/dev/null || true
  pkill -9 -f "$BILIK seal $work" || true
  say "snakemake: killed after $(find "$work/out" -name '00*' | wc -l) parts"
  "${run[@]}" --unlock >>"$folder/snakemake.log" 2>&1
  "${run[@]}" --rerun-incomplete >>"$folder/snakemake.log" 2>&1 || bilik_die "$(tail -30 "$folder/snakemake.log")"
  finish snakemake
}

run_parallel() {
  new_plan
  "$root/examples/spread/parallel.sh" "$work" 64 --jobs "$(nproc)" >"$folder/parallel.log" 2>&1 || bilik_die "$(tail -30 "$folder/parallel.log")"
  finish parallel
}

# No cluster: the file against the schemas, then the pod's own command for each index, as a user of its own where this script is
# root, without the run's key, and with no folder to write to but the work folder.
run_kubernetes() {
  local job=$root/examples/spread/kubernetes.yaml keys=$folder/keys index part
  local pod=("$BILIK_KUBERNETES/python" "$root/tests/tools/pod-command.py" "$job" "/work=$work" "/keys=$keys" "bilik=$folder/bilik")
  "$BILIK_KUBERNETES/kubernetes-validate" --strict "$job" >"$folder/kubernetes.log" 2>&1 || bilik_die "$(cat "$folder/kubernetes.log")"
  new_plan
  mkdir -m 0750 "$keys"
  for part in $(seq 64); do (umask 077; "$BILIK" part-key "$work" --part "$part" >"$keys/$part"); done
  mv "$work/run.key" "$folder/run.key"
  # The target folder may be closed to others; an image has its own copy.
  install -m 0755 "$BILIK" "$folder/bilik"
  local as=()
  if [ "$(id -u)" -eq 0 ]; then
    # What fsGroup and defaultMode do to the volumes.
    chgrp -R 65534 "$work" "$keys"
    chmod -R g+rwX "$work"
    chmod 0440 "$keys"/*
    chmod 0711 "$folder"
    as=(setpriv --reuid 65534 --regid 65534 --clear-groups)
  fi
  for index in $(seq 0 63); do
    "${pod[@]}" "$index" "${as[@]}" >"$folder/pod.log" 2>&1 || bilik_die "index $index: $(tail -5 "$folder/pod.log")"
  done
  mv "$folder/run.key" "$work/run.key"
  finish kubernetes
}

for engine in "$@"; do "run_$engine"; done
