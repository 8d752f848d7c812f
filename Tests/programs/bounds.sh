#!/usr/bin/env bash
# What a server takes from anybody, and when: limits, probes, signals and the store's lock, with the real server on real
# sockets. bounds.py says what, one by one.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || fail "python3 is missing; Tests/run.sh installs it"
LUGN_TEST_BIN=$bin LUGN_TEST_SCRATCH=$scratch python3 Tests/programs/bounds.py "$@"
