"""Mails to contacts: the text is written, a person sends it and says so."""

import os
import subprocess

from audit import audit
from desk import Desk
from joining_scenarios import choose_code
from line_scenarios import click, downloaded, go


def reminders_are_sent_by_a_person(line, _):
    """Contacts that were written down seven months ago, at a computer that has no line and so only its own clock."""
    folder = line.folder + "/alone"
    os.mkdir(folder)
    for name, contact in [("Kommunens samordnare", "Kim"), ("Fritidsgården", "Robin")]:
        subprocess.run(["faketime", "-f", "-210d", os.environ["LUGN_BIN"] + "/lugn", "directory", "add", name, "--contact", contact,
                        "--email", contact.lower() + "@example.org"], check=True, capture_output=True,
                       env={**os.environ, "LUGN_DATA": folder, "LUGN_BY": "S1"})
    desk = Desk(folder)
    try:
        desk.open(sign_in=False)
        click(desk, "Har du ingen inbjudan?")
        click(desk, "Börja utan linje")
        choose_code(desk, "S1")
        mails_are_sent(desk, line.folder + "/mails")
        assert not desk.errors(), desk.errors()
    finally:
        desk.close()


def mails_are_sent(desk, downloads):
    os.mkdir(downloads)
    desk.browser.execute_cdp_cmd("Browser.setDownloadBehavior", {"behavior": "allow", "downloadPath": downloads})
    go(desk, 3, "Kontaktlista")
    click(desk, "Läs och skicka")
    desk.sees("Påminnelser att skicka", "h1")
    desk.sees("kim@example.org", "main")
    faults = audit(desk)
    assert not faults, faults
    click(desk, "Öppna i e-postprogrammet")
    mail = open(downloaded(desk, downloads, "eml"), encoding="utf-8").read()
    assert "To: " in mail and "@example.org" in mail and "Subject: " in mail, mail
    # Nothing is noted before somebody says that it went.
    assert len(desk.command("directory", "reminders")) == 2
    desk.browser.execute_cdp_cmd("Browser.grantPermissions", {"permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"]})
    click(desk, "Kopiera texten")
    desk.sees("Texten är kopierad.")
    first = desk.text(".mail h2")
    click(desk, "Det är skickat")
    desk.sees("Antecknat: ")
    desk.until(lambda: len(desk.all(".mail")) == 1 and desk.text(".mail h2") != first, "the other one is left")
    assert len(desk.command("directory", "reminders")) == 1
    click(desk, "Det är skickat")
    desk.sees("Ingen väntar på en påminnelse.")


TESTS = [reminders_are_sent_by_a_person]
