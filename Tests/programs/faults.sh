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

# Invitations, keys, lines.
join() { desk "$1" join "$url" "$2" --name X --line-key "${3:-$scratch/line.key}"; }
expect 4 "does not know this invitation" join wrong lugn-invitation-nonsense
expired=$(admin invite --hours 0 2>/dev/null)
expect 4 "expired" join wrong "$expired"
invitation=$(admin invite 2>/dev/null)
"$bin/lugn" key new "$scratch/other.key" 2>/dev/null
expect 4 "another key" join wrong "$invitation" "$scratch/other.key"
join right "$invitation" >/dev/null
expect 4 "used before" join wrong "$invitation"
head -c 100 /dev/urandom >"$scratch/no.key"
expect 4 "no line key" join wrong "$invitation" "$scratch/no.key"
expect 1 "exists already" "$bin/lugn" key new "$scratch/line.key"

# A server of another line.
first_url=$url first_token=$LUGN_OPERATOR_TOKEN first_server=$server first_port=$port
port=0 data=$scratch/server-other store=(--data "$scratch/server-other")
other=$("$bin/lugn-server" init "${store[@]}" --line Other --json)
LUGN_OPERATOR_TOKEN=$(field operatorToken <<<"$other")
start_server
expect 4 "belongs to another line" join one "$(field invitation <<<"$other")" "$scratch/line.key"
kill_server
url=$first_url LUGN_OPERATOR_TOKEN=$first_token server=$first_server port=$first_port data=$scratch/server
store=(--data "$data")

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
token_line=$(admin status --json | field line)
[ "$(status -X POST "$url/v2/join" --data-binary @"$scratch/no.key")" = 400 ] || fail "garbage was taken"
grep -q 'urn:lugn:problem:malformed' "$scratch/answer" || fail "no problem document"
[ "$(status -X POST "$url/v2/sync" --data-binary @"$scratch/no.key")" = 401 ] || fail "no token was taken"
[ "$(status -X POST "$url/v2/sync" -H 'Authorization: Bearer nonsense' --data-binary @"$scratch/no.key")" = 401 ] || fail "a wrong token was taken"
(exec 3<>"/dev/tcp/127.0.0.1/$port"; printf 'POST /v2/join HTTP/1.1\r\nHost: x\r\nContent-Length: 1000\r\n\r\nabc' >&3)
count=$((count + 4))
[ -n "$token_line" ] || fail "the server does not answer"

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
