"""Whoever is on the way, ends TLS, has its log, or a stolen backup of what went over it: without any key of a device."""

import http.client

import cbor
from line import Line, hold
from signing import Signer, digest

NAMES = ["one", "two"]


def sends(line, signer, method, route, body=b"", change=lambda headers: headers, sent=None):
    """The status of a signed request that somebody has changed."""
    headers = change(signer.headers(method, route, body, line.ticket_for(signer)))
    return line.raw(method, route, headers, body if sent is None else sent)[0]


def altered_requests(line):
    """A signed request with any part altered is refused, and nothing of it is taken."""
    signer, route = line.signer("one"), "/v2/roster?line=%s&after=0" % line.id
    hold(sends(line, signer, "GET", route) == 200, "an honest request is refused")

    def without(name):
        return lambda headers: {known: value for known, value in headers.items() if known != name}

    def replaced(name, old, new):
        return lambda headers: {**headers, name: headers[name].replace(old, new)}

    for change in [
        without("Signature"), without("Signature-Input"), without("Content-Digest"), without("Lugn-Route"),
        replaced("Lugn-Route", "after=0", "after=1"), replaced("Signature-Input", "lugn-2", "lugn-operator-2"),
        replaced("Signature-Input", "lugn=", "sig1="), replaced("Signature-Input", ";alg=\"ed25519\"", ""),
        replaced("Signature-Input", '"content-digest"', '"content-digest" "@path"'),
        replaced("Signature", "lugn=:", "lugn=:A"), replaced("Signature", "lugn=", "sig1="),
        replaced("Content-Digest", "sha-256", "sha-512"),
        lambda headers: {**headers, "Signature-Input": headers["Signature-Input"] + ", b=()"},
        lambda headers: {**headers, "Lugn-Route": "/lugn" + headers["Lugn-Route"]},
    ]:
        status = sends(line, signer, "GET", route, change=change)
        hold(status in (400, 401), "an altered request was answered %d" % status)
    hold(sends(line, signer, "POST", "/v2/boxes", cbor.encode([2, []]), sent=cbor.encode([2, [[]]])) == 400, "another body was read")
    other = line.signer("two")
    impostor = Signer(other.secret, signer.identity, signer.tag)
    hold(sends(line, impostor, "GET", route) == 401, "another key signed for a device")


def second_signature(line):
    """Two signatures, or two headers of one name, are no signature."""
    signer, route = line.signer("one"), "/v2/desks"
    headers = signer.headers("GET", route, b"", line.ticket_for(signer))
    for name in ("Signature-Input", "Lugn-Route", "Content-Digest"):
        connection = http.client.HTTPConnection("127.0.0.1", line.port, timeout=10)
        connection.putrequest("GET", route)
        for known, value in headers.items():
            connection.putheader(known, value)
        connection.putheader(name, headers[name])
        connection.endheaders()
        status = connection.getresponse().status
        connection.close()
        hold(status == 401, "two headers %s were answered %d" % (name, status))


def prefix(line):
    """A proxy that puts something in front of the path changes nothing that is signed, and can send nothing elsewhere."""
    signer = line.signer("one")
    ticket = line.ticket_for(signer)
    headers = signer.headers("GET", "/v2/desks", b"", ticket)
    hold(line.raw("GET", "/v2/desks", headers)[0] == 200, "an honest request is refused")
    hold(line.raw("GET", "/v2/invitations", headers)[0] == 401, "a signature for one address was good for another")


def stale_tickets(line):
    """A ticket of another generation, of another time or of nobody's making is refused, with a good one beside."""
    signer = line.signer("one")
    good = line.ticket_for(signer)
    generation, now = int(good[:16], 16), int(good[16:], 16)
    for ticket in ["", "0" * 32, "%016x%016x" % (generation ^ 1, now), "%016x%016x" % (generation, now - 600_500),
                   "%016x%016x" % (generation, now + 660_000), "%016x%016x" % (generation, (1 << 63) - 1), good.upper() + " "]:
        status, headers, answer = line.raw("GET", "/v2/desks", signer.headers("GET", "/v2/desks", b"", ticket))
        hold(status == 401, "the ticket %s was taken" % ticket)
        if b"stale-ticket" in answer:
            hold(any(name.lower() == "lugn-ticket" for name, _ in headers), "no new ticket came along")
    # Good for many requests: copies and parallel programs must work.
    for _ in range(3):
        hold(line.raw("GET", "/v2/desks", signer.headers("GET", "/v2/desks", b"", good))[0] == 200, "a ticket was good once only")


def replays(line):
    """Everything that was recorded, sent again, changes nothing."""
    number = line.new_case("one", "REPLAYED")
    line.proxy.recorded.clear()
    line.sync("one", "two", "one")
    recorded = [exchange for exchange in line.proxy.recorded if exchange.status == 200]
    hold(any(exchange.route == "POST /v2/sync" for exchange in recorded), "nothing was recorded")
    line.lugn("two", "case", "note", number, "written later")
    line.sync("two", "one", "two")
    before = (line.shown("one", number), line.shown("two", number), line.fingerprint())
    for exchange in recorded * 2:
        line.raw(exchange.method, exchange.path, dict(exchange.headers), exchange.body)
    line.sync("one", "two", "one")
    hold((line.shown("one", number), line.shown("two", number), line.fingerprint()) == before, "a replay changed something")


def strangers(line):
    """Without a key nobody reads, writes or counts anything; the roster's entries alone are taken from anybody, if they are signed."""
    for method, route in [("GET", "/v2/desks"), ("GET", "/v2/roster?line=%s&after=0" % line.id), ("GET", "/v2/invitations"),
                          ("GET", "/v2/joins"), ("GET", "/metrics"), ("GET", "/v2/admin/status"), ("GET", "/v2/admin/audit"),
                          ("POST", "/v2/sync"), ("POST", "/v2/boxes"), ("POST", "/v2/join"), ("POST", "/v2/found")]:
        status = line.raw(method, route, {"Content-Type": "application/cbor"})[0]
        hold(status == 401, "%s %s was answered %d to a stranger" % (method, route, status))
    # A device's signature opens no operator's address, and an operator's none of the line's.
    device, operator = line.signer("one"), Signer.operator(line.key)
    hold(sends(line, device, "GET", "/v2/admin/status") == 401, "a device's key opened an operator's address")
    hold(sends(line, operator, "GET", "/v2/desks") == 401, "an operator's key opened a workstation's address")
    line_id, entries_before = bytes.fromhex(line.id), line.roster_bytes()
    for entries in [[], [b"\x80"], [cbor.encode([cbor.encode([2, 9, bytes(32), 6, bytes(16), 0, b"\x81\x40"]), bytes(64)])]]:
        body = cbor.encode([2, line_id, entries, False])
        line.raw("POST", "/v2/roster", {"Content-Type": "application/cbor", "Content-Digest": digest(body)}, body)
    hold(line.roster_bytes() == entries_before, "a stranger changed the roster")


ATTACKS = [altered_requests, second_signature, prefix, stale_tickets, replays, strangers]


def make(programs):
    return Line(programs, NAMES)
