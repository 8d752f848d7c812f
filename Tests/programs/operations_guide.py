"""Runs the commands of docs/operations.md, in their order, and compares what they print with what stands below them.

Folders, the server's address and systemctl are those of the test. Numbers, times, ids and secrets differ from run to run and
stand for each other; what `…` stands for is not compared. LUGN_UPDATE_SNAPSHOTS=1 writes what is printed into the document."""

import os
import re
import shlex
import subprocess
import time

from operations_support import BIN, SCRATCH, Failure, Server, check, eventually, running

GUIDE = "docs/operations.md"
PROMPT = re.compile(r"^(server|operator|desk[12])\$ (.*)$")
SECRETS = {
    # A public key; the operator's invitation, and a lead's.
    "7D2K…": re.compile(r"\b[0-9A-Z]{58}\b"),
    "000…": re.compile(r"\b000[0-9A-Z]{62,}\b"),
    "04…": re.compile(r"\b04[0-9A-Z]{62,}\b"),
    "0123456789abcdef…": re.compile(r"\b[0-9a-f]{32}\b"),
    "0123456789abcdef": re.compile(r"\b[0-9a-f]{16}\b"),
}
SHEET = re.compile(r" {4}[0-9A-Z]{5}(?: [0-9A-Z]{5})*")
DIGITS = re.compile(r"^Read these digits out to the lead: (\d{3} \d{3})$", re.M)


class Guide:
    def __init__(self):
        self.root = f"{SCRATCH}/guide"
        for folder in ("var/lib", "var/backups/lugn", "etc/lugn", "desks"):
            os.makedirs(f"{self.root}/{folder}")
        with open("Examples/systemd/server.conf", encoding="utf-8") as file:
            settings = file.read()
        # As it is shipped, but for the certificate, the port, and backups that come when nobody expects them.
        settings = re.sub(r"^(tls-|backup-).*\n", "", settings, flags=re.M)
        settings = settings.replace("0.0.0.0:7480", "127.0.0.1:0")
        self.settings = f"{self.root}/etc/lugn/server.conf"
        with open(self.settings, "w", encoding="utf-8") as file:
            file.write(settings.replace("/var/lib/lugn", f"{self.root}/var/lib/lugn"))
        self.server = Server.__new__(Server)
        self.server.name, self.server.options, self.server.port = "guide-server", (), 0
        self.server.data, self.server.process = f"{self.root}/var/lib/lugn", None
        self.known = {}
        self.joining = self.said = None

    def here(self, text):
        for folder in ("/var/lib/lugn", "/var/backups/lugn", "/etc/lugn"):
            text = re.sub(rf"(?<!\S){folder}", self.root + folder, text)
        text = text.replace("https://sync.example.org:7480", f"http://127.0.0.1:{self.server.port}")
        for name, value in self.known.items():
            text = re.sub(re.escape(name) + r"(?!…)", value, text)
        if "123 456" in text:
            text = text.replace("123 456", eventually(lambda: DIGITS.search(self.waiting()), "no digits are shown")[1])
        return text

    def waiting(self):
        """What a desk that asks to be let in has said so far."""
        with open(self.said, encoding="utf-8") as file:
            return file.read()

    def there(self, line):
        """A line that was printed, as the guide writes it."""
        line = line.replace(self.root, "").replace(f"http://127.0.0.1:{self.server.port}", "https://sync.example.org:7480")
        for name, pattern in SECRETS.items():
            line = pattern.sub(name, line)
        if SHEET.fullmatch(line):
            line = re.sub(r"\w+", "XXXXX", line)
        return line.rstrip()

    def run(self, who, command):
        words = shlex.split(self.here(command))
        environment = {**os.environ, "LUGN_SERVER_SETTINGS": self.settings, "NO_COLOR": "1",
                       "LUGN_SERVER": f"http://127.0.0.1:{self.server.port}"}
        if words[0] == "systemctl":
            return self.manage(words[1:])
        if words[0] == "apt":
            with open("Examples/packaging/build-deb.sh", encoding="utf-8") as file:
                check("lugn-server" in file.read(), "there is no such package")
            return []
        if words[0] == "export":
            name, value = words[1].split("=", 1)
            os.environ[name] = value
            return []
        check(words[0] in ("lugn-server", "lugn-admin", "lugn", "mv", "rm"), f"who would run {command}")
        if words[0].startswith("lugn"):
            words[0] = f"{BIN}/{words[0]}"
        if who.startswith("desk"):
            environment.update(LUGN_DATA=f"{self.root}/desks/{who}", LUGN_BY="S" + who[-1])
        if words[-1] == "&":
            return self.ask(words[:-1], environment)
        if who == "desk2" and self.joining:
            check(self.joining.wait(60) == 0, self.waiting())
        result = subprocess.run(
            words, env=environment, cwd=f"{self.root}/desks", stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True, timeout=60)
        for name, pattern in SECRETS.items():
            found = re.findall(rf'"line":"({pattern.pattern})"', result.stdout) or pattern.findall(result.stdout)
            if found:
                self.known[name] = found[-1]
        return result.stdout.splitlines()

    def ask(self, words, environment):
        """A desk asks to be let in, and waits for the lead."""
        self.said = f"{self.root}/joining"
        with open(self.said, "w", encoding="utf-8") as said:
            self.joining = subprocess.Popen(
                words, env=environment, cwd=f"{self.root}/desks", stdout=said, stderr=subprocess.STDOUT)
        running.append(self.joining)
        eventually(lambda: "Waiting" in self.waiting() or self.joining.poll() is not None, "the desk says nothing")
        return self.waiting().splitlines()

    def manage(self, words):
        verb = next(word for word in words if not word.startswith("-"))
        check(words[-1] == "lugn-server", "another service is meant")
        if verb in ("stop", "restart"):
            self.server.stop()
        if verb in ("start", "restart", "enable"):
            self.start()
        if verb == "reload":
            self.server.process.send_signal(1)
        return []

    def start(self):
        # By its settings alone, as the unit does; but on the port that it had, which the workstations know.
        port = self.server.port
        self.server.data = f"{self.root}/var/lib/lugn"
        with open(self.settings, encoding="utf-8") as file:
            settings = file.read()
        with open(self.settings, "w", encoding="utf-8") as file:
            file.write(re.sub(r"127\.0\.0\.1:\d+", f"127.0.0.1:{port}", settings))
        os.environ["LUGN_SERVER_SETTINGS"] = self.settings
        self.server.start_plainly()


def same(expected, printed):
    def meaning(line):
        line = re.sub(r"\b(?=[0-9a-f]*\d)[0-9a-f]{8,}\b", "0", line)
        line = re.sub(r"-?\d+(?:[.:-]\d+)*", "0", line)
        line = re.sub(r"0 (bytes|KB|MB|GB|TB|s|min|h|d)\b", "0 U", line)
        return re.sub(r"\s+", " ", line).strip()
    pattern = re.escape(meaning(expected)).replace("…", ".*")
    return re.fullmatch(pattern, meaning(printed)) is not None


def guide():
    """Every command of docs/operations.md does what it says."""
    with open(GUIDE, encoding="utf-8") as file:
        lines = file.read().split("\n")
    book, written, failures, count, index, in_block = Guide(), [], [], 0, 0, False
    kept = dict(os.environ)
    try:
        while index < len(lines):
            line = lines[index]
            index += 1
            written.append(line)
            if line.startswith("```"):
                in_block = line == "```console" and not in_block
            prompt = PROMPT.match(line) if in_block else None
            if not prompt:
                check(not in_block or line.startswith("```"), f"a line of a block belongs to no command: {line}")
                continue
            expected = []
            while not lines[index].startswith("```") and not PROMPT.match(lines[index]):
                expected.append(lines[index])
                index += 1
            fits = lambda: len(expected) == len(printed) and all(same(*pair) for pair in zip(expected, printed))
            printed = [book.there(text) for text in book.run(prompt[1], prompt[2])]
            # A status is a moment old: a server reads it anew at most now and then.
            for _ in range(50 if prompt[2].startswith("lugn-admin status") else 0):
                if fits():
                    break
                time.sleep(0.1)
                printed = [book.there(text) for text in book.run(prompt[1], prompt[2])]
            count += 1
            if fits():
                written += expected
            else:
                written += printed
                failures.append(f"{line}\n  guide: {expected}\n  run:   {printed}")
    finally:
        os.environ.clear()
        os.environ.update(kept)
    if os.environ.get("LUGN_UPDATE_SNAPSHOTS") == "1":
        with open(GUIDE, "w", encoding="utf-8") as file:
            file.write("\n".join(written))
    elif failures:
        raise Failure(f"{len(failures)} of {count} commands print something else:\n" + "\n".join(failures))
    check(count >= 30, "the guide has hardly any commands")


CHECKS = [guide]
