"""The vectors of trust, a second time: keys, invitations, joining, signed requests, rosters and their forks, by README.md, sections 6
to 11 alone. Ed25519, X25519 and sealed boxes are libsodium's, through ctypes; all else is here. check_vectors.py runs it."""
import base64
import ctypes
import ctypes.util
import hashlib
import struct

sodium = ctypes.CDLL(ctypes.util.find_library("sodium") or "libsodium.so.23")
if sodium.sodium_init() < 0:
    raise SystemExit("FAILED: libsodium could not be initialised")


def blake(data, size=32, key=b""):
    return hashlib.blake2b(data, digest_size=size, key=key).digest()


def derive(secret, context, number):
    """libsodium's crypto_kdf."""
    return hashlib.blake2b(
        b"", digest_size=32, key=secret, salt=struct.pack("<Q", number) + bytes(8), person=context + bytes(8)).digest()


def pair(function, seed, secret_bytes):
    public, secret = ctypes.create_string_buffer(32), ctypes.create_string_buffer(secret_bytes)
    assert function(public, secret, seed) == 0
    return public.raw, secret.raw


def signing_pair(seed):
    return pair(sodium.crypto_sign_seed_keypair, seed, 64)


def signature(message, secret):
    output = ctypes.create_string_buffer(64)
    sodium.crypto_sign_detached(output, None, message, ctypes.c_ulonglong(len(message)), secret)
    return output.raw


def verifies(signed, message, public):
    return sodium.crypto_sign_verify_detached(signed, message, ctypes.c_ulonglong(len(message)), public) == 0


def open_box(box, public, secret):
    output = ctypes.create_string_buffer(len(box) - 48)
    failed = sodium.crypto_box_seal_open(output, box, ctypes.c_ulonglong(len(box)), public, secret)
    return None if failed else output.raw


# 6.1 Keys

class Device:
    def __init__(self, seed):
        self.signing, self.secret = signing_pair(derive(seed, b"lugnkeys", 1))
        self.box, self.box_secret = pair(sodium.crypto_box_seed_keypair, derive(seed, b"lugnkeys", 2), 32)
        self.id = device_id(self.signing, self.box)


def device_id(signing, box):
    return blake(b"lugn device 2" + signing + box)[:16]


class InvitationKeys:
    def __init__(self, secret):
        seed = blake(b"lugn invitation seed 2" + secret)
        self.signing, self.secret = signing_pair(derive(seed, b"lugninvi", 1))
        self.name, self.tag = derive(seed, b"lugninvi", 2), derive(seed, b"lugninvi", 3)
        self.id = blake(b"lugn invitation 2" + self.signing)[:16]


def commitment(line, epoch, secret):
    return blake(b"lugn epoch 2" + (bytes(16) if epoch == 1 else line) + struct.pack(">I", epoch) + secret)


# 6.2 Base 32, sheets, invitations

DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"


def base32(data):
    bits = "".join("%08d" % int(bin(byte)[2:]) for byte in data)
    bits += "0" * (-len(bits) % 5)
    return "".join(DIGITS[int(bits[at:at + 5], 2)] for at in range(0, len(bits), 5))


def digit(character):
    character = character.upper() if character.isascii() else character
    return DIGITS.find({"O": "0", "I": "1", "L": "1"}.get(character, character))


def unbase32(text):
    values = [digit(character) for character in text if character not in " -\n\r\t"]
    if -1 in values:
        return None
    bits = "".join("%05d" % int(bin(value)[2:]) for value in values)
    whole = len(bits) // 8 * 8
    if len(bits) - whole > 4 or "1" in bits[whole:]:
        return None
    return bytes(int(bits[at:at + 8], 2) for at in range(0, whole, 8))


def times_x(value):
    return (value << 1 ^ (0b100101 if value & 16 else 0)) & 63


def check_digit(values, place):
    total = place + 1
    for index, value in enumerate(values):
        for _ in range(index + 1):
            value = times_x(value)
        total ^= value
    return total


def sheet(seed):
    text = base32(seed)
    groups = [text[at:at + 4] for at in range(0, 52, 4)]
    return [group + DIGITS[check_digit([digit(c) for c in group], place)] for place, group in enumerate(groups)]


def read_sheet(text):
    """The seed, or the number of the first wrong group, 0 for a wrong length."""
    characters = [c for c in text if not c.isspace() and c != "-"]
    if len(characters) != 65:
        return 0
    good = ""
    for place in range(13):
        values = [digit(c) for c in characters[place * 5:place * 5 + 5]]
        if -1 in values or check_digit(values[:4], place) != values[4]:
            return place + 1
        good += "".join(DIGITS[value] for value in values[:4])
    return unbase32(good) or 13


def invitation_check(data):
    return blake(b"lugn invitation check 2" + data, 16)[:4]


def invitation_text(kind, secret, line, pin, address):
    data = bytes([kind, (1 if line else 0) | (2 if pin else 0)]) + secret + (line or b"") + (pin or b"") + address.encode()
    return base32(data + invitation_check(data))


def is_invitation(text):
    data = unbase32(text)
    return data is not None and len(data) > 22 and invitation_check(data[:-4]) == data[-4:]


# 6.3 Entries

def to_be_signed(entry, number, line):
    return b"lugn roster 2\0" + (bytes(16) if number == 0 else line) + entry


def entry_hash(entry):
    return blake(b"lugn roster hash 2" + entry)


def consent_message(line, invitation, signing, box):
    return b"lugn consent 2\0" + line + invitation + signing + box


class Roster:
    """Verifies a chain, entry by entry."""

    def __init__(self, whole):
        self.whole = whole                      # reads one item of deterministic CBOR
        self.line, self.count, self.head = None, 0, bytes(32)
        self.members, self.spent, self.invitations = {}, set(), set()
        self.recovery = self.recovery_key = None
        self.commitments = []

    def leads(self):
        return {device for device, member in self.members.items() if member["role"] == 1 and member["removed"] is None}

    def present(self, device):
        return device in self.members and self.members[device]["removed"] is None

    def add(self, signed):
        """None if the entry belongs here, else why not."""
        entry, signed_by = self.whole(signed)
        version, number, previous, kind, author, _, body = self.whole(entry)
        assert version == 2
        body = self.whole(body) if kind < 10 else body
        if self.count == 0:
            return self.found(entry, signed_by, number, previous, kind, author, body)
        if number != self.count or previous != self.head:
            return "notNext"
        if author == self.recovery:
            key = self.recovery_key
        elif self.present(author):
            key = self.members[author]["signing"]
        else:
            return "unknownAuthor"
        if not verifies(signed_by, to_be_signed(entry, number, self.line), key):
            return "wrongSignature"
        problem = self.allowed(kind, author) or self.sensible(kind, author, body)
        if problem is None:
            self.perform(kind, body)
            self.count, self.head = number + 1, entry_hash(entry)
        return problem

    def found(self, entry, signed_by, number, previous, kind, author, body):
        if number != 0 or kind != 0 or previous != bytes(32) or author != device_id(body[0], body[1]):
            return "misplaced"
        self.line = entry_hash(entry)[:16]
        if not verifies(signed_by, to_be_signed(entry, 0, self.line), body[0]):
            return "wrongSignature"
        proven = b"lugn founding 2\0" + b"".join(body[i] for i in (0, 1, 3, 4, 5))
        if not verifies(body[6], proven, body[3]):
            return "noConsent"
        self.let_in(body, 1)
        self.recovery_key, self.recovery = body[3], device_id(body[3], body[4])
        self.commitments = [body[5]]
        self.count, self.head = 1, entry_hash(entry)
        return None

    def allowed(self, kind, author):
        is_lead = author in self.leads()
        if kind == 0:
            return "misplaced"
        if kind == 3:
            return None if is_lead or author == self.recovery else "notAllowed"
        if kind == 5:
            return None if author == self.recovery else "notAllowed"
        if 10 <= kind < 128:
            return "unknownAct"
        return None if is_lead else "notAllowed"

    def is_new(self, device):
        return device not in self.members and device != self.recovery and device not in self.spent

    def sensible(self, kind, author, body):
        if kind == 1:
            device = device_id(body[0], body[1])
            if body[4] in self.invitations:
                return "invitationUsed"
            if not self.is_new(device):
                return "knownDevice"
            if not verifies(body[5], consent_message(self.line, body[4], body[0], body[1]), body[0]):
                return "noConsent"
        if kind == 2:
            if not self.present(body[0]):
                return "unknownDevice"
            if body[1] == 0 and self.leads() == {body[0]}:
                return "lastLead"
        if kind == 3:
            if not body[0] or len(set(body[0])) < len(body[0]) or not all(map(self.present, body[0])):
                return "unknownDevice"
            if author in body[0]:
                return "removesItself"
            if not self.leads() - set(body[0]):
                return "lastLead"
        if kind == 5:
            member, recovery = device_id(body[0], body[1]), device_id(body[3], body[4])
            if not self.is_new(member) or not self.is_new(recovery) or member == recovery:
                return "knownDevice"
            proven = b"lugn recovery 2\0" + self.line + b"".join(body[i] for i in (0, 1, 3, 4, 5))
            if not verifies(body[7], proven, body[0]) or not verifies(body[8], proven, body[3]):
                return "noConsent"
        if kind == 7 and not self.present(body[0]):
            return "unknownDevice"
        return None

    def perform(self, kind, body):
        if kind == 1:
            self.invitations.add(body[4])
            self.let_in(body, body[3])
        elif kind == 2:
            self.members[body[0]]["role"] = body[1]
        elif kind == 3:
            for device in body[0]:
                self.members[device]["removed"] = self.count
            self.commitments.append(body[1])
        elif kind == 4:
            self.commitments.append(body[0])
        elif kind == 5:
            self.spent.add(self.recovery)
            self.recovery_key, self.recovery = body[3], device_id(body[3], body[4])
            self.let_in(body, 1)
            self.commitments.append(body[5])

    def let_in(self, body, role):
        self.members[device_id(body[0], body[1])] = {
            "signing": body[0], "role": role, "admitted": self.count, "removed": None}


# 6.5 Forks

def weight(whole, branch, leads):
    leads, heaviest = set(leads), 0
    for signed in branch:
        _, _, _, kind, _, _, body = whole(whole(signed)[0])
        body = whole(body) if kind < 10 else body
        if kind == 5:
            return 2
        if kind in (3, 4) or kind == 2 and body[1] == 0 and body[0] in leads:
            heaviest = 1
        if kind == 2 and body[1] == 1:
            leads.add(body[0])
        if kind == 1 and body[3] == 1:
            leads.add(device_id(body[0], body[1]))
    return heaviest


def compare(whole, ours, theirs):
    common = 0
    hashes = [[entry_hash(whole(signed)[0]) for signed in chain] for chain in (ours, theirs)]
    while common < min(len(ours), len(theirs)) and hashes[0][common] == hashes[1][common]:
        common += 1
    if common == len(theirs):
        return "equal" if common == len(ours) else "ahead"
    if common == len(ours):
        return "behind"
    shared = Roster(whole)
    for signed in ours[:common]:
        assert shared.add(signed) is None
    left, right = (weight(whole, chain[common:], shared.leads()) for chain in (ours, theirs))
    if left == right:
        if left:
            return "undecided"
        return "ours" if hashes[0][common] < hashes[1][common] else "theirs"
    return "ours" if left > right else "theirs"


# 6.6 Signed requests

def content_digest(body):
    return "sha-256=:" + base64.b64encode(hashlib.sha256(body).digest()).decode() + ":"


def signature_input(ticket, key_id, tag):
    return ('("@method" "lugn-route" "content-digest");nonce="%s";keyid="%s";alg="ed25519";tag="%s"'
            % (ticket, key_id, tag))


def signature_base(method, route, digest, parameters):
    return ('"@method": %s\n"lugn-route": %s\n"content-digest": %s\n"@signature-params": %s'
            % (method, route, digest, parameters)).encode()


# The vectors

def hexadecimal(text):
    return None if text is None else bytes.fromhex(text)


def check_keys(check, load, unseal):
    vectors = load("keys.json")
    for case in vectors["devices"]:
        device = Device(hexadecimal(case["seed"]))
        check([device.signing.hex(), device.box.hex(), device.id.hex()] == [case["signing"], case["box"], case["id"]], "a device's keys")
        check(case["file"] == "lugn-device-keys-2 %s\n" % case["seed"], "a keys' file")
    for case in vectors["invitations"]:
        keys = InvitationKeys(hexadecimal(case["secret"]))
        found = [part.hex() for part in (keys.signing, keys.name, keys.tag, keys.id)]
        check(found == [case["signing"], case["nameKey"], case["tagKey"], case["id"]], "an invitation's keys")
    line, before = hexadecimal(vectors["line"]), None
    for case in vectors["epochs"]:
        secret, epoch = hexadecimal(case["secret"]), case["epoch"]
        check(commitment(line, epoch, secret).hex() == case["commitment"], "the commitment of epoch %d" % epoch)
        check([derive(secret, b"lugnline", n).hex() for n in range(1, 8)] == case["purposes"], "keys of epoch %d" % epoch)
        if before:
            opened = unseal(hexadecimal(case["sealedPrevious"]), b"lugn previous key 2" + line,
                            commitment(line, epoch - 1, before)[:24], derive(secret, b"lugnline", 2))
            check(opened == before, "the key before epoch %d" % epoch)
        before = secret
    for case in vectors["base32"]:
        check(base32(hexadecimal(case["bytes"])) == case["text"], "base 32")
        check(unbase32(case["text"].lower()) == hexadecimal(case["bytes"]), "base 32, read")
    for case in vectors["sheets"]:
        check(sheet(hexadecimal(case["seed"])) == case["groups"], "a recovery sheet")
        for typed in case["typed"]:
            read = read_sheet(typed["text"])
            check(read == (hexadecimal(case["seed"]) if typed["wrong"] is None else typed["wrong"]), "a sheet as typed: %s" % typed)


def check_invitations(check, load, whole):
    vectors = load("invitations.json")
    for case in vectors["invitations"]:
        text = invitation_text(case["kind"], hexadecimal(case["secret"]), hexadecimal(case["line"]), hexadecimal(case["pin"]), case["address"])
        check(text == case["text"] and is_invitation(text), "an invitation's text")
    for case in vectors["typed"]:
        check(is_invitation(case["text"]) == case["valid"], "an invitation as typed: %s" % case)
    version, signing, expires, signed, secrets = whole(hexadecimal(vectors["request"]))
    check(version == 2 and secrets == [], "a request for an invitation")
    message = (b"lugn invited 2\0" + hexadecimal(vectors["line"]) + blake(b"lugn invitation 2" + signing)[:16]
               + struct.pack(">q", expires))
    check(verifies(signed, message, Device(hexadecimal(vectors["leadSeed"])).signing), "a lead's signature under an invitation")


def check_joining(check, load, whole, unseal):
    vectors = load("joining.json")
    line, keys = hexadecimal(vectors["line"]), InvitationKeys(hexadecimal(vectors["invitationSecret"]))
    offer, device = hexadecimal(vectors["offer"]), Device(hexadecimal(vectors["seed"]))
    signing, box, name, consent, committed, tag = whole(offer)
    random, lead_random = hexadecimal(vectors["random"]), hexadecimal(vectors["leadRandom"])
    check((signing, box) == (device.signing, device.box), "the keys of an offer")
    check(verifies(consent, consent_message(line, keys.id, signing, box), signing), "the consent of an offer")
    check(committed == blake(b"lugn join commitment 2" + random), "the commitment of an offer")
    check(tag == blake(b"lugn join 2" + line + keys.id + signing + box + name + consent + committed, 32, keys.tag), "the tag of an offer")
    plain = unseal(name[24:], b"lugn join name 2", name[:24], keys.name)
    check(read_name(plain) == vectors["name"], "the name of an offer")
    message = b"lugn join digits 2" + line + keys.id + blake(offer) + hexadecimal(vectors["lead"]) + random + lead_random
    check("%06d" % (int.from_bytes(blake(message)[:8], "big") % 1_000_000) == vectors["digits"], "the six digits")
    holder = Device(hexadecimal(vectors["box"]["seed"]))
    secret = open_box(hexadecimal(vectors["box"]["bytes"]), holder.box, holder.box_secret)
    check(secret == hexadecimal(vectors["box"]["secret"]), "a box")
    name = hexadecimal(vectors["sealedName"])
    check(name[:4] == struct.pack(">I", 3), "a sealed name's epoch")
    plain = unseal(name[28:], b"lugn name 2", name[4:28], derive(secret, b"lugnline", 3))
    check(read_name(plain) == vectors["name"], "a sealed name")
    rules = hexadecimal(vectors["sealedRules"])
    plain = unseal(rules[28:], b"lugn rules 2" + line, rules[4:28], derive(secret, b"lugnline", 7))
    check(rules[:4] == struct.pack(">I", 3) and len(plain) % 64 == 0, "sealed rules' epoch and length")
    check(plain.rstrip(b"\0") == hexadecimal(vectors["rules"]) + b"\x80", "sealed rules")


def read_name(plain):
    if plain is None or len(plain) % 64:
        return None
    name = plain.rstrip(b"\0")
    return name[:-1].decode() if name.endswith(b"\x80") else None


def check_requests(check, load):
    vectors = load("requests.json")
    for case in vectors["signed"]:
        headers = dict(case["headers"])
        check(content_digest(hexadecimal(case["body"])) == case["contentDigest"], "a digest")
        parameters = headers["Signature-Input"]
        check(parameters.startswith("lugn="), "a signature's label")
        parts = dict(part.split("=", 1) for part in parameters.split(";")[1:])
        rebuilt = signature_input(*(parts[name].strip('"') for name in ("nonce", "keyid", "tag")))
        check("lugn=" + rebuilt == parameters, "the form of a signature")
        signed = base64.b64decode(headers["Signature"][6:-1], validate=True)
        base = signature_base(case["method"], headers["Lugn-Route"], case["contentDigest"], rebuilt)
        check(verifies(signed, base, hexadecimal(case["key"])), "a signed request")
        check(not verifies(signed, base + b" ", hexadecimal(case["key"])), "a request with a byte more")
    for text in vectors["noForms"]:
        parts = dict(part.split("=", 1) for part in text.split(";")[1:] if "=" in part)
        rebuilt = "lugn=" + signature_input(*(parts.get(name, "").strip('"') for name in ("nonce", "keyid", "tag")))
        check(rebuilt != text, "a form that is none: %s" % text)
    ticket = vectors["ticket"]
    check(ticket["text"] == "%016x%016x" % (int(ticket["generation"]), int(ticket["milliseconds"])), "a ticket")


def check_roster(check, load, whole, encode):
    vectors = load("roster.json")
    roster = Roster(whole)
    for text, expected in zip(vectors["entries"], vectors["hashes"]):
        signed = hexadecimal(text)
        check(encode(whole(signed)) == signed and roster.add(signed) is None, "an entry of the roster")
        check(roster.head.hex() == expected, "the hash of an entry")
    check(roster.line.hex() == vectors["line"] and roster.recovery.hex() == vectors["recovery"], "line and recovery")
    members = [{"id": device.hex(), "role": member["role"], "admitted": member["admitted"], "removed": member["removed"]}
               for device, member in sorted(roster.members.items(), key=lambda pair: pair[1]["admitted"])]
    check(members == vectors["members"], "who is in the roster: %s" % members)
    check([each.hex() for each in roster.commitments] == vectors["epochs"], "the epochs of the roster")
    for case in vectors["refused"]:
        head = roster.head
        code = roster.add(hexadecimal(case["entry"]))
        check(code == case["code"] and roster.head == head, "an entry refused as %s: %s" % (case["code"], code))
    vectors = load("forks.json")
    branches = [[hexadecimal(text) for text in branch] for branch in vectors["branches"]]
    for row, ours in zip(vectors["results"], branches):
        for expected, theirs in zip(row, branches):
            check(compare(whole, ours, theirs) == expected, "two branches: %s" % expected)


def run(check, load, encode, whole, unseal):
    check_keys(check, load, unseal)
    check_invitations(check, load, whole)
    check_joining(check, load, whole, unseal)
    check_requests(check, load)
    check_roster(check, load, whole, encode)
