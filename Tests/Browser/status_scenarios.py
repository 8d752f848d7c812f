"""What an operator sees: who is in sync, what is wrong, and when nothing is known."""

import glob
import json
import os
import re
import signal
import subprocess
import time

from audit import audit, focus_walk
from desk import BIN, scheme, size
from line import Line
from status_page import StatusPage
import joining


class Watching:
    """A desk that stays in sync."""

    def __init__(self, folder):
        self.process = subprocess.Popen([BIN + "/lugn", "sync", "--watch"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        env={**os.environ, "LUGN_DATA": folder})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)


def devices(line):
    return json.loads(line.admin("devices", "--json"))


def label(line, names):
    """The operator's own labels, by when the workstations came."""
    found = sorted(devices(line), key=lambda one: one["admitted"])
    for one, name in zip(found, names):
        line.admin("rename", one["device"], name)
    return [one["device"] for one in found]


def all_are_in_sync(line):
    folders = [line.desk_folder(number) for number in (1, 2)]
    label(line, ["Kontor 1", "Kontor 2"])
    subprocess.run([BIN + "/lugn-server", "backup", "--data", line.data, line.folder + "/backup.db"], check=True, capture_output=True)
    with Watching(folders[0]), Watching(folders[1]):
        page = StatusPage(line)
        try:
            page.open()
            page.until(lambda: page.title() == "Alla 2 arbetsplatser är i fas", "all are in sync", 30)
            assert "i fas" in page.row("Kontor 1"), page.row("Kontor 1")
            assert "Inget. Allt är bra" in page.text("main"), page.text("main")
            # Whoever watches the computer sees no secret: neither in the list of processes nor in the address.
            secret = open(line.key, "rb").read().hex()
            listed = subprocess.run(["ps", "-eo", "args"], check=True, capture_output=True).stdout.decode()
            bearer = page.script("return document.querySelector('meta[name=bearer]')")
            assert bearer is None and secret not in listed, "a secret can be seen"
            assert page.browser.current_url.endswith("/") and "secret" not in page.browser.current_url, page.browser.current_url
            assert oct(os.stat(page.start_file).st_mode & 0o777) == "0o600"
            # A new case is on its way to both within seconds, and is seen here.
            Line.run(folders[0], "case", "new", "--caller", "relative")
            page.until(lambda: re.search(r"[1-9]\d* på en minut", page.text("main")), "the commit is counted", 20)
            page.until(lambda: page.title() == "Alla 2 arbetsplatser är i fas", "all are in sync again", 30)
            page.press("Tab")
            page.script("document.getElementById('language').click()")
            page.sees("All 2 workstations are in sync")
            assert page.script("return document.documentElement.lang") == "en"
            return page.errors()
        finally:
            page.close()


def what_is_wrong_is_told_first(line):
    folders = [line.desk_folder(number) for number in (1, 2, 3)]
    ids = label(line, ["Kontor 1", "Kontor 2", "Hemma"])
    for folder in folders:
        Line.run(folder, "sync")
    with Watching(folders[0]):
        Line.run(folders[0], "case", "new", "--caller", "relative")
        line.admin("revoke", ids[2])
        page = StatusPage(line)
        try:
            page.open()
            page.until(lambda: page.title() == "1 av 2 arbetsplatser är i fas", "one is behind", 30)
            assert "ligger efter" in page.row("Kontor 2"), page.row("Kontor 2")
            assert "det finns ingen säkerhetskopia" in page.text(".findings"), page.text(".findings")
            assert page.row("Hemma") is None
            page.script("document.getElementById('show-out').click()")
            page.until(lambda: page.row("Hemma") and "utsläppt" in page.row("Hemma"), "who was let out is shown")
            # Who did it stands below; the seconds of the label and of the revocation, too.
            page.until(lambda: "spärrade Hemma" in page.text("main"), "what operators did", 70)
            assert "grundade linjen" in page.text("main") and "släppte in" in page.text("main")
            # A version that nobody has.
            line.admin("line", "set", line.name, "--minimum-version", "9.0.0")
            page.until(lambda: "för gammal" in (page.row("Kontor 1") or ""), "too old", 30)
            assert "äldre än linjen tar emot" in page.text(".findings")
            said = subprocess.run([BIN + "/lugn", "sync"], capture_output=True, env={**os.environ, "LUGN_DATA": folders[0]})
            assert said.returncode == 4 and "9.0.0" in said.stderr.decode(), said.stderr.decode()
            line.admin("line", "set", line.name, "--minimum-version", "any")
            Line.run(folders[0], "case", "new", "--caller", "external")
            page.until(lambda: "i fas" in (page.row("Kontor 1") or ""), "served again", 40)
            # A conflict, counted when somebody asks.
            conflict(folders, line)
            page.until(lambda: page.script(
                "return document.querySelector('.lines tbody tr').textContent").find("1, äldsta") >= 0, "a conflict", 20)
            return page.errors()
        finally:
            page.close()


def conflict(folders, line):
    made = json.loads(subprocess.run([BIN + "/lugn", "case", "new", "--caller", "relative", "--json"], check=True, capture_output=True,
                                     env={**os.environ, "LUGN_DATA": folders[1], "LUGN_BY": "S1"}).stdout)["number"]
    for folder in folders[:2] + folders[:2]:
        Line.run(folder, "sync")
    for folder, age in zip(folders[:2], ["under18", "over25"]):
        Line.run(folder, "case", "edit", made, "--age", age)
    for folder in folders[:2]:
        Line.run(folder, "sync")
    assert "1" in line.admin("conflicts"), line.admin("conflicts")


def several_lines(line):
    Line.run(line.desk_folder(1), "sync")
    label(line, ["Kontor 1"])
    other = line.folder + "/other"
    joining.found(BIN, other, line.admin("line", "create", "Chattlinjen").split()[0], "Chatt")
    Line.run(other, "sync")
    page = StatusPage(line)
    try:
        page.open()
        page.until(lambda: page.title() == "Alla 2 arbetsplatser är i fas", "both lines", 30)
        page.until(lambda: page.row("Kontor 1"), "the first line is chosen")
        page.script("[...document.querySelectorAll('.lines button')].find((b) => b.textContent === 'Chattlinjen').click()")
        page.until(lambda: "Arbetsplatser på Chattlinjen" in page.text("main"), "the other line", 15)
        page.until(lambda: page.row("utan etikett"), "its workstation", 15)
        assert page.row("Kontor 1") is None
        assert page.script("return document.querySelector('.lines button[aria-pressed=true]').textContent") == "Chattlinjen"
        errors = page.errors()
    finally:
        page.close()
    # Whoever operates one line sees that one.
    key = line.folder + "/chatt.key"
    made = subprocess.run([BIN + "/lugn-admin", "key", "new", key, "--json"], check=True, capture_output=True).stdout
    line.admin("operator", "add", "--line", "Chattlinjen", json.loads(made)["key"], "--label", "Karin")
    line.key = key
    page = StatusPage(line)
    try:
        page.open()
        page.until(lambda: "arbetsplatsen är i fas" in page.title(), "its own line", 30)
        assert "Lyssnarlinjen" not in page.text() and "Kontor 1" not in page.text(), page.text()
        page.sees("Vad driften gjort visas för driftansvariga på alla linjer.", "main", 15)
        return errors + page.errors()
    finally:
        page.close()


def what_is_old_is_never_shown_as_fresh(line):
    folder = line.desk_folder(1)
    label(line, ["Kontor 1"])
    Line.run(folder, "sync")
    page = StatusPage(line)
    try:
        page.open()
        page.until(lambda: "arbetsplatsen är i fas" in page.title(), "in sync", 30)
        line.server.send_signal(signal.SIGSTOP)
        # A server that takes the question and never answers.
        page.until(lambda: page.title() == "Det är inte känt hur det står till", "silence is noticed", 40)
        assert "har inte svarat sedan" in page.text("[role=alert]"), page.text("[role=alert]")
        assert page.exists("body.is-stale") and not page.exists(".verdict .sign.full")
        line.server.send_signal(signal.SIGCONT)
        page.until(lambda: "arbetsplatsen är i fas" in page.title(), "it answers again", 40)
        assert not page.exists("body.is-stale") and not page.text("[role=alert]")
        line.kill()
        page.until(lambda: page.title() == "Det är inte känt hur det står till", "the server is gone", 40)
        line.start()
        page.until(lambda: "arbetsplatsen är i fas" in page.title(), "it is there again", 40)
        # Reloaded: the bearer is gone, and nothing is told.
        page.browser.refresh()
        page.sees("Öppna sidan igen")
        assert "Kontor" not in page.text()
        os.unlink(page.start_file)
        page.script("document.getElementById('reopen').click()")
        page.until(lambda: os.path.exists(page.start_file), "a new start file")
        page.open()
        page.until(lambda: "arbetsplatsen är i fas" in page.title(), "open again", 30)
        page.stop()
        page.until(lambda: "Starta det igen" in page.text(), "the program has ended", 40)
        assert not glob.glob(os.path.dirname(page.start_file)), "the start file's folder is left"
        return page.errors()
    finally:
        page.close()


def one_workstation_by_keyboard(line):
    folders = [line.desk_folder(number) for number in (1, 2)]
    ids = label(line, ["Kontor 1", "Kontor 2"])
    for _ in range(3):
        Line.run(folders[0], "case", "new", "--caller", "relative")
    for folder in folders * 2:
        Line.run(folder, "sync")
    page = StatusPage(line)
    try:
        page.open()
        page.until(lambda: page.row("Kontor 1"), "the row")
        page.script("document.getElementById('device-' + arguments[0]).focus()", ids[0])
        page.press("Enter")
        page.until(lambda: page.exists("dialog[open]"), "the details")
        page.sees(ids[0], "dialog")
        page.until(lambda: "3" in page.text("dialog table"), "what it sent")
        assert "samordnare" in page.text("dialog") and "återställningsbladet" not in page.text("dialog"), page.text("dialog")
        faults = audit(page)
        assert not faults, faults
        page.press("Escape")
        page.until(lambda: not page.exists("dialog"), "closed")
        assert page.focused() == "device-" + ids[0], page.focused()
        # It is drawn anew every five seconds; the focus stays.
        time.sleep(6)
        assert page.focused() == "device-" + ids[0], page.focused()
        return page.errors()
    finally:
        page.close()


def everybody_can_read_it(line):
    folders = [line.desk_folder(number) for number in (1, 2)]
    label(line, ["Kontor 1", "Ett långt namn på en arbetsplats i ett annat hus"])
    for folder in folders:
        Line.run(folder, "sync")
    Line.run(folders[0], "case", "new", "--caller", "relative")
    Line.run(folders[0], "sync")
    page = StatusPage(line)
    try:
        page.open()
        page.until(lambda: page.row("Kontor 1"), "the rows")
        for colours in ("light", "dark"):
            for width in (320, 640, 1280):
                scheme(page.browser, colours)
                size(page.browser, width, 900)
                time.sleep(0.3)
                faults = audit(page)
                assert not faults, (colours, width, faults)
        size(page.browser, 1280, 900)
        count, faults = focus_walk(page)
        assert count >= 4 and not faults, (count, faults)
        line.kill()
        page.until(lambda: page.exists("body.is-stale"), "stale", 40)
        for colours in ("light", "dark"):
            scheme(page.browser, colours)
            faults = audit(page)
            assert not faults, (colours, faults)
        return page.errors()
    finally:
        page.close()


TESTS = [all_are_in_sync, what_is_wrong_is_told_first, several_lines, what_is_old_is_never_shown_as_fresh, one_workstation_by_keyboard,
         everybody_can_read_it]
