"""How a server is run: under a service manager, behind a proxy, and as a package."""

import os
import re
import shutil
import socket
import subprocess
import time

import joining
from operations_support import BIN, SCRATCH, Desk, Server, check, eventually, run, running

UNIT = "Examples/systemd/lugn-server.service"


def service():
    """It tells its service manager that it is ready, alive, reads its settings again and ends; the unit is tight."""
    path = f"{SCRATCH}/notify"
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
    listener.bind(path)
    listener.settimeout(20)
    said = []

    def hears(word, seconds=20):
        end = time.monotonic() + seconds
        while not any(word in text for text in said):
            check(time.monotonic() < end, f"the service manager did not hear {word}: {said}")
            try:
                said.append(listener.recv(4096).decode())
            except TimeoutError:
                pass

    settings = f"{SCRATCH}/service.conf"
    data = f"{SCRATCH}/service"
    with open(settings, "w") as file:
        file.write(f"data = {data}\nlisten = 127.0.0.1:0\nlog = info\n")
    environment = {"LUGN_SERVER_SETTINGS": settings}
    run(f"{BIN}/lugn-server", "init", "--operator-key", f"{SCRATCH}/service.key", environment=environment)
    check(os.path.exists(f"{data}/log.db"), "the settings do not say where the store is")
    server = Server.__new__(Server)
    server.name, server.options = "service", ()
    server.start_plainly(environment={**environment, "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"})
    hears("READY=1")
    before = len(said)
    for _ in range(3):
        said.append(listener.recv(4096).decode())
    check(all("WATCHDOG=1" in text for text in said[before:]), f"it does not say that it is alive: {said}")
    server.process.send_signal(1)
    hears("RELOADING=1")
    check(any(text.startswith("RELOADING=1\nMONOTONIC_USEC=") for text in said), "since when it reads again")
    server.process.terminate()
    hears("STOPPING=1")
    check(server.process.wait(20) == 0, "it did not end in order")
    # One that is stopped in the middle says nothing any more, and would be started again.
    server.start_plainly(environment={**environment, "NOTIFY_SOCKET": path, "WATCHDOG_USEC": "400000"})
    said.clear()
    hears("WATCHDOG=1")
    server.process.send_signal(19)
    time.sleep(0.5)
    listener.setblocking(False)
    try:
        while True:
            listener.recv(4096)
    except BlockingIOError:
        pass
    time.sleep(1)
    try:
        check(not listener.recv(4096), "a process that stands still says that it is alive")
    except BlockingIOError:
        pass
    server.process.send_signal(18)
    server.process.kill()
    server.process.wait()

    with open(UNIT, encoding="utf-8") as file:
        unit = file.read()
    for setting in ("Type=notify", "WatchdogSec=", "Restart=on-failure", "LimitNOFILE=65536", "User=lugn"):
        check(setting in unit, f"the unit lacks {setting}")
    if shutil.which("systemd-analyze"):
        told = subprocess.run(
            ["systemd-analyze", "security", "--offline=true", UNIT], capture_output=True, text=True).stdout
        level = re.search(r"Overall exposure level for \S+: ([\d.]+)", told)
        check(level and float(level[1]) < 2.0, f"the unit is too open: {told[-200:]}")


def proxied(name, start):
    """A desk joins, syncs and hears news through a proxy."""
    run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2",
        "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout",
        f"{SCRATCH}/proxy-key.pem", "-out", f"{SCRATCH}/proxy-chain.pem")
    server = Server(f"behind-{name}").start("--behind-proxy")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    process = start(server.port, port)
    running.append(process)

    def answers():
        check(process.poll() is None, f"{name} ended")
        try:
            socket.create_connection(("127.0.0.1", port), 1).close()
            return True
        except OSError:
            return False

    eventually(answers, f"{name} does not listen")
    desks = []
    for who in ("one", "two"):
        desk = Desk.__new__(Desk)
        desk.server, desk.name, desk.data = server, who, f"{SCRATCH}/behind-{name}-{who}"
        access = ("--ca-file", f"{SCRATCH}/proxy-chain.pem")
        if not desks:
            address = f"https://localhost:{port}"
            invitation = server.admin("line", "create", server.line_name, "--address", address).split()[0]
            desk.id = joining.found(BIN, desk.data, invitation, who, *access)
        else:
            desk.id = joining.admit(BIN, desks[0].data, desk.data, who, *access)
        desks.append(desk)
    one, two = desks
    number = one.write("a longer note " * 500)
    one.sync()
    # One that waits for news hears of them at once.
    watching = subprocess.Popen(
        [f"{BIN}/lugn", "sync", "--watch"], env={**os.environ, "LUGN_DATA": two.data, "LUGN_BY": "S2"},
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    running.append(watching)
    eventually(lambda: two.holds([number]), f"nothing comes through {name}")
    eventually(lambda: server.status()["waiting"] == 1, f"nobody waits through {name}")
    another = one.write()
    began = time.monotonic()
    one.sync()
    eventually(lambda: two.holds([another]), f"news do not come through {name}")
    check(time.monotonic() - began < 10, f"news are kept back by {name}")
    watching.terminate()
    watching.wait(20)
    process.terminate()
    process.wait(20)
    server.stop()


def nginx():
    """Examples/proxies/nginx.conf carries all of it."""
    if not shutil.which("nginx"):
        raise_missing("nginx")

    def start(server, port):
        with open("Examples/proxies/nginx.conf", encoding="utf-8") as file:
            part = file.read()
        part = part.replace("listen 443 ", f"listen 127.0.0.1:{port} ").replace("127.0.0.1:7480", f"127.0.0.1:{server}")
        part = part.replace("/etc/lugn/chain.pem", f"{SCRATCH}/proxy-chain.pem")
        part = part.replace("/etc/lugn/key.pem", f"{SCRATCH}/proxy-key.pem")
        folder = f"{SCRATCH}/nginx"
        os.makedirs(folder)
        temporary = "".join(
            f"{kind}_temp_path {folder}/{kind};" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(f"{folder}/nginx.conf", "w", encoding="utf-8") as file:
            file.write(
                f"daemon off; pid {folder}/pid; error_log /dev/null; events {{}} http {{ {temporary}\n{part}\n}}\n")
        return subprocess.Popen(["nginx", "-c", f"{folder}/nginx.conf", "-p", folder], stderr=subprocess.DEVNULL)

    proxied("nginx", start)


def caddy():
    """Examples/proxies/Caddyfile carries all of it."""
    if not shutil.which("caddy"):
        raise_missing("caddy")

    def start(server, port):
        with open("Examples/proxies/Caddyfile", encoding="utf-8") as file:
            text = file.read()
        # The certificate is the test's own, where Caddy would get one.
        text = text.replace(
            "sync.example.org {",
            f"https://localhost:{port} {{\n\tbind 127.0.0.1\n\ttls {SCRATCH}/proxy-chain.pem {SCRATCH}/proxy-key.pem")
        text = text.replace("127.0.0.1:7480", f"127.0.0.1:{server}")
        with open(f"{SCRATCH}/Caddyfile", "w", encoding="utf-8") as file:
            file.write("{\n\tadmin off\n\tgrace_period 1s\n\tauto_https disable_redirects\n\tskip_install_trust\n}\n" + text)
        return subprocess.Popen(
            ["caddy", "run", "--config", f"{SCRATCH}/Caddyfile", "--adapter", "caddyfile"], stderr=subprocess.DEVNULL,
            env={**os.environ, "HOME": SCRATCH, "XDG_DATA_HOME": SCRATCH, "XDG_CONFIG_HOME": SCRATCH})

    proxied("caddy", start)


def raise_missing(package):
    raise SystemExit(f"{package} is missing; Tests/run.sh installs it")


CHECKS = [service, nginx, caddy]
