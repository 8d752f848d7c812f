"""What server and desk alike hold: a join of changes.

A change has a random dot, and per field the dots that it replaces. A state holds, per record, the changes that stand in at
least one field, and the ids of erased records. No order of arrival matters; what was replaced is what standing changes name."""

import collections

from rules import rule

# values: field -> write, None for an erasure. names: field -> dots (a dict, the latest first). path: ids of all ancestors.
# epoch and whole say whether it opens: its key, and False if no key opens it. A write's number is the oracle's, never sent.
Change = collections.namedtuple('Change', 'dot rec path time values names write epoch whole')

ERASED = 'erased'           # in place of a record's changes


def erasure(rec, epoch, whole=True):
    return Change(ERASED, rec, (), 0, None, None, None, epoch, whole)


class Limit:
    """The longest list of names. Few histories come near it unless it is small."""
    names = 10_000


def named(shown, field, held):
    """What a write over these changes names: they, and all that they name, the latest first.

    At the limit the oldest are left out, but never what is shown, nor what is held for the sake of another field."""
    shown = sorted(shown, key=lambda change: (change.time, change.dot), reverse=True)
    names = dict.fromkeys(change.dot for change in shown)
    if rule('closure'):
        for change in shown:
            names.update(dict.fromkeys(change.names[field]))
    if len(names) > Limit.names:
        kept = [change.dot for change in shown] + [dot for dot in held if dot in names]
        names = dict.fromkeys(list(dict.fromkeys([*kept, *names]))[:max(Limit.names, len(set(kept)))])
    return names


def replaces(new, old, field):
    """Whether `new` replaces `old` in this field: a strict partial order, whatever anybody claims (below the limit)."""
    names = new.names[field]
    if old.dot not in names or old.dot == new.dot:
        return False
    if not rule('ordered') or not rule('closure'):
        return True
    if size(new, field) == Limit.names and rule('limit'):
        return size(old, field) < Limit.names or (new.time, new.dot) > (old.time, old.dot)
    return all(dot in names and dot != new.dot for dot in old.names[field] if dot != old.dot)


def variant(change):
    """Of one dot with several times or, by a liar, several lists of names, the least stands everywhere."""
    return change.time, sorted((field, list(names)) for field, names in change.names.items())


def size(change, field):
    """How many it names, its own dot left out; the limit, if the list is full."""
    names = change.names[field]
    return min(len(names) - (change.dot in names), Limit.names)


def order(change, field):
    """Whatever replaces another in this field comes before it."""
    return size(change, field), change.time, change.dot


def join_record(record, change):
    """Joins one change to a record (dot -> (change, fields where it stands)). True if that changed anything.

    Where changes stand follows from the changes that are held, whatever came before: two sides that hold the same agree."""
    known = record.get(change.dot)
    if known and not (variant(change) < variant(known[0]) and rule('lesser')):
        return False
    before = dict(record)
    record[change.dot] = change, frozenset()
    derive(record)
    return record != before


def derive(record):
    """Sets the fields where each change of a record stands; drops changes that stand nowhere."""
    by_field, standing = collections.defaultdict(list), collections.defaultdict(set)
    for change, _ in record.values():
        for field in change.values:
            by_field[field].append(change)
    for field, changes in by_field.items():
        if len(changes) > 1:
            changes.sort(key=lambda change: order(change, field), reverse=True)
        top = []
        for change in changes:
            if not any(replaces(other, change, field) for other in top):
                top.append(change)
                standing[change.dot].add(field)
    for dot, (change, _) in list(record.items()):
        if standing[dot]:
            record[dot] = change, frozenset(standing[dot])
        else:
            del record[dot]


def digest(record):
    """What sums are over: time and dot of what stands in each field."""
    return record if record is ERASED else frozenset((dot, change.time, fields) for dot, (change, fields) in record.items())


class State:
    def __init__(self):
        self.live = {}          # record id -> record
        self.tombs = {}         # record id -> its erasure
        self.parents = {}       # only without the rule 'path'

    def copy(self):
        new = State()
        new.live = {rec: dict(record) for rec, record in self.live.items()}
        new.tombs, new.parents = dict(self.tombs), dict(self.parents)
        return new

    def join(self, change):
        """True if it changed anything."""
        if change.values is None:
            if change.rec in self.tombs:
                return False
            self.tombs[change.rec] = change
            for rec, record in list(self.live.items()):
                if any(self.is_erased(one) for one, _ in record.values()):
                    del self.live[rec]
            return True
        if self.is_erased(change):
            return False
        record = self.live.setdefault(change.rec, {})
        changed = join_record(record, change)
        if not record:
            del self.live[change.rec]
        return changed

    def lose(self, rec, dot):
        """A row that is gone, or fails its hash, is not held any more. What it replaced does not come back by itself."""
        if dot is ERASED:
            del self.tombs[rec]
            return
        del self.live[rec][dot]
        derive(self.live[rec])
        if not self.live[rec]:
            del self.live[rec]

    def is_erased(self, change):
        return any(rec in self.tombs for rec in self.line(change))

    def line(self, change):
        if rule('path'):
            return change.rec, *change.path
        self.parents.setdefault(change.rec, change.path[0] if change.path else None)
        line = [change.rec]
        while self.parents.get(line[-1]) is not None:
            line.append(self.parents[line[-1]])
        return line

    def record(self, rec):
        return ERASED if rec in self.tombs else self.live.get(rec, {})

    def records(self):
        return sorted({*self.live, *self.tombs})

    def standing(self, rec):
        """The changes of a record, or its erasure."""
        return [self.tombs[rec]] if rec in self.tombs else [change for change, _ in self.live.get(rec, {}).values()]

    def field(self, rec, field):
        return {dot: change for dot, (change, fields) in self.live.get(rec, {}).items() if field in fields}

    def sum(self):
        return {rec: digest(self.record(rec)) for rec in self.records()}
