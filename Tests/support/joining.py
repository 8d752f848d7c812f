"""How desks come into a line: the first one founds it, and lets the others in."""

import json
import os
import re
import subprocess
import time

SHOWN = re.compile(r"^Read these digits out to the lead: (\d{3} \d{3})$", re.M)


def environment(folder, code="S1"):
    return {**os.environ, "LC_ALL": "C.UTF-8", "LUGN_DATA": folder, "LUGN_BY": code}


def lugn(programs, folder, *words):
    done = subprocess.run([programs + "/lugn", *words], env=environment(folder), capture_output=True, text=True)
    assert done.returncode == 0, f"lugn {words[0]}: {done.stderr}"
    return done.stdout


# The recovery sheets that were printed, by the folder of whoever founded the line.
sheets = {}
GROUPS = re.compile(r"^    ((?:[0-9A-Z]{5} ?)+)$", re.M)


def found(programs, folder, invitation, name, *options):
    """Returns the desk's id. The recovery sheet that is printed stands in `sheets`."""
    done = subprocess.run([programs + "/lugn", "join", invitation, "--name", name, "--json", *options],
                          env=environment(folder), capture_output=True, text=True)
    assert done.returncode == 0, f"lugn join: {done.stderr}"
    sheets[folder] = " ".join(GROUPS.findall(done.stdout + done.stderr))
    return json.loads(done.stdout)["device"]


def admit(programs, lead, folder, name, *options):
    """The new desk asks and shows its digits, and somebody types them at the lead's. Returns its id."""
    invited = json.loads(lugn(programs, lead, "invite", "--json"))
    with open(folder + ".joining", "w+", encoding="utf-8") as said:
        joining = subprocess.Popen([programs + "/lugn", "join", invited["invitation"], "--name", name, *options],
                                   env=environment(folder), stdout=subprocess.DEVNULL, stderr=said)
        try:
            admitted = lugn(
                programs, lead, "admit", _digits(programs, lead, joining, said), "--invitation", invited["id"], "--json")
            assert joining.wait(60) == 0, _text(said)
            return json.loads(admitted)["device"]
        finally:
            if joining.poll() is None:
                joining.kill()
                joining.wait()


def _digits(programs, lead, joining, said):
    end = time.monotonic() + 60
    while time.monotonic() < end:
        shown = SHOWN.search(_text(said))
        if shown:
            return shown[1]
        assert joining.poll() is None, _text(said)
        lugn(programs, lead, "admit")
        time.sleep(0.1)
    raise AssertionError("the new desk shows no digits: " + _text(said))


def _text(file):
    with open(file.name, encoding="utf-8") as reading:
        return reading.read()
