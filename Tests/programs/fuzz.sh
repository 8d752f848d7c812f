#!/usr/bin/env bash
# Fuzzes what reads bytes from elsewhere, with libFuzzer; docs/fuzzing.md tells of it.
#   Tests/programs/fuzz.sh [HARNESS|all] [--seconds N | --runs N] [--minimize]
# Inputs that are found stay in .build-fuzz/found/HARNESS. One that breaks a property is put into the committed corpus,
# Tests/Fuzzing/corpus/HARNESS, where the tests replay it. --minimize brings into the corpus what reaches code that
# nothing there does yet.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
usage() { sed -n '3s/^# *//p' "$0" >&2; echo "harnesses: ${harnesses[*]}" >&2; exit 2; }
mapfile -t harnesses < <(find Tests/Fuzzing/corpus -mindepth 1 -maxdepth 1 -type d -printf '%f\n' | sort)
wanted=all
limit=(-max_total_time=60)
minimize=no
while [ $# -gt 0 ]; do
    case "$1" in
        --seconds) [ $# -ge 2 ] || usage; limit=(-max_total_time="$2"); shift ;;
        --runs) [ $# -ge 2 ] || usage; limit=(-runs="$2"); shift ;;
        --minimize) minimize=yes ;;
        -*) usage ;;
        *) wanted=$1 ;;
    esac
    shift
done
if [ "$wanted" != all ]; then
    [ -d "Tests/Fuzzing/corpus/$wanted" ] || usage
    harnesses=("$wanted")
fi

# Optimised, with every check of overflow, bounds and exclusive access that a release has.
swift build -c release --sanitize=fuzzer -Xswiftc -DFUZZING --scratch-path .build-fuzz --product lugn-fuzz
program=$(swift build -c release --sanitize=fuzzer --scratch-path .build-fuzz --show-bin-path)/lugn-fuzz

LUGN_FUZZ_SCRATCH=$(mktemp -d "$([ -w /dev/shm ] && echo /dev/shm || echo /tmp)/lugn-fuzz-XXXXXX")
export LUGN_FUZZ_SCRATCH
trap 'rm -rf "$LUGN_FUZZ_SCRATCH"' EXIT
# A backtrace of Swift's own would come before libFuzzer has kept the input.
export SWIFT_BACKTRACE=enable=no

failed=0
for LUGN_FUZZ in "${harnesses[@]}"; do
    export LUGN_FUZZ
    corpus=Tests/Fuzzing/corpus/$LUGN_FUZZ
    found=.build-fuzz/found/$LUGN_FUZZ
    mkdir -p "$found"
    # No message here justifies 64 MiB at once, or 2 GiB in all; no input of a few KiB ten seconds.
    options=(-max_len=1024 -timeout=10 -malloc_limit_mb=64 -rss_limit_mb=2048 -print_final_stats=1 -verbosity=1)
    dictionary=Tests/Fuzzing/dictionaries/$LUGN_FUZZ.dict
    if [ -f "$dictionary" ]; then options+=(-dict="$dictionary"); fi
    echo "== $LUGN_FUZZ"
    if ! "$program" "${options[@]}" "${limit[@]}" -artifact_prefix="$corpus/" "$found" "$corpus" \
        >"$found.log" 2>&1; then
        echo "FAILED: $LUGN_FUZZ" >&2
        failed=1
    fi
    grep -E '^PROPERTY|^Fatal error|: Fatal error|^SUMMARY|^artifact_prefix|Test unit written' "$found.log" || true
    grep -E '(DONE|pulse|REDUCE|NEW|INITED)' "$found.log" | tail -n 1
    grep -E '^stat::(number_of_executed_units|average_exec_per_sec|peak_rss_mb)' "$found.log" || true
    if [ "$minimize" = yes ]; then
        # One input for each place in the code, not for each number of times it is reached: that would be thousands.
        "$program" -set_cover_merge=1 -use_counters=0 -max_len=1024 -timeout=10 "$corpus" "$found" >>"$found.log" 2>&1
        echo "corpus: $(find "$corpus" -type f | wc -l) files, $(du -sb "$corpus" | cut -f1) bytes"
    fi
done
exit "$failed"
