# What the tests with real programs share: where the programs are, a scratch folder, a server that can be killed.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=$(swift build --show-bin-path)
scratch=$(mktemp -d)
server=
port=0
data=$scratch/server
cleanup() {
    [ -z "$server" ] || kill -9 "$server" 2>/dev/null || true
    chmod -R u+w "$scratch" 2>/dev/null || true
    rm -rf "$scratch"
}
trap cleanup EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }
desk() { local name=$1; shift; LUGN_DATA="$scratch/$name" LUGN_BY=S1 "$bin/lugn" "$@"; }
admin() { "$bin/lugn-admin" --server "$url" "$@"; }

start_server() {
    : >"$scratch/server.log"
    "$bin/lugn-server" run --data "$data" --listen "127.0.0.1:$port" --log error 2>>"$scratch/server.log" &
    server=$!
    disown "$server"
    local tries
    for tries in $(seq 200); do
        url=$(sed -n 's/^listening on //p' "$scratch/server.log" | tail -n 1)
        if [ -n "$url" ]; then
            port=${url##*:}
            return 0
        fi
        kill -0 "$server" 2>/dev/null || fail "the server ended: $(tail -n 1 "$scratch/server.log")"
        sleep 0.02
    done
    fail "the server does not listen"
}

kill_server() {
    kill -9 "$server"
    while kill -0 "$server" 2>/dev/null; do sleep 0.01; done
    server=
}

# A server with a line, its key, and the named desks joined.
set_up() {
    local init name invitation
    init=$("$bin/lugn-server" init --data "$data" --line Test --json)
    LUGN_OPERATOR_TOKEN=$(field operatorToken <<<"$init")
    export LUGN_OPERATOR_TOKEN
    start_server
    "$bin/lugn" key new "$scratch/line.key" 2>/dev/null
    for name in "$@"; do
        invitation=$(admin invite 2>/dev/null)
        desk "$name" join "$url" "$invitation" --name "$name" --line-key "$scratch/line.key" >/dev/null
    done
}
