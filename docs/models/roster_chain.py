"""The chain of entries: what makes one valid, and which of two branches counts. The same text at server and desk."""

import collections
import functools
import hashlib

RULES = {
    'authority': 'An author may do what the state before the entry allows; whoever was removed may nothing.',
    'leads-only': 'Also entries that are passed over need a lead.',
    'ahead': 'A server that has less is given the rest.',
    'weight': 'The only branch that takes rights away or changes keys counts.',
    'undecided': 'Of two branches that both do, none counts, and whoever sees both stops and says so.',
    'recover': 'The only branch with a recovery counts before all others.',
    'again': 'What a branch that lost did is written again by who wrote it.',
    'again-kept': 'That survives a kill.',
    'next-epoch': 'With a removal the line gets another key.',
    'newest-only': 'A desk that lacks the newest key seals nothing.',
    'commitment': 'A key counts only if it fits the entry that began its epoch.',
    'fill': 'Whoever has the newest key seals it to those who have no box.',
    'previous': 'An entry that begins an epoch seals the key before.',
    'box-first': 'The author of a new key has it on disk before the entry is handed over.',
    'gap': 'Recovery seals the newest key before that it has, where nobody has the newest one.',
    'reseal': 'What lies at the server under a key that is not in the roster is offered again under one that is.',
}
off = set()


def switch_off(names):
    off.clear()
    off.update(names)
    state_of.cache_clear()


def rule(name):
    assert name in RULES
    return name not in off


class Undecided(Exception):
    """Two branches that both take rights away."""


Entry = collections.namedtuple('Entry', 'number previous kind author arg key before hash')
State = collections.namedtuple('State', 'present leads gone invitations recovery spent keys')


class View(State):
    __slots__ = ()

    @property
    def epoch(self):
        return len(self.keys)


def entry(chain, kind, author, arg, key, before=None):
    """The next one. `before` is the key that it seals under its own."""
    number = len(chain)
    previous = chain[-1].hash if chain else ''
    text = repr((number, previous, kind, author, arg, key, before))
    return Entry(number, previous, kind, author, arg, key, before, hashlib.blake2b(text.encode(), digest_size=8).hexdigest())


def extended(chain, kind, author, arg, key, before=None):
    """The chain with one more entry; None if that would not be valid."""
    new = chain + (entry(chain, kind, author, arg, key, before),)
    return new if is_valid(new[-1], state_of(chain)) else None


def is_valid(new, state):
    if rule('authority'):
        is_lead = new.author in state.leads
        if new.kind == 'recover' and new.author != state.recovery or new.kind == 'found':
            return False
        if new.kind == 'remove' and not (is_lead or new.author == state.recovery):
            return False
        if new.kind in ('admit', 'role', 'rotate') and not is_lead:
            return False
        if new.kind == 'other' and not (is_lead if rule('leads-only') else new.author in state.present):
            return False
    if new.kind == 'admit':
        device, _, invitation = new.arg
        return device not in state.present | state.gone and invitation not in state.invitations
    if new.kind == 'role':
        device, role = new.arg
        return device in state.present and not (role == 'counsellor' and state.leads == {device})
    if new.kind == 'remove':
        return new.arg in state.present and new.arg != new.author and state.leads != {new.arg}
    if new.kind == 'recover':
        device, recovery = new.arg
        known = state.present | state.gone | state.spent | {state.recovery}
        return device not in known and recovery not in known
    return True


@functools.lru_cache(maxsize=20_000)
def state_of(chain):
    """The state after a chain whose entries are valid."""
    if len(chain) == 1:
        founder, recovery = chain[0].arg
        return View(frozenset([founder]), frozenset([founder]), frozenset(), frozenset(), recovery, frozenset(), (chain[0].key,))
    state, new = state_of(chain[:-1]), chain[-1]
    present, leads = set(state.present), set(state.leads)
    if new.kind == 'admit':
        device, role, invitation = new.arg
        present.add(device)
        leads |= {device} if role == 'lead' else set()
        state = state._replace(invitations=state.invitations | {invitation})
    elif new.kind == 'role':
        (leads.add if new.arg[1] == 'lead' else leads.discard)(new.arg[0])
    elif new.kind == 'remove':
        present.discard(new.arg)
        leads.discard(new.arg)
        state = state._replace(gone=state.gone | {new.arg})
    elif new.kind == 'recover':
        device, recovery = new.arg
        present.add(device)
        leads.add(device)
        state = state._replace(spent=state.spent | {state.recovery}, recovery=recovery)
    if new.key:
        state = state._replace(keys=state.keys + (new.key,))
    return state._replace(present=frozenset(present), leads=frozenset(leads))


def weight(branch, state):
    """0: takes nothing away; 1: takes rights away or changes keys; 2: a recovery."""
    leads, heaviest = set(state.leads), 0
    for new in branch:
        if new.kind == 'recover':
            return 2 if rule('recover') else 1
        if new.kind in ('remove', 'rotate') or new.kind == 'role' and new.arg[1] == 'counsellor' and new.arg[0] in leads:
            heaviest = 1
        if new.kind == 'role' and new.arg[1] == 'lead' or new.kind == 'admit' and new.arg[1] == 'lead':
            leads.add(new.arg[0])
    return heaviest if rule('weight') else 0


def compare(ours, theirs):
    """What theirs is to ours: 'equal', 'behind' (they have more), 'ahead' (they have less), 'ours' or 'theirs' where both
    have parted; and where. Raises Undecided. Theirs is cut at its first entry that is not valid."""
    common = 0
    while common < min(len(ours), len(theirs)) and ours[common].hash == theirs[common].hash:
        common += 1
    assert common, 'another line'
    branch = ours[:common]
    for new in theirs[common:]:
        if new.previous != branch[-1].hash or not is_valid(new, state_of(branch)):
            break
        branch += (new,)
    if len(branch) == common:
        return ('equal' if common == len(ours) else 'ahead'), common, branch
    if common == len(ours):
        return 'behind', common, branch
    left, right = (weight(chain[common:], state_of(ours[:common])) for chain in (ours, branch))
    if left == right and left and rule('undecided'):
        raise Undecided
    if left != right:
        return ('ours' if left > right else 'theirs'), common, branch
    return ('ours' if ours[common].hash < branch[common].hash else 'theirs'), common, branch
