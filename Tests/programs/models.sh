#!/usr/bin/env bash
# Checks the models, of causality and session and of the roster: each rule is needed, a small search to its end, and some
# hundred histories.
#   Tests/programs/models.sh [HISTORIES]     of each of the twelve steps
# docs/models/README.md says what is modelled, and how far it was run once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
histories=${1:-400}
command -v python3 >/dev/null || { echo "FAILED: python3 is missing; Tests/run.sh installs it" >&2; exit 1; }
check() { python3 -B docs/models/check.py "$@"; }
# A model that finds nothing proves nothing: of each rule there is a history that goes wrong without it.
check --prove
check --search 4
if check --search 3 --without closure >/dev/null; then
    echo "FAILED: the search finds nothing wrong where a change names only what stood there" >&2
    exit 1
fi
check "0..$histories"
python3 -B docs/models/roster.py --prove
python3 -B docs/models/roster.py "0..$((histories * 5))"
