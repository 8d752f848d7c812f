"""A smoke run in Firefox: a call from greeting to closing by keyboard, and every shortcut."""

import sys
import time
import traceback

from call_scenarios import a_call_from_greeting_to_closing
from firefox import Firefox, FirefoxDesk
from key_scenarios import every_shortcut_reaches_the_page
from line import Line


def main():
    failed = 0
    browser = Firefox()
    try:
        for test in [a_call_from_greeting_to_closing, every_shortcut_reaches_the_page]:
            began = time.monotonic()
            line = Line()
            desk = None
            try:
                desk = FirefoxDesk(line.desk_folder(1), browser=browser)
                desk.open()
                note = test(line, desk)
                print(f"ok   {test.__name__.replace('_', ' ')}, in Firefox {browser.version()} ({time.monotonic() - began:.1f} s): {note}", flush=True)
            except Exception:
                failed += 1
                print(f"FAIL {test.__name__} in Firefox", flush=True)
                traceback.print_exc()
            finally:
                if desk:
                    desk.stop()
                line.close()
    finally:
        browser.quit()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
