"""A day at the doors: how many it takes, who is late, what would mend it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, time

from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.units import HOUR_S, MINUTE_S
from promesa.planning.capacity.dock_day import (
    DockDay,
    DockRoute,
    departures_in_time,
    dock_headline,
    held_sentence,
    make_dock_day,
    variant_sentence,
    with_hired,
)
from promesa.planning.capacity.dock_words import late_sentences
from promesa.planning.capacity.terms import DepotTerms
from promesa.routing.words import clock_on

# A quarter of an hour at a door, within half an hour: two vans a door.
TERMS = DepotTerms(depot_id=derived_id("depot", "qui"), loading_min=15, loading_span_min=30)
EIGHT_S = 8 * HOUR_S


def day(count: int, terms: DepotTerms = TERMS, opens_s: int | None = None) -> DockDay:
    routes = [DockRoute(name=f"R-{number}", due_s=EIGHT_S) for number in range(1, count + 1)]
    found = make_dock_day(routes, terms, opens_s=opens_s)
    assert found is not None
    return found


def why(found: DockDay) -> tuple[str, ...]:
    return late_sentences(found.slots, found.doors)


def test_without_a_number_of_doors_it_says_how_many_it_takes() -> None:
    """Five vans at eight, two a door from half past seven: three doors."""
    found = day(5)
    assert (found.needed, found.doors.count, found.are_given) == (3, 3, False)
    assert found.doors.open_s == EIGHT_S - 30 * MINUTE_S
    assert dock_headline(found) == (
        "5 rutas cargan desde las 07:30. Nadie anotó cuántas puertas hay: con 3 puertas salen "
        "todas a tiempo."
    )
    assert found.variants == ()


def test_too_few_doors_make_the_last_ones_late_and_one_more_is_weighed() -> None:
    """Two doors load four in time, the fifth a quarter of an hour late."""
    found = day(5, replace(TERMS, doors=2))
    assert [(slot.loading.route, slot.late_s) for slot in found.late] == [("R-5", 15 * MINUTE_S)]
    assert dock_headline(found) == (
        "5 rutas cargan en 2 puertas desde las 07:30: 1 sale tarde. Con 3 puertas saldrían todas "
        "a tiempo."
    )
    assert [variant_sentence(variant, found) for variant in found.variants] == [
        "Con una puerta más: 0 rutas tarde en vez de 1, 0 min en total.",
        "Abriendo 20 min antes: 0 rutas tarde en vez de 1, 0 min en total.",
    ]
    assert "Las 2 puertas están tomadas hasta las 08:00 con R-3, R-4" in why(found)[0]


def test_nothing_is_offered_that_lets_no_more_leave_in_time() -> None:
    """One door, a quarter of an hour each: eight of ten late; ten minutes sooner still eight."""
    found = day(10, replace(TERMS, doors=1))
    assert [variant_sentence(variant, found) for variant in found.variants] == [
        "Con una puerta más: 6 rutas tarde en vez de 8, 180 min en total.",
        "Abriendo 20 min antes: 7 rutas tarde en vez de 8, 385 min en total.",
        "Abriendo 120 min antes: 0 rutas tarde en vez de 8, 0 min en total.",
    ]


def test_who_must_leave_before_it_can_be_back_is_mended_by_no_door_and_no_hour() -> None:
    """Back at noon to leave at noon: loading takes it a quarter of an hour all the same."""
    noon_s = 12 * HOUR_S
    back = DockRoute(name="R-1 · 2ª carga", due_s=noon_s, back_s=noon_s)
    found = make_dock_day([DockRoute(name="R-1", due_s=EIGHT_S), back], replace(TERMS, doors=1))
    assert found is not None
    assert (found.needed, found.variants) == (None, ())
    assert dock_headline(found).endswith(
        "1 sale tarde, y ninguna cantidad de puertas alcanza. Cambia la hora en que deben salir."
    )


def test_on_the_sunday_when_clocks_go_ahead_hours_are_those_that_clocks_show() -> None:
    """From 01:00 on, so that eight is seven hours after the day began."""
    sunday = ServiceDay(date(2026, 9, 6))
    due_s = sunday.second_of(sunday.at(time(8)))
    routes = [DockRoute(name=f"R-{number}", due_s=due_s) for number in range(1, 6)]
    found = make_dock_day(routes, replace(TERMS, doors=2))
    assert found is not None
    assert due_s == 7 * HOUR_S
    assert "desde las 07:30: 1 sale tarde" in dock_headline(found, clock_on(sunday))
    (sentence,) = late_sentences(found.slots, found.doors, clock_on(sunday))
    assert "R-5: sale a las 08:15 y debía salir a las 08:00" in sentence


def test_a_van_that_comes_back_loads_again_when_it_is_there() -> None:
    """Two vans at eight by one door; one is back at noon for twenty minutes, and on its way."""
    routes = [DockRoute(name=name, due_s=EIGHT_S) for name in ("R-1", "R-2")]
    noon_s = 12 * HOUR_S
    back = DockRoute(name="R-1 · 2ª carga", due_s=noon_s + 20 * MINUTE_S, back_s=noon_s)
    found = make_dock_day([*routes, back], replace(TERMS, doors=1))
    assert found is not None
    last = found.slots[-1]
    assert (last.loading.route, last.start_s, last.end_s) == (back.name, noon_s, back.due_s)
    assert found.late == ()
    assert dock_headline(found) == (
        "2 rutas cargan y 1 vuelve a cargar en 1 puerta desde las 07:30 y salen todas a tiempo."
    )


def test_two_that_come_back_at_once_to_one_door_leave_late_and_opening_sooner_helps_neither() -> (
    None
):
    noon_s = 12 * HOUR_S
    back = [
        DockRoute(name=f"R-{number} · 2ª carga", due_s=noon_s + 20 * MINUTE_S, back_s=noon_s)
        for number in (1, 2)
    ]
    found = make_dock_day([DockRoute(name="R-1", due_s=EIGHT_S), *back], replace(TERMS, doors=1))
    assert found is not None
    assert [slot.late_s for slot in found.late] == [20 * MINUTE_S]
    assert [variant.late_routes for variant in found.variants] == [0]


def test_a_depot_that_opens_too_late_is_not_mended_by_doors() -> None:
    found = day(1, opens_s=EIGHT_S - 5 * MINUTE_S)
    assert found.needed is None
    assert dock_headline(found).endswith("Hay que abrir antes.")


def test_a_second_shift_does_not_shorten_the_first() -> None:
    """One leaves at eight, one at eleven: the doors open half an hour before eight."""
    routes = [DockRoute(name="R-2", due_s=11 * HOUR_S), DockRoute(name="R-1", due_s=EIGHT_S)]
    found = make_dock_day(routes, replace(TERMS, doors=1))
    assert found is not None
    assert [slot.loading.route for slot in found.slots] == ["R-1", "R-2"]
    assert found.late == ()
    assert found.doors.close_s == 11 * HOUR_S


def test_nothing_leaves_from_an_empty_depot() -> None:
    assert make_dock_day([], TERMS) is None


def test_the_cause_names_the_routes_that_held_the_doors_just_before() -> None:
    """Two doors, quarters of an hour from half past seven: R-5, R-6 load at eight, R-7 after."""
    found = day(7, replace(TERMS, doors=2))
    assert "tomadas hasta las 08:15 con R-5, R-6" in why(found)[-1]


def test_vans_of_a_later_shift_leave_in_time_beside_those_that_the_first_holds() -> None:
    """Two doors load four from half past seven to eight; of the ten, the two of eleven too."""
    due_s = [EIGHT_S] * 8 + [11 * HOUR_S] * 2
    doors = replace(TERMS, doors=2)
    assert departures_in_time(due_s, doors) == 6
    routes = [DockRoute(name=str(number), due_s=each) for number, each in enumerate(due_s)]
    found = make_dock_day(routes, doors)
    assert found is not None
    assert len(found.slots) - len(found.late) == 6


def test_without_doors_nothing_holds_vans_and_without_shifts_the_terms_say_it() -> None:
    assert departures_in_time([EIGHT_S], TERMS) is None
    assert departures_in_time([], replace(TERMS, doors=3)) == 6


def test_doors_of_a_depot_that_opens_late_let_fewer_out() -> None:
    at_a_quarter_to = EIGHT_S - 15 * MINUTE_S
    assert departures_in_time([EIGHT_S], replace(TERMS, doors=3), opens_s=at_a_quarter_to) == 3


def test_hired_vans_load_beside_own_ones_for_the_first_shift() -> None:
    own = [DockRoute(name="V-1", due_s=11 * HOUR_S), DockRoute(name="V-2", due_s=EIGHT_S)]
    hired = with_hired(own, contracted=2, spot=1)[2:]
    assert [route.name for route in hired] == ["Contratada 1", "Contratada 2", "Al día 1"]
    assert {route.due_s for route in hired} == {EIGHT_S}
    assert with_hired([], contracted=2, spot=1) == ()


def test_vans_that_would_not_get_out_are_told_beside_those_that_load() -> None:
    assert held_sentence(0) == ""
    assert held_sentence(3) == (
        "Para la meta, Flota pide 3 más, que no alcanzan a salir a tiempo por estas puertas."
    )
