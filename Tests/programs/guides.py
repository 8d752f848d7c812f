"""Runs the commands that stand in a guide, and compares what they print with what stands below them.

A block of ```console has lines such as `desk1$ lugn case new …`, each followed by what it prints. What differs from run to
run is compared by what it means:

- A reference number or an id of the guide stands for one of the run, always the same one, and no other stands for it.
- A date of the guide stands for one of the run, always the same one.
- Times of day, days of the week and seconds are not compared; nor is whether the line was open, or is on a day that was
  agreed, for that hangs on when the test runs.

A comment `<!-- guides: server stops -->` or `<!-- guides: server starts -->` does that.
"""

import atexit
import os
import re
import shlex
import signal
import socket
import subprocess
import sys
import time

SCRATCH, BIN = os.environ["LUGN_TEST_SCRATCH"], os.environ["LUGN_TEST_BIN"]
TOKEN = re.compile(
    r"(?P<number>\b\d{3} \d{3}-\d\b|\b\d{4} \d{4,6}-\d\b)|(?P<date>\b\d{4}-\d\d-\d\d\b)|(?P<time>\b\d\d:\d\d\b)"
    r"|(?P<weekday>\b(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday|måndag|tisdag|onsdag|torsdag|fredag|lördag"
    r"|söndag), (?:week|vecka) \d+)"
    r"|(?P<id>\b[0-9a-f]{8}\b)|(?P<age>\b\d+ (?:s|min) (?:ago|sedan))|(?P<open>\b(?:Open|Closed) now\.)"
)
PROMPT = re.compile(r"^(desk[12])\$ (.*)$")
HOURS = re.compile(" (outside hours|utanför öppettid)")
CLOSED = ("The line is closed on that day (", "Linjen är stängd den dagen (")
GUIDE = sys.argv[1]
UPDATES = os.environ.get("LUGN_UPDATE_SNAPSHOTS") == "1"


class Server:
    """The one that guides.sh has started, or the one that followed it."""

    def __init__(self):
        self.pid = int(os.environ["LUGN_TEST_SERVER_PID"])
        self.process = None
        atexit.register(lambda: self.process and self.process.kill())

    def stop(self):
        if self.process:
            self.process.kill()
            self.process.wait()
            return
        os.kill(self.pid, signal.SIGKILL)
        for _ in range(500):
            try:
                os.kill(self.pid, 0)
            except ProcessLookupError:
                return
            time.sleep(0.01)

    def start(self):
        port = os.environ["LUGN_TEST_PORT"]
        self.process = subprocess.Popen(
            [f"{BIN}/lugn-server", "run", "--data", os.environ["LUGN_TEST_SERVER_DATA"], "--listen",
             f"127.0.0.1:{port}", "--log", "error"], stderr=subprocess.DEVNULL)
        for _ in range(500):
            try:
                socket.create_connection(("127.0.0.1", int(port)), 1).close()
                return
            except OSError:
                time.sleep(0.02)
        raise SystemExit("FAILED: the server does not listen")


class Meanings:
    """What numbers, ids and dates of the guide stand for in this run."""

    def __init__(self):
        self.run, self.guide = {}, {}

    def in_run(self, text):
        """A command of the guide as it is to be run."""
        return TOKEN.sub(lambda match: self.run.get(match[0], match[0]), text)

    def in_guide(self, text):
        """A line that was printed, as the guide writes it."""
        return TOKEN.sub(lambda match: self.guide.get(match[0], match[0]), text)

    def agree(self, kind, guide, run):
        if kind in ("time", "age", "open", "weekday"):
            return True
        if self.run.setdefault(guide, run) != run:
            return False
        # Two dates may fall on one; two cases may not have one number.
        return kind == "date" or self.guide.setdefault(run, guide) == guide

    def equal(self, expected, printed):
        expected, printed = (HOURS.sub("", line) for line in (expected, printed))
        left, right = list(TOKEN.finditer(expected)), list(TOKEN.finditer(printed))
        if TOKEN.sub("\0", expected) != TOKEN.sub("\0", printed):
            return False
        return all(
            a.lastgroup == b.lastgroup and self.agree(a.lastgroup, a[0], b[0]) for a, b in zip(left, right))


def run(desk, command):
    words = shlex.split(command)
    if words[0] != "lugn":
        raise SystemExit(f"FAILED: the guide runs something else than lugn: {command}")
    language = "sv_SE.UTF-8" if GUIDE.endswith(".sv.md") else "C.UTF-8"
    environment = dict(os.environ, LC_ALL=language, LUGN_DATA=f"{SCRATCH}/{desk}", LUGN_BY="S" + desk[-1], NO_COLOR="1")
    result = subprocess.run(
        [f"{BIN}/lugn"] + words[1:], env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, text=True)
    return [line for line in result.stdout.splitlines() if not line.startswith(CLOSED)]


def main():
    path = GUIDE
    lines = open(path, encoding="utf-8").read().split("\n")
    server, meanings, written, failures, count = Server(), Meanings(), [], [], 0
    index, in_block = 0, False
    while index < len(lines):
        line = lines[index]
        index += 1
        written.append(line)
        if line.startswith("```"):
            in_block = line == "```console" and not in_block
        if line == "<!-- guides: server stops -->":
            server.stop()
        elif line == "<!-- guides: server starts -->":
            server.start()
        prompt = PROMPT.match(line) if in_block else None
        if not prompt:
            continue
        command = prompt[2]
        while command.endswith("\\"):
            command = command[:-1].rstrip() + " " + lines[index].strip()
            written.append(lines[index])
            index += 1
        expected = []
        while not lines[index].startswith("```") and not PROMPT.match(lines[index]):
            expected.append(lines[index])
            index += 1
        printed = run(prompt[1], meanings.in_run(command))
        count += 1
        # All of them, for what each line names; the first difference does not hide what comes after it.
        same = [meanings.equal(*pair) for pair in zip(expected, printed)]
        equal = len(expected) == len(printed) and all(same)
        if UPDATES:
            # What the guide called something stays its name; what is new is called what it was in this run.
            for text in printed:
                meanings.equal(meanings.in_guide(text), text)
            written += expected if equal else [HOURS.sub("", meanings.in_guide(text)) for text in printed]
        elif not equal:
            failures.append((command, expected, printed))
    for command, expected, printed in failures:
        print(f"$ {command}", *(f"  guide: {text}" for text in expected), *(f"  run:   {text}" for text in printed),
              sep="\n", file=sys.stderr)
    if UPDATES:
        open(path, "w", encoding="utf-8").write("\n".join(written))
    if failures:
        raise SystemExit(f"FAILED: {len(failures)} of {count} commands of {os.path.basename(path)} print something else")
    if count == 0:
        raise SystemExit(f"FAILED: {os.path.basename(path)} has no commands")
    print(f"{os.path.basename(path)}: {count} commands print what it says")


main()
