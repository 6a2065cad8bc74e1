"""A day as flat arrays: what the kernels read and never write.

Nodes are numbered: stops first, then two a vehicle (where it leaves, where it ends), then the
returns to the depot between trips, ``trips - 1`` a vehicle. Times are seconds of the service day,
costs pesos. ``b`` counts breaks taken, ``dim`` is one measure of load.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from promesa.routing.engine.arena import INTEGER, NUMBER, Field, define
from promesa.routing.problem import BREAKS_MAX

# Later than any day ends: an instant that never comes. Sums of a few still fit in 32 bits.
NEVER = 400_000_000
# What breaks a limit costs more than anything.
IMPOSSIBLE = 1e15
NOWHERE = -1
MEASURES_MAX = 3

SLICES, RATES, PLANE, GLOBE = 0, 1, 2, 3

# Only what is large is narrow. Everything else has one width: numba compiles a kernel anew for
# each width of its arguments.
Shorts = NDArray[np.int32]
Ints = NDArray[np.int64]
Floats = NDArray[np.float64]
# Numba reads the fields of a record as attributes; no type checker knows them.
Records = Any


# One record a node. Times are seconds of the day.
NODE = np.dtype(
    [
        # Its place; NOWHERE where a route ends at its last stop.
        ("place", np.int64),
        ("service", np.int64),
        # Of the first and the last window.
        ("opens", np.int64),
        ("closes", np.int64),
        # Where its windows begin and end in the list of spans.
        ("spans_first", np.int64),
        ("spans_end", np.int64),
        # Row of Day.allows, column of Day.unfamiliar, and the bond or -1.
        ("rights", np.int64),
        ("area", np.int64),
        ("bond", np.int64),
        # Vehicle and position in the plan already given; home is -1 for none.
        ("home", np.int64),
        ("rank", np.int64),
        # Likewise the windows that its recipient was told; both the same where there are none.
        ("told_first", np.int64),
        ("told_end", np.int64),
        # Whose rates hold when leaving it.
        ("group", np.int64),
        # What leaving it out costs, pesos to the nearest depot, coordinates.
        ("price", np.float64),
        ("far", np.float64),
        ("x", np.float64),
        ("y", np.float64),
        # Loads: delivered, picked up, carried to another stop or, below 0, from it.
        ("delivered", np.int64, (MEASURES_MAX,)),
        ("picked", np.int64, (MEASURES_MAX,)),
        ("carried", np.int64, (MEASURES_MAX,)),
    ]
)

# One record a vehicle. Prices are pesos; limits are NEVER where there is none.
VAN = np.dtype(
    [
        ("fixed", np.float64),
        ("per_second", np.float64),
        ("per_metre", np.float64),
        ("overtime_per_second", np.float64),
        # Vehicles of one kind are alike.
        ("kind", np.int64),
        ("ready", np.int64),
        ("latest_start", np.int64),
        # Where overtime begins, and where it ends at the latest.
        ("shift_end", np.int64),
        ("limit", np.int64),
        ("driving_max", np.int64),
        ("duty_max", np.int64),
        # What of those two is spent already.
        ("driven", np.int64),
        ("on_duty", np.int64),
        ("stops_max", np.int64),
        ("trips_max", np.int64),
        # How many breaks it takes, and how many it has had.
        ("breaks", np.int64),
        ("taken", np.int64),
        ("_", np.int64),
        ("rest_start", np.int64, (BREAKS_MAX,)),
        ("rest_end", np.int64, (BREAKS_MAX,)),
        ("rest_s", np.int64, (BREAKS_MAX,)),
        # What it can hold, and what stays aboard all day.
        ("holds", np.int64, (MEASURES_MAX,)),
        ("aboard", np.int64, (MEASURES_MAX,)),
    ]
)


class Day(NamedTuple):
    """The whole.

    Attributes:
        stops, vehicles, kinds, trips, labels, dims: Counts; labels is breaks + 1.
        by_arcs: 1 where a route's cost is the sum of its arcs, whatever the hour.
        mixed: 1 where something is picked up or carried.
        has_windows: 1 where time can forbid anything.
        has_limits: 1 where a driver may drive or be out only so long.
        node: NODE, [node]. van: VAN, [vehicle].
        spans: int64, [window, 2], opening and closing, node after node, then what was told.
        allows: uint8, [rights, vehicle].
        unfamiliar: float64, [vehicle, area], what a visit there counts.
        near: int32, [stop, k], the stops most likely beside it, nearest first.
        ways: int32, [stop, k, 4], usual metres from that neighbour to the stop and back, then the
            fewest seconds at any hour, likewise.
        mode: How travel is told: SLICES interpolates between instants, RATES consumes free-flow
            seconds at a rate per group of origins and period, PLANE measures coordinates,
            GLOBE degrees.
        usual: int32, [place, place, 2], metres in the middle of the day (free-flow seconds in
            RATES), then the fewest seconds at any hour, -1 where there is no way; row = origin.
            Side by side, since most of what a search asks is answered here; one number where they
            are the same.
        seconds: int32, [place, place, slice]; a single nought where the hour changes nothing.
        metres: int32, [place, place, slice], likewise.
        tolls: int32, [place, place, slice], pesos; a single nought where there are none.
        clock: int64, instants of the slices, then for each minute of the day its slice.
        slices: How many.
        rates: float64, [group, period], share of free-flow speed; above 0.
        period_s: How long a period lasts.
        pays_seconds: 1 where a second driven counts as a metre.
        detour, seconds_per_unit: PLANE and GLOBE only, as in ``routing.plane``.
        members: int64, bonded stops, bond after bond; bonds: int64, [bond, 3], where its members
            begin and end, and whether they keep their order.
        change_vehicle, change_order, change_window: Pesos for each change to the plan given.
        balance_stop, balance_hour: Pesos for a squared stop or hour away from the mean.
        least_per_metre: Pesos of the vehicle that is cheapest to drive.
        order: int64, [stop], the problem's stop of each node.
        scale: Mean pesos between neighbours.
    """

    stops: int
    vehicles: int
    kinds: int
    trips: int
    labels: int
    dims: int
    by_arcs: int
    mixed: int
    has_windows: int
    has_limits: int
    mode: int
    slices: int
    period_s: int
    pays_seconds: int
    detour: float
    seconds_per_unit: float
    usual: Shorts
    seconds: Shorts
    metres: Shorts
    tolls: Shorts
    clock: Ints
    rates: Floats
    node: Records
    van: Records
    spans: Ints
    allows: NDArray[np.uint8]
    unfamiliar: Floats
    near: Shorts
    ways: Shorts
    members: Ints
    bonds: Ints
    change_vehicle: float
    change_order: float
    change_window: float
    balance_stop: float
    balance_hour: float
    least_per_metre: float
    order: Ints
    scale: float


DAY_FIELDS: dict[str, Field] = {
    "stops": INTEGER,
    "vehicles": INTEGER,
    "kinds": INTEGER,
    "trips": INTEGER,
    "labels": INTEGER,
    "dims": INTEGER,
    "by_arcs": INTEGER,
    "mixed": INTEGER,
    "has_windows": INTEGER,
    "has_limits": INTEGER,
    "mode": INTEGER,
    "slices": INTEGER,
    "period_s": INTEGER,
    "pays_seconds": INTEGER,
    "detour": NUMBER,
    "seconds_per_unit": NUMBER,
    "usual": (np.int32, 3),
    "seconds": (np.int32, 3),
    "metres": (np.int32, 3),
    "tolls": (np.int32, 3),
    "clock": (np.int64, 1),
    "rates": (np.float64, 2),
    "node": (NODE, 1),
    "van": (VAN, 1),
    "spans": (np.int64, 2),
    "allows": (np.uint8, 2),
    "unfamiliar": (np.float64, 2),
    "near": (np.int32, 2),
    "ways": (np.int32, 3),
    "members": (np.int64, 1),
    "bonds": (np.int64, 2),
    "change_vehicle": NUMBER,
    "change_order": NUMBER,
    "change_window": NUMBER,
    "balance_stop": NUMBER,
    "balance_hour": NUMBER,
    "least_per_metre": NUMBER,
    "order": (np.int64, 1),
    "scale": NUMBER,
}
as_day = define("Day", DAY_FIELDS)
