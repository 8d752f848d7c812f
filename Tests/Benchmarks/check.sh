#!/usr/bin/env bash
# Has Lugn become slower, or larger, against plain SQLite? Compares ratios with the committed ones.
#   Tests/Benchmarks/check.sh            builds, measures a little of everything that runs in one process, compares
#   Tests/Benchmarks/check.sh --update   measures, and writes what came out to thresholds.json
# Ratios only, of the processor's time: neither the machine's speed nor what else it does is in them. What fails is measured
# once more, with more runs, before it counts.
# LUGN_BENCH=FILE measures with that program and builds nothing.
set -euo pipefail
cd "$(dirname "$0")/../.."
case "${1:-}" in "" | --update) ;; *) echo "usage: Tests/Benchmarks/check.sh [--update]" >&2; exit 2 ;; esac

if [ -z "${LUGN_BENCH:-}" ]; then
    . Tests/support/libraries.sh
    require_swift
    install_libraries
    swift build -c release --product lugn-bench >&2
    LUGN_BENCH=$(swift build -c release --show-bin-path)/lugn-bench
fi
# In memory where the system has a place for that: what a disk takes to sync is the same on both sides, and only blurs.
if [ -d /dev/shm ] && [ -w /dev/shm ]; then export TMPDIR=/dev/shm; fi
LUGN_BENCH=$LUGN_BENCH exec python3 Tests/Benchmarks/check.py "$@"
