#!/usr/bin/env bash
# Casework on two desks, one of them offline: what is refused, with which code, and that what is shredded or erased is in
# no file of either desk or of the server.
. "$(dirname "$0")/common.sh"
set_up one two
count=0

# expect CODE WORDS COMMAND...: the command ends with this code, and says these words.
expect() {
    local code=$1 words=$2 got=0
    shift 2
    "$@" >"$scratch/out" 2>"$scratch/err" || got=$?
    [ "$got" = "$code" ] || fail "'$*' ended with $got instead of $code: $(cat "$scratch/err")"
    grep -q -- "$words" "$scratch/out" "$scratch/err" || fail "'$*' did not say '$words': $(cat "$scratch/out" "$scratch/err")"
    count=$((count + 1))
}
nowhere() {
    if grep -rqa "$1" "$scratch/one" "$scratch/two" "$data" "$scratch/server.log"; then
        fail "'$1' stands in $(grep -rla "$1" "$scratch/one" "$scratch/two" "$data" "$scratch/server.log")"
    fi
    count=$((count + 1))
}

number=$(desk one case new --caller relative --age under18 --summary MARKER-summary --next-step MARKER-step)
desk one case note "$number" MARKER-note 2>/dev/null
desk one sync >/dev/null
desk two sync >/dev/null

# What is refused, is refused with its code and without the text.
expect 4 'note:phone@6' desk one case new --note "Ring 070-174 06 35" --summary Samtal
expect 4 'To mark it: --not-personal-data phone@6' desk one case note "$number" "Ring 070-174 06 35"
grep -q 070 "$scratch/err" && fail "the refusal tells the text"
expect 0 Saved desk one case note "$number" "Rad 070-174 06 35" --not-personal-data phone@5
expect 0 '"notPersonalData":\["phone@5 ' desk one case show "$number" --json
expect 2 'for one of the texts given' desk one contact edit "$number" --summary A --next-step B --not-personal-data phone@1
entry=$(desk one directory add Jouren --kind helpline 2>/dev/null)
expect 4 "lugn directory verify $entry" desk one referral add "$number" --to "$entry"
expect 0 Verified desk one directory verify "$entry"
expect 0 Referred desk one referral add "$number" --to "$entry" --way tips
expect 0 Saved desk one referral add "$number" --nobody
expect 2 'is missing' desk one referral add "$number"
expect 2 'a day is written' desk one promise add "$number" --due someday Ring
expect 0 '20' desk one followup add "$number"
expect 0 'Attempt 2 of 4' desk one followup attempt "$number" --result noAnswer
expect 4 'at least one working day apart' desk one followup attempt "$number" --result noAnswer
expect 0 'no answer' desk one followup attempt "$number" --result noAnswer --anyway
expect 0 'no answer, 4 times' sh -c "LUGN_DATA='$scratch/one' '$bin/lugn' followup attempt '$number' --result noAnswer --anyway; LUGN_DATA='$scratch/one' '$bin/lugn' followup attempt '$number' --result noAnswer --anyway"
expect 0 'shred the slip' desk one followup list
expect 4 'as many as are to be made' desk one followup attempt "$number" --result noAnswer
expect 4 'say so with --yes' desk one case erase "$number"

# Shredded at one desk, while the other writes offline.
desk two case note "$number" MARKER-late 2>/dev/null
expect 0 'Shredded: ' desk one case shred "$number"
expect 4 'has been shredded' desk one case note "$number" MARKER-more
expect 1 'shredded already' desk one case shred "$number"
desk one sync >/dev/null
desk two sync >/dev/null
expect 0 '"notes":\[\]' desk two case show "$number" --json
desk one sync >/dev/null
desk two sync >/dev/null
expect 0 '"notes":\[\]' desk one case show "$number" --json
expect 0 '"caller":"relative"' desk two case show "$number" --json
nowhere MARKER

# Erased at one desk, while the other writes offline.
number=$(desk one case new --caller external --note MARKER-erased)
desk one sync >/dev/null
desk two sync >/dev/null
desk two case note "$number" MARKER-offline 2>/dev/null
expect 0 Erased desk one case erase "$number" --yes
desk one sync >/dev/null
desk two sync >/dev/null
desk one sync >/dev/null
expect 1 'no case here has the number' desk two case show "$number"
nowhere MARKER
[ "$(desk one status --json | field fingerprint)" = "$(desk two status --json | field fingerprint)" ] || fail "the desks differ"

# A desk that watches sweeps by itself.
number=$(desk one case new --note MARKER-watched)
desk one sync >/dev/null
desk two sync >/dev/null
desk two case note "$number" MARKER-unseen 2>/dev/null
desk one case shred "$number" 2>/dev/null
desk one sync >/dev/null
watch two 2>"$scratch/watch.log"
for _ in $(seq 500); do desk two case show "$number" --json | grep -q '"notes":\[\]' && break; sleep 0.02; done
expect 0 '"notes":\[\]' desk two case show "$number" --json
end_watch
desk one sync >/dev/null
desk two sync >/dev/null
nowhere MARKER
echo "casework on two desks: $count things as they should be"
