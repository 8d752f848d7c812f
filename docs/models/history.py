"""Random histories: two to four desks, a server, and what befalls them. A seed and a step make one, always the same."""

import collections
import random

from desk import Desk
from faults import Faults
from hostile import HostileServer, Liar
from oracle import Broken, FIELDS, Oracle
from rules import rule, switched_off
from server import Server
from state import Change, ERASED, Limit, erasure

# What befalls a history of step n: always the n-th, and each one before it in four of five histories.
STEPS = [
    'faults',       # commits over several records; answers lost, clocks that jump, live copies, the server put back
    'refusals',     # commits refused for what they hold or by a whim, offered again later; forms opened earlier; renewals
    'cuts',         # pages that end after any commit
    'healing',      # healings in parts, interrupted, written into, put back in the middle
    'erasing',      # notes and erasures, children that come later, erased payloads in the outbox, refused erasures
    'processes',    # several exchanges at once, their requests and answers late and swapped
    'in place',     # a workstation put back in place from an old copy
    'hostile',      # a server that is hostile for a while
    'epochs',       # keys change; a desk gets them late
    'damage',       # rows lost at server and desk; changes that open nowhere, sent by a device without a key
    'liar',         # a desk with a key that lies about what it replaces
    'forgetting',   # log headers and numbers forgotten; lists of names cut at a few
]
TABLE_RULES = {'kept', 'no-lists', 'erase-now', 'lesser', 'closure', 'ordered', 'limit'}   # without them a table is no join


class World(Faults):
    def __init__(self, seed, step, features=None):
        self.rng = rng = random.Random(seed * 100 + step)
        self.features = features or {name for number, name in enumerate(STEPS[:step], 1) if number == step or rng.random() < .8}
        self.counters = collections.Counter()
        self.oracle = Oracle()
        self.server = Server(rng.random())
        self.desks, self.now, self.writes, self.next_record = [], 1000, 0, 3
        self.paths = {0: (), 1: (), 2: (0,)}
        self.epochs = {0}
        self.saved, self.backups, self.flights, self.ever = [], [], [], []
        self.hostile = self.stubborn = False
        self.caused = self.has('in place')      # whether sums may differ: then a healing has a cause
        self.liars = {}
        self.reuses = self.has('liar') and rng.random() < .3
        Limit.names = rng.choice([3, 4, 6]) if self.has('forgetting') and rng.random() < .5 else 10_000
        self.caused |= Limit.names < 100        # cut lists are no partial order: some order of arrival needs a healing
        if self.has('refusals'):
            self.server.whims.update(refuse=.02, renew=.3)
        if self.has('cuts'):
            self.server.whims['cut'] = .4

    def has(self, feature):
        return feature in self.features

    def add_desk(self):
        desk = Desk(self.rng.randrange(1 << 60), self.counters)
        self.desks.append(desk)
        return desk

    # Writing

    def write(self, desk, puts, bad=False):
        """puts: (record, path, fields), or None for the fields of an erasure."""
        rng = self.rng
        self.writes += 1
        write, dot, changes, epoch = self.writes, rng.randrange(1 << 60), [], max(desk.claims.keys)
        liar = self.liars.get(desk.id)
        if liar and rng.random() < .6 and len(puts) == 1:
            self.oracle.liars.add(write)
        for rec, path, fields in puts:
            if fields is None:
                changes.append(erasure(rec, epoch))
                self.oracle.erased.add(rec)
                continue
            names = {}
            for field in fields:
                if desk.form and desk.form[0] == (rec, field):
                    names[field], shown = desk.form[1]
                else:
                    names[field], shown = desk.shown(rec, field)
                self.oracle.wrote(write, dot, rec, path, field, shown)
                self.counters['names written'] += len(names[field])
                self.counters['fields written'] += 1
            change = Change(dot, rec, path if rule('path') else path[:1], 0, dict.fromkeys(fields, write), names, write, epoch, True)
            if write in self.oracle.liars:
                change = liar.lie(self, change, rng)
            changes.append(change)
        desk.form = None
        desk.write(dot, self.now, changes, tuple(rng.randrange(1 << 60) for _ in changes), bad)

    def random_write(self, desk):
        rng, known = self.rng, desk.known()
        if self.has('erasing') and known and rng.random() < .06:
            return self.write(desk, [(rng.choice(sorted(known)), (), None)])
        puts = {}
        for _ in range(rng.choice([1, 1, 2, 3])):
            kind = rng.random()
            if kind < .15 and (self.has('erasing') or self.has('healing')):
                # A new record, or a note; with erasing perhaps below one that is known here.
                under = rng.choice([None, *sorted(known)]) if self.has('erasing') else None
                path = () if under is None else (under, *known[under])
                puts[self.next_record] = path, ['note'] if kind < .07 else rng.sample('ab', rng.randint(1, 2))
                self.paths[self.next_record] = path
                self.next_record += 1
            else:
                rec = rng.choice([0, 1, 2] if kind < .7 or not known else sorted(known))
                if rec not in puts and not self.is_note(desk, rec):
                    puts[rec] = self.paths[rec], rng.sample('ab', rng.randint(1, 2))
        puts = [(rec, path, fields) for rec, (path, fields) in puts.items()
                if not any(one in desk.table.tombs for one in (rec, *path))]
        if puts:
            self.write(desk, puts, bad=self.has('refusals') and rng.random() < .08)

    @staticmethod
    def is_note(desk, rec):
        changes = [change for change, _ in desk.table.live.get(rec, {}).values()]
        changes += [change for commit in desk.outbox for change in commit.changes if change.rec == rec and change.values]
        return any('note' in change.values for change in changes)

    # Exchanges

    def exchange(self, desk, fate):
        """One exchange. By its fate between 0 and 1 it goes well, its answer comes late, is lost, or its request comes late."""
        request = desk.request(self.rng.randint(1, 9))
        if self.has('damage') and request['kind'] == 'sync' and self.rng.random() < .04:
            self.damage_sealing(request)
        if fate > .95:
            self.flights.append((desk, request, None))
            return
        answer = self.answer(request)
        if fate < .70:
            self.deliver(desk, answer)
        elif fate < .85:
            self.flights.append((desk, None, answer))
        if not self.has('healing'):
            while desk.healing:
                self.deliver(desk, self.answer(desk.request(9)))

    def damage_sealing(self, request):
        """A flipped bit in the sealed bytes of one change, before they were hashed and signed: it opens nowhere."""
        if request['commits']:
            index = self.rng.randrange(len(request['commits']))
            commit = request['commits'][index]
            damaged = self.rng.randrange(len(commit.changes) or 1)
            self.counters['sealings damaged'] += bool(commit.changes)
            request['commits'][index] = commit._replace(changes=tuple(
                change._replace(whole=change.whole and place != damaged) for place, change in enumerate(commit.changes)))

    def answer(self, request):
        if request['kind'] == 'sync':
            self.ever += [change for commit in request['commits'] for change in commit.changes]
        server = HostileServer(self) if self.hostile else self.server
        return server.answer(request, self.now, self.rng)

    def deliver(self, desk, answer, fetches_keys=None):
        before = self.counters['healings: sums']
        result = desk.receive(answer, self.now, self.rng)
        if self.counters['healings: sums'] > before and not self.caused and not self.server.refuses_erasing:
            raise Broken('healed without a cause')
        if answer['kind'] == 'sync' and answer['outcome'][0] == 'epoch' and (fetches_keys or self.rng.random() < .6):
            desk.add_key(answer['outcome'][1])
        if not TABLE_RULES & set(switched_off()) and not self.reuses and Limit.names > 100 and not desk.damaged:
            self.oracle.check_table(desk, self.rng)
        return result

    def land(self, index):
        desk, request, answer = self.flights.pop(index)
        self.counters['late'] += 1
        if request:
            self.flights.append((desk, None, self.answer(request)))
        elif any(one is desk for one in self.desks):
            self.deliver(desk, answer)

    # A history

    def run(self):
        rng = self.rng
        for _ in range(rng.randint(2, 4)):
            self.add_desk()
        if self.has('liar'):
            self.liars[self.desks[-1].id] = Liar()
        late = self.has('processes')
        for _ in range(rng.randint(20, 110)):
            self.now += rng.randint(0, 30)
            desk, kind = rng.choice(self.desks), rng.random()
            if kind < .36:
                self.random_write(desk)
            elif kind < .76:
                self.exchange(desk, rng.random() if late else rng.choice([0, 0, 0, .9]))
            elif kind < .84 and self.flights:
                self.land(rng.randrange(len(self.flights)))
            elif kind < .84 and late:
                self.exchange(desk, .8), self.exchange(desk, rng.choice([0, .8, .99]))
            else:
                self.befall(desk)
        self.finish()

    def finish(self):
        """No more faults: everything is sent, opened, verified and mended. Then people settle what is in conflict."""
        self.hostile, self.flights, self.liars = False, [], {}
        self.stubborn = bool(self.server.refuses_erasing) and self.rng.random() < .5
        if not self.stubborn:
            self.server.whims, self.server.refuses_erasing = {}, set()
            self.server.restart(self.rng.random())
        self.server.whims = {}
        for desk in self.desks:
            desk.form = None
        self.agree()
        self.oracle.check(self.server, self.desks, self.counters)
        self.settle_conflicts()

    def agree(self):
        """Everybody sends and reads everything; and where something does not open, as often as it takes to find and mend it."""
        self.quieten()
        self.check_unread([desk for desk in self.desks if not desk.damaged])
        for desk in self.desks:
            desk.claims.scrub()
        self.quieten(1)
        self.check_unread(self.desks)
        for _ in range(2):
            if not self.has('damage') and not any(desk.claims.shadow for desk in self.desks):
                break
            for desk in self.desks:
                self.verify(desk)
                desk.claims.scrub()
            self.quieten(1)
            for desk in self.desks:
                self.repair(desk)
                self.quieten(1)

    @staticmethod
    def check_unread(desks):
        if Limit.names > 100 and any(desk.claims.unread() for desk in desks):
            raise Broken('it opens, and is not shown')

    def quieten(self, rounds=4):
        for _ in range(rounds):
            for desk in self.desks:
                self.now += 300
                self.fetch_keys(desk)
                for _ in range(400):
                    self.deliver(desk, self.answer(desk.request(99)), fetches_keys=True)
                    if not desk.outbox and not desk.healing and desk.cursor == self.server.head():
                        break
                else:
                    raise Broken('no end of it')

    def repair(self, desk):
        """What is shown here and was replaced at the server by what opens nowhere is written again: that was named by nobody."""
        for rec, claim in sorted(desk.claims.shadow.items()):
            for field in FIELDS[:2]:
                hidden = [] if claim is ERASED else [dot for dot in desk.table.field(rec, field)
                                                     if dot not in claim or field not in claim[dot][1]]
                if hidden:
                    self.counters['repaired'] += 1
                    self.write(desk, [(rec, self.paths[rec], [field])])

    def settle_conflicts(self):
        """Whoever writes where all is seen leaves one value. With cut lists what it named no more may come back once."""
        for last in (False, False, True) if Limit.names < 100 else (True,):
            desk = self.desks[0]
            stuck = {rec for one in self.desks for rec in one.table.tombs if rec not in self.server.state.tombs}
            conflicts = [(rec, self.paths[rec], [field]) for rec in sorted(desk.table.live) for field in FIELDS
                         if len(desk.table.field(rec, field)) > 1 and not stuck & {rec, *self.paths[rec]}]
            if not conflicts:
                return
            for put in conflicts:
                self.write(desk, [put])
            self.agree()
            self.oracle.check(self.server, self.desks, collections.Counter(), single=last)
