#!/usr/bin/env bash
# Real processes under faults: desks that watch and write through a bad network, with wrong clocks, while they and the
# server are killed, stopped and ended, the server is put back from a copy, and desks are copied. Then, when all is quiet,
# every write that a command confirmed is at every desk, once, and all are proven equal (I1 to I13).
#   Tests/programs/chaos.sh [COUNT] [SEED]      COUNT faults of processes; see docs/testing-with-faults.md
# A failure says its seed, and keeps the folder. The choices replay; the moments, as far as a machine lets them.
. "$(dirname "$0")/common.sh"
. Tests/support/libraries.sh
install_packages faketime python3
bin=${LUGN_PROGRAMS:-$bin}
count=${1:-60} seed=${2:-$$} garbage=${LUGN_GARBAGE:-inserted}
programs=$PWD/Tests/programs
clock_library=$(ls /usr/lib/*/faketime/libfaketime.so.1 2>/dev/null | head -n 1) || true
[ -n "$clock_library" ] || echo "libfaketime is not where Debian has it: all clocks are right" >&2
declare -A by=() family=() syncing=() watching=()
desks=() bursts=() shared=() proxy= copies=0 has_server_copy=
signals=0 restored=0 commands=0
mkdir "$scratch/logs"
RANDOM=$seed

# MARK: The end, good or bad

# Whether a process is one of this run's: its id may be somebody else's by now. Every program that is started here has
# the folder's name in its environment.
ours() { grep -qszxF "LUGN_CHAOS=$scratch" "/proc/$1/environ"; }
all_ours() {
    # Processes end while it looks, which grep calls a failure; and grep is not to find itself.
    local files
    files=$(env -u LUGN_CHAOS grep -lszxF "LUGN_CHAOS=$scratch" /proc/[0-9]*/environ) || true
    files=${files//\/proc\//}
    echo "${files//\/environ/}"
}
finish() {
    local code=$? process
    # First those that start others.
    [ -z "$database" ] || { exec 9>&-; }
    for process in "${bursts[@]}" $(all_ours); do kill -9 "$process" 2>/dev/null || true; done
    if [ "$code" != 0 ]; then
        echo "replay: Tests/programs/chaos.sh $count $seed; everything is kept in $scratch" >&2
        exit "$code"
    fi
    rm -rf "$scratch"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
export LUGN_CHAOS=$scratch

await_end() {
    local process=$1 tries
    for tries in $(seq 400); do
        kill -0 "$process" 2>/dev/null || return 0
        sleep 0.05
    done
    fail "process $process did not end: $2"
}

# MARK: Drawing. No subshells here: they would draw from the beginning.

draw() { drawn=$((RANDOM % $1)); }
pause() { draw "$1"; sleep "$(printf '%d.%03d' $((drawn / 1000)) $((drawn % 1000)))"; }
draw_desk() { draw ${#desks[@]}; name=${desks[drawn]}; }
draw_signal() { draw 3; case $drawn in 0) kind=KILL ;; 1) kind=TERM ;; 2) kind=STOP ;; esac; }

# One command in six believes in another time.
draw_clock() {
    local offsets=(+2h -2h -1y +10y +40s -90s +90s -3d)
    clock=()
    draw 6
    local wrong=$drawn
    draw ${#offsets[@]}
    if [ "$wrong" = 0 ] && [ -n "$clock_library" ]; then
        # Not by the program faketime, which stays as a parent. Without FAKETIME_SHARED the library would set it, which
        # moves the environment to where Swift does not find its arguments any more.
        clock=(env "LD_PRELOAD=$clock_library" "FAKETIME=${offsets[drawn]}" "FAKETIME_SHARED=none none"
            FAKETIME_DONT_FAKE_MONOTONIC=1)
    fi
}

# MARK: Desks

# begin NAME OUTPUT COMMAND...: a command at a desk, in the background; its id is in $process.
begin() {
    local name=$1 output=$2
    shift 2
    LUGN_DATA="$scratch/$name" LUGN_BY="${by[$name]}" "${clock[@]}" "$bin/lugn" "$@" \
        >"$output" 2>>"$scratch/logs/$name" &
    process=$!
}

enrol() {
    local name=$1 like=${2:-$1}
    by[$name]=S$((${#desks[@]} + 1)) family[$name]=$like
    desks+=("$name")
    : >"$scratch/ledger-$name"
    : >"$scratch/logs/$name"
}

# A desk's work: what is tried, and then what was confirmed, goes to its ledger. Runs in a subshell.
work() {
    local name=$1 round=$2 index marker number languages=(sv ar en fi de fr so ti) ledger=$scratch/ledger-$1
    RANDOM=$3
    # confirmed WORDS... -- COMMAND...: runs it, and says so in the ledger before and, if it was confirmed, after.
    confirmed() {
        local words=() code=0
        while [ "$1" != -- ]; do words+=("$1"); shift; done
        shift
        echo "tried ${words[*]}" >>"$ledger"
        draw_clock
        begin "$name" "$scratch/logs/$name.out" "$@"
        echo "$process" >"$scratch/logs/$name.current"
        wait "$process" || code=$?
        echo "$code" >>"$scratch/logs/codes"
        [ "$code" = 0 ] || return 0
        [ "${words[0]}" != case ] || words+=("$(tr -d ' -' <"$scratch/logs/$name.out")")
        echo "saved ${words[*]}" >>"$ledger"
    }
    for index in 1 2 3 4; do
        marker="marker-$name-$round-$index."
        draw 10
        case $drawn in
            0 | 1 | 2 | 3) draw ${#shared[@]}; confirmed note "$marker" -- case note "${shared[drawn]}" "$marker" ;;
            4 | 5) confirmed case -- case new --caller external ;;
            6) confirmed case "$marker" -- case new --caller relative --note "$marker" ;;
            7 | 8)
                # A desk's own case is edited by it alone; a copy has none.
                draw ${#languages[@]}
                number=$(cat "$scratch/own-$name" 2>/dev/null) || continue
                confirmed edit "$number" "${languages[drawn]}" -- case edit "$number" --language "${languages[drawn]}" ;;
            9)
                draw ${#shared[@]}; number=${shared[drawn]}
                draw ${#languages[@]}
                confirmed touch -- case edit "$number" --language "${languages[drawn]}" ;;
        esac
    done
}

begin_sync() {
    draw_clock
    begin "$1" /dev/null sync
    disown "$process"
    syncing[$1]=$process
}
begin_watch() {
    draw_clock
    begin "$1" /dev/null sync --watch
    disown "$process"
    watching[$1]=$process
}
end_process() {
    kill -s "$1" "$2" 2>/dev/null || true
    await_end "$2" "after SIG$1, of $3"
}

# Everything at a desk ends, so that its folder can be copied.
close_desk() {
    [ -z "${syncing[$1]:-}" ] || end_process KILL "${syncing[$1]}" "$1"
    [ -z "${watching[$1]:-}" ] || end_process TERM "${watching[$1]}" "$1"
    syncing[$1]= watching[$1]=
}

# MARK: Faults

await_bursts() {
    local burst
    for burst in "${bursts[@]}"; do await_end "$burst" "a burst of work"; done
    bursts=()
}

# signal KIND PROCESS WHOSE: KILL and TERM end it; STOP lets it go on after a while.
signal() {
    signals=$((signals + 1))
    if [ "$1" = STOP ]; then
        kill -STOP "$2" 2>/dev/null || true
        pause 600
        kill -CONT "$2" 2>/dev/null || true
    else
        end_process "$1" "$2" "$3"
    fi
}

restart_server() {
    cat "$scratch/server.log" >>"$scratch/logs/server"
    start_server
}
fault_server() {
    draw_signal
    signal "$kind" "$server" "the server"
    if [ "$kind" != STOP ]; then
        # Sometimes it stays away for a while.
        draw 4
        [ "$drawn" != 0 ] || pause 800
        restart_server
    fi
}
fault_watcher() {
    draw_signal
    if [ -n "${watching[$name]:-}" ]; then
        signal "$kind" "${watching[$name]}" "a watcher at $name"
        [ "$kind" = STOP ] || watching[$name]=
    fi
}
fault_work() {
    local current= tries
    draw_signal
    for tries in $(seq 20); do
        current=$(cat "$scratch/logs/$name.current" 2>/dev/null) || current=
        [ -z "$current" ] || ! ours "$current" || break
        current=
    done
    # TERM and KILL are over at once for these: nothing to wait for, and it is the burst's child.
    [ -n "$current" ] || return 0
    signals=$((signals + 1))
    kill -s "$kind" "$current" 2>/dev/null || true
    if [ "$kind" = STOP ]; then pause 300; kill -CONT "$current" 2>/dev/null || true; fi
}
fault_sync() {
    draw_signal
    if [ -n "${syncing[$name]:-}" ] && kill -0 "${syncing[$name]}" 2>/dev/null; then
        signal "$kind" "${syncing[$name]}" "a sync at $name"
        [ "$kind" = STOP ] || syncing[$name]=
    fi
}

# The server's folder is copied, or put back as it was at the last copy: it has lost what came since.
copy_server() {
    kill_server
    stop_store
    rm -rf "$scratch/server-copy"
    cp -a "$data" "$scratch/server-copy"
    start_store
    has_server_copy=yes
    restart_server
}
restore_server() {
    [ -n "$has_server_copy" ] || return 0
    kill_server
    stop_store
    rm -rf "$data"
    cp -a "$scratch/server-copy" "$data"
    start_store
    restart_server
    restored=$((restored + 1))
}

# A desk's folder is copied, and used beside the original from then on.
copy_desk() {
    await_bursts
    close_desk "$1"
    copies=$((copies + 1))
    cp -r "$scratch/$1" "$scratch/copy-$copies"
    rm -f "$scratch/copy-$copies/replica.db.watch"
    enrol "copy-$copies" "$1"
}

# MARK: The story

start=$SECONDS
echo "seed $seed (replay: Tests/programs/chaos.sh $count $seed)"
set_up
: >"$scratch/proxy.log"
"$programs/fault_proxy.py" "$port" "$seed" --garbage "$garbage" >"$scratch/proxy.log" 2>&1 &
proxy=$!
disown "$proxy"
for _ in $(seq 200); do grep -q '^listening' "$scratch/proxy.log" && break; sleep 0.05; done
proxy_port=$(sed -n 's/^listening on //p' "$scratch/proxy.log")
[ -n "$proxy_port" ] || fail "the proxy does not listen: $(cat "$scratch/proxy.log")"
kill -USR1 "$proxy"
found_line north --address "http://127.0.0.1:$proxy_port"
admit_desks south east
for name in north south east; do
    enrol "$name"
    shared+=("$(desk "$name" case new --caller relative | tr -d ' -')")
    desk "$name" case new --caller involved | tr -d ' -' >"$scratch/own-$name"
    desk "$name" sync >/dev/null
done
for name in "${desks[@]}"; do desk "$name" sync >/dev/null; done
kill -USR2 "$proxy"

round=0
while [ "$signals" -lt "$count" ]; do
    round=$((round + 1))
    # What goes on: some work, some syncs, some watchers. What hangs at a desk for long is ended with the next fault there.
    for name in "${desks[@]}"; do
        draw 3; working=$drawn
        draw 3; exchanging=$drawn
        draw 2; looking=$drawn
        if [ "$working" != 0 ]; then
            work "$name" "$round" "$RANDOM" 2>>"$scratch/logs/bursts" &
            bursts+=($!)
            disown "$!"
        fi
        if [ -n "${syncing[$name]:-}" ] && ! kill -0 "${syncing[$name]}" 2>/dev/null; then syncing[$name]=; fi
        if [ -n "${watching[$name]:-}" ] && ! kill -0 "${watching[$name]}" 2>/dev/null; then watching[$name]=; fi
        if [ "$exchanging" = 0 ] && [ -z "${syncing[$name]:-}" ]; then begin_sync "$name"; fi
        if [ "$looking" = 0 ] && [ -z "${watching[$name]:-}" ]; then begin_watch "$name"; fi
    done
    pause 250
    draw_desk
    fault_work
    draw_desk
    draw 6
    case $drawn in
        0 | 1 | 2) fault_server ;;
        3 | 4) fault_watcher ;;
        5) fault_sync ;;
    esac
    await_bursts
    # A copy is put back twice, so that the second time it is an old one.
    if [ $((round % 32)) = 5 ]; then copy_server; fi
    if [ $((round % 16)) = 11 ]; then restore_server; fi
    # The round is beyond half of the count when the count is reached.
    draw 3
    if [ "$round" = $((count / 6)) ] || [ "$round" = $((count / 3)) ]; then copy_desk "${desks[drawn]}"; fi
done
faults_end=$SECONDS

# MARK: Quiet

kill -USR1 "$proxy"
await_bursts
for name in "${desks[@]}"; do close_desk "$name"; done

# state NAME: what must be the same everywhere, and nothing unsent or unproven.
state() { local status; status=$(desk "$1" status --json) && for key in verified pending setAside unopened fingerprint; do field "$key" <<<"$status"; done | tr '\n' ' '; }
settled() {
    local name
    for name in "${desks[@]}"; do
        [[ "$(state "$name")" = "true 0 0 0 "* ]] && [ "$(state "$name")" = "$(state north)" ] || return 1
    done
}
turns=0
until [ "$turns" -gt 0 ] && settled; do
    turns=$((turns + 1))
    if [ "$turns" -gt 8 ]; then
        for name in "${desks[@]}"; do echo "$name: $(state "$name")" >&2; tail -n 3 "$scratch/logs/quiet-$name" >&2; done
        fail "the desks are not equal after 8 turns in quiet"
    fi
    for name in "${desks[@]}"; do
        timeout -k 1 60 env LUGN_DATA="$scratch/$name" "$bin/lugn" sync >>"$scratch/logs/quiet-$name" 2>&1 || echo "ended with $?" >>"$scratch/logs/quiet-$name"
    done
done

# MARK: What must be so

[ "$(admin verify --json | field verified)" = true ] || fail "the server's store is damaged"
admin replicas --json >"$scratch/replicas.json"
mkdir "$scratch/shown"
for name in "${desks[@]}"; do
    desk "$name" status --json >"$scratch/shown/$name.status"
    desk "$name" case list --json --limit 1000000 >"$scratch/shown/$name.list"
    for number in "${shared[@]}" $(cat "$scratch"/own-*); do
        desk "$name" case show --json "$number" 2>/dev/null
        echo
    done >"$scratch/shown/$name.cases"
done
kill -TERM "$server"
await_end "$server" "the server, after SIGTERM"
cat "$scratch/server.log" >>"$scratch/logs/server"
server=
kill -TERM "$proxy"
await_end "$proxy" "the proxy, after SIGTERM"
stop_store
if grep -aqr "marker-" "$data" "$scratch/server-copy" "$scratch/logs/server" "$scratch/proxy.log"; then
    fail "the server, its log or the proxy's holds content (I12)"
fi
if grep -aq "Fatal error\|Traceback" "$scratch"/logs/* "$scratch/proxy.log"; then fail "something crashed"; fi
if grep -qx "132\|133\|134\|135\|136\|139" "$scratch/logs/codes"; then fail "a command crashed"; fi
left=$(all_ours)
[ -z "$left" ] || fail "processes are still there: $left"
for name in "${desks[@]}"; do echo "$name ${by[$name]} ${family[$name]}"; done >"$scratch/desks"
"$programs/chaos_check.py" "$scratch" "$restored" || fail "what was confirmed is not what is there"
commands=$(wc -l <"$scratch/logs/codes")
echo "$signals signals, $restored servers put back, $copies desks copied, $commands commands," \
    "$(cat "$scratch"/ledger-* | grep -c '^saved') confirmed writes, none lost or doubled; quiet after $turns turns"
echo "connections and their faults: $(tail -n 1 "$scratch/proxy.log")"
echo "$((faults_end - start)) s of faults, $((SECONDS - faults_end)) s of quiet"
