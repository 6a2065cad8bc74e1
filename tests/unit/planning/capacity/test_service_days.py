"""A forecast's parcels on the days on which vans go out."""

from __future__ import annotations

from datetime import date, time

import pytest

from promesa.planning.capacity.scenarios import Volume
from promesa.planning.capacity.service_days import on_service_days
from promesa.planning.demand.lead_time import CutOff, lead_time_of_rule

SATURDAY, SUNDAY, MONDAY = date(2026, 12, 5), date(2026, 12, 6), date(2026, 12, 7)


def volume(day: date, mean: float, event: str = "") -> Volume:
    return Volume(
        series="Ñuñoa",
        date=day,
        mean=mean,
        p10=mean - 5,
        p50=mean,
        p90=mean + 5,
        event=event,
    )


def is_open(day: date) -> bool:
    return day.weekday() < 6


def test_deliveries_of_a_sunday_go_out_on_monday_with_its_own() -> None:
    found = on_service_days([volume(SUNDAY, 30), volume(MONDAY, 100)], is_open)
    assert [(each.date, each.mean, each.p90) for each in found.volumes] == [
        (SUNDAY, 0, 0),
        (MONDAY, 130, 140),
    ]
    assert (found.closed, found.moved, found.beyond) == ((SUNDAY,), 30, 0)


def test_deliveries_of_a_last_day_that_is_closed_are_beyond_the_forecast() -> None:
    found = on_service_days([volume(SATURDAY, 100), volume(SUNDAY, 30)], is_open)
    assert (found.beyond, sum(each.mean for each in found.volumes)) == (30, 100)


def test_an_event_stays_with_its_day_unless_it_is_closed() -> None:
    days = [volume(SUNDAY, 30, "Cyber"), volume(MONDAY, 100, "Cyber")]
    assert [each.event for each in on_service_days(days, is_open).volumes] == ["", "Cyber"]


def test_orders_go_out_by_the_rule_and_leave_their_event_behind() -> None:
    lead = lead_time_of_rule(CutOff(at=time(18), days=1), (1.0,) + (0.0,) * 23)
    days = [volume(SATURDAY, 40, "Cyber"), volume(SUNDAY, 30), volume(MONDAY, 100)]
    found = on_service_days(days, is_open, lead)
    # Saturday's would leave on Sunday, so they leave on Monday with Sunday's own.
    assert [(each.mean, each.event) for each in found.volumes] == [(0, ""), (0, ""), (70, "")]
    assert found.beyond == pytest.approx(100)
