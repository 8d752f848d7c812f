"""What befalls desks and server in a history."""

from hostile import push_without_key
from state import ERASED


class Faults:
    """The part of a World that goes wrong."""

    def save_server(self):
        self.saved.append(self.server.copy())

    def put_server_back(self):
        if self.saved:
            self.server = self.rng.choice(self.saved[-2:]).copy()
            self.server.restart(self.rng.random())
            self.caused = True
            self.counters['servers put back'] += 1
            self.oracle.disk_lost(self.server, self.desks)

    def restart_server(self):
        self.server.restart(self.rng.random())

    def save_desk(self):
        self.backups.append(self.rng.choice(self.desks).copy())

    def copy_desk(self):
        if self.backups:
            self.desks.append(self.rng.choice(self.backups).copy())
            self.counters['copies'] += 1
            self.caused |= self.has('erasing')

    def put_desk_back(self):
        if self.backups:
            index = self.rng.randrange(len(self.desks))
            old, self.desks[index] = self.desks[index], self.rng.choice(self.backups).copy()
            self.flights = [flight for flight in self.flights if flight[0] is not old]
            self.counters['desks put back'] += 1
            self.oracle.disk_lost(self.server, self.desks)

    def set_clock(self):
        self.rng.choice(self.desks).clock = self.rng.choice([0, 0, -500, -5, 5, 50, 61, 5000])

    def open_form(self, desk):
        key = self.rng.randrange(3), self.rng.choice('ab')
        desk.form = key, desk.shown(*key)

    def change_hostility(self):
        self.hostile = not self.hostile
        self.caused = True

    def rotate_keys(self, desk):
        if max(desk.claims.keys) >= self.server.epoch:
            epoch = max(self.epochs) + 1
            self.epochs.add(epoch)
            desk.add_key(epoch)
            self.server.epoch = epoch
            self.counters['rotations'] += 1

    def fetch_keys(self, desk):
        for epoch in sorted(self.epochs):
            desk.add_key(epoch)

    def lose_row(self, desk):
        """At the server or at a desk."""
        state = self.server.state if self.rng.random() < .5 else desk.table
        rows = [(rec, dot) for rec, record in state.live.items() for dot in record]
        if state is self.server.state:
            rows += [(rec, ERASED) for rec in state.tombs]
        if rows:
            self.caused = True
            self.counters['rows lost'] += 1
            state.lose(*self.rng.choice(rows))
            desk.damaged |= state is desk.table
            self.oracle.disk_lost(self.server, self.desks)

    def push_without_key(self):
        push_without_key(self, self.rng)
        self.oracle.disk_lost(self.server, self.desks)      # what no desk has read, or has lost: the server dropped the only one

    def verify(self, desk):
        desk.offered.clear()
        mending = self.deliver(desk, self.answer(dict(kind='everything')))
        if mending['changes']:
            self.answer(mending)

    def forget(self):
        server = self.server
        ids = [replica for replica in sorted(server.numbers) if self.rng.random() < .3]
        server.forget(self.rng.randrange(len(server.checks)), ids)
        self.counters['forgotten'] += 1

    def befall(self, desk):
        """One thing of a random kind."""
        rng = self.rng
        kinds = [(3, self.set_clock), (3, self.save_desk), (2, self.copy_desk), (2, self.save_server), (2, self.put_server_back)]
        if self.has('refusals'):
            kinds += [(4, lambda: self.open_form(desk)), (1, self.restart_server)]
        if self.has('in place'):
            kinds += [(1, self.put_desk_back)]
        if self.has('hostile'):
            kinds += [(1, self.change_hostility)]
        if self.has('epochs'):
            kinds += [(2, lambda: self.rotate_keys(desk)), (1, lambda: self.fetch_keys(desk))]
        if self.has('damage'):
            kinds += [(1, lambda: self.lose_row(desk)), (2, self.push_without_key), (1, lambda: self.verify(desk)),
                      (1, desk.claims.scrub)]
        if self.has('forgetting'):
            kinds += [(2, self.forget)]
        rng.choices([kind for _, kind in kinds], [weight for weight, _ in kinds])[0]()
