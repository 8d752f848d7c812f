"""The operator's program: what it shows is so, over HTTP and of a stopped store alike, and it finds what is wrong."""

import json
import os
import pty
import re
import select
import subprocess
import time

from operations_metrics import certificate
from operations_support import BIN, SCRATCH, Server, check, eventually, refused, run

DAY = 86_400_000


def cells(table):
    """Rows of a table, by the words of their cells."""
    return [line.split() for line in table.splitlines()]


def screens():
    """status, devices, device, log, record, conflicts, compact: true, sorted, filtered, and the same of a stopped store."""
    server = Server("screens", line="Jourlinjen").start()
    one, two = server.desks("Norr", "Söder")
    numbers = [one.write("hemligt-innehåll") for _ in range(3)]
    for desk in (one, two, one, two):
        desk.sync()
    # A conflict, on both desks.
    one("case", "edit", numbers[0], "--age", "17")
    two("case", "edit", numbers[0], "--age", "30")
    for desk in (one, two, one, two):
        desk.sync()
    two.write()
    status = server.admin("status")
    for words in ("Jourlinjen", "never", "ready", "commits in the last minute"):
        check(words in status, f"status does not say '{words}': {status}")
    devices = json.loads(server.admin("devices", "--json"))
    check([device["name"] for device in devices] == ["Norr", "Söder"], "devices are not in the order of their names")
    check(all(device["verified"] and device["agreedAt"] for device in devices), "they are not equal")
    table = server.admin("devices", "--sort", "seen")
    check(cells(table)[0][:3] == ["ID", "NAME", "SEEN"] and len(cells(table)) == 3, f"devices: {table}")
    check(len(cells(server.admin("devices", "--only", "silent"))) == 1, "somebody is said to be silent")

    number = str(devices[0]["device"])
    device = server.admin("device", number)
    check("one replica id" in device and re.search(r"^\d{4}-\d\d-\d\d  \d+$", device, re.M), f"device: {device}")
    refused("no such workstation", f"{BIN}/lugn-admin", "--server", server.url, "device", "99",
            environment={"LUGN_OPERATOR_KEY": server.key})
    log = json.loads(server.admin("log", "--json", "--limit", "1000"))
    head = server.status()["lines"][0]["head"]
    check([commit["position"] for commit in log] == list(range(head, 0, -1)), "the log is not whole")
    mine = json.loads(server.admin("log", "--json", "--device", number))
    check(mine and {commit["name"] for commit in mine} == {"Norr"}, "the log by device")
    check(len(json.loads(server.admin("log", "--json", "--before", "3"))) == 2, "the log before a position")
    check(json.loads(server.admin("log", "--json", "--until", "2020-01-01")) == [], "the log by time")
    check(len(json.loads(server.admin("log", "--json", "--since", "2020-01-01T00:00:00Z", "--limit", "4"))) == 4, "limit")
    conflicts = json.loads(server.admin("conflicts", "--json"))
    check(conflicts["records"] == 1 and conflicts["collections"][0]["fields"] == 2, f"conflicts: {conflicts}")
    record = conflicts["list"][0]["record"]
    check(record in server.admin("conflicts", "--list"), "the list of conflicts")
    shown = json.loads(server.admin("record", record, "--json"))
    contested = [field for field in shown["fields"] if field["standing"] == 2]
    check(len(contested) == 2, f"the conflict is not seen: {shown}")
    check(json.loads(server.admin("log", "--json", "--record", record)), "the log by record")
    check("2 writes stand" in server.admin("record", record), "the record as text")
    for words in ("status", "devices", "log", "conflicts"):
        check("hemligt" not in server.admin(words), "content is shown")
    check("now" in server.admin("compact"), "compact")
    check("sound" in server.admin("verify"), "verify")

    # Of the stopped store the same is told.
    over_http = {words: json.loads(server.admin(*words.split(), "--json"))
                 for words in ("devices", "log --limit 1000", "conflicts", f"record {record}")}
    server.admin("revoke", one.id)
    refused("another lugn-server", f"{BIN}/lugn-admin", "--store", server.data, "status")
    server.stop()
    for words, expected in over_http.items():
        found = json.loads(server.directly(*words.split(), "--json"))
        if words == "devices":
            for one_of in (*found, *expected):
                for word in ("revoked", "blocked", "state"):
                    one_of.pop(word, None)
        check(found == expected, f"{words} of the stopped store differs: {found} and {expected}")
    check("(revoked)" in server.directly("devices", "--only", "revoked"), "who was shut out")
    check("Sound" in server.command("check") and "sound" in server.directly("verify"), "verified directly")


def damage():
    """A bit that flips in a sealed value is found, told, and comes back from a desk."""
    server = Server("flipped").start()
    desk = server.desks("one")[0]
    number = desk.write()
    desk.sync()
    server.stop()
    server.plant("UPDATE change SET sealed = zeroblob(length(sealed)) WHERE position = (SELECT max(position) FROM change)")
    server.refuses("is damaged", "check")
    server.start()
    # By the server itself, which begins to look over its store as soon as it runs, and then by whoever asks for all of it.
    eventually(lambda: "lugn_scrub_damaged_changes_total 1" in server.get("/metrics"), "the server does not find it")
    check("1 changes were found damaged before" in server.admin("verify"), "verify does not tell")
    check("found damaged" in server.admin("doctor", code=1), "doctor does not tell")
    check("lugn_damaged_changes{line=\"1\"} 1" in server.get("/metrics"), "metrics do not tell")
    desk("verify")
    check("sound" in server.admin("verify"), "it did not come back")
    # All are proven equal again: what was set aside is missing nowhere, and nobody is told of it any more.
    desk.sync()
    eventually(lambda: "lugn_damaged_changes{line=\"1\"} 0" in server.get("/metrics"), "it is still said to be damaged")
    check("damaged before" not in server.admin("verify"), "verify still tells")
    # What the last verification found outlives the process.
    found = server.status()["lines"][0]["verified"]
    check(found["sound"], f"it was sound: {found}")
    server.stop()
    server.start()
    check(server.status()["lines"][0]["verified"] == found, "the last verification is forgotten")
    check(desk.holds([number]), "the desk lost it")


def terms():
    """A least version and a quota: said in words to whoever waits, seen by the operator, and nothing is lost."""
    server = Server("terms", line="Jourlinjen").start()
    one, two = server.desks("Norr", "Söder")
    numbers = [one.write()]
    for desk in (one, two):
        desk.sync()
    server.admin("line", "set", "Jourlinjen", "--minimum-version", "9.0.0")
    numbers.append(one.write())
    for language, words in (("C.UTF-8", "asks for version 9.0.0"), ("sv_SE.UTF-8", "driften kräver version 9.0.0")):
        said = one("sync", code=4, environment={"LC_ALL": language})
        check(words in said, f"it does not say what it waits for: {said}")
    check(one.holds(numbers) and one.status()["pending"] > 0, "its work is not there")
    said = server.admin("doctor", "--lang", "sv", code=1)
    check("äldre än linjen tar emot: inget utbyts med den" in said and "uppdatera den" in said, f"in Swedish: {said}")
    check("Norr" in server.admin("devices", "--only", "too-old"), "the operator does not see who is too old")
    check("nothing is exchanged with it" in server.admin("doctor", code=1), "doctor does not tell")
    said = server.admin("line", "set", "Jourlinjen", "--minimum-version", "any")
    check("any" in said, f"line set: {said}")
    one.sync()
    two.sync()
    check(two.holds(numbers), "what waited did not arrive")

    said = server.admin("line", "set", "Jourlinjen", "--quota", "1")
    check("may hold        1 bytes" in said, f"line set: {said}")
    numbers.append(one.write())
    said = one("sync", code=4, environment={"LC_ALL": "C.UTF-8"})
    check("holds as much at the server as the operator lets it" in said or "no room left" in said, f"no room: {said}")
    check(one.status()["pending"] > 0 and one.holds(numbers), "its work is not there")
    check("that it may hold: workstations keep what they write" in server.admin("doctor", code=1), "doctor does not tell")
    server.stop()
    server.start()
    server.admin("line", "set", "Jourlinjen", "--quota", "none")
    one.sync()
    two.sync()
    check(two.holds(numbers), "what waited did not arrive")
    refused("is three numbers with dots", f"{BIN}/lugn-admin", "--server", server.url, "line", "set", "Jourlinjen",
            "--minimum-version", "new", code=2, environment={"LUGN_OPERATOR_KEY": server.key})


def watch():
    """watch prints what changes; on a terminal it draws bars, and q ends it."""
    server = Server("watched").start()
    one, two = server.desks("Norr", "Söder")
    one.sync()
    two.sync()
    process = subprocess.Popen(
        [f"{BIN}/lugn-admin", "--server", server.url, "watch", "--every", "1", "--times", "4"], text=True,
        env={**os.environ, "LUGN_OPERATOR_KEY": server.key}, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    time.sleep(1)
    one.write()
    one.sync()
    said = process.communicate(timeout=30)[0]
    check("Söder" in said and "lag 0" in said and re.search(r"Söder \([0-9a-f]+\): lag [1-9]", said), f"watch: {said}")

    leader, follower = pty.openpty()
    process = subprocess.Popen(
        [f"{BIN}/lugn-admin", "--server", server.url, "watch"], stdin=follower, stdout=follower, stderr=follower,
        env={**os.environ, "LUGN_OPERATOR_KEY": server.key, "TERM": "xterm"}, start_new_session=True)
    os.close(follower)
    seen = b""
    end = time.monotonic() + 15
    while b"\xe2\x96\x88" not in seen and time.monotonic() < end:
        if select.select([leader], [], [], 0.2)[0]:
            seen += os.read(leader, 65536)
    check("█".encode() in seen and "Söder".encode() in seen, f"no bars: {seen}")
    os.write(leader, b"q")
    check(process.wait(10) == 0, "q does not end it")
    os.close(leader)


def healthy():
    """Where all is well, doctor says nothing."""
    server = Server("well").start("--backup-dir", f"{SCRATCH}/well-backups", *certificate(365))
    # Joined over plain HTTP before: the certificate is the test's own.
    server.stop()
    server.start("--backup-dir", f"{SCRATCH}/well-backups")
    desks = server.desks("one", "two", "three")
    for desk in (*desks, *desks):
        desk.write() if desk is desks[0] else None
        desk.sync()
    eventually(lambda: server.status()["backup"]["last"], "no backup was made")
    said = server.admin("doctor")
    check(said == "", f"doctor is not silent: {said}")


def doctor():
    """Each of the faults that are planted is named, at the right place, with what to do."""
    server = Server("ill", line="Jourlinjen").start()
    names = ["Norr", "Söder", "Öster", "Väster", "Mitt"]
    desks = server.desks(*names)
    for desk in desks:
        desk.write()
        desk.sync()
    for desk in desks:
        desk.sync()
    server.command("backup", f"{SCRATCH}/ill.db")
    server.stop()
    check(server.directly("doctor") == "", "it is ill before anything was planted")

    now = int(time.time() * 1_000)
    of = "WHERE device = (SELECT ref FROM device WHERE label = ?)"
    faults = 0

    def finds(place, words, mend):
        nonlocal faults
        found = json.loads(server.directly("doctor", "--json", code=1).splitlines()[0])
        match = [one for one in found if one["place"].startswith(place) and words in one["fault"]]
        check(len(match) == 1, f"'{words}' at {place} is not found: {found}")
        check(mend in match[0]["mend"], f"what to do about '{words}': {match[0]['mend']}")
        faults += 1
        return found

    def plants(name, setting, words, mend):
        server.plant(f"UPDATE replica SET {setting} {of}", name)
        found = finds(name, words, mend)
        check(len(found) == 1, f"more than '{words}' is found: {found}")
        server.plant(f"UPDATE replica SET {healthy_row[name]} {of}", name)

    import sqlite3
    database = sqlite3.connect(f"{server.data}/log.db")
    columns = ["last_seen", "cursor", "pending", "oldest_pending", "clock_offset", "schema", "verified", "program",
               "set_aside", "unopened", "numbers_left"]
    healthy_row = {}
    for name, *values in database.execute(
            f"SELECT d.label, {', '.join('r.' + column for column in columns)} FROM replica r JOIN device d ON d.ref = r.device"):
        healthy_row[name] = ", ".join(
            f"{column} = {'NULL' if value is None else repr(value)}" for column, value in zip(columns, values))
    database.close()

    plants("Norr", f"pending = 3, oldest_pending = {now - 3 * DAY}", "on its disk only", "started and connected")
    plants("Söder", f"last_seen = {now - 5 * DAY}", "not heard of for 5 d", "revoke")
    plants("Öster", "verified = 0", "different things", "lugn verify")
    plants("Väster", "clock_offset = -3600000", "clock is wrong by -60 min", "keep time")
    plants("Mitt", "set_aside = 2", "2 commits were refused", "counsellor")
    plants("Norr", "unopened = 7", "cannot open 7 changes", "update")
    plants("Söder", "numbers_left = 0", "no reference numbers left", "connect")
    plants("Öster", "program = '0.0.9'", "version 0.0.9", "update")
    plants("Väster", "schema = schema - 1", "schema is", "update")
    # All clocks agree against the server's.
    server.plant("UPDATE replica SET clock_offset = 7200000 + ref")
    found = finds("server", "differs by 2 h from those of all 5", "set-ntp")
    check(len(found) == 1, f"the workstations are blamed: {found}")
    server.plant("UPDATE replica SET clock_offset = 0")
    # A copied data folder gives itself away by new ids.
    for number in range(6):
        server.plant(
            f"""INSERT INTO replica (line, replica, device, last_number, last_digest, desk, leases_given, last_seen, cursor,
            pending, clock_offset, schema, program, set_aside, unopened, numbers_left)
            SELECT line, {number + 1}, device, 0, last_digest, desk, 0, 1, 0, 0, 0, schema, program, 0, 0, 1 FROM replica
            {of} LIMIT 1""", "Mitt")
    finds("Mitt", "7 replica ids", "copies of one data folder")
    server.plant("DELETE FROM replica WHERE replica < 7 AND last_seen = 1")
    # One that calls and does not read.
    server.plant("UPDATE line SET head = head")
    os.remove(f"{server.data}/last-backup")
    finds("server", "there is no backup", "lugn-server backup")
    with open(f"{server.data}/last-backup", "w") as file:
        file.write(str(now - 2 * DAY))
    finds("server", "the last backup is 2 d old", "backup-dir")
    with open(f"{server.data}/last-backup", "w") as file:
        file.write(str(now))

    # What only a running server shows.
    def tells(words, mend, code=1):
        nonlocal faults
        said = server.admin("doctor", code=code)
        check(words in said and mend in said, f"doctor does not say '{words}': {said}")
        faults += 1

    with open(f"{SCRATCH}/no-folder", "w"):
        pass
    server.start("--backup-dir", f"{SCRATCH}/no-folder/backups", "--backup-every", "1s")
    eventually(lambda: server.status()["backup"]["failure"], "the backup does not fail")
    tells("the last backup failed", "mend that")
    server.key, key = f"{SCRATCH}/stranger.operator", server.key
    run(f"{BIN}/lugn-admin", "key", "new", server.key)
    tells("is not signed as this address wants it", "the key of an operator")
    server.key = key
    server.stop()
    tells("server", "systemctl status lugn-server")
    backup = f"{SCRATCH}/ill.db"
    os.rename(server.data, f"{server.data}-lost")
    server.command("restore", backup)
    server.start()
    tells("0 of 5 workstations have brought back", "have the others sync")
    server.stop()
    if os.geteuid() == 0 and full_disk(server):
        faults += 1
    check(faults >= 15, f"only {faults} faults were planted")


def full_disk(server):
    """On a small disk that fills up: the cause is in the log, metrics and doctor tell, nothing that was confirmed is lost."""
    small = f"{SCRATCH}/small"
    os.mkdir(small)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", small], stderr=subprocess.DEVNULL).returncode:
        return False
    try:
        tiny = Server("small/store")
        tiny.name = "small-store"
        tiny.start()
        desk = tiny.desks("one")[0]
        number = desk.write()
        desk.sync()
        filler = os.open(f"{small}/filler", os.O_WRONLY | os.O_CREAT)
        try:
            while True:
                os.write(filler, bytes(4096))
        except OSError:
            os.close(filler)
        eventually(lambda: not tiny.status()["ready"], "it is said to be ready on a full disk")
        desk.write("a longer note " * 600)
        desk("sync", code=3)
        eventually(lambda: "cause=disk-full" in tiny.log(), "the log does not say why")
        check("disk is full" in tiny.admin("doctor", code=1), "doctor does not say why")
        os.remove(f"{small}/filler")
        desk.sync()
        eventually(lambda: tiny.status()["ready"], "it is not ready again")
        check(desk.holds([number]), "something was lost")
        tiny.stop()
    finally:
        subprocess.run(["umount", "-l", small], check=True)
    return True


CHECKS = [screens, damage, terms, watch, healthy, doctor]
