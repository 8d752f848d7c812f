"""The first start without a terminal, and what a lead does with the line's computers: each through the page."""

import contextlib
import os
import sqlite3
import time

from audit import audit
from desk import Desk
from line_scenarios import click, fill, go


def fresh(line, name):
    """The page of a computer that Lugn has never run on."""
    folder = f"{line.folder}/{name}"
    os.mkdir(folder)
    desk = Desk(folder)
    desk.open(sign_in=False)
    desk.sees("Kom med i en linje", "h1")
    return desk


def paste(desk, selector, text):
    desk.until(lambda: desk.exists(selector), selector)
    desk.script("const e = document.querySelector(arguments[0]); e.focus(); e.value = arguments[1];"
                "e.dispatchEvent(new Event('input', {bubbles: true}))", selector, text)


def one_wrong(text):
    return text[:40] + ("8" if text[40] == "7" else "7") + text[41:]


def sound(desk):
    faults = audit(desk)
    assert not faults, faults


def choose_code(desk, code):
    desk.sees("Välj en kod och en PIN", "h1", 30)
    desk.code = code
    desk.sign_in()
    desk.sees("I dag", "h1")


def groups(desk):
    return [element.text for element in desk.all(".groups b")]


def open_desks(desk):
    go(desk, 6, "Inställningar")
    click(desk, "Öppna arbetsplatser")
    desk.sees("Arbetsplatser", "h1")


def a_line_is_founded_and_its_sheet_is_rehearsed(line, _):
    invitation = line.admin("line", "create", "Andra linjen").split()[0]
    desk = fresh(line, "founder")
    try:
        sound(desk)
        paste(desk, "#invitation", one_wrong(invitation))
        desk.sees("ett tecken är fel eller fattas")
        desk.press("Enter")
        paste(desk, "#invitation", invitation)
        desk.sees("grundar du en ny linje på servern 127.0.0.1")
        click(desk, "Fortsätt")
        desk.sees("Skriv vad datorn ska heta.")
        desk.type("Arbetsplats 1")
        desk.press("Enter")
        desk.sees("Återställningsblad", "h1")
        sheet = groups(desk)
        assert len(sheet) == 13 and all(len(group) == 5 for group in sheet), sheet
        assert "Andra linjen" not in line.admin("replicas"), "the server has been told before the sheet was on paper"
        sound(desk)
        # A reload loses nothing: the same sheet is still shown.
        desk.start_file = reopened(desk)
        desk.open(sign_in=False)
        desk.sees("Återställningsblad", "h1")
        assert groups(desk) == sheet
        click(desk, "Det finns på papper")
        desk.sees("Skriv av bladet från pappret", "h1")
        assert not desk.exists(".groups b"), "the sheet is still shown"
        desk.type("".join(sheet[:12]))
        click(desk, "Grunda linjen")
        desk.sees("Grupp 13 är för kort")
        assert desk.focused() == "group-13", desk.focused()
        desk.type(sheet[12])
        wrong = sheet[4][:4] + ("8" if sheet[4][4] == "7" else "7")
        fill(desk, "#group-5", wrong)
        click(desk, "Grunda linjen")
        desk.sees("Grupp 5 stämmer inte")
        sound(desk)
        fill(desk, "#group-5", sheet[4].lower())
        click(desk, "Grunda linjen")
        choose_code(desk, "S1")
        assert "Andra linjen" in desk.text(".top"), desk.text(".top")
        desk.sees("Synkat", ".state", 20)
        rehearse(desk, sheet)
        for path, _folders, names in os.walk(desk.folder):
            for name in names:
                held = open(path + "/" + name, "rb").read()
                assert sheet[0].encode() not in held and sheet[7].encode() not in held, name
        assert not desk.errors(), desk.errors()
    finally:
        desk.close()


def reopened(desk):
    """What a press on Öppna writes: the program makes a fresh file, whose name it prints."""
    desk.browser.get(desk.script("return location.origin") + "/")
    desk.sees("Sidan behöver öppnas på nytt")
    click(desk, "Öppna")
    return desk.process.stdout.readline().decode().strip()


def rehearse(desk, sheet):
    open_desks(desk)
    desk.sees("Det finns bara en ledardator.")
    click(desk, "Öva återställningen")
    desk.sees("Skriv bladets tretton grupper.", "dialog")
    desk.type("".join(sheet[:6]) + "AAAAA")
    desk.type("".join(sheet[7:]))
    click(desk, "Pröva")
    desk.sees("Grupp 7 stämmer inte", "dialog")
    fill(desk, "#group-7", sheet[6])
    click(desk, "Pröva")
    desk.sees("Bladet är det som gäller", "dialog")
    # One more copy, on a page of its own.
    desk.script("window.printed = null; window.print = () => { window.printed = document.querySelector('.paper').innerText; dispatchEvent(new Event('afterprint')); }")
    click(desk, "Skriv ut ett till")
    printed = desk.script("return window.printed")
    assert sheet[12] in printed and "Andra linjen" in printed, printed
    assert not desk.exists(".paper")
    desk.press("Escape")


def a_desk_joins_while_the_lead_lets_it_in(line, lead):
    open_desks(lead)
    desk = fresh(line, "desk2")
    try:
        lead.press("Alt", "i")
        lead.sees("En ny inbjudan")
        sound(lead)
        invitation = lead.script("return document.getElementById('new-invitation').value")
        line.kill()
        paste(desk, "#invitation", invitation)
        desk.sees("Inbjudan är rätt skriven.")
        fill(desk, "#desk-name", "Arbetsplats 2")
        click(desk, "Fortsätt")
        desk.sees("Vänta tills ledaren ringer", "h1")
        desk.sees("Servern svarar inte. Vi försöker igen hela tiden.", seconds=20)
        line.start()
        lead.sees("Arbetsplats 2 vill komma med", seconds=40)
        desk.sees("Läs upp siffrorna för ledaren", "h1", 30)
        sound(desk)
        digits = desk.text(".say span")
        assert len(digits) == 7 and digits[3] == " ", digits
        wrong = ("2" if digits[0] == "1" else "1") + digits[1:]
        lead.until(lambda: "kommer fram där" not in lead.text("form.beside"), "the digits are shown there", 20)
        field = "form.beside .pin"
        fill(lead, field, wrong)
        sound(lead)
        click(lead, "Släpp in")
        lead.sees("2 försök kvar")
        lead.one(field).clear()
        lead.one(field).send_keys(digits)
        lead.press("Enter")
        lead.sees("Arbetsplats 2 är med i linjen.", seconds=20)
        choose_code(desk, "S2")
        desk.sees("jämfört", ".state", 40)
        lead.until(lambda: "vill komma med" not in lead.text(), "nobody waits")

        # The same invitation, at a third computer.
        third = fresh(line, "desk3")
        try:
            paste(third, "#invitation", invitation)
            fill(third, "#desk-name", "Arbetsplats 3")
            click(third, "Fortsätt")
            third.sees("En annan dator har använt inbjudan.", seconds=20)
            third.sees("Kom med i en linje", "h1")
            assert third.script("return document.getElementById('desk-name').value") == "Arbetsplats 3"
        finally:
            third.close()
        something_else_is_named(lead)
        counsellors_page(desk)
        # What is written while nothing is sent.
        desk.stop()
        made = desk.command("case", "new", "--caller", "relative", "--note", "Skrivet innan datorn togs ut.")
        taken_out(lead)
        desk.serve()
        desk.open()
        desk.sees("Arbetsplatsen är spärrad", ".state", 40)
        unsent_work_is_taken_in(lead, made["number"])
        assert not desk.errors(), desk.errors()
    finally:
        desk.close()


def compared(lead, desk, is_equal):
    """Puts the outcome of a comparison where the engine keeps it: real ones come every ten to twenty minutes."""
    with contextlib.closing(sqlite3.connect(lead.folder + "/replica.db", timeout=10)) as replica, replica:
        replica.execute("INSERT OR REPLACE INTO lugn_checkpoint (device, is_equal, milliseconds) VALUES (?, ?, ?)",
                        (bytes.fromhex(desk), int(is_equal), int(time.time() * 1000) + 3_600_000 * is_equal))


def something_else_is_named(lead):
    other = next(one["device"] for one in lead.command("devices", "list") if one["name"] == "Arbetsplats 2")
    compared(lead, other, False)
    go(lead, 5, "Läget")
    lead.sees("Arbetsplats 2 har något annat", ".state")
    lead.sees("Arbetsplats 2 hade något annat", "main")
    lead.sees("jämför med den datorn i telefon", "main")
    sound(lead)
    compared(lead, other, True)
    go(lead, 1, "I dag")
    go(lead, 5, "Läget")
    lead.sees("Lika med Arbetsplats 2", "aside")
    assert "har något annat" not in lead.text(".state"), lead.text(".state")
    open_desks(lead)


def counsellors_page(desk):
    """A counsellor's computer shows who is in the line, and changes nothing of it."""
    open_desks(desk)
    desk.sees("Den här datorn är en samtalsstödjares.")
    assert not desk.exists("footer.end button"), desk.text("footer.end")
    assert "Ta ut" not in desk.text() and "Öva" not in desk.text()
    desk.until(lambda: "Arbetsplats 1" in desk.text("main"), "the lead's name")


def taken_out(lead):
    lead.script("[...document.querySelectorAll('main li')].find((li) => li.textContent.includes('Arbetsplats 2')).querySelector('button').click()")
    fill(lead, "#desk-rename", "Vid fönstret")
    lead.press("Enter")
    lead.sees("Vid fönstret", "main", 20)
    click(lead, "Ta ut")
    lead.sees("Ta ut Vid fönstret ur linjen?", "dialog")
    lead.sees("Det den inte hann skicka lämnar den till ledarna", "dialog")
    sound(lead)
    fill(lead, "#desk-typed", "vid fönstret")
    lead.press("Enter")
    lead.sees("Det var inte datorns namn.", "dialog")
    fill(lead, "#desk-typed", "Vid fönstret")
    lead.press("Enter")
    lead.sees("Vid fönstret är uttagen ur linjen.", seconds=20)
    lead.sees("1 som inte är med längre", "main")


def unsent_work_is_taken_in(lead, number):
    lead.press("Escape")
    lead.script("[...document.querySelectorAll('aside button')].at(-1).click()")
    lead.sees("Att ta ställning till", "h1")

    def there():
        go(lead, 1, "I dag")
        open_desks(lead)
        lead.script("[...document.querySelectorAll('aside button')].at(-1).click()")
        lead.sees("Att ta ställning till", "h1")
        return "Vid fönstret" in lead.text("main")

    lead.until(there, "the work is handed over", 40)
    sound(lead)
    click(lead, "Läs")
    lead.sees("Skrivet innan datorn togs ut.", "dialog")
    sound(lead)
    assert number not in [one["number"] for one in lead.command("case", "list")], "reading has taken it in"
    click(lead, "Ta in det")
    lead.sees("Intaget: ", seconds=20)
    assert number in [one["number"] for one in lead.command("case", "list")]
    lead.until(lambda: "Vid fönstret" not in lead.text("main"), "it is dealt with")


def without_a_line_work_goes_on_and_joining_comes_later(line, lead):
    desk = fresh(line, "alone")
    try:
        click(desk, "Har du ingen inbjudan?")
        click(desk, "Börja utan linje")
        choose_code(desk, "S5")
        desk.sees("Inte ansluten", ".state")
        made = desk.command("case", "new", "--caller", "relative")
        go(desk, 5, "Läget")
        click(desk, "Kom med i en linje")
        invitation = lead.command("invite")
        paste(desk, "#invitation", invitation["invitation"])
        fill(desk, "#desk-name", "Arbetsplats 5")
        click(desk, "Fortsätt")
        open_desks(lead)
        desk.sees("Läs upp siffrorna", "h1", 30)
        lead.until(lambda: lead.exists("form.beside .pin"), "the row")
        lead.one("form.beside .pin").send_keys(desk.text(".say span"))
        lead.until(lambda: "kommer fram där" not in lead.text("form.beside"), "the digits are shown there", 20)
        assert len(lead.script("return document.querySelector('form.beside .pin').value")) == 7, "what was typed is gone"
        click(lead, "Släpp in")
        desk.until(lambda: desk.exists("#find"), "the page is back, and nobody had to sign in again", 30)
        lead.until(lambda: made["number"] in [one["number"] for one in lead.command("case", "list")], "the case has come over", 40)
    finally:
        desk.close()


def invite(lead):
    lead.press("Alt", "i")
    lead.until(lambda: lead.exists("#new-invitation"), "the invitation")
    return lead.script("return document.getElementById('new-invitation').value")


def invitations_are_withdrawn_and_applicants_refused(line, lead):
    open_desks(lead)
    desk = fresh(line, "unwanted")
    try:
        invitation = invite(lead)
        click(lead, "Göm inbjudan")
        lead.sees("Inbjudningar som gäller", "main")
        click(lead, "Ta tillbaka")
        lead.until(lambda: "Inbjudningar som gäller" not in lead.text("main"), "it is gone")
        paste(desk, "#invitation", invitation)
        fill(desk, "#desk-name", "Arbetsplats 2")
        click(desk, "Fortsätt")
        desk.sees("Ledaren tog tillbaka inbjudan", seconds=20)
        desk.sees("Kom med i en linje", "h1")
        paste(desk, "#invitation", invite(lead))
        click(desk, "Fortsätt")
        lead.sees("Arbetsplats 2 vill komma med", seconds=20)
        assert not lead.exists("#new-invitation"), "an invitation that is used is still shown"
        desk.sees("Läs upp siffrorna", "h1", 30)
        click(lead, "Släpp inte in")
        lead.until(lambda: "vill komma med" not in lead.text("main"), "nobody waits")
        desk.sees("Ledaren tog tillbaka inbjudan", seconds=20)
        assert not desk.errors(), desk.errors()
    finally:
        desk.close()


TESTS = [a_line_is_founded_and_its_sheet_is_rehearsed, a_desk_joins_while_the_lead_lets_it_in, without_a_line_work_goes_on_and_joining_comes_later,
         invitations_are_withdrawn_and_applicants_refused]
