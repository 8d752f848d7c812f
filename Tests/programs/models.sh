#!/usr/bin/env bash
# Checks the models of the session: everything that can happen within small bounds, and some thousand random histories.
#   Tests/programs/models.sh [HISTORIES]
# docs/models/README.md says what they model, which code does the same, and how far they were run once.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
histories=${1:-1500}
command -v python3 >/dev/null || { echo "FAILED: python3 is missing; Tests/run.sh installs it" >&2; exit 1; }
check() { python3 docs/models/check_session.py "$@"; }
# A checker that finds nothing proves nothing: of each rule there is a history that breaks without it.
check --follow docs/models/histories.txt
python3 docs/models/session_model.py --prove
if check --writes 1 --faults 1 --without renewal >/dev/null; then
    echo "FAILED: the search itself finds nothing wrong with ids that are never renewed" >&2
    exit 1
fi
check --writes 3 --faults 1
check --writes 2 --faults 1 --fields 2
python3 docs/models/session_model.py "0..$histories"
