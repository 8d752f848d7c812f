#!/usr/bin/env python3
"""Derives the vectors a second time, from the specification alone: an implementation that shares no line with the
one that wrote them. Needs Python 3.8 and, for rosters and requests, libsodium."""
import hashlib, itertools, json, os, struct, sys

import check_trust

here = os.path.join(os.path.dirname(os.path.abspath(__file__)), "vectors")
checks = 0


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


MAXIMUM_DEPTH = 16


def decode(data, at=0, depth=0):
    if depth > MAXIMUM_DEPTH:
        raise Refused("nested too deep")
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
            item, at = decode(data, at, depth + 1)
            items.append(item)
        return items, at
    if major == 5:
        result, last = {}, None
        for _ in range(value):
            key, at = decode(data, at, depth + 1)
            if last is not None and key <= last:
                raise Refused("keys out of order")
            last = key
            result[key], at = decode(data, at, depth + 1)
        return result, at
    if major == 6:
        return decode(data, at, depth + 1)
    if major == 7 and low in (20, 21, 22):
        return {20: False, 21: True, 22: None}[low], at
    if major == 7 and low in (25, 26, 27):
        form = {25: ">e", 26: ">f", 27: ">d"}[low]
        number = struct.unpack(form, bytes(data[at - struct.calcsize(form):at]))[0]
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
    if isinstance(item, float) and item != item:
        return b"\xf9\x7e\x00"
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
for text in vectors["accepted"]:
    whole(bytes.fromhex(text))
    check(True, "")

# Clock

IMPLAUSIBLE = 7_258_118_400_000 << 16  # the beginning of the year 2200

for case in load("clock.json")["ticks"]:
    wall = max(0, min(int(case["wall"]), 2**48 - 1)) << 16
    check(max(wall, int(case["latest"]) + 1) == int(case["reading"]), "clock %s" % case)
for case in load("clock.json")["bounds"]:
    latest = max(min(case["now"] + 60_000, 2**48 - 1), case["highestMilliseconds"] + 1_000) << 16 | 0xFFFF
    check(latest == int(case["latest"]), "clock bound %s" % case)

# Dots, and stamps: [time, dot]

vectors = load("dots.json")
for case in vectors["dots"]:
    dot = case["desk"] << 48 | int(case["random"]) & (1 << 48) - 1
    check(dot == int(case["dot"]) and "%016x" % dot == case["written"], "dot %s" % case)
order = sorted(vectors["unsorted"], key=lambda s: (int(s[0]), int(s[1])))
check(order == vectors["ascending"], "the order of stamps")


# Merging. A change is (time, dot, fields, {dot: fields}).

def read_change(item):
    time, dot, fields, replaced = item
    return int(time), int(dot), int(fields), {int(d): int(f) for d, f in replaced}


def together(changes):
    """All that is known of each dot: the least time, the union of fields and of what it names, field by field."""
    known = {}
    for time, dot, fields, replaced in changes:
        old_time, old_fields, old_replaced = known.get(dot, (time, 0, {}))
        union = dict(old_replaced)
        for d, f in replaced.items():
            union[d] = union.get(d, 0) | f
        known[dot] = (min(time, old_time), old_fields | fields, union)
    return known


def names(replaced, own, bit):
    return {d for d, f in replaced.items() if f & bit and d != own}


def stands(changes):
    """What stands: in each field those that no other replaces. Returns [(time, dot, fields, {dot: fields})], the
    greatest first."""
    known = together(changes)
    result = []
    for dot, (time, fields, replaced) in known.items():
        left = 0
        for field in range(64):
            bit = 1 << field
            if not fields & bit:
                continue
            own = names(replaced, dot, bit)
            replacers = [
                other for other, (_, f, r) in known.items()
                if other != dot and f & bit and r.get(dot, 0) & bit and own <= names(r, other, bit)]
            if not replacers:
                left |= bit
        if left:
            result.append((time, dot, left, {d: f & left for d, f in replaced.items() if f & left and d != dot}))
    return sorted(result, key=lambda change: change[:2], reverse=True)


def join(state, change):
    """The same, step by step: a change comes to what stands."""
    return stands(state + [change])


def write_change(change):
    time, dot, fields, replaced = change
    return [str(time), str(dot), str(fields), [[str(d), str(replaced[d])] for d in sorted(replaced)]]


def base128(number):
    out = bytearray()
    while number >= 0x80:
        out.append(number & 0x7F | 0x80)
        number >>= 7
    return bytes(out + bytes([number]))


def replaced_bytes(replaced):
    return base128(len(replaced)) + b"".join(struct.pack(">Q", d) + base128(replaced[d]) for d in sorted(replaced))


for case in load("merge.json")["joins"]:
    changes = [read_change(change) for change in case["changes"]]
    state = stands(changes)
    check([write_change(change) for change in state] == case["stands"], "merge: " + case["name"])
    for order in itertools.permutations(changes):
        joined = []
        for change in order + order[:1]:
            joined = join(joined, change)
        check(joined == state, "another order: " + case["name"])
    shown, once, twice = {}, 0, 0
    for _, dot, fields, _ in state:
        twice |= once & fields
        for field in range(64):
            if fields & ~once & 1 << field:
                shown[field] = dot
        once |= fields
    check([[f, str(shown[f])] for f in sorted(shown)] == case["shown"], "shown: " + case["name"])
    check(str(twice) == case["contested"], "contested: " + case["name"])
    stored = b"".join(
        struct.pack(">QQ", time, dot) + base128(fields) + replaced_bytes(replaced)
        for time, dot, fields, replaced in state)
    check(stored.hex() == case["stored"], "stored: " + case["name"])
for case in load("merge.json")["writes"]:
    fields, replaced = int(case["fields"]), {}
    for _, dot, standing, earlier in map(read_change, case["stands"]):
        shared = standing & fields
        if shared:
            replaced[dot] = replaced.get(dot, 0) | shared
            for d, f in earlier.items():
                if f & shared:
                    replaced[d] = replaced.get(d, 0) | f & shared
    check([[str(d), str(replaced[d])] for d in sorted(replaced)] == case["replaced"], "a write %s" % case)


# Fingerprints

def blake(data, key=b"", size=16):
    return hashlib.blake2b(data, digest_size=size, key=key).digest()


def record_hash(collection, record, state):
    return blake(b"\x01" + struct.pack(">I", collection) + record
                 + b"".join(struct.pack(">QQQ", time, dot, fields) for time, dot, fields, _ in state))


def note_hash(collection, record):
    return blake(b"\x02" + struct.pack(">I", collection) + record)


def tombstone_hash(record):
    return blake(b"\x03" + record)


def total(hashes):
    return "%032x" % (sum(int.from_bytes(h, "big") for h in hashes) % 2**128)


vectors = load("fingerprints.json")
record = bytes.fromhex(vectors["record"])
hashes = [
    record_hash(vectors["recordCollection"], record, [read_change(e) for e in vectors["entries"]]),
    note_hash(vectors["noteCollection"], record),
    tombstone_hash(record),
]
for name, value in zip(("recordHash", "noteHash", "tombstoneHash"), hashes):
    check(value.hex() == vectors[name], name)
check(total(hashes * 3) == vectors["sumOfThreeOfEach"], "the sum")


# Sealing: XChaCha20-Poly1305 (draft-irtf-cfrg-xchacha-03), by hand

def quarter(s, a, b, c, d):
    s[a] = s[a] + s[b] & 0xFFFFFFFF; s[d] ^= s[a]; s[d] = (s[d] << 16 | s[d] >> 16) & 0xFFFFFFFF
    s[c] = s[c] + s[d] & 0xFFFFFFFF; s[b] ^= s[c]; s[b] = (s[b] << 12 | s[b] >> 20) & 0xFFFFFFFF
    s[a] = s[a] + s[b] & 0xFFFFFFFF; s[d] ^= s[a]; s[d] = (s[d] << 8 | s[d] >> 24) & 0xFFFFFFFF
    s[c] = s[c] + s[d] & 0xFFFFFFFF; s[b] ^= s[c]; s[b] = (s[b] << 7 | s[b] >> 25) & 0xFFFFFFFF


def rounds(state):
    s = list(state)
    for _ in range(10):
        for a, b, c, d in ((0, 4, 8, 12), (1, 5, 9, 13), (2, 6, 10, 14), (3, 7, 11, 15),
                           (0, 5, 10, 15), (1, 6, 11, 12), (2, 7, 8, 13), (3, 4, 9, 14)):
            quarter(s, a, b, c, d)
    return s


def initial(key, tail):
    return list(struct.unpack("<4I", b"expand 32-byte k")) + list(struct.unpack("<8I", key)) + tail


def block(key, nonce, counter):
    state = initial(key, [counter] + list(struct.unpack("<3I", nonce)))
    return struct.pack("<16I", *(a + b & 0xFFFFFFFF for a, b in zip(rounds(state), state)))


def crypt(key, nonce, text):
    stream = b"".join(block(key, nonce, 1 + i) for i in range((len(text) + 63) // 64))
    return bytes(a ^ b for a, b in zip(text, stream))


def poly1305(key, message):
    r = int.from_bytes(key[:16], "little") & 0x0FFFFFFC0FFFFFFC0FFFFFFC0FFFFFFF
    value = 0
    for i in range(0, len(message), 16):
        value = (value + int.from_bytes(message[i:i + 16] + b"\x01", "little")) * r % (2**130 - 5)
    return ((value + int.from_bytes(key[16:], "little")) % 2**128).to_bytes(16, "little")


def subkey(key, nonce):
    s = rounds(initial(key, list(struct.unpack("<4I", nonce[:16]))))
    return struct.pack("<8I", *s[:4], *s[12:]), bytes(4) + nonce[16:]


def tag(key, nonce, data, text):
    pad = lambda item: item + bytes(-len(item) % 16)
    return poly1305(block(key, nonce, 0)[:32], pad(data) + pad(text) + struct.pack("<QQ", len(data), len(text)))


def seal(plain, data, nonce, key):
    key, nonce = subkey(key, nonce)
    text = crypt(key, nonce, plain)
    return text + tag(key, nonce, data, text)


def unseal(sealed, data, nonce, key):
    """The plain bytes; None if they are not what was sealed."""
    key, nonce = subkey(key, nonce)
    if len(sealed) < 16 or tag(key, nonce, data, sealed[:-16]) != sealed[-16:]:
        return None
    return crypt(key, nonce, sealed[:-16])


# The example of the draft, A.3.1
check(seal(
    b"Ladies and Gentlemen of the class of '99: If I could offer you only one tip for the future, sunscreen would be it.",
    bytes.fromhex("50515253c0c1c2c3c4c5c6c7"), bytes(range(0x40, 0x58)), bytes(range(0x80, 0xA0)))[-16:].hex()
    == "c0875924c1c7987947deafd8780acf49", "XChaCha20-Poly1305")


def padded(values):
    """Values filled up to a length of Padmé, at least 64; nothing stays nothing."""
    if not values:
        return values
    length = len(values) + 1
    exponent = length.bit_length() - 1
    block = 1 << (exponent - exponent.bit_length())
    filled = 64 if length <= 64 else -(-length // block) * block
    return values + b"\x80" + bytes(filled - length)


def open_values(sealed, data, nonce, key):
    """The values; None if they are not what was sealed, or not filled up so."""
    plain = unseal(sealed, data, nonce, key)
    if not plain:
        return plain
    values = plain.rstrip(b"\0")
    return values[:-1] if values[:-1] and padded(values[:-1]) == plain else None


def derive(secret, number):
    # libsodium's crypto_kdf: BLAKE2b with the context as personalisation and the number as salt
    return hashlib.blake2b(
        b"", digest_size=32, key=secret, salt=struct.pack("<Q", number) + bytes(8), person=b"lugnline" + bytes(8)).digest()


class Header:
    """The eight items of a change's header."""

    def __init__(self, items):
        self.kind, self.collection, self.record, self.parent, self.fields, self.epoch, self.ancestors, pairs = items
        self.replaced = dict(zip(pairs[::2], pairs[1::2]))
        dots = pairs[::2]
        check(all(a < b for a, b in zip(dots, dots[1:])), "replaced dots out of order")
        check(len(self.record) == 16 and self.parent != self.record, "a record below itself")
        check((self.kind != 0) or self.fields, "a put without fields")
        check(self.kind != 2 or not self.fields, "an erasure with fields")
        check(not pairs or self.kind == 0 and all(f and not f & ~self.fields for f in pairs[1::2]), "what is replaced")

    @property
    def path(self):
        return ([self.parent] if self.parent else []) + self.ancestors

    def data(self, line, time, dot):
        """What is authenticated with the values."""
        return (b"lugn change 2" + line + struct.pack(">QQBI", time, dot, self.kind, self.collection) + self.record
                + bytes([len(self.path)]) + b"".join(self.path) + struct.pack(">QI", self.fields, self.epoch)
                + replaced_bytes(self.replaced))


vectors = load("sealed.json")
secret, line = bytes.fromhex(vectors["secret"]), bytes.fromhex(vectors["line"])
for case in vectors["keys"]:
    check(derive(secret, case["number"]).hex() == case["key"], "the key for " + case["purpose"])
for case in vectors["changes"]:
    items = whole(bytes.fromhex(case["change"]))
    change = Header(items[:8])
    check(replaced_bytes(change.replaced).hex() == case["replacedBytes"], "what is replaced, as bytes")
    data = change.data(line, int(vectors["time"]), int(vectors["dot"]))
    nonce = bytes.fromhex(vectors["nonce"]) + struct.pack(">Q", case["index"])
    check(seal(padded(bytes.fromhex(case["plain"])), data, nonce, derive(secret, 1)) == items[8], "sealed %s" % case)


def commit_digest(previous, replica, number, time, dot):
    return blake(b"lugn digest 2" + previous + struct.pack(">QQQQ", replica, number, time, dot))


previous = bytes(16)
for case in vectors["digests"]["chain"]:
    previous = commit_digest(
        previous, int(vectors["digests"]["replica"]), case["number"], int(case["time"]), int(case["dot"]))
    check(previous.hex() == case["digest"], "digest %d" % case["number"])

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


def round_function(key, number, half):
    return int.from_bytes(blake(bytes([number]) + struct.pack(">H", half), key)[:8], "big") % 1000


vectors = load("damm.json")
key = bytes.fromhex(vectors["key"])
check(key == derive(bytes(range(32)), 4), "the key of reference numbers")
for case in vectors["scattered"]:
    left, right = divmod(case["leased"], 1000)
    for number in range(10):
        left, right = right, (left + round_function(key, number, right)) % 1000
    digits = "%06d" % (left * 1000 + right)
    digits += str(damm(digits))
    check("%s %s-%s" % (digits[:3], digits[3:6], digits[6]) == case["written"], "scattered %s" % case)
for case in vectors["long"]:
    digits = "%04d%04d" % (case["desk"], case["counter"])
    digits += str(damm(digits))
    check(digits == case["digits"], "long %s" % case)
    check("%s %s-%s" % (digits[:4], digits[4:-1], digits[-1]) == case["written"], "long %s" % case)


# A page of the feed, taken in by a replica that has nothing yet

def read_feed(page):
    at, last = 0, 0
    while at < len(page):
        (position, time, dot, nonce, changes), at = decode(page, at)
        check(last < position, "the order of the feed")
        last = position
        for item in changes:
            yield position, time, dot, nonce + struct.pack(">Q", item[0]), Header(item[1:9]), item[9]


class Desk:
    """A workstation's tables, and the server's claims beside them."""

    def __init__(self, line, key, schema):
        self.line, self.key, self.schema = line, key, schema
        self.records, self.notes, self.erased, self.values = {}, {}, set(), {}
        self.headers, self.claims, self.unopened = {}, {}, {}

    def receive(self, page):
        for position, time, dot, nonce, header, sealed in read_feed(page):
            plain = open_values(sealed, header.data(self.line, time, dot), nonce, self.key)
            change = (time, dot, header.fields, header.replaced)
            fits = header.kind == 2 or str(header.collection) not in self.schema["notes" if header.kind == 0 else "records"]
            if plain is None or time >= IMPLAUSIBLE or not fits:
                if header.kind == 2 or time >= IMPLAUSIBLE or not self.is_erased(header):
                    self.keep((position, header.record), header, change)
                continue
            if header.kind == 2:
                self.erase(header.record)
                continue
            if self.is_erased(header):
                continue
            self.headers.setdefault(header.record, header)
            self.take_values(header, dot, plain)
            if header.kind == 1:
                self.notes.setdefault(header.record, header.collection)
            else:
                self.records[header.record] = join(self.records.get(header.record, []), change)
            if header.record in self.claims:
                self.follow(header, change)

    def is_erased(self, header):
        return not self.erased.isdisjoint([header.record] + header.path)

    def below(self, record):
        return [r for r, header in self.headers.items() if record in header.path]

    def erase(self, record):
        for gone in [record] + self.below(record):
            for table in (self.records, self.notes, self.headers):
                table.pop(gone, None)
        self.erased.add(record)

    def take_values(self, header, dot, plain):
        at = 0
        for field in range(64):
            if header.fields & 1 << field:
                self.values[header.record, field, dot if header.kind == 0 else None], at = decode(plain, at)
        check(at == len(plain), "too many values")

    # What does not open

    def keep(self, place, header, change):
        self.unopened[place] = header
        if header.kind == 2:
            self.claims[header.record] = "erased"
            for record in self.below(header.record):
                self.claims[record] = "nothing"
            return
        self.follow(header, change)

    def follow(self, header, change):
        claim = self.claims.get(header.record)
        if claim in ("erased", "nothing"):
            return
        if claim is None:
            claim = (header.collection, self.records.get(header.record, []))
        self.claims[header.record] = (claim[0], join(claim[1], change))

    def sum(self):
        hashes = {r: record_hash(self.headers[r].collection, r, state) for r, state in self.records.items()}
        hashes.update({r: note_hash(collection, r) for r, collection in self.notes.items()})
        hashes.update({r: tombstone_hash(r) for r in self.erased})
        for record, claim in self.claims.items():
            if claim == "erased":
                hashes[record] = tombstone_hash(record)
            elif claim == "nothing":
                hashes.pop(record, None)
            else:
                hashes[record] = record_hash(claim[0], record, claim[1])
        return total(hashes.values())

    # What people see

    def shown(self):
        rows = []
        for kind in ("records", "notes"):
            for collection, fields in self.schema[kind].items():
                for record in sorted(self.records if kind == "records" else self.notes):
                    if str(self.headers[record].collection) != collection:
                        continue
                    row = [record.hex()]
                    for field in map(int, fields):
                        value = self.value(record, field)
                        if value is not None:
                            row.append([field, value])
                    rows.append(row)
        return rows

    def value(self, record, field):
        for _, dot, fields, _ in self.records.get(record, []):
            if fields & 1 << field:
                return self.values[record, field, dot]
        return self.values.get((record, field, None))

    def beside(self):
        found = []
        for record, state in sorted(self.records.items()):
            for field in map(int, self.schema["records"].get(str(self.headers[record].collection), {})):
                there = [dot for _, dot, fields, _ in state if fields & 1 << field]
                shown = self.values[record, field, there[0]] if there else None
                for dot in there[1:]:
                    if self.values[record, field, dot] != shown:
                        found.append([record.hex(), field, str(dot), self.values[record, field, dot]])
        return found


vectors = load("feed.json")
desk = Desk(bytes.fromhex(vectors["line"]), derive(bytes.fromhex(vectors["secret"]), 1), vectors["schema"])
for _ in range(2):
    desk.receive(bytes.fromhex(vectors["page"]))
    check(desk.shown() == vectors["shown"], "what is shown: %s" % desk.shown())
    check(desk.beside() == vectors["beside"], "what stands beside it: %s" % desk.beside())
    check(sorted(r.hex() for r in desk.erased) == vectors["erased"], "what is erased")
    check(len(desk.unopened) == vectors["unopened"], "what does not open: %d" % len(desk.unopened))
    check(desk.sum() == vectors["sum"], "the sum of the page")


# The recorded sessions: every message is deterministic CBOR, every change opens, and every answer says what it must

DONE, FORKED, CLOCK, REFUSED, DIVERGED, EPOCH = range(6)
vectors = load("session.json")
line, key = bytes.fromhex(vectors["line"]), derive(bytes.fromhex(vectors["secret"]), 1)
outcomes = {}


def check_commits(request):
    previous, number, time = request[5], request[4], 0
    for commit in request[6]:
        check(commit[0] == number + 1 and commit[1] > time, "the numbers and times of commits")
        number, time = commit[0], commit[1]
        previous = commit_digest(previous, request[2], number, time, commit[2])
        check(previous == commit[3], "a digest")
        for index, change in enumerate(commit[5]):
            data = Header(change[:8]).data(line, commit[1], commit[2])
            check(open_values(change[8], data, commit[4] + struct.pack(">Q", index), key) is not None, "a sealed change")


def check_sync(request, answer):
    check_commits(request)
    outcome = answer[1][0]
    sent = [commit[3] for commit in request[6]]
    if outcome == DONE:
        check(answer[3][:len(sent)] == sent, "the digests of what was sent")
    if outcome == CLOCK:
        check(answer[1][1] == sent[len(answer[3])], "clock speaks of the first that was not taken")
        late = next(commit for commit in request[6] if commit[3] == answer[1][1])
        check(late[1] >> 16 > answer[7] + 60_000, "clock was right")
    if outcome == REFUSED:
        _, number, digest, reason = answer[1]
        check(digest == sent[number - request[4] - 1] and number == answer[2] + 1, "refused names a commit")
        size = sum(len(c[8]) + 18 * (len(c[7]) // 2) + 96 for c in request[6][number - request[4] - 1][5])
        check(reason != 0 or size > 300, "refused for its size")
    if outcome == FORKED:
        check(answer[3][:len(sent)] != sent, "forked shows another commit")
    check((answer[9] is not None) == (outcome == DONE and request[10] > 0), "who gets a page")
    if answer[9] is None:
        check(answer[4] == request[3], "the cursor without a page")
        return
    for position, time, dot, nonce, header, sealed in read_feed(answer[9]):
        check(request[3][1] < position <= answer[4][1], "a place in the feed")
        check(open_values(sealed, header.data(line, time, dot), nonce, key) is not None, "a change of the feed")
    if not answer[6]:
        check(answer[4][1] == answer[5] and answer[8] is not None, "the end of the feed")


def check_heal(request, answer, healing):
    check(answer[1] == 0 and len(answer[4]) == len(request[4]), "an answer of a healing")
    if request[3] is None:
        check(not request[4] and not request[5], "a healing begins with a question")
        healing[:] = [request[2], answer[3]]
    check(request[2] == healing[0] and request[3] in (None, healing[1]), "a healing goes on as it began")
    for _, _, items in [(p[0], p[1], p[2]) for p in request[5]]:
        for time, dot, index, change in items:
            data = Header(change[:8]).data(line, time, dot)
            check(open_values(change[8], data, request[6] + struct.pack(">Q", index), key) is not None, "an offered change")
    for position, time, dot, nonce, header, sealed in read_feed(answer[7]):
        check(open_values(sealed, header.data(line, time, dot), nonce, key) is not None, "a change of a healing")


for scene in vectors["scenes"]:
    healing, before, said = [], None, []
    for exchange in scene["exchanges"]:
        request, answer = (bytes.fromhex(exchange[side]) for side in ("request", "response"))
        if exchange["path"] not in ("/v2/sync", "/v2/heal") or exchange["status"] != 200:
            # Who belongs to the line, and requests with a ticket that is none any more: 6 and check_trust.py.
            for message in (request, answer):
                check(exchange["status"] >= 400 or not message or encode(whole(message)) == message and whole(message)[0] == 2, "a message")
            said.append(exchange["method"] + " " + exchange["path"].split("?")[0])
            continue
        check(encode(whole(request)) == request and encode(whole(answer)) == answer, "an exchange is not deterministic")
        request, answer = whole(request), whole(answer)
        check(request[0] == answer[0] == 2, "version")
        check(request[1] == line, "the line")
        if exchange["path"] == "/v2/heal":
            check_heal(request, answer, healing)
            said.append("heal")
            continue
        check_sync(request, answer)
        said.append(answer[1][0])
        if healing and request[2] == healing[0] and request[10]:
            check(request[3] == healing[1], "after a healing the feed is read on from where it began")
            healing = []
        if before and before[1][1][0] in (FORKED, DIVERGED):
            check(request[2] != before[0][2], "a new id")
        if before and before[1][1][0] == FORKED:
            check(request[4] == 0 and request[5] == bytes(16) and request[6][0][0] == 1, "numbers begin anew")
            check([c[1:3] for c in request[6]] == [c[1:3] for c in before[0][6]], "times and dots stay")
        if before and before[1][1][0] == CLOCK:
            latest, corrected = 0, []
            for commit in before[0][6][len(before[1][3]):]:
                latest = max(latest + 1, min(commit[1], before[1][7] << 16))
                corrected.append([latest, commit[2]])
            check([c[1:3] for c in request[6]] == corrected, "corrected times")
        if before and before[1][1][0] == REFUSED:
            place = before[1][1][1] - before[0][4] - 1
            old, new = before[0][6][place], request[6][before[1][1][1] - request[4] - 1]
            check(new[5] == [] and new[0:2] == old[0:2] and new[2] != old[2], "an empty commit in its place")
        before = (request, answer)
    outcomes[scene["name"]] = [each for each in said if scene["name"] == "join" or " " not in str(each)]
check(set(outcomes) == {"join", "done", "clock", "forked", "refused", "diverged"}, "the scenes")
check(outcomes["clock"][:2] == [CLOCK, DONE] and FORKED in outcomes["forked"], "clock and forked")
check(outcomes["refused"][:2] == [REFUSED, DONE], "refused")
check(outcomes["diverged"][0] == DIVERGED and "heal" in outcomes["diverged"], "diverged")
check({"POST /v2/found", "POST /v2/join", "POST /v2/join/reveal", "POST /v2/joins/answer", "POST /v2/boxes"} <= set(outcomes["join"]), "joining")
check_trust.run(check, load, encode, whole, unseal)
print("%d checks passed" % checks)
