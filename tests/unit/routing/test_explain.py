from dataclasses import replace

from promesa.domain.fleet import Load
from promesa.routing.explain import EXPLAINED_MAX, explain
from promesa.routing.explanation import Cause, Explanation, Remedy
from promesa.routing.problem import Bond, Break, Depot, Problem
from promesa.routing.schedule import make_plan
from tests.support.routing_days import MINUTE_S, at, day, line, stop, van, window


def _why(problem: Problem, sequences: dict[int, tuple[int, ...]]) -> Explanation:
    (explanation,) = explain(problem, make_plan(problem, sequences))
    return explanation


def test_a_skill_nobody_has_is_named() -> None:
    why = _why(day([stop(1, skills=frozenset({"frío"}))]), {})
    assert why.cause is Cause.SKILL_MISSING
    assert why.sentence == "Ningún vehículo libre tiene lo que pide: frío."
    assert why.options == ()


def test_what_no_empty_van_holds_is_told_with_figures() -> None:
    heavy = Load(parcels=1, weight_g=3_250_000, volume_ml=1_000)
    why = _why(day([stop(1, delivered=heavy)]), {})
    assert why.cause is Cause.TOO_LARGE
    assert "trae 3.250 kg y el más grande lleva 100" in why.sentence


def test_an_island_is_said_to_have_no_way() -> None:
    travel = line([0, 1])
    travel.seconds[0, 0, 1] = -1
    why = _why(day([stop(1)], travel=travel), {})
    assert why.cause is Cause.UNREACHABLE
    assert why.sentence == "No hay camino en el mapa desde ningún CD hasta la dirección."


def test_a_window_that_closes_before_anyone_can_arrive_is_told_by_the_clock() -> None:
    why = _why(day([stop(30, windows=(window(0, 20),))]), {})
    assert why.cause is Cause.WINDOW_IMPOSSIBLE
    assert why.sentence == (
        "Ni un vehículo vacío alcanza: saliendo de Quilicura llega a las 08:30 "
        "y la ventana cierra a las 08:20."
    )


def test_a_full_window_offers_another_hour_and_another_van() -> None:
    """Both stops want minute 30 and lie 60 minutes apart: one van cannot, two can."""
    problem = day(
        [stop(30, windows=(window(30, 31),)), stop(0, id="P-0", windows=(window(29, 31),))]
    )
    why = _why(problem, {0: (0,)})
    assert why.cause is Cause.NO_TIME
    remedies = {option.remedy: option for option in why.options}
    assert set(remedies) == {Remedy.OTHER_WINDOW, Remedy.ONE_MORE_VEHICLE}
    assert why.options[0].remedy is Remedy.OTHER_WINDOW
    assert why.sentence.startswith("No cabe en su ventana 08:29–08:31; cabría en V-1 a las ")
    one_more = remedies[Remedy.ONE_MORE_VEHICLE]
    assert one_more.sentence == "cabría con un vehículo más desde Quilicura ($10.200)"
    assert (one_more.cost_clp, why.insertion_cost_clp) == (10_200, why.options[0].cost_clp)


def test_a_full_van_is_told_from_a_full_day() -> None:
    room = Load(parcels=1, weight_g=9_000, volume_ml=90_000)
    why = _why(day([stop(5), stop(6)], [van(capacity=room)]), {0: (0,)})
    assert why.cause is Cause.NO_CAPACITY
    assert [option.remedy for option in why.options] == [
        Remedy.ONE_MORE_VEHICLE,
        Remedy.MORE_CAPACITY,
    ]


def test_a_few_minutes_more_of_shift_are_offered_when_they_suffice() -> None:
    """The first stop ends the shift to the minute; the second adds 12 minutes."""
    problem = day([stop(10), stop(15)], [van(shift_end_s=at(32))])
    why = _why(problem, {0: (0,)})
    assert why.cause is Cause.NO_TIME
    longer = next(each for each in why.options if each.remedy is Remedy.LONGER_SHIFT)
    assert longer.sentence.startswith("cabría en V-1 con 15 min más de jornada")


def test_the_window_told_is_the_promised_one_not_what_the_plan_keeps_of_it() -> None:
    """A plan keeps clear of a window's end; the dispatcher knows the promise, not that margin."""
    early = stop(30, windows=(window(0, 20),), promised=(window(0, 25),))
    assert _why(day([early]), {}).sentence.endswith("y la ventana cierra a las 08:25.")
    close = stop(30, windows=(window(0, 20),), promised=(window(0, 35),))
    assert "08:30, sin margen para un atraso, y la ventana" in _why(day([close]), {}).sentence
    full = stop(0, id="P-0", windows=(window(29, 31),), promised=(window(29, 41),))
    problem = day([stop(30, windows=(window(30, 31),)), full])
    assert _why(problem, {0: (0,)}).sentence.startswith("No cabe en su ventana 08:29–08:41; ")


def test_a_stop_that_costs_more_than_it_is_worth_is_said_to() -> None:
    problem = day([stop(10, unserved_price_clp=100)])
    why = _why(problem, {})
    assert why.cause is Cause.TOO_DEAR
    assert why.sentence.startswith("Atenderla cuesta más que los $100 de dejarla fuera; cabría")


def test_of_many_left_out_the_last_are_told_in_short_unless_nothing_could_help_them() -> None:
    """All want the same minute at 30; the very last wants what no van has."""
    noon = [stop(30, id=f"P-{n}", windows=(window(30, 30),)) for n in range(EXPLAINED_MAX + 2)]
    problem = day([*noon, stop(30, id="P-cold", skills=frozenset({"frío"}))])
    told = explain(problem, make_plan(problem, {0: (0,)}))
    assert [why.cause for why in told[-3:]] == [
        Cause.NO_TIME,
        Cause.NOT_EXPLAINED,
        Cause.SKILL_MISSING,
    ]


def test_who_is_excluded_from_every_van_is_told_so() -> None:
    why = _why(day([stop(1, excluded_vehicles=frozenset({"V-1"}))]), {})
    assert why.cause is Cause.SKILL_MISSING
    assert why.sentence.endswith("está excluida de todos.")


def test_bound_stops_too_large_for_one_van_are_told_of_each_other() -> None:
    room = Load(parcels=1, weight_g=9_000, volume_ml=90_000)
    problem = replace(day([stop(5), stop(6)], [van(capacity=room)]), bonds=(Bond(stops=(0, 1)),))
    first, second = explain(problem, make_plan(problem, {}))
    assert (first.cause, second.cause) == (Cause.TOO_LARGE, Cause.TOO_LARGE)
    assert "junto con P-6, que van en el mismo viaje" in first.sentence


def test_bound_stops_are_offered_together() -> None:
    problem = replace(day([stop(5), stop(6), stop(7)]), bonds=(Bond(stops=(1, 2)),))
    first, _ = explain(problem, make_plan(problem, {0: (0,)}))
    assert "cabría junto con P-7 en V-1" in first.sentence


def test_a_drive_that_is_too_long_is_told_in_hours() -> None:
    why = _why(day([stop(80)], [van(driving_max_s=2 * 3_600)]), {})
    assert why.cause is Cause.WINDOW_IMPOSSIBLE
    assert why.sentence == ("Ni un vehículo vacío alcanza: maneja 2 h 40 min y su máximo es 2 h.")


def test_no_time_for_the_break_is_told() -> None:
    colacion = Break(start_s=at(20), end_s=at(60), duration_s=1_800)
    tired = van(breaks=(colacion,), latest_start_s=at(0))
    why = _why(day([stop(100, windows=(window(100, 100),))], [tired]), {})
    assert why.sentence == "Ni un vehículo vacío alcanza: no queda dónde tomar la colación."


def test_overtime_that_is_paid_already_counts_before_more_is_offered() -> None:
    """P-5 and back take until 12; with P-60 until 124: 120 of shift and overtime are not enough."""
    tight = van(shift_end_s=at(60), overtime_max_s=60 * MINUTE_S)
    problem = day([stop(5), stop(60)], [tight])
    why = _why(problem, {0: (0,)})
    assert why.cause is Cause.WINDOW_IMPOSSIBLE
    assert "vuelve a Quilicura a las 10:02 y la jornada termina a las 10:00" in why.sentence


def test_a_window_that_holds_every_shift_is_not_the_reason() -> None:
    """The first stop ends the shift to the minute; the window of the second is the workday."""
    problem = day([stop(10), stop(15, windows=(window(0, 700),))], [van(shift_end_s=at(32))])
    why = _why(problem, {0: (0,)})
    assert why.sentence.startswith(
        "No queda tiempo en ninguna jornada; cabría en V-1 con 15 min más"
    )


def test_what_needs_nothing_is_offered_before_what_is_cheaper_to_buy() -> None:
    """In V-1's route P-5 makes the van wait for its window; one more van costs next to nothing."""
    cheap = van(fixed_cost_clp=0)
    late = stop(5, windows=(window(300, 310),))
    problem = day([stop(10, windows=(window(10, 20),)), late], [cheap])
    why = _why(problem, {0: (0,)})
    assert [option.remedy for option in why.options] == [Remedy.ANYWAY, Remedy.ONE_MORE_VEHICLE]
    assert why.options[1].cost_clp < why.options[0].cost_clp
    assert why.sentence.startswith("Se paga sola, pero la búsqueda no llegó a ponerla; cabría en V")


def test_only_what_has_a_price_pays_for_itself() -> None:
    free = van(hour_cost_clp=0, km_cost_clp=0)
    problem = day([stop(10), stop(12, unserved_price_clp=0)], [free])
    why = _why(problem, {0: (0,)})
    assert why.cause is Cause.FITS
    assert why.sentence.startswith("Dejarla fuera no cuesta nada, y atenderla tampoco; cabría en")
    dear = _why(day([stop(10), stop(12, unserved_price_clp=0)]), {0: (0,)})
    assert dear.cause is Cause.TOO_DEAR
    assert dear.sentence.startswith("Dejarla fuera no cuesta nada; cabría en V-1 ($800)")


def test_where_only_the_way_back_is_missing_that_is_said() -> None:
    travel = line([0, 1])
    travel.seconds[0, 1, 0] = -1
    why = _why(day([stop(1)], travel=travel), {})
    assert why.cause is Cause.UNREACHABLE
    assert why.sentence == (
        "Hay camino en el mapa hasta la dirección, pero no para volver a ningún CD."
    )


def test_who_makes_its_most_stops_is_not_said_to_lack_space() -> None:
    why = _why(day([stop(5), stop(6)], [van(stops_max=1)]), {0: (0,)})
    assert why.cause is Cause.STOPS_MAX
    assert {option.remedy for option in why.options} == {
        Remedy.MORE_STOPS,
        Remedy.ONE_MORE_VEHICLE,
    }
    assert why.sentence.startswith(
        "Quien alcanza a pasar ya hace su máximo de paradas; "
        "cabría en V-1 si pudiera hacer más paradas"
    )


def test_a_skill_that_only_an_excluded_van_has_is_told_with_the_exclusion() -> None:
    cold = frozenset({"frío"})
    vans = [van("V-1", skills=cold), van("V-2")]
    why = _why(day([stop(1, skills=cold, excluded_vehicles=frozenset({"V-1"}))], vans), {})
    assert why.cause is Cause.SKILL_MISSING
    assert why.sentence == "Pide frío y está excluida de V-1."


def test_a_closed_depot_is_told_from_a_shift_that_ends() -> None:
    """Out and back takes 62 minutes; the shift would do, the depot closes after 60."""
    depots = [Depot(id="CD", location=0, name="Quilicura", close_s=at(60))]
    why = _why(day([stop(30)], depots=depots), {})
    assert why.sentence == (
        "Ni un vehículo vacío alcanza: vuelve a Quilicura a las 09:02 y el CD cierra a las 09:00."
    )


def test_who_ends_at_another_depot_is_told_where_it_comes_back_to() -> None:
    depots = [Depot(id="A", location=0, name="Quilicura"), Depot(id="B", location=1, name="Maipú")]
    problem = day([stop(30)], [van(end_depot=1, shift_end_s=at(60))], depots=depots)
    assert "vuelve a Maipú a las 09:01 y la jornada" in _why(problem, {}).sentence


def test_a_longer_shift_is_not_offered_as_if_the_depot_stayed_open_for_it() -> None:
    """With both stops the van is back at 37; the depot closes at 32, the shift ends at 36."""
    depots = [Depot(id="CD", location=0, name="Quilicura", close_s=at(32))]
    both = [stop(10, service_time_s=11 * MINUTE_S), stop(12)]
    why = _why(day(both, [van(shift_end_s=at(36))], depots=depots), {0: (0,)})
    longer = next(each for each in why.options if each.remedy is Remedy.LONGER_SHIFT)
    assert longer.sentence.startswith(
        "cabría en V-1 con 15 min más de jornada y el CD abierto hasta las 08:37"
    )


def test_only_depots_somebody_may_come_from_are_said_to_have_no_way() -> None:
    """The van of Maipú could drive there, but must not."""
    travel = line([0, 1, 2])
    travel.seconds[0, 0, 2] = -1
    depots = [Depot(id="A", location=0, name="Quilicura"), Depot(id="B", location=1, name="Maipú")]
    vans = [van("V-1"), van("V-2", start_depot=1, end_depot=1)]
    there = stop(2, excluded_vehicles=frozenset({"V-2"}))
    why = _why(day([there], vans, travel=travel, depots=depots), {})
    assert why.sentence == "No hay camino en el mapa desde Quilicura hasta la dirección."


def test_bound_stops_without_a_way_between_them_are_told_of_each_other() -> None:
    travel = line([0, 1, 2])
    travel.seconds[0, 1, 2] = -1
    problem = day([stop(1), stop(2)], travel=travel)
    problem = replace(problem, bonds=(Bond(stops=(0, 1), in_order=True),))
    first, _ = explain(problem, make_plan(problem, {}))
    assert first.sentence == "No hay camino en el mapa para visitarla en el mismo viaje que P-2."


def test_a_break_before_the_door_is_told_as_what_makes_it_late() -> None:
    """It arrives at 60; its break is due at 60, takes 30, and the window closes at 70."""
    rest = Break(start_s=at(60), end_s=at(90), duration_s=1_800)
    tired = van(breaks=(rest,), shift_end_s=at(135))
    problem = day([stop(60, windows=(window(60, 70),), service_time_s=1_500)], [tired])
    assert _why(problem, {}).sentence == (
        "Ni un vehículo vacío alcanza: saliendo de Quilicura llega a las 09:00, toma ahí su "
        "colación y la ventana cierra a las 09:10."
    )


def test_what_was_not_tried_is_not_said_not_to_fit() -> None:
    """Leaving them out costs nothing: each would fit."""
    free = [stop(5, id=f"P-{n}", unserved_price_clp=0) for n in range(EXPLAINED_MAX + 1)]
    problem = day(free)
    *_, last = explain(problem, make_plan(problem, {}))
    assert last.cause is Cause.NOT_EXPLAINED
    assert last.sentence.startswith("Quedó fuera, como otras más; cabría con un vehículo más")
