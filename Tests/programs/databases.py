"""PostgreSQL servers, lugn-servers on them, and what stands between: for tests with real programs. Everything ends with the
program that uses it, and listens on this machine only."""

import atexit
import glob
import os
import pwd
import random
import select
import shutil
import socket
import subprocess
import threading
import time

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
POSTGRES = sorted(glob.glob("/usr/lib/postgresql/*/bin"))[-1]


def as_database_user(*command):
    """As root, PostgreSQL's programs run as another user."""
    if os.getuid() != 0:
        return list(command)
    user = "postgres" if any(one.pw_name == "postgres" for one in pwd.getpwall()) else "nobody"
    group = str(pwd.getpwnam(user).pw_gid)
    return ["setpriv", f"--reuid={user}", f"--regid={group}", "--clear-groups", *command]


class Database:
    """One PostgreSQL server in a folder."""

    def __init__(self, folder, port=None):
        self.folder = folder
        self.port = port
        self.process = None

    def start(self, *settings):
        environment = dict(os.environ)
        self.settings = settings
        if self.port:
            settings += ("listen_addresses=127.0.0.1", f"port={self.port}")
            environment["PGPORT"] = str(self.port)
        self.process = subprocess.Popen(
            [f"{ROOT}/Tests/support/postgresql.sh", self.folder, *settings],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=ROOT, env=environment)
        line = self.process.stdout.readline()
        assert line == b"ready\n", f"PostgreSQL in {self.folder} does not start"

    def stop(self):
        """Stops in order."""
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process = None

    def kill(self):
        """Dies as it does when a machine dies: nothing is written any more."""
        with open(f"{self.folder}/data/postmaster.pid") as file:
            postmaster = int(file.readline())
        children = subprocess.run(
            ["ps", "-o", "pid=", "--ppid", str(postmaster)], capture_output=True, text=True).stdout.split()
        for process in [str(postmaster), *children]:
            subprocess.run(["kill", "-9", process], stderr=subprocess.DEVNULL)
        self.stop()
        for name in ["data/postmaster.pid", ".s.PGSQL.5432", ".s.PGSQL.5432.lock"]:
            if os.path.exists(f"{self.folder}/{name}"):
                os.remove(f"{self.folder}/{name}")

    def sql(self, text):
        result = subprocess.run(
            [f"{POSTGRES}/psql", "-h", self.folder, "-U", "lugn", "-d", "postgres", "-qAtc", text],
            capture_output=True, text=True, env=dict(os.environ, PGPORT=str(self.port or 5432)))
        assert result.returncode == 0, result.stderr
        return result.stdout.strip()

    def copy_from(self, other, standby):
        """A base backup of another one; as its standby, or to stand by itself."""
        shutil.rmtree(self.folder, ignore_errors=True)
        os.makedirs(self.folder)
        os.chmod(self.folder, 0o755)
        if os.getuid() == 0:
            user = pwd.getpwnam(as_database_user()[1].split("=")[1])
            os.chown(self.folder, user.pw_uid, user.pw_gid)
        subprocess.run(
            as_database_user(
                f"{POSTGRES}/pg_basebackup", "-h", other.folder, "-U", "lugn", "-D", f"{self.folder}/data",
                "--checkpoint=fast", "--no-sync", *(["-R"] if standby else [])),
            check=True, cwd=self.folder, capture_output=True)

    def promote(self):
        self.sql("SELECT pg_promote()")

    def wait_for_standby(self, is_synchronous):
        for _ in range(200):
            states = self.sql("SELECT sync_state FROM pg_stat_replication WHERE state = 'streaming'").split()
            if states and (not is_synchronous or "sync" in states):
                return
            time.sleep(0.05)
        raise AssertionError("the standby does not follow")


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


def place(store):
    """The options for a database, or for a folder."""
    return ["--store", store] if store.startswith("postgresql://") else ["--data", store]


class Server:
    """One lugn-server."""

    def __init__(self, programs, store, log, *options):
        self.options = options
        self.programs = programs
        self.store = store
        self.log = log
        self.port = 0
        self.process = None
        atexit.register(self.end)

    def start(self):
        with open(self.log, "ab") as log:
            begin = log.tell()
            self.process = subprocess.Popen(
                [f"{self.programs}/lugn-server", "run", *place(self.store), "--listen", f"127.0.0.1:{self.port}",
                 "--log", "error", *self.options], stderr=log)
        for _ in range(400):
            with open(self.log, "rb") as log:
                log.seek(begin)
                for line in log:
                    if line.startswith(b"listening on "):
                        self.port = int(line.rsplit(b":", 1)[1])
                        return
            assert self.process.poll() is None, open(self.log).read()
            time.sleep(0.02)
        raise AssertionError("lugn-server does not listen")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def end(self):
        """Whatever happens, nothing stays behind the test."""
        if self.process and self.process.poll() is None:
            self.process.kill()

    def stop(self):
        if self.process and self.process.poll() is None:
            self.process.terminate()
            self.process.wait()


class Balancer:
    """Passes connections on to one server after the other, and over those that are not there. Cuts some, if told to."""

    def __init__(self, targets, seed=0, cut_after=None):
        self.targets = targets
        self.random = random.Random(seed)
        self.cut_after = cut_after
        self.cuts = 0
        self.turn = 0
        self.listener = socket.create_server(("127.0.0.1", 0), backlog=128)
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def connect(self):
        for _ in self.targets():
            self.turn += 1
            try:
                return socket.create_connection(("127.0.0.1", self.targets()[self.turn % len(self.targets())]))
            except OSError:
                continue
        return None

    def serve(self, client):
        server = self.connect()
        if server is None:
            return client.close()
        left = self.random.randint(*self.cut_after) if self.cut_after else None
        try:
            while True:
                for end in select.select([client, server], [], [])[0]:
                    data = end.recv(65536)
                    if not data:
                        return
                    if left is not None:
                        left -= len(data)
                        if left < 0:
                            # What was read is passed on in half of the cases only: the commit arrives, or its answer, or not.
                            self.cuts += 1
                            if self.random.random() < 0.5:
                                (server if end is client else client).sendall(data)
                                time.sleep(0.01)
                            return
                    (server if end is client else client).sendall(data)
        except OSError:
            pass
        finally:
            for end in [client, server]:
                try:
                    end.shutdown(socket.SHUT_RDWR)
                except OSError:
                    pass
                end.close()
