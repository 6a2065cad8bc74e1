"""A van leaves after its depot opens and is back before it closes."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from promesa.dispatch.plan_desk import within_hours
from promesa.domain.fleet import Shift
from promesa.kernel.ids import derived_id
from promesa.kernel.serviceday import ServiceDay
from tests.support.dispatch_memory import DEPOT, DORA, VAN
from tests.support.orders_memory import TODAY

DAY = ServiceDay(TODAY)
SHIFT = Shift(
    id=derived_id("shift"),
    date=TODAY,
    driver_id=DORA.id,
    vehicle_id=VAN.id,
    depot_id=DEPOT.id,
    start=DAY.at(time(6, 0)),
    end=DAY.at(time(20, 0)),
)


def test_a_shift_is_cut_to_the_hours_of_its_depot() -> None:
    depot = replace(DEPOT, opens=time(7, 30), closes=time(19, 0))
    cut = within_hours(SHIFT, depot, DAY)
    assert (cut.start, cut.end) == (DAY.at(time(7, 30)), DAY.at(time(19, 0)))


def test_a_depot_without_hours_is_always_open() -> None:
    assert within_hours(SHIFT, DEPOT, DAY) == SHIFT
