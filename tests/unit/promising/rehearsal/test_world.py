"""Days that are driven stop by stop."""

from __future__ import annotations

from dataclasses import replace
from datetime import time, timedelta

from promesa.kernel.geo import Position
from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.rehearsal.buyers import Buyer, Sold
from promesa.promising.rehearsal.world import Roughness, Vans, World
from promesa.promising.windows import whole_day
from tests.support.rehearsals import CALM, MONDAY, square_ground

DAY = ServiceDay(MONDAY)


def sold(number: int, *, lon: float = -70.65, window: TimeWindow | None = None) -> Sold:
    """A visit of ten minutes at the depot's latitude."""
    buyer = Buyer(
        number=number,
        at=DAY.at(time(0)) - timedelta(hours=12),
        position=Position(lon=lon, lat=-33.45),
        service_s=600,
        patience=0.0,
    )
    is_whole = window is None
    return Sold(buyer=buyer, window=window or whole_day(MONDAY), day=MONDAY, is_whole_day=is_whole)


def world(vans: Vans, roughness: Roughness = CALM) -> World:
    """Of the square town."""
    return World(square_ground(), "CD", vans, seed=1, roughness=roughness)


def test_a_van_makes_as_many_stops_as_its_shift_holds() -> None:
    # At the depot's own door: three stops of ten minutes fill half an hour.
    driven = world(Vans(shift_s=1_800, rest_s=0)).drive(MONDAY, [sold(n) for n in range(5)], 1)
    assert (len(driven.kept), len(driven.left)) == (3, 2)


def test_a_van_takes_no_more_than_it_holds() -> None:
    driven = world(Vans(shift_s=30_000, stops_max=2)).drive(MONDAY, [sold(n) for n in range(5)], 2)
    assert (len(driven.kept), len(driven.left)) == (4, 1)


def test_a_morning_is_visited_before_the_afternoon() -> None:
    morning = TimeWindow(start=DAY.at(time(9)), end=DAY.at(time(13)))
    afternoon = TimeWindow(start=DAY.at(time(14)), end=DAY.at(time(18)))
    due = [sold(1, window=afternoon), sold(2, window=morning), sold(3, window=afternoon)]
    driven = world(Vans(shift_s=32_400, rest_s=0)).drive(MONDAY, due, 1)
    assert driven.kept[0].buyer.number == 2
    assert len(driven.kept) == 3


def test_who_comes_after_the_window_is_late() -> None:
    early = TimeWindow(start=DAY.at(time(9)), end=DAY.at(time(9, 15)))
    due = [sold(number, window=early) for number in range(3)]
    driven = world(Vans(shift_s=30_000)).drive(MONDAY, due, 1)
    # Visits begin at 09:00, 09:10 and 09:20.
    assert (len(driven.kept), len(driven.late)) == (2, 1)


def test_where_nobody_is_the_promise_is_kept_and_the_parcel_goes_again() -> None:
    away = replace(CALM, away_share=1.0)
    driven = world(Vans(), away).drive(MONDAY, [sold(1)], 1)
    assert driven.again == driven.kept


def test_without_vans_everything_is_left() -> None:
    absent = replace(CALM, absent_share=1.0)
    driven = world(Vans(), absent).drive(MONDAY, [sold(1)], 3)
    assert (driven.vans, len(driven.left)) == (0, 1)


def test_a_day_is_the_same_whoever_promised_it() -> None:
    rough = Roughness()
    first, second = (world(Vans(), rough).drive(MONDAY, [sold(1)], 5) for _ in range(2))
    assert (first.vans, first.service_s) == (second.vans, second.service_s)
