#!/usr/bin/env bash
# Runs the commands of docs/getting-started.md as they stand there, in an empty folder, with the programs that were built.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || fail "python3 is needed to read the page"
guide=$PWD/docs/getting-started.md
runner=$PWD/Tests/programs/getting_started.py
cd "$scratch"
python3 "$runner" "$guide" "$bin"
