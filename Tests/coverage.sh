#!/usr/bin/env bash
# How many lines of the engine's targets the unit tests run, and which they do not. docs/lab/coverage.md explains the rest.
#   Tests/coverage.sh [--no-run] [--least PERCENT] [SWIFT TEST OPTION...]
#     --no-run   shows what the last run covered
#     --least    fails if a target is below (95)
set -euo pipefail
cd "$(dirname "$0")/.."
targets=(Merge SyncProtocol Replica ChangeLog SyncClient SyncServer)
least=95
run=yes
options=()
while [ $# -gt 0 ]; do
    case "$1" in
        --no-run) run=no ;;
        --least) least=$2; shift ;;
        *) options+=("$1") ;;
    esac
    shift
done
[ "$run" = no ] || swift test --enable-code-coverage "${options[@]}"

# The toolchain's own, beside `swift`: the profile's format goes with the compiler.
tools=$(dirname "$(readlink -f "$(command -v swift)")")
folder=$(swift build --show-bin-path)
# Not left to `swift test`, which does it only where every test passed.
"$tools/llvm-profdata" merge -sparse -o "$folder/codecov/lines.profdata" "$folder"/codecov/*.profraw
# Line by line: DA:LINE,TIMES for each file.
"$tools/llvm-cov" export -format=lcov -instr-profile="$folder/codecov/lines.profdata" "$folder/lugnPackageTests.xctest" \
    "${targets[@]/#/Sources/}" 2>/dev/null |
    awk -v root="$PWD/Sources/" -v least="$least" '
        /^SF:/ { file = substr($0, 4 + length(root)); target = file; sub(/\/.*/, "", target) }
        /^DA:/ {
            split(substr($0, 4), place, ",")
            lines[target]++
            if (place[2] > 0) { covered[target]++; next }
            if (last[file] == place[1] - 1) { sub(/[0-9]+$/, place[1], missed[file]) }
            else { missed[file] = missed[file] (missed[file] == "" ? "" : ", ") place[1] "-" place[1]; }
            last[file] = place[1]
        }
        END {
            for (target in lines) {
                share = 100 * covered[target] / lines[target]
                printf "%-14s %5d of %5d lines, %5.1f %%\n", target, covered[target], lines[target], share | "sort"
                if (share < least) failed = 1
            }
            close("sort")
            print ""
            for (file in missed) print file ": " missed[file] | "sort"
            close("sort")
            exit failed
        }'
