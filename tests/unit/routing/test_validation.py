from dataclasses import replace

import pytest

from promesa.domain.fleet import Load
from promesa.routing.problem import Balance, Bond, Break, Depot
from promesa.routing.validation import ProblemInvalidError, problem_faults, require_valid
from tests.support.routing_days import MINUTE_S, at, day, line, stop, van, window


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


def _rest(start_min: float, end_min: float, minutes: float) -> Break:
    return Break(start_s=at(start_min), end_s=at(end_min), duration_s=int(minutes * MINUTE_S))


def test_every_limit_of_a_vehicle_is_looked_at() -> None:
    wrong = van(
        latest_start_s=at(-1),
        overtime_max_s=-1,
        overtime_hour_cost_clp=-1,
        driving_max_s=-1,
        duty_max_s=-1,
        trips_max=0,
        loading_time_s=-1,
        breaks=(_rest(60, 80, 30),),
        end_depot=None,
    )
    found = [fault.field for fault in problem_faults(day([stop(1)], [wrong]))]
    assert sorted(found) == [
        "vehicles.breaks",
        "vehicles.cost_clp",
        "vehicles.driving_max_s",
        "vehicles.duty_max_s",
        "vehicles.latest_start_s",
        "vehicles.loading_time_s",
        "vehicles.overtime_max_s",
        "vehicles.trips_max",
    ]


@pytest.mark.parametrize(
    ("breaks", "said"),
    [
        ((_rest(60, 80, 30),), "dura más"),
        ((_rest(60, 120, 0),), "más de 0"),
        ((_rest(120, 60, 10),), "termina antes"),
        ((_rest(60, 90, 20), _rest(60, 90, 20)), "una después de la otra"),
        (tuple(_rest(60 * n, 60 * n + 30, 10) for n in range(4)), "más de 3"),
    ],
)
def test_breaks_that_cannot_be_had_are_told(breaks: tuple[Break, ...], said: str) -> None:
    (fault,) = problem_faults(day([stop(1)], [van(breaks=breaks)]))
    assert (fault.field, fault.row) == ("vehicles.breaks", 1)
    assert said in fault.reason


def test_every_fault_of_a_bond_is_told_with_its_row() -> None:
    bonds = (
        Bond(stops=(0, 1)),
        Bond(stops=(2, 2)),
        Bond(stops=(1, 3)),
        Bond(stops=(2,)),
        Bond(stops=(4, 99)),
        Bond(stops=(5, 6), carried=Load(parcels=1)),
        Bond(stops=(7, 8), in_order=True, carried=Load(parcels=-1)),
    )
    problem = replace(day([stop(place) for place in range(9)]), bonds=bonds)
    found = [(fault.row, fault.field) for fault in problem_faults(problem)]
    assert found == [
        (2, "bonds.stops"),
        (3, "bonds.stops"),
        (4, "bonds.stops"),
        (4, "bonds.stops"),
        (5, "bonds.stops"),
        (6, "bonds.carried"),
        (7, "bonds.carried"),
    ]


def test_prices_nobody_pays_are_not_negative_either() -> None:
    problem = replace(day([stop(1)]), balance=Balance(hour_price_clp=-1))
    assert [fault.field for fault in problem_faults(problem)] == ["balance"]
    grumpy = day([stop(1)], [van(unfamiliar_price_clp=-1)])
    assert [fault.field for fault in problem_faults(grumpy)] == ["vehicles.cost_clp"]


def test_a_vehicle_that_is_not_there_may_be_excluded() -> None:
    assert problem_faults(day([stop(1, excluded_vehicles=frozenset({"V-9"}))])) == ()
