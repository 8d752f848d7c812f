"""A desk: its table and claims, an outbox, what was refused, and what an answer to a sync means.

The screen shows the table joined with the outbox, and over it what was refused. Every exchange builds its request from the
state as it is then and applies its answer to the state as it is then: several processes may do so at once, in any order."""

import collections
import copy

from claims import Claims
from healing import Healing
from rules import rule
from server import START
from state import Change, erasure, named, replaces

# hashes: one for each change, kept when a payload is erased. bad: the server will refuse it. offered: a server may have it.
Commit = collections.namedtuple('Commit', 'number time dot changes hashes dig bad offered')


class Desk:
    def __init__(self, replica, counters):
        self.id = replica
        self.counters = counters
        self.claims = Claims(counters)
        self.outbox = []
        self.aside = []                 # refused commits
        self.unerased = set()           # records whose erasure was refused
        self.acked = START              # number and digest of the last commit that the server holds
        self.joins = 0                  # grows whenever anything is joined that no page brought, and with each new id
        self.cursor = START
        self.generation = None          # of the server process that answered last
        self.healing = None
        self.offered = set()            # records offered to this generation though the sums were equal
        self.damaged, self.checked = False, 0   # the oracle's: rows of it were lost; how much of it was checked
        self.form = None                # what a form showed when it was opened
        self.clock = self.offset = self.latest = 0

    def copy(self):
        new = copy.copy(self)
        new.claims, new.outbox, new.aside, new.unerased = self.claims.copy(), list(self.outbox), list(self.aside), set(self.unerased)
        new.healing, new.offered = self.healing.copy() if self.healing else None, set(self.offered)
        return new

    @property
    def table(self):
        return self.claims.table

    # Writing

    def view(self, rec, field):
        """What is shown: the table joined with the outbox."""
        changes = dict(self.table.field(rec, field))
        for commit in self.outbox:
            for change in commit.changes:
                if change.values is not None and change.rec == rec and field in change.values:
                    changes.setdefault(change.dot, change)
        return [change for change in changes.values()
                if not any(replaces(other, change, field) for other in changes.values())]

    def overlay(self, rec, field):
        """Refused values that nobody has written over: "only here"."""
        over = {dot for change in self.view(rec, field) for dot in (change.dot, *change.names[field])}
        return [change for commit in self.aside for change in commit.changes
                if change.rec == rec and field in change.values and change.dot not in over]

    def shown(self, rec, field):
        """The names that a write there carries, and the changes on the screen."""
        view = self.view(rec, field)
        see = view + [change for change in self.overlay(rec, field) if change.dot not in {one.dot for one in view}]
        held = [*self.table.live.get(rec, {}), *(commit.dot for commit in self.outbox)]
        return named(see if rule('overlay') else view, field, held), see

    def known(self):
        """Record ids on the screen, each with its ancestors."""
        paths = {rec: next(iter(record.values()))[0].path for rec, record in self.table.live.items()}
        paths.update((change.rec, change.path) for commit in self.outbox for change in commit.changes if change.values is not None)
        return paths

    def write(self, dot, now, changes, hashes, bad):
        """One commit. The changes come without a time."""
        self.latest = time = max(self.latest + 1, now + self.clock + self.offset)
        self.chain([*self.outbox, Commit(0, time, dot, tuple(changes), hashes, 0, bad, False)])
        for change in self.outbox[-1].changes:
            if change.values is None:
                self.claims.erase_here(change)
                if rule('erase-now'):
                    self.drop_payloads()
            elif not rule('kept'):
                self.table.join(change)

    def chain(self, commits):
        """Numbers, digests and times of what is unsent."""
        number, dig = self.acked
        self.outbox = []
        for number, commit in enumerate(commits, number + 1):
            dig = hash((dig, number, commit.time, commit.dot, commit.hashes))
            changes = tuple(change if change.values is None else change._replace(time=commit.time) for change in commit.changes)
            self.outbox.append(commit._replace(number=number, dig=dig, changes=changes))

    def drop_payloads(self):
        """What lies below an erasure leaves outbox and overlay; a change that was never offered vanishes whole."""
        commits = []
        for commit in self.outbox:
            keep = [index for index, change in enumerate(commit.changes)
                    if change.values is None or not self.table.is_erased(change)]
            if len(keep) < len(commit.changes):
                self.counters['payloads erased unsent'] += len(commit.changes) - len(keep)
                hashes = commit.hashes
                if not (commit.offered and rule('hashes')):
                    hashes = tuple(hash((commit.hashes, index)) for index in keep)
                commit = commit._replace(changes=tuple(commit.changes[index] for index in keep), hashes=hashes)
            commits.append(commit)
        self.chain(commits)
        self.aside = [commit._replace(changes=tuple(change for change in commit.changes if not self.table.is_erased(change)))
                      for commit in self.aside]

    def take(self, change):
        """Joins a change that came from the server, or was acknowledged by it."""
        if self.claims.take(change):
            self.latest = max(self.latest, change.time)
            if change.values is None:
                self.drop_payloads()

    def add_key(self, epoch):
        if epoch not in self.claims.keys:
            for change in self.claims.add_key(epoch):
                self.latest = max(self.latest, change.time)
            self.drop_payloads()

    def sealed(self, change):
        """What leaves this desk is sealed with its newest key."""
        return change._replace(epoch=max(self.claims.keys), whole=True)

    # Exchanges

    def request(self, count):
        if self.healing:
            return self.healing.request(self)
        self.outbox = [commit._replace(offered=commit.offered or index < count) for index, commit in enumerate(self.outbox)]
        commits = [commit._replace(changes=tuple(self.sealed(change) for change in commit.changes)) for commit in self.outbox[:count]]
        return dict(kind='sync', id=self.id, generation=self.generation, epoch=max(self.claims.keys), cursor=self.cursor,
                    acked=self.acked, first=self.acked[0] + 1, commits=commits, joins=self.joins)

    def receive(self, answer, now, rng):
        if answer['kind'] == 'sync':
            self.receive_sync(answer, now, rng)
        elif answer['kind'] == 'everything':
            return self.unopened(answer)
        elif answer['kind'] != 'mend':
            Healing.receive(self, answer, rng)

    def receive_sync(self, answer, now, rng):
        request = answer['request']
        if request['id'] == self.id:
            self.drop_acknowledged(answer['known'])
            self.obey(answer, now, rng)
        if answer['outcome'] == ('done',) and answer['generation'] != self.generation:
            self.generation = answer['generation']
            self.offered = set()
            self.offer_again()
        if answer['page'] is not None:
            self.apply_page(answer, rng)

    def drop_acknowledged(self, known):
        while self.outbox and known.get(self.outbox[0].number) == self.outbox[0].dig:
            commit = self.outbox.pop(0)
            self.acked = commit.number, commit.dig
            self.joins += 1
            for change in commit.changes:
                self.take(self.sealed(change))

    def obey(self, answer, now, rng):
        request, (outcome, *about) = answer['request'], answer['outcome']
        digests = {commit.number: commit.dig for commit in self.outbox}
        foreign = any(number > self.acked[0] and digests.get(number) != dig for number, dig in answer['known'].items())
        if foreign or outcome == 'forked' and request['first'] == self.acked[0] + 1:
            self.counters['forks'] += 1
            self.take_new_id(rng)
        elif outcome == 'renew':
            self.counters['renewals'] += 1
            self.take_new_id(rng)
        elif outcome == 'clock':
            if self.outbox and about[0] == self.outbox[0].dig or not rule('exact'):
                self.restamp(answer['now'], now)
        elif outcome == 'refused':
            number, dig = about
            if digests.get(number) == dig or not rule('exact') and number in digests:
                self.set_aside(number)
        elif outcome == 'diverged':
            if not self.healing and (request['cursor'] == self.cursor and request['joins'] == self.joins or not rule('exact')):
                self.begin_healing('diverged', rng)
        elif outcome == 'done':
            self.offset = answer['now'] - (now + self.clock)

    def apply_page(self, answer, rng):
        request = answer['request']
        for change, siblings in answer['page']:
            self.take(change)
            if not rule('no-lists') and siblings:
                self.obey_lists(change, siblings)
        same_id = request['id'] == self.id or not rule('cursor-id')
        if request['cursor'] == self.cursor and same_id or not rule('cursor'):
            self.cursor = answer['cursor']
        quiet = not self.outbox and self.cursor == answer['cursor'] and request['joins'] == self.joins or not rule('sum-quiet')
        if answer['sum'] is None or not quiet or self.healing:
            return
        if answer['sum'] != self.claims.sum():
            if rule('sum'):
                self.begin_healing('sums', rng)
        elif rule('offered') and self.claims.better() - self.offered:
            self.offered |= self.claims.better()
            self.begin_healing('knows better', rng)

    def obey_lists(self, change, siblings):
        record = self.table.live.get(change.rec, {})
        for field, dots in siblings.items():
            for dot, (other, fields) in list(record.items()):
                if field in fields and dot not in dots:
                    record[dot] = other, fields - {field}
                    if not record[dot][1]:
                        del record[dot]
        if not record:
            self.table.live.pop(change.rec, None)

    # What an outcome asks for

    def take_new_id(self, rng):
        self.id = rng.randrange(1 << 60)
        self.acked = START
        self.joins += 1
        self.chain(self.outbox)

    def begin_healing(self, why, rng):
        self.counters['healings: ' + why] += 1
        if rule('new-id'):
            self.take_new_id(rng)
        self.healing = Healing(rng.randrange(1 << 60), self.claims)

    def restamp(self, server_now, now):
        """Order kept, not above the server's time where that is possible. Dots and names never change."""
        self.counters['restamped'] += 1
        self.offset = server_now - (now + self.clock)
        time, commits = 0, []
        for commit in self.outbox:
            time = max(time + 1, min(commit.time, server_now))
            commits.append(commit._replace(time=time))
        self.latest = time
        self.chain(commits)

    def set_aside(self, number):
        """An empty commit takes the number. What the refused one had replaced stands again, its values stay as an overlay."""
        self.counters['refused'] += 1
        index = number - self.outbox[0].number
        commit = self.outbox[index]
        self.aside.append(commit._replace(changes=tuple(change for change in commit.changes if change.values is not None)))
        self.unerased |= {change.rec for change in commit.changes if change.values is None}
        for change in commit.changes:
            if change.values is None and not rule('erase-now'):
                self.table.tombs.pop(change.rec, None)
            elif change.values is not None and not rule('kept'):
                self.table.live.get(change.rec, {}).pop(change.dot, None)
                if not self.table.live.get(change.rec, True):
                    del self.table.live[change.rec]
        commits = list(self.outbox)
        commits[index] = commit._replace(changes=(), hashes=(), bad=False)
        self.chain(commits)

    def offer_again(self):
        """What was refused goes to a server that was started anew, as it was: the same dots and names, at its end of the outbox."""
        again = [commit for commit in self.aside if commit.changes]
        self.aside = []
        erasures = tuple(erasure(rec, 0) for rec in sorted(self.unerased))
        self.unerased = set()
        if erasures:
            hashes = tuple(hash((self.joins, change.rec)) for change in erasures)
            again.append(Commit(0, self.latest, 0, erasures, hashes, 0, False, False))
        # An empty commit went out under its number: hashes are made anew, over what is left.
        again = [commit._replace(hashes=tuple(hash((commit.dot, change.rec)) for change in commit.changes), offered=False)
                 for commit in again]
        self.chain(self.outbox + again)

    # Deep verification

    def unopened(self, answer):
        """Joins what the server holds anew, and seals again what is held whole here and opens in none of its sealings."""
        self.joins += 1
        mended = []
        for rec, standing in answer['standing']:
            for change in standing:
                self.take(change)
            opened = {change.dot for change in standing if self.claims.opens(change)}
            for held in self.table.standing(rec):
                unread = [change for change in standing if change.dot == held.dot and change.epoch in self.claims.keys]
                if unread and held.dot not in opened and rule('mend'):
                    mended.append(self.sealed(held))
        self.counters['mended'] += len(mended)
        return dict(kind='mend', changes=mended)
