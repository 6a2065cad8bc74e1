"""Changes tried on a case, in the same scenarios."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest

from promesa.planning.capacity.needs import DepotWork
from promesa.planning.capacity.plan import CapacityCase
from promesa.planning.capacity.route_length import RouteLimits, StopWork
from promesa.planning.capacity.scenarios import Scenarios
from promesa.planning.capacity.sources import DepotFleet
from promesa.planning.capacity.what_if import (
    ChangeInvalidError,
    compare,
    compared_sentences,
    moved_share,
    with_cut_off,
    with_depot,
    without_vehicles,
)
from promesa.planning.capacity.zones import Zone
from tests.support.capacity_days import FIRST_DAY

LIMITS, WORK = RouteLimits(parcels=90, shift_min=540), StopWork(service_min=4)


def zone(name: str, haul: float) -> Zone:
    return Zone(name=name, depot="QUI", area_km2=4, pace_min_km=3, haul_min=haul)


def case(*days: tuple[int, int], own: int = 10) -> CapacityCase:
    """Two zones, one near and one far; the same parcels in each of twenty scenarios."""
    depot = DepotWork(
        id="QUI",
        name="CD Quilicura",
        zones=(zone("Quilicura", 10), zone("Maipú", 60)),
        limits=LIMITS,
        work=WORK,
    )
    return CapacityCase(
        scenarios=Scenarios(
            days=tuple(FIRST_DAY + timedelta(days=number) for number in range(len(days))),
            series=("Maipú", "Quilicura"),
            events=("",) * len(days),
            parcels=np.array([days] * 20, dtype=np.int64),
        ),
        depots=(depot,),
        fleets=(DepotFleet(depot="QUI", own=own, own_day_cost_clp=70_000),),
    )


def parcels(changed: CapacityCase) -> list[list[int]]:
    rows: list[list[int]] = changed.scenarios.parcels[0].tolist()
    return rows


def test_fewer_vans_keep_fewer_promises_for_less() -> None:
    base = case((100, 300), own=6)
    as_is, fewer = compare(base, {"Sin 3": without_vehicles(base, "QUI", 3)}, 0.97)
    assert fewer.plan.kept < as_is.plan.kept
    assert fewer.plan.cost_clp < as_is.plan.cost_clp
    assert fewer.gap > as_is.gap == 0


def test_no_more_vans_than_there_are_can_be_taken_away() -> None:
    with pytest.raises(ChangeInvalidError):
        without_vehicles(case((1, 1)), "QUI", 11)
    with pytest.raises(ChangeInvalidError):
        without_vehicles(case((1, 1)), "SJO", 1)


def test_an_earlier_cut_off_sends_the_hours_between_a_day_later() -> None:
    """Ten orders in each hour from 10 to 20: of a hundred, those of 14, 15, 16 and 17."""
    by_hour = [10.0 if 10 <= hour < 20 else 0.0 for hour in range(24)]
    assert moved_share(by_hour, before=18, after=14) == pytest.approx(0.4)
    assert moved_share(by_hour, before=14, after=18) == pytest.approx(-0.4)
    assert moved_share(by_hour, before=14, after=14) == 0


def test_parcels_go_to_the_next_day_of_deliveries() -> None:
    """The second day is closed; half of each day goes on, and the first gets half of its like."""
    changed = with_cut_off(case((100, 0), (0, 0), (200, 40)), 0.5)
    assert parcels(changed) == [[100, 0], [0, 0], [150, 20]]


def test_a_later_cut_off_brings_parcels_a_day_sooner() -> None:
    changed = with_cut_off(case((100, 0), (200, 40)), -0.5)
    assert parcels(changed) == [[150, 20], [200, 40]]


def test_of_comunas_with_one_parcel_a_day_the_share_goes_all_the_same() -> None:
    """A fifth of one parcel is none; of the forty of the first day in twenty scenarios it is 8."""
    after = with_cut_off(case((1, 1), (0, 100)), 0.2).scenarios.parcels
    came = after[:, 1] - [0, 80]
    assert (after >= 0).all()
    assert came.sum() == 8
    assert (came.sum(axis=0) > 0).all()
    assert set(came.sum(axis=1).tolist()) == {0, 1}


def test_the_same_change_moves_the_same_parcels_each_time() -> None:
    twice = [with_cut_off(case((1, 1), (3, 2)), 0.3).scenarios.parcels for _ in range(2)]
    assert (twice[0] == twice[1]).all()


def test_minutes_of_a_cut_off_count() -> None:
    """Ten orders from 14:00 to 15:00 and ten from 15:00 to 16:00: from 14:30 on there are 15."""
    by_hour = [10.0 if hour in {14, 15} else 0.0 for hour in range(24)]
    assert moved_share(by_hour, before=14.5, after=14) == pytest.approx(0.25)
    assert moved_share(by_hour, before=14.5, after=16) == pytest.approx(-0.75)
    assert moved_share(by_hour, before=14.5, after=24) == pytest.approx(-0.75)


def test_vans_that_wait_for_the_days_own_orders_lose_the_hours() -> None:
    base = case((100, 300))
    late = with_cut_off(base, 0.0, shift_lost_min=240)
    as_is, changed = compare(base, {"A las 14": late}, 0.97)
    assert changed.vehicle_days > as_is.vehicle_days
    with pytest.raises(ChangeInvalidError):
        with_cut_off(base, 0.0, shift_lost_min=540)


def test_a_new_depot_takes_the_zones_that_are_nearer_to_it() -> None:
    base = case((200, 200))
    depot = replace(base.depots[0], id="MAI", name="CD Maipú", zones=())
    fleet = DepotFleet(depot="MAI", own=10, own_day_cost_clp=70_000)
    changed = with_depot(base, depot, fleet, {"Maipú": 8.0, "Quilicura": 50.0})
    assert [[zone.name for zone in each.zones] for each in changed.depots] == [
        ["Quilicura"],
        ["Maipú"],
    ]
    as_is, more = compare(base, {"Con CD Maipú": changed}, 0.97)
    hours = [sum(day.hours_p50 for day in each.plan.days) for each in (as_is, more)]
    assert hours[1] < hours[0] - 2


def test_a_depot_nearer_to_nobody_is_refused() -> None:
    base = case((200, 200))
    depot = replace(base.depots[0], id="X", zones=())
    fleet = DepotFleet(depot="X", own=1, own_day_cost_clp=1)
    with pytest.raises(ChangeInvalidError):
        with_depot(base, depot, fleet, {"Maipú": 90.0, "Quilicura": 90.0})
    with pytest.raises(ChangeInvalidError):
        with_depot(base, replace(depot, id="QUI"), fleet, {})


def test_a_change_is_told_with_what_it_costs_and_keeps() -> None:
    base = case((0, 540), own=8)
    changes = {"Sin 4 camionetas": without_vehicles(base, "QUI", 4)}
    first, second = compared_sentences(compare(base, changes, 0.97))
    assert first.startswith("Como está: se cumple 100,0 % y cuesta $")
    assert "puntos, $" in second
    assert "menos). Peor día: lunes 5 de octubre" in second
    assert second.endswith("camionetas-día.")


def test_what_is_not_delivered_costs_the_price_of_a_broken_promise() -> None:
    """Half of some 540 stops at 8.000 each are dearer than the four vans that are spared."""
    base = case((0, 540), own=8)
    found = compare(base, {"Sin 4 camionetas": without_vehicles(base, "QUI", 4)}, 0.97)
    whole, fewer = (replace(each, broken_clp=8_000) for each in found)
    assert fewer.undelivered == pytest.approx(
        sum(day.stops * (1 - day.kept) for day in fewer.plan.days)
    )
    assert fewer.undelivered_clp == round(8_000 * fewer.undelivered)
    assert fewer.total_clp > whole.total_clp
    _, told = compared_sentences((whole, fewer))
    assert "más). Peor día" in told
    assert found[1].undelivered_clp is None
