"""The rows of lugn-bench (Sources/lugn-bench/Entry.swift), the same for the same number, and what document engines do with them.

An engine is a class with these methods; `run(name, engine)` measures it and prints its figures:

    insert(rows)     one commit with these (key, columns); returns the update as bytes
    edit(edits)      one commit that sets `text3` of these (key, text); returns the update as bytes
    everything()     all that it holds as one update
    since(mark)      what came after mark() as one update
    mark()           how far it is
    apply(update)    takes an update in
    count()          how many rows it holds
"""

import argparse
import os
import resource
import tempfile
import time

MASK = (1 << 64) - 1


class Words:
    """SplitMix64 (Steele, Lea and Flood, 2014)."""

    def __init__(self, seed):
        self.state = (seed * 0x9E3779B97F4A7C15 + 0x123456789ABCDEF1) & MASK

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        word = self.state
        word = ((word ^ word >> 30) * 0xBF58476D1CE4E5B9) & MASK
        word = ((word ^ word >> 27) * 0x94D049BB133111EB) & MASK
        return word ^ word >> 31

    def text(self, count):
        word = self.next()
        letters = []
        for place in range(count):
            if place % 8 == 7:
                word = self.next()
            letter = word & 31
            word >>= 5
            letters.append(chr(97 + letter) if letter < 26 else " ")
        return "".join(letters)


def row(number):
    words = Words(number)
    columns = {f"text{field}": words.text(10 + (field * 5 + number) % 11) for field in range(9)}
    columns["number0"] = words.next() >> 34
    columns["number1"] = number
    return columns


def key(number):
    """A random id, as 22 characters would hold it; engines of documents have keys of text."""
    words = Words(number ^ 0x1D << 56)
    return f"{words.next():016x}{words.next():016x}"


def edit(number):
    return Words(number ^ 0xED17000000000000).text(14)


def shuffled(count, seed=7):
    words = Words(seed)
    numbers = list(range(count))
    for last in range(count - 1, 0, -1):
        other = words.next() % (last + 1)
        numbers[last], numbers[other] = numbers[other], numbers[last]
    return numbers


def run(name, engine):
    parser = argparse.ArgumentParser(description=f"{name} on lugn-bench's rows, 100 per commit.")
    parser.add_argument("--rows", type=int, default=100_000)
    count = parser.parse_args().rows
    rows = [(key(number), row(number)) for number in range(count)]
    edits = [(key(number), edit(number)) for number in shuffled(count)]

    writer = engine()
    with tempfile.TemporaryFile() as log:
        insert_seconds, _ = commit_all(writer.insert, rows, log)
        everything = writer.everything()
        mark = writer.mark()
        commit_all(writer.edit, edits, log)
        edited = writer.since(mark)

    reader = engine()
    merge_seconds = seconds(lambda: reader.apply(everything))
    edit_seconds = seconds(lambda: reader.apply(edited))
    if reader.count() != count:
        raise SystemExit(f"{name} holds {reader.count()} rows of {count}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1_024 / 1e6
    print(f"{name}, {count:,} rows")
    print(f"  insert, 100 per commit  {count / insert_seconds:>12,.0f} rows/s")
    print(f"  merge into empty        {count / merge_seconds:>12,.0f} rows/s")
    print(f"  merge of edits          {count / edit_seconds:>12,.0f} edits/s")
    print(f"  wire                    {len(everything) / count:>12,.0f} bytes/row")
    print(f"  wire                    {len(edited) / count:>12,.0f} bytes/edit")
    print(f"  peak memory             {peak:>12,.0f} MB, two documents and this script's rows")


def commit_all(commit, items, log):
    """Commits them 100 at a time, each update appended to a log and on disk before the next; returns the time."""
    total = size = 0
    for start in range(0, len(items), 100):
        part = items[start : start + 100]
        begin = time.perf_counter()
        update = commit(part)
        log.write(update)
        log.flush()
        os.fsync(log.fileno())
        total += time.perf_counter() - begin
        size += len(update)
    return total, size


def seconds(work):
    begin = time.perf_counter()
    work()
    return time.perf_counter() - begin
