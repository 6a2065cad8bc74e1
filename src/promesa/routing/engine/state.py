"""Where a search stands: routes as linked lists, with what each node knows of its route."""

from __future__ import annotations

from typing import NamedTuple

import numpy as np

from promesa.routing.engine.arena import Field, define
from promesa.routing.engine.compiled import inlined, kernel, records
from promesa.routing.engine.day import NEVER, Day, Floats, Ints, Records
from promesa.routing.problem import BREAKS_MAX

NONE = -1


# One record a node. What the search asks of every neighbour fills the first 64 bytes.
LINK = np.dtype(
    [
        # The next and the previous node; NONE at the ends and for who is left out.
        ("after", np.int64),
        ("before", np.int64),
        # Whose route it is in, NONE for who is left out; index of its trip, vehicle by vehicle.
        ("vehicle", np.int64),
        ("trip", np.int64),
        # Pesos of the way to the next node at the usual hour, and from the previous one.
        ("arc", np.float64),
        ("arc_before", np.float64),
        # ``early`` before any break, and ``late`` after them all: none is earlier or later.
        ("soonest", np.int64),
        ("latest", np.int64),
        # With so many breaks taken, the earliest second of leaving it, and the latest arrival
        # from which all goes well.
        ("early", np.int64, (BREAKS_MAX + 1,)),
        ("late", np.int64, (BREAKS_MAX + 1,)),
        # Its own number, and 1 for stops that the last accepted step left out.
        ("self", np.int64),
        ("absent", np.int64),
        # Of the way to the next node: the slice it was last driven in and the seconds at both its
        # ends, the slice it was last paid for in and its metres and gates; NONE for not yet.
        ("leg", np.int64),
        ("leg_s", np.int64, (2,)),
        ("paid_leg", np.int64),
        ("leg_m", np.int64),
        ("leg_toll", np.int64),
    ]
)

# One record a vehicle.
ROUTE = np.dtype(
    [
        ("cost", np.float64),
        # Out of the depot; reckoned only where hours are balanced.
        ("hours", np.float64),
        # Steps in which it was last written down, and last ruined.
        ("written", np.int64),
        ("ruined", np.int64),
        ("stops", np.int64),
        ("trips_used", np.int64),
        # 1 if it has changed since the best plan was kept.
        ("is_dirty", np.int64),
        # 1 if its route is not to be emptied.
        ("is_kept", np.int64),
        # The return that last found its driver may not be out so long; see ``recreate``.
        ("refused", np.int64),
    ]
)


class State(NamedTuple):
    """The routes.

    Attributes:
        node: LINK, [node]. van: ROUTE, [vehicle].
        load: int64, [trip, dim], what leaves the depot.
        peaks: int64, [node, 2, dim], the most aboard from the trip's start to leaving the node,
            and from then to its end.
        idle: int64, [kind, vehicle + 1], stacks of vehicles without stops; the count stands last.
        left_price: float64, [1], pesos for all that are left out.
        labels: int64, [row, b, 2], scratch of ``costs``.
    """

    node: Records
    van: Records
    load: Ints
    peaks: Ints
    idle: Ints
    left_price: Floats
    labels: Ints


STATE_FIELDS: dict[str, Field] = {
    "node": (LINK, 1),
    "van": (ROUTE, 1),
    "load": (np.int64, 2),
    "peaks": (np.int64, 3),
    "idle": (np.int64, 2),
    "left_price": (np.float64, 1),
    "labels": (np.int64, 3),
}
as_state = define("State", STATE_FIELDS)


def blank_state(day: Day) -> State:
    """All vehicles idle, all stops left out; labels and caches still unset."""
    nodes, trips = len(day.node), day.vehicles * day.trips
    node = records(nodes, LINK)
    for field in ("after", "before", "vehicle", "trip", "leg", "paid_leg"):
        node[field] = NONE
    node["self"] = np.arange(nodes)
    node["early"], node["late"] = NEVER, -NEVER
    return State(
        node=node,
        van=records(day.vehicles, ROUTE),
        load=np.zeros((trips, day.dims), np.int64),
        peaks=np.zeros((nodes if day.mixed else 1, 2, day.dims), np.int64),
        idle=np.zeros((day.kinds, day.vehicles + 1), np.int64),
        left_price=np.array([day.node["price"][: day.stops].sum()]),
        labels=np.zeros((day.stops + day.trips + 2, day.labels, 2), np.int64),
    )


@inlined
def first_node(day: Day, vehicle: int) -> int:
    """The node a vehicle leaves from; its end is the next one."""
    return day.stops + 2 * vehicle


@kernel
def count_idle(day: Day, state: State) -> None:
    """Rebuilds the stacks of vehicles without stops, the first vehicle of a kind on top."""
    state.idle[:, day.vehicles] = 0
    for vehicle in range(day.vehicles - 1, -1, -1):
        if state.van[vehicle].stops == 0:
            push_idle(day, state, vehicle)


@inlined
def top_idle(day: Day, state: State, kind: int) -> int:
    """A vehicle of the kind without stops, or NONE."""
    count = state.idle[kind, day.vehicles]
    return state.idle[kind, count - 1] if count > 0 else NONE


@kernel
def push_idle(day: Day, state: State, vehicle: int) -> None:
    """The vehicle has no stops any more."""
    kind = day.van[vehicle].kind
    count = state.idle[kind, day.vehicles]
    state.idle[kind, count] = vehicle
    state.idle[kind, day.vehicles] = count + 1


@kernel
def drop_idle(day: Day, state: State, vehicle: int) -> None:
    """The vehicle has stops now."""
    kind = day.van[vehicle].kind
    count = state.idle[kind, day.vehicles] - 1
    place = count
    while state.idle[kind, place] != vehicle:
        place -= 1
    state.idle[kind, place] = state.idle[kind, count]
    state.idle[kind, day.vehicles] = count
