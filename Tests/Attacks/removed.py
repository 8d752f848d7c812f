"""A workstation that was removed, with the server's disk; leads against each other; a server that was put back."""

import json

import cbor
import check_trust
import joining
from line import Line, any_file, hold
from network import sends
from proxy import send
from signing import digest

NAMES = ["one", "two", "three"]


def device_of(line, name):
    return line.signer(name).identity.hex()


def removed_reads_nothing(line):
    """With its keys and a copy of the server's disk a removed workstation opens no key that began with its removal or later."""
    number = line.new_case("one", "BEFORE-THE-REMOVAL")
    line.sync("one", "three")
    hold("BEFORE-THE-REMOVAL" in line.shown("three", number), "an honest desk reads nothing")
    line.lugn("one", "devices", "remove", device_of(line, "three"))
    line.lugn("one", "case", "note", number, "AFTER-THE-REMOVAL")
    line.sync("one", "two", "one")
    hold("AFTER-THE-REMOVAL" in line.shown("two", number), "a desk that stays does not read what is new")
    done = line.attempt("three", "sync")
    hold(done.returncode != 0 and "out of the line" in done.stderr, "the removed one is not told: " + done.stderr)
    hold("AFTER-THE-REMOVAL" not in line.shown("three", number) and "BEFORE-THE-REMOVAL" in line.shown("three", number),
         "the removed one shows something else than what it had")

    seed = bytes.fromhex(open(line.desk_folder("three") + "/replica.db-keys").read().split()[1])
    keys = check_trust.Device(seed)
    database = line.database(line.copy())
    roster = check_trust.Roster(cbor.whole)
    for signed in blobs(database, "roster"):
        if roster.add(signed) is not None:
            raise AssertionError("the server's roster does not verify")
    epochs = len(roster.commitments)
    begun = [cbor.whole(cbor.whole(signed)[0])[3] for signed in blobs(database, "roster")]
    hold(begun.count(3) == 1 and epochs == 1 + begun.count(3) + begun.count(4), "a removal began no epoch")
    opened = [secret for box in blobs(database, "box") if len(box) == 80
              for secret in [check_trust.open_box(box, keys.box, keys.box_secret)] if secret]
    hold(opened, "the removed one opens not even its own old box: this test is blind")
    commitments = [check_trust.commitment(roster.line, epoch, secret) for secret in opened for epoch in range(1, epochs + 1)]
    hold(any(each in commitments for each in roster.commitments[:-1]), "it opens none of its old keys: this test is blind")
    hold(roster.commitments[-1] not in commitments, "a removed desk opens the new key")


def blobs(database, *tables):
    """All byte strings of the tables whose names contain one of these."""
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name").fetchall():
        if any(part in name for part in tables):
            for row in database.execute("SELECT * FROM %s" % name):
                yield from (value for value in row if isinstance(value, bytes) and len(value) >= 80)


def forged_branch(line):
    """A lead that was removed goes on from before that, and hands its branch to the server: the line stays as it is."""
    line.admit("four", lead=True)
    before = line.roster_bytes()
    line.lugn("one", "devices", "remove", device_of(line, "four"))
    seed = bytes.fromhex(open(line.desk_folder("four") + "/replica.db-keys").read().split()[1])
    keys = check_trust.Device(seed)
    last = cbor.whole(before[-1])[0]
    for kind, body in ((6, [b"rules"]), (200, None), (4, [bytes(32), bytes(48)]), (3, [[line.signer("one").identity], bytes(32), bytes(48)])):
        entry = cbor.encode([2, len(before), check_trust.entry_hash(last), kind, keys.id, 1_700_000_000_000,
                             b"x" if body is None else cbor.encode(body)])
        signature = check_trust.signature(check_trust.to_be_signed(entry, len(before), bytes.fromhex(line.id)), keys.secret)
        body = cbor.encode([2, bytes.fromhex(line.id), [*before, cbor.encode([entry, signature])], False])
        status, _, answer = line.raw("POST", "/v2/roster", {"Content-Type": "application/cbor", "Content-Digest": digest(body)}, body)
        hold(status in (200, 409), "a forged branch was answered %d %s" % (status, answer[:200]))
        now = line.roster_bytes()
        hold(now[:len(before)] == before and cbor.whole(cbor.whole(now[len(before)])[0])[3] == 3
             and cbor.whole(cbor.whole(now[len(before)])[0])[4] == line.signer("one").identity, "a removed lead's branch counts")
    line.sync("one", "two")


def put_back_before_admission(line):
    """The server is put back to before an admission: the desk gives it the roster, and syncs."""
    copy = line.copy()
    line.admit("late")
    number = line.new_case("late", "BY-THE-LATE-ONE")
    line.put_back(copy)
    line.sync("late", "one")
    hold("BY-THE-LATE-ONE" in line.shown("one", number), "a desk that was let in after the backup is lost")


def put_back_before_removal(line):
    """The server is put back to before a removal: desks give it the roster, and the removed one stays out."""
    line.admit("gone")
    line.sync("gone")
    copy = line.copy()
    line.lugn("one", "devices", "remove", device_of(line, "gone"))
    line.put_back(copy)
    # The removed one is first; the server does not know better.
    line.attempt("gone", "sync")
    number = line.new_case("one", "AFTER-THE-RESTORE")
    line.sync("one", "two", "one")
    done = line.attempt("gone", "sync")
    hold(done.returncode != 0, "a removed desk syncs after a restore")
    hold("AFTER-THE-RESTORE" not in line.attempt("gone", "case", "show", number).stdout, "a removed desk reads what is new")
    hold("AFTER-THE-RESTORE" in line.shown("two", number), "a desk that stays does not read what is new")


def missed_rotations(line):
    """A desk that missed three rotations with a full outbox loses nothing, and reads all."""
    number = line.new_case("two", "WRITTEN-BEFORE-THREE-ROTATIONS")
    for _ in range(3):
        line.lugn("one", "key", "rotate")
        line.lugn("one", "case", "new", "--caller", "relative")
        line.sync("one")
    for count in range(20):
        line.lugn("two", "case", "note", number, "note %d" % count)
    line.sync("two", "one")
    shown = line.shown("one", number)
    hold("WRITTEN-BEFORE-THREE-ROTATIONS" in shown and all("note %d" % count in shown for count in range(20)),
         "work was lost over three rotations")
    hold(line.status("two")["pending"] == 0, "something was not sent")


def unsent_work(line):
    """What a removed desk had not sent reaches the leads, sealed; they read it, and nothing counts before one takes it in."""
    line.admit("five")
    number = line.new_case("one", "SHARED-CASE")
    line.sync("one", "five")
    line.lugn("five", "case", "note", number, "NOT-SENT-NOTE")
    line.lugn("five", "case", "edit", number, "--age", "17")
    line.lugn("one", "case", "edit", number, "--age", "30")
    fresh = line.new_case("five", "NOT-SENT-CASE")
    five = device_of(line, "five")
    line.lugn("one", "devices", "remove", five)
    for _ in range(2):
        done = line.attempt("five", "sync")
        hold(done.returncode != 0 and "handed to the leads" in done.stderr, "the removed one is not told: " + done.stderr)
    hold("NOT-SENT-NOTE" in line.shown("five", number), "what was written is not on the removed desk any more")
    hold(not any_file(line.folder + "/server", [b"NOT-SENT-NOTE", b"NOT-SENT-CASE"]), "the server can read unsent work")

    # Nobody but a lead reads it, and nobody but whoever was removed hands anything over.
    line.sync("two")
    hold("only a lead" in line.attempt("two", "devices", "unsent").stderr, "a counsellor reads unsent work")
    two = line.signer("two")

    def as_cbor(headers):
        return {**headers, "Content-Type": "application/cbor"}
    for route in ("/v2/unsent", "/v2/unsent?device=%s&part=0" % five):
        hold(sends(line, two, "GET", route) == 403, "a counsellor was given " + route)
    for signer in (two, line.signer("one")):
        hold(sends(line, signer, "POST", "/v2/unsent", cbor.encode([2, 1, 0, 1, b""]), as_cbor) == 403, "who is in the line hands over")
    hold(sends(line, line.signer("five"), "POST", "/v2/unsent/discard", cbor.encode([2, bytes.fromhex(five), 1]), as_cbor) == 403,
         "a removed desk drops what leads are to read")

    listed = json.loads(line.lugn("one", "devices", "unsent", "--json").stdout)
    hold([each["name"] for each in listed] == ["five"] and listed[0]["isWhole"], "the leads are not told: %s" % listed)
    read = line.lugn("one", "devices", "unsent", "five").stdout
    hold("NOT-SENT-NOTE" in read and "NOT-SENT-CASE" in read and fresh in read, "a lead cannot read it: " + read)
    before = line.lugn("one", "case", "list", "--json").stdout

    # A server that hands out something else: nothing of it is taken in.
    def altered(exchange):
        if exchange.route == "GET /v2/unsent" and exchange.status == 200:
            message = cbor.whole(exchange.answer)
            if isinstance(message[-1], bytes):
                message[-1] = message[-1][:-1] + bytes([message[-1][-1] ^ 1])
                exchange.replace(cbor.encode(message))
    line.proxy.after = altered
    done = line.attempt("one", "devices", "take-in", "five")
    line.proxy.honest()
    hold(done.returncode != 0 and "not what was read" in done.stderr, "altered work was taken in: " + done.stderr)
    hold(line.lugn("one", "case", "list", "--json").stdout == before, "altered work changed something")

    # What came since it was read is not taken in unread.
    line.lugn("five", "case", "note", number, "NOT-READ-YET")
    line.attempt("five", "sync")
    done = line.attempt("one", "devices", "take-in", "five")
    hold(done.returncode != 0 and "not what was read" in done.stderr, "what nobody has read was taken in")
    hold("NOT-READ-YET" in line.lugn("one", "devices", "unsent", "five").stdout, "what came since is not shown")
    line.lugn("one", "devices", "take-in", "five")
    line.sync("two")
    for desk in ("one", "two"):
        hold("NOT-SENT-NOTE" in line.shown(desk, number) and "NOT-SENT-CASE" in line.shown(desk, fresh),
             "what was taken in is not at " + desk)
        hold(len(json.loads(line.lugn(desk, "conflicts", "--json").stdout)) == 1, "what contradicts is no conflict at " + desk)
        hold(line.status(desk)["verified"] is True, "the sums differ after taking in")
    hold(json.loads(line.lugn("one", "devices", "unsent", "--json").stdout) == [], "what was taken in is still offered")


def late_changes(line):
    """With a server that was put back to before its removal, a removed desk edits and erases: leads are told, and nothing is destroyed."""
    line.admit("six")
    erased = line.new_case("one", "ERASED-WITH-AN-OLD-KEY")
    edited = line.new_case("one", "EDITED-WITH-AN-OLD-KEY")
    shredded = line.new_case("one", "SHREDDED-WITH-AN-OLD-KEY")
    line.lugn("one", "case", "edit", edited, "--age", "17")
    line.sync("one", "two", "six")
    copy = line.copy()
    line.lugn("one", "devices", "remove", device_of(line, "six"))
    line.sync("one", "two", "one", "two")
    hold(line.status("two")["late"] == 0, "an honest removal makes something late")
    line.put_back(copy)
    line.lugn("six", "case", "erase", erased, "--yes")
    line.lugn("six", "case", "edit", edited, "--age", "30")
    line.lugn("six", "case", "shred", shredded)
    line.lugn("six", "case", "note", edited, "WRITTEN-WITH-AN-OLD-KEY")
    line.lugn("six", "sync")
    line.sync("two", "one", "two", "one")
    for desk in ("one", "two"):
        hold(line.attempt(desk, "case", "show", erased).returncode != 0, "an erasure does not hide at " + desk)
        found = json.loads(line.lugn(desk, "late", "--json").stdout)
        hold(sorted(each["kind"] for each in found) == ["erasure", "erasure", "note", "set", "set"], "%s is not told: %s" % (desk, found))
        kinds = {each["kind"]: each for each in found if each["number"] in (None, erased, edited) and each["collection"] != "notes" or each["kind"] == "note"}
        hold(any_file(line.desk_folder(desk), [b"SHREDDED-WITH-AN-OLD-KEY"]), "a late shredding is carried out at " + desk)
        hold(kinds["set"]["before"]["age"] == "under18", "what stood before is not kept: %s" % kinds["set"])
        hold(kinds["erasure"]["held"] >= 3 and kinds["erasure"]["number"].replace(" ", "") == erased.replace(" ", ""),
             "what was erased is not kept: %s" % kinds["erasure"])
        hold(line.status(desk)["verified"] is True, "the sums differ at " + desk)
    hold(line.attempt("two", "late", "keep", kinds["erasure"]["id"]).returncode != 0, "a counsellor overrules an erasure")
    line.lugn("one", "late", "keep", kinds["erasure"]["id"])
    line.sync("one", "two")
    for desk in ("one", "two"):
        hold("ERASED-WITH-AN-OLD-KEY" in line.shown(desk, erased), "what was erased is not written anew at " + desk)
        found = json.loads(line.lugn(desk, "late", "--json").stdout)
        hold(sum(each["held"] for each in found if each["collection"] != "notes") == 0, "what was written anew is still held at %s: %s" % (desk, found))
        hold(line.status(desk)["verified"] is True, "the sums differ at " + desk)
    # It is shredded as any other: nothing that was held outlives it.
    line.lugn("one", "case", "erase", erased, "--yes")
    line.sync("one", "two")
    line.lugn("two", "status")
    for desk in ("one", "two"):
        hold(not any_file(line.desk_folder(desk), [b"ERASED-WITH-AN-OLD-KEY"]), "erased text is still at " + desk)
    for each in json.loads(line.lugn("two", "late", "--json").stdout):
        line.lugn("two", "late", "accept", each["id"], "--yes")
    hold(line.status("two")["late"] == 0, "what was accepted is still told")


def hidden_answers(line):
    """Somebody on the way hides the answer to a removal: the lead signs no second entry for its place, and the line goes on."""
    line.admit("seven")
    line.sync("one", "two")
    sent = []
    count = line.roster_count()
    head = check_trust.entry_hash(cbor.whole(line.roster_bytes()[-1])[0])

    def before(exchange):
        if exchange.route == "POST /v2/roster" and cbor.whole(exchange.body)[3]:
            entry = cbor.whole(exchange.body)[2][0]
            sent.append(entry)
            if len(sent) == 1:
                send(line.port, exchange.method, exchange.path, exchange.headers, exchange.body)
                exchange.reply(200, cbor.encode([2, count, head]))
            else:
                exchange.reply(200, cbor.encode([2, count + 1, check_trust.entry_hash(cbor.whole(entry)[0])]))

    def after(exchange):
        if exchange.route == "GET /v2/roster" and exchange.status == 200 and sent:
            message = cbor.whole(exchange.answer)
            message[2] = count
            message[3] = [each for each in message[3] if cbor.whole(cbor.whole(each)[0])[1] < count]
            exchange.replace(cbor.encode(message))
        if sent:
            exchange.answer_headers = [each for each in exchange.answer_headers if each[0].lower() != "lugn-roster"]
    line.proxy.before, line.proxy.after = before, after
    line.attempt("one", "devices", "remove", device_of(line, "seven"))
    line.proxy.honest()
    hold(len(sent) > 1 and len(set(sent)) == 1, "a lead signed %d entries for one place" % len(set(sent)))
    number = line.new_case("one", "AFTER-THE-HIDDEN-ANSWER")
    line.sync("one", "two", "one")
    hold("AFTER-THE-HIDDEN-ANSWER" in line.shown("two", number), "the line stands still")


def recovery_brings_nobody_back(line):
    """A server put back to before a removal, and a recovery on it: whoever knew of the removal tells the removed one nothing new."""
    groups = joining.sheets[line.desk_folder("one")]
    line.admit("eight")
    number = line.new_case("one", "BEFORE-THE-RECOVERY")
    line.sync("one", "two", "eight")
    copy = line.copy()
    line.lugn("one", "devices", "remove", device_of(line, "eight"))
    line.sync("one", "two")
    line.put_back(copy)
    invitation = line.admin("line", "recover", line.id).stdout.strip().split()[-1]
    done = line.attempt("rescue", "join", invitation, "--name", "rescue", stdin=groups + "\n")
    hold(done.returncode == 0, "the recovery did not work: " + done.stderr)
    done = line.attempt("two", "sync")
    hold(done.returncode != 0 and "in the line again" in done.stderr, "a counsellor's desk seals for a removed one: " + done.stderr)
    line.lugn("two", "case", "note", number, "SECRET-AFTER-THE-RECOVERY")
    # A lead's desk that knew of it removes it again, and all goes on.
    line.sync("one", "two", "one", "rescue")
    for _ in range(2):
        line.attempt("eight", "sync")
    hold("SECRET-AFTER-THE-RECOVERY" not in line.shown("eight", number), "a removed desk reads what came after a recovery")
    for desk in ("one", "two"):
        hold("SECRET-AFTER-THE-RECOVERY" in line.shown(desk, number), "the line stands still at " + desk)


ATTACKS = [missed_rotations, removed_reads_nothing, put_back_before_admission, put_back_before_removal, forged_branch, unsent_work, late_changes, hidden_answers, recovery_brings_nobody_back]


def make(programs):
    return Line(programs, NAMES)
