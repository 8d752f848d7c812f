"""The operator's page in a real browser, on real programs."""

import os
import sys
import time
import traceback

import status_scenarios
from line import Line


def main():
    wanted = sys.argv[1:]
    failed = 0
    for test in status_scenarios.TESTS:
        if wanted and test.__name__ not in wanted:
            continue
        began = time.monotonic()
        line = Line()
        try:
            errors = test(line)
            assert not errors, errors
            print(f"ok   {test.__name__.replace('_', ' ')} ({time.monotonic() - began:.1f} s)", flush=True)
        except Exception:
            failed += 1
            print(f"FAIL {test.__name__}", flush=True)
            traceback.print_exc()
        finally:
            line.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
