"""Who does not keep the rules: a server that is hostile for a while, a device without a key, a desk that lies."""

from state import Change, erasure

OUTCOMES = ['forked', 'diverged', 'renew']


class HostileServer:
    """Answers with any genuine change it ever saw, and with some that open nowhere; withholds, claims, accuses."""

    def __init__(self, world):
        self.world = world
        self.server = world.server

    def answer(self, request, now, rng):
        if rng.random() < .3:
            return self.server.answer(request, now, rng)
        return getattr(self, request['kind'])(request, now, rng)

    def position(self, rng):
        position = rng.randrange(len(self.server.checks))
        return position, self.server.checks[position]

    def some(self, rng, most):
        changes = rng.sample(self.world.ever, min(len(self.world.ever), rng.randint(0, most)))
        return [forged(self.world, change, rng) if rng.random() < .2 else change for change in changes]

    def sync(self, request, now, rng):
        commits = request['commits']
        answer = dict(kind='sync', request=request, now=now + rng.choice([0, 0, 999, -999]), page=None, sum=None, known={},
                      outcome=('done',), generation=rng.choice([request['generation'], self.server.generation, rng.random()]))
        if rng.random() < .5:           # says to have it, and throws it away
            answer['known'] = {commit.number: commit.dig for commit in commits}
        kind = rng.random()
        if commits and kind < .2:
            commit = rng.choice(commits)
            answer['outcome'] = 'refused', commit.number, commit.dig
        elif commits and kind < .4:
            answer['outcome'] = 'clock', commits[0].dig
        elif kind < .5:
            answer['outcome'] = (rng.choice(OUTCOMES),)
        if answer['outcome'] == ('done',):
            answer['page'] = [(change, None) for change in self.some(rng, 5)]
            position = self.position(rng)
            answer['cursor'] = rng.choice([request['cursor'], position, (position[0], 7)])
            answer['sum'] = rng.choice([None, {-1: 'a lie'}])
        return answer

    def ranges(self, request, now, rng):
        records = {change.rec: 'a lie' for change in self.some(rng, 3)}
        return dict(kind='ranges', request=request, start=self.position(rng), parts=[], bad=rng.random() < .1,
                    records=[(low, high, records) for low, high, _ in request['ranges']] if rng.random() < .5 else [])

    def records(self, request, now, rng):
        standing = [(rec, [change for change in self.some(rng, 4)]) for rec, _ in request['offers']]
        return dict(kind='records', request=request, standing=standing, head=self.position(rng), bad=rng.random() < .2)

    def everything(self, request, now, rng):
        return dict(kind='everything', request=request, standing=[(change.rec, [change]) for change in self.some(rng, 5)])

    def mend(self, request, now, rng):
        return dict(kind='mend', request=request)


def forged(world, change, rng):
    """A header that nobody with a key ever wrote: it opens nowhere."""
    if change.values is None or rng.random() < .1:
        return erasure(rng.choice(sorted(world.paths)), rng.choice(sorted(world.epochs)), whole=False)
    rec = rng.choice([change.rec, rng.choice(sorted(world.paths))])
    dots = [one.dot for one in rng.sample(world.ever, min(len(world.ever), 4)) if one.values is not None]
    fields = rng.sample('ab', rng.randint(1, 2))
    return Change(dot=rng.choice([change.dot, rng.randrange(1 << 60)]), rec=rec, path=world.paths[rec],
                  time=max(0, change.time + rng.randint(-50, 50)), values={field: 0 for field in fields},
                  names={field: dict.fromkeys(dots) for field in fields}, write=0, epoch=change.epoch, whole=False)


def push_without_key(world, rng):
    """An enrolled device that has no key sends what opens nowhere; the server obeys its header. It knows every header."""
    server, rec = world.server, rng.choice(sorted(world.paths))
    standing = [change for change in server.state.standing(rec) if change.values is not None]
    fields = rng.sample('ab', rng.randint(1, 2))
    names = {field: dict.fromkeys(rng.sample([one.dot for one in standing], rng.randint(0, len(standing)))) for field in fields}
    for field in fields:
        for change in standing:
            if rng.random() < .7:
                names[field].update(dict.fromkeys([change.dot, *change.names.get(field, ())]))
    dot, time = rng.randrange(1 << 60), world.now
    if standing and rng.random() < .3:
        taken = rng.choice(standing)            # under the dot of another change, older than it
        dot, time = taken.dot, taken.time - rng.randint(1, 5)
        world.caused = True                     # one dot with two headers is no join: some order of arrival needs a healing
    server.append(rng.random())
    server.take(Change(dot, rec, world.paths[rec], time, {field: 0 for field in fields}, names, 0, server.epoch, False), None, rng)


class Liar:
    """What a desk with a key says of what it replaces, when it lies."""

    def __init__(self):
        self.announced = {}         # (record, field) -> a dot that was named before it was drawn, and the change that named it

    def lie(self, world, change, rng):
        names = {field: dict(dots) for field, dots in change.names.items()}
        dot = change.dot
        for field in sorted(names):
            how, key = rng.random(), (change.rec, field)
            if key in self.announced and rng.random() < .7:
                dot, first = self.announced.pop(key)        # two that name each other
                names[field].update(dict.fromkeys([first.dot, *first.names.get(field, ())]))
            elif how < .25:
                names[field] = {}
            elif how < .45:
                names[field].update(dict.fromkeys(one.dot for one in rng.sample(world.ever, min(len(world.ever), 5)) if one.values))
            elif how < .6:
                names[field].update(dict.fromkeys(rng.randrange(1 << 60) for _ in range(3)))
            elif how < .7:
                names[field][dot] = None
            elif how < .9:
                announced = rng.randrange(1 << 60)
                names[field][announced] = None
                self.announced[key] = announced, change._replace(names=names)
        if rng.random() < .1 and world.reuses:
            taken = [one for one in world.ever if one.rec == change.rec and one.values and one.dot not in world.oracle.lied]
            if taken:
                dot = rng.choice(taken).dot
                world.oracle.lied.add(dot)
                world.caused = True
        world.oracle.lied.update(*names.values())
        return change._replace(dot=dot, names=names)
