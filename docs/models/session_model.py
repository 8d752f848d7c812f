#!/usr/bin/env python3
"""A model of the session: push, acknowledge, fork, renew, roll back, heal.

    session_model.py [FROM..TO] [--jobs N]      histories to run; exit 1 if one broke a rule, with its seed

What is modelled is the merge and the session of docs/architecture.md without its bytes: no sealing, no notes, no
erasures (both are unions, and cannot break what this file is about). Every history mixes all faults: answers lost at any
exchange, clocks that jump, live copies of workstations, workstations restored from old backups, servers restarted and
restored from old backups, pages that end early, healings that are interrupted and that others write into.

An oracle runs beside it. It knows what every write had truly seen, and which writes still had a holder after every disk
that was lost. What must hold in the end, with everybody synced:
  equal      all replicas and the server hold the same values and the same siblings
  greatest   the value shown is the standing write with the greatest stamp
  loss       a write that somebody still held is visible, or one that had seen it is
  stamps     no two different writes have one stamp
  settled    it ends after a few rounds
"""
import collections, copy, itertools, multiprocessing, random, sys

# hlc, origin: the stamp. number, dig: place in the origin's chain. base: log position seen. ctx: what was seen, as a
# version vector, where a position does not tell. uid, seen: the oracle's.
W = collections.namedtuple('W', 'hlc origin number dig base ctx rec vals uid seen')
stamp = lambda w: (w.hlc, w.origin)
covers = lambda vv, w: w.hlc <= vv.get(w.origin, -1)
join_vv = lambda a, b: {q: max(a.get(q, -1), b.get(q, -1)) for q in a.keys() | b.keys()}
FIELDS = 'ab'


def chained(writes, dig):
    """The writes with their digests, each chained to the one before."""
    out = []
    for w in writes:
        dig = hash((dig, w.uid, w.hlc, w.origin, w.number))
        out.append(w._replace(dig=dig))
    return out


class Server:
    """State is what the file holds; `incarnation` is drawn when a process opens the file, and is in memory only."""

    def __init__(s):
        s.checks = [0]                                  # chained check of every log position
        s.live = collections.defaultdict(dict)          # (rec, field) -> {stamp: write}
        s.at = {}                                       # stamp -> log position
        s.last, s.digests, s.vv = {}, {}, {}
        s.again = set()                                 # handed out again by a healing, to its own writer too
        s.known = collections.defaultdict(set)          # oracle, per record and field
        s.incarnation = None

    head = property(lambda s: len(s.checks) - 1)

    def append(s, w):
        s.checks.append(hash((s.checks[-1], len(s.checks), stamp(w), w.dig)))
        s.at[stamp(w)] = s.head

    def sync(s, q, now, rng):
        """One request. Every answer says what is held of the replica, whatever else it says."""
        answer = dict(incarnation=s.incarnation, time=now, page=None)
        answer['outcome'] = s.take(q, now)
        last = s.last.get(q['id'], 0)
        answer['held'] = last
        answer['digests'] = {w.number: s.digests.get((q['id'], w.number)) for w in q['commits'] if w.number <= last}
        # Handed out only to whom all that is held under its name was confirmed: a copy must not take another's writes for
        # its own, which the page leaves out.
        confirmed = q['commits'][-1].number if q['commits'] else q['acked'][0]
        if answer['outcome'] == 'done' and not q['push_only'] and last <= confirmed:
            answer.update(s.page(q, rng))
        return answer

    def take(s, q, now):
        o, acked, commits = q['id'], q['acked'], q['commits']
        last = s.last.get(o, 0)
        position, check = q['cursor']
        if not q['push_only'] and (position > s.head or s.checks[position] != check): return 'diverged'
        if acked[0] > last: return 'diverged'
        if acked[0] and s.digests.get((o, acked[0])) != acked[1]: return 'forked'
        if not commits and last > acked[0]: return 'forked'
        for w in commits:
            if w.number <= last:
                if s.digests.get((o, w.number)) != w.dig: return 'forked'
                continue
            # The rule that settles healing: an id is good for one incarnation, in which its chain is one line.
            if RULES['renew'] and q['bound'] != s.incarnation: return 'renew'
            if w.hlc > now + 60: return 'clock'
            s.accept(w, q['ancestry'])
            last = s.last[o]
        return 'done'

    def accept(s, w, ancestry):
        s.append(w)
        s.last[w.origin] = w.number
        s.digests[w.origin, w.number] = w.dig
        s.vv[w.origin] = max(w.hlc, s.vv.get(w.origin, -1))
        ACCEPTED.append(w)
        for f in w.vals: s.known[w.rec, f] |= w.seen[f] | {w.uid}
        for f in w.vals:
            stand = s.live[w.rec, f]
            for t, v in list(stand.items()):
                if saw(w, v, ancestry, lambda v: s.at[stamp(v)] <= w.base): del stand[t]
            stand[stamp(w)] = w

    def page(s, q, rng):
        position = q['cursor'][0]
        items = {}
        for (rec, f), stand in s.live.items():
            for t, w in stand.items():
                if s.at[t] > position and (w.origin != q['id'] or t in s.again):
                    items.setdefault(t, (w, {}))[1][f] = set(stand)
        items = sorted(items.values(), key=lambda item: s.at[stamp(item[0])])
        end = s.head
        if rng.random() < .3 and len(items) > 1:        # a page that ends early
            items = items[:rng.randint(1, len(items) - 1)]
            end = s.at[stamp(items[-1][0])]
        more = end < s.head
        return dict(page=items, cursor=(end, s.checks[end]), more=more, vv=None if more else dict(s.vv))

    def begin_healing(s):
        """Where the log stands, and what has been seen up to there."""
        return dict(incarnation=s.incarnation, cursor=(s.head, s.checks[s.head]), vv=dict(s.vv))

    def reconcile(s, rec, theirs, their_vv, their_known):
        """Joins one record's siblings. One that only one side holds stays, unless the other side has seen it and holds
        something in its place: where a side holds nothing, it has lost it."""
        moved = {}
        for f in FIELDS:
            stand, offered = s.live[rec, f], theirs.get(f, {})
            joined = {t: w for t, w in stand.items() if t in offered or not offered or not covers(their_vv, w)}
            joined |= {t: w for t, w in offered.items() if t not in stand and (not stand or not covers(s.vv, w))}
            if stand and offered and not joined:            # lost on both sides: rather the greatest than nothing
                joined = dict([max((stand | offered).items())])
            if joined.keys() != stand.keys(): moved |= joined
            s.live[rec, f] = joined
        for t, w in sorted(moved.items()):
            s.append(w)
            s.again.add(t)
        for f in FIELDS: s.known[rec, f] |= their_known[f]
        return {f: dict(s.live[rec, f]) for f in FIELDS}, {f: set(s.known[rec, f]) for f in FIELDS}

    def finish_healing(s, their_vv): s.vv = join_vv(s.vv, their_vv)

    def start(s, rng): s.incarnation = rng.getrandbits(64)


def saw(w, v, ancestry, by_position):
    if v.origin == w.origin or v.number <= ancestry.get(v.origin, 0): return True
    return covers(w.ctx, v) if w.ctx is not None else by_position(v)


class Replica:
    def __init__(r, rng, server):
        r.rng, r.ancestry = rng, {}
        r.draw_id()
        r.bound = server.incarnation
        r.rows = collections.defaultdict(dict)          # (rec, field) -> {stamp: (write)}: everything that stands here
        r.pend, r.number, r.acked = [], 0, (0, 0)
        r.cursor, r.vv, r.contexts = (0, 0), {}, {}
        r.hlc = r.received = r.offset = r.drift = 0
        r.healing, r.healed = None, (None, 0)
        r.known = collections.defaultdict(set)

    def draw_id(r): r.id = r.rng.getrandbits(64)

    # What a person does.

    def write(r, now, rec, vals, uid):
        r.hlc = max(r.hlc + 1, now + r.drift + r.offset)
        r.number += 1
        w = W(r.hlc, r.id, r.number, 0, r.cursor[0], dict(r.vv) if r.healing else None, rec, vals, uid,
              {f: frozenset(r.known[rec, f]) for f in vals})
        w, = chained([w], r.pend[-1].dig if r.pend else r.acked[1])
        r.pend.append(w)
        for f in vals:
            r.known[rec, f].add(uid)
            r.rows[rec, f] = {stamp(w): w}

    # The session.

    def request(r, limit):
        return dict(id=r.id, bound=r.bound, ancestry=dict(r.ancestry), cursor=r.cursor, acked=r.acked,
                    commits=r.pend[:limit], push_only=r.healing is not None)

    def receive(r, q, a, now):
        """First what is held leaves the outbox; only then what was refused; then the page."""
        if q['id'] != r.id or q['push_only'] != (r.healing is not None): return
        for w in q['commits']:
            held = a['digests'].get(w.number)
            if held is None: break
            if held != w.dig: return r.renew(a)
            if r.pend and r.pend[0].number == w.number: r.acknowledge(r.pend.pop(0))
        outcome = a['outcome']
        if outcome == 'forked' or a['held'] > r.number: return r.renew(a)
        if outcome == 'renew': return r.renew(a)
        if outcome == 'diverged': return r.diverge(a)
        if outcome == 'clock': return r.restamp(a['time'], now)
        # What was joined stands in the log beyond the cursor: until that has been read, only this server is known to have it.
        if r.cursor[0] < r.healed[1] and a['incarnation'] != r.healed[0]: return r.diverge(a)
        r.offset = a['time'] - (now + r.drift)
        if a['page'] is not None and q['cursor'] == r.cursor: r.apply(a)

    def acknowledge(r, w):
        r.acked = (w.number, w.dig)
        r.received = max(r.received, w.hlc)
        r.vv[w.origin] = max(w.hlc, r.vv.get(w.origin, -1))

    def renew(r, a):
        """A new id, drawn once the incarnation is known. What was acknowledged is its past; what was not is renamed."""
        if r.acked[0]: r.ancestry[r.id] = r.acked[0]
        r.draw_id()
        r.bound, r.acked, r.number = a['incarnation'], (0, 0), len(r.pend)
        r.rename(chained([w._replace(origin=r.id, number=i + 1) for i, w in enumerate(r.pend)], 0))

    def restamp(r, server_time, now):
        """The clock was wrong: the same order, above all that was received, not ahead of the server if it can be."""
        r.offset = server_time - (now + r.drift)
        h, new = r.received, []
        for w in r.pend:
            h = max(h + 1, min(w.hlc, server_time))
            new.append(w._replace(hlc=h))
        r.rename(chained(new, r.acked[1]))
        r.hlc = max(h, r.received)

    def rename(r, new):
        names = {stamp(a): b for a, b in zip(r.pend, new)}
        r.pend = new
        for k, stand in r.rows.items():
            r.rows[k] = {stamp(names.get(t, w)): names.get(t, w) for t, w in stand.items()}

    def diverge(r, a):
        """The log is not the one that was read: positions mean nothing any more, what was seen says it instead."""
        r.pend = [w._replace(ctx=w.ctx if w.ctx is not None else dict(r.context(w.base))) for w in r.pend]
        if RULES['renew']: r.renew(a)
        r.healing = dict(todo=None)

    def context(r, base): return r.contexts.get(base, {}) if base != r.cursor[0] else r.vv

    def apply(r, a):
        mine = {(w.rec, f): w for w in r.pend for f in w.vals}
        for w, fields in a['page']:
            r.hear(w)
            for f, siblings in fields.items():
                r.known[w.rec, f] |= w.seen[f] | {w.uid}
                r.rows[w.rec, f] = r.merged(r.rows[w.rec, f], w, siblings, mine.get((w.rec, f)))
        if a['cursor'][0] != r.cursor[0] and r.pend: r.contexts.setdefault(r.cursor[0], dict(r.vv))
        r.cursor = a['cursor']
        if a['vv'] is not None: r.vv = join_vv(r.vv, a['vv'])      # only when nothing before it is missing
        r.contexts = {b: c for b, c in r.contexts.items() if any(w.base == b for w in r.pend)}

    def merged(r, stand, w, siblings, pending):
        if pending is not None:
            # A pending write stands until the server says otherwise; what it has seen does not come back beside it.
            if w.origin == r.id or saw(pending, w, r.ancestry, lambda v: False): return stand
            keep = {t: v for t, v in stand.items() if t in siblings or any(stamp(p) == t for p in r.pend)}
        else:
            keep = {t: v for t, v in stand.items() if t in siblings}
        return keep | {stamp(w): w}

    def hear(r, w): r.hlc, r.received = max(r.hlc, w.hlc), max(r.received, w.hlc)

    # Healing: with an empty outbox, record by record, then the feed from where the log stood when it began.

    def heal(r, server, lose):
        """One exchange of a healing. False while the outbox must be sent first."""
        if r.pend: return False
        if lose(): r.healing = dict(todo=None)                      # the program ended: from the beginning
        h = r.healing
        if h['todo'] is None:
            start = server.begin_healing()
            if lose(): return True
            r.healing = dict(todo=list(range(RECORDS)), vv=dict(r.vv), start=start)
            return True
        if h['start']['incarnation'] != server.incarnation:        # restarted meanwhile: from the beginning
            r.healing = dict(todo=None)
            return True
        if h['todo']:
            rec = h['todo'][0]
            joined, known = server.reconcile(rec, {f: dict(r.rows[rec, f]) for f in FIELDS}, h['vv'], {f: set(r.known[rec, f]) for f in FIELDS})
            if lose(): return True
            for f, stand in joined.items():
                for w in stand.values(): r.hear(w)
                r.rows[rec, f] = stand
            for f in FIELDS: r.known[rec, f] |= known[f]
            h['todo'].pop(0)
            return True
        server.finish_healing(h['vv'])
        if lose(): return True
        r.cursor = h['start']['cursor']
        r.vv = join_vv(r.vv, h['start']['vv'])
        r.contexts = {}
        r.healed = (server.incarnation, server.head)
        r.healing = None
        return True


RECORDS = 2
RULES = dict(renew=True)
ACCEPTED = []


def view(rows): return {k: set(stand) for k, stand in rows.items() if stand}


class Broken(Exception): pass


def run(seed):
    rng = random.Random(seed)
    ACCEPTED.clear()
    server = Server()
    server.start(rng)
    replicas = [Replica(rng, server) for _ in range(rng.randint(2, 4))]
    backups, server_backups, uid, now = [], [], itertools.count(1), 1000
    gone = set()                                        # writes whose last holder's disk is gone
    written = set()

    def holders():
        held = set()
        for party in [server, *replicas]:
            for k, uids in party.known.items(): held |= {(k, u) for u in uids}
        return held

    def lose(p=.25): return rng.random() < p

    def exchange(r, p):
        if r.healing and r.heal(server, lambda: lose(p)): return
        q = r.request(rng.randint(1, 9))
        a = server.sync(copy.deepcopy(q), now, rng)
        if not lose(p): r.receive(q, copy.deepcopy(a), now)

    weights = [rng.choice([0, 1, 3]) for _ in range(6)]  # swarm: every history has faults of its own
    for _ in range(rng.randint(20, 140)):
        now += rng.randint(0, 30)
        r = rng.choice(replicas)
        kind = rng.choices(['write', 'sync', 'clock', 'backup', 'copy', 'replace', 'save', 'restore', 'restart'],
                           [40, 45, weights[0], 4, weights[1], weights[2], 3, weights[3], weights[4]])[0]
        if kind == 'write':
            u = next(uid)
            rec, fields = rng.randrange(RECORDS), rng.sample(FIELDS, rng.randint(1, len(FIELDS)))
            written |= {((rec, f), u) for f in fields}
            r.write(now, rec, dict.fromkeys(fields, u), u)
        elif kind == 'sync':
            for _ in range(rng.randint(1, 4)): exchange(r, .25)
        elif kind == 'clock': r.drift = rng.choice([0, 0, -500, -5, 5, 50, 61, 5000])
        elif kind == 'backup': backups.append(copy.deepcopy(r))
        elif kind == 'copy' and backups and len(replicas) < 7: replicas.append(revived(rng.choice(backups), rng))
        elif kind == 'replace' and backups:
            replicas[replicas.index(r)] = revived(rng.choice(backups), rng)
            gone |= written - holders()
        elif kind == 'save': server_backups.append(copy.deepcopy(server))
        elif kind == 'restore' and server_backups:
            server = copy.deepcopy(rng.choice(server_backups[-3:]))
            server.start(rng)
            gone |= written - holders()
        elif kind == 'restart': server.start(rng)
    settle(server, replicas, rng, seed, now)
    check(server, replicas, written - gone, seed)
    a = replicas[0]
    return sum(len(stand) > 1 for stand in a.rows.values()), spurious(a)


def revived(backup, rng):
    r = copy.deepcopy(backup)
    r.rng = rng
    return r


def settle(server, replicas, rng, seed, now):
    for _ in range(40):
        now += 300                                      # no counter below the tick here: let the clock bound move on
        for r in replicas:
            if r.healing and r.heal(server, lambda: False): continue
            q = r.request(999)
            r.receive(q, server.sync(copy.deepcopy(q), now, random.Random(0)), now)
            same = not r.pend and not r.healing and r.cursor[0] == server.head
            if same and view(r.rows) != view(server.live): r.healing = dict(todo=None)      # differs: heal
        if all(not r.pend and not r.healing and r.cursor[0] == server.head for r in replicas): return
    raise Broken(seed, 'settled')


def check(server, replicas, alive, seed):
    everything = view(server.live)
    for r in replicas:
        if view(r.rows) != everything: raise Broken(seed, 'equal', view(r.rows), everything)
    by_field, names = collections.defaultdict(dict), {}
    for w in ACCEPTED:
        if names.setdefault(stamp(w), w.uid) != w.uid: raise Broken(seed, 'stamps')
        for f in w.vals: by_field[w.rec, f][w.uid] = w
    for k, writes in by_field.items():
        stand = server.live[k]
        visible = {w.uid for w in stand.values()}
        for u in writes:
            if u in visible or (k, u) not in alive: continue
            if not any(u in w.seen[k[1]] for v, w in writes.items() if (k, v) in alive or v in visible): raise Broken(seed, 'loss', k, u)


def spurious(r):
    return sum(any(v.uid in w.seen[k[1]] for w in stand.values()) for k, stand in r.rows.items() for v in stand.values())


def attempt(seed):
    try: return seed, None, *run(seed)
    except Broken as e: return seed, e.args[1], 0, 0


if __name__ == '__main__':
    first, last = 0, 2000
    jobs = 1
    arguments = sys.argv[1:]
    while arguments:
        word = arguments.pop(0)
        if word == '--jobs': jobs = int(arguments.pop(0))
        elif word == '--without-renewal': RULES['renew'] = False    # shows what the rule is for
        else: first, last = (int(x) for x in word.split('..'))
    bad, firsts, conflicts, needless = collections.Counter(), {}, 0, 0
    with multiprocessing.Pool(jobs) as pool:
        for seed, why, c, n in pool.imap_unordered(attempt, range(first, last), chunksize=50):
            conflicts, needless = conflicts + c, needless + n
            if why:
                bad[why] += 1
                firsts[why] = min(seed, firsts.get(why, seed))
    print(f'{last - first} histories, failed: {dict(bad)}, first seeds: {firsts}; fields in conflict at the end: '
          f'{conflicts}, values among them that a later write had seen: {needless}')
    sys.exit(bool(bad))
