"""The legs that routes drive, remembered beside their nodes.

A route is walked over and over, its legs looked up in tables far too large for the cache; but
most of them are driven in the same slice of the day as the last time. `links.follow` forgets the
leg of a node that is given another next one.
"""

from __future__ import annotations

from promesa.routing.engine.compiled import inlined, kernel
from promesa.routing.engine.day import NEVER, NOWHERE, SLICES, Day
from promesa.routing.engine.state import NONE, State
from promesa.routing.engine.travel import (
    arrive,
    arrive_in_slice,
    in_slice,
    leave,
    leave_in_slice,
    metres,
    slice_at,
    slice_before,
    toll,
)


@inlined
def arrive_next(day: Day, state: State, node: int, departure: int) -> int:
    """When who leaves the node then arrives at its next one; NEVER or later for no way."""
    following = state.node[node].after
    if not _is_remembered(day, node, following) or departure >= NEVER:
        return arrive(day, node, following, departure)
    k = slice_at(day, departure)
    _remember(day, state, node, k)
    leg = state.node[node].leg_s
    return arrive_in_slice(day, k, leg[0], leg[1], departure)


@inlined
def leave_next(day: Day, state: State, node: int, due: int) -> int:
    """The last second to leave the node and be at its next one by ``due``; below 0 if none."""
    following = state.node[node].after
    if not _is_remembered(day, node, following) or due < 0:
        return leave(day, node, following, due)
    k, leg = state.node[node].leg, state.node[node].leg_s
    if k == NONE or not _leaves_in(day, k, leg[0], leg[1], due):
        k = slice_before(day, day.node[node].place, day.node[following].place, due)
        _remember(day, state, node, k)
    return leave_in_slice(day, k, leg[0], leg[1], due)


@inlined
def paid_next(day: Day, state: State, node: int, departure: int, arrival: int) -> tuple[int, int]:
    """Metres of the way to the next node at that hour, and pesos at its gates."""
    following = state.node[node].after
    if day.pays_seconds == 1:
        return arrival - departure, toll(day, node, following, departure)
    if not _is_remembered(day, node, following):
        gates = toll(day, node, following, departure)
        return metres(day, node, following, departure), gates
    k = slice_at(day, departure)
    if state.node[node].paid_leg != k:
        state.node[node].paid_leg = k
        state.node[node].leg_m = metres(day, node, following, departure)
        state.node[node].leg_toll = toll(day, node, following, departure)
    return state.node[node].leg_m, state.node[node].leg_toll


@inlined
def _is_remembered(day: Day, node: int, following: int) -> bool:
    """Where the hour changes nothing, looking the leg up is as quick."""
    if day.mode != SLICES or day.slices == 1:
        return False
    return day.node[node].place != NOWHERE and day.node[following].place != NOWHERE


@inlined
def _leaves_in(day: Day, k: int, earlier: int, later: int, due: int) -> bool:
    """Whether who is to arrive by then leaves in that slice."""
    if earlier < 0 or later < 0:
        return False
    if k > 0 and day.clock[k] + earlier > due:
        return False
    return k + 1 == day.slices or day.clock[k + 1] + later > due


@kernel
def _remember(day: Day, state: State, node: int, k: int) -> None:
    if state.node[node].leg == k:
        return
    following = state.node[node].after
    earlier, later = in_slice(day, day.node[node].place, day.node[following].place, k)
    state.node[node].leg = k
    state.node[node].leg_s[0], state.node[node].leg_s[1] = earlier, later
