"""A depot more: which comunas it takes, whose vans it has, and what is refused.

Quilicura lies 10 minutes from the one depot there is, Maipú 60.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from promesa.kernel.geo import Position
from promesa.planning.capacity.board import make_board, whole_plan
from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.new_depot import (
    NEW_DEPOT,
    NewDepot,
    hauls_from,
    taken_comunas,
    untaken_words,
    with_new_depot,
)
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.route_length import RouteLimits, StopWork
from promesa.planning.capacity.scenarios import Scenarios
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.what_if import ChangeInvalidError
from promesa.planning.capacity.zones import Zone
from promesa.roads.city import City
from tests.support.capacity_board import (
    ARICA,
    a_board_case,
    an_outlook,
    board_inputs,
    some_vans,
)
from tests.support.capacity_days import FIRST_DAY

MAIPU = Position(lon=-70.757, lat=-33.51)
NEW = NewDepot(position=MAIPU, label="Maipú", vehicles=4)
NEAR = {"Quilicura · QUI": 40.0, "Maipú · QUI": 8.0}


def a_zone(name: str, haul: float) -> Zone:
    return Zone(name=name, depot="QUI", area_km2=4, pace_min_km=3, haul_min=haul)


def a_case() -> CapacityCase:
    depot = DepotWork(
        id="QUI",
        name="CD Quilicura",
        zones=(a_zone("Quilicura · QUI", 10), a_zone("Maipú · QUI", 60)),
        limits=RouteLimits(parcels=90, shift_min=540),
        work=StopWork(service_min=4),
    )
    return CapacityCase(
        scenarios=Scenarios(
            days=(FIRST_DAY, FIRST_DAY + timedelta(days=1)),
            series=("Maipú · QUI", "Quilicura · QUI"),
            events=("", ""),
            parcels=np.array([[[200, 200], [200, 200]]] * 20, dtype=np.int64),
        ),
        depots=(depot,),
        fleets=(DepotFleet(depot="QUI", own=10, own_day_cost_clp=70_000, own_by_day=(10, 3)),),
    )


def test_it_takes_the_comunas_that_are_nearer_to_it_and_spares_their_way() -> None:
    case = a_case()
    changed = with_new_depot(case, NEW, NEAR)
    assert taken_comunas(changed) == ("Maipú",)
    targets = {"QUI": 0.97, NEW_DEPOT: 0.97}
    before, after = whole_plan(make_board(case, targets)), whole_plan(make_board(changed, targets))
    assert sum(day.hours_p50 for day in after.days) < sum(day.hours_p50 for day in before.days)
    assert after.kept > before.kept


def test_vans_that_move_are_missed_where_they_were_and_work_on_the_days_they_worked() -> None:
    given = a_case()
    rostered = replace(given.fleets[0], rostered_by_day=(10, 0))
    given = replace(given, fleets=(rostered,))
    home, new = with_new_depot(given, replace(NEW, moved_from="QUI"), NEAR).fleets
    assert (home.own_by_day, home.rostered_by_day) == ((6, 0), (6, 0))
    assert (new.own_by_day, new.rostered_by_day) == ((4, 3), (4, 0))


def test_new_vans_work_every_day_and_cost_what_the_others_do() -> None:
    _, new = with_new_depot(a_case(), NEW, NEAR).fleets
    assert (new.own, new.own_by_day, new.own_day_cost_clp) == (4, (), 70_000)


def test_a_place_without_roads_or_nearer_to_nothing_and_vans_that_are_not_there_are_refused() -> (
    None
):
    with pytest.raises(ChangeInvalidError, match="No hay calles"):
        with_new_depot(a_case(), NEW, {})
    with pytest.raises(ChangeInvalidError, match="Ninguna zona"):
        with_new_depot(a_case(), NEW, {"Maipú · QUI": 70.0})
    with pytest.raises(ChangeInvalidError, match="tiene 10"):
        with_new_depot(a_case(), replace(NEW, vehicles=11, moved_from="QUI"), NEAR)
    with pytest.raises(ChangeInvalidError, match="no está"):
        with_new_depot(a_case(), replace(NEW, moved_from="LUNA"), NEAR)


def test_a_comuna_is_not_taken_for_less_than_what_is_known_of_its_way() -> None:
    """Maipú lies 60 minutes off: 58 are two fewer, 59 one."""
    assert taken_comunas(with_new_depot(a_case(), NEW, {"Maipú · QUI": 58.0})) == ("Maipú",)
    with pytest.raises(ChangeInvalidError, match="Ninguna zona"):
        with_new_depot(a_case(), NEW, {"Maipú · QUI": 59.0})


def test_a_comuna_that_another_depot_is_nearest_to_is_not_taken_from_the_wrong_one() -> None:
    """Part of Maipú is served from afar, though another depot lies 30 minutes from it."""
    nearest = {"Maipú · QUI": 30.0}
    with pytest.raises(ChangeInvalidError, match="Ninguna zona"):
        with_new_depot(a_case(), NEW, {"Maipú · QUI": 40.0}, nearest)
    told = untaken_words("Maipú", a_case(), {"Maipú · QUI": 40.0}, nearest)
    assert told is not None
    assert "quedan a 40 min, y a 30 min del CD que las atiende" in told
    assert untaken_words("Pirque", a_case(), {}, {}) is None


def test_its_ways_are_measured_on_the_streets_as_those_of_a_depot_are(city: City) -> None:
    made = a_board_case(
        city, board_inputs(an_outlook("Maipú", "Providencia"), vehicles=some_vans(5))
    )
    assert made.case is not None
    hauls = hauls_from(city, made.case, MAIPU, 1)
    before = {zone.name: zone.haul_min for zone in made.case.depots[0].zones}
    assert hauls["Maipú · CD"] < before["Maipú · CD"]
    assert hauls["Providencia · CD"] > before["Providencia · CD"]
    assert hauls_from(city, made.case, ARICA.position, 1) == {}


def test_it_is_named_after_its_place_and_whose_vans_it_has() -> None:
    names = {"QUI": "CD Quilicura"}
    assert NEW.named(names) == "CD nuevo en Maipú con 4 camionetas nuevas"
    moved = replace(NEW, vehicles=1, moved_from="QUI")
    assert moved.named(names) == "CD nuevo en Maipú con 1 camioneta de CD Quilicura"
    assert replace(NEW, vehicles=1).named(names).endswith("con 1 camioneta nueva")
