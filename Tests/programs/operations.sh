#!/usr/bin/env bash
# What operators do, with the real programs: backups and restores, what a server tells of itself, and how it is run.
# operations.py says what, one by one; a name as argument runs only that check.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || fail "python3 is missing; Tests/run.sh installs it"
LUGN_TEST_BIN=$bin LUGN_TEST_SCRATCH=$scratch python3 Tests/programs/operations.py "$@"
