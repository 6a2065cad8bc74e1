"""What a depot's days will have to carry, and how many each has room for."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from typing import Any
from uuid import UUID

import pytest

from promesa.domain.fleet import NO_LOAD, Load
from promesa.promising.day_book import BookedStop, make_book
from promesa.promising.day_load import DayLoad, pour
from promesa.promising.odds import ASSUMED, Spread
from promesa.promising.repository import HALF_HOURS, DayOutlook
from promesa.promising.usual_work import UsualWork

DEPOT = UUID(int=1)
FIRST = date(2026, 11, 3)
# A hundred orders of 300 s, no way between them.
USUAL = UsualWork(orders=100, service_s=300, travel_s=0)
HOURS = tuple([30_000 / HALF_HOURS] * HALF_HOURS)


def outlook(ahead: int, coming: float) -> DayOutlook:
    return DayOutlook(
        depot_id=DEPOT,
        date=FIRST + timedelta(days=ahead),
        hours_s=HOURS,
        coming=Spread(mean=coming, sd=0.0),
        usual=USUAL,
    )


def test_what_a_full_day_turns_away_is_asked_of_the_next() -> None:
    days = [outlook(0, 160), outlook(1, 20), outlook(2, 20)]
    pairs = [(make_book(DEPOT, each.date, []), each) for each in days]

    first, second, third = pour(pairs, share_min=0.95, scatter=ASSUMED)

    # 30,000 vehicle-seconds are a hundred orders of 300 s; a day may be as full as 95 % done bears.
    assert first.room == pytest.approx(100 * first.ratio)
    assert first.asked == 160
    assert second.asked == pytest.approx(20 + 160 - first.room)
    assert second.spilt == pytest.approx(second.asked - 20)
    # A full day leaves a little undone, which the next one does first.
    assert second.room < first.room
    assert third.asked == pytest.approx(20 + max(0.0, second.asked - second.room))


def poured(day: DayOutlook, *stops: BookedStop) -> DayLoad:
    [load] = pour([(make_book(DEPOT, day.date, stops), day)], share_min=0.95, scatter=ASSUMED)
    return load


@pytest.mark.parametrize(("count", "service_s"), [(10, 1_500), (60, 60)])
def test_what_is_promised_takes_its_own_time_and_leaves_those_to_come_theirs(
    count: int, service_s: int
) -> None:
    stops = [
        BookedStop(
            id=UUID(int=n + 1),
            position=None,
            start_s=0,
            end_s=86_000,
            service_s=service_s,
            load=NO_LOAD,
        )
        for n in range(count)
    ]
    load = poured(outlook(0, 160), *stops)
    left_s = 30_000 * load.ratio - count * service_s
    # They say a little of the others, too.
    assert load.room == pytest.approx(count + left_s / 300, rel=0.15)


def of_a_door(number: int, *, is_named: bool) -> BookedStop:
    return BookedStop(
        id=UUID(int=number),
        position=None,
        start_s=0,
        end_s=86_000,
        service_s=0,
        is_named=is_named,
    )


def test_who_says_its_own_day_is_waited_for_until_it_is_in() -> None:
    day = replace(outlook(0, 0), named=Spread(mean=20.0, sd=0.0))
    pushed = [of_a_door(n, is_named=False) for n in range(1, 41)]
    # Forty that a peak pushed there are none of them.
    assert poured(day, *pushed).asked == pytest.approx(60)
    file = [of_a_door(n, is_named=True) for n in range(101, 116)]
    assert poured(day, *pushed, *file).asked == pytest.approx(60)
    more = [of_a_door(n, is_named=True) for n in range(201, 211)]
    assert poured(day, *pushed, *file, *more).asked == pytest.approx(65)


def with_room(coming: float, parcels: int, **more: Any) -> DayOutlook:
    return replace(outlook(0, coming), load=Load(parcels=parcels), **more)


def test_vans_hold_so_many_parcels_and_each_order_has_one_at_least() -> None:
    # Hours for a hundred, room for forty.
    load = poured(with_room(160, 40))
    assert load.room == pytest.approx(40 * load.ratio)
    assert load.asked - load.turned == pytest.approx(40 * load.ratio)


@pytest.mark.parametrize("weight", [0.7, 1.0, 1.5])
def test_orders_from_afar_take_more_of_the_hours_and_no_more_of_the_room(weight: float) -> None:
    load = poured(with_room(80, 40, weight=weight))
    assert load.room == pytest.approx(40 * load.ratio)
    assert load.asked - load.turned == pytest.approx(40 * load.ratio)
    assert load.to_come == pytest.approx(40 * load.ratio)


def test_an_order_takes_the_parcels_it_says() -> None:
    stop = BookedStop(
        id=UUID(int=7),
        position=None,
        start_s=0,
        end_s=86_000,
        service_s=300,
        load=Load(parcels=21),
    )
    none, large = poured(with_room(160, 40)), poured(with_room(160, 40), stop)
    assert none.room - large.room == pytest.approx(20)


def test_vans_that_load_twice_lose_the_hours_of_it_once_one_load_is_not_enough() -> None:
    # Sixty in the first loads, sixty in the second ones, which take 6,000 of 30,000 seconds.
    twice = {"first_load": Load(parcels=60), "reload_s": 6_000.0}
    full = poured(with_room(1_000, 120, **twice))
    # n orders of 300 s and (n - 60) / 60 of the seconds of loading again are the day's.
    assert full.room == pytest.approx((30_000 * full.ratio + 6_000) / 400, rel=1e-4)
    quiet = poured(with_room(40, 120, **twice))
    assert quiet.order_s == 300, "who loads once drives all day"


def test_far_orders_take_more_work_and_are_counted_as_they_are() -> None:
    usual, far = poured(outlook(0, 60)), poured(replace(outlook(0, 60), weight=1.5))
    assert (usual.asked, far.asked) == (60, 60)
    assert far.final_s.mean == pytest.approx(1.5 * usual.final_s.mean, rel=0.01)
    assert far.room == pytest.approx(usual.room / 1.5)
