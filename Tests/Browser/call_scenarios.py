"""A call: from greeting to closing, and what goes wrong in one."""

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


TESTS = [a_call_from_greeting_to_closing, a_number_that_was_told_before, a_draft_survives_kill_9_and_reload, personal_data_is_marked_and_does_not_pass, markup_long_and_other_scripts_are_text]
