"""The counsellor's page in a real browser, on real programs: what a shift does, and what goes wrong in one."""

import os
import sys
import time
import traceback

import line_scenarios
from audit import audit, focus_walk
from desk import Desk, size
from line import Line

CLASSIFICATION = ["1", "2", "Enter", "2", "1", "2"]


def start_call(desk, text=""):
    """From Today: on a case, the same key takes a call about it."""
    desk.press("Alt", "Shift", "1")
    desk.until(lambda: desk.text("h1") == "I dag", "Today")
    desk.strokes = 0
    desk.press("Alt", "n")
    desk.sees("Säg numret i tre delar")
    if text:
        desk.type(text)
    return desk.text("output.say")


def end_call(desk, number):
    desk.press("Ctrl", "Enter")
    desk.until(lambda: desk.text("h1") == number, "the case is shown")


def kept_text(desk):
    return desk.script("return document.getElementById('text')?.value")


def is_draft_saved(desk):
    return desk.until(lambda: "Utkastet sparat" in desk.text(".saved"), "the draft is on disk")


def a_call_from_greeting_to_closing(line, desk):
    number = start_call(desk, "Förälder till en vuxen son som har slutat höra av sig.")
    desk.press("Alt", "k")
    for key in CLASSIFICATION:
        desk.press(key)
    assert desk.focused() == "next", desk.focused()
    desk.type("Talar med den andra föräldern i helgen.")
    desk.press("Alt", "r")
    desk.press("1")
    desk.press("Alt", "u")
    desk.press("Ctrl", "Enter")
    strokes = desk.strokes
    desk.until(lambda: desk.text("h1") == number, "the case is shown")
    assert strokes == 12, f"{strokes} keystrokes"
    shown = desk.command("case", "show", number)
    assert shown["caller"] == "relative" and shown["concerns"] == ["religious"] and shown["age"] == "18-21", shown
    desk.sees("Närstående. Religiöst profilerad. 18–21.")
    desk.press("Alt", "c")
    desk.sees("Varför stängs det?", "dialog")
    desk.press("1")
    desk.sees("Ärendet är stängt. Kör lappen")
    assert desk.command("case", "show", number)["status"] == "closed"
    return f"{strokes} keystrokes beside the texts"


def a_number_that_was_told_before(line, desk):
    number = start_call(desk, "Första samtalet.")
    desk.press("Alt", "u")
    end_call(desk, number)
    desk.press("Alt", "Shift", "1")
    desk.sees("Ta ett samtal")
    desk.press("Alt", "n")
    desk.sees("Säg numret")
    desk.press("Alt", "h")
    wrong = number[:-1] + str((int(number[-1]) + 1) % 10)
    desk.type(wrong)
    desk.sees("Siffrorna hör inte ihop")
    for _ in wrong:
        desk.type("\ue003")
    desk.type(number.replace(" ", "").replace("-", ""))
    desk.sees("Har ringt förut. Numret stämmer.")
    desk.sees("Första samtalet.")
    assert desk.focused() == "text"
    desk.type("Ringde igen.")
    end_call(desk, number)
    desk.sees("Ringde igen.")
    assert len(desk.command("case", "show", number)["contacts"]) == 2


def a_draft_survives_kill_9_and_reload(line, desk):
    number = start_call(desk, "Det som inte får försvinna 👩‍👧 שלום.")
    is_draft_saved(desk)
    desk.kill()
    desk.type(" Och mer.")
    desk.sees("Lugn har stannat på den här datorn", ".state")
    desk.sees("Det gick inte att spara", ".saved")
    desk.serve()
    desk.open()
    desk.sees("Du har ett utkast")
    desk.one(".side button").click()
    desk.sees(number)
    assert kept_text(desk) == "Det som inte får försvinna 👩‍👧 שלום.", kept_text(desk)
    desk.browser.refresh()
    desk.sees("Sidan behöver öppnas på nytt")
    assert "försvinna" not in desk.browser.page_source
    desk.one(".primary").click()
    desk.start_file = desk.process.stdout.readline().decode().strip()
    desk.open()
    desk.one(".side button").click()
    desk.until(lambda: desk.text("output.say") == number, "the call goes on")
    desk.press("Alt", "u")
    end_call(desk, number)


def personal_data_is_marked_and_does_not_pass(line, desk):
    number = start_call(desk, "Vill bli uppringd på 070-174 06 35 efter sex.")
    desk.sees("är ett telefonnummer")
    desk.press("Alt", "u")
    desk.press("Ctrl", "Enter")
    desk.sees("En sak innan ni lägger på")
    desk.press("Alt", "x")
    desk.until(lambda: kept_text(desk) == "Vill bli uppringd på efter sex.", "the number is out")
    end_call(desk, number)
    start = start_call(desk, "Numret 070-174 06 35 är påhittat.")
    desk.sees("är ett telefonnummer")
    desk.press("Alt", "g")
    desk.until(lambda: "telefonnummer" not in desk.text("#text-finds"), "marked")
    desk.press("Alt", "u")
    end_call(desk, start)


def markup_long_and_other_scripts_are_text(line, desk):
    hostile = "<script>document.title='x'</script><img src=x onerror=alert(1)> \u202eomvänt\u202c مرحبا 🏳️‍🌈 "
    number = start_call(desk)
    desk.script("const a = document.getElementById('text'); a.value = arguments[0]; a.dispatchEvent(new Event('input'))",
                hostile + "ord " * 15000)
    is_draft_saved(desk)
    desk.press("Alt", "u")
    end_call(desk, number)
    assert desk.browser.title == f"{number} · Lugn", desk.browser.title
    assert not desk.exists("main script") and not desk.exists("main img")
    assert hostile in desk.script("return document.querySelector('.written').textContent")


def the_lock_hides_everything(line, desk):
    number = start_call(desk, "Hemligt utkast.")
    desk.press("Alt", "p")
    desk.sees("Låst sedan")
    assert "Hemligt" not in desk.browser.page_source and number not in desk.browser.page_source
    desk.type("000000\ue007")
    desk.sees("Det var inte rätt PIN. 4 försök kvar")
    desk.type("135790\ue007")
    desk.until(lambda: kept_text(desk) == "Hemligt utkast.", "the draft is back")
    desk.press("Alt", "u")
    end_call(desk, number)


def the_language_is_switched(line, desk):
    desk.press("Alt", "Shift", "1")
    desk.sees("Ta ett samtal")
    desk.press("Ctrl", "k")
    desk.type("in english")
    desk.press("Enter")
    desk.sees("Take a call")
    assert desk.script("return document.documentElement.lang") == "en"
    desk.press("Ctrl", "k")
    desk.type("på svenska")
    desk.press("Enter")
    desk.sees("Ta ett samtal")
    assert desk.script("return document.documentElement.lang") == "sv"


def everything_can_be_read_and_reached(line, desk):
    faults = []
    views = {"today": ("Alt", "Shift", "1"), "find": ("Alt", "Shift", "2"), "directory": ("Alt", "Shift", "3"),
             "statistics": ("Alt", "Shift", "4"), "state": ("Alt", "Shift", "5"), "settings": ("Alt", "Shift", "6"),
             "call": ("Alt", "n"), "palette": ("Ctrl", "k")}
    for name, keys in views.items():
        for scheme in ["light", "dark"]:
            desk.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {
                "features": [{"name": "prefers-color-scheme", "value": scheme}]})
            if scheme == "light":
                desk.press(*keys)
                time.sleep(0.4)
            faults += [f"{name} ({scheme}): {fault}" for fault in audit(desk)]
        if name == "palette":
            desk.press("Escape")
        for width in [320, 640]:
            size(desk.browser, width, 900)
            time.sleep(0.1)
            faults += [f"{name} ({width}): {fault}" for fault in audit(desk) if "wider" in fault or "target" in fault]
        size(desk.browser, 1280, 960)
    count, hidden = focus_walk(desk)
    faults += [f"focus cannot be seen: {one}" for one in hidden]
    desk.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert not faults, "\n    " + "\n    ".join(sorted(set(faults)))
    return f"{len(views)} views, light and dark, 320 to 1280 pixels; {count} stops of Tab in a call"


def two_desks_and_a_killed_server(line, desk):
    other = Desk(line.desk_folder(2), "S2")
    try:
        other.open()
        number = start_call(desk, "Det som den andra ska se.")
        desk.press("Alt", "u")
        end_call(desk, number)
        desk.sees("jämfört", ".state", 20)
        other.press("Alt", "s")
        other.type(number)
        other.press("Enter")
        other.until(lambda: other.text("h1") == number, "the case is at the other desk", 20)
        line.kill()
        desk.press("Alt", "t")
        desk.sees("Skriv en text", "dialog")
        desk.type("Skrivet utan nät.")
        desk.press("Ctrl", "s")
        desk.sees("Skrivet utan nät.", "main")
        desk.sees("Utan nät – ", ".state", 20)
        desk.press("Alt", "Shift", "5")
        desk.sees("Väntar på nätet", "main")
        line.start()
        desk.sees("jämfört", ".state", 40)
        other.sees("Skrivet utan nät.", "main", 40)
        assert not other.errors(), other.errors()
    finally:
        other.close()


def a_conflict_is_settled_with_one_key(line, desk):
    other = line.desk_folder(2)
    made = desk.command("case", "new", "--caller", "relative", "--age", "under18")
    number = made["number"]

    def has_arrived():
        Line.run(other, "sync")
        return number in Line.run(other, "case", "list")

    desk.until(has_arrived, "the case is at the other desk", 20)
    line.kill()
    Line.run(other, "case", "edit", number, "--age", "over25", code="S2")
    desk.command("case", "edit", number, "--age", "18-21")
    line.start()
    Line.run(other, "sync")
    desk.press("Alt", "Shift", "1")
    desk.sees("Två skrev olika: ålder", seconds=40)
    desk.script("[...document.querySelectorAll('a.row')].find((a) => a.textContent.includes('Två skrev olika')).click()")
    desk.sees("Över 25", "main")
    desk.sees("18–21", "main")
    other_value = desk.text(".versus > :last-child blockquote")
    desk.press("Alt", "a")
    desk.sees("Inget att reda ut.")
    assert desk.command("conflicts", "list") == []
    shown = {"over25": "Över 25", "18-21": "18–21"}[desk.command("case", "show", number)["age"]]
    assert shown == other_value, (shown, other_value)
    # And back, for as long as nobody has written there since.
    desk.script("[...document.querySelectorAll('.notice button')].find((b) => b.textContent.includes('Ta det andra i stället')).click()")
    desk.sees("Ändrat: det andra gäller nu.")
    back = {"over25": "Över 25", "18-21": "18–21"}[desk.command("case", "show", number)["age"]]
    assert back != other_value, back


TESTS = [a_call_from_greeting_to_closing, a_number_that_was_told_before, a_draft_survives_kill_9_and_reload,
         personal_data_is_marked_and_does_not_pass, markup_long_and_other_scripts_are_text, the_lock_hides_everything,
         the_language_is_switched, everything_can_be_read_and_reached, two_desks_and_a_killed_server, a_conflict_is_settled_with_one_key,
         *line_scenarios.TESTS]


def main():
    wanted = sys.argv[1:]
    failed = 0
    for test in TESTS:
        if wanted and test.__name__ not in wanted:
            continue
        began = time.monotonic()
        line = Line()
        desk = None
        try:
            folder = line.desk_folder(1)
            Line.run(folder, "import", "directory", os.path.dirname(__file__) +
                     "/../../Examples/data/pilot-year-2017/directory.csv")
            desk = Desk(folder)
            desk.open()
            note = test(line, desk)
            errors = desk.errors()
            assert not errors, errors
            print(f"ok   {test.__name__.replace('_', ' ')} ({time.monotonic() - began:.1f} s)" + (f": {note}" if note else ""), flush=True)
        except Exception:
            failed += 1
            print(f"FAIL {test.__name__}", flush=True)
            traceback.print_exc()
            if desk and os.environ.get("LUGN_PICTURES"):
                desk.browser.save_screenshot(os.environ["LUGN_PICTURES"] + f"/{test.__name__}.png")
        finally:
            if desk:
                desk.close()
            line.close()
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
