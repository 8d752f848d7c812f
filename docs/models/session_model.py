#!/usr/bin/env python3
"""A model of the session: push, acknowledge, fork, renew, roll back, heal.

    session_model.py [FROM..TO] [--without RULE] [--jobs N] [--first]
    session_model.py --prove

Exit 1 if a history broke something, with its seed; `--first` ends with the first that does.

What is modelled is the merge and the session of docs/architecture.md without its bytes: no sealing, no notes, no
erasures (both are unions, and cannot break what this file is about). Every history mixes all faults: answers lost at any
exchange, clocks that jump, live copies of workstations, workstations restored from old backups, servers restarted and
restored from old backups, pages that end early, healings that are interrupted and that others write into, commits that
the server refuses, writes while an answer is on its way. README.md says which Swift function is which.

An oracle runs beside it. It knows what every write had truly seen, and which writes still had a holder after every disk
that was lost. What must hold in the end, with everybody synced:
  equal      all replicas and the server hold the same values and the same siblings
  greatest   the value shown is the standing write with the greatest stamp
  loss       a write that somebody still held is visible, or one that had seen it is
  stamps     no two different writes have one stamp
  settled    it ends after a few rounds
  context    whoever heals says with each commit what it had seen
"""
import argparse, collections, itertools, multiprocessing, random, sys, time

RULES = {
    'renewal': 'an id is good for one incarnation of the server',
    'confirmed': 'a page only for whom all that is held under its name was confirmed',
    'log-end': 'what a page tells of as seen counts only once the log\'s end is reached',
    'push-first': 'a healing offers only with an empty outbox',
    'outbox': 'unacknowledged is what the outbox holds, not whatever carries the own id and a later time',
    'read-on': 'after a healing, the first pages are taken only from the incarnation that it was with',
    'vouched': 'whoever gives up its id believes only the incarnation that had its commits, until they were read',
    'vouched-reread': 'so does whoever is to read the feed anew: a cursor at its start does not vouch for what was read before',
    'in-place': 'seen counts in a healing only for who holds something in its place',
    'greatest': 'where a join would leave nothing of what both hold, the greatest stays',
    'contexts': 'what is unsent when a healing begins says itself what it had seen',
    'contexts-reread': 'what is unsent when the feed is to be read anew says itself what it had seen',
    'contexts-middle': 'what is written in the middle of a feed says itself what it had seen',
    'noted': 'a context names what its commit replaced',
    'others-only': 'but not the own writes among that: after a fork their id is somebody else\'s, and so are their times',
    'contexts-joined': 'so does what is written before what a healing joined has been read',
    'one-record': 'but nothing if it writes several records: a name claims all that its replica has written, in each of them',
    'inherited': 'and what an own unsent write said itself to have seen, its replacement says too',
    'aside-anew': 'where a commit is put aside in the middle of a healing, that begins anew: what was seen is not held any more',
    'own-again': 'a healing\'s changes are handed out to their own writer too',
    'sent-once': 'what is acknowledged before the first commit that differs is not sent again under the new id',
}
rules = dict.fromkeys(RULES, True)
# Histories that break without a rule; found with `--first --without RULE`, to be found again when what is drawn changes.
NEEDED = {'push-first': 24, 'contexts': 6, 'log-end': 575, 'own-again': 759, 'read-on': 969, 'contexts-reread': 1561,
          'confirmed': 2414, 'one-record': 373, 'others-only': 3043, 'aside-anew': 4678,
          'vouched-reread': 91733,
          # Nothing breaks without these, but conflicts remain that nobody needs.
          'sent-once': 85, 'noted': 654, 'contexts-middle': 660, 'inherited': 1949, 'contexts-joined': 223}

# hlc, origin: the stamp. A time is in seconds, without the counter below them. number, dig: place in the origin's chain. base: log position seen. ctx: what was seen, as a
# version vector, where a position does not tell. uid, seen: the oracle's; a negative uid is refused by the server, for
# its size. A commit without values holds the number of one that was put aside.
W = collections.namedtuple('W', 'hlc origin number dig base ctx vals uid seen')
stamp = lambda w: (w.hlc, w.origin)
covers = lambda vv, w: w.hlc <= vv.get(w.origin, -1)
join_vv = lambda a, b: {q: max(a.get(q, -1), b.get(q, -1)) for q in a.keys() | b.keys()}
FIELDS = 'ab'


def chained(writes, dig):
    """The writes with their digests, each chained to the one before."""
    out = []
    for w in writes:
        dig = hash((dig, w.uid, len(w.vals), w.hlc, w.origin, w.number))
        out.append(w._replace(dig=dig))
    return out


def copied(by_key): return collections.defaultdict(by_key.default_factory, {k: v.copy() for k, v in by_key.items()})


class Server:
    """State is what the file holds; `incarnation` is drawn when a process opens the file, and is in memory only."""

    def __init__(s):
        s.checks = [0]                                  # chained check of every log position
        s.log = [None]                                  # whose commit stands at a position; None: handed out again
        s.live = collections.defaultdict(dict)          # (rec, field) -> {stamp: write}
        s.at = {}                                       # (stamp, rec) -> log position
        s.last, s.digests = {}, {}                      # of each origin the last number; (origin, number) -> digest
        s.last_time, s.vv = {}, {}                      # the last commit's time here, and what was seen, by healings too
        s.highest = 0
        s.again = set()                                 # handed out again by a healing, to its own writer too
        s.known = collections.defaultdict(set)          # oracle, per record and field
        s.incarnation = None

    def copy(s):
        new = Server()
        new.checks, new.log, new.again, new.highest = s.checks.copy(), s.log.copy(), s.again.copy(), s.highest
        new.live, new.known, new.at = copied(s.live), copied(s.known), s.at.copy()
        new.last, new.digests, new.last_time, new.vv = s.last.copy(), s.digests.copy(), s.last_time.copy(), s.vv.copy()
        return new

    head = property(lambda s: len(s.checks) - 1)

    def append(s, w, again, recs):
        s.checks.append(hash((s.checks[-1], len(s.checks), stamp(w), w.dig)))
        s.log.append(None if again else stamp(w))
        for rec in recs:
            s.at[stamp(w), rec] = s.head
            (s.again.add if again else s.again.discard)((stamp(w), rec))

    def sync(s, q, now, rng):
        """One request. Every answer says what is held of the replica, whatever else it says."""
        answer = dict(incarnation=s.incarnation, time=now, page=None)
        answer['outcome'] = s.take(q, now)
        last = s.last.get(q['id'], 0)
        answer['held'], answer['head'] = last, s.head
        answer['digests'] = {w.number: s.digests.get((q['id'], w.number)) for w in q['commits'] if w.number <= last}
        # SyncService.mayRead: handed out only to whom all that is held under its name was confirmed: a copy must not take
        # another's writes for its own, which the page leaves out.
        confirmed = q['commits'][-1].number if q['commits'] else q['acked'][0]
        may_read = last <= confirmed or not rules['confirmed']
        if answer['outcome'] == 'done' and not q['push_only'] and may_read: answer.update(s.page(q, rng))
        return answer

    def take(s, q, now):
        """Acceptor.standing, and Acceptor.take."""
        o, acked, commits = q['id'], q['acked'], q['commits']
        last = s.last.get(o, 0)
        position, check = q['cursor']
        if not q['push_only'] and (position > s.head or s.checks[position] != check): return 'diverged'
        if acked[0] > last: return 'diverged'
        if acked[0] and s.digests.get((o, acked[0])) != acked[1]: return 'forked'
        if not commits and last > acked[0]: return 'forked'
        highest = s.highest
        for w in commits:
            if w.number <= last:
                if s.digests.get((o, w.number)) != w.dig: return 'forked'
                continue
            # The rule that settles healing: an id is good for one incarnation, in which its chain is one line.
            if rules['renewal'] and q['bound'] != s.incarnation: return 'renew'
            # ClockBound. Who heals may have received times that this log has lost; they come with the healing.
            received = max([0, *w.ctx.values()]) if q['push_only'] and w.ctx else 0
            if w.hlc > max(now + 60, max(highest, received) + 1): return 'clock'
            if q['push_only'] and w.ctx is None and rules['contexts']: raise Broken('context')
            if w.uid < 0 and w.vals: return 'refused'
            s.accept(w, q['ancestry'])
            last = s.last[o]
        return 'done'

    def accept(s, w, ancestry):
        s.append(w, False, {rec for rec, f in w.vals})
        s.last[w.origin] = w.number
        s.digests[w.origin, w.number] = w.dig
        s.last_time[w.origin] = w.hlc
        s.vv[w.origin] = max(w.hlc, s.vv.get(w.origin, -1))
        s.highest = max(s.highest, w.hlc)
        ACCEPTED.append(w)
        for k in w.vals: s.known[k] |= w.seen[k] | {w.uid}
        for k in w.vals:
            stand = s.live[k]
            if stamp(w) in stand: continue              # it came back through a healing: it counts once
            for t, v in list(stand.items()):
                if saw(w, v, ancestry, lambda v: s.at[stamp(v), k[0]] <= w.base): del stand[t]
            stand[stamp(w)] = w

    def page(s, q, rng):
        """FeedReader.scan, FeedReader.seen."""
        position = q['cursor'][0]
        items = {}
        for k, stand in s.live.items():
            for t, w in stand.items():
                at, again = s.at[t, k[0]], (t, k[0]) in s.again
                if at > position and (w.origin != q['id'] or q['include_own'] or again and rules['own-again']):
                    items.setdefault(at, (w, {}))[1][k] = set(stand)
        ends, items = sorted(items), [items[at] for at in sorted(items)]
        end = s.head
        if rng.random() < .3 and len(items) > 1:        # a page that ends early
            items = items[:rng.randint(1, len(items) - 1)]
            end = ends[len(items) - 1]
        more = end < s.head
        seen = {}
        for t in s.log[position + 1:end + 1]:
            if t: seen[t[1]] = max(t[0], seen.get(t[1], -1))
        # What no commit here tells of, after a healing, has been seen by whoever has read all of it.
        if not more and position < end:
            seen = join_vv(seen, {o: t for o, t in s.vv.items() if t > s.last_time.get(o, -1)})
        return dict(page=items, cursor=(end, s.checks[end]), more=more, seen=seen, fingerprint=None if more else view(s.live))

    def begin_healing(s):
        """Where the log stands, and what has been seen up to there."""
        return dict(incarnation=s.incarnation, cursor=(s.head, s.checks[s.head]), vv=dict(s.vv))

    def reconcile(s, rec, theirs, their_vv, their_known):
        """Joins one record's siblings (RecordJoiner.joinFields, StampVector.joined). One that only one side holds stays,
        unless the other side has seen it and holds something in its place: where a side holds nothing, it has lost it."""
        changed = False
        for f in FIELDS:
            stand, offered = s.live[rec, f], theirs.get(f, {})
            def stays(w, t, other, seen): return t in other or not other and rules['in-place'] or not covers(seen, w)
            joined = {t: w for t, w in stand.items() if stays(w, t, offered, their_vv)}
            joined |= {t: w for t, w in offered.items() if t not in stand and stays(w, t, stand, s.vv)}
            if stand and offered and not joined and rules['greatest']:  # lost on both sides: rather the greatest than nothing
                joined = dict([max((stand | offered).items())])
            changed |= joined.keys() != stand.keys()
            s.live[rec, f] = joined
            for w in offered.values(): s.highest = max(s.highest, w.hlc)
        if changed:                                     # then all that stands in the record is handed out again
            for t, w in sorted({t: w for f in FIELDS for t, w in s.live[rec, f].items()}.items()): s.append(w, True, [rec])
        for f in FIELDS: s.known[rec, f] |= their_known[f]
        return {f: dict(s.live[rec, f]) for f in FIELDS}, {f: set(s.known[rec, f]) for f in FIELDS}

    def finish_healing(s, their_vv): s.vv = join_vv(s.vv, their_vv)

    def start(s, rng): s.incarnation = rng.getrandbits(64)


def saw(w, v, ancestry, by_position):
    if v.origin == w.origin or past(ancestry, v): return True
    return covers(w.ctx, v) if w.ctx is not None else by_position(v)


def past(ancestry, v): return v.hlc <= ancestry.get(v.origin, -1)


class Replica:
    def __init__(r, rng, server):
        r.rng, r.ancestry = rng, {}
        r.draw_id()
        r.bound = server.incarnation
        r.rows = collections.defaultdict(dict)          # (rec, field) -> {stamp: (write)}: everything that stands here
        r.pend, r.number, r.acked, r.acked_time = [], 0, (0, 0), -1
        r.cursor, r.vv, r.ahead, r.contexts = (0, 0), {}, {}, {}
        r.hlc = r.received = r.offset = r.drift = 0
        r.rereading, r.healing, r.heals = False, None, 0
        r.under, r.through = None, 0                    # link.healedUnder, link.healedThrough
        # Oracle: what was seen here, and what this disk still stands for. A write that is put aside takes with it what it
        # had replaced; that it was seen remains true.
        r.known = collections.defaultdict(set)
        r.holds = collections.defaultdict(set)

    def draw_id(r): r.id = r.rng.getrandbits(64)

    def copy(r, rng):
        new = object.__new__(Replica)
        new.__dict__.update(r.__dict__)
        new.rng, new.ancestry, new.pend = rng, r.ancestry.copy(), r.pend.copy()
        new.rows, new.known, new.holds = copied(r.rows), copied(r.known), copied(r.holds)
        new.vv, new.ahead, new.contexts = r.vv.copy(), r.ahead.copy(), r.contexts.copy()
        # What is compared is remembered by the process, not by the file.
        if r.healing: new.healing = dict(todo=None)
        return new

    # What a person does.

    def write(r, now, vals, uid):
        """WriteTransaction: what stands here in the fields is replaced; a base alone says so only where it proves a log."""
        r.hlc = max(r.hlc + 1, now + r.drift + r.offset)
        r.number += 1
        ctx, beside = None, {}
        if (r.healing or r.rereading or r.ahead and rules['contexts-middle']
                or r.through > r.cursor[0] and rules['contexts-joined']):
            ctx = dict(r.vv)
            may_name = len({rec for rec, f in vals}) == 1 or not rules['one-record']
            for k in vals:
                for t, v in r.rows[k].items() if rules['noted'] else ():
                    if t[1] == r.id and rules['others-only']:
                        for w in r.pend if rules['inherited'] and may_name else ():
                            if stamp(w) == t and w.ctx: ctx = join_vv(ctx, w.ctx)
                    elif may_name: ctx[t[1]] = max(t[0], ctx.get(t[1], -1))
                    elif not covers(r.vv, v) and not past(r.ancestry, v): beside.setdefault(k, {})[t] = v
        w = W(r.hlc, r.id, r.number, 0, r.cursor[0], ctx, vals, uid, {k: frozenset(r.known[k]) for k in vals})
        w, = chained([w], r.pend[-1].dig if r.pend else r.acked[1])
        r.pend.append(w)
        for k in vals:
            r.known[k].add(uid)
            r.holds[k].add(uid)
            r.rows[k] = {stamp(w): w} | beside.get(k, {})

    # The session.

    def request(r, limit):
        return dict(id=r.id, bound=r.bound, ancestry=dict(r.ancestry), cursor=r.cursor, acked=r.acked,
                    commits=r.pend[:limit], push_only=r.healing is not None, include_own=r.rereading)

    def receive(r, q, a, now):
        """Replica.receive: first what is held leaves the outbox; only then what was refused; then the page."""
        if q['id'] != r.id or q['push_only'] != (r.healing is not None): return
        different = any(a['digests'].get(w.number, w.dig) != w.dig for w in q['commits'])
        if (different or a['outcome'] == 'forked') and a['held'] <= r.number:
            # Replica.isOutdated: what was written since may be what the server holds beyond it.
            if not q['commits'] and r.number != r.acked[0]: return
        for w in q['commits']:
            held = a['digests'].get(w.number)
            if held is None: break
            if held != w.dig: break
            if w.number == r.acked[0] + 1: r.acknowledge(w)
        # What leads up to the first that differs is held: sent again under the new id, it would stand beside what replaced it.
        if different and not rules['sent-once']: return r.give_up_id(a)
        r.pend = [w for w in r.pend if w.number > r.acked[0]]
        r.contexts = {b: c for b, c in r.contexts.items() if any(w.base == b for w in r.pend)}
        outcome = a['outcome']
        if different or outcome == 'forked' or a['held'] > r.number: return r.give_up_id(a)
        if outcome == 'clock': return r.restamp(a['time'], now)
        if outcome == 'refused': return r.set_aside(a['held'] + 1, a)
        if outcome == 'renew': return r.give_up_id(a)
        if outcome == 'diverged': return r.diverge(a)
        # Unvouched: what was joined stands in the log beyond the cursor: until that has been read, only this process of the
        # server is known to have it.
        if r.through > r.cursor[0] and a['incarnation'] != r.under and not r.healing: return r.diverge(a)
        r.offset = a['time'] - (now + r.drift)
        if a['page'] is not None and q['cursor'] == r.cursor: r.apply(a)

    def acknowledge(r, w):
        r.acked, r.acked_time = (w.number, w.dig), w.hlc
        r.received = max(r.received, w.hlc)
        r.vv[w.origin] = max(w.hlc, r.vv.get(w.origin, -1))

    def give_up_id(r, a):
        """Fork and renewal."""
        if rules['vouched']: r.believe_only(a)
        r.renew(a)

    def believe_only(r, a):
        """Replica.believeOnly: the number of its confirmed commits is what finds out a server that was put back to before
        them, and a new id has none. They stand in the log up to its end now."""
        if not r.acked[0] or a['head'] <= r.cursor[0]: return
        if r.through > r.cursor[0] and r.under != a['incarnation']: return
        r.under, r.through = a['incarnation'], max(r.through, a['head'])

    def renew(r, a):
        """Replica.takeNewID, drawn once the incarnation is known. What was acknowledged is its past; what was not is
        renamed."""
        if r.acked[0]: r.ancestry[r.id] = r.acked_time
        r.draw_id()
        r.bound, r.acked, r.acked_time, r.number = a['incarnation'], (0, 0), -1, len(r.pend)
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

    def set_aside(r, number, a):
        """Replica.setAside: an empty commit takes the number; what stood before comes back with the feed, read anew."""
        refused = next((w for w in r.pend if w.number == number), None)
        if refused is None or not refused.vals: return
        for k in refused.vals:
            r.rows[k].pop(stamp(refused), None)
            r.holds[k] -= refused.seen[k] | {refused.uid}
            for w in r.rows[k].values(): r.holds[k] |= w.seen[k] | {w.uid}
        r.pend = chained([w._replace(vals={}) if w is refused else w for w in r.pend], r.acked[1])
        # Replica.vouch. A healing does the same at its end.
        if rules['vouched-reread'] and not r.healing and not (r.through > r.cursor[0] and r.under != a['incarnation']):
            r.under, r.through = a['incarnation'], max(r.through, a['head'])
        r.begin_rereading()
        # Replica.hasWithdrawn: else the server is told at the end that what is not held any more has been seen.
        if r.healing and rules['aside-anew']: r.healing = dict(todo=None)

    def begin_rereading(r):
        """The whole feed again, over what is here. A cursor at the start proves no log."""
        if rules['contexts-reread']: r.give_contexts()
        r.rereading, r.ahead, r.cursor = True, {}, (0, 0)

    def diverge(r, a):
        r.begin_healing()
        if rules['renewal']: r.renew(a)

    def begin_healing(r):
        """The log is not the one that was read: positions mean nothing any more, what was seen says it instead."""
        if rules['contexts']: r.give_contexts()
        r.healing, r.ahead = dict(todo=None), {}

    def give_contexts(r):
        def seen(base): return r.contexts[base] if base in r.contexts else r.vv if base == r.cursor[0] else {}
        r.pend = [w._replace(ctx=w.ctx if w.ctx is not None else dict(seen(w.base))) for w in r.pend]

    def apply(r, a):
        """PageApplier, Replica.moveCursor, Replica.conclude."""
        for w, fields in a['page']:
            r.hear(stamp(w))
            for k, siblings in fields.items():
                for known in r.known, r.holds: known[k] |= w.seen[k] | {w.uid}
                r.rows[k] = r.merged(r.rows[k], w, siblings)
        if a['cursor'][0] != r.cursor[0] and r.pend: r.contexts.setdefault(r.cursor[0], dict(r.vv))
        r.cursor = a['cursor']
        if r.cursor[0] >= r.through: r.through = 0
        # What was handed out again stands later than its commit: a page's vector counts when nothing before it is missing.
        r.ahead = join_vv(r.ahead, a['seen'])
        for o, t in a['seen'].items(): r.hear((t, o))
        if not a['more']:
            if r.rereading: r.vv = {}
            r.rereading = False
        if not a['more'] or not rules['log-end']:
            r.vv, r.ahead = join_vv(r.vv, r.ahead), {}
        if a['more'] or r.pend: return
        if view(r.rows) == a['fingerprint']: r.heals = 0
        elif r.heals < 5: r.begin_healing()

    def merged(r, stand, w, siblings):
        """PageApplier.put, StampVector.receive: a pending write stands until the server says otherwise; what it has seen
        does not come back beside it."""
        waiting = {stamp(p): p for p in r.pend}
        def is_pending(t):
            if rules['outbox']: return t in waiting
            return t[1] == r.id and t[0] > r.acked_time
        for t in stand:
            if is_pending(t) and t != stamp(w):
                own = w.origin == r.id and (w.hlc <= r.acked_time or is_pending(stamp(w)))
                if own or past(r.ancestry, w):
                    if w.hlc < t[0]: return stand
                elif t in waiting and waiting[t].ctx is not None and covers(waiting[t].ctx, w): return stand
        return {t: v for t, v in stand.items() if t in siblings or is_pending(t)} | {stamp(w): w}

    def hear(r, t): r.hlc, r.received = max(r.hlc, t[0]), max(r.received, t[0])

    # Healing: with an empty outbox, record by record, then the feed from where the log stood when it began.

    def heal(r, server, lose):
        """One exchange of a healing. False while the outbox must be sent first."""
        if lose(): r.healing = dict(todo=None)                      # the program ended: from the beginning
        h = r.healing
        if r.pend and h['todo'] != [] and rules['push-first']: return False
        if h['todo'] is None:
            start = server.begin_healing()
            if lose(): return True
            # Where a refused commit was taken out, the tables do not show what had been seen.
            r.healing = dict(todo=list(range(RECORDS)), vv={} if r.rereading else dict(r.vv), start=start)
            return True
        if h['start']['incarnation'] != server.incarnation:        # restarted meanwhile: from the beginning
            r.healing = dict(todo=None)
            return True
        if h['todo']:
            rec = h['todo'][0]
            joined, known = server.reconcile(
                rec, {f: dict(r.rows[rec, f]) for f in FIELDS}, h['vv'], {f: r.holds[rec, f] for f in FIELDS})
            if lose(): return True
            for f, stand in joined.items():
                for t in stand: r.hear(t)
                r.rows[rec, f] = stand
                for mine in r.known, r.holds: mine[rec, f] |= known[f]
            h['todo'].pop(0)
            return True
        server.finish_healing(h['vv'])
        if lose(): return True
        if r.rereading: r.begin_rereading()
        else: r.cursor, r.vv = h['start']['cursor'], join_vv(r.vv, h['start']['vv'])
        for o, t in h['start']['vv'].items(): r.hear((t, o))
        r.contexts, r.ahead = {}, {}
        r.under, r.through = server.incarnation, server.head if rules['read-on'] else 0
        r.healing = None
        r.heals += 1
        return True


RECORDS = 2
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
        for known in [server.known, *(r.holds for r in replicas)]:
            for k, uids in known.items(): held |= {(k, u) for u in uids}
        return held

    def lose(p=.25): return rng.random() < p

    def write(r):
        u = next(uid)
        if rng.random() < refusals: u = -u              # the server will refuse it: nobody else will ever have it
        rec, fields = rng.randrange(RECORDS), rng.sample(FIELDS, rng.randint(1, len(FIELDS)))
        keys = [(rec, f) for f in fields]
        if wide and other.random() < .5: keys.append((1 - rec, other.choice(FIELDS)))
        if u > 0: written.update((k, u) for k in keys)
        r.write(now, dict.fromkeys(keys, u), u)

    def exchange(r, p):
        if r.healing and r.heal(server, lambda: lose(p)): return
        q = r.request(rng.randint(1, 9))
        a = server.sync(q, now, rng)
        if lose(.1): write(r)                           # while the answer is on its way
        if lose(p): return
        r.receive(q, a, now)
        if a['outcome'] == 'refused': gone.update(written - holders())

    # Swarm: every history has faults of its own. Few writes leave what was lost unhidden by what came later.
    weights = [rng.choice([0, 1, 3]) for _ in range(5)]
    writing, saving, losing = rng.choice([8, 20, 40]), rng.choice([3, 8]), rng.choice([0, .1, .25])
    refusals = rng.choice([0, 0, .05, .2])
    other = random.Random(seed ^ 1 << 40)               # commits over both records, in some histories
    wide = other.random() < .4
    for _ in range(rng.randint(20, 140)):
        now += rng.randint(0, 30)
        r = rng.choice(replicas)
        kind = rng.choices(['write', 'sync', 'clock', 'backup', 'copy', 'replace', 'save', 'restore', 'restart'],
                           [writing, 45, weights[0], 4, weights[1], weights[2], saving, weights[3], weights[4]])[0]
        if kind == 'write': write(r)
        elif kind == 'sync':
            for _ in range(rng.randint(1, 4)): exchange(r, losing)
        elif kind == 'clock': r.drift = rng.choice([0, 0, -500, -5, 5, 50, 61, 5000])
        elif kind == 'backup': backups.append(r.copy(rng))
        elif kind == 'copy' and backups and len(replicas) < 7: replicas.append(rng.choice(backups).copy(rng))
        elif kind == 'replace' and backups:
            replicas[replicas.index(r)] = rng.choice(backups).copy(rng)
            gone |= written - holders()
        elif kind == 'save': server_backups.append(server.copy())
        elif kind == 'restore' and server_backups:
            server = rng.choice(server_backups[-3:]).copy()
            server.start(rng)
            gone |= written - holders()
        elif kind == 'restart': server.start(rng)
    gone |= settle(server, replicas, now, lambda: written - holders())
    check(server, replicas, written - gone)
    a = replicas[0]
    return sum(len(stand) > 1 for stand in a.rows.values()), spurious(a)


def settle(server, replicas, now, lost):
    gone = set()
    for _ in range(60):
        now += 300
        for r in replicas:
            if r.healing and r.heal(server, lambda: False): continue
            q = r.request(999)
            a = server.sync(q, now, random.Random(0))
            r.receive(q, a, now)
            if a['outcome'] == 'refused': gone |= lost()
        if all(not r.pend and not r.healing and not r.rereading and r.cursor[0] == server.head for r in replicas): return gone
    raise Broken('settled')


def check(server, replicas, alive):
    everything = view(server.live)
    for r in replicas:
        if view(r.rows) != everything: raise Broken('equal', view(r.rows), everything)
    by_field, names = collections.defaultdict(dict), {}
    for w in ACCEPTED:
        if names.setdefault(stamp(w), w.uid) != w.uid: raise Broken('stamps')
        for k in w.vals: by_field[k][w.uid] = w
    for k, writes in by_field.items():
        stand = server.live[k]
        visible = {w.uid for w in stand.values()}
        for u in writes:
            if u in visible or (k, u) not in alive: continue
            if not any(u in w.seen[k] for v, w in writes.items() if (k, v) in alive or v in visible): raise Broken('loss', k, u)


def spurious(r):
    return sum(any(v.uid in w.seen[k] for w in stand.values()) for k, stand in r.rows.items() for v in stand.values())


def attempt(seed):
    try: return seed, None, *run(seed)
    except Broken as e: return seed, e.args[0], 0, 0


def prove():
    """Each of those histories breaks without its rule, and holds with it. Returns how many do not."""
    wrong = 0
    for rule, seed in NEEDED.items():
        outcomes = []
        for rules[rule] in False, True: outcomes.append(attempt(seed))
        (_, without, _, needless), (_, with_it, _, fewer) = outcomes
        if with_it or not without and needless <= fewer:
            wrong += 1
            print(f'{rule}: without it, history {seed}: {without or "nothing breaks"}; with it: {with_it or "nothing breaks"}')
    print(f'{len(NEEDED)} random histories, each of which is worse without its rule and holds with it: {wrong} are not')
    return wrong


def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('seeds', nargs='?', default='0..2000')
    p.add_argument('--jobs', type=int, default=1)
    p.add_argument('--without', action='append', default=[], choices=RULES, help='shows what the rule is for')
    p.add_argument('--first', action='store_true', help='ends with the first history that breaks something')
    p.add_argument('--prove', action='store_true', help='tries histories that need a rule, with and without it')
    options = p.parse_args()
    if options.prove: return bool(prove())
    for rule in options.without: rules[rule] = False
    first, last = (int(x) for x in options.seeds.split('..'))
    bad, firsts, conflicts, needless, done = collections.Counter(), {}, 0, 0, 0
    begun = time.monotonic()
    with multiprocessing.Pool(options.jobs) as pool:
        for seed, why, c, n in pool.imap_unordered(attempt, range(first, last), chunksize=50):
            conflicts, needless, done = conflicts + c, needless + n, done + 1
            if why:
                bad[why] += 1
                firsts[why] = min(seed, firsts.get(why, seed))
                if options.first: break
    print(f'{done} histories' + ''.join(f', without {r}' for r in options.without) + f', failed: {dict(bad)}, first seeds: '
          f'{firsts}; fields in conflict at the end: {conflicts}, values among them that a later write had seen: {needless}; '
          f'{time.monotonic() - begun:.1f} s')
    return bool(bad)


if __name__ == '__main__': sys.exit(main())
