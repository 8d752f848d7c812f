"""Every order of a few actions of two desks on one field, to a depth."""

import itertools

from history import Broken, World
from rules import switched_off

FAULTS = {'lose answer 0', 'lose answer 1', 'write refused 0', 'put server back', 'put desk back', 'copy desk'}
FREE = {'write 0', 'write 1', 'sync 0', 'sync 1', 'save server', 'save desk'}
NEEDS = {'put server back': 'save server', 'put desk back': 'save desk', 'copy desk': 'save desk'}


def sensible(order):
    """Leaves out orders that say nothing new: backups never used, too many faults for the depth."""
    writes = sum(action.startswith('write') for action in order)
    faults = sum(action in FAULTS for action in order)
    saves = order.count('save server') + order.count('save desk')
    if writes > 3 or not 0 < faults <= 2 or saves > 2:
        return False
    if any(fault in order and save not in order[:order.index(fault)] for fault, save in NEEDS.items()):
        return False
    used = {NEEDS.get(action) for action in order}
    return all(save not in order or save in used for save in ('save server', 'save desk'))


def act(world, action):
    world.now += 7
    desk = world.desks[1 if action.endswith('1') else 0]
    if action.startswith('write'):
        world.write(desk, [(0, (), ['a'])], bad='refused' in action)
    elif action.startswith('sync'):
        world.exchange(desk, 0)
    elif action.startswith('lose'):
        world.exchange(desk, .9)
    elif action == 'save desk':
        world.backups.append(world.desks[0].copy())
    elif action == 'put desk back':
        world.desks[0] = world.backups[-1].copy()
        world.oracle.disk_lost(world.server, world.desks)
    else:
        {'save server': world.save_server, 'put server back': world.put_server_back, 'copy desk': world.copy_desk}[action]()


def search(depth):
    tried, broken = 0, []
    for order in itertools.product(sorted(FAULTS | FREE), repeat=depth):
        if not sensible(order):
            continue
        world = World(tried, 0, features={'faults'})
        world.caused = True
        world.add_desk(), world.add_desk()
        tried += 1
        try:
            for action in order:
                act(world, action)
            world.finish()
        except Broken as what:
            broken.append((what.args[0], order))
    print(f'{tried} orders of {depth} actions, without {switched_off() or "nothing"}: {len(broken)} broken, first {broken[:1]}')
    return bool(broken)
