"""Examples/quickstart.sh --open: its story, and then the page, joined and with the pilot year in it."""

import os
import signal
import stat
import subprocess
import sys
import tempfile
import time

ROOT = os.path.realpath(os.path.dirname(os.path.abspath(__file__)) + "/../..")


def stand_in(folder):
    """A program in the place of the desktop's, which notes the file that it is to open."""
    path = folder + "/xdg-open"
    with open(path, "w", encoding="utf-8") as file:
        file.write(f'#!/bin/sh\necho "$1" > "{folder}/opened.new" && mv "{folder}/opened.new" "{folder}/opened"\n')
    os.chmod(path, os.stat(path).st_mode | stat.S_IXUSR)
    return folder + "/opened"


def opened(path, story):
    """The file that the story opens in the end. Building it may take long."""
    end = time.monotonic() + 3600
    while time.monotonic() < end:
        if os.path.exists(path):
            return open(path, encoding="utf-8").read().strip()
        assert story.poll() is None, "the quickstart ended before it opened the page"
        time.sleep(0.2)
    raise AssertionError("the quickstart opened no page")


def look(start_file):
    binaries = subprocess.run(["swift", "build", "-c", "release", "--show-bin-path"], cwd=ROOT, check=True, capture_output=True,
                              text=True).stdout.strip()
    os.environ["LUGN_BIN"] = binaries
    from desk import chromium, Desk  # they look for the programs when they are read
    from line_scenarios import choose, go
    desk = Desk.__new__(Desk)
    desk.folder, desk.code, desk.strokes, desk.browser = os.path.dirname(start_file), "S1", 0, chromium()
    desk.start_file = start_file
    try:
        desk.open(sign_in=False)
        desk.sees("Välj en kod och en PIN", "h1")
        desk.sees("Orostelefonen")
        desk.sign_in()
        desk.sees("I dag", "h1")
        desk.sees("Synkat", ".state", 30)
        go(desk, 4, "20")
        choose(desk, "#period", "own")
        choose(desk, "#stat-from", "2017-02")
        choose(desk, "#stat-through", "2017-11")
        desk.sees("1 februari – 30 november 2017", "h1")
        figures = desk.command("report", "--from", "2017-02-01", "--to", "2017-11-30")
        assert figures["cases"] >= 108, figures["cases"]
        desk.sees(str(figures["cases"]), ".sums")
        assert not desk.errors(), desk.errors()
        return figures["cases"]
    finally:
        desk.browser.quit()


def main():
    with tempfile.TemporaryDirectory() as folder:
        note = stand_in(folder)
        story = subprocess.Popen(
            [ROOT + "/Examples/quickstart.sh", "--open"], cwd=ROOT, start_new_session=True, stdout=subprocess.PIPE, text=True,
            env={**os.environ, "PATH": folder + ":" + os.environ["PATH"]})
        try:
            cases = look(opened(note, story))
            os.killpg(story.pid, signal.SIGINT)  # Ctrl-C, as the story says
            said = story.communicate(timeout=60)[0]
        finally:
            if story.poll() is None:
                os.killpg(story.pid, signal.SIGKILL)
        assert story.returncode == 0 and "All of it was checked." in said, (story.returncode, said[-500:])
        print(said)
        print(f"the quickstart ends on the page, joined: {cases} cases of the year")


if __name__ == "__main__":
    sys.path.append(os.path.dirname(os.path.abspath(__file__)))
    main()
