"""A desk and a server, as far as roster, keys and unsent notes go. Notes have no fields here: the other model has those."""

import roster_chain
from roster_chain import Undecided, compare, extended, rule, state_of


class Server:
    def __init__(self):
        self.chain = ()
        self.boxes = set()              # (device or recovery, epoch, key)
        self.content = set()            # (note, key)
        self.hostile, self.served = False, None

    def copy(self):
        new = Server()
        new.chain, new.boxes, new.content = self.chain, set(self.boxes), set(self.content)
        return new

    def roster(self):
        return self.served if self.hostile and self.served else self.chain

    def take(self, chain):
        """What somebody hands over: a continuation, or a branch that counts. True if the roster is now that one."""
        if not self.chain:
            self.chain = chain
        try:
            what, _, branch = compare(self.chain, chain)
        except Undecided:
            return False
        if what in ('behind', 'theirs'):
            self.chain = branch
        return self.chain == chain


class Desk:
    def __init__(self, world, device):
        self.world, self.id = world, device
        self.chain = ()
        self.keys = {}                  # epoch -> key, as boxes gave them
        self.outbox, self.table = [], set()
        self.wanted = []                # acts of a branch that lost
        self.stopped = self.dead = False

    def state(self):
        return state_of(self.chain)

    def is_lead(self):
        return bool(self.chain) and self.id in self.state().leads

    def removed(self):
        return self.id in self.state().gone

    # Keys

    def secrets(self):
        """What follows from the boxes: epoch -> key, from the newest one backwards."""
        keys = self.state().keys
        sealed = {new.key: new.before for new in self.chain if new.key}
        known = {}
        for epoch in range(len(keys), 0, -1):
            boxed = self.keys.get(epoch, set())
            fits = [key for key in boxed if key == keys[epoch - 1]] if rule('commitment') else sorted(boxed, reverse=True)
            if fits:
                known[epoch] = fits[0]
            elif keys[epoch - 1] in (sealed.get(key) for key in known.values()) and rule('previous'):
                known[epoch] = keys[epoch - 1]
        return known

    def newest(self):
        """The key that new notes are sealed under; None: nothing may be sealed."""
        known = self.secrets()
        if self.state().epoch in known or not known:
            return known.get(self.state().epoch)
        return None if rule('newest-only') else known[max(known)]

    def keep_box(self, epoch, key):
        self.keys.setdefault(epoch, set()).add(key)

    def fill(self, server):
        """Seals the newest key to those who have no box."""
        state, key = self.state(), self.secrets().get(self.state().epoch)
        if key is None:
            return
        holders = state.present | {state.recovery} if rule('fill') else {self.id}
        for device in holders:
            box = (device, state.epoch, key)
            if not any(known[:2] == box[:2] and known[2] == key for known in server.boxes):
                server.boxes.add(box)
            self.world.disk.add(box)

    # Acts

    def found(self, recovery, key):
        self.chain = (roster_chain.entry((), 'found', self.id, (self.id, recovery), key),)
        self.world.server.take(self.chain)
        self.keep_box(1, key)
        self.fill(self.world.server)

    def write(self, kind, arg, key=None, kill=False):
        """Fetches, writes the next entry, hands it over. The entry if the server has it, or None. A kill comes right behind
        that: before boxes are filled in."""
        if not self.exchange() or not self.is_lead() or self.newest() is None:
            return None
        if kind == 'remove' and not rule('next-epoch'):
            key = None
        new = extended(self.chain, kind, self.id, arg, key, self.newest() if key else None)
        if new is None:
            return None
        if key and (rule('box-first') or not kill):
            self.keep_box(len(state_of(new).keys), key)
        if not self.world.server.take(new):
            return None
        if kill and not rule('box-first'):
            return new[-1]
        self.chain = new
        if not kill:
            self.fill_new(kind, arg)
        return new[-1]

    def fill_new(self, kind, arg):
        """The boxes that go with an act: not filling in for others, which is a rule of its own."""
        state, key = self.state(), self.secrets().get(self.state().epoch)
        devices = [arg[0]] if kind == 'admit' else [*state.present, state.recovery]
        for device in devices:
            box = (device, state.epoch, key)
            self.world.server.boxes.add(box)
            self.world.disk.add(box)

    def recover(self, recovery, key):
        """By the sheet, on what the server has, with the keys that are sealed to it."""
        server = self.world.server
        state = state_of(server.chain)
        old = Desk(self.world, state.recovery)
        old.chain = server.chain
        for device, epoch, boxed in server.boxes:
            if device == state.recovery:
                old.keep_box(epoch, boxed)
        known = old.secrets()
        # A person says so, having asked everybody; said wrongly, newcomers miss what was written under that key.
        lost = not any(state.keys[-1] in one.secrets().values() for one in self.world.desks.values() if not one.dead)
        if state.epoch not in known and not (rule('gap') and known and lost):
            return False
        new = extended(server.chain, 'recover', state.recovery, (self.id, recovery), key, known[max(known)])
        if new is None or not server.take(new):
            return False
        self.chain = new
        self.keep_box(len(state_of(new).keys), key)
        self.fill_new('recover', None)
        return True

    # Sync

    def exchange(self, kill=False):
        """Roster and boxes. False where the desk must not go on."""
        server = self.world.server
        self.stopped = False
        try:
            what, common, branch = compare(self.chain, server.roster())
        except Undecided:
            self.stopped = True
            self.world.counters['desks stopped'] += 1
            return False
        if what == 'theirs':
            lost = [new for new in self.chain[common:] if new.author == self.id]
            self.world.counters['branches given up'] += 1
            if rule('again') and (rule('again-kept') or not kill):
                self.wanted += [(new.kind, new.arg) for new in lost if new.kind in ('admit', 'role', 'remove')]
        if what in ('behind', 'theirs'):
            self.chain = branch
        elif what in ('ahead', 'ours') and rule('ahead') and not server.hostile:
            server.take(self.chain)
        for device, epoch, key in server.boxes:
            if device == self.id:
                self.keep_box(epoch, key)
        return not kill and not self.removed()

    def sync(self, kill=False):
        if self.dead:
            return
        if not self.exchange(kill):
            return
        server, state = self.world.server, self.state()
        if server.hostile:
            return
        if self.id not in state_of(server.chain).present:
            return
        self.fill(server)
        key = self.newest()
        if key is None:
            return
        if self.wanted:
            self.write_again()
            key = self.newest()
            if key is None:
                return
        in_roster = set(self.state().keys)
        held = {note for note, under in server.content if under in in_roster or not rule('reseal')}
        for note in [*self.outbox, *sorted(self.table - held)]:
            if note not in held:
                server.content.add((note, key))
                self.world.sealed.append((note, key, self.state().gone))
        self.outbox = []
        known = set(self.secrets().values())
        self.table |= {note for note, under in server.content if under in known}

    def write_again(self):
        wanted, self.wanted = self.wanted, []
        for kind, arg in wanted:
            key = self.world.fresh() if kind == 'remove' else None
            if kind == 'role' and arg[0] not in self.state().present:
                continue
            if kind == 'admit' and not self.is_lead():
                # It is no lead on the branch that counts: it says so, and whom it had let in.
                self.world.told.add(arg[0])
            self.write(kind, arg, key)
