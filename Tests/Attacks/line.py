"""A real server, a proxy before it, and real workstations, in a scratch folder."""

import json
import os
import re
import shutil
import sqlite3
import subprocess
import tempfile
import time

import cbor
import joining
from proxy import Proxy, send
from signing import Signer


class Broken(Exception):
    """An attack got through."""


def hold(condition, what):
    if not condition:
        raise Broken(what)


def any_file(folder, needles):
    for path, _, files in os.walk(folder):
        for file in files:
            try:
                data = open(os.path.join(path, file), "rb").read()
            except OSError:
                continue
            for needle in needles:
                if needle in data:
                    return "%s in %s" % (needle, file)
    return None


class Line:
    """The first desk founds it and is its lead; the others are let in."""

    def __init__(self, programs, names, leads=()):
        self.programs = programs
        self.folder = tempfile.mkdtemp(prefix="lugn-attacks-")
        self.log = open(self.folder + "/server.log", "w+", encoding="utf-8")
        self.key = self.folder + "/operator.key"
        self.run_program("lugn-server", "init", "--data", self.folder + "/server", "--operator-key", self.key)
        self.port = 0
        self.start()
        self.proxy = Proxy(self.port)
        self.lead = names[0]
        invitation = self.admin("line", "create", "Test").stdout.strip()
        joining.found(programs, self.desk_folder(names[0]), invitation, names[0])
        for name in names[1:]:
            self.admit(name, lead=name in leads)
        self.id = json.loads(self.lugn(self.lead, "status", "--json").stdout)["line"]

    # The server

    def start(self):
        self.log.seek(0, os.SEEK_END)
        begin = self.log.tell()
        self.server = subprocess.Popen(
            [self.programs + "/lugn-server", "run", "--data", self.folder + "/server", "--listen", "127.0.0.1:%d" % self.port],
            stdout=subprocess.DEVNULL, stderr=self.log, env={**os.environ, "LC_ALL": "C.UTF-8"})
        for _ in range(500):
            with open(self.log.name, encoding="utf-8") as log:
                log.seek(begin)
                found = re.search(r"^listening on http://127\.0\.0\.1:(\d+)$", log.read(), re.M)
            if found:
                self.port = int(found[1])
                return
            assert self.server.poll() is None, "the server ended"
            time.sleep(0.02)
        raise AssertionError("the server does not listen")

    def stop(self):
        self.server.kill()
        self.server.wait()

    def put_back(self, copy):
        """The server's files as they were copied."""
        self.stop()
        shutil.rmtree(self.folder + "/server")
        shutil.copytree(copy, self.folder + "/server")
        self.start()
        self.proxy.target = self.port

    def copy(self):
        """The server's disk, taken while it stands."""
        self.stop()
        copy = tempfile.mkdtemp(prefix="copy-", dir=self.folder) + "/server"
        shutil.copytree(self.folder + "/server", copy)
        self.start()
        self.proxy.target = self.port
        return copy

    def close(self):
        self.proxy.close()
        self.stop()
        self.log.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    # Programs

    def desk_folder(self, name):
        return self.folder + "/" + name

    def run_program(self, program, *words, environment=None, stdin=None):
        return subprocess.run([self.programs + "/" + program, *words], env={**os.environ, "LC_ALL": "C.UTF-8", **(environment or {})},
                              capture_output=True, text=True, timeout=120, input=stdin)

    def admin(self, *words):
        done = self.run_program("lugn-admin", "--server", self.proxy.url, *words, environment={"LUGN_OPERATOR_KEY": self.key})
        assert done.returncode == 0, "lugn-admin %s: %s" % (words, done.stderr)
        return done

    def attempt(self, name, *words, stdin=None):
        """A command of a desk, whatever it ends with."""
        return self.run_program("lugn", *words, stdin=stdin,
                                environment={"LUGN_DATA": self.desk_folder(name), "LUGN_BY": "S1"})

    def lugn(self, name, *words, stdin=None):
        done = self.attempt(name, *words, stdin=stdin)
        assert done.returncode == 0, "%s: lugn %s ended with %d: %s" % (name, words, done.returncode, done.stderr)
        return done

    def admit(self, name, lead=False):
        joining.admit(self.programs, self.desk_folder(self.lead), self.desk_folder(name), name)
        if lead:
            device = next(each["device"] for each in json.loads(self.lugn(self.lead, "devices", "list", "--json").stdout)
                          if each["name"] == name)
            self.lugn(self.lead, "devices", "role", device, "lead")

    def signer(self, name):
        return Signer.device(self.desk_folder(name))

    # Casework

    def new_case(self, name, note):
        number = self.lugn(name, "case", "new", "--caller", "relative").stdout.strip()
        self.lugn(name, "case", "note", number, note)
        return number

    def shown(self, name, number):
        return self.lugn(name, "case", "show", number).stdout

    def sync(self, *names):
        for name in names:
            self.lugn(name, "sync")

    def status(self, name):
        return json.loads(self.lugn(name, "status", "--json").stdout)

    # The server's disk

    def database(self, folder=None):
        folder = folder or self.folder + "/server"
        name = next(each for each in os.listdir(folder) if each.endswith(".db"))
        return sqlite3.connect("%s/%s" % (folder, name))

    # Raw requests

    def ticket_for(self, signer):
        """As the server gives it with the first answer."""
        _, headers, _ = self.raw("GET", "/v2/desks", signer.headers("GET", "/v2/desks"))
        return {name.lower(): value for name, value in headers}.get("lugn-ticket", "")

    def raw(self, method, route, headers, body=b""):
        return send(self.port, method, route, list(headers.items()), body)

    # What the server holds

    def fingerprint(self):
        return json.loads(self.admin("status", "--json").stdout)["lines"][0]["fingerprint"]

    def roster_bytes(self):
        """The server's entries, as it gives them to the lead."""
        signer, route = self.signer(self.lead), "/v2/roster?line=%s&after=0" % self.id
        status, _, answer = self.raw("GET", route, signer.headers("GET", route, b"", self.ticket_for(signer)))
        assert status == 200, answer
        return cbor.whole(answer)[3]

    def roster_count(self):
        return len(self.roster_bytes())
