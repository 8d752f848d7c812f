"""A healing, on the desk's side: find the records in which claim and server differ by sums of ranges of ids, join them.

It is part of the desk's state: any process may go on with it, and its answers may come late, twice, or to a desk that has
given it up. Each answer is compared with the claims as they are when it comes. Pages and writes go on meanwhile: what the
server takes after the beginning is read from the feed afterwards, since the cursor goes back to where the log stood then."""

import copy

from rules import rule

EVERY = (0, 1 << 60)            # all record ids
AT_ONCE = 2                     # ranges, or records, of one request


class Healing:
    def __init__(self, token, claims):
        self.token = token
        self.start = None           # where the log stood when it began
        self.end = None             # only without the rule 'heal-start'
        self.ranges = [EVERY]
        self.records = sorted(claims.shadow) if rule('offered') else []
        self.done = set()

    def copy(self):
        new = copy.copy(self)
        new.ranges, new.records, new.done = list(self.ranges), list(self.records), set(self.done)
        return new

    def request(self, desk):
        if self.ranges:
            sums = desk.claims.sum()
            return dict(kind='ranges', token=self.token, start=self.start,
                        ranges=[(low, high, {rec: one for rec, one in sums.items() if low <= rec < high})
                                for low, high in self.ranges[:AT_ONCE]])
        return dict(kind='records', token=self.token, start=self.start,
                    offers=[(rec, [desk.sealed(change) for change in desk.table.standing(rec)]) for rec in self.records[:AT_ONCE]])

    @staticmethod
    def receive(desk, answer, rng):
        healing, request = desk.healing, answer['request']
        ours = healing is not None and (healing.token == request['token'] or not rule('token'))
        if answer['kind'] == 'records':
            desk.joins += 1
            for rec, standing in answer['standing']:
                for change in standing:
                    if not (ours and rule('claim')):
                        desk.take(change)
                    elif desk.claims.opens(change):
                        desk.latest = max(desk.latest, change.time)
                if ours and rule('claim'):
                    desk.claims.replace(rec, standing)
                    if any(change.values is None for change in standing):
                        desk.drop_payloads()
        if not ours:
            return
        if answer['bad']:
            return desk.begin_healing('put back within', rng)
        if answer['kind'] == 'ranges':
            healing.narrow(desk, answer)
        else:
            for rec, _ in answer['standing']:
                if rec in healing.records:
                    healing.records.remove(rec)
                    healing.done.add(rec)
            healing.end = answer['head']
        if healing.start and not healing.ranges and not healing.records:
            desk.cursor = healing.start if rule('heal-start') or not healing.end else healing.end
            desk.healing = None

    def narrow(self, desk, answer):
        """Ranges that were asked are done; parts of them that still differ are asked next; records that differ are joined."""
        self.start = self.start or answer['start']
        asked = [(low, high) for low, high, _ in answer['request']['ranges']]
        if not all(one in self.ranges for one in asked):
            return                  # an answer that came before said all this
        self.ranges = [one for one in self.ranges if one not in asked]
        sums = desk.claims.sum()
        for low, high, theirs in answer['parts']:
            if theirs != {rec: one for rec, one in sums.items() if low <= rec < high}:
                self.ranges.append((low, high))
        for low, high, theirs in answer['records']:
            ours = {rec: one for rec, one in sums.items() if low <= rec < high}
            for rec in sorted({*theirs, *(ours if rule('both-sides') else ())}):
                if theirs.get(rec) != ours.get(rec) and rec not in self.records and rec not in self.done:
                    self.records.append(rec)
