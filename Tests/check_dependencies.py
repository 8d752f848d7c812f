#!/usr/bin/env python3
"""Every library that a program is linked with, or loads while it runs, stands in docs/dependencies.md; and it comes from the system's
folders, or beside the program, and nowhere else.

    check_dependencies.py PROGRAMS        the folder with lugn, lugn-server and lugn-admin"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile

root = pathlib.Path(__file__).resolve().parents[1]
PROGRAMS = ("lugn", "lugn-server", "lugn-admin")
SYSTEM = ("/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/")


def main():
    folder = pathlib.Path(sys.argv[1]).resolve()
    text = (root / "docs/dependencies.md").read_text()
    known = set(re.findall(r"`(lib[\w.+-]*?|ld-linux[\w.+-]*)\.so[\w.]*`", text))
    problems = []
    for program in PROGRAMS:
        linked = re.findall(r"\(NEEDED\).*\[(.*?)\]", run("readelf", "-d", str(folder / program)))
        for library in linked:
            if library.split(".so")[0] not in known:
                problems.append(f"{program} is linked with {library}, which docs/dependencies.md does not have")
        for path in re.findall(r"\((?:RPATH|RUNPATH)\).*\[(.*?)\]", run("readelf", "-d", str(folder / program))):
            for part in path.split(":"):
                if part != "$ORIGIN" and "swift" not in part:
                    problems.append(f"{program} looks for libraries in {part}")
    problems += loaded(folder, known)
    problems += planted(folder)
    problems += database(folder, known)
    print("\n".join(problems) or "no library but those of docs/dependencies.md, from the system's folders")
    return bool(problems)


def run(*words):
    return subprocess.run(words, capture_output=True, text=True, check=True).stdout


def loaded(folder, known):
    """What is opened while a workstation asks a server that is not there: libcurl too, with what that loads."""
    with tempfile.TemporaryDirectory() as scratch:
        traced = trace(folder, scratch, {})
    if not any("libcurl" in path for path in traced):
        return ["libcurl was not seen to be loaded: this check is blind"]
    problems = []
    for path in traced:
        name = os.path.basename(path)
        if not path.startswith(SYSTEM) and "/swift/" not in path:
            problems.append(f"lugn loads {path}, which is in no folder of the system")
        # What system libraries bring along is the system's own; what the program loads itself has to be named.
        if "libcurl" in name and name.split(".so")[0] not in known:
            problems.append(f"lugn loads {name}, which docs/dependencies.md does not have")
    return problems


def trace(folder, scratch, environment):
    """The libraries that are opened, by the loader's own word (LD_DEBUG)."""
    invitation = subprocess.run([sys.executable, "-B", "-c", MAKE_INVITATION, str(root / "Protocol")], capture_output=True, text=True, check=True)
    done = subprocess.run(
        [str(folder / "lugn"), "join", invitation.stdout.strip(), "--name", "x"], capture_output=True, text=True, cwd=scratch, timeout=120,
        env={**os.environ, "LUGN_DATA": scratch + "/data", "LD_DEBUG": "files", **environment})
    return set(re.findall(r"calling init: (/\S+)", done.stderr))


# For a port on which nobody listens.
MAKE_INVITATION = """
import sys
sys.path.insert(0, sys.argv[1])
import check_trust
print(check_trust.invitation_text(0, bytes(16), None, None, "http://127.0.0.1:1"))
"""


def planted(folder):
    """A libcurl of somebody's own, where the loader is told to look first and in the working folder, is not loaded."""
    with tempfile.TemporaryDirectory() as scratch:
        real = next(path for path in trace(folder, scratch, {}) if "libcurl" in path)
        for name in ("libcurl-gnutls.so.4", "libcurl.so.4"):
            shutil.copy(real, scratch + "/" + name)
        opened = trace(folder, scratch, {"LD_LIBRARY_PATH": scratch, "CURL_HOME": scratch})
    return [f"lugn loads {path} of its working folder" for path in opened if path.startswith(scratch)] + (
        [] if any("libcurl" in path for path in opened) else ["with a planted libcurl none is loaded"])


def database(folder, known):
    """libpq is loaded by a server that is told to use a database, from the system's folders, and by no other."""
    problems = []
    with tempfile.TemporaryDirectory() as scratch:
        def opened(*store, **environment):
            done = subprocess.run(
                [str(folder / "lugn-server"), "operator", "list", *store], capture_output=True, text=True, cwd=scratch, timeout=120,
                env={**os.environ, "LD_DEBUG": "files", **environment})
            return [path for path in re.findall(r"calling init: (/\S+)", done.stderr) if "libpq" in path]

        address = "postgresql://nobody@/none?host=" + scratch
        if opened("--data", scratch + "/none"):
            problems.append("lugn-server loads libpq without a database")
        real = opened("--store", address)
        if not real:
            return problems + ["libpq was not seen to be loaded: this check is blind"]
        shutil.copy(real[0], scratch + "/libpq.so.5")
        for path in real + opened("--store", address, LD_LIBRARY_PATH=scratch):
            if not path.startswith(SYSTEM):
                problems.append(f"lugn-server loads {path}, which is in no folder of the system")
            if os.path.basename(path).split(".so")[0] not in known:
                problems.append(f"lugn-server loads {path}, which docs/dependencies.md does not have")
    return problems


if __name__ == "__main__":
    sys.exit(main())
