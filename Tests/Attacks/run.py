#!/usr/bin/env python3
"""Attacks on real programs: each must fail, and say how, if it gets through.

    run.py PROGRAMS [ATTACK]...        PROGRAMS: the folder with lugn, lugn-server and lugn-admin
    run.py --list                      every attack, and what it tries"""

import importlib
import pathlib
import sys
import time

here = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(here), str(here.parent / "support"), str(here.parents[1] / "Protocol")]
sys.dont_write_bytecode = True

GROUPS = ["network", "hostile", "removed", "insider", "sentinels"]


def main():
    groups = [importlib.import_module(name) for name in GROUPS]
    if sys.argv[1:] == ["--list"]:
        for group in groups:
            for attack in group.ATTACKS:
                print("%-10s %-28s %s" % (group.__name__, attack.__name__, attack.__doc__.strip().splitlines()[0]))
        return 0
    programs, chosen = sys.argv[1], sys.argv[2:]
    failed, count = [], 0
    for group in groups:
        attacks = [attack for attack in group.ATTACKS if not chosen or attack.__name__ in chosen]
        if not attacks:
            continue
        line = group.make(programs)
        try:
            for attack in attacks:
                began = time.monotonic()
                count += 1
                try:
                    attack(line)
                    print("held      %-10s %-28s %4.1f s" % (group.__name__, attack.__name__, time.monotonic() - began), flush=True)
                except Exception as error:  # Whatever it is, the attack did not end as it should.
                    failed.append(attack.__name__)
                    print("GOT THROUGH  %s %s: %s: %s" % (group.__name__, attack.__name__, type(error).__name__, error), flush=True)
                finally:
                    line.proxy.honest()
        finally:
            line.close()
    print("%d attacks, %d got through" % (count, len(failed)))
    return 1 if failed or not count else 0


if __name__ == "__main__":
    sys.exit(main())
