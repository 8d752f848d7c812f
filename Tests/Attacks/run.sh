#!/usr/bin/env bash
# Attacks on real programs, with a hostile server among them; see run.py --list.
#   Tests/Attacks/run.sh [ATTACK]...
set -euo pipefail
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
exec python3 Tests/Attacks/run.py "$(swift build --show-bin-path)" "$@"
