from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from promesa.domain.fleet import Load
from promesa.routing.matrix import Matrix
from promesa.routing.plane import Kind, Plane
from promesa.routing.problem import Balance, Bond, Break, Depot, Window
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


HUGE = 10**23


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"capacity": Load(weight_g=HUGE)}, "capacity"),
        ({"stops_max": HUGE}, "stops_max"),
        ({"driving_max_s": HUGE}, "driving_max_s"),
        ({"duty_max_s": HUGE}, "duty_max_s"),
        ({"trips_max": 1_000}, "trips_max"),
        ({"fixed_cost_clp": HUGE}, "cost_clp"),
        ({"km_cost_clp": float("nan")}, "cost_clp"),
        ({"latest_start_s": HUGE}, "latest_start_s"),
        ({"shift_end_s": HUGE}, "shift_end_s"),
        ({"loading_time_s": 1.5}, "loading_time_s"),
        ({"start_depot": None}, "start_depot"),
    ],
)
def test_no_number_of_a_vehicle_is_beyond_what_the_planner_counts(
    changes: dict[str, Any], field: str
) -> None:
    (fault,) = problem_faults(day([stop(1)], [van(**changes)]))
    assert (fault.field, fault.row) == (f"vehicles.{field}", 1)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"delivered": Load(parcels=HUGE)}, "delivered"),
        ({"picked_up": Load(volume_ml=HUGE)}, "delivered"),
        ({"windows": (Window(start_s=0, end_s=HUGE),)}, "windows"),
        ({"windows": (Window(start_s=8 * 86_400, end_s=9 * 86_400),)}, "windows"),
        ({"service_time_s": 1.5}, "service_time_s"),
        ({"service_time_s": float("nan")}, "service_time_s"),
        ({"unserved_price_clp": HUGE}, "unserved_price_clp"),
        ({"unserved_price_clp": float("nan")}, "unserved_price_clp"),
    ],
)
def test_no_number_of_a_stop_is_beyond_what_the_planner_counts(
    changes: dict[str, Any], field: str
) -> None:
    (fault,) = problem_faults(day([stop(1, **changes)]))
    assert (fault.field, fault.row) == (f"stops.{field}", 1)


def test_a_depot_and_a_balance_have_bounds_too() -> None:
    late = day([stop(1)], depots=[Depot(id="CD", location=0, close_s=HUGE)])
    assert [fault.field for fault in problem_faults(late)] == ["depots.close_s"]
    uneven = replace(day([stop(1)]), balance=Balance(stop_price_clp=HUGE))
    assert [fault.field for fault in problem_faults(uneven)] == ["balance"]


def _legs(value: int) -> np.ndarray[Any, np.dtype[np.int32]]:
    return np.array([[[0, value], [value, 0]]], dtype=np.int32)


@pytest.mark.parametrize(
    ("travel", "fields"),
    [
        (Matrix(_legs(-5), _legs(5)), ["travel.seconds"]),
        (Matrix(_legs(5), _legs(-5)), ["travel.metres"]),
        (Matrix(_legs(2 * 10**9), _legs(5)), ["travel.seconds"]),
        (Matrix(_legs(5), _legs(5), (0,), _legs(-1)), ["travel.tolls"]),
        (Matrix(_legs(-1), _legs(-1), (0,), _legs(-1)), []),
        (Matrix(_legs(5).astype(float), _legs(5)), ["travel.seconds"]),
        (Plane(xy=np.array([[0, 0], [1e12, 1]])), ["travel.xy"]),
        (Plane(xy=np.array([[-70.0, -33.0], [-71.0, -33.0]]), kind=Kind.GREAT_CIRCLE), []),
    ],
)
def test_times_and_ways_that_cannot_be_are_told(travel: Matrix | Plane, fields: list[str]) -> None:
    problem = replace(day([stop(1)]), travel=travel)
    assert [fault.field for fault in problem_faults(problem)] == fields


def test_what_is_wrong_in_every_row_is_told_once_with_a_count() -> None:
    vans = [van(f"V-{number}", shift_end_s=0) for number in range(200)]
    (fault,) = problem_faults(day([stop(1)], vans))
    assert (fault.field, fault.row) == ("vehicles.shift_end_s", 1)
    assert fault.reason.endswith("Lo mismo en 199 filas más.")


def test_windows_are_kept_in_the_order_of_time_whoever_writes_them() -> None:
    both = (window(60, 90), window(0, 30))
    assert stop(1, windows=both).windows == (window(0, 30), window(60, 90))


@pytest.mark.parametrize("odd", [None, 1.0, True, "1"])
def test_what_is_no_number_is_a_fault_wherever_it_stands(odd: Any) -> None:
    """True would be taken for one until an array is asked for it."""
    two = day([stop(1), stop(2)])
    bound = replace(two, bonds=(Bond(stops=(0, odd)),))
    assert [fault.field for fault in problem_faults(bound)] == ["bonds.stops"]
    placed = replace(two, stops=(two.stops[0], replace(two.stops[1], location=odd)))
    assert [fault.field for fault in problem_faults(placed)] == ["stops.location"]
    begun = day([stop(1)], [van(shift_start_s=odd, latest_start_s=at(60))])
    assert [fault.field for fault in problem_faults(begun)] == ["vehicles.shift_end_s"]
