"""The server: a state joined by headers alone, a log of positions, and what it knows of each replica id.

It answers four questions: `sync` (take commits, hand out a page), `ranges` and `records` (healing), and `everything` with
`mend` (deep verification). It remembers nothing between two requests. It never opens a change."""

from rules import rule
from state import ERASED, State, digest

START = (0, 0)
LEAF = 2                    # a range with so few records is answered record by record
SPLIT = 3                   # other ranges are cut into so many of about equal count
SEALINGS = 2                # sealings kept of one dot


class Server:
    def __init__(self, generation):
        self.generation = generation        # drawn anew at each start of the process
        self.state = State()
        self.checks = [0]                   # by position: a chained check
        self.floor = 0                      # positions below it are forgotten
        self.positions = {}                 # (record, dot) -> where it was handed out last
        self.owners = {}                    # (record, dot) -> (replica id, number), None if it must go to its writer too
        self.sealings = {}                  # (record, dot) -> what was sealed for it, the one that counts first
        self.numbers = {}                   # replica id -> last number
        self.digests = {}                   # (replica id, number) -> digest
        self.latest = 0                     # greatest time taken
        self.epoch = 0                      # newest epoch of keys
        self.refuses_erasing = set()        # records it will not erase until it is started anew
        self.whims = {}                     # how often it refuses what is good, set by the history

    def copy(self):
        new = Server(self.generation)
        new.state, new.checks, new.floor = self.state.copy(), list(self.checks), self.floor
        new.positions, new.owners, new.sealings = dict(self.positions), dict(self.owners), dict(self.sealings)
        new.numbers, new.digests, new.latest, new.epoch = dict(self.numbers), dict(self.digests), self.latest, self.epoch
        new.refuses_erasing, new.whims = set(self.refuses_erasing), self.whims
        return new

    def restart(self, generation):
        self.generation = generation
        self.refuses_erasing = set()

    # The log

    def head(self):
        return len(self.checks) - 1, self.checks[-1]

    def append(self, what):
        self.checks.append(hash((self.checks[-1], what)))

    def proves(self, cursor):
        """Whether this log is the one the cursor was in."""
        position, check = cursor
        if cursor == START:
            return True
        return self.floor <= position < len(self.checks) and self.checks[position] == check

    def hand_out(self, key, owner):
        self.positions[key] = len(self.checks) - 1
        self.owners[key] = owner

    def forget(self, floor, ids):
        """Log headers below a floor, and the numbers of some ids. Tombstones and names stay."""
        self.floor = max(self.floor, floor)
        for replica in ids:
            self.numbers.pop(replica, None)
        self.digests = {key: value for key, value in self.digests.items() if key[0] in self.numbers}

    # Sync

    def sync(self, request, now, rng):
        answer = dict(kind='sync', request=request, now=now, generation=self.generation, outcome=('done',), page=None, sum=None)
        replica, (number, dig) = request['id'], request['acked']
        proven = number                     # up to here the writer is known to hold what stands under its name
        last = self.numbers.get(replica, 0)
        if not self.proves(request['cursor']) or number > last:
            answer['outcome'] = ('diverged',)
        elif number and self.digests[replica, number] != dig:
            answer['outcome'] = ('forked',)
        elif last and request['generation'] != self.generation and rng.random() < self.whims.get('renew', 0):
            answer['outcome'] = ('renew',)
        else:
            for commit in request['commits']:
                answer['outcome'] = self.judge(commit, replica, request['epoch'], now, rng)
                if answer['outcome'] != ('done',):
                    break
                proven = commit.number
                if commit.number > self.numbers.get(replica, 0):
                    self.numbers[replica], self.digests[replica, commit.number] = commit.number, commit.dig
                    self.latest = max(self.latest, commit.time)
                    self.append(commit.dig)
                elif not rule('resent'):
                    continue
                for change in commit.changes:
                    self.take(change, (replica, commit.number), rng)
        answer['known'] = {number: self.digests[replica, number]
                           for number in range(request['first'], self.numbers.get(replica, 0) + 1)}
        if answer['outcome'][0] not in ('diverged', 'forked', 'renew'):
            self.add_page(answer, request, proven, rng)
        return answer

    def judge(self, commit, replica, epoch, now, rng):
        if commit.number <= self.numbers.get(replica, 0):
            same = self.digests[replica, commit.number] == commit.dig
            return ('done',) if same else ('forked',)
        if epoch < self.epoch:
            return 'epoch', self.epoch
        if commit.time > max(now + 60, self.latest + 1):
            return 'clock', commit.dig
        if commit.hashes and (commit.bad or rng.random() < self.whims.get('refuse', 0)):
            self.refuses_erasing |= {change.rec for change in commit.changes if change.values is None}
        elif not any(change.values is None and change.rec in self.refuses_erasing for change in commit.changes):
            return ('done',)
        return 'refused', commit.number, commit.dig

    def take(self, change, owner, rng, mending=False):
        """Joins one change, from a commit, a healing or a mending; True if something is to be handed out (again)."""
        key = change.rec, change.dot
        held = self.sealings.get(key, []) if self.stands(key) else []
        if self.state.join(change):
            self.sealings[key] = [change, *held][:SEALINGS if rule('sealings') else 1]
        elif mending and self.stands(key) and rule('sealings'):
            self.sealings[key] = [held[0], change]
            owner = None
        elif change.values is not None and held and held[0].time != change.time and rule('reissued'):
            owner = None
        else:
            return False
        if key in self.positions or owner is None:
            self.append(rng.random())           # it changed what was handed out, or came outside of a commit
            owner = None
        self.hand_out(key, owner)
        return True

    def stands(self, key):
        rec, dot = key
        return rec in self.state.tombs if dot is ERASED else dot in self.state.live.get(rec, {})

    def add_page(self, answer, request, proven, rng):
        """Whole changes, without any list of what stands in which field. Own writes are left out as far as they are proven."""
        cursor, items = request['cursor'][0], []
        for rec in self.state.records():
            for standing in self.state.standing(rec):
                key = rec, standing.dot
                owner = self.owners.get(key)
                own = owner and owner[0] == request['id'] and (owner[1] <= proven or not rule('own'))
                if self.positions[key] > cursor and not own:
                    items.append((self.positions[key], self.sealings.get(key, [standing]), self.list_siblings(standing)))
        items.sort(key=lambda item: item[0])
        end = self.head()[0]
        if end > cursor and rng.random() < self.whims.get('cut', 0):
            end = rng.randint(cursor + 1, end)
        answer['page'] = [(change, siblings) for position, sealed, siblings in items if position <= end for change in sealed]
        answer['cursor'] = end, self.checks[end]
        if end == self.head()[0]:
            answer['sum'] = self.state.sum()

    def list_siblings(self, change):
        """What the first edition's pages carried, and what a desk obeys without the rule 'no-lists'."""
        if change.values is None or rule('no-lists'):
            return None
        return {field: set(self.state.field(change.rec, field)) for field in self.state.live[change.rec][change.dot][1]}

    # Healing

    def ranges(self, request):
        """Of each range of record ids whose sum differs: sums of parts of it, or what it holds record by record."""
        answer = dict(kind='ranges', request=request, start=self.head(), parts=[], records=[],
                      bad=not (request['start'] is None or self.proves(request['start'])))
        for low, high, claimed in request['ranges']:
            records = [rec for rec in self.state.records() if low <= rec < high]
            digests = {rec: digest(self.state.record(rec)) for rec in records}
            if digests == claimed:
                continue
            if len(records) <= LEAF:
                answer['records'].append((low, high, digests))
                continue
            cuts = [low, *(records[len(records) * n // SPLIT] for n in range(1, SPLIT)), high]
            for low, high in zip(cuts, cuts[1:]):
                if low < high:
                    answer['parts'].append((low, high, {rec: digests[rec] for rec in records if low <= rec < high}))
        return answer

    def records(self, request, rng):
        """Joins what is offered of some records, and answers with what stands there."""
        answer = dict(kind='records', request=request, standing=[], head=self.head(), bad=not self.proves(request['start']))
        if answer['bad']:
            return answer
        for rec, offered in request['offers']:
            for change in offered:
                if change.values is None and rec in self.refuses_erasing:
                    continue
                self.take(change, None, rng)
                if change.values is not None:
                    self.latest = max(self.latest, change.time)
            answer['standing'].append((rec, self.hand_over(rec)))
        answer['head'] = self.head()
        return answer

    def hand_over(self, rec):
        return [sealed for standing in self.state.standing(rec)
                for sealed in self.sealings.get((rec, standing.dot), [standing])]

    # Deep verification

    def everything(self, request):
        return dict(kind='everything', request=request, standing=[(rec, self.hand_over(rec)) for rec in self.state.records()])

    def mend(self, request, rng):
        for change in request['changes']:
            self.take(change, None, rng, mending=True)
        return dict(kind='mend', request=request)

    def answer(self, request, now, rng):
        kind = request['kind']
        if kind == 'sync':
            return self.sync(request, now, rng)
        if kind == 'ranges':
            return self.ranges(request)
        if kind == 'records':
            return self.records(request, rng)
        return self.everything(request) if kind == 'everything' else self.mend(request, rng)
