"""Pictures of every view, from generated data."""

import base64
import os
import sys
import time

from desk import Desk, scheme, size
from line import Line

DATA = os.path.dirname(os.path.abspath(__file__)) + "/../../Examples/data/"
TEXT = ("Förälder till en vuxen son som på ett halvår har bytt umgänge och slutat höra av sig. Den äldste i gänget kallas "
        "Grävlingen. Vill bli uppringd på 070-174 06 35 efter sex. Har inte talat med skolan än.")


def picture(desk, path):
    height = desk.script("return Math.max(960, document.documentElement.scrollHeight)")
    shot = desk.browser.execute_cdp_cmd("Page.captureScreenshot", {"captureBeyondViewport": True, "clip": {
        "x": 0, "y": 0, "width": desk.script("return innerWidth"), "height": min(height, 2400), "scale": 1}})
    open(path, "wb").write(base64.b64decode(shot["data"]))


def views(desk):
    """Every view by name; the desk stands in it when it is told."""
    def go(*keys, wait=0.5):
        desk.press(*keys)
        time.sleep(wait)
    go("Alt", "Shift", "1")
    yield "today"
    go("Alt", "s")
    desk.type("samtal")
    time.sleep(0.5)
    yield "find"
    desk.press("Enter")
    time.sleep(0.6)
    yield "case"
    go("Alt", "n")
    yield "call-repeat"
    desk.script("document.querySelector('footer.end button:last-child').click()")
    time.sleep(0.5)
    go("Alt", "n")
    desk.type(TEXT)
    go("Alt", "k")
    for key in ["1", "2", "Enter", "1", "1", "2"]:
        desk.press(key)
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
    desk.script("document.querySelector('footer.end button:last-child').click()")
    time.sleep(0.5)
    for index, name in enumerate(["directory", "statistics", "state", "settings"]):
        go("Alt", "Shift", str(index + 3), wait=0.8)
        yield name
    desk.script("document.querySelectorAll('.rail .me button')[2].click()")
    time.sleep(0.2)
    yield "keys"
    go("Escape", wait=0.2)
    go("Alt", "p")
    yield "lock"
    desk.type("135790\ue007")
    desk.until(lambda: desk.exists("#find"), "unlocked")


def main():
    folder = sys.argv[1]
    line = Line()
    desk = None
    try:
        data = line.desk_folder(1)
        Line.run(data, "import", "directory", DATA + "pilot-year-2017/directory.csv")
        for text in ["Ett samtal om skolan i Örebro, och om hur hen kan hålla dörren öppen.",
                     "Ett kort samtal. Vill tänka över det, och ringer igen."]:
            Line.run(data, "case", "new", "--caller", "relative", "--concern", "religious", "--age", "under18",
                     "--language", "sv", "--note", text, code="S2")
        desk = Desk(data, "S3")
        desk.open()
        for name, prepare in {
            "sv": lambda: None, "dark": lambda: scheme(desk.browser, "dark"),
            "narrow": lambda: (scheme(desk.browser, "light"), size(desk.browser, 320, 900)),
            "200": lambda: size(desk.browser, 640, 480, 2), "en": lambda: size(desk.browser, 1280, 960),
        }.items():
            prepare()
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
