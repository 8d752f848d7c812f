#!/usr/bin/env bash
# Inherited logs as helplines have them, with the real program: how it ends, what it says, and what it leaves beside them.
. "$(dirname "$0")/common.sh"
set_up one two
count=0
logs=$PWD/Tests/programs/inherited_logs.py
cd "$scratch"

# imports CODE WORDS FILE OPTION...: the import ends with this code, and says these words.
imports() {
    local code=$1 words=$2 got=0
    shift 2
    desk one import cases "$@" >out 2>err || got=$?
    [ "$got" = "$code" ] || fail "'$*' ended with $got instead of $code: $(cat err)"
    grep -qF -- "$words" out err || fail "'$*' did not say '$words': $(cat out err)"
    count=$((count + 1))
}

# In Windows-1252, with the separator named; in MacRoman, with CR and days in Swedish.
printf 'sep=;\r\ndatum;\xe4rende;anteckning\r\n2017-03-01;1;"Orolig; vill prata"\r\n' >excel.csv
imports 0 'read as windows-1252' excel.csv
imports 0 '1 known already' excel.csv
printf 'datum;\x8arende;anteckning\r13/2 2017;2;\x80r orolig f\x9ar sin son\r' >mac.csv
imports 0 'read as d/m yyyy' mac.csv
number=$(desk one case list --json | python3 -c 'import json, sys; print([c["number"] for c in json.load(sys.stdin)][-1])')
# shellcheck disable=SC2086
desk one case show $number 2>err | grep -qF 'Är orolig för sin son' || fail "MacRoman was read as something else"

# Refused rows keep one file; a case waits as a whole; the file of refused rows takes the place of itself.
printf 'datum;ärende;anteckning\n2017-04-01;7;Orolig; hotar\n2017-04-02;7;Bra\n2017-04-03;8;Bra\n' >log.csv
imports 1 'line 3: its case waits as a whole: the row on line 2 was refused' log.csv
imports 1 'Mend them in log.rejects.csv' log.csv
[ "$(ls log*.csv)" = "$(printf 'log.csv\nlog.rejects.csv')" ] || fail "there is more than one file of refused rows"
[ "$(head -c 3 log.rejects.csv | od -An -tx1 | tr -d ' ')" = efbbbf ] || fail "the file of refused rows has no mark"
imports 1 'line 2' log.rejects.csv
sed -i 's/Orolig; hotar/"Orolig; hotar"/' log.rejects.csv
imports 0 '2 added' log.rejects.csv
imports 0 '2 known already' log.rejects.csv

# What is asked for, and changes nothing until it is answered.
printf 'datum;ärende\n2018-05-01;1\n' >other.csv
imports 1 'say --log main if they are the same cases' other.csv
imports 0 '1 added' other.csv --log 2018
printf 'datum\n1/2/2017\n' >two-ways.csv
imports 1 'say which with --date-format' two-ways.csv
imports 0 '1 added' two-ways.csv --date-format d/m/yyyy
printf 'datum;anteckning\n2017-09-01;"Han sa\n2017-09-02;"Ja"\n' >quote.csv
imports 1 'the quote that begins on line 2' quote.csv
printf 'PK\003\004 workbook' >book.csv
imports 1 'a workbook of Excel' book.csv

# Texts from standard input and from arguments are read in the same way.
# shellcheck disable=SC2086
printf 'F\xf6rst\r\nsen' | desk one case note $number - 2>err
# shellcheck disable=SC2086
desk one case note $number "$(printf '\xe4ven s\xe5')" 2>err
# shellcheck disable=SC2086
desk one case show $number --json 2>err | python3 -c '
import json, sys
texts = [note["text"] for note in json.load(sys.stdin)["notes"]]
assert "Först\nsen" in texts and "även så" in texts, "texts were read as something else"'
# shellcheck disable=SC2086
printf 'Kort.\n--\nRinger på fredag.\n' | desk one contact add $number --summary - --next-step - 2>err
# shellcheck disable=SC2086
desk one case show $number 2>err | grep -qF 'next step' || fail "the second text was not read"
count=$((count + 4))

# Out and in again: the same, and no formula.
# shellcheck disable=SC2086
printf 'Summa\n=1+1;=2' | desk one case note $number - 2>err
desk one export csv tables --separator semicolon >out 2>err
grep -qE "^'=1\+1;'=2" tables/notes.csv || fail "a formula is not guarded in the middle of a cell"
desk one export json all.json >out 2>err
LUGN_DATA="$scratch/three" LUGN_BY=S1 "$bin/lugn" import json all.json >out 2>err
LUGN_DATA="$scratch/three" "$bin/lugn" export json again.json >out 2>err
cmp -s all.json again.json || fail "an export, imported, is another export"
count=$((count + 2))
# Three logs of three helplines, and every figure that they lead to, counted apart.
python3 "$logs" "$bin/lugn" "$scratch/logs"
echo "inherited logs: $count things as they should be"
