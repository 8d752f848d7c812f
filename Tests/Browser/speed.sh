#!/usr/bin/env bash
# How long a counsellor waits, from the key to the screen, in a release build: Tests/Browser/speed.py.
#   Tests/Browser/speed.sh [CASES]
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/support/libraries.sh
install_packages chromium chromium-driver python3-selenium
swift build -c release --product lugn >&2
export LC_ALL=C.UTF-8 LUGN_BIN
LUGN_BIN=$(swift build -c release --show-bin-path)
exec /usr/bin/python3 Tests/Browser/speed.py "$@"
