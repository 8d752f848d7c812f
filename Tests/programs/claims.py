#!/usr/bin/env python3
"""Every claim of docs/domain-claims.md stands there once, its commands are commands, and its tests are tests.

    claims.py LUGN
"""
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LUGN = sys.argv[1]
OUTSIDE = {2, 7, 8, 9, 10}
# Options that stand by themselves in a claim belong to the commands of a call and of its case.
OF_A_CALL = ["case new", "contact add", "contact edit", "referral add", "directory list", "case close"]
TESTS = "\n".join(path.read_text() for path in (ROOT / "Tests/CaseworkTests").glob("*.swift"))


def help_of(words):
    result = subprocess.run([LUGN, *words, "--help"], capture_output=True, text=True, env={"LC_ALL": "C.UTF-8"})
    return result.stdout if result.returncode == 0 else None


def command_of(text):
    """The words of the longest command that the text begins with, and its help."""
    words = []
    for word in text.split():
        if not re.fullmatch(r"[a-z-]+", word) or word.startswith("--"):
            break
        words.append(word)
    while words:
        found = help_of(words)
        if found and "Usage: lugn " + " ".join(words) in found:
            short = " ".join(words)
            entries = re.split(r"\n  (?=\S)", found)
            default = next((entry.split("  ")[0] for entry in entries if f"Also as 'lugn {short}'" in " ".join(entry.split())), None)
            return words, help_of(default.split()) if default else found
        words.pop()
    return None, None


def main():
    faults, seen, commands, tests = [], [], 0, 0
    for line in (ROOT / "docs/domain-claims.md").read_text().splitlines():
        row = re.fullmatch(r"\| (\d+) \| (.+?) \| (.+?) \| (.+?) \|", line)
        if not row:
            continue
        number, how, test = int(row[1]), row[3], row[4]
        seen.append(number)
        if number in OUTSIDE:
            if "outside" not in how:
                faults.append(f"{number} does not say why it is outside")
        elif test == "–":
            faults.append(f"{number} has no test")
        helps = []
        for text in re.findall(r"`([^`]+)`", how):
            if text.startswith("lugn "):
                words, found = command_of(text[5:])
                if found is None:
                    faults.append(f"{number}: there is no command '{text}'")
                    continue
                helps.append(found)
                commands += 1
            elif text.startswith("--"):
                known = helps + [help_of(words.split()) or "" for words in OF_A_CALL]
                if not any(re.search(rf"{text.split()[0]}\b", found) for found in known):
                    faults.append(f"{number}: no command has the option {text}")
                continue
            else:
                continue
            for option in re.findall(r"--[a-z-]+", text):
                if not re.search(rf"{option}\b", helps[-1]):
                    faults.append(f"{number}: '{text}' has no option {option}")
        if test != "–":
            tests += 1
            if test.endswith((".sh", ".py")):
                if not (ROOT / "Tests/programs" / test).exists():
                    faults.append(f"{number}: there is no {test}")
            elif f'"{test}"' not in TESTS:
                faults.append(f"{number}: there is no test '{test}'")
    if sorted(seen) != list(range(1, 65)):
        faults.append(f"not each of 64 claims once: {sorted(set(range(1, 65)) ^ set(seen)) or sorted(seen)}")
    for fault in faults:
        print("FAILED:", fault, file=sys.stderr)
    print(f"64 claims, {commands} commands and {tests} tests are there" if not faults else f"{len(faults)} faults")
    sys.exit(bool(faults))


main()
