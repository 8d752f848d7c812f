"""The rules that can be switched off, to see which history goes wrong without each (proofs.txt)."""

RULES = {
    # What a change says, and what follows from it (state.py, desk.py)
    'closure': 'a change names what stood there and all that those name',
    'ordered': 'a change replaces another only if it names that one and all that one names; its own dot does not count',
    'limit': 'a full list of names leaves out the oldest, and replaces what it names by (time, dot)',
    'lesser': 'of one dot with two times the lesser stands, on every side, and is handed out again',
    'path': 'a change carries the ids of all its ancestors',
    # The outbox
    'kept': 'what an unsent write replaced stays in the table until it is acknowledged',
    'overlay': 'who writes where a refused value is shown names that too',
    'hashes': '(not shown to be needed: saves a fork) digests are over hashes: a commit whose payload was erased is still itself',
    'erase-now': '(not shown to be needed) an erasure enters the table at once, and is never set aside',
    # The session
    'own': 'own writes are left out of a page only as far as the request proves to hold them',
    'reissued': '(not shown to be needed) where the server holds another time than was sent, it hands that to the writer too',
    'resent': '(not shown to be needed) what is resent is joined again, not skipped',
    'cursor': 'a late page is joined, but the cursor moves only from where it was asked',
    'cursor-id': 'the cursor moves only for the id that asked: a page leaves out what that id wrote',
    'exact': '(not shown to be needed) a refusal or a clock means the commit with that digest, a divergence the cursor that was sent',
    'no-lists': "no server's list removes a value",
    # Healing
    'sum': 'different sums begin a healing',
    'sum-quiet': 'a sum counts only if the outbox is empty and nothing but pages was joined since the request',
    'new-id': 'a healing begins with a new id',
    'heal-start': '(saves healings) after a healing the cursor is where the log stood when it began',
    'token': '(not shown to be needed) an answer counts only for the healing that asked',
    'both-sides': 'in a range that differs, records that only the desk holds are joined too',
    # What does not open
    'claim': 'what does not open is joined to the claim of its record, beside the table; sums are over claims',
    'claim-follows': '(saves healings) each later change of a record with a shadow is joined to its claim too',
    'claim-replaced': "a healing's answer replaces the claim of the record",
    'claim-below': '(saves healings) an erasure that does not open leaves no claim of the records below it',
    'parked': 'what does not open is kept, and tried again when a key comes',
    'offered': 'a healing offers also every record whose table differs from its claim',
    'mend': 'what the server holds and does not open is sent up by a desk that holds it whole',
    'sealings': 'the server keeps two sealings of a dot: a later one never drives out the only one that opens',
    'scrub': 'a claim that nothing parked explains is given up, so that the sum shows what the table lost',
}

_off = set()


def rule(name):
    assert name in RULES, name
    return name not in _off


def switch_off(names):
    _off.clear()
    _off.update(names)


def switched_off():
    return sorted(_off)
