"""lugn doctor: what is wrong with a workstation is named, with what to do, and a report holds nothing of a case."""

import json
import os
import socket
import sqlite3
import subprocess
import threading
import time

from operations_metrics import certificate
from operations_support import BIN, SCRATCH, Server, check, eventually, run


def found(desk, code=1):
    """Subject to result, as doctor found it."""
    document = json.loads(desk("doctor", "--json", code=code).splitlines()[0])
    return {one["subject"]: one["result"] for one in document["found"]}


def faults(desk, *subjects):
    result = found(desk, code=1 if subjects else 0)
    wrong = sorted(subject for subject, word in result.items() if word == "fault")
    check(wrong == sorted(subjects), f"found {wrong} instead of {sorted(subjects)}")
    return result


def desk_doctor():
    """Disk, data, clock and the way to the server: each fault is found where it is, and nothing else."""
    server = Server("doctored", line="Jourlinjen").start()
    desk = server.desks("Skrivbordet")[0]
    desk.write("hemligt-innehåll")
    desk.sync()
    desk.sync()
    result = faults(desk)
    for step in ("name", "connection", "security", "server", "store", "letIn"):
        check(result[f"network.{step}"] == "well", f"the step {step} was not looked at")
    report = f"{SCRATCH}/report.json"
    said = desk("doctor", "--report", report)
    for words in ("Disk: can be written.", "Network: the server's name is known.", "Unsent work: none."):
        check(words in said, f"doctor does not say '{words}'")
    check("Disken: går att skriva på." in desk("--lang", "sv", "doctor"), "it does not speak Swedish")
    with open(report, encoding="utf-8") as file:
        text = file.read()
    for words in ("hemligt", "Skrivbordet", "Jourlinjen", "127.0.0.1", "localhost", server.line, SCRATCH):
        check(words not in text, f"the report holds '{words}'")
    check(json.loads(text)["found"], "the report is empty")
    check("exists already" in desk("doctor", "--report", report, code=1), "a file was written over")

    # The way to the server, step by step.
    database = sqlite3.connect(f"{desk.data}/replica.db")

    def leads_to(url):
        with database:
            database.execute("UPDATE lugn_link SET server = ?", (url,))

    leads_to("http://no-such-host.invalid:7480")
    with open(f"{desk.data}/server-access.json", "w") as file:
        json.dump({"caFile": None, "pin": None, "insecureHTTP": True, "useProxy": False}, file)
    faults(desk, "network.name")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        nobody = free.getsockname()[1]
    leads_to(f"http://127.0.0.1:{nobody}")
    result = faults(desk, "network.connection")
    check(result["network.name"] == "well" and "network.security" not in result, "the steps around it")
    portal = socket.create_server(("127.0.0.1", 0))

    def log_in_first():
        while True:
            try:
                connection = portal.accept()[0]
            except OSError:
                return
            connection.recv(4096)
            connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 14\r\n\r\nPlease log in.")
            connection.close()

    threading.Thread(target=log_in_first, daemon=True).start()
    leads_to(f"http://127.0.0.1:{portal.getsockname()[1]}")
    faults(desk, "network.server")
    portal.close()
    leads_to(server.url)
    # With the keys of somebody else.
    keys = f"{desk.data}/replica.db-keys"
    os.rename(keys, keys + ".kept")
    with open(keys, "w", opener=lambda path, flags: os.open(path, flags, 0o600)) as file:
        file.write("lugn-device-keys-2 " + "5a" * 32 + "\n")
    faults(desk, "network.letIn")
    os.rename(keys + ".kept", keys)
    faults(desk)
    server.stop()
    server.start(*certificate(30))
    leads_to(f"https://127.0.0.1:{server.port}")
    faults(desk, "network.security")
    server.stop()
    server.start()
    leads_to(server.url)
    faults(desk)

    # The data.
    with database:
        database.execute("UPDATE lugn_state SET fingerprint = zeroblob(16)")
    faults(desk, "data.sum")
    desk("verify")
    faults(desk)
    with database:
        database.execute("UPDATE lugn_state SET clock_offset = 7200000")
    faults(desk, "clock")
    with database:
        database.execute("UPDATE lugn_state SET clock_offset = 0")
        database.execute("UPDATE lugn_lease SET used = count")
    faults(desk, "data.numbers")
    with database:
        database.execute("UPDATE lugn_lease SET used = 0")
    desk.write()
    result = found(desk, code=0)
    check(result["data.waiting"] == "well", "what waits is not told")
    database.close()
    server.stop()


CHECKS = [desk_doctor]
