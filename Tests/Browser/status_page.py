"""The operator's page in a headless browser: `lugn-admin open` against a real server."""

import os
import subprocess

from desk import BIN, Desk, chromium


class StatusPage(Desk):
    """What a desk's page can be asked, the operator's can."""

    def __init__(self, line, language="sv", options=()):
        self.line, self.language, self.options = line, language, list(options)
        self.strokes = 0
        self.browser = chromium()
        self.serve()

    def serve(self):
        self.process = subprocess.Popen(
            [BIN + "/lugn-admin", "--server", self.line.url, "--key", self.line.key, *self.options, "open", "--no-browser",
             "--lang", self.language], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        self.start_file = self.process.stdout.readline().decode().strip()
        assert self.start_file, self.process.stderr.read().decode()

    def open(self):
        self.browser.get("file://" + os.path.abspath(self.start_file))
        self.until(lambda: self.exists(".verdict h1"), "the page opens")
        self.until(lambda: self.exists("dl.facts"), "the server has answered", 15)

    def title(self):
        return self.text(".verdict h1")

    def row(self, name):
        """The words of a workstation's row."""
        return self.script("const e = [...document.querySelectorAll('.devices tbody tr')].find((r) => r.querySelector('button')"
                           ".textContent.includes(arguments[0])); return e && e.textContent", name)
