#!/usr/bin/env bash
# The published series, with a real server: what is published is recorded in the line before it leaves the desk, and nothing is
# published that would tell what an earlier report hides.
. "$(dirname "$0")/common.sh"
set_up one two
count=0
done_() { count=$((count + 1)); }
# refuses CODE WORDS COMMAND...
refuses() {
    local code=$1 words=$2 got=0
    shift 2
    "$@" >"$scratch/out" 2>"$scratch/err" || got=$?
    [ "$got" = "$code" ] || fail "'$*' ended with $got instead of $code: $(cat "$scratch/err")"
    grep -qF -- "$words" "$scratch/err" || fail "'$*' did not say '$words': $(cat "$scratch/err")"
    done_
}
publish() { local name=$1; shift; desk "$name" report --publish "$@" 2>"$scratch/err"; }
series() { desk "$1" report published --json | python3 -c 'import json, sys; print(" ".join(p["from"] + ".." + p["to"] for p in json.load(sys.stdin)))'; }

desk one import directory Examples/data/pilot-year-2017/directory.csv >/dev/null 2>&1
desk one import cases Examples/data/pilot-year-2017/cases.csv --by S1 >/dev/null 2>&1
desk one sync >/dev/null 2>&1
desk two sync >/dev/null 2>&1

# A month, by one desk: it is in the line when the report is there, and says nothing of internal use.
publish one --from 2017-02-01 --to 2017-02-28 --html "$scratch/february.html"
grep -q 'internt bruk' "$scratch/february.html" && fail "a published report is for internal use"
desk two sync >/dev/null 2>&1
[ "$(series two)" = "2017-02-01..2017-02-28" ] || fail "the other desk does not know what was published: $(series two)"
desk one report --from 2017-02-01 --to 2017-02-28 --html "$scratch/internal.html" 2>/dev/null
grep -q 'internt bruk' "$scratch/internal.html" || fail "a report that is not published does not say so"
done_

# The other desk: what would tell hidden numbers is refused, what does not is published.
refuses 2 'begins with the first day of a month' publish two --from 2017-02-01 --to 2017-02-27
refuses 2 'is not made of published ones' publish two --from 2017-02-01 --to 2017-03-31
publish two --from 2017-03-01 --to 2017-03-31 --html "$scratch/march.html"
publish two --from 2017-02-01 --to 2017-03-31 --html "$scratch/spring.html"
[ -s "$scratch/spring.html" ] || fail "a union of published months was not published"
desk one sync >/dev/null 2>&1
[ "$(series one)" = "2017-02-01..2017-02-28 2017-02-01..2017-03-31 2017-03-01..2017-03-31" ] || fail "the series is $(series one)"
done_

# Again, at the desk that did not publish it: the same numbers, and no second record.
publish two --from 2017-02-01 --to 2017-02-28 --html "$scratch/again.html"
python3 - "$scratch/february.html" "$scratch/again.html" <<'PYTHON' || fail "a month that is published again has other numbers"
import re, sys
def numbers(path):
    text = open(path, encoding="utf-8").read()
    return re.findall(r"<td[^>]*>([^<]*)</td>", text)
first, again = map(numbers, sys.argv[1:])
sys.exit(first != again or len(first) < 50)
PYTHON
[ "$(series two | wc -w)" = 3 ] || fail "the same month stands twice in the series"
done_

# Without the server nothing is published: no file, no record, and the desk says that the server cannot be reached.
kill_server
refuses 3 '' publish one --from 2017-04-01 --to 2017-04-30 --html "$scratch/april.html"
[ ! -e "$scratch/april.html" ] || fail "a report was written without a record in the line"
[ "$(series one | wc -w)" = 3 ] || fail "a period is in the series that was not published"
# A server that takes the first sync and not the second is the same: the record is taken back.
start_server
publish one --from 2017-04-01 --to 2017-04-30 --html "$scratch/april.html"
desk two sync >/dev/null 2>&1
[ "$(series two | wc -w)" = 4 ] || fail "a month that was published after all is not in the series"
done_
echo "the published series: $count things as they should be"
