"""Generated routing problems with every constraint, and with what is extreme about each.

Days may be empty, places twice the same or out of reach, windows past, vans without room. All are
valid (``validation`` finds no fault in them). Times between slices keep FIFO, if narrowly.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from hypothesis import strategies as st
from numpy.typing import NDArray

from promesa.domain.fleet import Load
from promesa.routing.matrix import Matrix
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.problem import (
    NOTHING,
    Balance,
    Bond,
    Break,
    Depot,
    Problem,
    Stop,
    Vehicle,
    Window,
)

HOUR_S = 3_600
MINUTE_S = 60
SKILLS = ("cold", "heavy")
AREAS = ("norte", "sur")
# A leg's most seconds; at most so much is between two slices, so that FIFO holds.
LEG_MAX_S = 2_700
SLICE_S = 1_800


@st.composite
def problems(
    draw: st.DrawFn,
    *,
    stops_max: int = 9,
    vehicles_max: int = 4,
    with_hours: bool = True,
    with_islands: bool = True,
    with_breaks: bool = True,
    with_trips: bool = True,
    with_bonds: bool = True,
    with_open_ends: bool = True,
    with_rights: bool = True,
    with_limits: bool = True,
) -> Problem:
    """A day of a few vans; each ``with_`` lets a noun in.

    Args:
        draw: Hypothesis' own.
        stops_max: How many stops at most.
        vehicles_max: How many vehicles at most.
        with_hours: Times that change with the hour.
        with_islands: Places without a way.
        with_breaks: Up to three breaks a vehicle.
        with_trips: Several trips, loading times.
        with_bonds: Stops bound together, in order or not, with something carried between them.
        with_open_ends: Routes that end anywhere.
        with_rights: Skills, pins, exclusions.
        with_limits: Overtime, latest start, most driving, most duty, most stops.
    """
    # Half of the nouns at a time, or hardly any day could be kept at all.
    lets = (with_hours, with_islands, with_breaks, with_trips, with_bonds, with_rights, with_limits)
    with_hours, with_islands, with_breaks, with_trips, with_bonds, with_rights, with_limits = (
        is_let and draw(st.booleans()) for is_let in lets
    )
    depots = draw(st.integers(1, 2))
    stops = draw(_mostly_many(stops_max))
    places = depots + draw(st.sampled_from([stops, stops, (stops + 1) // 2, min(stops, 1)]))
    fleet = range(draw(st.integers(1, vehicles_max)))
    vans = [draw(_vehicles(number, depots)) for number in fleet]
    if with_breaks:
        vans = [replace(van, breaks=draw(breaks())) for van in vans]
    if with_trips:
        vans = [draw(_with_trips(van)) for van in vans]
    if with_open_ends:
        vans = [replace(van, end_depot=draw(_or_none(st.just(van.end_depot)))) for van in vans]
    if with_limits:
        vans = [draw(_limited(van)) for van in vans]
    visits = [draw(_stops(number, depots, places)) for number in range(stops)]
    if with_rights:
        vans = [draw(_skilled(van)) for van in vans]
        visits = [draw(_with_rights(stop, vans)) for stop in visits]
    return Problem(
        travel=draw(travels(places, with_hours=with_hours, with_islands=with_islands)),
        depots=tuple(draw(_depots(number)) for number in range(depots)),
        vehicles=tuple(vans),
        stops=tuple(visits),
        bonds=draw(_bonds(stops)) if with_bonds else (),
        balance=Balance(
            stop_price_clp=draw(st.sampled_from([0, 0, 500])),
            hour_price_clp=draw(st.sampled_from([0, 0, 4_000])),
        ),
    )


@st.composite
def long_days(draw: st.DrawFn, *, stops_max: int = 4) -> tuple[Problem, tuple[int, ...]]:
    """One van, promises spread over its day, breaks among them, and its stops in their order.

    It leaves early and comes back late, so that breaks are had on the road or not at all.
    """
    stops = draw(st.integers(2, stops_max))
    visits = []
    for number in range(stops):
        start_s = 8 * HOUR_S + number * draw(st.sampled_from([HOUR_S, HOUR_S, 2_400]))
        end_s = start_s + draw(st.sampled_from([0, 600, HOUR_S, 2 * HOUR_S]))
        again = Window(start_s=end_s + HOUR_S, end_s=end_s + 2 * HOUR_S)
        spans = (Window(start_s=start_s, end_s=end_s), again)
        visits.append(
            Stop(
                id=f"P-{number}",
                location=number + 1,
                windows=spans[: draw(st.sampled_from([1, 1, 1, 2, 0]))],
                service_time_s=draw(st.sampled_from([0, 120, 600])),
            )
        )
    start_s = 8 * HOUR_S - draw(st.sampled_from([0, 900, 2 * HOUR_S]))
    van = Vehicle(
        id="V-0",
        start_depot=0,
        end_depot=draw(_or_none(st.just(0))),
        capacity=NOTHING,
        shift_start_s=start_s,
        shift_end_s=20 * HOUR_S,
        latest_start_s=draw(_or_none(st.sampled_from([0, 900, HOUR_S]).map(start_s.__add__))),
        breaks=draw(breaks(first_hour=8, last_hour=10)),
        trips_max=3,
        loading_time_s=draw(st.sampled_from([0, 300, 1_800])),
    )
    problem = Problem(
        travel=draw(travels(stops + 1, with_hours=draw(st.booleans()), with_islands=False)),
        depots=(draw(_depots(0)),),
        vehicles=(van,),
        stops=tuple(visits),
    )
    return problem, draw(_with_returns(list(range(stops)), draw(st.sampled_from([1, 2, 3]))))


@st.composite
def sequences(draw: st.DrawFn, problem: Problem) -> Sequences:
    """Stops dealt to vehicles in any order, bound ones mostly together, with returns between."""
    left = draw(st.permutations(range(len(problem.stops))))
    kept = left[: draw(_mostly_many(len(left)))]
    units = [draw(_unit_of(problem, stop)) for stop in kept]
    dealt: dict[int, list[int]] = {vehicle: [] for vehicle in range(len(problem.vehicles))}
    seen: set[int] = set()
    for unit in units:
        fresh = [stop for stop in unit if stop not in seen]
        dealt[draw(st.integers(0, len(problem.vehicles) - 1))] += fresh
        seen.update(fresh)
    return {
        vehicle: draw(_with_returns(stops, problem.vehicles[vehicle].trips_max))
        for vehicle, stops in dealt.items()
        if stops
    }


@st.composite
def travels(draw: st.DrawFn, places: int, *, with_hours: bool, with_islands: bool) -> Matrix:
    """Asymmetric times that need keep no triangle, two doors of one place, no way, gates."""
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    longest_s = draw(st.sampled_from([0, 300, LEG_MAX_S]))
    first = rng.integers(0, longest_s + 1, (places, places))
    slices = draw(st.integers(1, 4)) if with_hours else 1
    seconds = [first]
    for _ in range(slices - 1):
        change = rng.integers(-SLICE_S, SLICE_S + 1, (places, places))
        seconds.append(np.clip(seconds[-1] + change, 0, 2 * LEG_MAX_S))
    is_out = _unreachable(draw, rng, places) if with_islands else np.zeros((places, places), bool)
    for square in seconds:
        square[is_out] = -1
        np.fill_diagonal(square, 0)
    metres = [np.where(square < 0, -1, square * 8) for square in seconds]
    start_s = draw(st.sampled_from([0, 7 * HOUR_S, 9 * HOUR_S, 12 * HOUR_S]))
    departures_s = [start_s + number * SLICE_S for number in range(slices)]
    travel = Matrix.of(
        [square.astype(np.int32) for square in seconds],
        [square.astype(np.int32) for square in metres],
        departures_s,
    )
    gates = rng.integers(0, 4, travel.seconds.shape) == 0
    tolls = np.where(gates, draw(st.sampled_from([500, 20_000])), 0).astype(np.int32)
    return replace(travel, tolls=tolls) if draw(st.booleans()) else travel


@st.composite
def breaks(draw: st.DrawFn, *, first_hour: int = 7, last_hour: int = 15) -> tuple[Break, ...]:
    """Up to three breaks that can be taken one after the other, wide spans and exact ones."""
    made: list[Break] = []
    rested_s = 0
    for _ in range(draw(st.sampled_from([1, 1, 2, 3, 0]))):
        duration_s = draw(st.sampled_from([1_800, 3_600, 600, 1]))
        start_s = draw(st.integers(first_hour, last_hour)) * HOUR_S
        rested_s = max(rested_s, start_s) + duration_s
        end_s = rested_s + draw(st.sampled_from([3 * HOUR_S, HOUR_S, 60, 0]))
        made.append(Break(start_s=start_s, end_s=end_s, duration_s=duration_s))
    return tuple(made)


@st.composite
def windows(draw: st.DrawFn) -> tuple[Window, ...]:
    """None, one or several: wide, an instant, long past, after everybody is home, crossing."""
    spans = []
    for _ in range(draw(st.sampled_from([0, 0, 1, 1, 2, 3]))):
        start_s = draw(st.sampled_from([8, 9, 10, 11, 12, 14, 16, 7, 0, 23])) * HOUR_S
        start_s += draw(st.sampled_from([0, 0, 17 * MINUTE_S]))
        length_s = draw(st.sampled_from([3 * HOUR_S, 10 * HOUR_S, HOUR_S, 20 * MINUTE_S, 0]))
        spans.append(Window(start_s=start_s, end_s=start_s + length_s))
    return tuple(spans)


@st.composite
def loads(draw: st.DrawFn) -> Load:
    """Often nothing, in three measures."""
    if draw(st.booleans()):
        return NOTHING
    return Load(
        parcels=draw(st.integers(0, 4)),
        weight_g=draw(st.sampled_from([0, 1, 9_000, 30_000])),
        volume_ml=draw(st.sampled_from([0, 1, 40_000, 90_000])),
    )


def _mostly_many(most: int) -> st.SearchStrategy[int]:
    """Every count up to the most, the upper half more often."""
    return st.one_of(st.integers((most + 1) // 2, most), st.integers(0, most))


def _or_none(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.one_of(st.none(), values)


def _skills(size_max: int) -> st.SearchStrategy[frozenset[str]]:
    return st.frozensets(st.sampled_from(SKILLS), max_size=size_max)


@st.composite
def _with_trips(draw: st.DrawFn, van: Vehicle) -> Vehicle:
    loading_time_s = draw(st.sampled_from([0, 900, 3_600]))
    return replace(van, trips_max=draw(st.integers(1, 3)), loading_time_s=loading_time_s)


@st.composite
def _skilled(draw: st.DrawFn, van: Vehicle) -> Vehicle:
    areas = draw(st.frozensets(st.sampled_from(AREAS)))
    return replace(van, skills=draw(_skills(2)), areas=areas)


def _unreachable(draw: st.DrawFn, rng: np.random.Generator, places: int) -> NDArray[np.bool_]:
    share = draw(st.sampled_from([0.1, 0.3, 1.0]))
    is_out: NDArray[np.bool_] = rng.random((places, places)) < share
    return is_out


@st.composite
def _depots(draw: st.DrawFn, number: int) -> Depot:
    open_s, close_s = draw(st.sampled_from([(0, 24), (0, 24), (8, 20), (9, 13)]))
    return Depot(
        id=f"D-{number}", location=number, open_s=open_s * HOUR_S, close_s=close_s * HOUR_S
    )


@st.composite
def _vehicles(draw: st.DrawFn, number: int, depots: int) -> Vehicle:
    room = draw(st.sampled_from([100, 8, 8, 1, 0]))
    start_s = draw(st.sampled_from([7, 8, 10])) * HOUR_S
    return Vehicle(
        id=f"V-{number}",
        start_depot=draw(st.integers(0, depots - 1)),
        end_depot=draw(st.integers(0, depots - 1)),
        capacity=Load(
            parcels=room,
            weight_g=60_000 * room,
            volume_ml=draw(st.sampled_from([100_000, 1_000_000])),
        ),
        shift_start_s=start_s,
        shift_end_s=start_s
        + draw(st.sampled_from([10 * HOUR_S, 10 * HOUR_S, 5 * HOUR_S, HOUR_S, 1])),
        fixed_cost_clp=draw(st.sampled_from([0, 20_000])),
        hour_cost_clp=draw(st.sampled_from([0, 5_500])),
        km_cost_clp=draw(st.sampled_from([0, 130])),
        unfamiliar_price_clp=draw(st.sampled_from([0, 800])),
    )


@st.composite
def _limited(draw: st.DrawFn, van: Vehicle) -> Vehicle:
    return replace(
        van,
        latest_start_s=draw(
            _or_none(st.sampled_from([9 * HOUR_S, HOUR_S, 60, 0]).map(van.shift_start_s.__add__))
        ),
        overtime_max_s=draw(st.sampled_from([0, 0, 60, 2 * HOUR_S])),
        overtime_hour_cost_clp=draw(st.sampled_from([0, 9_000])),
        driving_max_s=draw(_or_none(st.sampled_from([6 * HOUR_S, 4 * HOUR_S, HOUR_S, 0]))),
        duty_max_s=draw(_or_none(st.sampled_from([9 * HOUR_S, 6 * HOUR_S, HOUR_S, 0]))),
        stops_max=draw(_or_none(st.integers(1, 5))),
    )


@st.composite
def _stops(draw: st.DrawFn, number: int, depots: int, places: int) -> Stop:
    return Stop(
        id=f"P-{number}",
        location=draw(st.integers(depots, places - 1)),
        delivered=draw(loads()),
        picked_up=draw(loads()),
        windows=draw(windows()),
        service_time_s=draw(st.sampled_from([120, 900, 900, HOUR_S, 1, 0, 5 * HOUR_S])),
        unserved_price_clp=draw(_or_none(st.sampled_from([0, 3_000, 60_000]))),
        area=draw(st.sampled_from(["", *AREAS])),
    )


@st.composite
def _with_rights(draw: st.DrawFn, stop: Stop, vans: list[Vehicle]) -> Stop:
    ids = [van.id for van in vans]
    return replace(
        stop,
        skills=draw(_skills(1)) if draw(st.booleans()) else frozenset(),
        pinned_vehicle=draw(st.sampled_from([None, None, None, None, *ids])),
        excluded_vehicles=draw(st.frozensets(st.sampled_from([*ids, "V-elsewhere"]), max_size=1)),
    )


@st.composite
def _bonds(draw: st.DrawFn, stops: int) -> tuple[Bond, ...]:
    order = draw(st.permutations(range(stops)))
    made, place = [], 0
    for _ in range(draw(st.integers(0, 2))):
        size = draw(st.integers(2, 3))
        if place + size > stops:
            break
        in_order = draw(st.booleans())
        carried = draw(loads()) if in_order else NOTHING
        members = tuple(order[place : place + size])
        made.append(Bond(stops=members, in_order=in_order, carried=carried))
        place += size
    return tuple(made)


@st.composite
def _unit_of(draw: st.DrawFn, problem: Problem, stop: int) -> tuple[int, ...]:
    """Four times in five those that belong together, as they should be."""
    return problem.bound_to(stop) if draw(st.integers(0, 4)) else (stop,)


@st.composite
def _with_returns(draw: st.DrawFn, stops: list[int], trips_max: int) -> tuple[int, ...]:
    """Returns between the stops, now and then one too many."""
    if trips_max == 1 and draw(st.integers(0, 9)):
        return tuple(stops)
    gaps = draw(st.sets(st.integers(1, len(stops)), max_size=trips_max))
    steps: list[int] = []
    for number, stop in enumerate(stops):
        steps += [RELOAD, stop] if number in gaps else [stop]
    return tuple(steps)
