# What the tests with real programs share: where the programs are, a scratch folder, a server that can be killed.
set -euo pipefail
# The programs answer in the language of the environment; the tests read English unless they say otherwise.
export LC_ALL=C.UTF-8
cd "$(dirname "${BASH_SOURCE[0]}")/../.."
bin=$(swift build --show-bin-path)
scratch=$(mktemp -d)
server=
watcher=
port=0
data=$scratch/server
# LUGN_STORE=postgresql: the server's store is a database of the run's own, in the same folder.
store=(--data "$data")
database=
if [ "${LUGN_STORE:-sqlite}" = postgresql ]; then store=(--store "postgresql://lugn@/postgres?host=$data"); fi
start_store() {
    [ "${LUGN_STORE:-sqlite}" = postgresql ] || return 0
    mkdir -p "$data"
    # As PostgreSQL's own user it has to get there.
    chmod 711 "$scratch"
    rm -f "$scratch/database.input"
    mkfifo "$scratch/database.input"
    : >"$scratch/database.log"
    Tests/support/postgresql.sh "$data" fsync=off <"$scratch/database.input" >"$scratch/database.log" 2>&1 &
    database=$!
    disown "$database"
    exec 9>"$scratch/database.input"
    local tries
    for tries in $(seq 600); do
        ! grep -q '^ready' "$scratch/database.log" || return 0
        sleep 0.05
    done
    fail "the database does not start: $(cat "$scratch/database.log")"
}
# It stops, in order. Others may have its input open still: it is told directly too.
stop_store() {
    [ -n "$database" ] || return 0
    exec 9>&-
    kill -INT "$(head -n 1 "$data/data/postmaster.pid")" 2>/dev/null || true
    await_end "$database" "PostgreSQL, after its input had ended"
    database=
}
cleanup() {
    local process
    for process in "$server" "$watcher"; do [ -z "$process" ] || kill -9 "$process" 2>/dev/null || true; done
    stop_store
    chmod -R u+w "$scratch" 2>/dev/null || true
    rm -rf "$scratch"
}
trap cleanup EXIT
fail() { echo "FAILED: $*" >&2; exit 1; }
field() { sed -n "s/.*\"$1\":\"\{0,1\}\([^\",}]*\).*/\1/p"; }
desk() { local name=$1; shift; LUGN_DATA="$scratch/$name" LUGN_BY=S1 "$bin/lugn" "$@"; }
admin() { "$bin/lugn-admin" --server "$url" "$@"; }

# watch NAME OPTION...: a desk that syncs in the background. Not through `desk`, whose shell would have the id that is noted.
watch() {
    local name=$1
    shift
    LUGN_DATA="$scratch/$name" LUGN_BY=S1 "$bin/lugn" sync --watch "$@" &
    watcher=$!
    disown "$watcher"
}
end_watch() {
    kill -TERM "$watcher"
    await_end "$watcher"
    watcher=
}
await_end() {
    local tries
    for tries in $(seq 1500); do
        kill -0 "$1" 2>/dev/null || return 0
        sleep 0.02
    done
    fail "process $1 did not end"
}

# The processes that a process has started.
children_of() {
    local file stat
    for file in /proc/[0-9]*/stat; do
        stat=$(cat "$file" 2>/dev/null) || continue
        # The program's name stands in parentheses and may hold anything.
        set -- "$1" ${stat##*) }
        [ "$3" != "$1" ] || { file=${file%/stat}; echo "${file#/proc/}"; }
    done
}

start_server() {
    : >"$scratch/server.log"
    "$bin/lugn-server" run "${store[@]}" --listen "127.0.0.1:$port" --log error 9>&- 2>>"$scratch/server.log" &
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

# A server and its operator; with desks named, a line that the first one has founded and that the others were let into.
set_up() {
    start_store
    "$bin/lugn-server" init "${store[@]}" --operator-key "$scratch/operator.key" >/dev/null 2>&1
    export LUGN_OPERATOR_KEY="$scratch/operator.key"
    start_server
    [ $# -gt 0 ] || return 0
    found_line "$1"
    shift
    admit_desks "$@"
}

# found_line NAME [OPTION...]: a desk founds the server's line, and is its lead.
found_line() {
    lead=$1
    shift
    desk "$lead" join "$(admin line create Test "$@" 2>/dev/null)" --name "$lead" >/dev/null 2>"$scratch/sheet"
}

# admit_desk NAME: a desk asks to be let in, and the lead's desk types the digits that it shows.
admit_desk() {
    local name=$1 invited joining digits= tries
    invited=$(desk "$lead" invite --json)
    : >"$scratch/joining-$name"
    desk "$name" join "$(field invitation <<<"$invited")" --name "$name" >/dev/null 2>"$scratch/joining-$name" &
    joining=$!
    for tries in $(seq 300); do
        digits=$(sed -n 's/^Read these digits out to the lead: //p' "$scratch/joining-$name")
        [ -z "$digits" ] || break
        kill -0 "$joining" 2>/dev/null || fail "$name does not ask any more: $(tail -n 1 "$scratch/joining-$name")"
        desk "$lead" admit >/dev/null
        sleep 0.1
    done
    desk "$lead" admit "$digits" --invitation "$(field id <<<"$invited")" >/dev/null
    wait "$joining" || fail "$name was not let in: $(tail -n 1 "$scratch/joining-$name")"
}

# admit_desks NAME...: several at once, since each waits for the other side most of the time.
admit_desks() {
    local name admitting=()
    for name in "$@"; do
        admit_desk "$name" &
        admitting+=($!)
    done
    for name in "${admitting[@]}"; do wait "$name" || fail "a desk was not let in"; done
}
