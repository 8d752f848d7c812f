#!/usr/bin/env python3
"""Derives the vectors a second time, from the specification alone: an implementation that shares no line with the
one that wrote them. Needs Python 3.8 and nothing else; sealed payloads need PyNaCl and are skipped without it."""
import functools, hashlib, json, operator, os, struct, sys

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors")
checks = skipped = 0


def load(name):
    with open(os.path.join(here, name), encoding="utf-8") as file:
        return json.load(file)


def check(condition, what):
    global checks
    checks += 1
    if not condition:
        sys.exit("FAILED: " + what)


# CBOR, deterministic (RFC 8949, 4.2.1)

class Refused(Exception):
    pass


def head(data, at):
    if at >= len(data):
        raise Refused("truncated")
    major, low = data[at] >> 5, data[at] & 31
    if low < 24:
        return major, low, low, at + 1
    if low > 27:
        raise Refused("indefinite or reserved")
    size = 1 << (low - 24)
    if at + 1 + size > len(data):
        raise Refused("truncated")
    value = int.from_bytes(data[at + 1:at + 1 + size], "big")
    if major != 7 and value < (24 if low == 24 else 1 << (size * 4)):
        raise Refused("not the shortest form")
    return major, low, value, at + 1 + size


def decode(data, at=0):
    major, low, value, at = head(data, at)
    if major == 0:
        return value, at
    if major == 1:
        return -1 - value, at
    if major in (2, 3):
        if at + value > len(data):
            raise Refused("truncated")
        raw = bytes(data[at:at + value])
        if major == 2:
            return raw, at + value
        try:
            return raw.decode("utf-8"), at + value
        except UnicodeDecodeError:
            raise Refused("not UTF-8")
    if major == 4:
        items = []
        for _ in range(value):
            item, at = decode(data, at)
            items.append(item)
        return items, at
    if major == 5:
        result, last = {}, None
        for _ in range(value):
            key, at = decode(data, at)
            if last is not None and key <= last:
                raise Refused("keys out of order")
            last = key
            result[key], at = decode(data, at)
        return result, at
    if major == 7 and low in (20, 21, 22):
        return {20: False, 21: True, 22: None}[low], at
    if major == 7 and low in (25, 26, 27):
        form = {25: ">e", 26: ">f", 27: ">d"}[low]
        number = struct.unpack(form, data[at - struct.calcsize(form):at])[0]
        if encode(number) != bytes(data[at - struct.calcsize(form) - 1:at]):
            raise Refused("not the shortest float")
        return number, at
    raise Refused("unexpected type")


def encode_head(major, value):
    if value < 24:
        return bytes([major << 5 | value])
    for low, size in ((24, 1), (25, 2), (26, 4), (27, 8)):
        if value < 1 << (8 * size):
            return bytes([major << 5 | low]) + value.to_bytes(size, "big")
    raise ValueError(value)


def encode(item):
    if item is None:
        return b"\xf6"
    if item is True or item is False:
        return b"\xf5" if item else b"\xf4"
    if isinstance(item, int):
        return encode_head(0, item) if item >= 0 else encode_head(1, -1 - item)
    if isinstance(item, float):
        for byte, form in ((0xF9, ">e"), (0xFA, ">f"), (0xFB, ">d")):
            try:
                packed = struct.pack(form, item)
            except OverflowError:
                continue
            if struct.unpack(form, packed)[0] == item:
                return bytes([byte]) + packed
    if isinstance(item, bytes):
        return encode_head(2, len(item)) + item
    if isinstance(item, str):
        raw = item.encode("utf-8")
        return encode_head(3, len(raw)) + raw
    if isinstance(item, list):
        return encode_head(4, len(item)) + b"".join(map(encode, item))
    if isinstance(item, dict):
        return encode_head(5, len(item)) + b"".join(encode(k) + encode(item[k]) for k in sorted(item))
    raise TypeError(item)


def whole(data):
    item, end = decode(data)
    if end != len(data):
        raise Refused("trailing bytes")
    return item


vectors = load("cbor.json")
for case in vectors["integers"]:
    check(encode(int(case["integer"])).hex() == case["hex"], "integer " + case["integer"])
for case in vectors["floats"]:
    check(encode(float(case["float"])).hex() == case["hex"], "float " + case["float"])
check(encode(vectors["text"]["text"]).hex() == vectors["text"]["hex"], "text")
for text in vectors["refused"]:
    try:
        whole(bytes.fromhex(text))
        check(False, "not refused: " + text)
    except Refused:
        check(True, "")

# Clock

for case in load("clock.json")["ticks"]:
    wall = max(0, min(int(case["wall"]), 2**48 - 1)) << 16
    check(max(wall, int(case["latest"]) + 1) == int(case["reading"]), "clock %s" % case)
for case in load("clock.json")["bounds"]:
    latest = max(min(case["now"] + 60_000, 2**48 - 1), case["highestMilliseconds"] + 1_000) << 16 | 0xFFFF
    check(latest == int(case["latest"]), "clock bound %s" % case)

# Stamps: [time, replica]

vectors = load("stamps.json")
order = sorted(vectors["unsorted"], key=lambda s: (int(s[0]), int(s[1])))
check(order == vectors["ascending"], "the order of stamps")


# Merge: entries [time, replica, fields], greatest stamp first

def stamps_of(entries):
    return {(int(t), int(r)): int(f) for t, r, f in entries}


def canonical(state):
    return [[str(t), str(r), str(f)] for (t, r), f in sorted(state.items(), reverse=True) if f]


for case in load("merge.json")["writes"]:
    seen = {(int(t), int(r)) for t, r in case["seen"]}
    fields = int(case["fields"])
    state = {s: (f & ~fields if s in seen else f) for s, f in stamps_of(case["before"]).items()}
    state[tuple(map(int, case["stamp"]))] = fields
    check(canonical(state) == case["after"], "write %s" % case)
    contested = 0
    for a in state:
        for b in state:
            if a != b:
                contested |= state[a] & state[b]
    check(contested == int(case["contested"]), "contested %s" % case)
for case in load("merge.json")["joins"]:
    left, right = stamps_of(case["left"]), stamps_of(case["right"])
    left_seen = {int(r): int(t) for t, r in case["leftSeen"]}
    right_seen = {int(r): int(t) for t, r in case["rightSeen"]}
    state = {}
    for mine, theirs, their_seen in ((left, right, right_seen), (right, left, left_seen)):
        held = functools.reduce(operator.or_, theirs.values(), 0)
        for s, f in mine.items():
            replaced = f & held & ~theirs.get(s, 0) if s[0] <= their_seen.get(s[1], -1) else 0
            state[s] = state.get(s, 0) | f & ~replaced
    fields_of = lambda side: functools.reduce(operator.or_, side.values(), 0)
    lost = fields_of(left) & fields_of(right) & ~fields_of(state)
    for s, f in sorted([*left.items(), *right.items()], reverse=True):
        state[s] = state.get(s, 0) | f & lost
        lost &= ~f
    check(canonical(state) == case["joined"], "join %s" % case)

# Fingerprints

vectors = load("fingerprints.json")


def blake(data, key=b"", size=16):
    return hashlib.blake2b(data, digest_size=size, key=key).digest()


record = bytes.fromhex(vectors["record"])
entries = b"".join(struct.pack(">QQQ", *map(int, e)) for e in vectors["entries"])
hashes = [
    blake(b"\x01" + struct.pack(">I", vectors["recordCollection"]) + record + entries),
    blake(b"\x02" + struct.pack(">I", vectors["noteCollection"]) + record),
    blake(b"\x03" + record),
]
for name, value in zip(("recordHash", "noteHash", "tombstoneHash"), hashes):
    check(value.hex() == vectors[name], name)
total = 3 * sum(int.from_bytes(h, "big") for h in hashes) % 2**128
check("%032x" % total == vectors["sumOfThreeOfEach"], "the sum")

# Sealing

vectors = load("sealed.json")


def derive(secret, number):
    # libsodium's crypto_kdf: BLAKE2b with the context as personalisation and the number as salt
    return hashlib.blake2b(
        b"", digest_size=32, key=secret, salt=struct.pack("<Q", number) + bytes(8), person=b"lugnline" + bytes(8)).digest()


secret = bytes.fromhex(vectors["secret"])
check(derive(secret, 1).hex() == vectors["sealingKey"], "the sealing key")
check(blake(b"lugn key check", derive(secret, 3)).hex() == vectors["keyCheck"], "the key check")


def additional_data(line, replica, time, kind, collection, record, parent, fields, epoch):
    return (b"lugn change 1" + line + struct.pack(">QQBI", replica, time, kind, collection) + record
            + (b"\x01" + parent if parent else b"\x00") + struct.pack(">QI", fields, epoch))


try:
    from nacl.bindings import crypto_aead_xchacha20poly1305_ietf_encrypt as seal
except ImportError:
    seal = None
    skipped += len(vectors["changes"])
for change in vectors["changes"] if seal else []:
    data = additional_data(
        bytes.fromhex(vectors["line"]), int(vectors["replica"]), int(vectors["time"]), change["kind"],
        change["collection"], bytes.fromhex(change["record"]),
        bytes.fromhex(change["parent"]) if change["parent"] else None, int(change["fields"]), vectors["epoch"])
    nonce = bytes.fromhex(vectors["nonce"]) + struct.pack(">Q", change["index"])
    check(seal(bytes.fromhex(change["plain"]), data, nonce, derive(secret, 1)).hex() == change["sealed"], "sealed %s" % change)

# Reference numbers: Damm's quasigroup of order 10

TABLE = ["0317598642", "7092154863", "4206871359", "1750983426", "6123045978",
         "3674209581", "5869720134", "8945362017", "9438617205", "2581436790"]


def damm(digits):
    state = 0
    for digit in digits:
        state = int(TABLE[state][int(digit)])
    return state


check(damm("572") == 4, "Damm's example")
for case in load("damm.json")["valid"]:
    digits = case["digits"]
    check(damm(digits) == 0, "Damm %s" % case)
    check("%s %s-%s" % (digits[:3], digits[3:6], digits[6]) == case["written"], "written %s" % case)
    for place in range(7):
        for other in "0123456789":
            if other != digits[place]:
                check(damm(digits[:place] + other + digits[place + 1:]) != 0, "a wrong digit of %s" % digits)
        if place and digits[place] != digits[place - 1]:
            swapped = digits[:place - 1] + digits[place] + digits[place - 1] + digits[place + 1:]
            check(damm(swapped) != 0, "a swap in %s" % digits)
for case in load("damm.json")["read"]:
    digits = "".join(c for c in case["text"] if c.isdigit())
    check((len(digits) == 7 and damm(digits) == 0) == case["valid"], "read %s" % case)

# The recorded session: every message is deterministic CBOR, and says what it must

position = 0
for exchange in load("session.json")["exchanges"]:
    request, response = bytes.fromhex(exchange["request"]), bytes.fromhex(exchange["response"])
    check(encode(whole(request)) == request and encode(whole(response)) == response, "an exchange is not deterministic")
    if exchange["path"] == "/v1/sync":
        message, answer = whole(request), whole(response)
        check(message[0] == answer[0] == 1, "version")
        check(len(answer[3]) <= len(message[7]), "digests of what was not sent")
        for commit, digest in zip(message[7], answer[3]):
            check(commit[4] == digest, "an acknowledged digest")
        page, at = answer[9], 0
        last = message[4][1]
        while at < len(page):
            commit, at = decode(page, at)
            check(last < commit[0] <= answer[4][1], "the order of the feed")
            last = commit[0]
            for change in commit[4]:
                check(len(change) == 10 and len(change[3]) == 16, "a change of the feed")
print("%d checks passed%s" % (checks, ", %d skipped for want of PyNaCl" % skipped if skipped else ""))
