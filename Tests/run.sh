#!/usr/bin/env bash
# Installs what the tests need, builds, runs them.
#   Tests/run.sh          everything but the slow parts
#   Tests/run.sh smoke    the quick part
#   Tests/run.sh full     with sanitizers, a benchmark, more histories and more kills
# A failing random test prints its seed and how to replay it.
set -euo pipefail
cd "$(dirname "$0")/.."
. Tests/support/libraries.sh
mode=${1:-normal}
case "$mode" in smoke | normal | full) ;; *) echo "usage: Tests/run.sh [smoke|full]" >&2; exit 2 ;; esac

require_swift
install_libraries
install_packages openssl curl python3 prometheus nginx-light caddy
# The other store's server, for the tests that run over both.
install_packages postgresql
export LUGN_REQUIRE_POSTGRESQL=1
. Tests/support/processes.sh
mark_processes

step() { printf '\n== %s\n' "$*"; }

# unit_tests OPTION...: what failed stands last, where a log that was cut still shows it.
unit_tests() {
    local log
    log=$(mktemp)
    if ! swift test "$@" 2>&1 | tee "$log"; then
        step "failed"
        grep -E '✘|error:' "$log" | tail -n 60
        rm -f "$log"
        return 1
    fi
    rm -f "$log"
}

step "format"
swift format lint --strict -r -p Sources Tests Examples/Notebook/Sources Package.swift

step "build and unit tests"
case "$mode" in
    smoke) export LUGN_HISTORIES=${LUGN_HISTORIES:-10} ;;
    normal) export LUGN_HISTORIES=${LUGN_HISTORIES:-40} ;;
    full) export LUGN_HISTORIES=${LUGN_HISTORIES:-200} ;;
esac
# Apart from each other: what computes for minutes would make tests with real sockets wait longer than they do.
computing='SimulationTests|FuzzingTests|HistoryTests|SuppressionTests|Disclosure|PublicationTests|PersonalData'
heavy="PowerLossTests|$computing"
# Real sockets wait for answers; beside hundreds of tests that all begin at once they would wait for those.
sockets='HTTPServerTests|HTTPClientTests|WorkstationPageTests|OperatorPageTests|SyncServerTests'
unit_tests --skip "$heavy|$sockets"
step "unit tests with real sockets"
unit_tests --skip-build --filter "$sockets"
step "histories, power loss at every call of the disk, simulation, the fuzzers' corpus"
[ "$mode" = smoke ] && heavy=$computing
unit_tests --skip-build --filter "$heavy"

step "the libraries that are linked and loaded"
python3 Tests/check_dependencies.py "$(swift build --show-bin-path)"
step "the session and the registry on PostgreSQL"
LUGN_TEST_STORE=postgresql LUGN_HISTORIES=2 unit_tests --skip-build --skip "MillionTests" \
    --filter "SessionTests|ScrubTests|BoxTests|FoundingTests|InvitationTests|OperatorTests|RosterTests"
step "simulated misfortunes on PostgreSQL"
Tests/programs/simulate_postgresql.sh 1..20

step "the tests that the documentation names"
python3 Tests/check_named_tests.py
step "the counsellors' guide says what the page says"
python3 Tests/check_page_guide.py
step "planted mistakes still have their places"
python3 Tests/Mutants/mutants.py --check
step "the protocol's vectors, by an implementation of their own"
python3 Protocol/check_vectors.py

if [ "$mode" != smoke ]; then
    step "the models of the session"
    Tests/programs/models.sh
fi

step "help texts, completion and manuals"
Tests/programs/help.sh
step "the first steps, as they are written"
Tests/programs/getting-started.sh
step "the commands of a counsellor's day, as they are written"
Tests/programs/guides.sh
step "casework on two desks"
Tests/programs/casework.sh
step "a day's work, in Swedish and in other time zones"
Tests/programs/daily.sh
step "inherited logs, byte by byte"
Tests/programs/imports.sh
step "the published series"
Tests/programs/publish.sh
step "the counsellors' page, in a real browser"
Tests/Browser/run.sh
step "faults, with real programs"
Tests/programs/faults.sh
step "operators, with real programs"
Tests/programs/operators.sh
step "what the server takes from anybody"
Tests/programs/bounds.sh
step "attacks, with real programs and a hostile server"
Tests/Attacks/run.sh
step "what operators do: backups, disasters, status"
Tests/programs/operations.sh
if [ "$mode" = smoke ]; then
    check_nothing_left
    exit 0
fi

step "kill -9, with real programs"
case "$mode" in normal) kills=50 ;; full) kills=200 ;; esac
Tests/programs/kills.sh "$kills"

step "everything goes wrong at once, with real programs"
case "$mode" in normal) faults=40 ;; full) faults=200 ;; esac
Tests/programs/chaos.sh "$faults"

step "the same on PostgreSQL, and beyond one machine"
LUGN_STORE=postgresql Tests/programs/chaos.sh "$((faults / 4))"
if [ "$mode" = full ]; then
    LUGN_STORE=postgresql Tests/programs/kills.sh 10
    Tests/programs/cluster.py failover 20
    Tests/programs/cluster.py all
else
    Tests/programs/cluster.py servers 3
    Tests/programs/cluster.py failover 1
    Tests/programs/cluster.py behind 1
    Tests/programs/cluster.py cuts 5
    Tests/programs/cluster.py move 2
    Tests/programs/cluster.py operators 1
fi

step "Examples/Notebook"
swift run --package-path Examples/Notebook --scratch-path .build-notebook notebook

step "Examples/quickstart.sh, which ends on the page"
install_packages chromium chromium-driver python3-selenium
/usr/bin/python3 Tests/Browser/quickstart_test.py

if [ "$mode" = full ]; then
    if [ "$(id -u)" = 0 ]; then
        step "Debian packages in a clean tree"
        install_packages debootstrap lintian dpkg-dev
        Tests/programs/packages.sh
    fi
    step "planted mistakes, three of them each day"
    python3 Tests/Mutants/mutants.py --rotate 3
    export LUGN_HISTORIES=15
    step "address sanitizer"
    unit_tests --scratch-path .build-asan --sanitize=address --disable-xctest --skip "$sockets"
    unit_tests --skip-build --scratch-path .build-asan --sanitize=address --disable-xctest --filter "$sockets"
    step "thread sanitizer"
    unit_tests --scratch-path .build-tsan --sanitize=thread --disable-xctest --skip "$sockets"
    unit_tests --skip-build --scratch-path .build-tsan --sanitize=thread --disable-xctest --filter "$sockets"
    step "against plain SQLite"
    Tests/Benchmarks/check.sh
fi

check_nothing_left
