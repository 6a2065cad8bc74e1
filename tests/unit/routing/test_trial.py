from __future__ import annotations

from promesa.routing.trial import idle_routes
from tests.support.routing_days import at, day, stop, van


def test_idle_vans_of_a_kind_count_once_unless_a_stop_is_pinned_to_one() -> None:
    vans = [van("V-1"), van("V-2"), van("V-3", shift_end_s=at(300))]
    assert [route.vehicle for route in idle_routes(day([stop(1)], vans), [])] == [0, 2]
    pinned = day([stop(1, pinned_vehicle="V-2")], vans)
    assert [route.vehicle for route in idle_routes(pinned, [])] == [0, 1, 2]


def test_idle_vans_that_a_stop_excludes_are_no_kind_of_others() -> None:
    vans = [van("V-1"), van("V-2"), van("V-3")]
    problem = day([stop(1, excluded_vehicles=frozenset({"V-1"}))], vans)
    assert [route.vehicle for route in idle_routes(problem, [])] == [0, 1]
