"""The counsellor's page in a real browser, on real programs: what a shift does, and what goes wrong in one."""

import os
import sys
import time
import traceback

import call_scenarios
import joining_scenarios
import key_scenarios
import line_scenarios
import page_scenarios
import reminder_scenarios
import six_calls
from desk import Desk
from line import Line

TESTS = (call_scenarios.TESTS + six_calls.TESTS + key_scenarios.TESTS + page_scenarios.TESTS + line_scenarios.TESTS
         + joining_scenarios.TESTS + reminder_scenarios.TESTS)


def main():
    wanted = sys.argv[1:]
    failed = 0
    for test in TESTS:
        if wanted and test.__name__ not in wanted:
            continue
        began = time.monotonic()
        line = Line()
        desk = None
        try:
            folder = line.desk_folder(1)
            Line.run(folder, "import", "directory", os.path.dirname(__file__) +
                     "/../../Examples/data/pilot-year-2017/directory.csv")
            desk = Desk(folder)
            desk.open()
            note = test(line, desk)
            errors = desk.errors()
            assert not errors, errors
            print(f"ok   {test.__name__.replace('_', ' ')} ({time.monotonic() - began:.1f} s)" + (f": {note}" if note else ""), flush=True)
        except Exception:
            failed += 1
            print(f"FAIL {test.__name__}", flush=True)
            traceback.print_exc()
            if desk and os.environ.get("LUGN_PICTURES"):
                desk.browser.save_screenshot(os.environ["LUGN_PICTURES"] + f"/{test.__name__}.png")
        finally:
            if desk:
                desk.close()
            line.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
