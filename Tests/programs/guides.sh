#!/usr/bin/env bash
# Runs the commands of the counsellors' guides on two desks with a real server, and compares what they print.
#   Tests/programs/guides.sh [FILE...]
# LUGN_UPDATE_SNAPSHOTS=1 writes into the guides what the commands printed.
set -euo pipefail
if [ $# -ne 1 ]; then
    # Each on a line of its own.
    [ $# -gt 0 ] || set -- "$(dirname "$0")"/../../docs/commands{,.sv}.md
    for guide in "$@"; do "$0" "$guide"; done
    exit
fi
guide=$(realpath "$1") self=$(realpath "$0")
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || fail "python3 is needed to read the guides"
# The line's own time, by rule and not by name, so that no time zone data need be installed.
export TZ='CET-1CEST,M3.5.0,M10.5.0/3'
set_up desk1 desk2
desk desk1 sync >/dev/null
desk desk2 sync >/dev/null
export LUGN_TEST_SCRATCH=$scratch LUGN_TEST_BIN=$bin LUGN_TEST_SERVER_PID=$server LUGN_TEST_PORT=$port
export LUGN_TEST_SERVER_DATA=$data
today=$(date +%F)
if ! python3 Tests/programs/guides.py "$guide"; then
    # Dates of the guide stand for days of the run: over midnight they cannot.
    [ "$(date +%F)" != "$today" ] || exit 1
    echo "midnight has passed; again" >&2
    "$self" "$guide"
fi
