"""What a desk opened, what the server claims to hold, and what waits for a key.

The TABLE is the join of all that was opened. The CLAIM of a record is what the server says it holds of it, joined by headers.
It is kept only where it differs from the table, as the record's SHADOW. Sums are over claims, so that a change that
nobody here can open neither hides anything at this desk nor makes it differ from the server for ever."""

from rules import rule
from state import ERASED, State, digest, join_record, variant


class Claims:
    def __init__(self, counters):
        self.counters = counters
        self.table = State()
        self.shadow = {}            # record id -> record, {} for nothing, or ERASED
        self.parked = []            # changes that did not open, as they came
        self.keys = {0}             # epochs
        self.opened = []            # the oracle's: all that was joined to the table

    def copy(self):
        new = Claims(self.counters)
        new.table, new.keys = self.table.copy(), set(self.keys)
        new.shadow = {rec: record if record is ERASED else dict(record) for rec, record in self.shadow.items()}
        new.parked, new.opened = list(self.parked), list(self.opened)
        return new

    def opens(self, change):
        return change.whole and change.epoch in self.keys

    def claim(self, rec):
        return self.shadow[rec] if rec in self.shadow else self.table.record(rec)

    def records(self):
        return sorted({*self.table.records(), *self.shadow})

    def sum(self):
        return {rec: digest(claim) for rec in self.records() if (claim := self.claim(rec))}

    def better(self):
        """Records of which the table holds what the server neither claims nor claims to have replaced."""
        return {rec for rec, claim in self.shadow.items() if self.knows_better(rec, claim)}

    def knows_better(self, rec, claim):
        if claim is ERASED:
            return False
        if rec in self.table.tombs:
            return True
        claim = dict(claim)
        return any([join_record(claim, change) for change in self.table.standing(rec)])

    # A change comes

    def take(self, change):
        """Joins a change that the server holds to its claim, and to the table if it opens. True if it opens."""
        opens = self.opens(change)
        if not opens and not rule('claim'):
            return False
        touched = []
        if not opens or self.shadow and rule('claim-follows'):
            touched = self.join_claim(change)
        self.keep(change, opens)
        self.compare(touched)
        return opens

    def keep(self, change, opens):
        if opens:
            self.opened.append(change)
            self.table.join(change)
        elif rule('parked') and change not in self.parked:
            self.parked.append(change)

    def join_claim(self, change):
        """The records whose claims this touched."""
        rec = change.rec
        if change.values is None:
            below = [one for one in self.records() if rec in self.path(one)] if rule('claim-below') else []
            self.shadow.update({one: {} for one in below})
            self.shadow[rec] = ERASED
            return [rec, *below]
        claim = self.claim(rec)
        if claim is not ERASED:
            claim = dict(claim)
            if not (rule('claim-below') and any(self.claim(one) is ERASED for one in change.path)):
                join_record(claim, change)
        self.shadow[rec] = claim
        return [rec]

    def path(self, rec):
        """A record's ancestors, by the table or else by what is claimed."""
        for record in (self.table.live.get(rec), self.shadow.get(rec)):
            if record and record is not ERASED:
                return next(iter(record.values()))[0].path
        return ()

    def compare(self, records):
        """A shadow that says what the table says goes."""
        for rec in records:
            if rec in self.shadow and same(self.shadow[rec], self.table.record(rec)):
                del self.shadow[rec]

    # An erasure of this desk, before any server has it

    def erase_here(self, change):
        self.opened.append(change)
        self.table.join(change)
        self.compare(list(self.shadow))

    # A healing's answer

    def replace(self, rec, standing):
        """What the server holds of a record, said in answer to a healing, is its claim from now on."""
        if any(change.values is None for change in standing):
            claim = ERASED
        else:
            claim = {} if rule('claim-replaced') or self.claim(rec) is ERASED else dict(self.claim(rec))
            for change in standing:
                join_record(claim, change)
        for change in standing:
            opens = self.opens(change)
            if opens or rule('claim'):
                self.keep(change, opens)
        if rule('claim'):
            self.shadow[rec] = claim
        self.compare(list(self.shadow))

    # A key comes

    def add_key(self, epoch):
        """What opened."""
        self.keys.add(epoch)
        opened = [change for change in self.parked if self.opens(change)]
        self.parked = [change for change in self.parked if not self.opens(change)]
        for change in opened:
            self.keep(change, True)
        self.compare(list(self.shadow))
        return opened

    # Now and then

    def scrub(self):
        """Gives up claims that nothing explains, and parked bytes that could change nothing any more."""
        self.parked = [change for change in self.parked if self.could_change(change)]
        parked = {(change.rec, change.dot) for change in self.parked}
        for rec, claim in list(self.shadow.items()):
            if claim is ERASED or not rule('scrub'):
                continue
            for dot, (change, _) in claim.items():
                if (rec, dot) not in parked and self.could_change(change):
                    self.counters['claims given up'] += 1
                    del self.shadow[rec]
                    break

    def unread(self):
        """What the server claims, would open here, and is missing in the table."""
        return [change for claim in self.shadow.values() if claim is not ERASED
                for change, _ in claim.values() if self.opens(change) and self.could_change(change)]

    def could_change(self, change):
        trial = State()
        trial.tombs = self.table.tombs
        if change.values is None:
            return change.rec not in trial.tombs
        trial.live = {change.rec: dict(self.table.live.get(change.rec, {}))}
        return trial.join(change)


def same(claim, record):
    if claim is ERASED or record is ERASED:
        return claim is record
    return claim.keys() == record.keys() and all(
        fields == record[dot][1] and variant(change) == variant(record[dot][0]) for dot, (change, fields) in claim.items())
