"""Lead times of lanes: what is stated holds on days and lanes that were not seen."""

from __future__ import annotations

import math
from datetime import date, timedelta

import pytest

from promesa.kernel.seeds import stream
from promesa.planning.demand.history import OrderFlow
from promesa.planning.demand.series import SeriesKey
from promesa.promising.alarm import AlarmState
from promesa.promising.lead_time_model import (
    DELIVERIES_MIN,
    Lane,
    fit_lead_times,
    watch_lead_times,
)

TODAY = date(2026, 11, 30)


def flow(
    comuna: str, placed: date, days: int | None, orders: int = 1, *, depot: str = "CD"
) -> OrderFlow:
    delivered = None if days is None else placed + timedelta(days=days)
    key = SeriesKey(comuna=comuna, depot=depot)
    return OrderFlow(key=key, placed=placed, hour=10, delivered=delivered, orders=orders)


def lanes(
    seed: int, days: int, *, until: date = TODAY, slower_since: date | None = None
) -> list[OrderFlow]:
    """Ten lanes of twelve orders a day: each of its own pace and width, Fridays a day longer.

    Ends are heavier than a normal's: now and then a parcel takes three times as long.
    """
    chance = stream(seed, "lead times")
    kinds = [(f"L{n}", chance.uniform(0.7, 2.0), chance.uniform(0.1, 0.4)) for n in range(10)]
    found = []
    for number in range(days):
        placed = until - timedelta(days=days - number)
        for comuna, place, width in kinds:
            for _ in range(12):
                log = chance.gauss(place, width) + (math.log(3) if chance.random() < 0.03 else 0)
                log += 0.2 * (placed.weekday() == 4)
                log += 0.5 * (slower_since is not None and placed >= slower_since)
                took = max(0, round(math.exp(log) - 1))
                found.append(flow(comuna, placed, took))
    return found


def known_at(flows: list[OrderFlow], day: date) -> list[OrderFlow]:
    """What had been told by that day: what arrived later had not."""
    return [
        flow(
            each.key.comuna,
            each.placed,
            (each.delivered - each.placed).days
            if each.delivered is not None and each.delivered < day
            else None,
        )
        for each in flows
        if each.placed < day
    ]


def test_what_is_stated_of_whole_days_holds_on_days_that_were_not_seen() -> None:
    for share in (0.8, 0.9, 0.95):
        kept, stated = [], []
        for seed in range(4):
            flows = lanes(seed, 120)
            day = TODAY - timedelta(days=30)
            model = fit_lead_times(known_at(flows, day), today=day)
            assert model is not None
            for each in flows:
                if each.placed >= day and each.delivered is not None:
                    lane = Lane(each.key.comuna, each.key.depot)
                    days = model.days_for(lane, each.placed, share)
                    assert days is not None
                    kept.append((each.delivered - each.placed).days <= days)
                    stated.append(model.share_within(lane, each.placed, days))
        mean = sum(kept) / len(kept)
        # Never less than asked by more than a point, and as often as is said of those days.
        assert mean >= share - 0.01
        assert mean == pytest.approx(sum(stated) / len(stated), abs=0.015)


def test_a_slow_lane_is_told_longer_than_a_quick_one_and_a_friday_longer_than_a_monday() -> None:
    rows = [
        each
        for number in range(90)
        for day in [TODAY - timedelta(days=100 - number)]
        for each in (
            flow("Cerca", day, 1 + (day.weekday() == 4), 5),
            flow("Lejos", day, 5 + (day.weekday() == 4), 5),
        )
    ]
    model = fit_lead_times(rows, today=TODAY)
    assert model is not None
    monday, friday = date(2026, 11, 30), date(2026, 12, 4)
    near, far = Lane("Cerca", "CD"), Lane("Lejos", "CD")
    assert model.days_for(near, monday, 0.9) in {1, 2}
    assert model.days_for(far, monday, 0.9) in {5, 6}
    assert (model.days_for(far, friday, 0.9) or 0) > (model.days_for(far, monday, 0.9) or 0)
    # Nobody has driven there: as all, and on no delivery of its own.
    assert model.lane(Lane("Nueva", "CD")) == model.whole
    assert model.share_within(near, monday, 2) > model.share_within(far, monday, 2)


def test_young_orders_say_nothing_and_old_ones_that_never_came_count_against() -> None:
    rows = [flow("A", TODAY - timedelta(days=100 - n), 3, 10) for n in range(60)]
    young = [flow("A", TODAY - timedelta(days=n), None, 50) for n in (1, 2, 3)]
    lost = [flow("A", TODAY - timedelta(days=45), None, 90)]
    before = fit_lead_times(rows, today=TODAY)
    assert before is not None
    assert fit_lead_times([*rows, *young], today=TODAY) == before
    with_lost = fit_lead_times([*rows, *lost], today=TODAY)
    assert with_lost is not None
    lane = Lane("A", "CD")
    assert before.days_for(lane, TODAY, 0.9) == 3
    assert with_lost.days_for(lane, TODAY, 0.9) is None
    assert with_lost.share_within(lane, TODAY, 30) < 0.8


def test_a_few_deliveries_state_nothing() -> None:
    rows = [flow("A", TODAY - timedelta(days=60), 2, DELIVERIES_MIN - 1)]
    assert fit_lead_times(rows, today=TODAY) is None
    assert fit_lead_times([], today=TODAY) is None


def test_lanes_that_slow_down_ring_and_those_that_do_not_stay_silent() -> None:
    calm = watch_lead_times(lanes(1, 150), today=TODAY)
    slow = watch_lead_times(lanes(1, 150, slower_since=TODAY - timedelta(days=25)), today=TODAY)
    assert calm.state is AlarmState.CALM
    assert slow.state is AlarmState.WORSE
