#!/usr/bin/env bash
# Operators, with the real programs: keys, who is let in, workstations, invitations, and the log of what operators did.
. "$(dirname "$0")/common.sh"
command -v python3 >/dev/null || fail "python3 is missing; Tests/run.sh installs it"
steps=0
step() { steps=$((steps + 1)); }
# refused TEXT COMMAND...: it ends with an error that says so.
refused() {
    local text=$1 said
    shift
    if said=$("$@" 2>&1 >/dev/null); then fail "not refused: $*"; fi
    grep -qF -- "$text" <<<"$said" || fail "$* says: $said"
    step
}
# holds TEXT COMMAND...: what it prints has the text.
holds() {
    local text=$1 said
    shift
    said=$("$@" 2>&1) || fail "$* says: $said"
    grep -qF -- "$text" <<<"$said" || fail "$* prints: $said"
    step
}
device_id() { admin devices --json | python3 -c 'import json, sys; print([d["device"] for d in json.load(sys.stdin)][int(sys.argv[1])])' "$1"; }
sql() { python3 -c 'import sqlite3, sys; c = sqlite3.connect(sys.argv[1]); c.executescript(sys.argv[2]); c.commit()' "$data/log.db" "$1"; }

set_up alpha beta
admit_desk gamma

# The key: its owner's alone, never overwritten.
[ "$(stat -c %a "$LUGN_OPERATOR_KEY")" = 600 ] || fail "others can read the operator's key"
refused "exists already" "$bin/lugn-admin" key new "$LUGN_OPERATOR_KEY"
cp "$LUGN_OPERATOR_KEY" "$scratch/exposed.key"
chmod 644 "$scratch/exposed.key"
refused "others on this computer can read" admin --key "$scratch/exposed.key" status
refused "no such file" admin --key "$scratch/none.key" status
echo "not a key" >"$scratch/other.key"
chmod 600 "$scratch/other.key"
refused "is no operator's key" admin --key "$scratch/other.key" status
if LUGN_OPERATOR_KEY='' admin status 2>/dev/null; then fail "let in without a key"; fi

# The server's machine: not while a server runs.
refused "works on this store" "$bin/lugn-server" --data "$data" operator list
refused "works on this store" "$bin/lugn-server" --data "$data" line create Other --address https://lugn.example.org

# A second operator, of one line.
"$bin/lugn-admin" key new "$scratch/karin.key" >"$scratch/karin"
public=$(sed -n 's/^public key  //p' "$scratch/karin")
holds "$public" "$bin/lugn-admin" --key "$scratch/karin.key" key show
refused "not signed" admin --key "$scratch/karin.key" status
wrong=$(tr 'A0' '0A' <<<"${public:0:5}")${public:5}
[ "$wrong" != "$public" ] || wrong=$(tr 'B1' '1B' <<<"${public:0:12}")${public:12}
[ "$wrong" = "$public" ] || refused "mistyped" admin operator add "$wrong" --label Karin
refused "no such line" admin --line Elsewhere operator add "$public" --label Karin
holds "Let in" admin --line Test operator add "$public" --label "Karin, drift"
holds "Karin, drift" admin operator list
holds "Test" admin --key "$scratch/karin.key" line list
refused "nothing here" admin --key "$scratch/karin.key" operator list
refused "operator of all lines" admin --key "$scratch/karin.key" line create Other

# Workstations: labels, and an end to access; of one that waits too.
beta=$(device_id 1)
gamma=$(device_id 2)
holds "Renamed" admin rename "$beta" "Desk by the window"
holds "Desk by the window" admin devices
desk beta sync >/dev/null
watch beta
for tries in $(seq 200); do
    ! admin status 2>&1 | grep -q "1 workstations wait for news" || break
    sleep 0.05
done
[ "$tries" -lt 200 ] || fail "beta never waits for news"
holds "Ask a lead" admin --key "$scratch/karin.key" revoke "$beta"
refused "does not let this workstation in" desk beta sync
# Told at once, it waits no longer.
await_end "$watcher"
watcher=
holds "revoked" admin devices
refused "32 hexadecimal digits" admin revoke "xyz"
refused "no such workstation" admin revoke 00000000000000000000000000000000
desk gamma sync >/dev/null
admin devices --json | python3 -c '
import json, sys
seen = {d["device"]: d for d in json.load(sys.stdin)}
assert seen[sys.argv[1]]["blocked"] and not seen[sys.argv[2]]["blocked"], seen
assert seen[sys.argv[2]]["lastSeen"] and sum(d["role"] == "lead" for d in seen.values()) == 1, seen' "$beta" "$gamma"
step

# Invitations: an operator's own is withdrawn, and found out when it is tried.
invited=$(admin line create Third 2>/dev/null)
holds "Third" admin invitations
id=$(admin invitations --json | python3 -c 'import json, sys; print([i["invitation"] for i in json.load(sys.stdin) if i["lineName"] == "Third"][0])')
holds "Withdrawn" admin withdraw "$id"
holds "Withdrawn" admin withdraw "$id"
refused "" desk delta join "$invited" --name delta
[ "$(admin line list --json | python3 -c 'import json, sys; print(len(json.load(sys.stdin)))')" = 1 ] || fail "a withdrawn invitation has founded a line"

# The log: whole, and kept elsewhere. Whatever somebody does to the store's file is found.
holds "revoked" admin audit
refused "nothing here" admin --key "$scratch/karin.key" audit
end=$(admin audit --verify 2>/dev/null | sed -n 's/^end  //p')
holds "The log is whole" admin audit --verify --kept "$end"
holds "Renamed" admin rename "$gamma" "Desk 3"
holds "The log is whole" admin audit --verify --kept "$end"
refused "--kept is an end" admin audit --kept "12"
tampered() {
    kill_server
    cp "$data/log.db" "$scratch/kept.db"
    for part in wal shm; do [ ! -e "$data/log.db-$part" ] || cp "$data/log.db-$part" "$scratch/kept.db-$part"; done
    sql "$1"
    start_server
    refused "$2" admin audit --verify --kept "$end"
    kill_server
    rm -f "$data/log.db-wal" "$data/log.db-shm"
    cp "$scratch/kept.db" "$data/log.db"
    for part in wal shm; do [ ! -e "$scratch/kept.db-$part" ] || mv "$scratch/kept.db-$part" "$data/log.db-$part"; done
    start_server
    holds "The log is whole" admin audit --verify --kept "$end"
}
tampered "DELETE FROM audit WHERE number = 1" "does not follow the one before"
tampered "UPDATE audit SET entry = (SELECT entry FROM audit WHERE number = 2) WHERE number = 1" "does not follow the one before"
tampered "UPDATE audit SET entry = x'00' WHERE number = 1" ""
tampered "DELETE FROM audit WHERE number >= 3" "it was cut"

# An operator leaves. On the server's machine the last one can be put in again.
karin=$(sed -n 's/^operator    //p' "$scratch/karin")
holds "Removed" admin operator remove "$karin"
refused "not signed" admin --key "$scratch/karin.key" status
mine=$(admin key show | sed -n 's/^operator    //p')
refused "nobody would be left" admin operator remove "$mine"
kill_server
holds "Removed" "$bin/lugn-server" --data "$data" operator remove "$mine"
start_server
refused "not signed" admin status
kill_server
holds "operator" "$bin/lugn-server" --data "$data" init --operator-key "$LUGN_OPERATOR_KEY"
holds "Test" "$bin/lugn-server" --data "$data" line list
start_server
holds "Test" admin status
refused "no operator's key" "$bin/lugn-server" --data "$scratch/new" init --operator-key "$scratch/other.key"
refused "give either" "$bin/lugn-server" --data "$scratch/new" init

echo "$steps things about operators are as they should be"
