#!/usr/bin/env bash
# What counsellors do all day, with the real program: words in Swedish in and out, desks in other time zones, conflicts by
# number, a call asked step by step, names and beginnings instead of ids.
. "$(dirname "$0")/common.sh"
set_up one two
count=0

# says WORDS COMMAND...: the command succeeds and says these words.
says() {
    local words=$1
    shift
    "$@" >"$scratch/out" 2>&1 || fail "'$*' failed: $(cat "$scratch/out")"
    grep -qF -- "$words" "$scratch/out" || fail "'$*' did not say '$words': $(cat "$scratch/out")"
    count=$((count + 1))
}
refuses() {
    local words=$1
    shift
    if "$@" >"$scratch/out" 2>&1; then fail "'$*' succeeded"; fi
    grep -qF -- "$words" "$scratch/out" || fail "'$*' did not say '$words': $(cat "$scratch/out")"
    count=$((count + 1))
}

# Swedish in, Swedish out.
number=$(desk one case new --caller anhörig --concern "höger,religiös" --age 17 --language somaliska \
    --research "ringer tillbaka" --research-on fredag --heard-of kollega 2>"$scratch/err")
grep -q 'rings back on' "$scratch/err" || fail "the agreed day was not told"
says 'hör av sig: anhörig eller närstående' desk one --lang sv case show "$number"
says 'somaliska' env LC_ALL=sv_SE.UTF-8 LUGN_DATA="$scratch/one" "$bin/lugn" case show "$number"
says 'concern: religiously profiled extremism, right-wing extremism' desk one case show "$number"
says '"caller":"relative"' desk one --lang sv case show "$number" --json
refuses 'this language is not known' desk one contact add --without-case --language xx
refuses "it is one of" desk one case new --caller granne
says 'barn' desk one --lang sv today
says 'Sparat.' desk one --lang sv case assess "$number" --on igår
says 'Nothing is to be done today.' desk one today
# Without quotes, and with what follows it.
# shellcheck disable=SC2086
says 'Saved.' desk one case note $number Talade en stund
# shellcheck disable=SC2086
says 'Talade en stund' desk one case show $number

# Desks in other time zones show, take and count what the line's clock shows.
for zone in UTC America/New_York Asia/Tokyo; do
    away() { TZ=$zone desk one "$@" 2>/dev/null; }
    at=$(away contact add "$number" --at "2017-06-30 23:30" --json | field id)
    says "${at: -8} 2017-06-30 23:30" away case show "$number"
    says '"at":"2017-06-30T21:30:00.000Z"' away case show "$number" --json
done
says '"month":"2017-06","opening":0,"repeat":3' env TZ=UTC LUGN_DATA="$scratch/one" "$bin/lugn" report --from 2017-06-01 --to 2017-07-31 --json --local
# An hour that did not come; one that came twice is shown as it is typed.
refuses 'did not show this time' desk one contact add "$number" --at "2017-03-26 02:30"
says 'Saved.' desk one contact add "$number" --at "2017-10-29 02:30"
says '2017-10-29 02:30' env TZ=America/New_York LUGN_DATA="$scratch/one" "$bin/lugn" case show "$number"

# Hours by channel.
desk one line hours add --days mån,tis,ons,tor,fre --hours 09:00-16:00 2>/dev/null
desk one line hours add --days mån,ons,fre --hours 18:00-22:00 --channel chatt 2>/dev/null
says 'chat' desk one line --channel chat
says 'öppettider' desk one --lang sv line
says '"channels":{"phone":{"open":' desk one line --json

# The directory by names, ages and areas; mails.
desk one directory add "Ungdomsjouren Norr" --area Örebro --ages 13-25 --plan ja --email ung@example.org >/dev/null 2>&1
desk one directory add Familjestödet --area "hela landet" --ages "över 18" --email ung@example.org >/dev/null 2>&1
says 'Ungdomsjouren Norr' desk one directory list --age 21 --area Örebro
desk one directory list --age 13 --area Örebro | grep -q Familjestödet && fail "13 is not over 18"
desk one directory list --age 21 --area Malmö | grep -q Ungdomsjouren && fail "Malmö is not Örebro"
says 'Verified.' desk one directory verify ungdomsjouren
says 'Referred.' desk one referral add "$number" --to "Ungdoms"
says '(research)' desk one case show "$number"
says 'Nobody is to be mailed today.' desk one directory reminders
says 'The mail is in' desk one directory mail Familjestödet --eml "$scratch/mail.eml"
grep -q '^X-Unsent: 1' "$scratch/mail.eml" || fail "the mail is no draft"
says 'about 2 in the directory' desk one directory mailed Familjestödet
refuses 'was mailed today' desk one directory mailed "Ungdomsjouren Norr"

# A day on which the line is closed gets a word, and is taken all the same.
desk one line hours close +3 2>/dev/null
says 'The line is closed on that day' desk one promise add "$number" --due +3 Ringa skolan
says 'The line is closed on that day' desk one followup add "$number" --on +3
waiting=$(desk one followup list | awk '/we call/ { print substr($4, 1, 5) }')
says 'no answer' desk one followup attempt "$number" "$waiting" --result "inget svar"
says 'The attempt is taken back' desk one followup take-back "$number"
says 'Shred the slip of paper' desk one case close "$number"
says 'The case is closed.' desk one case note "$number" Efteråt

# A case is found by what was written, by beginnings of words, and from standard input; a number that is mistyped is told.
desk one case new --note "Undrar om skolan i Åsele." >/dev/null 2>&1
says 'Undrar om skolan i Åsele' desk one find skola åsel
says 'Undrar om skolan i Åsele' sh -c "echo asele | LUGN_DATA='$scratch/one' '$bin/lugn' find -"
says 'Ungdomsjouren Norr' desk one find ungdomsj
says 'Inget hittades' desk one --lang sv find finnsinte
# shellcheck disable=SC2086
says 'Talade en stund' desk one find $number
says '"excerpt":"Undrar om skolan i Åsele."' desk one find undrar --json

# Conflicts have numbers, desks and times, also in the list of today; a number means what was listed.
second=$(desk one case new --caller relative)
desk one sync >/dev/null 2>&1
desk two sync >/dev/null 2>&1
desk one case edit "$second" --age 17 >/dev/null 2>&1
desk two case edit "$second" --age 30 >/dev/null 2>&1
desk one sync >/dev/null 2>&1
desk two sync >/dev/null 2>&1
desk one sync >/dev/null 2>&1
says '1: age: ' desk one today
says '(this desk, ' desk one today
says '(two, ' desk one today
says '1: ålder: ' desk one --lang sv today
says '1. ' desk one conflicts
says 'is under 18' sh -c "LUGN_DATA='$scratch/one' '$bin/lugn' conflicts | grep -q 'age: under 18' && k=keep || k=take; LUGN_DATA='$scratch/one' '$bin/lugn' conflicts \$k 1"
refuses 'settled it' desk one conflicts keep 1
refuses 'nothing was listed' desk one conflicts keep 7

# What destroys is a lead's to settle, in the roster; the other desk has it when it has synced.
refuses 'only a lead of the line may do that' desk two retention set --retention-months 1
refuses 'nothing was given to change' desk one retention set
desk one retention set --retention-months 12 --erasure-months 36 >/dev/null
says 'is shredded 12 months after a case was closed; cases are erased after 36' desk one retention preview
desk two sync >/dev/null 2>&1
says '"retentionMonths":12' desk two line --json
desk one retention set --retention-months 24 --erasure-months never >/dev/null

# A call, step by step: answers by number, word and age; a text that is refused. The line is open, whatever day this runs on.
desk two line set --holidays open 2>/dev/null
desk two line hours add --hours 00:00-24:00 2>/dev/null
printf '%s\n' '' chatt somaliska 1 anhörig 'höger, 2' 3 nej 5 råd ja nej 'vi ringer' '' ingen Örebro \
    'Ta reda på vilka som finns.' idag 'Orolig för en bror. Ring 070-174 06 35.' '' 'Orolig för en bror.' 'Han är tyst.' '' \
    'Pratar med mamma.' '' 12 nej >"$scratch/answers"
LC_ALL=sv_SE.UTF-8 LUGN_BY=S2 LUGN_DATA="$scratch/two" "$bin/lugn" call <"$scratch/answers" >"$scratch/call.out" 2>"$scratch/call.err" || fail "the call failed: $(cat "$scratch/call.err")"
grep -q 'Klart. Allt är sparat i' "$scratch/call.err" || fail "the call did not come to its end: $(cat "$scratch/call.err")"
called=$(sed -n 's/.*Allt är sparat i \(.*\)\.$/\1/p' "$scratch/call.err")
desk two case show "$called" --json >"$scratch/called"
for part in '"caller":"relative"' '"concerns":\["religious","rightWing"\]' '"age":"under18"' '"heardOf":"media"' '"research":"weCall"' \
    '"minutes":12' '"channel":"chat"' '"language":"so"' '"interpreting":"colleague"' 'Orolig för en bror.\\nHan är tyst.' \
    '"outcome":"nobodyToReferTo"' '"county":"orebro"' '"assessments":\[{' 'Pratar med mamma.'; do
    grep -q -- "$part" "$scratch/called" || fail "the call left no $part: $(cat "$scratch/called")"
    count=$((count + 1))
done
grep -q '070' "$scratch/called" && fail "a number was saved"
# Whatever ends a call, what was answered is in the case.
printf '%s\n' '' '' '' anhörig >"$scratch/answers"
says 'What was answered is saved in' sh -c "LUGN_DATA='$scratch/two' '$bin/lugn' call <'$scratch/answers'"

# The internal report has it all.
desk one activity add --kind studiebesök --place Örebro >/dev/null 2>&1
desk one report internal --month "$(date +%Y-%m)" --json --local >"$scratch/report"
for part in '"work":{"assessmentsMade":' '"remindersSent":1' '"studyVisit":1' '"ringsBack":1' '"colleague":1'; do
    grep -q -- "$part" "$scratch/report" || fail "the internal report has no $part: $(cat "$scratch/report")"
    count=$((count + 1))
done
python3 Tests/programs/claims.py "$bin/lugn"
echo "a day's work: $count things as they should be"
