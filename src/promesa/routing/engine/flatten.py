"""From a routing problem in our nouns to flat arrays."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from promesa.domain.fleet import MEASURES, Load
from promesa.kernel.units import HOUR_S, KM_M
from promesa.routing.engine.compiled import records
from promesa.routing.engine.day import (
    NEVER,
    NODE,
    NOWHERE,
    VAN,
    Day,
    Floats,
    Ints,
    Records,
)
from promesa.routing.engine.near import add_neighbours
from promesa.routing.engine.order import near_order, reordered
from promesa.routing.engine.surroundings import flat_roads, is_hourly
from promesa.routing.problem import LAST_S, Problem, Stop, Vehicle, Window

NO_LIMIT = 1_000_000
Right = tuple[frozenset[str], str | None, frozenset[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changes:
    """A plan already given, and what changes to it count.

    Attributes:
        home: Vehicle by stop; stops missing here are new and may go anywhere.
        rank: Position by stop.
        told: The windows the recipient was told, by stop.
    """

    home: dict[int, int]
    rank: dict[int, int]
    told: dict[int, tuple[Window, ...]]
    vehicle_price_clp: int = 0
    order_price_clp: int = 0
    window_price_clp: int = 0


NO_CHANGES = Changes(home={}, rank={}, told={})


def flat_day(
    problem: Problem, prices: Sequence[int], neighbours: int, changes: Changes = NO_CHANGES
) -> Day:
    """The problem as the kernels read it.

    ``prices`` is what leaving each stop out costs, in pesos; each stop knows so many near ones.
    """
    order = near_order(problem)
    problem = reordered(problem, order)
    prices = [prices[stop] for stop in order]
    rights: dict[Right, int] = {}
    allows = _allows(problem, rights)
    vans = _vans(problem, allows)
    nodes, spans = _nodes(problem, prices, rights, _reordered_changes(changes, order))
    ends = np.cumsum([0, *(len(bond.stops) for bond in problem.bonds)])
    members = [stop for bond in problem.bonds for stop in bond.stops]
    ordered = [int(bond.in_order) for bond in problem.bonds]
    measures = used_measures(problem)
    roads = flat_roads(problem.travel, nodes)
    day = Day(
        stops=len(problem.stops),
        vehicles=len(problem.vehicles),
        kinds=int(vans["kind"].max(initial=-1)) + 1,
        trips=int(vans["trips_max"].max(initial=1)),
        labels=int(vans["breaks"].max(initial=0)) + 1,
        dims=len(measures),
        by_arcs=int(_is_sum_of_arcs(problem, changes)),
        mixed=int(bool(nodes["picked"].any() or nodes["carried"].any())),
        has_windows=1,
        has_limits=int(_has_limits(problem)),
        **roads,
        node=nodes,
        van=vans,
        spans=spans,
        allows=allows,
        unfamiliar=_unfamiliar(problem),
        near=np.zeros((len(problem.stops), 0), np.int32),
        ways=np.zeros((len(problem.stops), 0, 4), np.int32),
        members=np.array(members or [0], np.int64),
        bonds=np.stack([ends[:-1], ends[1:], ordered], axis=1).astype(np.int64),
        change_vehicle=float(changes.vehicle_price_clp),
        change_order=float(changes.order_price_clp),
        change_window=float(changes.window_price_clp),
        balance_stop=float(problem.balance.stop_price_clp),
        balance_hour=float(problem.balance.hour_price_clp),
        least_per_metre=float(vans["per_metre"].min(initial=np.inf)) if len(vans) else 0.0,
        order=order,
        scale=1.0,
    )
    return add_neighbours(day._replace(has_windows=int(_has_times(problem, day))), neighbours)


def _reordered_changes(changes: Changes, order: Ints) -> Changes:
    """The same changes, by the number of each stop in that order."""
    number = {int(stop): place for place, stop in enumerate(order)}
    return replace(
        changes,
        home={number[stop]: vehicle for stop, vehicle in changes.home.items()},
        rank={number[stop]: rank for stop, rank in changes.rank.items()},
        told={number[stop]: windows for stop, windows in changes.told.items()},
    )


def _allows(problem: Problem, rights: dict[Right, int]) -> NDArray[np.uint8]:
    """uint8, [rights, vehicle]; fills the rights with a number for each."""
    rows: list[list[bool]] = []
    for index, stop in enumerate(problem.stops):
        if rights.setdefault(_right(stop), len(rights)) == len(rows):
            rows.append(
                [problem.allows(vehicle=v, stop=index) for v in range(len(problem.vehicles))]
            )
    return np.array(rows, np.uint8).reshape(len(rows), len(problem.vehicles))


def _vans(problem: Problem, allows: NDArray[np.uint8]) -> Records:
    vans = records(len(problem.vehicles), VAN)
    measures = used_measures(problem)
    kinds: dict[tuple[Vehicle, bytes], int] = {}
    for index, vehicle in enumerate(problem.vehicles):
        van = vans[index]
        key = replace(vehicle, id="", skills=frozenset()), allows[:, index].tobytes()
        van["kind"] = kinds.setdefault(key, len(kinds))
        van["fixed"] = vehicle.fixed_cost_clp
        van["per_second"] = vehicle.hour_cost_clp / HOUR_S
        van["per_metre"] = vehicle.km_cost_clp / KM_M
        van["overtime_per_second"] = vehicle.overtime_hour_cost_clp / HOUR_S
        van["ready"] = problem.earliest_s(index)
        van["latest_start"] = _or_never(problem.latest_start_s(index))
        van["shift_end"] = problem.latest_s(index)
        van["limit"] = problem.limit_s(index)
        van["driving_max"] = _or_never(vehicle.driving_max_s)
        van["duty_max"] = _or_never(vehicle.duty_max_s)
        van["stops_max"] = NO_LIMIT if vehicle.stops_max is None else vehicle.stops_max
        van["trips_max"] = vehicle.trips_max
        van["breaks"] = len(vehicle.breaks)
        van["holds"][: len(measures)] = _amounts(vehicle.capacity, measures)
        for number, rest in enumerate(vehicle.breaks):
            van["rest_start"][number], van["rest_end"][number] = rest.start_s, rest.end_s
            van["rest_s"][number] = rest.duration_s
    return vans


def _unfamiliar(problem: Problem) -> Floats:
    areas = _areas(problem)
    rows = [
        [
            vehicle.unfamiliar_price_clp if vehicle.areas and area not in vehicle.areas else 0
            for area in areas
        ]
        for vehicle in problem.vehicles
    ]
    return np.array(rows, np.float64).reshape(len(rows), len(areas))


def _right(stop: Stop) -> Right:
    return stop.skills, stop.pinned_vehicle, stop.excluded_vehicles


def _areas(problem: Problem) -> list[str]:
    return list(dict.fromkeys(["", *(stop.area for stop in problem.stops)]))


def _nodes(
    problem: Problem, prices: Sequence[int], rights: dict[Right, int], changes: Changes
) -> tuple[Records, Ints]:
    """The records of all nodes, and the spans of their windows and of those told."""
    asked = [*_stop_nodes(problem), *_depot_nodes(problem)]
    nodes = records(len(asked), NODE)
    spans: list[tuple[int, int]] = []
    for index, (place, service, windows) in enumerate(asked):
        node = nodes[index]
        node["place"], node["service"] = place, service
        node["opens"], node["closes"] = windows[0][0], windows[-1][1]
        node["spans_first"] = len(spans)
        spans += windows
        node["spans_end"] = len(spans)
    _add_loads(problem, nodes)
    nodes["bond"], nodes["home"] = -1, -1
    for number, bond in enumerate(problem.bonds):
        nodes["bond"][list(bond.stops)] = number
    areas = {area: number for number, area in enumerate(_areas(problem))}
    for index, stop in enumerate(problem.stops):
        node = nodes[index]
        node["price"] = prices[index]
        node["rights"], node["area"] = rights[_right(stop)], areas[stop.area]
    for index, vehicle in changes.home.items():
        nodes[index]["home"], nodes[index]["rank"] = vehicle, changes.rank[index]
    for index, told in changes.told.items():
        nodes[index]["told_first"] = len(spans)
        spans += _sorted(told)
        nodes[index]["told_end"] = len(spans)
    return nodes, np.array(spans, np.int64).reshape(-1, 2)


_Asked = tuple[int, int, list[tuple[int, int]]]


def _stop_nodes(problem: Problem) -> Iterator[_Asked]:
    """Place, service and windows."""
    for stop in problem.stops:
        yield stop.location, stop.service_time_s, _sorted(stop.windows) or [(0, LAST_S)]


def _depot_nodes(problem: Problem) -> Iterator[_Asked]:
    any_time = [(0, LAST_S)]
    for index in range(len(problem.vehicles)):
        end = problem.end_location(index)
        yield problem.start_location(index), 0, any_time
        yield NOWHERE if end is None else end, 0, any_time
    trips = max((vehicle.trips_max for vehicle in problem.vehicles), default=1)
    for index, vehicle in enumerate(problem.vehicles):
        depot = problem.depots[vehicle.start_depot]
        for _ in range(trips - 1):
            place = problem.start_location(index)
            last_s = depot.close_s - vehicle.loading_time_s
            yield place, vehicle.loading_time_s, [(depot.open_s, last_s)]


def _add_loads(problem: Problem, nodes: Records) -> None:
    measures = used_measures(problem)
    dims = len(measures)
    for index, stop in enumerate(problem.stops):
        nodes[index]["delivered"][:dims] = _amounts(stop.delivered, measures)
        nodes[index]["picked"][:dims] = _amounts(stop.picked_up, measures)
    for bond in problem.bonds:
        amounts = _amounts(bond.carried, measures)
        nodes[bond.stops[0]]["carried"][:dims] += amounts
        nodes[bond.stops[-1]]["carried"][:dims] -= amounts


def used_measures(problem: Problem) -> list[str]:
    """The measures of load that any stop uses; one at least."""
    loads = [load for stop in problem.stops for load in (stop.delivered, stop.picked_up)]
    loads += [bond.carried for bond in problem.bonds]
    return [name for name in MEASURES if any(getattr(load, name) for load in loads)] or [
        MEASURES[0]
    ]


def _sorted(windows: Sequence[Window]) -> list[tuple[int, int]]:
    """By opening, those that touch joined into one."""
    merged: list[tuple[int, int]] = []
    for window in sorted(windows, key=lambda each: (each.start_s, each.end_s)):
        if merged and window.start_s <= merged[-1][1] + 1:
            merged[-1] = merged[-1][0], max(merged[-1][1], window.end_s)
        else:
            merged.append((window.start_s, window.end_s))
    return merged


def _is_sum_of_arcs(problem: Problem, changes: Changes) -> bool:
    """Whether no price and no limit depends on when anything happens."""
    return not (
        is_hourly(problem.travel)
        or problem.balance.hour_price_clp
        or changes.home
        or _has_limits(problem)
        or any(
            vehicle.hour_cost_clp or vehicle.overtime_hour_cost_clp for vehicle in problem.vehicles
        )
    )


def _has_limits(problem: Problem) -> bool:
    return any(
        vehicle.driving_max_s is not None or vehicle.duty_max_s is not None
        for vehicle in problem.vehicles
    )


def _has_times(problem: Problem, day: Day) -> bool:
    """Whether time can forbid anything."""
    if not day.by_arcs or day.seconds_per_unit or day.usual[:, :, -1].any():
        return True
    if any(stop.windows or stop.service_time_s for stop in problem.stops):
        return True
    if any(vehicle.breaks or vehicle.loading_time_s for vehicle in problem.vehicles):
        return True
    ready, latest = day.van["ready"], np.minimum(day.van["limit"], day.van["latest_start"])
    return bool((ready > latest).any())


def _amounts(load: Load, measures: Sequence[str]) -> Ints:
    return np.array([getattr(load, measure) for measure in measures], np.int64)


def _or_never(value: int | None) -> int:
    return NEVER if value is None else value
