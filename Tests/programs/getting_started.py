"""Runs the commands of a page of first steps, and looks that each prints what stands below it.

Lines of ```console blocks that begin with `$ ` are commands, run by a shell one after the other; ` &` at the end leaves one
running until the page is done. What differs from run to run is written on the page as an example, and means in a command what was
last printed of its kind:

- a word that ends in an ellipsis, such as `04G0…`: the longest word that was printed on a line of its own since;
- six digits such as `123 456`: those that a workstation shows;
- a reference number such as `482 915-1`: the number that was printed.

What is not there yet is waited for, and a question such as `lugn admit` asked again, as a person would.

Each line below a command must be within what it printed, apart from these. The port of the page is replaced by a free one.
"""

import os
import re
import signal
import socket
import subprocess
import sys
import time

GUIDE, BIN = sys.argv[1:]
NUMBER = r"\b\d{3,4} \d{3,6}-\d\b"
DIGITS = r"(?<!\d )\b\d{3} \d{3}\b(?![- ]\d)"
# What stands on the page, and what was printed of the same kind.
KINDS = {r"\b04G0…": r"(?m)^([0-9A-Z]{40,})$", NUMBER: f"({NUMBER})", DIGITS: f"read.*: ({DIGITS})|Read.*: ({DIGITS})"}
WAITING = 150
PORT = "7480"


def blocks(text):
    """The commands of the page, each with the lines that stand below it."""
    commands, inside = [], False
    for line in text.splitlines():
        if line.startswith("```"):
            inside = line == "```console"
        elif inside and line.startswith("$ "):
            commands.append((line[2:], []))
        elif inside:
            commands[-1][1].append(line)
    return commands


class Session:
    def __init__(self):
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = str(free.getsockname()[1])
        self.printed, self.running = "", []
        kept = {name: value for name, value in os.environ.items() if not name.startswith("LC_")}
        self.environment = dict(kept, PATH=f"{BIN}:{os.environ['PATH']}", LANG="C.UTF-8", NO_COLOR="1")
        # The page uses the port that all programs take by themselves.
        self.environment["LUGN_SERVER"] = f"http://127.0.0.1:{self.port}"

    def latest(self, kind):
        """What was last printed of a kind; waited for where a command that runs on has not printed it yet."""
        for _ in range(WAITING):
            printed = self.printed + "".join(open(f"running-{index}").read() for index in range(len(self.running)))
            found = ["".join(match) if isinstance(match, tuple) else match for match in re.findall(KINDS[kind], printed)]
            if found:
                return found[-1]
            time.sleep(0.1)
        sys.exit(f"FAILED: nothing like {kind} was printed")

    def ready(self, command):
        for kind in KINDS:
            if re.search(kind, command):
                command = re.sub(kind, self.latest(kind), command)
        return command.replace(PORT, self.port)

    def run(self, command):
        words = self.ready(command)
        if words.endswith(" &"):
            if words.startswith("lugn-server run") and "--listen" not in words:
                words = words[:-2] + f" --listen 127.0.0.1:{self.port} &"
            log = open(f"running-{len(self.running)}", "w+")
            self.running.append(subprocess.Popen(
                ["bash", "-c", words[:-2]], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True))
            time.sleep(0.2)
            return log.name
        for _ in range(WAITING):
            result = subprocess.run(
                ["bash", "-c", words], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                stderr=subprocess.STDOUT, text=True, timeout=120)
            # The desk that was let in looks once a second whether it has been.
            if "join first" not in result.stdout:
                break
            time.sleep(0.1)
        if result.returncode != 0:
            sys.exit(f"FAILED: {command}: {result.stdout}")
        return result.stdout

    def look(self, command, expected):
        """Runs a command and looks whether all that stands below it was printed, in some seconds."""
        printed = self.run(command)
        for _ in range(WAITING):
            output = open(printed).read() if command.endswith(" &") else printed
            missing = [line for line in expected if not re.search(self.pattern(line), output)]
            if not missing:
                self.printed += output
                return
            time.sleep(0.1)
            if command.endswith(" admit"):
                printed = self.run(command)
            elif not command.endswith(" &"):
                break
        sys.exit(f"FAILED: {command} did not print {missing[0]!r}, but: {output}")

    def pattern(self, line):
        text = re.sub(r"\w*…", r"\\S+", re.escape(line.strip()).replace(PORT, self.port))
        return re.sub(r"\d{3,4}\\ \d{3,6}\\-\d", lambda _: NUMBER, text).replace(r"\ ", r"\s+")

    def end(self):
        for process in self.running:
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGTERM)
            process.wait(20)


def main():
    commands = blocks(open(GUIDE, encoding="utf-8").read())
    if len(commands) != 12:
        sys.exit(f"FAILED: the page says twelve commands, and has {len(commands)}")
    session = Session()
    try:
        for command, expected in commands:
            session.look(command, expected)
    finally:
        session.end()
    print(f"getting started: {len(commands)} commands print what the page says")


main()
