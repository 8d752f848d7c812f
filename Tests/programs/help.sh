#!/usr/bin/env bash
# Every help text is as its snapshot file says. LUGN_UPDATE_SNAPSHOTS=1 writes the files anew.
. "$(dirname "$0")/common.sh"
folder=Tests/programs/help
check() {
    local file=$1; shift
    if [ "${LUGN_UPDATE_SNAPSHOTS:-}" = 1 ]; then "$@" >"$folder/$file.txt"; return; fi
    "$@" | diff -u "$folder/$file.txt" - || fail "the help of $file has changed; if that is meant: LUGN_UPDATE_SNAPSHOTS=1 Tests/programs/help.sh"
    count=$((count + 1))
}
count=0
check lugn "$bin/lugn" --help
for command in join status sync serve today call "case new" "case show" "case list" "case note" "case edit" \
    "case close" "case reopen" "case concern-report" "case assess" "case review" "case take-back" "case shred" "case erase" "case erase-note" \
    "contact add" "contact edit" "contact list" "contact erase" \
    "promise add" "promise keep" "promise drop" "promise move" "promise list" "referral add" "referral outcome" \
    "referral list" "followup add" "followup attempt" "followup take-back" "followup move" "followup cancel" "followup list" \
    "directory list" "directory show" "directory add" "directory edit" "directory verify" "directory retire" \
    "directory restore" "directory reminders" "directory mail" "directory mailed" "activity add" "activity list" "activity erase" "retention preview" "retention apply" \
    "line show" "line set" "line hours add" "line hours close" "line hours end" "line hours remove" \
    "conflicts list" "conflicts show" "conflicts keep" "conflicts take" "report statistics" "report published" "report internal" \
    invite invitations withdraw admit "devices list" "devices remove" "devices rename" "devices role" "key rotate" \
    "server set" "server announce" "recovery rehearse" \
    "import cases" "import directory" "import json" "export json" "export csv"; do
    # shellcheck disable=SC2086
    check "lugn-${command// /-}" "$bin/lugn" $command --help
done
check lugn-server "$bin/lugn-server" --help
for command in init run "line create" "line recover" "line list" "operator add" "operator list" "operator remove"; do
    # shellcheck disable=SC2086
    check "lugn-server-${command// /-}" "$bin/lugn-server" $command --help
done
check lugn-admin "$bin/lugn-admin" --help
for command in status replicas replica devices rename revoke verify "line create" "line recover" "line list" invitations \
    withdraw "operator add" "operator list" "operator remove" "key new" "key show" audit; do
    # shellcheck disable=SC2086
    check "lugn-admin-${command// /-}" "$bin/lugn-admin" $command --help
done
check lugn-sim "$bin/lugn-sim" --help
echo "$count help texts are as they should be"
