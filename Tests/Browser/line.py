"""A real server with a line on it, and the folders of its desks."""

import os
import shutil
import subprocess
import sys
import tempfile
import time

from desk import BIN

sys.path.append(os.path.dirname(__file__) + "/../support")
import joining


class Line:
    def __init__(self, name="Lyssnarlinjen"):
        self.folder = tempfile.mkdtemp(prefix="lugn-browser-")
        self.data = self.folder + "/server"
        self.name = name
        self.key = self.folder + "/operator.key"
        subprocess.run([BIN + "/lugn-server", "init", "--data", self.data, "--operator-key", self.key], check=True,
                       capture_output=True)
        self.port = 0
        self.server = None
        self.start()

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
        """A data folder that belongs to the line: the first one founds it, and lets the others in."""
        first, folder, name = f"{self.folder}/desk1", f"{self.folder}/desk{number}", f"Arbetsplats {number}"
        if number == 1:
            joining.found(BIN, folder, self.admin("line", "create", self.name).split()[0], name)
        else:
            joining.admit(BIN, first, folder, name)
        return folder

    def admin(self, *arguments):
        return subprocess.run([BIN + "/lugn-admin", "--server", self.url, "--key", self.key, *arguments], check=True,
                              capture_output=True, text=True).stdout

    def close(self):
        if self.server.poll() is None:
            self.kill()
        shutil.rmtree(self.folder)
