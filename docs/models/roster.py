#!/usr/bin/env python3
"""The model of the roster: who belongs to a line, which keys it has, and what becomes of both when a server is put back, withholds,
or serves a branch that somebody made who was removed.

    roster.py FROM..TO [--without RULE]...     random histories; exit 1 if one broke something
    roster.py --prove                          of each rule, the recorded history that goes wrong without it
    roster.py --find RULE FROM..TO             looks for a history for roster_proofs.txt
    roster.py --rules                          the rules"""

import argparse
import collections
import pathlib
import random
import sys
import time

import roster_chain
from roster_chain import RULES, state_of, switch_off
from roster_desk import Desk, Server
from roster_oracle import Broken, check_end, check_now

PROOFS = pathlib.Path(__file__).with_name('roster_proofs.txt')


class World:
    """One line, from its founding to the end of a random history, and then until everybody is quiet."""

    def __init__(self, seed):
        self.random = random.Random(seed)
        self.counters = collections.Counter()
        self.next = 100                         # names of devices, keys, notes, invitations
        self.server = Server()
        self.disk = set()                       # boxes that ever were at the server: a thief has them all
        self.sealed = []                        # (note, key, the devices that the writer knew to be removed)
        self.written = {}                       # note -> device that wrote it
        self.admitted, self.removals = {}, []   # what honest leads did and were told is done
        self.desks = {}
        self.verified, self.let_in = {}, set()  # the oracle's
        self.told = set()                       # whose admission a lead was told of that it could not be made again
        founder = Desk(self, self.fresh())
        founder.found(recovery=self.fresh(), key=self.fresh())
        self.desks[founder.id] = founder
        self.snapshots = [self.server.copy()]
        self.fake = self.fresh()                # a key that the hostile server made
        self.sheet_uses = 0

    def fresh(self):
        self.next += 1
        return self.next

    # What happens

    def run(self):
        actions = [self.admit, self.admit, self.note, self.note, self.note, self.sync, self.sync, self.sync, self.sync, self.role,
                   self.remove, self.rotate, self.die, self.snapshot, self.put_back, self.hostile, self.honest, self.forge, self.pass_over,
                   self.use_sheet]
        for _ in range(self.random.randint(20, 70)):
            self.random.choice(actions)()
            check_now(self)
        self.settle()
        check_end(self)

    def honest_desks(self):
        """Desks that nobody has removed, as far as an honest lead was told."""
        gone = {device for _, device, _ in self.removals}
        return [desk for desk in self.desks.values() if desk.id not in gone and not desk.dead]

    def leads(self):
        return [desk for desk in self.honest_desks() if desk.is_lead() and not desk.stopped]

    def pick(self, desks):
        return self.random.choice(desks) if desks else None

    def admit(self):
        """Invitation, join and digits in one step: what they are about is not modelled here."""
        lead = self.pick(self.leads())
        if lead and len(self.desks) < 9:
            desk = Desk(self, self.fresh())
            role = self.random.choice(['lead', 'lead', 'counsellor'])
            entry = lead.write('admit', (desk.id, role, self.fresh()), kill=self.random.random() < 0.1)
            if entry:
                self.admitted[desk.id] = lead.id
                desk.chain = lead.chain
                self.desks[desk.id] = desk

    def note(self):
        desk = self.pick([desk for desk in self.desks.values() if not desk.removed() and not desk.dead])
        if desk:
            note = self.fresh()
            self.written[note] = desk.id
            desk.outbox.append(note)
            desk.table.add(note)

    def sync(self):
        desk = self.pick(list(self.desks.values()))
        desk.sync(kill=self.random.random() < 0.15)

    def role(self):
        lead = self.pick(self.leads())
        others = [desk.id for desk in self.honest_desks() if lead and desk.id in lead.state().present and desk is not lead]
        if others:
            lead.write('role', (self.random.choice(others), self.random.choice(['lead', 'counsellor'])))

    def remove(self):
        lead = self.pick(self.leads())
        others = [desk.id for desk in self.desks.values() if lead and desk.id in lead.state().present and desk is not lead]
        if others and self.random.random() < 0.5:
            device = self.random.choice(others)
            entry = lead.write('remove', device, key=self.fresh(), kill=self.random.random() < 0.3)
            if entry:
                self.removals.append((lead.id, device, entry))

    def rotate(self):
        lead = self.pick(self.leads())
        if lead and self.random.random() < 0.5:
            lead.write('rotate', None, key=self.fresh(), kill=self.random.random() < 0.3)

    def die(self):
        """A computer is lost, with all that it had not sent, often right after a key was changed on it."""
        desk = self.pick([desk for desk in self.desks.values() if not desk.removed()])
        if desk and self.random.random() < 0.15 and len([one for one in self.desks.values() if not one.dead]) > 2:
            if self.random.random() < 0.5 and desk.is_lead():
                desk.write('rotate', None, key=self.fresh(), kill=True)
            desk.dead = True
            self.counters['computers lost'] += 1

    def snapshot(self):
        if not self.server.hostile:
            self.snapshots.append(self.server.copy())

    def put_back(self):
        if self.random.random() < 0.5:
            self.server = self.random.choice(self.snapshots).copy()
            self.counters['servers put back'] += 1

    def hostile(self):
        """From now on it serves an older roster, boxes of its own, or a branch (see forge)."""
        self.server.hostile = True
        self.server.served = self.server.chain[:self.random.randint(1, len(self.server.chain))]
        for desk in self.desks.values():
            if self.random.random() < 0.3:
                self.server.boxes.add((desk.id, state_of(desk.chain).epoch, self.fake))

    def honest(self):
        self.server.hostile, self.server.served = False, None

    def forge(self):
        """Somebody who was removed goes on from before that, and a hostile server serves it."""
        gone = self.pick([desk for desk in self.desks.values() if desk.id in {device for _, device, _ in self.removals}])
        if gone and self.server.hostile:
            chain = self.server.chain
            end = next((entry.number for entry in chain if entry.kind == 'remove' and entry.arg == gone.id), len(chain))
            branch = chain[:self.random.randint(1, end)]
            for _ in range(self.random.randint(1, 3)):
                kind, arg, key = self.random.choice([
                    ('other', self.fresh(), None), ('admit', (self.fresh(), 'lead', self.fresh()), None),
                    ('rotate', None, self.fresh())])
                branch = roster_chain.extended(branch, kind, gone.id, arg, key) or branch
            self.server.served = branch
            self.counters['forged branches'] += 1

    def pass_over(self):
        """A counsellor's desk, with a program of its own, tries hashes until its branch is before the honest one."""
        desk = self.pick([desk for desk in self.honest_desks() if not desk.is_lead() and not desk.removed()])
        if not desk or self.server.hostile or len(self.server.chain) < 3:
            return
        start = self.random.randint(1, len(self.server.chain) - 1)
        if desk.id in state_of(self.server.chain[:start]).leads:
            return
        for _ in range(8):
            branch = roster_chain.extended(self.server.chain[:start], 'other', desk.id, self.fresh(), None)
            if branch and branch[-1].hash < self.server.chain[start].hash:
                self.counters['ground branches'] += 1
                if self.server.take(branch):
                    raise Broken('somebody who is no lead took back what leads had done')
                return

    def use_sheet(self, always=False):
        """Somebody has both the sheet and a new computer. What was decided so stands above all else."""
        if always or self.random.random() < 0.1 and self.sheet_uses == 0:
            if self.server.hostile:
                return
            desk = Desk(self, self.fresh())
            if desk.recover(self.fresh(), self.fresh()):
                self.admitted[desk.id] = desk.id
                self.desks[desk.id] = desk
                self.sheet_uses += 1

    # The end

    def settle(self):
        """The server is honest, everybody calls until nothing changes; a person with the sheet decides what nobody else can."""
        self.honest()
        for attempt in range(4):
            for _ in range(30):
                before = self.shape()
                for desk in self.random.sample(list(self.desks.values()), len(self.desks)):
                    desk.sync()
                if self.shape() == before:
                    break
            else:
                raise Broken('does not end')
            alive = [desk for desk in self.desks.values() if not desk.removed() and not desk.dead]
            if not any(desk.stopped or desk.id in state_of(self.server.chain).present and desk.newest() is None for desk in alive):
                return
            self.counters['settled by a sheet'] += 1
            self.use_sheet(always=True)

    def shape(self):
        return (self.server.chain, frozenset(self.server.content), frozenset(self.server.boxes),
                tuple((desk.chain, len(desk.outbox), len(desk.table), desk.stopped, tuple(desk.wanted)) for desk in self.desks.values()))


def run(seed):
    world = World(seed)
    try:
        world.run()
    except Broken as broken:
        return broken.args[0], world.counters
    return None, world.counters


def prove():
    failed, proven = [], set()
    for line in PROOFS.read_text().splitlines():
        name, seed, what = line.split(maxsplit=2)
        switch_off([])
        with_it = run(int(seed))[0]
        switch_off([name])
        without_it = run(int(seed))[0]
        proven.add(name)
        if with_it or without_it != what:
            failed.append(f'{name}: seed {seed}: with it {with_it or "nothing"}, without it {without_it or "nothing"}')
    switch_off([])
    failed += [f'{name}: no history' for name in RULES if name not in proven]
    print('\n'.join(failed) or f'{len(proven)} rules of the roster: each has a history that goes wrong without it')
    return bool(failed)


def find(name, seeds):
    for seed in seeds:
        switch_off([name])
        what = run(seed)[0]
        switch_off([])
        if what and not run(seed)[0]:
            print(f'{name} {seed} {what}', flush=True)
            return False
    print(f'{name}: nothing found')
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('seeds', nargs='?', default='0..300')
    parser.add_argument('--without', action='append', default=[], choices=RULES)
    parser.add_argument('--prove', action='store_true')
    parser.add_argument('--find', choices=RULES)
    parser.add_argument('--rules', action='store_true')
    options = parser.parse_args()
    seeds = range(*map(int, options.seeds.split('..')))
    if options.rules:
        print('\n'.join(f'{name:12} {text}' for name, text in RULES.items()))
        return 0
    if options.prove:
        return prove()
    if options.find:
        return find(options.find, seeds)
    switch_off(options.without)
    broken, first, counters, began = collections.Counter(), {}, collections.Counter(), time.process_time()
    for seed in seeds:
        what, counted = run(seed)
        counters.update(counted)
        if what:
            broken[what] += 1
            first.setdefault(what, seed)
    print(f'roster, {len(seeds)} histories in {time.process_time() - began:.0f} s, without {options.without or "nothing"}: '
          f'broken {dict(broken)}, first {first}\n  {dict(sorted(counters.items()))}')
    return bool(broken)


if __name__ == '__main__':
    sys.exit(main())
