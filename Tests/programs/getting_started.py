"""Runs the commands of a page of first steps, and looks that each prints what stands below it.

Lines of ```console blocks that begin with `$ ` are commands, run by a shell one after the other; ` &` at the end leaves one
running until the page is done. What differs from run to run is written on the page as an example, and means in a command what was
last printed of its kind:

- a long word of digits and capital letters with an ellipsis: an invitation;
- a reference number such as `482 915-1`: the number that was printed;
- six digits such as `123 456`: those that a new desk shows, which it does when a lead has looked who asks.

Each line below a command must be within what it printed, apart from these. The port of the page is replaced by a free one.
"""

import os
import re
import socket
import subprocess
import sys
import time

GUIDE, BIN = sys.argv[1:]
NUMBER = r"\b\d{3,4} \d{3,6}-\d\b"
DIGITS = r"\b\d{3} \d{3}\b(?!-)"
# What stands on the page, and what is printed of the kind.
KINDS = {r"\b[0-9A-Z]{4,}…": r"\b[0-9A-Z]{60,}\b", NUMBER: NUMBER, DIGITS: DIGITS}
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
        self.printed, self.running, self.logs, self.places = "", [], [], []
        self.environment = dict({k: v for k, v in os.environ.items() if not k.startswith("LC_")}, PATH=f"{BIN}:{os.environ['PATH']}", LANG="C.UTF-8", NO_COLOR="1")
        # The page uses the port that all programs take by themselves.
        self.environment["LUGN_SERVER"] = f"http://127.0.0.1:{self.port}"

    def latest(self, example, shape):
        """What was last printed of the kind that an example on the page shows; what still runs may be about to."""
        for _ in range(100):
            said = "".join(open(log, encoding="utf-8").read() for log in self.logs)
            found = re.findall(shape, said if shape == DIGITS else self.printed)
            if found:
                return found[-1]
            time.sleep(0.1)
        sys.exit(f"FAILED: nothing like {example} was printed so far")

    def ready(self, command):
        for kind, shape in KINDS.items():
            command = re.sub(kind, lambda match: self.latest(match[0], shape), command)
        return command.replace(PORT, self.port)

    def run(self, command):
        words = self.ready(command)
        if words.endswith(" &"):
            if words.startswith("lugn-server run") and "--listen" not in words:
                words = words[:-2] + f" --listen 127.0.0.1:{self.port} &"
            log = open(f"running-{len(self.running)}", "w+")
            self.running.append(subprocess.Popen(["bash", "-c", "exec env " + words[:-2]], env=self.environment, stdout=log, stderr=log))
            self.logs.append(log.name)
            self.places.append(self.place(words))
            time.sleep(0.2)
            return log.name
        # Whoever types them waits until the command before has ended at that desk.
        for process, place in zip(self.running, self.places):
            if place and place == self.place(words):
                process.wait(60)
        result = subprocess.run(
            ["bash", "-c", words], env=self.environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
            text=True, timeout=120)
        if result.returncode != 0:
            sys.exit(f"FAILED: {command}: {result.stdout}")
        return result.stdout

    @staticmethod
    def place(words):
        """The desk of a command; nothing for the server."""
        return words.split()[0] if words.startswith("LUGN_DATA=") else ""

    def look(self, command, expected, printed):
        """Whether all that stands below a command was printed; of one that runs on, in some seconds."""
        for _ in range(100):
            output = open(printed).read() if command.endswith(" &") else printed
            missing = [line for line in expected if not re.search(self.pattern(line), output)]
            if not missing:
                self.printed += output
                return
            if not command.endswith(" &"):
                break
            time.sleep(0.1)
        sys.exit(f"FAILED: {command} did not print {missing[0]!r}, but: {output}")

    def pattern(self, line):
        line = re.sub(r"\b[0-9A-Z]{4,}…", "…", line.strip())
        text = re.escape(line).replace(PORT, self.port).replace("…", r"\S+")
        return re.sub(r"\d{3,4}\\ \d{3,6}\\-\d", NUMBER.replace("\\", r"\\"), text).replace(r"\ ", r"\s+")

    def end(self):
        for process in self.running:
            process.terminate()
            process.wait(20)


def main():
    commands = blocks(open(GUIDE, encoding="utf-8").read())
    if len(commands) != 12:
        sys.exit(f"FAILED: the page says twelve commands, and has {len(commands)}")
    session = Session()
    try:
        for command, expected in commands:
            session.look(command, expected, session.run(command))
    finally:
        session.end()
    print(f"getting started: {len(commands)} commands print what the page says")


main()
