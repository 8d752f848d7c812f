#!/usr/bin/env bash
# What goes wrong gets a clear error with its exit code, and nothing is lost (I11).
. "$(dirname "$0")/common.sh"
set_up one
count=0

# expect CODE WORDS COMMAND...: the command ends with this code, and one line on standard error with these words.
expect() {
    local code=$1 words=$2 got=0
    shift 2
    "$@" >"$scratch/out" 2>"$scratch/err" || got=$?
    [ "$got" = "$code" ] || fail "'$*' ended with $got instead of $code: $(cat "$scratch/err")"
    grep -qi "$words" "$scratch/err" || fail "'$*' did not say '$words': $(cat "$scratch/err")"
    [ "$(wc -l <"$scratch/err")" = 1 ] || fail "'$*' said more than a line: $(cat "$scratch/err")"
    count=$((count + 1))
}

number=$(desk one case new --caller relative)
desk one case note "$number" "kept-through-everything" 2>/dev/null

# Invitations, digits, rights.
join() { desk "$1" join "$2" --name X; }
invite() { desk one invite --json | field "$1"; }
expect 2 "no invitation" join wrong nonsense
invitation=$(invite invitation)
expect 2 "a character is wrong" join wrong "${invitation::-1}$([ "${invitation: -1}" = 0 ] && echo 1 || echo 0)"
admit_desk right
expect 4 "belongs to Test already" join right "$invitation"
expect 4 "only a lead" desk right invite
expect 4 "only a lead" desk right devices remove one
expect 4 "no lead left" desk one devices role one counsellor
expect 4 "another lead does" desk one devices remove one
withdrawn=$(desk one invite --json)
desk one withdraw "$(field id <<<"$withdrawn")" 2>/dev/null
expect 4 "withdrew" join wrong "$(field invitation <<<"$withdrawn")"
expect 1 "nobody asks" desk one admit "123 456"

# Two computers with one invitation: the second one is told, and the lead too. Three wrong codes end the admission.
: >"$scratch/asking-says"
desk asking join "$invitation" --name Asking >/dev/null 2>"$scratch/asking-says" &
asking=$!
for _ in $(seq 300); do
    grep -q "^Read these digits" "$scratch/asking-says" && break
    kill -0 "$asking" 2>/dev/null || fail "a desk does not ask any more: $(cat "$scratch/asking-says")"
    desk one admit >/dev/null 2>&1
    sleep 0.1
done
expect 4 "another computer has used" join wrong "$invitation"
desk one admit 2>&1 | grep -q "A second computer has tried" || fail "the lead is not told of a second computer"
digits=$(sed -n 's/^Read these digits out to the lead: //p' "$scratch/asking-says")
other=$([ "${digits:0:1}" = 0 ] && echo 1 || echo 0)${digits:1}
for left in "2 more tries" "1 more" "has ended"; do
    desk one admit "$other" >"$scratch/out" 2>"$scratch/err" && fail "wrong digits let somebody in"
    grep -q "$left" "$scratch/err" || fail "after wrong digits: $(cat "$scratch/err")"
    count=$((count + 1))
done
wait "$asking" && fail "a desk came in by wrong digits"
grep -q "ended this admission" "$scratch/asking-says" || fail "$(cat "$scratch/asking-says")"

# A founding invitation is good once, and for nothing else.
founding=$(admin line create Other 2>/dev/null)
join founder "$founding" >/dev/null 2>&1
# The sheet is shown before anything is sent: only the last line is the refusal.
desk wrong join "$founding" --name X >/dev/null 2>"$scratch/err" && fail "an invitation founded two lines"
tail -n 1 "$scratch/err" | grep -q "another computer has used" || fail "$(tail -n 1 "$scratch/err")"
count=$((count + 1))

# A server of another line.
first_url=$url first_key=$LUGN_OPERATOR_KEY first_server=$server first_port=$port first_lead=$lead first_store=("${store[@]}")
port=0 data=$scratch/server-other store=(--data "$scratch/server-other")
"$bin/lugn-server" init "${store[@]}" --operator-key "$scratch/other.key" >/dev/null 2>&1
LUGN_OPERATOR_KEY=$scratch/other.key
start_server
expect 4 "belongs to Test already" join one "$(admin line create Elsewhere 2>/dev/null)"
expect 4 "does not hold this workstation.s line" desk one server set "$url"
kill_server
url=$first_url LUGN_OPERATOR_KEY=$first_key server=$first_server port=$first_port lead=$first_lead data=$scratch/server
store=("${first_store[@]}")

# Two watchers on the same data.
watch right 2>"$scratch/watch.log"
for _ in $(seq 200); do grep -q "up to date" "$scratch/watch.log" && break; sleep 0.02; done
expect 1 "syncing these data already" desk right sync --watch
# The watcher hears of another process's write at once.
desk right case new --caller involved >/dev/null
for _ in $(seq 200); do [ "$(desk right status --json | field pending)" = 0 ] && break; sleep 0.02; done
[ "$(desk right status --json | field pending)" = 0 ] || fail "the watcher did not send another process's write"
end_watch

# No server.
kill_server
expect 3 "work is safe" desk one sync
[ "$(desk one status --json | field pending)" = 2 ] || fail "the outbox is not what it was"
start_server

# Garbage and bodies cut in the middle instead of CBOR.
status() { curl -s -o "$scratch/answer" -w '%{http_code}' -H 'Content-Type: application/cbor' "$@"; }
status_line=$(admin status --json | field line)
head -c 100 /dev/urandom >"$scratch/garbage"
digest="Content-Digest: sha-256=:$(openssl dgst -sha256 -binary "$scratch/garbage" | base64):"
[ "$(status -X POST "$url/v2/roster" -H "$digest" --data-binary @"$scratch/garbage")" = 400 ] || fail "garbage was taken"
grep -q 'urn:lugn:problem:malformed' "$scratch/answer" || fail "no problem document"
[ "$(status -X POST "$url/v2/sync" -H "$digest" --data-binary @"$scratch/garbage")" = 401 ] || fail "a request without a signature was taken"
signed='Signature-Input: lugn=("@method" "lugn-route" "content-digest");nonce="";keyid="00000000000000000000000000000000";alg="ed25519";tag="lugn-2"'
[ "$(status -X POST "$url/v2/sync" -H "$digest" -H 'Lugn-Route: /v2/sync' -H "$signed" -H "Signature: lugn=:$(head -c 64 /dev/zero | base64 -w 0):" \
    --data-binary @"$scratch/garbage")" = 401 ] || fail "a stranger's signature was taken"
(exec 3<>"/dev/tcp/127.0.0.1/$port"; printf 'POST /v2/join HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc' >&3)
count=$((count + 4))
[ -n "$status_line" ] || fail "the server does not answer"

# A data folder that cannot be written; root may write anywhere.
if [ "$(id -u)" != 0 ]; then
    chmod -R a-w "$scratch/one"
    expect 1 "cannot be read or written" desk one case new --caller relative
    chmod -R u+w "$scratch/one"
fi

# A full disk.
if [ "$(id -u)" = 0 ] && mkdir "$scratch/small" && mount -t tmpfs -o size=2m tmpfs "$scratch/small" 2>/dev/null; then
    LUGN_DATA="$scratch/small" "$bin/lugn" case new --caller relative >"$scratch/small-number"
    dd if=/dev/zero of="$scratch/small/filler" bs=4k 2>/dev/null || true
    expect 1 "disk is full" env LUGN_DATA="$scratch/small" sh -c \
        "for i in 1 2 3 4 5 6 7 8 9 10; do head -c 60000 /dev/zero | tr '\\0' x | '$bin/lugn' case note '$(cat "$scratch/small-number")' 2>&1 >/dev/null | grep -v '^Saved' >&2 && exit 1; done"
    rm "$scratch/small/filler"
    LUGN_DATA="$scratch/small" "$bin/lugn" case note "$(cat "$scratch/small-number")" "there is room again" 2>/dev/null
    umount "$scratch/small"
fi

# Numbers.
expect 1 "mistyped" desk one case show "$(tr 0-9 1-90 <<<"${number:0:1}")${number:1}"
expect 2 "unknown option" desk one case new --colour red
expect 2 "caller" desk one case new --caller nobody

# All of it is still there, and gets through.
desk one sync >/dev/null
desk right sync >/dev/null
desk right case show "$number" 2>/dev/null | grep -q kept-through-everything || fail "a note was lost"
if grep -aq kept-through-everything "$scratch"/server/* "$scratch/server.log"; then fail "the server holds content (I12)"; fi
echo "$count faults, each with a clear error, and nothing lost"
