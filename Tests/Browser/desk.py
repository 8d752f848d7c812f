"""A workstation with its page in a headless browser, worked by keyboard."""

import json
import os
import signal
import subprocess
import time

from selenium import webdriver
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys

BIN = os.environ["LUGN_BIN"]
PIN = "135790"


def chromium(width=1280, height=960, dark=False):
    options = webdriver.ChromeOptions()
    options.binary_location = "/usr/bin/chromium"
    for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--hide-scrollbars",
                     "--force-device-scale-factor=1", "--lang=sv", f"--window-size={width},{height}"]:
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    browser = webdriver.Chrome(service=Service("/usr/bin/chromedriver"), options=options)
    size(browser, width, height)
    if dark:
        scheme(browser, "dark")
    return browser


def size(browser, width, height, scale=1):
    browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride",
                            {"width": width, "height": height, "deviceScaleFactor": scale, "mobile": False})


def scheme(browser, name):
    browser.execute_cdp_cmd("Emulation.setEmulatedMedia",
                            {"features": [{"name": "prefers-color-scheme", "value": name}]})


class Desk:
    def __init__(self, folder, code="S1", browser=None, options=(), **size_):
        self.folder, self.code, self.options = folder, code, list(options)
        self.strokes = 0
        self.process = None
        self.browser = browser or chromium(**size_)
        self.serve()

    # The program.

    def serve(self):
        self.process = subprocess.Popen([BIN + "/lugn", "serve", "--no-browser", *self.options], stdout=subprocess.PIPE,
                                        stderr=subprocess.PIPE, env={**os.environ, "LUGN_DATA": self.folder})
        self.start_file = self.process.stdout.readline().decode().strip()
        assert self.start_file, self.process.stderr.read().decode()

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def command(self, *arguments):
        done = subprocess.run([BIN + "/lugn", *arguments, "--json"], capture_output=True,
                              env={**os.environ, "LUGN_DATA": self.folder, "LUGN_BY": self.code})
        assert done.returncode == 0, done.stderr.decode()
        return json.loads(done.stdout or b"null")

    def close(self):
        self.browser.quit()
        self.stop()

    def stop(self):
        if self.process.poll() is None:
            self.process.terminate()
            self.process.wait(10)

    # The page.

    def open(self, sign_in=True):
        self.browser.get("file://" + os.path.abspath(self.start_file))
        self.until(lambda: any(map(self.exists, ["#pin", "#find", ".joining h1"])), "the page opens")
        if sign_in and self.exists("#pin"):
            self.sign_in()

    def sign_in(self, pin=PIN):
        if self.exists("#code"):
            field = self.one("#code")
            field.clear()
            field.send_keys(self.code)
        self.one("#pin").send_keys(pin + Keys.ENTER)
        self.until(lambda: self.exists("#find"), "signed in")
        self.until(lambda: self.exists("h1"), "a page is shown")

    def all(self, selector):
        return self.browser.find_elements(By.CSS_SELECTOR, selector)

    def one(self, selector):
        return self.browser.find_element(By.CSS_SELECTOR, selector)

    def exists(self, selector):
        return bool(self.all(selector))

    def text(self, selector="body"):
        return self.one(selector).text

    def script(self, text, *arguments):
        return self.browser.execute_script(text, *arguments)

    def until(self, condition, what, seconds=8):
        end = time.monotonic() + seconds
        while True:
            try:
                result = condition()
                if result:
                    return result
            except Exception as error:  # the page is being built
                if time.monotonic() > end:
                    raise AssertionError(f"waited for: {what}") from error
            if time.monotonic() > end:
                raise AssertionError(f"waited for: {what}; the page says: {self.text()[:1500]}")
            time.sleep(0.03)

    def sees(self, words, selector="body", seconds=8):
        self.until(lambda: words in self.text(selector), words, seconds)

    # The keyboard, and what it costs.

    def press(self, *keys):
        """One keystroke: press("Alt", "n")."""
        names = {"Alt": Keys.ALT, "Ctrl": Keys.CONTROL, "Shift": Keys.SHIFT, "Enter": Keys.ENTER, "Tab": Keys.TAB,
                 "Escape": Keys.ESCAPE, "Down": Keys.ARROW_DOWN}
        chain = ActionChains(self.browser)
        held = [names[key] for key in keys[:-1]]
        for key in held:
            chain.key_down(key)
        chain.send_keys(names.get(keys[-1], keys[-1]))
        for key in reversed(held):
            chain.key_up(key)
        chain.perform()
        self.strokes += 1

    def type(self, text):
        """Text, which is not counted among the keystrokes."""
        ActionChains(self.browser).send_keys(text).perform()

    def focused(self):
        return self.script("return document.activeElement.id || document.activeElement.name || document.activeElement.tagName")

    def errors(self):
        """What the browser's console complains of, beside answers that a test provokes."""
        return [entry["message"] for entry in self.browser.get_log("browser")
                if entry["level"] == "SEVERE" and "the server responded with a status" not in entry["message"]
                and "ERR_CONNECTION" not in entry["message"] and "ERR_EMPTY_RESPONSE" not in entry["message"]]
