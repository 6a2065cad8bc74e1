import numpy as np

from promesa.routing.parts.cutting import cut
from promesa.routing.parts.dealing import deal
from promesa.routing.parts.layout import positions
from promesa.routing.plane import Plane
from promesa.routing.problem import Depot, Problem, Stop
from tests.support.routing_days import stop, van

LEFT, RIGHT = 0, 1


def _town(vans: int, stops: list[Stop] | None = None) -> Problem:
    """A depot at each end of a street, and half of the vans at each."""
    street = np.array([(0.0, 0.0), (100.0, 0.0), *((float(x), 1.0) for x in range(100))])
    return Problem(
        travel=Plane(xy=street),
        depots=(Depot(id="left", location=0), Depot(id="right", location=1)),
        vehicles=tuple(
            van(f"V-{number}", start_depot=number % 2, end_depot=number % 2)
            for number in range(vans)
        ),
        stops=tuple(stops or (stop(place) for place in range(2, 102))),
    )


def _dealt(problem: Problem, weights: list[int], turn: int = 0) -> list[list[int]]:
    return deal(
        problem,
        range(len(problem.vehicles)),
        centres=np.array([(10.0, 1.0), (90.0, 1.0)]),
        weights=weights,
        depots=positions(problem.travel)[:2],
        turn=turn,
    )


def test_a_fleet_that_is_just_enough_does_not_cross_the_town() -> None:
    problem = _town(40)
    left, right = _dealt(problem, [50, 50])
    assert len(left) == len(right) == 20
    homes = [problem.vehicles[number].start_depot for number in left]
    assert homes.count(LEFT) >= 15
    assert sorted(left + right) == list(range(40))


def test_who_has_more_stops_gets_more_vans() -> None:
    left, right = _dealt(_town(40), [75, 25])
    assert (len(left), len(right)) == (30, 10)


def test_another_group_comes_first_in_another_round() -> None:
    problem = _town(1)
    assert [len(_dealt(problem, [50, 50], turn)[0]) for turn in (0, 1, 2)] == [1, 0, 1]


def test_a_pinned_stop_goes_where_its_van_was_dealt() -> None:
    plain = [stop(place) for place in range(2, 100)]
    pinned = [stop(100, pinned_vehicle="V-0"), stop(101, pinned_vehicle="V-1")]
    problem = _town(2, [*plain, *pinned])
    groups = cut(problem, positions(problem.travel), {}, count=2, angle=0.0, turn=0)
    homes = {stop: set(group.vehicles) for group in groups for stop in group.stops}
    assert len(groups) == 2
    assert {0} <= homes[98]
    assert {1} <= homes[99]
