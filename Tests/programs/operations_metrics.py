"""What a server tells those who watch it: metrics that are what they say, and rules that fire when they should."""

import glob
import json
import os
import re
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request

from operations_support import SCRATCH, Server, check, eventually, run

MONITORING = "Examples/monitoring"


def samples(text):
    """Name and labels to value."""
    found = {}
    for line in text.splitlines():
        if not line.startswith("#"):
            name, value = line.rsplit(" ", 1)
            found[name] = float(value)
    return found


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def certificate(days):
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
        str(days), "-subj", "/CN=localhost", "-keyout", f"{SCRATCH}/key.pem", "-out", f"{SCRATCH}/chain.pem")
    return "--tls-certificate", f"{SCRATCH}/chain.pem", "--tls-key", f"{SCRATCH}/key.pem"


def metrics():
    """Metrics are clean, true, and name nobody; rules and dashboard ask for nothing that is not there."""
    server = Server("metrics", line="Jourlinjen").start()
    one, two = server.desks("Skrivbord", "Fönstret")
    numbers = [one.write() for _ in range(3)]
    one.sync()
    two.sync()
    two.sync()
    one.write()
    server.command("backup", f"{SCRATCH}/metrics.db")
    server.admin("verify")
    text = server.get("/metrics")
    for words in ("Jourlinjen", "Skrivbord", "Fönstret", server.line, *numbers):
        check(words not in text, f"metrics hold '{words}'")
    lint = subprocess.run(["promtool", "check", "metrics"], input=text, capture_output=True, text=True)
    check(lint.returncode == 0 and not lint.stderr, f"promtool: {lint.stderr}")
    found = samples(text)
    # A case, its number and first contact are one commit, a note another.
    check(found["lugn_commits_accepted_total"] >= 6, f"commits: {found['lugn_commits_accepted_total']}")
    check(found['lugn_workstations{line="1"}'] == 2, "workstations")
    check(found['lugn_log_head{line="1"}'] == server.status()["lines"][0]["head"], "head")
    check(found["lugn_disk_free_bytes"] > 0 and found["lugn_store_bytes"] > 0, "the store")
    check(found["lugn_backup_timestamp_seconds"] > time.time() - 3600, "the backup")
    check(found['lugn_damaged_changes{line="1"}'] == 0, "verified")
    check(found['lugn_work_seconds_count{route="sync"}'] >= 4, "work")
    check(found["lugn_commit_seconds_count"] >= 2, "commits to disk")
    check(found["lugn_ready"] == 1, "ready")
    # What a workstation tells of itself.
    device = {device["name"]: device for device in json.loads(server.get("/v2/admin/devices"))}
    check(device["Skrivbord"]["program"] == "0.1.0" and device["Skrivbord"]["numbersLeft"] > 0, "what it tells")
    check(device["Fönstret"]["verified"] is True and device["Fönstret"]["agreedAt"] > 0, "where it was proven equal")

    server.stop()
    # For Prometheus, which cannot sign: on this computer, the same numbers, and nothing else.
    server.refuses("for this computer only", "run", "--metrics-listen", "0.0.0.0:0", code=2)
    port = free_port()
    server.start("--metrics-listen", f"127.0.0.1:{port}")
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics", timeout=10) as answer:
        check(samples(answer.read().decode())["lugn_ready"] == 1, "metrics on a port of their own")
    for path in ("/v2/admin/status", "/healthz", "/"):
        try:
            urllib.request.urlopen(f"http://127.0.0.1:{port}{path}", timeout=10)
            check(False, f"{path} is answered on the port of the metrics")
        except urllib.error.HTTPError as error:
            check(error.code == 404, f"{path}: {error.code}")
    server.stop()
    server.start(*certificate(30))
    expiry = samples(server.get("/metrics"))["lugn_certificate_expiry_timestamp_seconds"]
    check(29 < (expiry - time.time()) / 86400 < 31, f"the certificate ends at {expiry}")
    names = set(re.findall(r"^# TYPE (\w+)", text, re.M))
    for suffix in ("_bucket", "_sum", "_count"):
        names |= {f"{name}{suffix}" for name in names if f"# TYPE {name} histogram" in text}
    # With a certificate, and after a restoration.
    names |= {"lugn_certificate_expiry_timestamp_seconds", "lugn_refilling_workstations"}
    for path in glob.glob(f"{MONITORING}/*"):
        with open(path, encoding="utf-8") as file:
            asked = set(re.findall(r"\blugn_\w+", file.read()))
        check(asked <= names, f"{path} asks for {sorted(asked - names)}")


def rules():
    """The rules are understood, fire when they should, and a rule that is wrong is noticed."""
    run("promtool", "check", "rules", f"{MONITORING}/lugn-rules.yml")
    run("promtool", "test", "rules", f"{MONITORING}/lugn-rules-test.yml")
    with open(f"{MONITORING}/lugn-rules.yml", encoding="utf-8") as file:
        text = file.read()
    names = re.findall(r"alert: (\w+)", text)
    with open("docs/operations.md", encoding="utf-8") as file:
        headings = re.findall(r"^#+ (\w+)$", file.read(), re.M)
    check(set(names) <= set(headings), f"docs/operations.md does not say what to do about {set(names) - set(headings)}")
    # A threshold a hundred times as high.
    with tempfile.TemporaryDirectory() as folder:
        with open(f"{MONITORING}/lugn-rules-test.yml", encoding="utf-8") as file:
            tests = file.read()
        with open(f"{folder}/lugn-rules-test.yml", "w", encoding="utf-8") as file:
            file.write(tests)
        with open(f"{folder}/lugn-rules.yml", "w", encoding="utf-8") as file:
            file.write(text.replace("> 86400", "> 8640000"))
        wrong = subprocess.run(
            ["promtool", "test", "rules", f"{folder}/lugn-rules-test.yml"], capture_output=True, text=True)
        check(wrong.returncode != 0, "a rule that never fires was not noticed")


CHECKS = [metrics, rules]
