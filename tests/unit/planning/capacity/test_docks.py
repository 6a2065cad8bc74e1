"""Routes at doors: who loads when, who is late and why. Minutes count from six in the morning."""

from __future__ import annotations

import itertools

import pytest

from promesa.kernel.units import HOUR_S, MINUTE_S
from promesa.planning.capacity.dock_search import better
from promesa.planning.capacity.dock_words import late_sentences
from promesa.planning.capacity.docks import (
    DocksInvalidError,
    Doors,
    Loading,
    Slot,
    first_come,
    late_minutes,
    schedule,
)

SIX_S = 6 * HOUR_S


def at(minute: int) -> int:
    return SIX_S + minute * MINUTE_S


def doors(count: int, *, close: int = 240) -> Doors:
    return Doors(count=count, open_s=at(0), close_s=at(close))


def loading(route: str, *, ready: int = 0, due: int, minutes: int = 20) -> Loading:
    return Loading(route=route, ready_s=at(ready), due_s=at(due), duration_s=minutes * MINUTE_S)


def told(slots: tuple[Slot, ...]) -> list[tuple[str, int, int, int]]:
    return [
        (slot.loading.route, slot.door, slot.wave, (slot.start_s - SIX_S) // MINUTE_S)
        for slot in slots
    ]


def test_who_leaves_first_loads_first() -> None:
    routes = [loading("R-1", due=90), loading("R-2", due=30), loading("R-3", due=60)]
    slots = schedule(routes, doors(1))
    assert told(slots) == [("R-2", 1, 1, 0), ("R-3", 1, 2, 20), ("R-1", 1, 3, 40)]
    assert late_minutes(slots) == 0


def test_first_come_makes_late_who_had_to_leave_first() -> None:
    routes = [loading("R-1", due=90), loading("R-2", ready=1, due=30)]
    assert late_minutes(schedule(routes, doors(1), first_come)) == 10


def test_two_doors_load_two_routes_at_once() -> None:
    routes = [loading(f"R-{number}", due=60) for number in (1, 2, 3)]
    assert told(schedule(routes, doors(2))) == [
        ("R-1", 1, 1, 0),
        ("R-2", 2, 1, 0),
        ("R-3", 1, 2, 20),
    ]


def test_a_door_waits_for_parcels_that_are_not_staged_and_for_nothing_else() -> None:
    routes = [loading("R-1", ready=15, due=60), loading("R-2", ready=50, due=60)]
    assert told(schedule(routes, doors(1))) == [("R-1", 1, 1, 15), ("R-2", 1, 2, 50)]


def test_a_route_staged_too_late_is_told_so() -> None:
    slots = schedule([loading("R-1", ready=50, due=60)], doors(1))
    (sentence,) = late_sentences(slots, doors(1))
    assert sentence == (
        "R-1: sale a las 07:10 y debía salir a las 07:00, 10 min tarde. "
        "Sus bultos están listos recién a las 06:50 y cargar toma 20 min."
    )


def test_a_route_that_found_every_door_taken_names_who_was_there() -> None:
    routes = [loading("R-1", due=20), loading("R-2", due=25)]
    (sentence,) = late_sentences(schedule(routes, doors(1)), doors(1))
    assert "R-2: sale a las 06:40 y debía salir a las 06:25, 15 min tarde." in sentence
    assert "las 1 puertas" not in sentence
    assert "La única puerta está tomada hasta las 06:20 con R-1:" in sentence


def test_a_route_due_before_the_doors_can_have_loaded_it_asks_for_an_earlier_start() -> None:
    (sentence,) = late_sentences(schedule([loading("R-1", due=10)], doors(1)), doors(1))
    assert sentence.endswith("Los andenes abren a las 06:00 y cargar toma 20 min: abre antes.")


def test_a_route_in_time_but_after_the_doors_close_is_told() -> None:
    slots = schedule([loading("R-1", ready=30, due=100)], doors(1, close=40))
    (sentence,) = late_sentences(slots, doors(1, close=40))
    assert "después del cierre de andenes a las 06:40" in sentence


def test_the_search_betters_the_rule_where_waiting_pays() -> None:
    """A long load that may leave late takes the door a minute before a short urgent one comes."""
    routes = [
        loading("larga", ready=0, due=200, minutes=60),
        loading("urgente", ready=1, due=12, minutes=10),
    ]
    ruled = schedule(routes, doors(1))
    assert late_minutes(ruled) == 58
    found = better(ruled, doors(1), seconds=5)
    assert late_minutes(found) == 0
    assert sorted(slot.loading.route for slot in found) == ["larga", "urgente"]


def test_a_schedule_without_late_routes_is_left_as_it_is() -> None:
    ruled = schedule([loading("R-1", due=60)], doors(1))
    assert better(ruled, doors(1)) == ruled


def test_no_two_routes_share_a_door_after_the_search() -> None:
    routes = [loading(f"R-{n}", ready=n, due=15 + n, minutes=10) for n in range(8)]
    found = better(schedule(routes, doors(2)), doors(2), seconds=2)
    for door in (1, 2):
        there = sorted((s.start_s, s.end_s) for s in found if s.door == door)
        assert all(end <= start for (_, end), (start, _) in itertools.pairwise(there))


@pytest.mark.parametrize("count", [0, 501])
def test_a_depot_without_doors_is_refused(count: int) -> None:
    with pytest.raises(DocksInvalidError):
        schedule([loading("R-1", due=60)], doors(count))


def test_a_loading_that_takes_no_time_is_named() -> None:
    with pytest.raises(DocksInvalidError) as refused:
        schedule([loading("R-1", due=60), loading("R-2", due=60, minutes=0)], doors(1))
    faults = refused.value.details["faults"]
    assert isinstance(faults, tuple)
    assert [(fault.row, fault.field) for fault in faults] == [(2, "duration_s")]


def test_vans_alike_load_in_the_order_of_their_numbers() -> None:
    names = [f"Contratada {number}" for number in (10, 2, 1, 11)]
    loadings = [Loading(route=name, ready_s=0, due_s=7_200, duration_s=600) for name in names]
    slots = schedule(loadings, Doors(count=1, open_s=0, close_s=7_200))
    assert [slot.loading.route for slot in slots] == [
        "Contratada 1",
        "Contratada 2",
        "Contratada 10",
        "Contratada 11",
    ]
