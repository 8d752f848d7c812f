#!/usr/bin/env python3
"""Runs histories and says which broke something.

    check.py FROM..TO [--step N] [--without RULE]...     random histories; exit 1 if one broke something
    check.py --prove                                     of each rule, the recorded history that goes wrong without it
    check.py --search DEPTH [--without RULE]...          every order of a few actions of two desks on one field
    check.py --find RULE [--step N] FROM..TO             looks for a history for proofs.txt
    check.py --rules                                     the rules"""

import argparse
import collections
import pathlib
import sys
import time

import rules
from history import Broken, STEPS, World
from search import search

PROOFS = pathlib.Path(__file__).with_name('proofs.txt')


def run(step, seed):
    """What broke, or None; and what was counted."""
    world = World(seed, step)
    try:
        world.run()
    except Broken as broken:
        return broken.args[0], world.counters
    return None, world.counters


def run_all(step, seeds, first_only=False):
    broken, counters, first, began = collections.Counter(), collections.Counter(), {}, time.process_time()
    for seed in seeds:
        what, counted = run(step, seed)
        counters.update(counted)
        if what:
            broken[what] += 1
            first.setdefault(what, seed)
            if first_only:
                break
    return broken, first, counters, time.process_time() - began


def prove():
    """Each line of proofs.txt: a rule, a step, a seed, and what goes wrong without the rule."""
    proven, failed = set(), []
    for line in PROOFS.read_text().splitlines():
        name, step, seed, what = line.split(maxsplit=3)
        names = name.split('+')         # either alone suffices
        rules.switch_off([])
        with_it = run(int(step), int(seed))[0]
        rules.switch_off(names)
        without_it = run(int(step), int(seed))[0]
        proven.update(names)
        if with_it or without_it != what:
            failed.append(f'{name}: step {step}, seed {seed}: with it {with_it or "nothing"}, without it {without_it or "nothing"}')
    rules.switch_off([])
    failed += [f'{name}: no history' for name, text in rules.RULES.items() if not text.startswith('(not') and name not in proven]
    print('\n'.join(failed) or f'{len(proven)} rules: each has a history that goes wrong without it')
    return bool(failed)


def find(name, step, seeds):
    for seed in seeds:
        rules.switch_off([name])
        what = run(step, seed)[0]
        rules.switch_off([])
        if what and not run(step, seed)[0]:
            print(f'{name} {step} {seed} {what}', flush=True)
            return False
    return True


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('seeds', nargs='?', default='0..100')
    parser.add_argument('--step', type=int, choices=range(1, len(STEPS) + 1), help='all of them, if not given')
    parser.add_argument('--without', action='append', default=[], choices=rules.RULES)
    parser.add_argument('--prove', action='store_true')
    parser.add_argument('--search', type=int)
    parser.add_argument('--find', choices=rules.RULES)
    parser.add_argument('--rules', action='store_true')
    options = parser.parse_args()
    rules.switch_off(options.without)
    seeds = range(*map(int, options.seeds.split('..')))
    steps = [options.step] if options.step else range(1, len(STEPS) + 1)
    if options.rules:
        print('\n'.join(f'{name:15} {text}' for name, text in rules.RULES.items()))
        return 0
    if options.prove:
        return prove()
    if options.search:
        return search(options.search)
    if options.find:
        return all([find(options.find, step, seeds) for step in steps])
    failed = False
    for step in steps:
        broken, first, counters, seconds = run_all(step, seeds)
        failed |= bool(broken)
        print(f'step {step} ({STEPS[step - 1]}), {len(seeds)} histories in {seconds:.0f} s, without {options.without or "nothing"}: '
              f'broken {dict(broken)}, first {first}\n  {dict(sorted(counters.items()))}', flush=True)
    return failed


if __name__ == '__main__':
    sys.exit(main())
