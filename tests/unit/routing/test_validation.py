from dataclasses import replace

import pytest

from promesa.domain.fleet import Load
from promesa.routing.problem import Depot
from promesa.routing.validation import ProblemInvalidError, problem_faults, require_valid
from tests.support.routing_days import day, line, stop, van, window


def test_a_sound_problem_has_no_faults() -> None:
    assert problem_faults(day([stop(1), stop(2)])) == ()


def test_all_faults_are_told_together_with_row_and_field() -> None:
    problem = day(
        [
            stop(1, windows=(window(60, 30),)),
            stop(2, service_time_s=-1),
            stop(3, id="P-2", delivered=Load(parcels=-1)),
            stop(4, pinned_vehicle="V-9", unserved_price_clp=-5),
        ],
        [van(shift_end_s=0), van("V-1", stops_max=0, end_depot=3, km_cost_clp=-1)],
    )
    found = {(fault.field, fault.row) for fault in problem_faults(problem)}
    assert found == {
        ("stops.windows", 1),
        ("stops.service_time_s", 2),
        ("stops.id", 3),
        ("stops.delivered", 3),
        ("stops.pinned_vehicle", 4),
        ("stops.unserved_price_clp", 4),
        ("vehicles.shift_end_s", 1),
        ("vehicles.id", 2),
        ("vehicles.stops_max", 2),
        ("vehicles.end_depot", 2),
        ("vehicles.cost_clp", 2),
    }


def test_a_place_outside_the_matrix_is_named() -> None:
    problem = replace(day([stop(1)]), travel=line([0]))
    assert [fault.field for fault in problem_faults(problem)] == ["stops.location"]


def test_a_problem_needs_a_depot_and_a_vehicle() -> None:
    problem = replace(day([stop(1)], []), depots=())
    assert {fault.field for fault in problem_faults(problem)} == {"depots", "vehicles"}


def test_a_depot_that_closes_before_it_opens_is_a_fault() -> None:
    problem = day([stop(1)], depots=[Depot(id="CD", location=0, open_s=10, close_s=5)])
    with pytest.raises(ProblemInvalidError) as caught:
        require_valid(problem)
    assert caught.value.details["faults"] == problem_faults(problem)
    assert [fault.field for fault in problem_faults(problem)] == ["depots.close_s"]
