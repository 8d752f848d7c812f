"""A real server with a line on it, and the folders of its desks."""

import json
import os
import shutil
import subprocess
import tempfile
import time

from desk import BIN


class Line:
    def __init__(self, name="Lyssnarlinjen"):
        self.folder = tempfile.mkdtemp(prefix="lugn-browser-")
        self.data = self.folder + "/server"
        out = subprocess.run([BIN + "/lugn-server", "init", "--data", self.data, "--line", name, "--json"],
                             check=True, capture_output=True).stdout
        answer = json.loads(out)
        self.invitation, self.token = answer["invitation"], answer["operatorToken"]
        self.port = 0
        self.server = None
        self.start()
        self.run(self.folder, "key", "new", self.folder + "/line.key")

    def start(self):
        log = open(self.folder + "/server.log", "wb")
        self.server = subprocess.Popen([BIN + "/lugn-server", "run", "--data", self.data, "--listen",
                                        f"127.0.0.1:{self.port}"], stdout=subprocess.DEVNULL, stderr=log)
        end = time.monotonic() + 10
        while time.monotonic() < end:
            for line in open(self.folder + "/server.log"):
                if line.startswith("listening on "):
                    self.url = line.removeprefix("listening on ").strip()
                    self.port = int(self.url.rsplit(":", 1)[1])
                    return
            time.sleep(0.05)
        raise AssertionError("the server does not listen: " + open(self.folder + "/server.log").read())

    def kill(self):
        self.server.kill()
        self.server.wait()

    @staticmethod
    def run(folder, *arguments, code="S1"):
        return subprocess.run([BIN + "/lugn", *arguments], check=True, capture_output=True,
                              env={**os.environ, "LUGN_DATA": folder, "LUGN_BY": code}).stdout.decode()

    def desk_folder(self, number):
        """A data folder that has joined the line."""
        folder = f"{self.folder}/desk{number}"
        invitation = self.invitation
        if number > 1:
            invitation = subprocess.run([BIN + "/lugn-admin", "--server", self.url, "invite"], check=True,
                                        capture_output=True, env={**os.environ, "LUGN_OPERATOR_TOKEN": self.token}
                                        ).stdout.decode().split()[0]
        self.run(folder, "join", self.url, invitation, "--name", f"Arbetsplats {number}", "--line-key",
                 self.folder + "/line.key")
        return folder

    def close(self):
        if self.server.poll() is None:
            self.kill()
        shutil.rmtree(self.folder)
