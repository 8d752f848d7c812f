#!/usr/bin/env python3
"""What must be true after chaos.sh: compares the ledgers of confirmed writes with what every desk's file holds.

    chaos_check.py FOLDER RESTORED      RESTORED: how often the server was put back from a copy

Says on standard error what is wrong, numbers and markers only, and ends with 1; or ends with 0.
"""

import json
import sqlite3
import sys
from collections import Counter, defaultdict
from pathlib import Path

wrong: list[str] = []


def hold(truth: bool, sentence: str) -> None:
    if not truth:
        wrong.append(sentence)


def rows(path: Path, statement: str) -> list[tuple]:
    connection = sqlite3.connect(path)
    try:
        return connection.execute(statement).fetchall()
    finally:
        connection.close()


def ledger(folder: Path, name: str) -> list[list[str]]:
    return [line.split() for line in (folder / f"ledger-{name}").read_text().splitlines()]


def check_files(folder: Path) -> None:
    files = list(folder.glob("*/*.db"))
    hold(len(files) >= 4, "there are no databases to check")
    for file in files:
        hold(rows(file, "PRAGMA integrity_check") == [("ok",)], f"{file} is damaged")


def check_notes(folder: Path, desks: dict[str, list[str]]) -> None:
    saved = {
        word for name in desks for line in ledger(folder, name) if line[0] == "saved"
        for word in line if word.startswith("marker-")
    }
    hold(bool(saved), "nothing was confirmed")
    for name in desks:
        held = Counter(text for (text,) in rows(folder / name / "replica.db", "SELECT text FROM notes"))
        for marker in sorted(saved):
            hold(held[marker] == 1, f"{name} has the confirmed note {marker} {held[marker]} times")
        for marker, times in held.items():
            hold(times == 1, f"{name} has the note {marker} {times} times")


def check_cases(folder: Path, desks: dict[str, list[str]], is_restored: bool) -> None:
    """Each confirmed case is there. No desk gives a number twice. Two desks do only if one is a copy of the other, or
    if the server was put back and had forgotten whom it leased the number to (NumberSource, CaseReference)."""
    family = {by: like for by, like in desks.values()}
    confirmed = Counter(
        line[-1] for name in desks for line in ledger(folder, name) if line[:2] == ["saved", "case"])
    doubled: set[str] = set()
    for name in desks:
        holders = defaultdict(list)
        for number, by in rows(
                folder / name / "replica.db",
                "SELECT numbers.number, opened_by FROM numbers JOIN cases ON cases.id = numbers.parent"):
            holders[number].append(by)
        for number, times in confirmed.items():
            hold(len(holders.get(number, [])) >= times, f"{name} lacks the confirmed case {number}")
        for number, authors in holders.items():
            if len(authors) > 1:
                doubled.add(number)
                hold(len(set(authors)) == len(authors), f"{name} has the number {number} twice of one desk")
                families = {family[by] for by in authors}
                hold(is_restored or len(families) == 1, f"{name} has the number {number} of unrelated desks")
    if doubled:
        print(f"{len(doubled)} numbers were given by two desks")


def check_edits(folder: Path, desks: dict[str, list[str]]) -> None:
    """The own case of a desk shows what was confirmed last, or what was only tried after it."""
    copied = {like for name, (_, like) in desks.items() if like != name}
    for name in desks:
        possible: set[str | None] = {None}
        for line in ledger(folder, name):
            if line[:2] == ["tried", "edit"]:
                possible.add(line[3])
            elif line[:2] == ["saved", "edit"]:
                possible = {line[3]}
        if not (folder / f"own-{name}").exists():
            continue
        number = (folder / f"own-{name}").read_text().strip()
        for desk in desks:
            for case in cases(folder, desk):
                if digits(case) != number:
                    continue
                stands = {case["language"]}
                # A copy sends what the original had not sent as its own: that may stand beside the original's.
                if name in copied:
                    stands |= {conflict[side] for conflict in case["conflicts"] for side in ("kept", "other")}
                hold(bool(stands & possible), f"{desk} shows {stands} for {number}, and not one of {possible}")


def check_equal(folder: Path, desks: dict[str, list[str]]) -> None:
    first = next(iter(desks))
    for name in desks:
        for what in ("list", "cases"):
            texts = [(folder / "shown" / f"{desk}.{what}").read_text() for desk in (first, name)]
            hold(texts[0] == texts[1], f"{name} and {first} do not show the same ({what})")
    known = {replica["replica"]: replica for replica in json.loads((folder / "replicas.json").read_text())}
    for name in desks:
        status = json.loads((folder / "shown" / f"{name}.status").read_text())
        replica = known.get(status["replica"], {})
        hold(replica.get("verified") is True, f"the server has not {name} as verified")
        hold(replica.get("pending") == 0, f"the server has {name} as not having sent everything")


def cases(folder: Path, name: str) -> list[dict]:
    return [json.loads(line) for line in (folder / "shown" / f"{name}.cases").read_text().splitlines() if line]


def digits(case: dict) -> str:
    return "".join(character for character in case["number"] if character.isdigit())


def main() -> None:
    folder = Path(sys.argv[1])
    desks = {name: [by, like] for name, by, like in map(str.split, (folder / "desks").read_text().splitlines())}
    check_cases(folder, desks, is_restored=sys.argv[2] != "0")
    for check in (check_notes, check_edits, check_equal):
        check(folder, desks)
    check_files(folder)
    for sentence in wrong[:40]:
        print(sentence, file=sys.stderr)
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
