#!/usr/bin/env bash
# Two workstations, no network, one truth, and a third one that leaves: a story with real programs, real files and a real network loss.
#   Examples/quickstart.sh            ends when everything is checked
#   Examples/quickstart.sh --open     ends on the counsellor's page, joined and with a year of cases
# Installs the missing system libraries, builds, tells the story in under a minute, and cleans up after itself.
# Ends with 0 only if every step it claims was checked.
set -euo pipefail
cd "$(dirname "$0")/.."
. Tests/support/libraries.sh

opens=
case "${1:-}" in
    "") ;;
    --open) opens=yes ;;
    *) echo "usage: Examples/quickstart.sh [--open]" >&2; exit 2 ;;
esac

require_swift
install_libraries
echo "Building (the first time takes some minutes) ..."
swift build -c release --product lugn >&2
swift build -c release --product lugn-server >&2
swift build -c release --product lugn-admin >&2
bin=$(swift build -c release --show-bin-path)

scratch=$(mktemp -d)
server=
cleanup() {
    [ -z "$server" ] || kill -9 "$server" 2>/dev/null || true
    rm -rf "$scratch"
}
trap cleanup EXIT

step() { printf '\n\033[1m%s\033[0m\n' "$*"; }
[ -t 1 ] && [ -z "${NO_COLOR:-}" ] || step() { printf '\n%s\n' "$*"; }
fail() { echo "FAILED: $*" >&2; exit 1; }
same() { [ "$1" = "$2" ] || fail "$3: '$1' is not '$2'"; }
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }

desk1() { LUGN_DATA="$scratch/desk1" LUGN_BY=S1 "$bin/lugn" "$@"; }
desk2() { LUGN_DATA="$scratch/desk2" LUGN_BY=S2 "$bin/lugn" "$@"; }
desk3() { LUGN_DATA="$scratch/desk3" LUGN_BY=S3 "$bin/lugn" "$@"; }
admin() { "$bin/lugn-admin" --server "$url" "$@"; }
start_server() {
    "$bin/lugn-server" run --data "$scratch/server" --listen "127.0.0.1:${port:-0}" 2>>"$scratch/server.log" &
    server=$!
    disown "$server" # the shell need not report how it ends
    for _ in $(seq 100); do
        url=$(sed -n 's/^listening on //p' "$scratch/server.log" | tail -n 1)
        if [ -n "$url" ] && ! kill -0 "$server" 2>/dev/null; then fail "the server ended: $(tail -n 1 "$scratch/server.log")"; fi
        [ -n "$url" ] && (exec 3<>"/dev/tcp/127.0.0.1/${url##*:}") 2>/dev/null && { port=${url##*:}; return; }
        sleep 0.05
    done
    fail "the server does not listen: $(tail -n 1 "$scratch/server.log")"
}

# admit DESK NAME: the lead's desk invites another one, which shows six digits that somebody reads out to the lead.
admit() {
    local desk=$1 name=$2 invitation joining digits=
    invitation=$(desk1 invite --json)
    : >"$scratch/$desk-says"
    "$desk" join "$(field invitation <<<"$invitation")" --name "$name" 2>"$scratch/$desk-says" &
    joining=$!
    for _ in $(seq 300); do
        digits=$(sed -n 's/^Read these digits out to the lead: //p' "$scratch/$desk-says")
        [ -z "$digits" ] || break
        desk1 admit >/dev/null
        sleep 0.1
    done
    echo "$name shows $digits; its counsellor reads them out on the telephone, and the lead types them:"
    desk1 admit "$digits" --invitation "$(field id <<<"$invitation")"
    wait "$joining"
}

step "A server, its operator, and an invitation to found a line on it."
"$bin/lugn-server" init --data "$scratch/server" --operator-key "$scratch/operator.key" 2>/dev/null
export LUGN_OPERATOR_KEY="$scratch/operator.key"
start_server
echo "The server listens on $url."
founding=$(admin line create Orostelefonen 2>/dev/null)

step "Desk 1 founds the line: its keys are made here, and the server never gets them. The recovery sheet is for a safe."
desk1 join "$founding" --name "Desk 1"

step "Desk 2 and Desk 3 are invited, and let in by the lead at Desk 1."
admit desk2 "Desk 2"
admit desk3 "Desk 3"
desk1 devices list

step "Desk 1 imports the log of an earlier helpline (generated data), and both sync."
desk1 import cases Examples/data/case-log.csv
desk1 sync
desk2 sync
echo "A pilot year, generated too, gives the figures that were published of it:"
pilot() { LUGN_DATA="$scratch/pilot" LUGN_BY=S1 "$bin/lugn" "$@"; }
pilot import directory Examples/data/pilot-year-2017/directory.csv >/dev/null
pilot import cases Examples/data/pilot-year-2017/cases.csv
same "$(pilot import cases Examples/data/pilot-year-2017/cases.csv --json | field added)" 0 "rows added by importing it again"
report=$(pilot report --from 2017-02-01 --to 2017-11-30 --json)
for figures in '"cases":108,"children":25' '"general":43,"religious":49,"rightWing":22,"leftWing":2' \
    '"external":68,"relative":32,"involved":4' '"under18":25,"from18To21":9,"from22To25":15,"over25":59'; do
    case $report in *"$figures"*) ;; *) fail "the report does not have $figures" ;; esac
done
pilot report --from 2017-02-01 --to 2017-11-30 --html "$scratch/report.html" 2>/dev/null
grep -q '<svg' "$scratch/report.html" || fail "the report's page has no charts"
pilot report --from 2017-02-01 --to 2017-11-30 --lang en | sed -n '3,4p'
pilot export json "$scratch/pilot.json" >/dev/null
LUGN_DATA="$scratch/copy" "$bin/lugn" import json "$scratch/pilot.json" >/dev/null
LUGN_DATA="$scratch/copy" "$bin/lugn" export json "$scratch/copy.json" >/dev/null
cmp -s "$scratch/pilot.json" "$scratch/copy.json" || fail "an export that was imported gives another export"
echo "  exported as JSON, imported on an empty desk and exported again: the same, byte for byte"

number=$(desk1 case new --caller relative --concern religious --age 18-21 --language sv)
echo "A call comes in at Desk 1. The caller's reference number: $number"
desk1 sync
desk2 sync

step "The network is gone: the server is killed, not asked."
kill -9 "$server"
while kill -0 "$server" 2>/dev/null; do sleep 0.01; done
server=
if desk1 sync 2>/dev/null; then fail "a sync without a server"; else same $? 3 "exit code without a server"; fi
echo "Both desks go on:"
new1=$(desk1 case new --caller external --concern rightWing --age under18)
new2=$(desk2 case new --caller involved --concern general --age over25)
echo "  new cases, with numbers at once: $new1 at Desk 1, $new2 at Desk 2"
desk1 case note "$number" "Ringde igen; avtalade en tid på fredag." 2>/dev/null
desk2 case note "$number" "Kommunens samordnare är kontaktad." 2>/dev/null
echo "  notes on the same case at both"
desk1 case edit "$number" --language ar 2>/dev/null
desk2 case edit "$number" --concern religious,general 2>/dev/null
echo "  different fields of it: the language at Desk 1, a concern at Desk 2"
desk1 case edit "$number" --age 22-25 2>/dev/null
desk2 case edit "$number" --age over25 2>/dev/null
echo "  and the same field, the age: 22-25 at Desk 1, over25 at Desk 2"
desk1 status

step "The server is back. Both sync."
start_server
desk1 sync
desk2 sync
desk1 sync
f1=$(desk1 status --json | field fingerprint)
f2=$(desk2 status --json | field fingerprint)
same "$f1" "$f2" "the fingerprints"
same "$(desk1 status --json | field verified)" true "Desk 1 is verified"
same "$(desk2 status --json | field verified)" true "Desk 2 is verified"
# A desk calls itself "this desk", and the other by its name; all else is the same.
shown() { "$1" case show "$number" 2>/dev/null | sed -E 's/\((this desk|Desk [12]), /(/g'; }
same "$(shown desk1)" "$(shown desk2)" "what the desks show"
same "$(desk1 case list --json)" "$(desk2 case list --json)" "the lists of cases"
echo "Both desks hold the same, proven by equal fingerprints: $f1"
desk2 case show "$number" 2>/dev/null | grep -q 'fredag' || fail "a note of Desk 1 is missing"
desk1 case show "$number" 2>/dev/null | grep -q 'samordnare' || fail "a note of Desk 2 is missing"
desk1 case show "$number" --json | grep -q '"concerns":\["general","religious"\]' || fail "an edit of Desk 2 is missing"
desk2 case show "$number" --json | grep -q '"language":"ar"' || fail "an edit of Desk 1 is missing"

step "The age was written twice, without knowing of each other: nobody's is lost, both desks show it."
desk1 conflicts
same "$(desk1 conflicts list --json)" "$(desk2 conflicts list --json)" "the conflicts"
same "$(desk1 status --json | field conflicts)" 1 "conflicts at Desk 1"
conflict=$(desk1 conflicts list --json | field id)

step "One command settles it, for both."
desk1 conflicts take "$conflict" 2>/dev/null
desk1 sync
desk2 sync
same "$(desk1 status --json | field conflicts)" 0 "conflicts at Desk 1"
same "$(desk2 status --json | field conflicts)" 0 "conflicts at Desk 2"
same "$(desk1 case show "$number" --json | field age)" "$(desk2 case show "$number" --json | field age)" "the age"
desk2 case show "$number" 2>/dev/null

step "Desk 3 leaves the line. It keeps what it has read, and can read nothing new; the server keeps it out too."
desk3 sync
desk3 case show "$number" 2>/dev/null | grep -q 'samordnare' || fail "Desk 3 has not read what it might"
desk1 devices remove "Desk 3"
desk1 case note "$number" "Detta är inte för arbetsplats tre." 2>/dev/null
desk1 sync
desk2 sync
desk2 case show "$number" 2>/dev/null | grep -q 'arbetsplats tre' || fail "Desk 2 does not read on"
if desk3 sync 2>"$scratch/refused"; then fail "a removed desk syncs"; else same $? 4 "exit code of a removed desk"; fi
cat "$scratch/refused"
desk3 case show "$number" 2>/dev/null | grep -q 'samordnare' || fail "Desk 3 has lost what it had"
if grep -aq 'arbetsplats tre' "$scratch"/desk3/*; then fail "Desk 3 holds what was written after it left"; fi

step "What the operator sees: who is in sync, and nothing of any case."
desk1 sync >/dev/null
admin replicas
seen=$(admin replicas --json)
same "$(grep -o '"verified":true' <<<"$seen" | wc -l | tr -d ' ')" 3 "verified workstations"
same "$(grep -o '"pending":0' <<<"$seen" | wc -l | tr -d ' ')" 3 "workstations without unsent work"
admin audit
if grep -aq 'samordnare\|Desk 2' "$scratch"/server/* "$scratch/server.log"; then fail "the server's files hold content"; fi
if [ -n "$opens" ]; then
    step "The counsellor's page of Desk 1, with the pilot year in it. Ctrl-C ends it."
    desk1 import directory Examples/data/pilot-year-2017/directory.csv >/dev/null
    desk1 import cases Examples/data/pilot-year-2017/cases.csv >/dev/null
    desk1 serve || true
fi
echo
echo "All of it was checked. Everything that was started is ended, and the scratch folder removed."
