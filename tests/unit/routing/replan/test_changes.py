"""Changes of routes that come back to load: accepting none of them changes nothing."""

from __future__ import annotations

import pytest

from promesa.routing.course import Start
from promesa.routing.placing import OpenRoute
from promesa.routing.plan import RELOAD, Sequences
from promesa.routing.replan.changes import ChangeKind, ChangeList
from promesa.routing.replan.difference import reordered
from promesa.routing.replan.ledger import Ledger
from promesa.routing.replan.params import CALM, Disruption, ReplanParams
from promesa.routing.replan.replanning import settle
from promesa.routing.replan.rest import Rest, rest_of
from tests.support.routing_days import at, day, stop, van, window

R = RELOAD
PUBLISHED = (0, 1, R, 2, 3, R, 4, 5)
WANTED = [
    (0, 1, R, 2, 3, 4, 5),
    (0, 1, R, 2, R, 3, 4, 5),
    (0, 1, R, 3, 2, R, 4, 5),
    (1, 0, R, 2, 3, R, 5, 4),
    (0, 1, 2, R, 3, R, 4, 5),
    (0, R, 1, 2, 3, R, 4, 5),
    (0, 1, 2, 3, 4, 5),
    (4, 5, R, 2, 3, R, 0, 1),
    (0, R, 1, R, 2, R, 3, R, 4, 5),
]


def three_trips(*others: OpenRoute, loose: int = 0) -> Rest:
    """V-1 loads twice again; whoever else is given is V-2."""
    stops = [stop(place) for place in range(1, 7 + loose)]
    vans = [van("V-1", trips_max=9), van("V-2", trips_max=9)][: 1 + len(others)]
    return rest_of(day(stops, vans), (OpenRoute(vehicle=0, stops=PUBLISHED), *others))


@pytest.mark.parametrize("wanted", WANTED)
def test_accepting_nothing_changes_nothing_and_everything_all(wanted: tuple[int, ...]) -> None:
    listed = ChangeList(Ledger(three_trips(), CALM), {0: wanted})
    assert listed.apply(()) == {0: PUBLISHED}
    assert listed.apply({change.number for change in listed.changes}) == {0: wanted}


@pytest.mark.parametrize("wanted", WANTED)
def test_where_no_stop_may_move_none_does(wanted: tuple[int, ...]) -> None:
    ledger = Ledger(three_trips(), ReplanParams(most=Disruption(stops_max=0)))
    settled = settle(ledger, {0: wanted})
    assert settled.sequences == {0: PUBLISHED}
    assert settled.moved == frozenset()


@pytest.mark.parametrize(("windows_max", "order"), [(1, (1, 2, 0)), (0, (0, 1, 2))])
def test_a_window_that_holds_is_given_up_for_two_only_if_one_may_be(
    windows_max: int, order: tuple[int, ...]
) -> None:
    """By 12, 21 and 24 at the doors 10, 20 and 22: in order the last two are late, else the first.

    Either way the van drives 44 minutes.
    """
    told = {0: (window(0, 12),), 1: (window(0, 21),), 2: (window(0, 24),)}
    route = OpenRoute(vehicle=0, stops=(0, 1, 2))
    early = van(shift_start_s=at(0), latest_start_s=at(0))
    rest = rest_of(day([stop(10), stop(20), stop(22)], [early]), (route,), told=told)
    most = Disruption(windows_max=windows_max)
    settled = settle(Ledger(rest, ReplanParams(most=most)), {0: (1, 2, 0)})
    assert settled.sequences == {0: order}
    assert len(settled.touched) == windows_max


@pytest.mark.parametrize(
    ("now", "moved"),
    [
        (PUBLISHED, set()),
        ((0, 1, R, 2, 3, 4, 5), {2, 3}),
        ((0, 1, R, 2, R, 3, 4, 5), {3}),
        ((2, 3, R, 4, 5), set()),
        ((6, R, 0, 1, R, 2, 3, R, 4, 5), set()),
        ((1, 0, R, 2, 3, R, 4, 5), {0}),
    ],
)
def test_who_is_loaded_for_another_trip_has_moved(now: tuple[int, ...], moved: set[int]) -> None:
    assert len(reordered(PUBLISHED, now)) == len(moved)
    if len(moved) == 1:
        assert reordered(PUBLISHED, now) in ({0}, {1}, moved)


def test_a_trip_given_away_stays_until_that_is_accepted() -> None:
    rest = three_trips(OpenRoute(vehicle=1, stops=(6,)), loose=1)
    wanted: Sequences = {0: (0, 1, R, 4, 5), 1: (6, R, 2, 3)}
    listed = ChangeList(Ledger(rest, CALM), wanted)
    (take,) = listed.changes
    assert (take.kind, take.stops) == (ChangeKind.TAKE, (2, 3))
    assert listed.apply(()) == rest.published
    assert listed.apply({take.number}) == wanted


def test_a_trip_of_its_own_for_a_new_stop_comes_in_alone() -> None:
    rest = three_trips(loose=1)
    wanted: Sequences = {0: (0, 1, R, 6, R, 3, 2, R, 4, 5)}
    listed = ChangeList(Ledger(rest, CALM), wanted)
    take = next(change for change in listed.changes if change.kind is ChangeKind.TAKE)
    assert listed.apply(()) == {0: PUBLISHED}
    assert listed.apply({take.number}) == {0: (0, 1, R, 6, R, 2, 3, R, 4, 5)}


def test_who_is_on_the_road_still_comes_back_to_load_when_all_aboard_is_given_away() -> None:
    problem = day([stop(1), stop(2)], [van("V-1", trips_max=2), van("V-2")])
    start = Start(location=0, ready_s=at(0))
    routes = (OpenRoute(vehicle=0, stops=(0, R, 1), start=start), OpenRoute(vehicle=1))
    rest = rest_of(problem, routes)
    listed = ChangeList(Ledger(rest, CALM), {0: (R, 1), 1: (0,)})
    assert listed.apply({0}) == {0: (R, 1), 1: (0,)}
