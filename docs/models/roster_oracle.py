"""What must hold at any time, and at the end."""

import roster_chain
from roster_chain import state_of


class Broken(Exception):
    pass


def let_in(world, chain):
    """Devices that a chain lets in by entries that may do so, whatever rules are switched off."""
    if chain not in world.verified:
        switched = set(roster_chain.off)
        roster_chain.off.discard('authority')
        devices, good = {chain[0].arg[0], chain[0].arg[1]}, chain[:1]
        roster_chain.state_of.cache_clear()
        for new in chain[1:]:
            if not roster_chain.is_valid(new, state_of(good)):
                break
            good += (new,)
            if new.kind in ('admit', 'recover'):
                devices |= {new.arg[0], new.arg[1]} if new.kind == 'recover' else {new.arg[0]}
        roster_chain.off |= switched
        world.verified[chain] = devices
    return world.verified[chain]


def check_now(world):
    for desk in world.desks.values():
        world.let_in |= let_in(world, desk.chain)
    for device, _, key in world.disk:
        if device not in world.let_in:
            raise Broken('somebody has a key whom no entry let in')
    for note, key, _ in world.sealed:
        if key == world.fake:
            raise Broken('something was sealed under a key that the server knows')


def opens(world, device):
    """All keys that somebody who has the server's disk, and was removed, can come to."""
    known = {key for holder, _, key in world.disk if holder == device}
    desk = world.desks.get(device)
    if desk:
        known |= set(desk.secrets().values())
    entries = {new for chain in [world.server.chain, *(desk.chain for desk in world.desks.values())] for new in chain if new.before}
    while True:
        before = {new.before for new in entries if new.key in known} - known
        if not before:
            return known
        known |= before


def check_end(world):
    chain = world.server.chain
    state = state_of(chain)
    present = [desk for desk in world.desks.values() if desk.id in state.present and not desk.dead]
    for desk in present:
        if desk.stopped:
            raise Broken('a desk has stopped, and nobody can settle it')
        if desk.chain != chain:
            raise Broken('a desk has another roster, and does not say so')
        if desk.newest() is None:
            if not any(one.newest() for one in present) and not any(box[0] == state.recovery for box in world.server.boxes):
                # The only computers that had the newest key are lost, and the server was put back to before the sheet's boxes.
                world.counters['beyond recovery'] += 1
                return
            raise Broken('a desk can never write to the line again')
    check_removed(world, state)
    check_lost(world, state, present)


def check_removed(world, state):
    for device in world.desks:
        known = opens(world, device)
        for note, key, gone in world.sealed:
            if device in gone and key in known:
                raise Broken('somebody opens what was sealed by a writer who knew of the removal')
    for lead, device, _ in world.removals:
        if device in state.present and lead in state.leads and not world.desks[lead].dead:
            raise Broken('a removal was undone, and nobody was told')


def check_lost(world, state, present):
    removed = {device for _, device, _ in world.removals}
    alive = {desk.id for desk in world.desks.values() if not desk.dead}
    for device, lead in world.admitted.items():
        if device not in state.present | removed | world.told and lead in state.leads & alive:
            raise Broken('an admission was lost and has not come back')
    shown = set.intersection(*(desk.table for desk in present)) if present else set()
    for note, device in world.written.items():
        if device in state.present and not world.desks[device].dead and note not in shown:
            raise Broken('a note that was written is not shown everywhere')
