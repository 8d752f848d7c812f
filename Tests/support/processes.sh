# Whether a run leaves processes behind; sourced by Tests/run.sh. Everything that a run starts inherits its mark in the
# environment, also what was started in the background by something that has ended since.

mark_processes() {
    export LUGN_TEST_RUN="$$-$(date +%s)"
}

# The processes that carry the mark, but for this shell and what it needs to look: "ID program arguments" each.
marked_processes() {
    local folder id
    for folder in /proc/[0-9]*; do
        id=${folder#/proc/}
        # Each may end while it is looked at; another user's cannot be read and is not ours.
        [ "$id" != "$$" ] && [ "$id" != "$BASHPID" ] || continue
        grep -qszxF "LUGN_TEST_RUN=$LUGN_TEST_RUN" "$folder/environ" 2>/dev/null || continue
        is_looking "$id" || echo "$id $(tr '\0' ' ' <"$folder/cmdline" 2>/dev/null)"
    done
}

# Whether a process is a part of the look itself: this shell's subshells, seen through $(…).
is_looking() {
    local parent=$1 stat
    while [ "$parent" -gt 1 ]; do
        [ "$parent" != "$BASHPID" ] || return 0
        stat=$(cat "/proc/$parent/stat" 2>/dev/null) || return 0
        # shellcheck disable=SC2086
        set -- ${stat##*) }
        parent=$2
    done
    return 1
}

# Fails naming what is left. What was told to end has ten seconds to do so.
check_nothing_left() {
    local left tries
    if [ ! -d /proc/self ]; then
        echo "there is no /proc here: what the run left behind was not looked for" >&2
        return 0
    fi
    for tries in $(seq 20); do
        left=$(marked_processes)
        [ -n "$left" ] || return 0
        sleep 0.5
    done
    printf 'FAILED: processes were left behind:\n%s\n' "$left" >&2
    return 1
}
