#!/usr/bin/env python3
"""What operators do, with the real programs. Run by operations.sh; names as arguments run only those checks."""

import sys
import time
import traceback

import operations_admin
import operations_desk
import operations_guide
import operations_metrics
import operations_service
import operations_store
from operations_support import end_all

CHECKS = [
    *operations_store.CHECKS, *operations_metrics.CHECKS, *operations_admin.CHECKS, *operations_guide.CHECKS,
    *operations_service.CHECKS, *operations_desk.CHECKS]


def main():
    chosen = [check for check in CHECKS if not sys.argv[1:] or check.__name__ in sys.argv[1:]]
    if not chosen:
        raise SystemExit(f"there is no such check; there are {', '.join(check.__name__ for check in CHECKS)}")
    failed = []
    for check in chosen:
        began = time.monotonic()
        try:
            check()
        except Exception:
            failed.append(check.__name__)
            print(f"FAILED: {check.__name__}: {check.__doc__}", file=sys.stderr)
            traceback.print_exc()
        finally:
            end_all()
        print(f"{check.__name__}: {time.monotonic() - began:.1f} s", flush=True)
    if failed:
        raise SystemExit(f"FAILED: {', '.join(failed)}")
    print(f"operations: {len(chosen)} checks, all as they should be")


main()
