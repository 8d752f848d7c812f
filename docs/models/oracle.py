"""What a history must end with. The oracle alone knows who truly saw what, and which writes somebody still holds."""

import collections

from state import State, Limit

FIELDS = ('a', 'b', 'note')


class Broken(Exception):
    pass


class Oracle:
    def __init__(self):
        self.seen = {}              # (write, record, field) -> writes that were on the screen, and what those had seen
        self.must = {}              # (write, record, field) -> ancestors; writes that must not be lost
        self.dots = {}              # write -> its dot
        self.erased = set()         # records that somebody erased
        self.liars = set()          # writes of a desk that lies
        self.lied = set()           # dots that it named, or took for its own: whatever happens to those is its doing

    def wrote(self, write, dot, rec, path, field, shown):
        seen = {change.write for change in shown}
        self.seen[write, rec, field] = seen.union(*(self.seen.get((one, rec, field), ()) for one in seen))
        self.dots[write] = dot
        if write not in self.liars:
            self.must[write, rec, field] = path

    def disk_lost(self, server, desks):
        """What nobody holds any more nobody need show."""
        held = collections.defaultdict(set)
        changes = [change for state in (server.state, *(desk.table for desk in desks))
                   for record in state.live.values() for change, _ in record.values()]
        changes += [change for key, sealed in server.sealings.items() if server.stands(key) for change in sealed]
        changes += [change for desk in desks for commit in desk.outbox + desk.aside for change in commit.changes]
        changes += [change for desk in desks for change in desk.claims.parked]
        for change in changes:
            if change.whole:
                for field in change.values or ():
                    held[change.rec, field].add(change.write)
        self.must = {key: path for key, path in self.must.items() if key[0] in held[key[1:]]
                     or any(key[0] in self.seen[(one, *key[1:])] for one in held[key[1:]])}

    # At any time

    def check_table(self, desk, rng):
        """The table is the join of what was opened, in any order."""
        opened = list(desk.claims.opened)
        if len(opened) == desk.checked or len(opened) > 60 and rng.random() > .1:
            return
        desk.checked = len(opened)
        rng.shuffle(opened)
        fresh = State()
        for change in opened:
            fresh.join(change)
        if fresh.sum() != desk.table.sum():
            raise Broken('the table is not what was opened')

    # At the end

    def check(self, server, desks, counters, single=False):
        for desk in desks:
            if desk.claims.sum() != server.state.sum():
                raise Broken('claims differ from the server')
        # Erasures that the server refuses, and those of which no readable sealing is left anywhere: some desks still show the record.
        stuck = {rec for desk in desks for rec in desk.table.tombs if rec not in server.state.tombs}
        stuck |= {rec for rec in server.state.tombs if not any(change.whole for change in server.hand_over(rec))}
        tables = [self.values(desk.table, stuck) for desk in desks]
        if any(table != tables[0] for table in tables):
            raise Broken('tables differ')
        times = [self.times(desk.table, tables[0]) for desk in desks]
        if any(one != times[0] for one in times):
            raise Broken('times differ')
        self.check_conflicts(tables[0], counters, single)
        self.check_losses(tables[0], desks)
        for state in (server.state, *(desk.table for desk in desks)):
            for rec, record in state.live.items():
                if any(one in state.tombs for change, _ in record.values() for one in (rec, *change.path)):
                    raise Broken('below an erased record')

    @staticmethod
    def values(table, stuck):
        """Writes that stand, per record and field; without records whose erasure the server refuses."""
        values = {}
        for rec, record in table.live.items():
            for change, fields in record.values():
                if not stuck & {rec, *change.path}:
                    for field in fields:
                        values.setdefault((rec, field), set()).add(change.write)
        return values

    @staticmethod
    def times(table, values):
        """By which every desk shows the same of several values."""
        return {key: sorted((change.time, change.write) for change in table.field(*key).values()) for key in values}

    def check_conflicts(self, table, counters, single):
        for (rec, field), writes in table.items():
            counters['conflicts'] += len(writes) > 1
            if single and len(writes) > 1:
                raise Broken('a conflict that cannot be settled', rec, field, writes)
            honest = writes - self.liars
            if any(one in self.seen[other, rec, field] for other in honest for one in honest if one != other):
                counters['needless conflicts'] += 1
                if Limit.names > 100 and not any(one in self.liars for one, *key in self.seen if key == [rec, field]):
                    raise Broken('a conflict with what had been seen', rec, field, writes)

    def check_losses(self, table, desks):
        for (write, rec, field), path in self.must.items():
            if self.erased & {rec, *path} or self.dots[write] in self.lied:
                continue
            if Limit.names < 100 and self.is_below_a_lie(write, rec, field):
                continue
            shown = table.get((rec, field), set())
            if write in shown or any(write in self.seen[one, rec, field] for one in shown):
                continue
            if not any(write == change.write for desk in desks for change in desk.overlay(rec, field)):
                raise Broken('lost', write, rec, field)

    def is_below_a_lie(self, write, rec, field):
        """A full list replaces what it names, whatever that names: a liar's goes as far as an honest one's."""
        return any(self.dots[other] in self.lied and write in seen
                   for (other, *key), seen in self.seen.items() if key == [rec, field])
