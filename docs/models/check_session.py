#!/usr/bin/env python3
"""Checks the session exhaustively: every interleaving of a few writes, exchanges and faults, breadth first.

    check_session.py [--writes N] [--faults N] [--fields N] [--kinds K,K..] [--moving] [--without RULE] [--limit N]
    check_session.py --follow histories.txt

Two workstations and a server have one record. Everything that can happen next is tried in every state that can be
reached; states that differ only in names are one. README.md says what is modelled, and which Swift function is which.
Exit 1 with the shortest history if a rule is broken, 2 if the limit of states was reached.
"""
import argparse, hashlib, marshal, resource, sys, time

RULES = {
    'renewal': 'an id is good for one incarnation of the server',
    'confirmed': 'a page only for whom all that is held under its name was confirmed',
    'log-end': 'what a page tells of as seen counts only once the log\'s end is reached',
    'push-first': 'a healing offers only with an empty outbox',
    'outbox': 'unacknowledged is what the outbox holds, not whatever carries the own id and a later time',
    'read-on': 'after a healing, the first pages are taken only from the incarnation that it was with',
    'vouched': 'whoever gives up its id believes only the incarnation that had its commits, until they were read',
    'in-place': 'seen counts in a healing only for who holds something in its place',
    'greatest': 'where a join would leave nothing of what both hold, the greatest stays',
    'contexts-middle': 'what is written in the middle of a feed says itself what it had seen',
    'contexts-joined': 'so does what is written before what a healing joined has been read',
    'others-only': 'a context names what its commit replaced, but not the own writes among that',
    'own-again': 'a healing\'s changes are handed out to their own writer too',
    'sent-once': 'what is acknowledged before the first commit that differs is not sent again under the new id',
}
# Each may happen once, but for lost answers; `--faults` says how many in all.
KINDS = {
    'lost': 'an answer is lost, or a healing ends in the middle',
    'short-request': 'only the first commit of several fits the request',
    'short-page': 'only the first change of several fits the page',
    'copy': 'a workstation\'s file is copied, and the copy lives; with that, one of the two may go at any later time: '
            'then it was a restored backup',
    'restart': 'the server is started again',
    'restore': 'the server is restored from a backup that was taken at any earlier time',
    'clock': 'a write under a clock that is far ahead',
    'damage': 'another program deletes a workstation\'s values, and a comparison is asked for; only where it is named, '
              'since the oracle goes on to count them as held there',
}
NAMES = ['one', 'two', 'copy']
FAR, SERVER_TIME = 1_000, 500                   # a stamp that the server refuses; the time that it then tells
rules = dict.fromkeys(RULES, True)


class Broken(Exception): pass


class Fields:
    """Plain state: copied shallowly, every value in it immutable or never changed in place."""
    __slots__ = ()

    def copy(s):
        new = object.__new__(type(s))
        for name in s.__slots__: setattr(new, name, getattr(s, name))
        return new


# A write that stands is (uid, origin, time): the oracle's name, and its stamp. A commit of the outbox is (uid, time,
# base, context), and its place there its number. A digest is what it is a digest of: the chain of (uid, time) so far.
# A log position is a node, drawn for this append alone: that is the chained check of the position.

class Server(Fields):
    __slots__ = ('log', 'live', 'at', 'again', 'chains', 'seen', 'known', 'said')

    def position(s, node): return s.log.index(node) if node in s.log else None


class Replica(Fields):
    # middle: the feed's end is not reached. healing: nil, or where its healing stands. healed: nil, or whether the server
    # still is the one process that is believed, and the log's end there, which the cursor has to pass.
    __slots__ = ('id', 'bound', 'ancestry', 'rows', 'pend', 'acked', 'cursor', 'seen', 'contexts', 'time', 'received',
                 'middle', 'healing', 'healed', 'known')

    def is_pending(r, w):
        if rules['outbox']: return w[1] == r.id and any(w[0] == p[0] and w[2] == p[1] for p in r.pend)
        return w[1] == r.id and w[2] > (r.acked[-1][1] if r.acked else -1)


class World(Fields):
    __slots__ = ('server', 'replicas', 'saved', 'writes', 'faults', 'used', 'fresh', 'written', 'gone', 'accepted',
                 'taken')

    def draw(x):
        x.fresh += 1
        return x.fresh


def covers(seen, w): return w[2] <= seen.get(w[1], -1)
def past(ancestry, w): return any(w[1] == o and w[2] <= t for o, t in ancestry)
def joined(a, b): return {o: max(a.get(o, -1), b.get(o, -1)) for o in a.keys() | b.keys()}
def with_seen(seen, o, t): return seen if seen.get(o, -1) >= t else {**seen, o: t}


def beginning(options):
    x = World()
    x.server = s = Server()
    s.log, s.live, s.at, s.again = (0,), (frozenset(),) * options.fields, {}, frozenset()
    s.chains, s.seen, s.known, s.said = {}, {}, (0,) * options.fields, {}
    x.replicas, x.fresh = [], 0
    for _ in range(2):
        r = Replica()
        r.id, r.bound, r.ancestry = x.draw(), True, ()
        r.rows, r.pend, r.acked, r.cursor, r.seen, r.contexts = s.live, (), (), 0, {}, {}
        r.time = r.received = 0
        r.middle, r.healing, r.healed, r.known = False, None, None, s.known
        x.replicas.append(r)
    x.replicas.append(None)
    x.saved, x.writes, x.faults, x.used = None, options.writes, options.faults, frozenset()
    x.written, x.gone, x.accepted, x.taken = (), s.known, 0, {}
    return x


# The server. What it answers is a dictionary; `x.server` is this action's own.

def sync(x, q, page_limit):
    s = x.server
    a = dict(heal=False, page=None)
    a['outcome'] = take(x, s, q)
    chain = s.chains.get(q['id'], ())
    a['held'], a['head'] = len(chain), s.log[-1]
    sent = len(q['acked']) + len(q['commits'])
    a['digests'] = [chain[:n] for n in range(len(q['acked']) + 1, min(sent, len(chain)) + 1)]
    may_read = len(chain) <= sent or not rules['confirmed']
    if a['outcome'] == 'done' and not q['push_only'] and may_read: a.update(page(s, q, page_limit))
    return a


def take(x, s, q):
    o, acked = q['id'], q['acked']
    chain = s.chains.get(o, ())
    if len(acked) > len(chain) or not q['push_only'] and q['cursor'] not in s.log: return 'diverged'
    if chain[:len(acked)] != acked: return 'forked'
    if not q['commits'] and len(chain) > len(acked): return 'forked'
    theirs = acked
    for commit in q['commits']:
        theirs += (commit[:2],)
        if len(theirs) <= len(chain):
            if chain[:len(theirs)] != theirs: return 'forked'
            continue
        if rules['renewal'] and not q['bound']: return 'renew'
        if commit[1] >= FAR: return 'clock'
        accept(x, s, o, commit, q['ancestry'])
        chain = s.chains[o]
    return 'done'


def accept(x, s, o, commit, ancestry):
    uid, t, base, context = commit
    w = (uid, o, t)
    if x.taken.setdefault((o, t), uid) != uid: raise Broken('two writes have one stamp')
    x.taken = dict(x.taken)
    fields, seen = x.written[uid]
    before = s.position(base) if context is None else None

    def saw(v):
        if v[1] == o or past(ancestry, v): return True
        return covers(context, v) if context is not None else s.position(s.at[v]) <= before

    s.live = tuple(frozenset(v for v in stand if not saw(v)) | {w} if fields >> f & 1 else stand
                   for f, stand in enumerate(s.live))
    append(x, s, [w], again=False)
    if not rules['log-end']: s.said = {**s.said, s.log[-1]: (o, t)}
    s.chains = {**s.chains, o: s.chains.get(o, ()) + ((uid, t),)}
    s.seen = with_seen(s.seen, o, t)
    s.known = tuple(k | seen[f] | 1 << uid if fields >> f & 1 else k for f, k in enumerate(s.known))
    x.accepted |= 1 << uid


def append(x, s, writes, again):
    """New positions at the log's end; what does not stand any more is forgotten."""
    at = dict(s.at)
    for w in writes:
        s.log += (x.draw(),)
        at[w] = s.log[-1]
    standing = frozenset().union(*s.live)
    s.at = {w: n for w, n in at.items() if w in standing}
    s.again = frozenset(w for w in (s.again.union(writes) if again else s.again - set(writes)) if w in standing)


def page(s, q, limit):
    start = s.position(q['cursor'])
    items = sorted((s.position(n), w) for w, n in s.at.items()
                   if s.position(n) > start and (w[1] != q['id'] or w in s.again and rules['own-again']))
    more = limit is not None and len(items) > limit
    end = len(s.log) - 1
    if more:
        items = items[:limit]
        end = items[-1][0]
        more = end < len(s.log) - 1
    seen = s.seen if not more and end > start else None
    if not rules['log-end'] and more:
        seen = {}
        for node in s.log[:end + 1]:
            if node in s.said: seen = with_seen(seen, *s.said[node])
    return dict(page=[(w, s.live) for _, w in items], cursor=s.log[end], more=more, seen=seen, state=s.live)


def heal(x, q):
    s = x.server
    a = dict(heal=True, outcome='done' if q['bound'] else 'restarted')
    if q['phase'] == 0:
        a.update(outcome='done', cursor=s.log[-1], seen=s.seen)
    elif not q['bound']:
        pass
    elif q['phase'] == 1:
        live = tuple(reconcile(stand, s.seen, theirs, q['seen']) for stand, theirs in zip(s.live, q['rows']))
        if live != s.live:
            s.live = live
            append(x, s, sorted(frozenset().union(*live)), again=True)
        s.known = tuple(a | b for a, b in zip(s.known, q['known']))
        a.update(page=[(w, s.live) for w in sorted(s.at)], known=s.known)
    else:
        s.seen = joined(s.seen, q['seen'])
        a['head'] = s.log[-1]
    return a


def reconcile(mine, my_seen, theirs, their_seen):
    """A sibling that only one side holds stays, unless the other side has seen it and holds something in its place."""
    def stays(w, other, other_seen):
        return w in other or not other and rules['in-place'] or not covers(other_seen, w)
    both = frozenset([w for w in mine if stays(w, theirs, their_seen)] + [w for w in theirs if stays(w, mine, my_seen)])
    if mine and theirs and not both and rules['greatest']: both = frozenset([max(mine | theirs, key=lambda w: (w[2], w[1]))])
    return both


# A workstation.

def write(x, r, fields, t):
    uid = len(x.written)
    x.written += ((fields, tuple(k if fields >> f & 1 else 0 for f, k in enumerate(r.known))),)
    x.writes -= 1
    r.time = t
    context = None
    if (r.healing is not None or r.middle and rules['contexts-middle']
            or r.healed is not None and rules['contexts-joined']):
        context = r.seen
        for f, stand in enumerate(r.rows):              # what is replaced here was seen
            for _, o, other in stand if fields >> f & 1 else ():
                if o != r.id or not rules['others-only']: context = with_seen(context, o, other)
    r.pend += ((uid, t, r.cursor, context),)
    r.rows = tuple(frozenset([(uid, r.id, t)]) if fields >> f & 1 else stand for f, stand in enumerate(r.rows))
    r.known = tuple(k | 1 << uid if fields >> f & 1 else k for f, k in enumerate(r.known))


def question(r, limit=None):
    """The next request: an exchange, or one of a healing, which offers only with an empty outbox."""
    if r.healing is not None and (not r.pend or r.healing and r.healing[0] == 2 or not rules['push-first']):
        if not r.healing: return dict(heal=True, phase=0, seen=r.seen, bound=True)
        phase, seen, bound = r.healing[:3]
        return dict(heal=True, phase=phase, seen=seen, bound=bound, rows=r.rows, known=r.known)
    return dict(heal=False, id=r.id, bound=r.bound, ancestry=r.ancestry, cursor=r.cursor, acked=r.acked,
                commits=r.pend[:limit], push_only=r.healing is not None)


def receive(x, r, q, a):
    if q['heal']: return receive_healing(x, r, q, a)
    acknowledged, different = 0, False
    for commit, held in zip(q['commits'], a['digests']):
        different = held != r.acked + (commit[:2],)
        if different: break
        acknowledged += 1
        r.acked = held
        r.received = max(r.received, commit[1])
        r.seen = with_seen(r.seen, r.id, commit[1])
    # What leads up to the first that differs is held: sent again under the new id, it would stand beside what replaced it.
    if not different or rules['sent-once']: r.pend = r.pend[acknowledged:]
    outcome = a['outcome']
    if different or outcome == 'forked' or a['held'] > len(r.acked) + len(r.pend) or outcome == 'renew': return give_up_id(x, r, a)
    if outcome == 'diverged':
        begin_healing(r)
        if rules['renewal']: renew(x, r)
        return
    if outcome == 'clock': return restamp(r)
    if a['page'] is None or r.healing is not None: return
    # What was joined stands later in that log than the cursor, so that the cursor does not vouch for it.
    if r.healed and not r.healed[0]:
        begin_healing(r)
        if rules['renewal']: renew(x, r)
        return
    take_page(x, r, a['page'])
    if a['cursor'] != r.cursor and r.pend: r.contexts = {r.cursor: r.seen, **r.contexts}
    r.cursor = a['cursor']
    if a['seen'] is not None:
        r.seen = joined(r.seen, a['seen'])
        hear(r, a['seen'].values())
    r.middle = a['more']
    if r.healed and x.server.position(r.cursor) >= x.server.position(r.healed[1]): r.healed = None
    bases = [base for _, _, base, _ in r.pend]
    r.contexts = {base: seen for base, seen in r.contexts.items() if base in bases}
    if not a['more'] and not r.pend and r.rows != a['state']: begin_healing(r)         # the fingerprints differ


def take_page(x, r, items):
    contexts = {(uid, r.id, t): (context, base) for uid, t, base, context in r.pend}
    for w, live in items:
        hear(r, [w[2]])
        rows = []
        for stand, siblings in zip(r.rows, live):
            if w in siblings and not any(seen_by(r, contexts, mine, w) for mine in stand if mine != w and r.is_pending(mine)):
                stand = frozenset(v for v in stand if r.is_pending(v) or v in siblings) | {w}
            rows.append(stand)
        r.rows = tuple(rows)
        r.known = tuple(k | x.written[w[0]][1][f] | 1 << w[0] if w in live[f] else k for f, k in enumerate(r.known))


def seen_by(r, contexts, mine, w):
    if w[1] == r.id or past(r.ancestry, w): return w[2] < mine[2]
    context = contexts[mine][0] if mine in contexts else None
    return context is not None and covers(context, w)


def hear(r, times):
    for t in times: r.time, r.received = max(r.time, t), max(r.received, t)


def begin_healing(r):
    def seen(base): return r.contexts.get(base, r.seen if base == r.cursor else {})
    r.pend = tuple((uid, t, base, context if context is not None else seen(base)) for uid, t, base, context in r.pend)
    r.middle, r.healing, r.healed = False, (), None


def receive_healing(x, r, q, a):
    if a['outcome'] == 'restarted':
        r.healing = ()
    elif q['phase'] == 0:
        r.healing = (1, q['seen'], True, a['cursor'], a['seen'])
    elif q['phase'] == 1:
        take_page(x, r, a['page'])
        r.known = tuple(a | b for a, b in zip(r.known, a['known']))
        r.healing = (2,) + r.healing[1:]
    else:
        r.cursor, r.seen = r.healing[3], joined(r.seen, r.healing[4])
        hear(r, r.healing[4].values())
        r.contexts, r.healing, r.healed = {}, None, (True, a['head']) if rules['read-on'] else None


def give_up_id(x, r, a):
    """Its number told a restored server that it lacks what it had: until that was read, only this process has it."""
    if rules['vouched'] and r.acked and r.cursor != a['head'] and (r.healed is None or r.healed[0]): r.healed = (True, a['head'])
    renew(x, r)


def renew(x, r):
    """A new id. What was acknowledged is its past; what was not is renamed."""
    if r.acked: r.ancestry += ((r.id, r.acked[-1][1]),)
    old, r.id = r.id, x.draw()
    r.bound, r.acked = True, ()
    rename(r, old, {t: t for _, t, _, _ in r.pend})


def restamp(r):
    """The clock was wrong: the same order, above all that was received, not ahead of the server if it can be."""
    latest, times = r.received, {}
    for _, t, _, _ in r.pend: latest = times[t] = max(latest + 1, min(t, SERVER_TIME))
    rename(r, r.id, times)
    r.time = max(latest, r.received)


def rename(r, old, times):
    pending = {(uid, old, t) for uid, t, _, _ in r.pend}
    r.rows = tuple(frozenset((v[0], r.id, times[v[2]]) if v in pending else v for v in stand) for stand in r.rows)
    r.pend = tuple((uid, times[t], base, context) for uid, t, base, context in r.pend)


# Everything that can happen next.

def steps(x, options):
    """Pairs of what happens and the world after it. What closes a history comes first."""
    living = [i for i, r in enumerate(x.replicas) if r]
    order = sorted(living, key=lambda i: is_quiet(x, i))
    # What is quiet already has nothing to exchange.
    for i in order:
        if not is_quiet(x, i): yield f'{NAMES[i]} syncs', exchange(x, i)
    if x.writes:
        for i in living:
            # The first to write is workstation one: the other case is the same with the names exchanged.
            if not x.written and i: continue
            newest = max([v[2] for r in x.replicas if r for v in all_writes(r)] + [w[2] for w in x.server.at] + [0])
            r = x.replicas[i]
            times = {r.time + 1} | ({max(r.time, newest) + 1} if options.moving else set())
            if allowed(x, options, 'clock'): times.add(FAR + r.time)
            for fields in range(1, 1 << options.fields):
                for t in sorted(times):
                    y, r = own(x, i)
                    if t >= FAR and x.replicas[i].time < FAR: spend(y, 'clock')
                    write(y, r, fields, t)
                    yield f'{NAMES[i]} writes {name(len(x.written), y)}' + label(options, fields, t), y
    yield from faults(x, options, living)


def label(options, fields, t):
    return (' in ' + ' and '.join('ab'[f] for f in range(options.fields) if fields >> f & 1) if options.fields > 1 else
            '') + (', its clock far ahead' if t >= FAR else f', at {t}' if options.moving else '')


def faults(x, options, living):
    if 'copy' in x.used and 'gone' not in x.used:
        for i in living:
            if i == 2 or x.replicas[2].id and i == copied_from(x):
                y = x.copy()
                y.replicas = [r if k != i else None for k, r in enumerate(x.replicas)]
                y.used |= {'gone'}
                lose(y)
                yield f'{NAMES[i]} goes', y
    if allowed(x, options, 'restore') and x.saved is None:
        y = x.copy()
        y.saved = x.server
        yield 'the server is backed up', y
    if not x.faults: return
    # A fault that changes nothing but the number of those that are left need not be tried.
    if allowed(x, options, 'restart') and any(r and (r.bound or r.healing) for r in x.replicas):
        y = restarted(x)
        spend(y, 'restart')
        yield 'the server is started again', y
    if x.saved and allowed(x, options, 'restore'):
        y = restarted(x)
        y.server, y.saved = x.saved, x.saved if options.repeat else None
        spend(y, 'restore')
        lose(y)
        yield 'the server is restored from its backup', y
    if allowed(x, options, 'copy') and 'copy' not in x.used:
        for i in living:
            y = x.copy()
            y.replicas = x.replicas[:2] + [x.replicas[i]]
            spend(y, 'copy')
            y.used |= {i}
            yield f'{NAMES[i]} is copied', y
    for i in living:
        r = x.replicas[i]
        if allowed(x, options, 'damage') and any(r.rows) and not r.pend:
            y, r = own(x, i)
            r.rows = (frozenset(),) * options.fields
            if r.healing is None: begin_healing(r)
            spend(y, 'damage')
            yield f'{NAMES[i]}\'s values are deleted', y
            r = x.replicas[i]
        if allowed(x, options, 'lost'):
            y = exchange(x, i, fault='lost')
            if y.server.at != x.server.at or y.server.chains != x.server.chains or y.server.seen != x.server.seen:
                yield f'{NAMES[i]} syncs, the answer is lost', y
            if r.healing:
                y, r = own(x, i)
                r.healing = ()
                spend(y, 'lost')
                yield f'{NAMES[i]}\'s healing is interrupted', y
        if allowed(x, options, 'short-request') and len(r.pend) > 1:
            yield f'{NAMES[i]} sends its first write only', exchange(x, i, limit=1, fault='short-request')
        if allowed(x, options, 'short-page') and r.healing is None and len(x.server.at) > 1 and not is_quiet(x, i):
            yield f'{NAMES[i]} syncs, the page ends early', exchange(x, i, page_limit=1, fault='short-page')


def allowed(x, options, kind):
    return x.faults > 0 and kind in options.kinds and (kind not in x.used or kind == 'lost' or options.repeat)


def copied_from(x): return 0 if 0 in x.used else 1


def spend(x, kind):
    x.faults -= 1
    x.used |= {kind}


def own(x, i):
    """A copy of the world, and of one replica in it, to be changed."""
    y = x.copy()
    y.replicas = list(x.replicas)
    y.replicas[i] = r = x.replicas[i].copy()
    y.taken = dict(x.taken)
    return y, r


def exchange(x, i, limit=None, page_limit=None, fault=None):
    y, r = own(x, i)
    y.server = x.server.copy()
    q = question(r, limit)
    a = heal(y, q) if q['heal'] else sync(y, q, page_limit)
    if fault != 'lost': receive(y, r, q, a)
    elif r.healing is not None: r.healing = ()                  # it begins anew
    if fault: spend(y, fault)
    return y


def restarted(x):
    """Another incarnation: no id that was drawn before is good for it."""
    y = x.copy()
    y.replicas = []
    for r in x.replicas:
        if r:
            r = r.copy()
            r.bound = False
            if r.healed: r.healed = (False, 0)              # where to does not matter any more
            if r.healing: r.healing = r.healing[:2] + (False,) + r.healing[3:]
        y.replicas.append(r)
    return y


def lose(x):
    """The oracle: which writes nobody holds any more, and who has seen them neither."""
    holders = [x.server] + [r for r in x.replicas if r]
    gone = []
    for f, before in enumerate(x.gone):
        held = 0
        for party in holders: held |= party.known[f]
        all_of_field = sum(1 << uid for uid, (fields, _) in enumerate(x.written) if fields >> f & 1)
        gone.append((before | all_of_field) & ~held)
    x.gone = tuple(gone)


def all_writes(r): return [*frozenset().union(*r.rows), *((uid, r.id, t) for uid, t, _, _ in r.pend)]


# What must hold.

def is_quiet(x, i):
    r = x.replicas[i]
    return not r.pend and r.healing is None and r.cursor == x.server.log[-1] and r.rows == x.server.live and \
        len(x.server.chains.get(r.id, ())) == len(r.acked)


def check(x):
    """At rest, with everybody equal: what somebody still held is visible, or a write that had seen it is or was."""
    for f, stand in enumerate(x.server.live):
        visible = {w[0] for w in stand}
        for uid, (fields, _) in enumerate(x.written):
            if uid in visible or not fields >> f & 1 or x.gone[f] >> uid & 1: continue
            if not any(seen[f] >> uid & 1 for v, (_, seen) in enumerate(x.written)
                       if v in visible or not x.gone[f] >> v & 1):
                raise Broken(f'{name(uid, x)} is lost')


def needless(x):
    """How many values stand beside one that had seen them."""
    return sum(any(x.written[w[0]][1][f] >> v[0] & 1 for w in stand if w[0] != v[0])
               for f, stand in enumerate(x.server.live) for v in stand)


def name(uid, x): return f'w{uid + 1}'


# States that differ only in names are one, and what cannot matter any more is left out.

def key(x, options):
    living = [r for r in x.replicas if r]
    servers = [s for s in (x.server, x.saved) if s]
    ids, nodes = {}, {}
    for r in living: ids.setdefault(r.id, len(ids))
    for s in servers:
        for w in sorted(s.at, key=lambda w: s.log.index(s.at[w])): ids.setdefault(w[1], len(ids))
    for r in living:
        for o in sorted((w[0], w[2], w[1]) for w in frozenset().union(*r.rows)): ids.setdefault(o[2], len(ids))
    mentioned = {0}
    for s in servers: mentioned.update(s.at.values(), s.log[-1:], s.said)
    for r in living:
        mentioned.add(r.cursor)
        if r.healing: mentioned.add(r.healing[3])
        if r.healed: mentioned.add(r.healed[1])
        mentioned.update(base for _, _, base, context in r.pend if context is None)
    for s in servers:
        for n in s.log:
            if n in mentioned: nodes.setdefault(n, len(nodes))

    def vector(seen): return tuple(sorted((ids[o], t) for o, t in seen.items() if o in ids))
    def writes(ws): return tuple(sorted((w[0], ids[w[1]], w[2]) for w in ws))
    def node(n): return nodes.setdefault(n, len(nodes))
    may_lose = x.faults and options.repeat or x.faults and not {'copy', 'restore'} <= x.used or 'copy' in x.used and 'gone' not in x.used
    own_ids = {r.id for r in living}

    def server(s):
        return (tuple(node(n) for n in s.log if n in nodes), tuple(writes(ws) for ws in s.live),
                tuple(sorted((ids[w[1]], w[2], node(n), w in s.again) for w, n in s.at.items())),
                tuple(sorted((ids[o], chain) for o, chain in s.chains.items() if o in own_ids)), vector(s.seen),
                s.known if may_lose or x.writes else 0,
                tuple(sorted((node(n), ids[o], t) for n, (o, t) in s.said.items() if o in ids)))

    def replica(r):
        h = r.healing
        return (ids[r.id], r.bound, tuple(sorted((ids[o], t) for o, t in r.ancestry if o in ids)),
                tuple(writes(ws) for ws in r.rows), r.acked, vector(r.seen),
                tuple((uid, t, node(base), vector(r.contexts.get(base, {})) if base != r.cursor else 0)
                      if context is None else (uid, t, vector(context)) for uid, t, base, context in r.pend),
                node(r.cursor), r.time if x.writes else 0, r.received if 'clock' in options.kinds else 0,
                r.middle, r.healed and (r.healed[0], node(r.healed[1])), h if not h else (h[0], vector(h[1]), h[2], node(h[3]), vector(h[4])),
                r.known if may_lose or x.writes else 0)

    return (server(x.server), tuple(replica(r) if r else 0 for r in x.replicas), server(x.saved) if x.saved else 0,
            x.writes, x.faults, tuple(sorted(map(str, x.used))), x.written, x.gone,
            tuple(sorted((ids[o], t, uid) for (o, t), uid in x.taken.items() if o in own_ids)))


def digest(x, options): return hashlib.blake2b(marshal.dumps(key(x, options), 2), digest_size=12).digest()


# Breadth first.

def explore(options):
    """Returns what was counted; raises `Broken` with the history."""
    first = beginning(options)
    start = digest(first, options)
    parents, closing, level = {start: None}, {}, [(start, first)]
    transitions = rests = depth = healings = 0
    while level:
        following = []
        for here, x in level:
            if len(parents) > options.limit: return None, len(parents), transitions, depth
            try:
                at_rest = all(is_quiet(x, i) for i, r in enumerate(x.replicas) if r)
                if at_rest:
                    rests += 1
                    check(x)
                    if options.needless and needless(x): raise Broken('a conflict remains that nobody needs')
                closing[here] = None
                what = None
                for number, (what, y) in enumerate(steps(x, options)):
                    transitions += 1
                    there = digest(y, options)
                    if number == 0 and not at_rest: closing[here] = there
                    if there not in parents:
                        parents[there] = (here, what)
                        following.append((there, y))
            except Broken as broken:
                raise Broken(str(broken), history(parents, here))
        level = following
        depth += 1
    longest = settle(closing, parents)
    return longest, len(parents), transitions, depth, rests


def settle(closing, parents):
    """From every state, exchanges alone lead to rest. Returns how many it takes at most."""
    length = {}
    for state in closing:
        path = []
        while state is not None and state not in length:
            length[state] = None
            path.append(state)
            state = closing[state]
        if state is not None and length[state] is None: raise Broken('it does not settle', history(parents, path[0]))
        n = -1 if state is None else length[state]
        for state in reversed(path):
            n += 1
            length[state] = n
    return max(length.values())


def history(parents, state):
    words = []
    while parents[state]:
        state, what = parents[state]
        words.append(what)
    return words[::-1]


def follow(options, words):
    """One history, and then exchanges to rest: how many conflicts nobody needs; raises `Broken` with it."""
    x = beginning(options)
    try:
        for word in words:
            following = [y for what, y in steps(x, options) if what == word]
            if following: x = following[0]
            # With the rule somebody may be through sooner.
            elif not word.endswith(' syncs'): return f'"{word}" cannot happen there'
        for _ in range(60):
            if all(is_quiet(x, i) for i, r in enumerate(x.replicas) if r):
                check(x)
                return needless(x)
            x = next(steps(x, options))[1]
        raise Broken('it does not settle')
    except Broken as broken: raise Broken(str(broken), words)


def read_histories(path):
    """Of each rule how many fields it takes, and the history that breaks without it."""
    histories = {}
    with open(path) as file:
        for line in map(str.strip, file):
            if line.endswith(':'):
                rule, _, fields = line[:-1].partition(' with ')
                words = []
                histories[rule] = int(fields.split()[0] if fields else 1), words
            elif line and line[0] != '#': words.append(line)
    return histories


def follow_all(options):
    """Every rule's history holds with all rules, and without that one breaks, or leaves more needless conflicts. Returns
    how many do not."""
    histories = read_histories(options.histories)
    wrong = 0
    for rule, (options.fields, words) in histories.items():
        outcomes = []
        for rules[rule] in False, True:
            try: outcomes.append(follow(options, words))
            except Broken as broken: outcomes.append(broken)
        without, with_it = outcomes
        if not isinstance(with_it, int) or isinstance(without, str) or isinstance(without, int) and without <= with_it:
            wrong += 1
            print(f'{rule}: without it, {without or "nothing breaks"}; with it, {with_it or "nothing breaks"}')
    print(f'{len(histories)} histories, each of which is worse without its rule and holds with it: {wrong} are not')
    return wrong


def tell(options, words):
    """The history with what everybody holds after each step."""
    x = beginning(options)
    for number, word in enumerate(words, 1):
        x = next(y for what, y in steps(x, options) if what == word)
        print(f'{number:3} {word:44} {holdings(x)}')
    for what, y in closing_errors(x, options): print(f'    {what}: {y}')


def closing_errors(x, options):
    """What breaks in the last step, which has no state after it."""
    generator = steps(x, options)
    try:
        for _ in generator: pass
    except Broken as broken: yield 'the next exchange', broken


def holdings(x):
    ids = {}

    def show(stands, pending=()):
        return '/'.join(','.join(f'w{w[0] + 1}' + ('?' if w in pending else '') for w in sorted(ws)) or '-'
                        for ws in stands)
    words = ['server ' + show(x.server.live)]
    for i, r in enumerate(x.replicas):
        if r:
            words.append(f'{NAMES[i]} ' + show(r.rows, [(uid, r.id, t) for uid, t, _, _ in r.pend]) +
                         (' heals' if r.healing is not None else ''))
    return '; '.join(words)


def main():
    p = argparse.ArgumentParser(description=__doc__.split('\n')[0])
    p.add_argument('--writes', type=int, default=2)
    p.add_argument('--faults', type=int, default=2)
    p.add_argument('--fields', type=int, default=1)
    p.add_argument('--kinds', type=lambda s: s.split(','), default=[k for k in KINDS if k != 'damage'])
    p.add_argument('--moving', action='store_true', help='time may have moved on between any two writes')
    p.add_argument('--repeat', action='store_true', help='any fault may happen more than once')
    p.add_argument('--needless', action='store_true', help='a conflict that nobody needs is a failure too')
    p.add_argument('--without', action='append', default=[], choices=RULES)
    p.add_argument('--follow', metavar='FILE', dest='histories', help='tries the histories of a file, with and without their rules')
    p.add_argument('--limit', type=int, default=20_000_000)
    options = p.parse_args()
    for kind in options.kinds:
        if kind not in KINDS: p.error(f'{kind} is none of {", ".join(KINDS)}')
    for rule in options.without: rules[rule] = False
    if options.histories:
        options.writes, options.faults, options.repeat, options.kinds = 9, 9, True, list(KINDS)
        return bool(follow_all(options))
    begun = time.process_time()
    bound = f'{options.writes} writes, {options.faults} faults, {options.fields} fields' + \
        (', time moves' if options.moving else '') + (', repeated' if options.repeat else '') + ''.join(f', without {r}' for r in options.without)
    try:
        result = explore(options)
    except Broken as broken:
        print(f'{bound}: {broken.args[0]}')
        tell(options, broken.args[1])
        return 1
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
    used = f'{time.process_time() - begun:.1f} s, {memory} MB'
    if result[0] is None:
        print(f'{bound}: not finished: {result[1]:,} states, {result[2]:,} transitions to depth {result[3]}; {used}')
        return 2
    longest, states, transitions, depth, rests = result
    print(f'{bound}: {states:,} states, {transitions:,} transitions, depth {depth}; {rests:,} at rest; at most {longest} '
          f'exchanges to rest; {used}')
    return 0


if __name__ == '__main__': sys.exit(main())
