#!/usr/bin/env python3
"""What a server takes from anybody, and when. Run by bounds.sh; a name as argument runs only that check."""

import contextlib
import http.client
import os
import re
import resource
import signal
import socket
import ssl
import statistics
import subprocess
import sys
import threading
import time

sys.path.append(os.path.dirname(__file__) + "/../support")
import joining
from signing import Signer, digest

BIN = os.environ["LUGN_TEST_BIN"]
SCRATCH = os.environ["LUGN_TEST_SCRATCH"]
CBOR = {"Content-Type": "application/cbor"}


class Failure(Exception):
    pass


def check(condition, words):
    if not condition:
        raise Failure(words)


def eventually(condition, words, seconds=20):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return
        time.sleep(0.02)
    raise Failure(words)


# What is started, and ended in any case.


class Server:
    """A lugn-server of its own, and its operator."""

    def __init__(self, name, *options, data=None):
        self.data = data or f"{SCRATCH}/{name}"
        self.key = f"{SCRATCH}/{name}.operator"
        if not os.path.exists(self.data):
            subprocess.run([f"{BIN}/lugn-server", "init", "--data", self.data, "--operator-key", self.key],
                           check=True, capture_output=True)
        self.operator = Signer.operator(self.key)
        self.log_path = f"{SCRATCH}/{name}.log"
        self.log_file = open(self.log_path, "ab")
        start = os.path.getsize(self.log_path)
        self.process = subprocess.Popen(
            [f"{BIN}/lugn-server", "run", "--data", self.data, "--log", "debug",
             *([] if "--listen" in options else ["--listen", "127.0.0.1:0"]), *options],
            stderr=self.log_file)
        running.append(self)
        line = re.compile(r"^listening on (https?)://127\.0\.0\.1:(\d+)$", re.M)
        eventually(
            lambda: line.search(self.log()[start:]) or self.process.poll() is not None, "the server does not listen")
        found = line.search(self.log()[start:])
        check(found, f"the server ended: {self.log()[start:]}")
        self.scheme, self.port = found[1], int(found[2])

    def log(self):
        with open(self.log_path, encoding="utf-8") as file:
            return file.read()

    def ask(self, method, path, body=None, headers=None, signer=None, source="127.0.0.1"):
        """A body that is no bytes is signed for as if it were empty."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20, source_address=(source, 0))
        headers = dict(headers or {})
        if signer:
            signed = body if isinstance(body, bytes) else b""
            headers |= signer.headers(method, path, signed, self.ticket())
        try:
            connection.request(method, path, body=body, headers=headers)
            answer = connection.getresponse()
            return answer, answer.read()
        finally:
            connection.close()

    def status(self, *given, **named):
        return self.ask(*given, **named)[0].status

    def ticket(self):
        """Whoever is refused gets one."""
        return self.ask("GET", "/v2/desks")[0].headers["Lugn-Ticket"]

    def founding(self, address=None, options=()):
        """The operator's invitation for a line."""
        made = subprocess.run(
            [f"{BIN}/lugn-admin", "--server", f"{self.scheme}://127.0.0.1:{self.port}", "--key", self.key,
             *options, "line", "create", "Bounds", *(["--address", address] if address else [])],
            check=True, capture_output=True, text=True)
        return made.stdout.split()[0]

    def raw(self):
        return socket.create_connection(("127.0.0.1", self.port), timeout=20)

    def stop(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.wait()
        self.log_file.close()


running = []


def lugn(desk, *words, background=False):
    environment = joining.environment(f"{SCRATCH}/{desk}")
    command = [f"{BIN}/lugn", *words]
    if background:
        return subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
    return subprocess.run(command, env=environment, check=True, capture_output=True, text=True).stdout


class Recorder:
    """A proxy that passes everything on and keeps the requests; as slow as it is told, in bytes a second."""

    def __init__(self, port, up=None, down=None):
        self.server_port = port
        self.up, self.down = up, down
        self.requests = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.serve, args=(client,), daemon=True).start()

    def serve(self, client):
        server = socket.create_connection(("127.0.0.1", self.server_port))
        for end in (client, server) if self.up else ():
            # No more than a router on the way would keep.
            end.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 16_384)
        threading.Thread(target=self.copy, args=(server, client, None, self.down), daemon=True).start()
        self.copy(client, server, self.requests, self.up)

    @staticmethod
    def copy(source, target, kept, speed):
        with contextlib.suppress(OSError):
            while piece := source.recv(2_048 if speed else 1 << 16):
                if speed:
                    time.sleep(len(piece) / speed)
                if kept is not None:
                    kept.append(piece)
                target.sendall(piece)
        for end in (source, target):
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


def long_poll(server, desk):
    """A request that waits for news, as a workstation sends it."""
    recorder = Recorder(server.port)
    lugn(desk, "join", server.founding(f"http://127.0.0.1:{recorder.port}"), "--name", desk)
    watcher = lugn(desk, "sync", "--watch", background=True)
    try:
        waiting = lambda: int(re.search(
            r"lugn_waiting_requests (\d+)", server.ask("GET", "/metrics", signer=server.operator)[1].decode())[1])
        eventually(lambda: waiting() == 1, "the workstation does not wait for news")
    finally:
        watcher.terminate()
        watcher.wait()
        recorder.listener.close()
    sent = b"".join(recorder.requests)
    return sent[sent.rindex(b"POST /v2/sync"):], waiting


# The checks.


def half_open_connections_shut_nobody_out():
    """10,000 connections that never end their heads, while somebody works and machines ask whether it is alive."""
    server = Server("half-open")
    slow = []
    first = time.monotonic()
    for index in range(10_000):
        connection = socket.socket()
        connection.settimeout(20)
        connection.connect(("127.0.0.1", server.port))
        connection.send(b"POST /v2/sync HTTP/1.1\r\nHost: x\r\n" if index % 2 else b"G")
        slow.append(connection)
        if index % 500 == 499:
            check(server.status("GET", "/healthz") == 200, "not alive")
            check(server.status("GET", "/v2/admin/status", signer=server.operator) == 200, "no status")
    took = time.monotonic() - first
    times = []
    for _ in range(200):
        start = time.perf_counter()
        check(server.status("GET", "/healthz") == 200, "not alive")
        times.append(time.perf_counter() - start)
    for connection in slow:
        connection.close()
    return (f"10,000 connections in {took:.1f} s; a probe with a new connection {1000 * statistics.median(times):.2f} ms, "
            f"worst of 200 {1000 * max(times):.2f} ms")


def signed_head(server, signer, length, body_digest=None):
    """Of a request to /v2/sync, without its body."""
    headers = signer.headers("POST", "/v2/sync", b"", server.ticket(), body_digest) | CBOR
    lines = "".join(f"{name}: {value}\r\n" for name, value in headers.items())
    return f"POST /v2/sync HTTP/1.1\r\nHost: x\r\n{lines}Content-Length: {length}\r\n\r\n".encode()


def bodies_without_a_signature_are_not_read():
    """24 connections that nobody of the line has signed hold no memory: they are answered by their heads."""
    server = Server("no-signature")
    lugn("stranger", "join", Server("elsewhere").founding(), "--name", "Stranger")
    stranger = Signer.device(f"{SCRATCH}/stranger")
    before = memory(server.process.pid)
    connections = []
    for index in range(24):
        connection = server.raw()
        unsigned = b"POST /v2/sync HTTP/1.1\r\nHost: x\r\nContent-Length: 4000000\r\n\r\n"
        connection.sendall(signed_head(server, stranger, 4_000_000) if index % 2 else unsigned)
        connections.append(connection)
        check(b" 401 " in connection.recv(1 << 16), "no 401 before the body")
    for connection in connections:
        with contextlib.suppress(OSError):
            connection.sendall(b"x" * 4_000_000)
    grown = memory(server.process.pid) - before
    check(grown < 20_000, f"the server has grown by {grown} KiB")
    check(server.status("POST", "/v2/sync", body=b"x", signer=stranger) == 401, "a stranger's request was taken")
    counted = server.ask("GET", "/metrics", signer=server.operator)[1].decode()
    check('lugn_requests_total{route="sync",status="401"} 25\n' in counted, counted)
    return f"grown by {grown} KiB"


def memory(process):
    with open(f"/proc/{process}/status", encoding="ascii") as file:
        return int(re.search(r"VmRSS:\s*(\d+)", file.read())[1])


def what_is_too_large_or_another_type_is_refused():
    """The right status for sizes, types and methods."""
    server = Server("refusals")
    lugn("refusals-desk", "join", server.founding(), "--name", "Desk")
    desk = Signer.device(f"{SCRATCH}/refusals-desk")
    connection = server.raw()
    connection.sendall(signed_head(server, desk, 100_000_000))
    answer = connection.recv(1 << 16)
    check(b" 413 " in answer and b"urn:lugn:problem:too-large" in answer, "100 MB were not refused by their head")
    # Sent all the same, and in chunks without a length.
    try:
        status = server.status("POST", "/v2/sync", body=iter([b"x" * 1_000_000] * 100), signer=desk)
        check(status == 413, f"100 MB in chunks were answered with {status}")
    except OSError:
        pass  # Cut off while it still sends.
    for type_, expected in [
        ("application/cbor", 400), ("Application/CBOR; charset=x", 400), (" application/cbor ", 400),
        ("application/json", 415), ("text/html", 415), ("application/cbor+x", 415),
    ]:
        status = server.status("POST", "/v2/sync", body=b"x", headers={"Content-Type": type_}, signer=desk)
        check(status == expected, f"{type_} was answered with {status}")
    for method, path, expected, allowed in [
        ("GET", "/v2/sync", 405, "POST"), ("PUT", "/v2/heal", 405, "POST"), ("DELETE", "/healthz", 405, "GET, HEAD"),
        ("POST", "/readyz", 405, "GET, HEAD"), ("HEAD", "/healthz", 200, None), ("GET", "/nothing", 404, None),
        ("GET", "/v2/admin/status", 401, None),
    ]:
        answer, _ = server.ask(method, path, body=b"" if method in ("PUT", "POST") else None)
        check(answer.status == expected, f"{method} {path} was answered with {answer.status}")
        check(allowed is None or answer.headers["Allow"] == allowed, f"{method} {path}: {answer.headers['Allow']}")


def who_keeps_no_pace_is_cut_off():
    """A head has 30 s; a body 10 KiB a second, and 10 s behind it at the beginning. All at once, half a minute."""
    server = Server("pace")
    lugn("pace-desk", "join", server.founding(), "--name", "Desk")
    desk = Signer.device(f"{SCRATCH}/pace-desk")
    ended = {}

    def drip(name, head, piece, bytes_a_second, at_most):
        connection = server.raw()
        connection.sendall(head)
        start = time.monotonic()
        sent = 0
        while time.monotonic() - start < 60 and sent < at_most:
            try:
                connection.sendall(piece)
                sent += len(piece)
                connection.settimeout(len(piece) / bytes_a_second)
                if not connection.recv(1):
                    break
            except TimeoutError:
                continue
            except OSError:
                break
        connection.settimeout(20)
        answer = b""
        with contextlib.suppress(OSError):
            answer = connection.recv(1 << 16)
        ended[name] = (time.monotonic() - start, answer)

    def body(bytes_):
        return signed_head(server, desk, bytes_, digest(b"x" * bytes_))

    threads = [
        threading.Thread(target=drip, args=one) for one in [
            ("head", b"GET / HTTP/1.1\r\nX: ", b"x", 1, 1_000),
            ("slow", body(400_000), b"x" * 1_000, 1_000, 400_000), ("good", body(480_000), b"x" * 8_000, 16_000, 480_000),
        ]
    ]
    for thread in threads:
        thread.start()
    silent = server.raw()
    start = time.monotonic()
    silent.settimeout(50)
    check(silent.recv(1) == b"", "a silent connection was answered")
    silence = time.monotonic() - start
    for thread in threads:
        thread.join()
    check(29 < silence < 35, f"a silent connection was ended after {silence:.1f} s")
    check(29 < ended["head"][0] < 35 and not ended["head"][1], f"a slow head was ended after {ended['head'][0]:.1f} s")
    check(9 < ended["slow"][0] < 16 and not ended["slow"][1], f"a slow body was ended after {ended['slow'][0]:.1f} s")
    check(ended["good"][0] > 25 and b" 400 " in ended["good"][1], f"a body at 16 kB/s: {ended['good']}")
    return f"a head after {ended['head'][0]:.1f} s, a body after {ended['slow'][0]:.1f} s"


def a_thousand_waiting_requests_end_with_the_server():
    """SIGTERM while 1,000 workstations wait for news: all are answered, and it is over in two seconds."""
    server = Server("thousand")
    request, waiting = long_poll(server, "thousand-desk")
    connections = [server.raw() for _ in range(1_000)]
    for connection in connections:
        connection.sendall(request)
    eventually(lambda: waiting() >= 1_000, "they do not wait", seconds=60)
    times = []
    for _ in range(100):
        start = time.perf_counter()
        check(server.status("GET", "/healthz") == 200 and server.status("GET", "/readyz") == 200, "not ready")
        times.append((time.perf_counter() - start) / 2)
    start = time.monotonic()
    server.process.send_signal(signal.SIGTERM)
    code = server.process.wait(timeout=30)
    took = time.monotonic() - start
    answered = 0
    for connection in connections:
        with contextlib.suppress(OSError):
            answered += connection.recv(64).startswith(b"HTTP/1.1 200")
    check(code == 0 and took < 2, f"it took {took:.2f} s and ended with {code}")
    check(answered == 1_000, f"{answered} of 1,000 were answered")
    return f"{took:.2f} s, all answered; probes meanwhile {1000 * statistics.median(times):.2f} ms"


def a_store_has_one_server_and_is_not_made_by_it():
    """One server per store; `run` makes none."""
    server = Server("store")
    for words in (
            ["run", "--listen", "127.0.0.1:0"], ["init", "--operator-key", f"{SCRATCH}/second.operator"],
            ["line", "create", "Second", "--address", "http://127.0.0.1:1"]):
        second = subprocess.run(
            [f"{BIN}/lugn-server", *words, "--data", server.data], capture_output=True, text=True)
        check(second.returncode == 1 and f"process {server.process.pid}" in second.stderr, second.stderr)
        check(second.stderr.count("\n") == 1, second.stderr)
    server.process.kill()
    server.process.wait()
    Server("store", data=server.data).stop()
    for name, make in [("nowhere", None), ("empty", b"")]:
        folder = f"{SCRATCH}/{name}"
        if make is not None:
            os.mkdir(folder)
            with open(f"{folder}/log.db", "wb") as file:
                file.write(make)
        refused = subprocess.run(
            [f"{BIN}/lugn-server", "run", "--data", folder], capture_output=True, text=True)
        check(refused.returncode == 1 and refused.stderr.count("\n") == 1, refused.stderr)
        check("lugn-server init" in refused.stderr or "backup" in refused.stderr, refused.stderr)
        check(make is not None or not os.path.exists(folder), "a folder was made")
        check(make is None or os.path.getsize(f"{folder}/log.db") == 0, "a store was made")


def make_certificate(name):
    """Of its own authority, for 127.0.0.1."""
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days",
         "2", "-subj", f"/CN={name}", "-addext", "subjectAltName=IP:127.0.0.1", "-keyout", f"{SCRATCH}/{name}-key.pem",
         "-out", f"{SCRATCH}/{name}.pem"], check=True, capture_output=True)


def hang_up_reads_certificate_and_settings_again():
    """SIGHUP: another certificate and another level of the log, and whoever is connected stays so."""
    for name in ("one", "two"):
        make_certificate(name)
    settings = f"{SCRATCH}/server.conf"

    def write(name, level):
        with open(settings, "w", encoding="ascii") as file:
            file.write(f"# settings\ntls-certificate = {SCRATCH}/{name}.pem\ntls-key = {SCRATCH}/{name}-key.pem\n"
                       f"log = {level}  # a comment\n")

    def connect():
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", server.port, context=context, timeout=20)
        connection.connect()
        return connection

    def shown(connection):
        return ssl.DER_cert_to_PEM_cert(connection.sock.getpeercert(True)).strip()

    def alive(connection):
        connection.request("GET", "/healthz")
        answer = connection.getresponse()
        answer.read()
        return answer.status == 200

    def pem(name):
        with open(f"{SCRATCH}/{name}.pem", encoding="ascii") as file:
            return file.read().strip()

    write("one", "info")
    server = Server("hang-up", "--settings", settings)
    check(server.scheme == "https", "no TLS")
    old = connect()
    check(alive(old) and shown(old) == pem("one"), "another certificate")
    write("two", "info")
    server.process.send_signal(signal.SIGHUP)
    eventually(lambda: shown(connect()) == pem("two"), "the certificate was not read again")
    check(alive(old), "an open connection was ended")
    # What is wrong leaves everything as it was.
    with open(settings, "a", encoding="ascii") as file:
        file.write("colour = red\n")
    server.process.send_signal(signal.SIGHUP)
    eventually(lambda: "settings were not taken" in server.log(), "a bad file was taken without a word")
    os.rename(f"{SCRATCH}/two.pem", f"{SCRATCH}/three.pem")
    write("two", "info")
    server.process.send_signal(signal.SIGHUP)
    eventually(lambda: server.log().count("settings were not taken") == 2, "a missing certificate was not told of")
    os.rename(f"{SCRATCH}/three.pem", f"{SCRATCH}/two.pem")
    check(alive(connect()) and shown(connect()) == pem("two"), "the certificate is not what it was")
    for _ in range(20):
        server.process.send_signal(signal.SIGHUP)
    time.sleep(0.2)
    check(server.process.poll() is None and alive(connect()), "SIGHUP ended it")


def probes_say_when_the_store_cannot_be_written():
    """A full or read-only disk is told by /readyz; needs root, for a disk of its own."""
    if os.geteuid() != 0:
        return "not as root: no disk of its own to fill"
    disk = f"{SCRATCH}/disk"
    os.mkdir(disk)
    if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", disk], capture_output=True).returncode:
        return "no disk of its own can be mounted here"
    try:
        server = Server("readiness", data=f"{disk}/store")
        check(server.status("GET", "/readyz") == 200, "not ready")
        with open(f"{disk}/filler", "wb", buffering=0) as file, contextlib.suppress(OSError):
            while True:
                file.write(b"x" * 4_096)
        eventually(lambda: server.status("GET", "/readyz") == 503, "ready on a full disk", seconds=10)
        check(b"disk is full" in server.ask("GET", "/readyz")[1], "the reason is missing")
        check(server.status("GET", "/healthz") == 200, "not alive")
        os.remove(f"{disk}/filler")
        eventually(lambda: server.status("GET", "/readyz") == 200, "not ready again", seconds=10)
    finally:
        while running:
            running.pop().stop()
        subprocess.run(["umount", disk], check=True)


def the_log_holds_no_address():
    """Whatever clients do, their addresses are not in the log."""
    server = Server("addresses")
    for source in ("127.0.0.2", "127.9.8.7"):
        server.status("GET", "/healthz", source=source)
        server.status("GET", "/v2/admin/status", source=source, signer=server.operator)
        server.status("POST", "/v2/join", body=b"x", headers=CBOR, source=source)
        server.status("POST", "/v2/sync", body=b"x", headers=CBOR, signer=server.operator, source=source)
        with contextlib.suppress(OSError):
            connection = socket.create_connection(("127.0.0.1", server.port), source_address=(source, 0))
            connection.sendall(b"\x16\x03\x01 garbage \r\n\r\n")
            connection.recv(100)
    log = server.log()
    check("127.0.0.2" not in log and "127.9.8.7" not in log, "an address is in the log")
    check("request" in log, "nothing was logged at all")


def a_server_for_others_wants_tls():
    """Plain HTTP on more than this machine is refused, or said aloud."""
    server = Server("plain")
    server.process.kill()
    server.process.wait()
    command = [f"{BIN}/lugn-server", "run", "--data", server.data, "--listen"]
    for address in ("0.0.0.0:0", "[::]:0", "192.0.2.1:80"):
        refused = subprocess.run([*command, address], capture_output=True, text=True)
        check(refused.returncode == 2 and "there is no certificate" in refused.stderr, refused.stderr)


def refused(desk, *words):
    """The exit code and the line of a command that does not do what is asked."""
    environment = os.environ | {"LUGN_DATA": f"{SCRATCH}/{desk}", "LUGN_BY": "S1"}
    ended = subprocess.run([f"{BIN}/lugn", *words], env=environment, capture_output=True, text=True)
    # Whoever founds a line is shown its sheet before anything is sent.
    said = ended.stderr.split("kept nowhere.\n")[-1]
    check(ended.returncode != 0 and said.count("\n") == 1, f"{words}: {said}")
    return ended.returncode, said


def a_private_certificate_is_known_by_its_key():
    """Workstations and operators with a pin or an authority of their own, and another key afterwards."""
    for name in ("first", "second"):
        make_certificate(name)
    server = Server("private", "--tls-certificate", f"{SCRATCH}/first.pem", "--tls-key", f"{SCRATCH}/first-key.pem")
    pin = re.search(r"^certificate's key: (sha256//\S{44})$", server.log(), re.M)[1]
    url = f"https://127.0.0.1:{server.port}"
    join = ("join", server.founding(options=["--ca-file", f"{SCRATCH}/first.pem"]), "--name", "Pinned")
    code, said = refused("pinned", *join)
    check(code == 4 and "not trusted" in said, said)
    code, said = refused("pinned", *join, "--pin", "sha256//" + "A" * 43 + "=")
    check(code == 4 and "not the one that is known here" in said, said)
    code, said = refused("pinned", *join, "--pin", "nonsense")
    check(code == 2, said)
    lugn("pinned", *join, "--pin", pin)
    # An operator who knows the server by its key says so in the invitation.
    lugn("invited", "join", server.founding(options=["--pin", pin]), "--name", "Invited")
    lugn("pinned", "case", "new", "--caller", "relative")
    check("proven" in lugn("pinned", "sync"), "no sync with a pin")
    admin = [f"{BIN}/lugn-admin", "--server", url]
    environment = os.environ | {"LUGN_OPERATOR_KEY": server.key}
    for options, expected in ([], 4), (["--pin", pin], 0), (["--ca-file", f"{SCRATCH}/first.pem"], 0), (
            ["--ca-file", f"{SCRATCH}/second.pem"], 4):
        ended = subprocess.run([*admin, *options, "status"], env=environment, capture_output=True, text=True)
        check(ended.returncode == expected, f"{options}: {ended.stderr}")
    # Another server in its place, with a certificate of its own.
    server.stop()
    running.remove(server)
    other = Server("private", "--tls-certificate", f"{SCRATCH}/second.pem", "--tls-key", f"{SCRATCH}/second-key.pem",
                   "--listen", f"127.0.0.1:{server.port}", data=server.data)
    code, said = refused("pinned", "sync")
    check(code == 4 and "not the one that is known here" in said and "your work is safe" in said, said)
    del other


def nothing_goes_in_clear_or_through_what_the_environment_names():
    """Plain http to others, proxies and libraries of the environment."""
    server = Server("environment")
    code, said = refused("clear", "join", server.founding("http://192.0.2.1:7480"), "--name", "X")
    check(code == 4 and "plain http" in said, said)
    asked = subprocess.run(
        [f"{BIN}/lugn-admin", "--server", "http://192.0.2.1:7480", "status"], capture_output=True, text=True,
        env=os.environ | {"LUGN_OPERATOR_KEY": server.key})
    check(asked.returncode == 4 and "plain http" in asked.stderr, asked.stderr)
    # A library in a folder of the user's own would be loaded by its plain name.
    folder = f"{SCRATCH}/libraries"
    os.mkdir(folder)
    for name in ("libcurl-gnutls.so.4", "libcurl.so.4"):
        with open(f"{folder}/{name}", "wb") as file:
            file.write(b"no library")
    status = subprocess.run(
        [f"{BIN}/lugn-admin", "--server", f"http://127.0.0.1:{server.port}", "status"], capture_output=True, text=True,
        env=os.environ | {
            "LUGN_OPERATOR_KEY": server.key, "LD_LIBRARY_PATH": folder, "http_proxy": "http://127.0.0.1:1"})
    check(status.returncode == 0, status.stderr)


def a_first_sync_over_a_slow_network_ends():
    """3.4 MB at 10 kB/s down and 20 kB/s up: twenty minutes in all, so only when it is named."""
    server = Server("slow")
    slow = Recorder(server.port, up=20_000, down=10_000)
    lugn("writer", "join", server.founding(f"http://127.0.0.1:{slow.port}"), "--name", "A")
    number = lugn("writer", "case", "new", "--caller", "relative").strip()
    for _ in range(480):
        lugn("writer", "case", "note", number, os.urandom(3_500).hex().translate(str.maketrans("0123456789", "ghijklmnop")))
    start = time.monotonic()
    sent = lugn("writer", "sync")
    up = time.monotonic() - start
    check("proven" in sent, sent)
    joining.admit(BIN, f"{SCRATCH}/writer", f"{SCRATCH}/reader", "B")
    start = time.monotonic()
    received = lugn("reader", "sync")
    check("proven" in received, received)
    return f"up in {up:.0f} s, down in {time.monotonic() - start:.0f} s"


LONG = [a_first_sync_over_a_slow_network_ends]
CHECKS = [
    what_is_too_large_or_another_type_is_refused, bodies_without_a_signature_are_not_read,
    who_keeps_no_pace_is_cut_off, half_open_connections_shut_nobody_out, a_thousand_waiting_requests_end_with_the_server,
    a_store_has_one_server_and_is_not_made_by_it, hang_up_reads_certificate_and_settings_again,
    probes_say_when_the_store_cannot_be_written, the_log_holds_no_address, a_server_for_others_wants_tls,
    a_private_certificate_is_known_by_its_key, nothing_goes_in_clear_or_through_what_the_environment_names,
]


def main():
    hard = resource.getrlimit(resource.RLIMIT_NOFILE)[1]
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    chosen = [one for one in CHECKS + LONG if one.__name__ in sys.argv[1:]] if sys.argv[1:] else CHECKS
    failed = 0
    for one in chosen:
        name = one.__name__.replace("_", " ")
        start = time.monotonic()
        try:
            said = one()
            print(f"{name}{': ' + said if said else ''} ({time.monotonic() - start:.1f} s)", flush=True)
        except (Failure, OSError, subprocess.SubprocessError, http.client.HTTPException) as error:
            failed += 1
            print(f"FAILED: {name}: {type(error).__name__}: {error}", file=sys.stderr, flush=True)
        finally:
            while running:
                running.pop().stop()
    if failed:
        sys.exit(1)
    print(f"{len(chosen)} bounds hold")


if __name__ == "__main__":
    main()
