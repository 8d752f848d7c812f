"""Pictures of every view, from generated data."""

import base64
import os
import sys
import time

import joining_scenarios
from desk import Desk, scheme, size
from line import Line
from line_scenarios import DATA, choose, click, fill, go

TEXT = ("Förälder till en vuxen son som på ett halvår har bytt umgänge och slutat höra av sig. Den äldste i gänget kallas "
        "Grävlingen. Vill bli uppringd på 070-174 06 35 efter sex. Har inte talat med skolan än.")


def picture(desk, path):
    height = desk.script("return Math.max(innerHeight, document.documentElement.scrollHeight)")
    if desk.exists("dialog"):
        height = desk.script("return innerHeight")
    shot = desk.browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": {
        "x": 0, "y": 0, "width": desk.script("return innerWidth"), "height": min(height, 3200), "scale": 1}})
    open(path, "wb").write(base64.b64decode(shot["data"]))


def views(desk):
    """Every view by name; the desk stands in it when it is told."""
    def go(*keys, wait=0.6):
        desk.press(*keys)
        time.sleep(wait)

    def key(words):
        # What a picture is taken of is found by its place, so that it is the same in both languages.
        desk.script("const e = [...document.querySelectorAll(arguments[0])].filter((b) => b.checkVisibility())[0]; e.focus(); e.click()", words)
        time.sleep(0.5)
    go("Alt", "Shift", "1")
    yield "today"
    go("Alt", "s")
    desk.type("samtal")
    time.sleep(0.6)
    yield "find"
    go("Alt", "s", wait=0.2)
    desk.script("document.getElementById('find').value = ''")
    desk.type("123 456-7")
    time.sleep(0.3)
    go("Enter")
    yield "find-mistyped"
    go("Alt", "Shift", "2")
    key("a.row")
    yield "case"
    go("Alt", "v")
    yield "referral"
    go("Escape", wait=0.3)
    go("Alt", "n")
    yield "call-repeat"
    key("footer.end button:last-child")
    go("Alt", "n")
    desk.type(TEXT)
    go("Alt", "k")
    for digit in ["1", "2", "Enter", "1", "1", "2"]:
        desk.press(digit)
    desk.type("Talar med den andra föräldern i helgen.")
    go("Alt", "r")
    desk.press("1")
    time.sleep(0.6)
    yield "call"
    go("Ctrl", "Enter")
    yield "call-errors"
    go("Ctrl", "k", wait=0.3)
    yield "palette"
    go("Escape", wait=0.2)
    key("footer.end button:last-child")
    go("Alt", "Shift", "3")
    yield "directory"
    key(".entry a")
    yield "entry"
    go("Alt", "e")
    yield "entry-edited"
    go("Alt", "Shift", "4")
    choose(desk, "#period", "own")
    choose(desk, "#stat-from", "2017-02")
    choose(desk, "#stat-through", "2017-11")
    time.sleep(0.8)
    yield "statistics"
    choose(desk, "#kind", "month")
    time.sleep(0.8)
    yield "statistics-month"
    go("Alt", "l")
    yield "activity"
    go("Escape", wait=0.3)
    choose(desk, "#kind", "line")
    go("Alt", "Shift", "5")
    yield "state"
    go("Alt", "Shift", "6", wait=1)
    yield "settings"
    desk.script("document.querySelectorAll('.rail .me button')[2].click()")
    time.sleep(0.3)
    yield "keys"
    go("Escape", wait=0.2)
    go("Alt", "p")
    yield "lock"
    desk.type("135790\ue007")
    desk.until(lambda: desk.exists("#find"), "unlocked")


def prepare(data):
    Line.run(data, "import", "directory", DATA + "pilot-year-2017/directory.csv")
    Line.run(data, "import", "cases", DATA + "pilot-year-2017/cases.csv")
    for name, area, ages in [("Örebro ungdomsmottagning", "Örebro län", "13-25"), ("Familjerådgivningen", "Örebro", "alla")]:
        Line.run(data, "directory", "add", name, "--area", area, "--ages", ages)
    Line.run(data, "directory", "verify", "Familjerådgivningen", code="S2")
    for index, text in enumerate(["Ett samtal om skolan i Örebro, och om hur hen kan hålla dörren öppen.",
                                  "Ett kort samtal. Vill tänka över det, och ringer igen.",
                                  "Oroar sig för en väns son. Vi talade om vad som brukar hjälpa, och vad som gör ont värre."]):
        number = Line.run(data, "case", "new", "--caller", "relative", "--concern", "religious", "--age", ["under18", "18-21", "over25"][index],
                          "--language", "sv", "--note", text, code="S2").splitlines()[0]
        if index == 0:
            Line.run(data, "promise", "add", number, "--due", "idag", "Fråga kommunens samordnare vem som tar emot.", code="S2")
            Line.run(data, "referral", "add", number, "--to", "Familjerådgivningen", "--way", "firstContact", code="S2")
        if index == 1:
            Line.run(data, "followup", "add", number, "--ring-back", "--on", "idag", code="S2")


MODES = {
    "sv": lambda browser: (scheme(browser, "light"), size(browser, 1280, 960)), "dark": lambda browser: scheme(browser, "dark"),
    "narrow": lambda browser: (scheme(browser, "light"), size(browser, 320, 900)), "200": lambda browser: size(browser, 640, 480, 2),
}


def in_all_modes(desk, folder, view):
    """Where a view cannot be gone back to: light, dark, narrow and at 200 %, at once."""
    for name, change in MODES.items():
        change(desk.browser)
        time.sleep(0.2)
        picture(desk, f"{folder}/{view}-{name}.png")
    MODES["sv"](desk.browser)


def joining(line, folder):
    """The first start, and a lead who lets the computer in."""
    founder, new = joining_scenarios.fresh(line, "founder"), joining_scenarios.fresh(line, "new")
    try:
        in_all_modes(founder, folder, "join")
        joining_scenarios.paste(founder, "#invitation", line.admin("line", "create", "Lyssnarlinjen").split()[0])
        fill(founder, "#desk-name", "Arbetsplats 1")
        click(founder, "Fortsätt")
        founder.sees("Återställningsblad", "h1")
        in_all_modes(founder, folder, "sheet")
        sheet = joining_scenarios.groups(founder)
        founder.script("window.print = () => {}")
        click(founder, "Skriv ut")
        open(f"{folder}/sheet.pdf", "wb").write(base64.b64decode(founder.browser.execute_cdp_cmd(
            "Page.printToPDF", {"preferCSSPageSize": True, "paperWidth": 8.27, "paperHeight": 11.69})["data"]))
        founder.script("dispatchEvent(new Event('afterprint'))")
        click(founder, "Det finns på papper")
        founder.type("".join(sheet[:4]) + "AAAAA" + "".join(sheet[5:]))
        click(founder, "Grunda linjen")
        founder.sees("Grupp 5 stämmer inte")
        in_all_modes(founder, folder, "sheet-typed")
        fill(founder, "#group-5", sheet[4])
        click(founder, "Grunda linjen")
        joining_scenarios.choose_code(founder, "S1")
        joining_scenarios.open_desks(founder)
        founder.press("Alt", "i")
        founder.sees("En ny inbjudan")
        in_all_modes(founder, folder, "desks-invited")
        invitation = founder.script("return document.getElementById('new-invitation').value")
        joining_scenarios.paste(new, "#invitation", joining_scenarios.one_wrong(invitation))
        new.sees("ett tecken är fel")
        in_all_modes(new, folder, "join-mistyped")
        joining_scenarios.paste(new, "#invitation", invitation)
        fill(new, "#desk-name", "Arbetsplats 2")
        click(new, "Fortsätt")
        new.sees("Läs upp siffrorna", "h1", 30)
        in_all_modes(new, folder, "digits")
        founder.sees("Arbetsplats 2 vill komma med", seconds=20)
        founder.until(lambda: "kommer fram där" not in founder.text("form.beside"), "the digits are shown there", 20)
        founder.script("document.querySelector('form.beside .pin').focus()")
        founder.type("123456")
        click(founder, "Släpp in")
        founder.sees("2 försök kvar")
        in_all_modes(founder, folder, "desks-wanting")
        founder.one("form.beside .pin").clear()
        founder.one("form.beside .pin").send_keys(new.text(".say span"))
        click(founder, "Släpp in")
        new.sees("Välj en kod och en PIN", "h1", 30)
        in_all_modes(new, folder, "sign-in")
        go(founder, 1, "I dag")
        joining_scenarios.open_desks(founder)
        in_all_modes(founder, folder, "desks")
        click(founder, "Ta ut")
        in_all_modes(founder, folder, "desks-remove")
        founder.press("Escape")
        click(founder, "Öva återställningen")
        founder.type("".join(sheet))
        click(founder, "Pröva")
        founder.sees("Bladet är det som gäller")
        in_all_modes(founder, folder, "sheet-rehearsed")
        founder.press("Escape")
        new.stop()
        new.command("case", "new", "--caller", "relative", "--concern", "religious", "--note", "Skrivet innan datorn togs ut.")
        click(founder, "Ta ut")
        fill(founder, "#desk-typed", "Arbetsplats 2")
        founder.press("Enter")
        founder.sees("är uttagen ur linjen")
        new.serve()
        new.open(sign_in=False)
        founder.until(lambda: founder.command("devices", "unsent"), "it is handed over", 40)
        founder.script("[...document.querySelectorAll('aside button')].at(-1).click()")
        founder.sees("Arbetsplats 2", "main")
        in_all_modes(founder, folder, "late")
        click(founder, "Läs")
        founder.sees("Skrivet innan", "dialog")
        in_all_modes(founder, folder, "late-read")
    finally:
        founder.close()
        new.close()


def main():
    folder = sys.argv[1]
    line = Line()
    desk = None
    try:
        joining(line, folder)
        if os.environ.get("LUGN_VIEWS") == "joining":
            return
        data = line.desk_folder(1)
        prepare(data)
        desk = Desk(data, "S3")
        desk.open()
        for name, change in {
            "sv": lambda: None, "dark": lambda: scheme(desk.browser, "dark"),
            "narrow": lambda: (scheme(desk.browser, "light"), size(desk.browser, 320, 900)),
            "200": lambda: size(desk.browser, 640, 480, 2), "en": lambda: size(desk.browser, 1280, 960),
        }.items():
            change()
            if name == "en":
                desk.press("Ctrl", "k")
                desk.type("in english")
                desk.press("Enter")
                time.sleep(0.6)
            for view in views(desk):
                picture(desk, f"{folder}/{view}-{name}.png")
    finally:
        if desk:
            desk.close()
        line.close()


if __name__ == "__main__":
    main()
