# Sourced by the walkthroughs: a scratch folder that is gone at the end, and a few words.
#
#   WORK      the scratch folder; set KEEP=1 to look around in it afterwards
#   EXAMPLE   the folder of the example
#   holdfast  the program of this checkout
set -euo pipefail

EXAMPLE=$(cd "$(dirname "${BASH_SOURCE[1]}")" && pwd -P)
CHECKOUT=$(cd "$EXAMPLE/../.." && pwd -P)
WORK=$(mktemp -d "${TMPDIR:-/tmp}/holdfast-walkthrough-XXXXXX")
PIDS=()
# Units of systemd and containers of Docker, which a stand-in starts and stops.
export SERVICES=$WORK/services
mkdir "$SERVICES" "$WORK/bin"
ln -s "$EXAMPLE/../stand-in" "$WORK/bin/systemctl"
ln -s "$EXAMPLE/../stand-in" "$WORK/bin/docker"
export PATH=$WORK/bin:$PATH

# Nothing of the person who runs this is used or touched: no repository, no configuration.
unset "${!RESTIC_@}" "${!HOLDFAST_REPO@}" "${!HOLDFAST_PASS@}" "${!HOLDFAST_APPS@}" HOLDFAST_CONFIG
export HOME=$WORK/home XDG_CONFIG_HOME=$WORK/home/.config XDG_DATA_HOME=$WORK/home/.local/share
mkdir -p "$HOME"

# What a walkthrough has to undo besides; it may say so itself.
at_end() { :; }

finish() {
  status=$?
  for pid in "${PIDS[@]}"; do
    kill "$pid" 2>/dev/null && wait "$pid" 2>/dev/null
  done
  stop_services
  at_end
  [ -n "${KEEP:-}" ] && echo "kept: $WORK" || rm -rf "$WORK"
  [ "$status" -eq 0 ] && echo "The walkthrough is complete." || echo "The walkthrough FAILED." >&2
  exit "$status"
}
trap finish EXIT

say() { printf '\n# %s\n' "$*"; }

fail() {
  echo "walkthrough: $*" >&2
  exit 1
}

# Runs Holdfast, and shows the command line.
holdfast() {
  echo "\$ holdfast $*" >&2
  "$CHECKOUT/holdfast" "$@"
}

# Runs the stock restic on the repository that the configuration names.
restic() { command restic -r "$RESTIC_AT" -p "$PASSWORD_FILE" "$@"; }

# same WHAT WANTED FOUND
same() {
  [ "$2" = "$3" ] || fail "$1: expected $2, found $3"
  echo "$1: $3"
}

# A password of its own, as a person would make one.
make_password() {
  PASSWORD_FILE=$WORK/password
  (umask 077 && head -c 24 /dev/urandom | base64 >"$PASSWORD_FILE")
}

# Runs a function in the background until the walkthrough ends.
in_background() {
  "$@" &
  PIDS+=($!)
}

stop_background() {
  for pid in "${PIDS[@]}"; do
    kill "$pid" 2>/dev/null || true
    wait "$pid" 2>/dev/null || true
  done
  PIDS=()
}

# make_service NAME FUNCTION [ARGUMENT...]: a unit or container that runs a function of the
# walkthrough over and over, as long as there is the walkthrough.
make_service() {
  local name=$1
  shift
  {
    echo 'set -euo pipefail'
    declare -f
    echo "while kill -0 $$; do"
    printf '%q ' "$@"
    printf '\ndone\n'
  } >"$SERVICES/$name"
}

stop_services() {
  local script
  for script in "$SERVICES"/*.pid; do
    [ ! -e "$script" ] || docker stop "$(basename "$script" .pid)" || true
  done
}

# runs NAME: fails unless the unit or container runs.
runs() {
  systemctl show "$1" | grep -q -x ActiveState=active || fail "$1 does not run"
  echo "$1 runs"
}

# The number of snapshots with these tags.
snapshots_with() { restic snapshots --tag "$1" --json | grep -o '"short_id"' | wc -l; }
