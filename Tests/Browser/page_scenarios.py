"""The page around the calls: lock, language, what can be read and reached, other desks."""

import time

from audit import audit, focus_walk
from call_scenarios import end_call, kept_text, start_call
from desk import Desk, scheme, size
from line import Line
from line_scenarios import choose


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
    """Every view: names in the accessibility tree, contrast as it is rendered, sizes, one heading, nothing wider than the window."""
    Line.run(desk.folder, "activity", "add", "--kind", "meeting", "--organisation", "Kommunen", "Gick igenom våren.")
    made = desk.command("case", "new", "--caller", "relative", "--age", "under18", "--note", "Ett samtal.")
    Line.run(desk.folder, "promise", "add", made["number"], "--due", "idag", "Fråga kommunen.")
    views = {
        "today": lambda: desk.press("Alt", "Shift", "1"), "find": lambda: desk.press("Alt", "Shift", "2"),
        "case": lambda: desk.script("document.querySelector('a.row').click()"), "referral": lambda: desk.press("Alt", "v"),
        "directory": lambda: (desk.press("Escape"), time.sleep(0.5), desk.press("Alt", "Shift", "3")),
        "entry": lambda: (
            desk.until(lambda: desk.exists(".entry a"), "an entry of the directory"),
            desk.script("document.querySelector('.entry a').click()")), "entry edited": lambda: desk.press("Alt", "e"),
        "statistics": lambda: desk.press("Alt", "Shift", "4"), "month": lambda: choose(desk, "#kind", "month"),
        "activity": lambda: desk.press("Alt", "l"), "state": lambda: (desk.press("Escape"), desk.press("Alt", "Shift", "5")),
        "settings": lambda: desk.press("Alt", "Shift", "6"), "palette": lambda: desk.press("Ctrl", "k"),
        "call": lambda: (desk.press("Escape"), desk.press("Alt", "n")),
    }
    faults = []
    for name, show in views.items():
        show()
        time.sleep(0.5)
        for color in ["light", "dark"]:
            scheme(desk.browser, color)
            faults += [f"{name} ({color}): {fault}" for fault in audit(desk)]
        scheme(desk.browser, "light")
        # 640 pixels are a window of 1280 at 200 %.
        for width in [320, 640]:
            size(desk.browser, width, 900)
            time.sleep(0.1)
            faults += [f"{name} ({width}): {fault}" for fault in audit(desk) if "wider" in fault or "target" in fault]
        size(desk.browser, 1280, 960)
    count, hidden = focus_walk(desk)
    faults += [f"focus cannot be seen: {one}" for one in hidden]
    desk.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [{"name": "prefers-reduced-motion", "value": "reduce"}]})
    moving = desk.script("return [...document.querySelectorAll('*')].filter((e) => parseFloat(getComputedStyle(e).transitionDuration) || getComputedStyle(e).animationName !== 'none').length")
    assert moving == 0, f"{moving} elements move where less motion is asked for"
    desk.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": []})
    assert not faults, "\n    " + "\n    ".join(sorted(set(faults)))
    return f"{len(views)} views, light and dark, 320 to 1280 pixels; {count} stops of Tab in a call"


HEARD = """
    window.heard = [];
    new MutationObserver((list) => {
        for (const change of list) {
            const region = (change.target.nodeType === 1 ? change.target : change.target.parentElement)?.closest("[role=status], [role=alert], [aria-live=polite]");
            const text = [...change.addedNodes].map((node) => node.textContent).join(" ").trim();
            if (region && text) window.heard.push(text);
        }
    }).observe(document.body, {childList: true, subtree: true, characterData: true});
"""


def live_regions_say_only_what_is_new(line, desk):
    desk.press("Alt", "Shift", "1")
    desk.sees("Ta ett samtal")
    desk.sees("jämfört", ".state", 20)
    desk.script(HEARD)
    Line.run(desk.folder, "case", "new", "--caller", "relative")
    desk.sees("jämfört", ".state", 20)
    time.sleep(1)
    heard = desk.script("return window.heard.splice(0)")
    assert all("Synkat" in text or "Skickar" in text for text in heard), heard
    assert len(heard) <= 4, heard
    time.sleep(2)
    assert desk.script("return window.heard.splice(0)") == [], "something is said though nothing is new"
    # A list that is walked through does not move, and nothing takes the focus.
    desk.press("Alt", "Shift", "2")
    desk.until(lambda: desk.exists("a.row"), "the cases")
    desk.script("document.querySelector('a.row').focus()")
    before = desk.script("return document.activeElement.textContent")
    Line.run(desk.folder, "case", "new", "--caller", "external")
    time.sleep(1.5)
    assert desk.script("return document.activeElement.textContent") == before


def two_desks_and_a_killed_server(line, desk):
    other = Desk(line.desk_folder(2), "S2")
    try:
        other.open()
        number = start_call(desk, "Det som den andra ska se.")
        desk.press("Alt", "u")
        end_call(desk, number)
        desk.sees("jämfört", ".state", 20)
        other.until(lambda: number in [one["number"] for one in other.command("case", "list")], "it has arrived", 30)
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


TESTS = [the_lock_hides_everything, the_language_is_switched, everything_can_be_read_and_reached, live_regions_say_only_what_is_new, two_desks_and_a_killed_server, a_conflict_is_settled_with_one_key]
