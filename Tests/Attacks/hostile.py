"""A server that lies: the real one behind a proxy that changes what it says."""

import os
import threading
import time

import cbor
from line import Line, any_file, hold

NAMES = ["one", "two", "three"]


def answers(line, route, change):
    """From now on the answers of an address are changed."""
    def after(exchange):
        if exchange.route == route and exchange.status == 200:
            change(exchange)
    line.proxy.after = after


def syncs(line, change):
    def altered(exchange):
        message = cbor.whole(exchange.answer)
        change(message)
        exchange.replace(cbor.encode(message))
    answers(line, "POST /v2/sync", altered)


def wrong_time(line):
    """It is 2058, says the server: no closed case is shredded for its age, and people can go on writing."""
    number = line.new_case("one", "KEPT-OVER-THE-YEARS")
    line.lugn("one", "case", "close", number)
    line.sync("one", "two")
    for year in (2058, 2199, 1971):
        milliseconds = (year - 1970) * 31_556_952_000
        syncs(line, lambda message: message.__setitem__(7, milliseconds))
        for name in ("one", "two"):
            line.attempt(name, "sync")
            hold(line.attempt(name, "retention", "apply", "--yes").returncode != 0 or year < 2026,
                 "retention follows a server's clock that is wrong by years (%d)" % year)
            hold("KEPT-OVER-THE-YEARS" in line.shown(name, number), "a case went because of a server's clock (%d)" % year)
            line.lugn(name, "case", "note", number, "written in %d" % year)
        line.proxy.honest()
        line.sync("one", "two", "one")
    hold("written in 2199" in line.shown("two", number), "a note did not arrive after a server lied about time")


def swapped_payloads(line):
    """Sealed values under other headers open nowhere, and show nothing in the place of what is there."""
    first, second = line.new_case("one", "FIRST-NOTE"), line.new_case("one", "SECOND-NOTE")
    line.sync("one")

    def swap(message):
        if not message[9]:
            return
        commits = cbor.sequence(message[9])
        changes = [change for commit in commits for change in commit[4]]
        sealed = [change[-1] for change in changes]
        for change, other in zip(changes, sealed[1:] + sealed[:1]):
            change[-1] = other
        message[9] = b"".join(map(cbor.encode, commits))

    syncs(line, swap)
    line.attempt("two", "sync")
    for number in (first, second):
        done = line.attempt("two", "case", "show", number)
        hold(not ("FIRST-NOTE" in done.stdout and number == second) and not ("SECOND-NOTE" in done.stdout and number == first),
             "a note is shown in another case")
    line.proxy.honest()
    line.sync("two")
    line.attempt("two", "verify")
    hold("FIRST-NOTE" in line.shown("two", first) and "SECOND-NOTE" in line.shown("two", second), "what was swapped did not come back")


def flipped_bits(line):
    """A bit changed anywhere in an answer, with a digest that fits: nothing wrong is shown, and all comes right again."""
    number = line.new_case("one", "UNDAMAGED-NOTE")
    line.sync("one")
    for place in range(7, 4_000, 397):
        def flip(exchange, place=place):
            if len(exchange.answer) > 20:
                body = bytearray(exchange.answer)
                body[place % len(body)] ^= 1 << place % 8
                exchange.replace(bytes(body))
        answers(line, "POST /v2/sync", flip)
        line.attempt("three", "sync")
    line.proxy.honest()
    line.sync("three")
    line.attempt("three", "verify")
    hold("UNDAMAGED-NOTE" in line.shown("three", number), "a desk does not come right after damaged answers")


def old_values(line):
    """An old genuine change, handed out again, turns no closed case open."""
    number = line.new_case("one", "OLD-AND-NEW")
    line.proxy.recorded.clear()
    line.sync("one", "two")
    page = next(message[9] for exchange in reversed(line.proxy.recorded) if exchange.route == "POST /v2/sync"
                for message in [cbor.whole(exchange.answer)] if message[9])
    line.lugn("one", "case", "edit", number, "--caller", "involved")
    line.sync("one", "two", "one")
    before = line.shown("two", number)

    def again(message):
        commits = cbor.sequence(page)
        for count, commit in enumerate(commits):
            commit[0] = message[4][1] + count + 1
        message[4][1] += len(commits)
        message[5] = message[4][1]
        message[9] = b"".join(map(cbor.encode, commits))

    syncs(line, again)
    line.attempt("two", "sync")
    hold(line.shown("two", number) == before, "an old genuine change came back over a newer one")
    line.proxy.honest()
    line.sync("two", "one")
    hold(line.shown("two", number) == before == line.shown("one", number), "desks differ after an old change came again")


def withholding(line):
    """Whatever is withheld, a desk's own work stays, unsent or shown; and comes through when the server is honest."""
    number = line.new_case("one", "WITHHELD-NOTE")

    def silent(exchange):
        if exchange.route == "POST /v2/sync":
            exchange.reply(503, b"", "text/plain")
    line.proxy.before = silent
    done = line.attempt("one", "sync")
    hold(done.returncode != 0, "a server that answers nothing was taken for one that did")
    hold(line.status("one")["pending"] > 0 and "WITHHELD-NOTE" in line.shown("one", number), "unsent work is gone")
    line.proxy.honest()
    # Acknowledged, thrown away: the store is put back to before.
    copy = line.copy()
    line.sync("one")
    line.put_back(copy)
    line.sync("one", "two", "one", "two")
    hold("WITHHELD-NOTE" in line.shown("two", number), "what a server lost did not come back to it")


def refusals(line):
    """A server that refuses everything: nothing loops, and what was written is kept where it was written, and told of."""
    line.new_case("one", "REFUSED-NOTE")
    count = [0]

    def refuse(exchange):
        if exchange.route == "POST /v2/sync":
            count[0] += 1
            request = cbor.whole(exchange.body)
            if request[6]:
                line.proxy.forward(exchange)
                if exchange.status == 200:
                    message = cbor.whole(exchange.answer)
                    commit = request[6][0]
                    message[1], message[2], message[3], message[9] = [3, commit[0], commit[3], 0], commit[0] - 1, [], None
                    exchange.replace(cbor.encode(message))

    line.proxy.before = refuse
    began = time.monotonic()
    for _ in range(3):
        line.attempt("one", "sync")
    hold(time.monotonic() - began < 90 and count[0] < 200, "a desk loops where everything is refused: %d requests" % count[0])
    # The case is nobody else's, and was put aside: it is kept, and both status and the page say so.
    hold(line.status("one")["setAside"] > 0, "refused work is not told of")
    hold(any_file(line.desk_folder("one"), [b"REFUSED-NOTE"]), "refused work is gone from the workstation")
    line.proxy.honest()
    line.attempt("one", "sync")
    later = line.new_case("one", "AFTER-THE-REFUSALS")
    line.sync("one", "two")
    hold(line.status("one")["setAside"] > 0 and "AFTER-THE-REFUSALS" in line.shown("two", later),
         "a desk does not go on when the server is honest again")


def other_rosters(line):
    """A shorter roster, another line's, one with a changed entry, or none: nothing is taken in, and no right changes."""
    number = line.new_case("one", "BEFORE-THE-OTHER-ROSTER")
    line.sync("one", "two")
    devices = line.lugn("two", "devices", "list", "--json").stdout

    def shorter(message):
        message[3] = message[3][:1]
        message[2] = 1

    def changed(message):
        if message[3]:
            entry, signature = cbor.whole(message[3][-1])
            message[3][-1] = cbor.encode([entry[:-1] + bytes([entry[-1] ^ 1]), signature])

    def unsigned(message):
        if message[3]:
            entry, signature = cbor.whole(message[3][-1])
            message[3][-1] = cbor.encode([entry, bytes(64)])

    def empty(message):
        message[2], message[3] = 0, []

    for change in (shorter, changed, unsigned, empty):
        def altered(exchange, change=change):
            exchange.set_header("Lugn-Roster", "999;0011223344556677")
            if exchange.route == "GET /v2/roster" and exchange.status == 200:
                message = cbor.whole(exchange.answer)
                change(message)
                exchange.replace(cbor.encode(message))
        line.proxy.after = altered
        line.attempt("two", "sync")
        line.proxy.honest()
        hold(line.lugn("two", "devices", "list", "--json").stdout == devices, "another roster was taken in: " + change.__name__)
        line.sync("two")
    hold("BEFORE-THE-OTHER-ROSTER" in line.shown("two", number), "a note went with another roster")


def removed_by_word(line):
    """The server says that a desk was removed, or blocked, or unknown: it wipes nothing, and goes on offline."""
    number = line.new_case("two", "NOT-WIPED")
    for status, name in ((403, "removed"), (403, "revoked"), (401, "unknown-device"), (401, "unauthorized")):
        body = ('{"type":"urn:lugn:problem:%s","title":"x","status":%d,"detail":"x"}' % (name, status)).encode()

        def deny(exchange):
            if exchange.route == "POST /v2/sync":
                exchange.reply(status, body, "application/problem+json")
        line.proxy.before = deny
        done = line.attempt("two", "sync")
        hold(done.returncode != 0, "a desk takes %s for success" % name)
        hold("NOT-WIPED" in line.shown("two", number), "a desk wiped because the server said so: " + name)
        line.lugn("two", "case", "note", number, "written after " + name)
        line.proxy.honest()
    line.sync("two", "one")
    hold("written after revoked" in line.shown("one", number), "a desk that was refused by word only does not come back")


def standing_still(line):
    """A connection that is accepted and never answered keeps nobody from writing."""
    number = line.new_case("one", "WHILE-NOTHING-MOVES")
    gate = threading.Event()

    def still(exchange):
        if exchange.route == "POST /v2/sync":
            gate.wait(20)
            exchange.reply(503, b"", "text/plain")
    line.proxy.before = still
    syncing = threading.Thread(target=lambda: line.attempt("one", "sync"), daemon=True)
    syncing.start()
    began = time.monotonic()
    line.lugn("one", "case", "note", number, "written meanwhile")
    hold(time.monotonic() - began < 5 and "written meanwhile" in line.shown("one", number), "a server that stands still stops writing")
    gate.set()
    syncing.join(60)
    line.proxy.honest()
    line.sync("one", "two")
    hold("written meanwhile" in line.shown("two", number), "a note did not arrive after the server stood still")


def foreign_invitation(line):
    """A server that lists an invitation of its own making, with an offer in it: no lead answers it."""
    secret = os.urandom(32)

    def listed(exchange):
        if exchange.route == "GET /v2/joins" and exchange.status == 200:
            message = cbor.whole(exchange.answer)
            lead = line.signer("one").identity
            offer = cbor.encode([secret, secret, bytes(104), bytes(64), secret, secret])
            message[2] = [[os.urandom(16), message[1] + 3_600_000, lead, bytes(64), bytes(64), 1, False, offer, None]]
            exchange.replace(cbor.encode(message))

    answered = []

    def noted(exchange):
        if exchange.route == "POST /v2/joins/answer":
            answered.append(exchange)

    line.proxy.after, line.proxy.before = listed, noted
    line.attempt("one", "admit")
    line.attempt("one", "admit", "123456")
    hold(not answered, "a lead answers an invitation that no lead has signed")
    line.proxy.honest()


ATTACKS = [wrong_time, swapped_payloads, flipped_bits, old_values, withholding, refusals, other_rosters, removed_by_word,
           standing_still, foreign_invitation]


def make(programs):
    return Line(programs, NAMES)
