"""Compares lugn-bench's ratios with thresholds.json. Run by check.sh."""

import json
import os
import pathlib
import subprocess
import sys

FILE = pathlib.Path(__file__).with_name("thresholds.json")
# How much worse than the committed ratio is a failure.
TOLERANCE = 0.25
RUNS, RUNS_AGAIN, RUNS_FOR_UPDATE = 5, 15, 15


def measure(names, rows, runs):
    """The ratio of each workload."""
    command = [os.environ["LUGN_BENCH"], "--json", "--without-peers", "--processor-time", "--rows", str(rows)]
    command += ["--runs", str(runs), "--only", ",".join(names)]
    result = subprocess.run(command, stdout=subprocess.PIPE, check=False)
    if result.returncode != 0:
        sys.exit(f"lugn-bench failed with exit code {result.returncode}: {' '.join(command)}")
    return {workload["name"]: workload["ratio"] for workload in json.loads(result.stdout)["workloads"]}


def change(now, threshold):
    """How much better (above 0) or worse (below 0) than committed, as a share. Sizes are better when smaller."""
    share = now / threshold["ratio"] - 1
    return -share if threshold["better"] == "smaller" else share


def update(document):
    ratios = measure(document["workloads"], document["rows"], RUNS_FOR_UPDATE)
    for name, threshold in document["workloads"].items():
        print(f"{name:18} {threshold['ratio']:.3f} -> {ratios[name]:.3f}")
        threshold["ratio"] = ratios[name]
    FILE.write_text(json.dumps(document, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{FILE.name} is rewritten: commit it with the reason")


def check(document):
    workloads, rows = document["workloads"], document["rows"]
    ratios = measure(workloads, rows, RUNS)
    worse = [name for name in workloads if change(ratios[name], workloads[name]) < -TOLERANCE]
    if worse:
        print(f"once more, with more runs: {', '.join(worse)}", file=sys.stderr)
        ratios |= measure(worse, rows, RUNS_AGAIN)
    failed = []
    for name, threshold in workloads.items():
        share = change(ratios[name], threshold)
        bad = share < -TOLERANCE
        if bad:
            failed.append(name)
        print(
            f"{name:18} {ratios[name]:.3f}, committed {threshold['ratio']:.3f}:"
            f" {abs(share):4.0%} {'better' if share >= 0 else 'worse'}{'  FAILED' if bad else ''}"
        )
    if failed:
        print(
            f"\nFAILED: {', '.join(failed)}: more than {TOLERANCE:.0%} worse than committed, twice.\n"
            f"Run it again: Tests/Benchmarks/check.sh\n"
            f"Look closer:  .build/release/lugn-bench --only {','.join(failed)} --rows {rows}\n"
            f"If it is meant so, commit new ones with the reason: Tests/Benchmarks/check.sh --update"
        )
    else:
        print(f"none is more than {TOLERANCE:.0%} worse than committed")
    return bool(failed)


if __name__ == "__main__":
    thresholds = json.loads(FILE.read_text(encoding="utf-8"))
    if sys.argv[1:] == ["--update"]:
        update(thresholds)
    else:
        sys.exit(check(thresholds))
