"""Somebody with a workstation's keys and a program of their own, and leads who turn against each other."""

import hashlib
import os
import struct
import threading
import time

import cbor
from line import Line, hold

NAMES = ["one", "two", "thief"]
DONE, CLOCK, REFUSED, EPOCH = 0, 2, 3, 5    # outcomes
PUT, ERASE = 0, 2


class Forger:
    """Speaks for a workstation, without any key of the line: what it seals opens nowhere."""

    def __init__(self, line):
        self.line, self.signer = line, line.signer("thief")
        self.replica, self.number, self.digest = int.from_bytes(os.urandom(7), "big"), 0, bytes(16)

    def commit(self, moment, changes):
        dot = int.from_bytes(os.urandom(7), "big")
        self.number += 1
        self.digest = hashlib.blake2b(
            b"lugn digest 2" + self.digest + struct.pack(">QQQQ", self.replica, self.number, moment, dot), digest_size=16).digest()
        return [self.number, moment, dot, self.digest, os.urandom(16), changes]

    def sync(self, commits, leases=(0, 0, 0), acknowledged=0, digest=bytes(16), page=1 << 20, own=False):
        now = int(time.time() * 1_000)
        body = cbor.encode({
            0: 2, 1: bytes.fromhex(self.line.id), 2: self.replica, 3: [bytes(16), 0, bytes(8)], 4: acknowledged, 5: digest, 6: commits,
            7: len(commits), 8: now if commits else None, 9: now, 10: page, 11: 0, 12: None, 13: 1, 14: list(leases), 15: own,
            16: "", 17: 0, 18: 0, 19: 0})
        headers = self.signer.headers("POST", "/v2/sync", body, self.line.ticket_for(self.signer))
        status, _, answer = self.line.raw("POST", "/v2/sync", {**headers, "Content-Type": "application/cbor"}, body)
        return status, cbor.whole(answer) if status == 200 else answer

    def changes(self):
        """What stands at the server, by record: headers of the feed, which it does not need a key for."""
        status, answer = self.sync([], own=True)
        assert status == 200
        return [(commit, change) for commit in cbor.sequence(answer[9]) for change in commit[4]]


def now():
    return int(time.time() * 1_000) << 16


def header(kind, collection, record, parent, fields, epoch, replaced=()):
    return [kind, collection, record, parent, fields, epoch, [], list(replaced)]


def new_record():
    return struct.pack(">Q", int(time.time() * 1_000))[2:] + b"\x70" + os.urandom(1) + b"\x80" + os.urandom(7)


def far_future(line):
    """Times near the ends of all clocks, in commits: none is taken, and everybody writes as before."""
    number = line.new_case("one", "BEFORE-THE-FUTURE")
    line.sync("one")
    for moment in ((1 << 63) - 1, 1 << 63, (1 << 64) - 1, now() + (3_600_000 << 16), 7_258_118_400_000 << 16):
        forger = Forger(line)
        status, answer = forger.sync([forger.commit(moment, [[*header(PUT, 1, new_record(), None, 1, 1), os.urandom(80)]])])
        hold(status == 400 or answer[1][0] == CLOCK, "a time far ahead was taken: %s" % moment)
    line.sync("one", "two")
    line.lugn("two", "case", "note", number, "after the future")
    line.sync("two", "one")
    hold("after the future" in line.shown("one", number), "nobody can write after somebody spoke of the far future")


def garbage_displaces_nothing(line):
    """Sealed garbage that names what stands as replaced, and a garbage erasure: what people had stays shown, and comes to new desks."""
    number = line.new_case("one", "STANDS-AGAINST-GARBAGE")
    line.sync("one", "two")
    forger = Forger(line)
    standing = [(commit, change) for commit, change in forger.changes() if change[1] == PUT]
    hold(standing, "the feed says nothing: this attack is blind")
    garbage = []
    for commit, change in standing[-6:]:
        _, _, collection, record, parent, fields, epoch, ancestors, replaced = change[:9]
        garbage.append([PUT, collection, record, parent, fields, epoch, ancestors, [commit[2], fields], os.urandom(80)])
    unique = list({each[2]: each for each in garbage}.values())
    status, answer = forger.sync([forger.commit(now(), unique)])
    hold(status == 200 and answer[1] == [DONE], "garbage was not even taken, so that this attack is blind: %s" % answer)
    erased = [[ERASE, each[1], each[2], each[3], 0, each[5], each[6], [], os.urandom(16)] for each in unique]
    second = Forger(line)
    status, answer = second.sync([second.commit(now() + 1, erased)])
    hold(status == 200 and answer[1] == [DONE], "a garbage erasure was not even taken: %s" % answer)
    line.sync("one", "two", "one", "two")
    for name in ("one", "two"):
        hold("STANDS-AGAINST-GARBAGE" in line.shown(name, number), "garbage displaced a note at " + name)
    line.lugn("one", "case", "note", number, "written after the garbage")
    for _ in range(2):
        line.attempt("one", "verify")
        line.sync("one", "two")
    hold("written after the garbage" in line.shown("one", number), "nothing can be written where garbage was")


def reference_numbers(line):
    """All reference numbers asked for at once: some are given, and others still open cases with numbers of the server's."""
    forger = Forger(line)
    status, answer = forger.sync([], leases=(0, 1_000_000, 0))
    hold(status == 200 and sum(block[2] for block in answer[10]) <= 2_000, "all reference numbers went with one request")
    line.sync("two")
    number = line.new_case("two", "STILL-A-NUMBER")
    hold(len("".join(filter(str.isdigit, number))) == 7, "no leased number is left: %s" % number)


def other_epochs(line):
    """A change of an epoch that is not the newest is not taken."""
    for epoch in (0, 2, 99, 4_294_967_295):
        forger = Forger(line)
        status, answer = forger.sync([forger.commit(now(), [[*header(PUT, 1, new_record(), None, 1, epoch), os.urandom(80)]])])
        hold(status == 400 or answer[1][0] in (EPOCH, REFUSED), "epoch %d was taken: %s" % (epoch, answer))


def leads_against_each_other(line):
    """Two leads remove each other at once: one removal counts, the other lead is out and is told, and the line goes on."""
    line.admit("lead-two", lead=True)
    line.sync("lead-two")
    devices = {name: line.signer(name).identity.hex() for name in ("one", "lead-two")}
    done = {}

    def remove(author, other):
        done[author] = line.attempt(author, "devices", "remove", devices[other])
    threads = [threading.Thread(target=remove, args=pair) for pair in (("one", "lead-two"), ("lead-two", "one"))]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(120)
    won = [name for name, result in done.items() if result.returncode == 0]
    hold(len(won) == 1, "of two leads who removed each other %d are left: %s" % (len(won), {n: r.stderr for n, r in done.items()}))
    lost = next(name for name in done if name not in won)
    hold(done[lost].stderr.strip(), "the one who was removed is told nothing")
    number = line.new_case(won[0], "AFTER-THE-QUARREL")
    line.sync(won[0], "two")
    hold("AFTER-THE-QUARREL" in line.shown("two", number), "the line does not go on")
    hold(line.attempt(lost, "sync").returncode != 0, "the one who was removed syncs")


ATTACKS = [far_future, garbage_displaces_nothing, reference_numbers, other_epochs, leads_against_each_other]


def make(programs):
    return Line(programs, NAMES)
