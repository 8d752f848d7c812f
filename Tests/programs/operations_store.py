"""A store's disasters: backups that are made while work goes on, disks that are lost, files that are damaged or mixed up."""

import os
import shutil
import threading

from operations_support import SCRATCH, Server, check, eventually


def equal(server, desks, numbers):
    """All desks hold all of it, and are proven equal with the server."""
    for desk in desks:
        desk.sync()
    for desk in desks:
        desk.sync()
        check(desk.holds(numbers), f"{desk.name} lacks a case")
        check(desk.status()["verified"] is True, f"{desk.name} is not proven equal")
    sums = {desk.status()["fingerprint"] for desk in desks} | {server.status()["lines"][0]["fingerprint"]}
    check(len(sums) == 1, "the desks and the server differ")


def disk_lost():
    """Five desks, a backup, more work, the disk is lost: the backup is put back, and the desks bring back the rest."""
    server = Server("disaster").start()
    desks = server.desks("one", "two", "three", "four", "five")
    numbers = []
    for desk in desks:
        numbers.append(desk.write())
        desk.sync()
    # While two of them work.
    writers = [threading.Thread(target=lambda desk=desk: (numbers.append(desk.write()), desk.sync())) for desk in desks[:2]]
    for writer in writers:
        writer.start()
    backup = f"{SCRATCH}/disaster.db"
    server.command("backup", backup)
    for writer in writers:
        writer.join()
    check(os.stat(backup).st_mode & 0o777 == 0o600, "others may read the backup")
    check("Sound." in server.command("check", backup), "the backup is not sound")
    check(server.status()["backup"]["last"], "the server does not know of the backup")
    for desk in desks:
        numbers.append(desk.write())
    for desk in desks[:3]:
        desk.sync()
    unsent = desks[4].write()
    numbers.append(unsent)
    before = server.status()["lines"][0]
    head = before["head"]

    server.lose()
    server.command("restore", backup)
    server.start()
    line = server.status()["lines"][0]
    check(line["line"] == before["line"] and line["head"] < head, "this is not the line as it was")
    check(line["restoration"]["broughtBack"] == 0 and line["restoration"]["workstationsBefore"] == 5, "progress is wrong")
    desks[0].sync()
    desks[0].sync()
    line = eventually(
        lambda: [one for one in [server.status()["lines"][0]] if one["restoration"]["broughtBack"] == 1],
        "it is not told that one has brought back what it holds")[0]
    check(line["restoration"]["completed"] is None, "it is said to be whole too early")
    equal(server, desks, numbers)
    eventually(
        lambda: server.status()["lines"][0]["restoration"]["completed"], "it is not said that all of it is back")
    check("refilled" in server.log(), "the log does not say that all of it is back")


def no_backup():
    """A server is lost, and no backup was ever made: a new one under the old line is refilled by its desks."""
    server = Server("refill").start()
    desks = server.desks("one", "two", "three")
    numbers = [desk.write() for desk in desks]
    for desk in desks:
        desk.sync()
    numbers.append(desks[1].write())
    line = server.line
    server.lose()
    server.refuses("there is no store", "run")
    server.make()
    server.command("line", "await", line, server.line_name)
    server.start()
    equal(server, desks, numbers)
    restoration = eventually(
        lambda: [one for one in [server.status()["lines"][0]["restoration"]] if one["broughtBack"] == 3],
        "it is not told that all have brought back what they hold")[0]
    # The roster says how many there were.
    check(restoration["workstationsBefore"] == 3, f"it does not know how many there were: {restoration}")
    eventually(
        lambda: server.status()["lines"][0]["restoration"]["completed"], "it is not said that all of it is back")


def scheduled():
    """A server makes backups by itself, keeps the latest, and tells of those that fail."""
    folder = f"{SCRATCH}/kept"
    server = Server("scheduled").start("--backup-dir", folder, "--backup-every", "1s", "--backup-keep", "2")
    names = lambda: sorted(name for name in os.listdir(folder) if name.endswith(".db"))
    eventually(lambda: os.path.isdir(folder) and names(), "no backup was made")
    first = names()[0]
    eventually(lambda: first not in names() and len(names()) == 2, "old backups are not removed")
    open(f"{folder}/lugn-of-my-own.db", "w").close()
    check(server.status()["backup"]["failure"] is None, "a backup failed")
    check("lugn_backup_timestamp_seconds 1" in server.get("/metrics"), "metrics do not tell of the backup")
    server.command("check", f"{folder}/{names()[0]}")
    # Moved, not removed: one may just be made in it.
    os.rename(folder, folder + "-away")
    open(folder, "w").close()
    eventually(lambda: server.status()["backup"]["failure"], "it is not told that no backup can be made")
    check("backup-failed" in server.log(), "the log does not say that no backup was made")
    os.remove(folder)
    eventually(lambda: server.status()["backup"]["failure"] is None, "it does not try again", seconds=70)
    server.stop()


def mixtures():
    """What is no backup, is damaged, or would be mixed up with another store is refused, and nothing is touched."""
    server = Server("mixture").start()
    desk = server.desks("one")[0]
    desk.write()
    desk.sync()
    backup = f"{SCRATCH}/mixture.db"
    server.command("backup", backup)
    server.refuses("exists already", "backup", backup)
    server.refuses("another lugn-server", "check")
    server.refuses("another lugn-server", "restore", backup)
    desk.write()
    desk.sync()
    server.kill()
    check(os.path.getsize(f"{server.data}/log.db-wal") > 0, "there is no write-ahead log")
    server.refuses("log.db is there", "restore", backup)

    # The old backup under the newer write-ahead log.
    shutil.copytree(server.data, f"{server.data}-as-it-was")
    shutil.copy(backup, f"{server.data}/log.db")
    server.refuses("is a backup that was put there", "run")
    check(open(backup, "rb").read() == open(f"{server.data}/log.db", "rb").read(), "it was touched")
    os.remove(f"{server.data}/log.db")
    server.refuses("log.db-wal is there", "restore", backup)
    # A store's file of another moment, copied as it is.
    shutil.rmtree(server.data)
    shutil.copytree(f"{server.data}-as-it-was", server.data)
    server.start()
    server.stop()
    old = open(f"{server.data}/log.db", "rb").read()
    server.start()
    desk.write()
    desk.sync()
    server.kill()
    wal = open(f"{server.data}/log.db-wal", "rb").read()
    check(wal, "there is no write-ahead log")

    # Backups that are not what was written.
    shutil.rmtree(server.data)
    bytes_of = bytearray(open(backup, "rb").read())
    bytes_of[-100] ^= 1
    open(backup, "wb").write(bytes_of)
    server.refuses("SHA-256 differs", "restore", backup)
    server.refuses("SHA-256 differs", "check", backup)
    raw = f"{SCRATCH}/raw.db"
    open(raw, "wb").write(old)
    open(raw + "-wal", "wb").write(wal)
    server.refuses("a store's own file", "restore", raw)
    open(f"{SCRATCH}/text.db", "w").write("no database at all, and long enough to be read as one" * 100)
    server.refuses("text.db", "check", f"{SCRATCH}/text.db")
    server.refuses("text.db", "restore", f"{SCRATCH}/text.db")
    check(not os.path.exists(f"{server.data}/log.db"), "something was put back")


def destroyed_pages():
    """Twenty pages of a store are destroyed: which file it is, that the desks have their data, and what to do, is said."""
    server = Server("destroyed").start()
    desks = server.desks("one", "two")
    numbers = [desk.write("a longer note " * 600) for desk in desks for _ in range(16)]
    for desk in desks:
        desk.sync()
    backup = f"{SCRATCH}/destroyed.db"
    server.command("backup", backup)
    server.stop()
    path = f"{server.data}/log.db"
    pages = os.path.getsize(path) // 4096
    check(pages > 30, f"the store is too small for this: {pages} pages")
    with open(path, "r+b") as file:
        for page in range(pages - 20, pages):
            file.seek(page * 4096)
            file.write(os.urandom(4096))
    server.refuses("the workstations have their data", "check")
    server.refuses("lugn-server restore", "check")
    server.refuses(path, "check")
    # Its first page too.
    with open(path, "r+b") as file:
        file.write(os.urandom(4096))
    server.refuses(path, "run")
    server.refuses("lugn-server restore", "run")
    os.rename(server.data, f"{server.data}-damaged")
    server.command("restore", backup)
    server.start()
    equal(server, desks, numbers)


CHECKS = [disk_lost, no_backup, scheduled, mixtures, destroyed_pages]
