#!/usr/bin/env bash
# Pictures of every view of the counsellor's page: Swedish, English, dark, 320 pixels wide, and at 200 %.
#   Tests/Browser/pictures.sh [FOLDER]      otherwise pictures/ in the current folder
# LUGN_VIEWS=joining: only of the first start and the line's computers.
set -euo pipefail
folder=$(mkdir -p "${1:-pictures}" && cd "${1:-pictures}" && pwd)
cd "$(dirname "$0")/../.."
. Tests/support/libraries.sh
install_packages chromium chromium-driver python3-selenium
for product in lugn lugn-server lugn-admin; do swift build --product "$product" >&2; done
export LC_ALL=C.UTF-8 LUGN_BIN
LUGN_BIN=$(swift build --show-bin-path)
exec /usr/bin/python3 Tests/Browser/pictures.py "$folder"
