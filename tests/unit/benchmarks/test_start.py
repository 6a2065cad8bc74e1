"""What peers are given: a flat problem, a savings start, clusters."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from benchmarks import cases, metropolitan
from benchmarks.flat import Flat, flat
from benchmarks.judging import judge
from benchmarks.layout import grouped, shared_out
from benchmarks.peers.peer import Route
from benchmarks.savings import savings_routes
from benchmarks.start import first_routes
from promesa.routing.instances.instance import Instance
from promesa.routing.parts.layout import laid_out
from promesa.routing.plane import Plane


def _instance(folder: Path, kind: str, stops: int, vans: int | None = None) -> Instance:
    path = folder / f"metropolitan-{stops}-1.npz"
    metropolitan.write_day(path, stops, 1)
    return cases.Case(name=kind, kind=kind, path=path, vans=vans).instance()


def test_a_break_shortens_the_shift_and_times_are_the_mean_of_the_hours(tmp_path: Path) -> None:
    problem = flat(_instance(tmp_path, "day", 40, vans=5).problem)
    assert problem.shift_s == (30_600, 63_000 - 2_700)
    assert problem.window_s.max() == 63_000 - 2_700
    assert problem.vans == (3, 2)
    free = flat(_instance(tmp_path, "metropolitan", 40).problem)
    assert (problem.seconds >= free.seconds).all()
    assert problem.seconds.sum() > 1.1 * free.seconds.sum()
    assert (problem.metres == problem.seconds).all()


def test_a_part_keeps_its_stops_in_the_order_asked_for(tmp_path: Path) -> None:
    whole = flat(_instance(tmp_path, "metropolitan", 30).problem)
    part = whole.part(np.array([9, 4]), (1, 1))
    assert part.seconds[2, 3] == whole.seconds[9, 4]
    assert part.seconds[0, 3] == whole.seconds[0, 4]
    assert part.demand[2] == whole.demand[9]
    assert (list(part.stops), part.vans) == ([2, 3], (1, 1))


def test_what_peers_cannot_state_is_refused(tmp_path: Path) -> None:
    problem = _instance(tmp_path, "metropolitan", 10).problem
    mixed = (replace(problem.vehicles[0], fixed_cost_clp=1), *problem.vehicles[1:])
    with pytest.raises(ValueError):
        flat(replace(problem, vehicles=mixed))


def test_a_start_by_insertion_serves_everybody_within_every_limit(tmp_path: Path) -> None:
    instance = _instance(tmp_path, "metropolitan", 300)
    problem = flat(instance.problem)
    routes = first_routes(problem)
    verdict = judge(
        instance,
        [
            Route(depot=depot, stops=tuple(place - problem.depots for place in places))
            for depot, places in routes
        ],
    )
    assert verdict.is_kept
    assert sorted(place for _, places in routes for place in places) == list(problem.stops)
    assert verdict.routes <= 8  # 369 parcels, 120 to a van, and some 75 stops to a shift.


def test_savings_join_what_lies_on_one_way_and_no_more_than_a_van_holds() -> None:
    """Three stops in a row, a parcel each, two to a van: the two far ones go together."""
    xy = np.array([[0.0, 0.0], [0.0, 10.0], [0.0, 20.0], [0.0, 30.0]])
    metres = Plane(xy=xy).static_metres(start_s=0, end_s=0)
    problem = Flat(
        metres=metres,
        seconds=metres * 0,
        demand=np.array([0, 1, 1, 1]),
        service_s=np.zeros(4, dtype=np.int64),
        window_s=np.tile(np.array([0, 100]), (4, 1)),
        vans=(3,),
        capacity=2,
        fixed_cost=0,
        shift_s=(0, 100),
    )
    together = sorted(sorted(places) for _, places in savings_routes(problem))
    assert together == [[1], [2, 3]]
    assert first_routes(problem) == savings_routes(problem)


def test_places_are_laid_out_as_they_were_but_for_turns_and_mirrors() -> None:
    xy = np.random.default_rng(3).uniform(0, 10_000, (200, 2))
    metres = Plane(xy=xy).static_metres(start_s=0, end_s=0)
    again = Plane(xy=laid_out(metres)).static_metres(start_s=0, end_s=0)
    assert np.abs(again - metres).max() < 20


def test_groups_hold_everybody_once_and_are_of_like_weight() -> None:
    points = np.random.default_rng(5).uniform(0, 1, (90, 2))
    weights = np.full(90, 10)
    groups = list(grouped(points, weights, 7, seed=1))
    assert sorted(member for group in groups for member in group) == list(range(90))
    assert len(groups) == 7
    assert max(map(len, groups)) - min(map(len, groups)) <= 3
    assert groups != list(grouped(points, weights, 7, seed=2))


@pytest.mark.parametrize(
    ("counts", "total", "dealt"),
    [
        ([3, 2, 1], 10, [4, 3, 2]),  # Enough: one more each.
        ([3, 2, 1], 7, [4, 2, 1]),  # One to spare.
        ([4, 3, 3], 7, [3, 2, 2]),  # Too few: 2.8, 2.1, 2.1.
        ([1, 1], 0, [0, 0]),
    ],
)
def test_scarce_vans_are_shared_out_by_what_is_wanted(
    counts: list[int], total: int, dealt: list[int]
) -> None:
    assert shared_out(counts, total) == dealt
