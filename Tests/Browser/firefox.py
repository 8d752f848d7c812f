"""Firefox by its own remote protocol (Marionette), since Debian has no geckodriver: as much of it as the smoke run needs.

https://firefox-source-docs.mozilla.org/testing/marionette/Protocol.html
"""

import json
import os
import shutil
import socket
import subprocess
import tempfile
import time

from desk import Desk

KEYS = {"Alt": "\ue00a", "Ctrl": "\ue009", "Shift": "\ue008", "Enter": "\ue007", "Tab": "\ue004", "Escape": "\ue00c",
        "Down": "\ue015"}
PREFERENCES = {"marionette.port": 0, "browser.shell.checkDefaultBrowser": False, "intl.accept_languages": "sv",
               "browser.aboutwelcome.enabled": False, "datareporting.policy.dataSubmissionEnabled": False,
               "app.update.auto": False, "network.captive-portal-service.enabled": False}


class Firefox:
    def __init__(self):
        self.profile = tempfile.mkdtemp(prefix="lugn-firefox-")
        with open(self.profile + "/user.js", "w") as file:
            for name, value in PREFERENCES.items():
                file.write(f"user_pref({json.dumps(name)}, {json.dumps(value)});\n")
        self.process = subprocess.Popen(
            ["firefox-esr", "--headless", "--marionette", "--no-remote", "--profile", self.profile, "--width", "1280", "--height", "960"],
            stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env={**os.environ, "MOZ_HEADLESS": "1", "HOME": self.profile})
        self.number = 0
        self.connection = self.connect()
        self.buffer = b""
        self.read()  # who it is
        self.call("WebDriver:NewSession", {"capabilities": {"alwaysMatch": {"acceptInsecureCerts": False}}})

    def connect(self):
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                port = int(open(self.profile + "/MarionetteActivePort").read())
                return socket.create_connection(("127.0.0.1", port), timeout=60)
            except (OSError, ValueError):
                assert self.process.poll() is None, "Firefox has ended"
                time.sleep(0.1)
        raise AssertionError("Firefox does not answer")

    def read(self):
        while b":" not in self.buffer:
            self.buffer += self.receive()
        head, self.buffer = self.buffer.split(b":", 1)
        while len(self.buffer) < int(head):
            self.buffer += self.receive()
        body, self.buffer = self.buffer[:int(head)], self.buffer[int(head):]
        return json.loads(body)

    def receive(self):
        part = self.connection.recv(65536)
        assert part, "Firefox has closed the connection"
        return part

    def call(self, name, parameters=None):
        self.number += 1
        message = json.dumps([0, self.number, name, parameters or {}]).encode()
        self.connection.sendall(str(len(message)).encode() + b":" + message)
        kind, number, error, result = self.read()
        assert (kind, number) == (1, self.number), (kind, number)
        if error:
            raise RuntimeError(f"{name}: {error['error']}: {error['message']}")
        return result.get("value") if isinstance(result, dict) else result

    def version(self):
        return self.call("WebDriver:ExecuteScript", {"script": "return navigator.userAgent", "args": []}).rsplit("/", 1)[-1]

    def quit(self):
        try:
            self.call("Marionette:Quit", {"flags": ["eForceQuit"]})
            self.process.wait(20)
        except (OSError, AssertionError, RuntimeError, subprocess.TimeoutExpired):
            self.process.kill()
            self.process.wait()
        self.connection.close()
        shutil.rmtree(self.profile, ignore_errors=True)


class FirefoxDesk(Desk):
    """The same desk, with the page in Firefox."""

    def open(self, sign_in=True):
        self.browser.call("WebDriver:Navigate", {"url": "file://" + os.path.abspath(self.start_file)})
        self.until(lambda: self.exists("#pin") or self.exists("#find"), "the page opens")
        if sign_in and self.exists("#pin"):
            if self.exists("#code"):
                self.script("document.getElementById('code').value = ''; document.getElementById('code').focus()")
                self.type(self.code)
            self.script("document.getElementById('pin').focus()")
            self.type("135790" + KEYS["Enter"])
            self.until(lambda: self.exists("#find") and self.exists("h1"), "signed in")

    def script(self, text, *arguments):
        return self.browser.call("WebDriver:ExecuteScript", {"script": text, "args": list(arguments), "sandbox": None})

    def exists(self, selector):
        return self.script("return document.querySelector(arguments[0]) !== null", selector)

    def text(self, selector="body"):
        return self.script("return document.querySelector(arguments[0]).innerText", selector)

    def act(self, actions):
        self.browser.call("WebDriver:PerformActions", {"actions": [{"type": "key", "id": "keyboard", "actions": actions}]})

    def press(self, *keys):
        values = [KEYS.get(key, key) for key in keys]
        self.act([{"type": "keyDown", "value": value} for value in values]
                 + [{"type": "keyUp", "value": value} for value in reversed(values)])
        self.strokes += 1

    def type(self, text):
        self.act([action for letter in text for action in ({"type": "keyDown", "value": letter}, {"type": "keyUp", "value": letter})])

    def errors(self):
        return []
