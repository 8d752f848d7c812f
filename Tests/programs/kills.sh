#!/usr/bin/env bash
# Kills each of the three programs at random moments of their work and checks that no confirmed write is lost (I2, I4).
#   Tests/programs/kills.sh [kills]      LUGN_SEED=n replays the moments, as far as a machine lets itself be replayed
. "$(dirname "$0")/common.sh"
kills=${1:-50}
RANDOM=${LUGN_SEED:-$$}
echo "seed ${LUGN_SEED:-$$} (replay: LUGN_SEED=${LUGN_SEED:-$$} Tests/programs/kills.sh $kills)"
set_up one two
number=$(desk one case new --caller relative --concern general)
desk one sync >/dev/null
desk two sync >/dev/null

pause() { sleep "0.0$((RANDOM % 10))"; }
confirmed="$scratch/confirmed"
: >"$confirmed"

# Notes and cases by one desk, each recorded once the program has said that it is saved.
write_some() {
    local name=$1 round=$2 index new
    for index in 1 2 3; do
        desk "$name" case note "$number" "note-$name-$round-$index." 2>/dev/null && echo "note-$name-$round-$index." >>"$confirmed"
        new=$(desk "$name" case new --caller external 2>/dev/null) && echo "case $new" >>"$confirmed"
    done
    return 0
}

# Kills a background command after a moment, unless it has ended.
run_and_kill() {
    "$@" >/dev/null 2>&1 &
    local process=$! child
    disown "$process"
    pause
    # The program is the shell's child: both go. Stopped first, so that the shell starts no other meanwhile.
    kill -STOP "$process" 2>/dev/null || true
    for child in $(children_of "$process") "$process"; do kill -9 "$child" 2>/dev/null || true; done
    while kill -0 "$process" 2>/dev/null; do sleep 0.005; done
}

for round in $(seq "$kills"); do
    name=$([ $((RANDOM % 2)) = 0 ] && echo one || echo two)
    case $((RANDOM % 6)) in
        0) # the server, while both sync
            (desk one sync >/dev/null 2>&1 || true) & first=$!
            (desk two sync >/dev/null 2>&1 || true) & second=$!
            pause
            kill_server
            wait "$first" "$second"
            start_server ;;
        1) run_and_kill write_some "$name" "$round" ;;
        2) run_and_kill desk "$name" sync ;;
        3) run_and_kill admin line create Other ;;
        4) run_and_kill desk one invite ;;
        5) run_and_kill desk one key rotate ;;
    esac
    if [ $((RANDOM % 3)) = 0 ]; then write_some "$name" "$round-sure"; fi
done

# However early the kills came: some were confirmed.
for name in one two; do write_some "$name" last; done
[ "$(wc -l <"$confirmed")" -ge 12 ] || fail "what nobody disturbed was not saved"
for name in one two one two; do desk "$name" sync >/dev/null; done
[ "$(desk one status --json | field fingerprint)" = "$(desk two status --json | field fingerprint)" ] || fail "the desks differ"
for name in one two; do
    [ "$(desk "$name" status --json | field verified)" = true ] || fail "$name is not verified"
    [ "$(desk "$name" status --json | field pending)" = 0 ] || fail "$name has unsent work"
    desk "$name" case show "$number" >"$scratch/shown-$name" 2>/dev/null
    desk "$name" case list --limit 1000000 >"$scratch/listed-$name"
    while read -r kind rest; do
        if [ "$kind" = case ]; then
            grep -qF "$rest" "$scratch/listed-$name" || fail "a confirmed case is lost at $name: $rest"
        else
            grep -qF "$kind" "$scratch/shown-$name" || fail "a confirmed note is lost at $name: $kind"
        fi
    done <"$confirmed"
done
[ "$(admin verify --json | field verified)" = true ] || fail "the server's store is damaged"
echo "$kills kills, $(wc -l <"$confirmed") confirmed writes, none lost"
