#!/usr/bin/env bash
# The counsellor's page in headless Chromium, on real programs, and the operator's.
#   Tests/Browser/run.sh [TEST...]      names of scenarios; LUGN_PICTURES=DIR keeps a picture of what failed
# Without names also the operator's page (status_test.py) and a smoke run in Firefox.
set -euo pipefail
cd "$(dirname "$0")/../.."
. Tests/support/libraries.sh
install_packages chromium chromium-driver python3-selenium poppler-utils firefox-esr faketime
for product in lugn lugn-server lugn-admin; do swift build --product "$product" >&2; done
export LC_ALL=C.UTF-8 LUGN_BIN
LUGN_BIN=$(swift build --show-bin-path)
# Debian's own Python: selenium is a package of it.
/usr/bin/python3 Tests/Browser/page_test.py "$@"
[ $# -gt 0 ] || /usr/bin/python3 Tests/Browser/status_test.py
[ $# -gt 0 ] || /usr/bin/python3 Tests/Browser/firefox_test.py
