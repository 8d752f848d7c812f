#!/usr/bin/env python3
"""What names cost: bytes for each edit of a record that several desks edit, without faults.

Five desks write five years of a small helpline's records; one in ten writes is made before the others' have been read.
Bytes are 8 for each name and 1 for each list, per change: one list per field, one list where fields have the same,
and the same without the names that every device has read 30 days before."""

import random

from history import World

DAY = 86_400
# kind, records, fields of one edit, (fewest, most) edits of a record, days over which they are spread
KINDS = [
    ('classification of a case', 108, ['age', 'child', 'caller', 'concern'], (1, 3), 60),
    ('status of a case', 108, ['status', 'day', 'by'], (2, 8), 200),
    ('follow-up', 150, ['outcome', 'attempts', 'next'], (1, 4), 30),
    ('verification of an entry', 80, ['verified', 'by'], (8, 20), 5 * 365),
    ('a setting of the line', 8, ['value'], (20, 60), 5 * 365),
    ('text saved while it is typed', 20, ['text'], (40, 120), 1),
]


def measure(kind, records, fields, edits, days):
    world, rng = World(0, 1, features={'faults'}), random.Random(kind)
    for _ in range(5):
        world.add_desk()
    when = {}                       # dot -> when it was written
    rows = []
    for rec in range(10, 10 + records):
        times = sorted(rng.uniform(0, days * DAY) for _ in range(rng.randint(*edits)))
        world.paths[rec] = ()
        for number, time in enumerate([0, *times]):
            world.now += 1
            desk = rng.choice(world.desks)
            for one in world.desks:
                if number and rng.random() < .9:
                    world.exchange(one, 0)
            world.write(desk, [(rec, (), fields)])
            change = desk.outbox[-1].changes[0]
            when[change.dot] = time
            if number:
                rows.append(cost(change, when, time))
            world.exchange(desk, 0)
    most = max(row[3] for row in rows)
    return [sum(row[column] for row in rows) / len(rows) for column in range(3)] + [most, len(rows)]


def cost(change, when, now):
    lists = [tuple(names) for names in change.names.values()]
    recent = [tuple(dot for place, dot in enumerate(names) if not place or when[dot] > now - 30 * DAY) for names in lists]
    return (sum(8 * len(one) + 1 for one in lists), sum(8 * len(one) + 1 for one in set(lists)),
            sum(8 * len(one) + 1 for one in set(recent)), max(map(len, lists)))


def main():
    print(f'{"":30} {"edits":>6} {"per field":>10} {"shared":>8} {"recent":>8} {"most names":>11}')
    for kind in KINDS:
        per_field, shared, recent, most, edits = measure(*kind)
        print(f'{kind[0]:30} {edits:6} {per_field:10.0f} {shared:8.0f} {recent:8.0f} {most:11}')


if __name__ == '__main__':
    main()
