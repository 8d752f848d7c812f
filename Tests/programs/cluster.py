#!/usr/bin/env python3
"""lugn-server on PostgreSQL beyond one machine, with real programs: several servers behind a balancer, failovers, backups
that are put back, connections that are cut. What a sync has confirmed is found again, once, by a workstation that joins last.

  Tests/programs/cluster.py SCENARIO [COUNT] [SEED]      SCENARIO: servers, failover, behind, putback, cuts, move, operators; or all
"""

import itertools
import json
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request

from databases import ROOT, Balancer, Database, Server, as_database_user, free_port, place


class Site:
    """Desks, and what was confirmed to them."""

    def __init__(self, programs, folder):
        self.programs = programs
        self.folder = folder
        self.confirmed = []
        self.lock = threading.Lock()
        self.url = None
        self.desks = []
        self.case = None

    def run(self, *command, desk=None, check=True, env=None):
        environment = dict(os.environ, LC_ALL="C.UTF-8", LUGN_OPERATOR_KEY=f"{self.folder}/operator.key", **(env or {}))
        if desk:
            environment.update(LUGN_DATA=f"{self.folder}/{desk}", LUGN_BY="S1")
        result = subprocess.run(
            [f"{self.programs}/{command[0]}", *command[1:]], capture_output=True, text=True, env=environment, timeout=120)
        assert not check or result.returncode == 0, f"{command}: {result.stderr}"
        return result

    def begin(self, store, url):
        self.run("lugn-server", "init", *place(store), "--operator-key", f"{self.folder}/operator.key")
        self.url = url

    def sql_file(self, database, path):
        # The cluster's own superuser is named as the role is in the file.
        text = open(path).read().replace("ROLE lugn ", "ROLE lugn_server ").replace("TO lugn;", "TO lugn_server;")
        text = text.replace("AUTHORIZATION lugn;", "AUTHORIZATION lugn_server;")
        subprocess.run(
            ["psql", "-h", database.folder, "-U", "lugn", "-d", "postgres", "-v", "ON_ERROR_STOP=1", "-q"],
            input=text, text=True, check=True, env=dict(os.environ, PGPORT=str(database.port)))

    def admin(self, *command):
        return self.run("lugn-admin", "--server", self.url, *command).stdout

    def join(self, name):
        if self.desks:
            self.admit(name)
        else:
            founding = self.admin("line", "create", "Test").strip().splitlines()[-1]
            self.run("lugn", "join", founding, "--name", name, desk=name)
        self.desks.append(name)
        if self.case is None:
            self.case = self.run("lugn", "case", "new", "--caller", "relative", desk=name).stdout.strip()
        self.run("lugn", "sync", desk=name)

    def admit(self, name):
        """A desk asks to be let in, and the lead's desk types the digits that it shows."""
        lead = self.desks[0]
        invited = json.loads(self.run("lugn", "invite", "--json", desk=lead).stdout)
        environment = dict(os.environ, LC_ALL="C.UTF-8", LUGN_DATA=f"{self.folder}/{name}", LUGN_BY="S1")
        said = f"{self.folder}/joining-{name}"
        with open(said, "w") as output:
            joining = subprocess.Popen(
                [f"{self.programs}/lugn", "join", invited["invitation"], "--name", name],
                stdout=output, stderr=output, env=environment)
        for _ in range(300):
            digits = re.search(r"Read these digits out to the lead: (.*)", open(said).read())
            if digits:
                break
            assert joining.poll() is None, open(said).read()
            self.run("lugn", "admit", desk=lead, check=False)
            time.sleep(0.1)
        self.run("lugn", "admit", digits[1].strip(), "--invitation", invited["id"], desk=lead)
        assert joining.wait(60) == 0, open(said).read()

    def remove(self, name):
        """The lead lets a desk out: no server lets it in again, whichever it asks, and whichever was told."""
        self.run("lugn", "devices", "remove", name, desk=self.desks[0])
        self.desks.remove(name)
        time.sleep(1.2)
        for _ in range(6):
            refused = self.run("lugn", "sync", desk=name, check=False)
            assert refused.returncode != 0 and "out of the line" in refused.stderr, refused.stderr

    def note(self, desk, text):
        """Written, sent, and told that it is there: only then it counts as confirmed. Returns whether it was."""
        self.run("lugn", "case", "note", self.case, text, desk=desk)
        if self.run("lugn", "sync", desk=desk, check=False).returncode != 0:
            return False
        with self.lock:
            self.confirmed.append(text)
        return True

    def check(self, *, all_equal=True):
        """Everything that was confirmed is there once, at a desk that has only what the server has."""
        self.join("last")
        shown = self.run("lugn", "case", "show", self.case, desk="last").stdout
        for text in self.confirmed:
            assert shown.count(text) == 1, f"{text} is there {shown.count(text)} times"
        if all_equal:
            for _ in range(2):
                for desk in self.desks:
                    self.run("lugn", "sync", desk=desk)
            states = [json.loads(self.run("lugn", "status", "--json", desk=desk).stdout) for desk in self.desks]
            assert len({state["fingerprint"] for state in states}) == 1, "the desks differ"
            assert all(state["verified"] and state["pending"] == 0 for state in states), states
        assert json.loads(self.admin("verify", "--json"))["verified"], "the store is damaged"


class Writer(threading.Thread):
    """A desk that writes and syncs until it is told to stop; what was refused is sent again with the next."""

    numbers = itertools.count(1)

    def __init__(self, site, desk):
        super().__init__(daemon=True)
        self.site, self.desk = site, desk
        self.isStopped = False
        self.error = None
        self.unconfirmed = []

    def run(self):
        try:
            while not self.isStopped:
                text = f"note-{self.desk}-{next(Writer.numbers)}."
                if self.site.note(self.desk, text):
                    # A sync sends all that is there.
                    with self.site.lock:
                        self.site.confirmed += self.unconfirmed
                    self.unconfirmed = []
                else:
                    self.unconfirmed.append(text)
        except Exception as error:  # noqa: BLE001: told by whoever waits
            self.error = error

    def stop(self):
        self.isStopped = True
        self.join()
        if self.error:
            raise self.error


def writing(site, desks):
    writers = [Writer(site, desk) for desk in desks]
    for writer in writers:
        writer.start()
    return writers


def logs(site):
    return "".join(open(f"{site.folder}/{name}").read() for name in os.listdir(site.folder) if name.endswith(".log"))


def servers(site, count, chance):
    """Three servers on one database: any desk, any server, and they die under load."""
    database = Database(f"{site.folder}/database")
    database.start("fsync=off")
    store = f"postgresql://lugn@/postgres?host={database.folder}"
    balancer = Balancer(lambda: [server.port for server in running])
    site.begin(store, f"http://127.0.0.1:{balancer.port}")
    running = [Server(site.programs, store, f"{site.folder}/server{n}.log") for n in range(3)]
    for server in running:
        server.start()
    for name in ["one", "two", "three"]:
        site.join(name)
    writers = writing(site, site.desks)
    for _ in range(count):
        time.sleep(chance.uniform(0.1, 0.8))
        victim = chance.choice(running)
        victim.kill()
        time.sleep(chance.uniform(0, 0.3))
        victim.start()
    for writer in writers:
        writer.stop()
    site.remove("three")
    site.check()
    assert "line-went-back" not in logs(site)
    for server in running:
        server.stop()
    database.stop()
    return f"{count} servers killed"


def failover(site, count, chance):
    """A primary and its synchronous standby: one dies, the other is promoted, again and again."""
    nodes = [Database(f"{site.folder}/node{n}") for n in range(2)]
    nodes[0].start("fsync=off")
    store = "postgresql://lugn@/postgres?host=" + ",".join(node.folder for node in nodes)
    server = Server(site.programs, store, f"{site.folder}/server.log")
    site.begin(store, "")
    server.start()
    site.url = f"http://127.0.0.1:{server.port}"
    for name in ["one", "two"]:
        site.join(name)

    def follow(primary, standby):
        standby.copy_from(primary, standby=True)
        standby.start("fsync=off")
        primary.sql("ALTER SYSTEM SET synchronous_standby_names = '*'")
        primary.sql("SELECT pg_reload_conf()")
        primary.wait_for_standby(is_synchronous=True)

    longest = 0
    writers = []
    for round in range(count):
        primary, standby = nodes[round % 2], nodes[1 - round % 2]
        follow(primary, standby)
        writers = writing(site, site.desks[:2])
        time.sleep(chance.uniform(0.3, 1.2))
        primary.kill()
        began = time.monotonic()
        standby.sql("ALTER SYSTEM SET synchronous_standby_names = ''")
        standby.sql("SELECT pg_reload_conf()")
        standby.promote()
        # Each try is a note of its own: one that was written and not sent goes with the next.
        tries = 0
        while not site.note("one", f"probe-{round}-{tries}."):
            tries += 1
            assert time.monotonic() - began < 30, "service is not back"
        longest = max(longest, time.monotonic() - began)
        for writer in writers:
            writer.stop()
    site.check()
    assert "line-went-back" not in logs(site), "a synchronous standby lacked something"
    server.stop()
    for node in nodes:
        node.stop()
    assert longest <= 10, f"{longest:.1f} s without service"
    return f"{count} failovers, service back within {longest:.1f} s"


def behind(site, count, chance):
    """A standby that lacks the last commits is promoted while the server lives on: it notices, and desks bring them back."""
    nodes = [Database(f"{site.folder}/node{n}") for n in range(2)]
    nodes[0].start("fsync=off")
    store = "postgresql://lugn@/postgres?host=" + ",".join(node.folder for node in nodes)
    server = Server(site.programs, store, f"{site.folder}/server.log")
    site.begin(store, "")
    server.start()
    site.url = f"http://127.0.0.1:{server.port}"
    for name in ["one", "two"]:
        site.join(name)
    for round in range(count):
        primary, standby = nodes[round % 2], nodes[1 - round % 2]
        standby.copy_from(primary, standby=True)
        standby.start("fsync=off")
        primary.wait_for_standby(is_synchronous=False)
        for _ in range(chance.randint(1, 3)):
            assert site.note("one", f"before-{round}-{len(site.confirmed)}.")
        standby.sql("ALTER SYSTEM SET primary_conninfo = 'host=/nowhere'")
        standby.sql("SELECT pg_reload_conf()")
        while primary.sql("SELECT count(*) FROM pg_stat_replication") != "0":
            time.sleep(0.05)
        for _ in range(chance.randint(1, 3)):
            assert site.note(chance.choice(["one", "two"]), f"lost-{round}-{len(site.confirmed)}.")
        primary.kill()
        standby.promote()
        while not site.note("two", f"after-{round}-{len(site.confirmed)}."):
            pass
        site.run("lugn", "sync", desk="one")
    assert logs(site).count("line-went-back") >= count, "the server did not notice"
    site.check()
    server.stop()
    for node in nodes:
        node.stop()
    return f"{count} standbys promoted that lacked commits"


def putback(site, count, chance):
    """A base backup is restored, or a copy of the stopped database put back, while the server lives on."""
    database = Database(f"{site.folder}/database")
    backup = Database(f"{site.folder}/backup")
    database.start("fsync=off")
    store = f"postgresql://lugn@/postgres?host={database.folder}"
    server = Server(site.programs, store, f"{site.folder}/server.log")
    site.begin(store, "")
    server.start()
    site.url = f"http://127.0.0.1:{server.port}"
    for name in ["one", "two"]:
        site.join(name)
    for round in range(count):
        assert site.note("one", f"before-{round}.")
        if round % 2 == 0:
            backup.copy_from(database, standby=False)
        else:
            database.stop()
            shutil.rmtree(backup.folder, ignore_errors=True)
            subprocess.run(["cp", "-a", database.folder, backup.folder], check=True)
            database.start("fsync=off")
        while not site.note("one", f"lost-{round}."):
            pass
        database.stop()
        shutil.rmtree(database.folder)
        subprocess.run(["cp", "-a", backup.folder, database.folder], check=True)
        database.start("fsync=off")
        while not site.note("two", f"after-{round}."):
            pass
        site.run("lugn", "sync", desk="one")
    assert logs(site).count("line-went-back") >= count, "the server did not notice"
    site.check()
    server.stop()
    database.stop()
    return f"{count} backups put back"


def cuts(site, count, chance):
    """Connections to the database are cut anywhere, also between a commit and its answer."""
    database = Database(f"{site.folder}/database", free_port())
    database.start("fsync=off")
    way = Balancer(lambda: [database.port], seed=chance.random())
    store = f"postgresql://lugn@127.0.0.1:{way.port}/postgres?sslmode=disable"
    server = Server(site.programs, store, f"{site.folder}/server.log")
    site.begin(store, "")
    server.start()
    site.url = f"http://127.0.0.1:{server.port}"
    for name in ["one", "two", "three"]:
        site.join(name)
    way.cut_after = (2_000, 60_000)
    writers = writing(site, site.desks)
    while way.cuts < count:
        time.sleep(0.2)
    way.cut_after = None
    for writer in writers:
        writer.stop()
    time.sleep(0.5)
    site.check()
    assert "line-went-back" not in logs(site)
    server.stop()
    database.stop()
    return f"{way.cuts} connections cut"


def move(site, count, chance):
    """From a folder to a database and back, with a move that is killed on its way: workstations notice nothing."""
    folder, database = f"{site.folder}/folder", Database(f"{site.folder}/database")
    database.start("fsync=off")
    store = f"postgresql://lugn@/postgres?host={database.folder}"
    site.begin(folder, "")
    server = Server(site.programs, folder, f"{site.folder}/server.log")
    server.start()
    site.url = f"http://127.0.0.1:{server.port}"
    for name in ["one", "two"]:
        site.join(name)
    for number in range(20):
        assert site.note(chance.choice(["one", "two"]), f"folder-{number}.")
    command = ["lugn-server", "move", "--from", f"sqlite:{folder}", "--to", store]
    refused = site.run(*command, check=False)
    assert refused.returncode != 0 and "works on this store" in refused.stderr, refused.stderr
    server.stop()
    for _ in range(count):
        moving = subprocess.Popen([f"{site.programs}/lugn-server", *command[1:]], stderr=subprocess.PIPE)
        time.sleep(chance.uniform(0, 0.15))
        moving.kill()
        moving.communicate()
        if moving.returncode == 0:
            break
        refused = site.run("lugn-server", "operator", "list", "--store", store, check=False)
        assert refused.returncode != 0, "a half-moved store is taken for one"
    else:
        site.run(*command)
    server.store = store
    server.start()
    for number in range(10):
        assert site.note(chance.choice(["one", "two"]), f"database-{number}.")
    busy = site.run("lugn-server", "move", "--from", store, "--to", f"sqlite:{site.folder}/back", check=False)
    assert busy.returncode != 0 and "a server works on this database" in busy.stderr, busy.stderr
    server.stop()
    time.sleep(16)
    site.run("lugn-server", "move", "--from", store, "--to", f"sqlite:{site.folder}/back")
    server.store = f"{site.folder}/back"
    server.start()
    site.check()
    server.stop()
    database.stop()
    assert " heal " not in logs(site), "somebody had to heal"
    return "moved there and back"


def operators(site, count, chance):
    """What an operator asks and does, on a database over TLS, with a role that may do no more than it must."""
    database = Database(f"{site.folder}/database", free_port())
    database.start("fsync=off")
    site.sql_file(database, f"{ROOT}/Examples/postgresql/lugn-role.sql")
    database.sql("ALTER ROLE lugn_server PASSWORD 'secret of the test'")
    database.stop()
    certificate(site, database)
    with open(f"{database.folder}/data/pg_hba.conf", "w") as rules:
        rules.write("local all lugn trust\nhostssl lugn lugn_server 127.0.0.1/32 scram-sha-256\n")
    database.start(
        "fsync=off", "ssl=on", f"ssl_cert_file={database.folder}/server.crt", f"ssl_key_file={database.folder}/server.key")
    with open(f"{site.folder}/pgpass", "w") as password:
        password.write("localhost:*:*:lugn_server:secret of the test\n")
    os.chmod(f"{site.folder}/pgpass", 0o600)
    store = (
        f"postgresql://lugn_server@localhost:{database.port}/lugn?sslmode=verify-full&sslrootcert={site.folder}/ca.crt"
        f"&passfile={site.folder}/pgpass")
    other = store.replace("ca.crt", "other.crt")
    refused = site.run("lugn-server", "operator", "list", "--store", other, check=False)
    assert refused.returncode != 0 and "certificate" in refused.stderr, refused.stderr
    refused = site.run("lugn-server", "operator", "list", "--store", store.replace("pgpass", "none"), check=False)
    assert refused.returncode != 0 and "refused the user or the password" in refused.stderr, refused.stderr
    refused = site.run("lugn-server", "operator", "list", "--store", store, check=False)
    assert refused.returncode != 0 and "no store yet" in refused.stderr, refused.stderr
    site.begin(store, "")
    port = free_port()
    server = Server(site.programs, store, f"{site.folder}/server.log", "--metrics-listen", f"127.0.0.1:{port}")
    server.start()
    site.url = f"http://127.0.0.1:{server.port}"
    for name in ["one", "two"]:
        site.join(name)
    assert site.note("one", "a note.")
    without_database(site, database, f"http://127.0.0.1:{port}/metrics")
    ask_operators_questions(site)
    server.stop()
    database.stop()
    return "every question answered"


def without_database(site, database, metrics):
    """The database is away: that is told, nothing waits for it that need not, and it is found again."""
    def figure(name):
        text = urllib.request.urlopen(metrics, timeout=20).read().decode()
        return int(re.search(rf"^{name} (\d+)$", text, re.MULTILINE)[1])

    assert figure("lugn_store_connections") > 0 and figure("lugn_store_connections_limit") == 10
    assert figure("lugn_store_connections_busy") <= 10 and figure("lugn_store_waiting_work") == 0
    failed = figure("lugn_store_connections_failed_total")
    settings = database.settings
    database.stop()
    refused = site.run("lugn", "sync", desk="one", check=False)
    assert refused.returncode != 0
    for _ in range(20):
        began = time.monotonic()
        urllib.request.urlopen(site.url + "/healthz", timeout=5)
        assert time.monotonic() - began < 0.5, "who asks whether it is alive waits for the database"
    for _ in range(100):
        try:
            urllib.request.urlopen(site.url + "/readyz", timeout=20)
        except urllib.error.HTTPError as error:
            assert error.code == 503 and b"database" in error.read()
            break
        # What it found a moment ago it does not look for again.
        time.sleep(0.1)
    else:
        raise AssertionError("ready without a database")
    database.start(*settings)
    began = time.monotonic()
    while not site.note("one", f"after {time.monotonic()}."):
        assert time.monotonic() - began < 20, "service is not back"
    assert figure("lugn_store_connections_failed_total") > failed


def certificate(site, database):
    """An authority, a certificate for localhost by it, and another authority."""
    def openssl(*words):
        subprocess.run(["openssl", *words], check=True, capture_output=True, cwd=site.folder)

    for name in ["ca", "other"]:
        openssl("req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
                "-subj", f"/CN={name}", "-keyout", f"{name}.key", "-out", f"{name}.crt")
    openssl("req", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-subj", "/CN=localhost",
            "-keyout", "server.key", "-out", "server.csr")
    openssl("x509", "-req", "-in", "server.csr", "-CA", "ca.crt", "-CAkey", "ca.key", "-days", "2", "-out", "server.crt")
    for name in ["server.key", "server.crt"]:
        shutil.move(f"{site.folder}/{name}", f"{database.folder}/{name}")
        if os.getuid() == 0:
            shutil.chown(f"{database.folder}/{name}", as_database_user()[1].split("=")[1])
    os.chmod(f"{database.folder}/server.key", 0o600)


def ask_operators_questions(site):
    status = json.loads(site.admin("status", "--json"))
    assert "Test" in json.dumps(status), status
    devices = json.loads(site.admin("devices", "--json"))
    assert len(devices) == 2, devices
    commits = json.loads(site.admin("log", "--json"))
    commits = commits if isinstance(commits, list) else commits["commits"]
    assert commits, "the log is empty"
    assert "a note" not in site.admin("log")
    site.admin("conflicts")
    site.admin("replicas")
    site.admin("rename", devices[1]["device"], "Second")
    assert "Second" in site.admin("devices")
    assert json.loads(site.admin("verify", "--json"))["verified"]
    site.admin("compact")
    site.admin("audit")
    site.admin("revoke", devices[1]["device"])
    refused = site.run("lugn", "sync", desk="two", check=False)
    blocked = refused if refused.returncode != 0 else site.run("lugn", "sync", desk="one", check=False)
    assert blocked.returncode != 0, "a blocked desk is let in"


SCENARIOS = {"servers": (servers, 10), "failover": (failover, 4), "behind": (behind, 2), "putback": (putback, 2), "cuts": (cuts, 60), "move": (move, 3), "operators": (operators, 1)}


def main():
    names = list(SCENARIOS) if sys.argv[1] == "all" else [sys.argv[1]]
    seed = int(sys.argv[3]) if len(sys.argv) > 3 else random.randrange(1_000_000)
    programs = os.environ.get("LUGN_PROGRAMS") or subprocess.run(
        ["swift", "build", "--show-bin-path"], cwd=ROOT, capture_output=True, text=True, check=True).stdout.strip()
    for name in names:
        scenario, usual = SCENARIOS[name]
        count = int(sys.argv[2]) if len(sys.argv) > 2 else usual
        folder = tempfile.mkdtemp(prefix="lugn-cluster-", dir="/tmp")
        # PostgreSQL's own user has to get to its folder.
        os.chmod(folder, 0o755)
        site = Site(programs, folder)
        began = time.monotonic()
        try:
            words = scenario(site, count, random.Random(seed))
        except BaseException:
            print(f"replay: Tests/programs/cluster.py {name} {count} {seed}; everything is kept in {folder}", file=sys.stderr)
            raise
        print(f"{name}: {words}, {len(site.confirmed)} confirmed notes, none lost or doubled ({time.monotonic() - began:.0f} s)")
        shutil.rmtree(folder)


main()
