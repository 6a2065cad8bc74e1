"""A tour's halves: mornings go first, whatever is left of yesterday."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from promesa.kernel.serviceday import ServiceDay
from promesa.kernel.timewindow import TimeWindow
from promesa.promising.rehearsal.buyers import Buyer, Sold
from promesa.promising.rehearsal.world import _halves
from promesa.promising.windows import whole_day
from tests.support.rehearsals import DEPOT, MONDAY

TUESDAY = MONDAY + timedelta(days=1)


def sold(number: int, window: TimeWindow, *, is_whole_day: bool) -> Sold:
    buyer = Buyer(number=number, at=window.start, position=DEPOT, service_s=100, patience=0.0)
    return Sold(buyer=buyer, window=window, day=TUESDAY, is_whole_day=is_whole_day)


def test_a_parcel_of_yesterday_leaves_mornings_first() -> None:
    start = ServiceDay(TUESDAY).start
    morning = TimeWindow(start=start + timedelta(hours=9), end=start + timedelta(hours=14))
    mornings = [sold(number, morning, is_whole_day=False) for number in range(2)]
    free = [sold(number, whole_day(TUESDAY), is_whole_day=True) for number in (2, 3, 4)]
    overdue = replace(sold(5, whole_day(MONDAY), is_whole_day=True), day=MONDAY)
    tour = [2, 0, 3, 1, 4, 5]
    out, back = _halves(tour, [*mornings, *free, overdue])
    assert {0, 1} <= set(out)
    assert sorted([*out, *back]) == [0, 1, 2, 3, 4, 5]
    assert len(back) >= 2
