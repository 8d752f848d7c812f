"""A server, its desks and its operator, as the checks of operations.py use them. All of them real programs."""

import json
import os
import re
import sqlite3
import shutil
import ssl
import subprocess
import time
import sys
import urllib.error
import urllib.request

sys.path.append(os.path.dirname(__file__) + "/../support")
import joining
from signing import Signer

BIN = os.environ["LUGN_TEST_BIN"]
SCRATCH = os.environ["LUGN_TEST_SCRATCH"]
running = []


class Failure(Exception):
    pass


def check(condition, words):
    if not condition:
        raise Failure(words)


def eventually(condition, words, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        found = condition()
        if found:
            return found
        time.sleep(0.03)
    raise Failure(words)


def run(*command, environment=None, code=0):
    """Runs a command to its end, and returns what it printed; standard error too where a code other than 0 is expected."""
    result = subprocess.run(
        command, env={**os.environ, **(environment or {})}, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        timeout=120)
    check(
        result.returncode == code,
        f"{' '.join(command)} ended with {result.returncode} instead of {code}: {result.stdout}{result.stderr}")
    return result.stdout if code == 0 else result.stdout + result.stderr


def refused(words, *command, code=1, environment=None):
    """The command fails with this code, and says these words."""
    said = run(*command, code=code, environment=environment)
    check(words in said, f"{' '.join(command)} did not say '{words}': {said}")


class Server:
    """A lugn-server, its operator, and the line that its first desk founds."""

    def __init__(self, name, *options, line=None):
        self.name, self.options = name, options
        self.data = f"{SCRATCH}/{name}"
        self.port, self.process = 0, None
        self.line_name, self.lead = line or name, None
        self.key = f"{SCRATCH}/{name.replace('/', '-')}.operator"
        self.make()

    def make(self):
        run(f"{BIN}/lugn-server", "init", "--data", self.data, "--operator-key", self.key)

    @property
    def line(self):
        """The line's id."""
        return self.status()["lines"][0]["line"]

    def start(self, *options):
        return self.start_plainly(
            "--data", self.data, "--listen", f"127.0.0.1:{self.port}", "--log", "info", *self.options, *options)

    def start_plainly(self, *options, environment=None):
        """With these options and no others."""
        self.log_path = f"{SCRATCH}/{self.name}.log"
        self.log_file = open(self.log_path, "ab")
        begin = os.path.getsize(self.log_path)
        self.process = subprocess.Popen(
            [f"{BIN}/lugn-server", "run", *options], stderr=self.log_file,
            env={**os.environ, **(environment or {})})
        running.append(self.process)
        listening = re.compile(r"^listening on (https?)://127\.0\.0\.1:(\d+)$", re.M)
        found = eventually(
            lambda: listening.search(self.log()[begin:]) or self.process.poll() is not None,
            "the server does not listen")
        check(found is not True, f"the server ended: {self.log()[begin:]}")
        self.scheme, self.port = found[1], int(found[2])
        return self

    def log(self):
        with open(self.log_path, encoding="utf-8") as file:
            return file.read()

    @property
    def url(self):
        return f"{self.scheme}://127.0.0.1:{self.port}"

    def stop(self):
        self.process.terminate()
        check(self.process.wait(20) == 0, "the server did not end in order")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def lose(self):
        """Its process and its disk are gone."""
        self.kill()
        shutil.rmtree(self.data)

    def command(self, *words, code=0):
        return run(f"{BIN}/lugn-server", *words, "--data", self.data, code=code)

    def refuses(self, said, *words, code=1):
        refused(said, f"{BIN}/lugn-server", *words, "--data", self.data, code=code)

    def admin(self, *words, code=0):
        return run(
            f"{BIN}/lugn-admin", "--server", self.url, *words, environment={"LUGN_OPERATOR_KEY": self.key},
            code=code)

    def directly(self, *words, code=0):
        """What lugn-admin says of the store itself."""
        return run(f"{BIN}/lugn-admin", "--store", self.data, *words, code=code)

    def plant(self, sql, *values):
        """Changes the store of a server that is stopped, as no program of ours would."""
        database = sqlite3.connect(f"{self.data}/log.db")
        with database:
            changed = database.execute(sql, values).rowcount
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        check(changed > 0, f"nothing was planted: {sql}")

    def status(self):
        return json.loads(self.admin("status", "--json"))

    def get(self, path):
        # The certificate is its own; who it is checked by is tested elsewhere.
        trust = ssl._create_unverified_context()
        try:
            urllib.request.urlopen(self.url + "/v2/admin/status", timeout=20, context=trust)
            raise Failure("an operator's door is open to everybody")
        except urllib.error.HTTPError as refusal:
            ticket = refusal.headers["Lugn-Ticket"]
        request = urllib.request.Request(
            self.url + path, headers=Signer.operator(self.key).headers("GET", path, ticket=ticket))
        with urllib.request.urlopen(request, timeout=20, context=trust) as answer:
            return answer.read().decode()

    def desks(self, *names):
        return [Desk(self, name) for name in names]


class Desk:
    """A workstation of the line; operators call it by its name."""

    def __init__(self, server, name):
        self.server, self.name = server, name
        self.data = f"{SCRATCH}/{server.name}-{name}"
        if server.lead is None:
            server.lead = self
            invitation = server.admin("line", "create", server.line_name).split()[0]
            self.id = joining.found(BIN, self.data, invitation, name)
        else:
            self.id = joining.admit(BIN, server.lead.data, self.data, name)
        server.admin("rename", self.id, name)

    def __call__(self, *words, code=0, environment=None):
        return run(
            f"{BIN}/lugn", *words, environment={"LUGN_DATA": self.data, "LUGN_BY": "S1", **(environment or {})}, code=code)

    def sync(self):
        self("sync")

    def write(self, note="a note"):
        """A case with a note; returns its number."""
        number = self("case", "new", "--caller", "relative").strip()
        self("case", "note", number, note)
        return number

    def status(self):
        return json.loads(self("status", "--json"))

    def holds(self, numbers):
        """Whether each of the cases is here, with its note."""
        shown = {case["number"] for case in json.loads(self("case", "list", "--json"))}
        return set(numbers) <= shown


def end_all():
    for process in running:
        if process.poll() is None:
            # In order first: a proxy has processes of its own.
            process.terminate()
            try:
                process.wait(5)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
