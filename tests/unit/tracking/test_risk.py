"""How a promise stands."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

import pytest

from promesa.domain.promise import PromiseRisk
from promesa.domain.stop import Outcome, StopState
from promesa.tracking.eta import Arrival
from promesa.tracking.risk import stop_risk, window_risk, worst_risk
from promesa.tracking.tracked import TrackedStop
from tests.support.tracked_routes import after_s, promised, street_route

NOW = after_s(0)
# Promised until 09:20 (1200 s).
STOP = promised(street_route(), 1, start_s=0, end_s=1200).stops[0]


def arrival(p50_s: float, p90_s: float) -> Arrival:
    return Arrival(p10=after_s(p50_s / 2), p50=after_s(p50_s), p90=after_s(p90_s))


def risk(
    stop: TrackedStop, found: Arrival | None = None, now: datetime = NOW, *, broken: bool = False
) -> PromiseRisk:
    return stop_risk(stop, found, now, is_broken_down=broken)


@pytest.mark.parametrize(
    ("p50_s", "p90_s", "expected"),
    [
        (600, 1200, PromiseRisk.ON_TIME),
        (600, 1201, PromiseRisk.AT_RISK),
        (1200, 1500, PromiseRisk.AT_RISK),
        (1201, 1500, PromiseRisk.LATE),
    ],
)
def test_one_in_ten_is_at_risk_and_more_likely_than_not_is_late(
    p50_s: float, p90_s: float, expected: PromiseRisk
) -> None:
    assert risk(STOP, arrival(p50_s, p90_s)) is expected


def test_a_window_that_is_over_is_late_whatever_is_estimated() -> None:
    assert risk(STOP, None, after_s(1201)) is PromiseRisk.LATE


def test_a_van_that_arrived_in_time_is_on_time_even_after_the_window() -> None:
    there = replace(STOP, state=StopState.ARRIVED, arrived_at=after_s(1100))
    assert risk(there, arrival(1100, 1100), after_s(1500)) is PromiseRisk.ON_TIME


def test_without_a_promise_nothing_is_late() -> None:
    assert risk(replace(STOP, promise=None), arrival(9000, 9000)) is PromiseRisk.ON_TIME


def test_a_broken_van_puts_a_promise_with_hours_to_spare_at_risk() -> None:
    assert risk(STOP, arrival(10, 20), broken=True) is PromiseRisk.AT_RISK


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        (Outcome.SUCCEEDED, PromiseRisk.CLOSED),
        (Outcome.CANCELLED, PromiseRisk.CLOSED),
        (Outcome.FAILED, PromiseRisk.FAILED),
        (Outcome.SKIPPED, PromiseRisk.FAILED),
    ],
)
def test_a_closed_stop_is_closed_or_failed(outcome: Outcome, expected: PromiseRisk) -> None:
    assert risk(replace(STOP, state=StopState.CLOSED, outcome=outcome)) is expected


def test_a_route_shows_the_worst_of_what_is_open() -> None:
    risks = [PromiseRisk.CLOSED, PromiseRisk.FAILED, PromiseRisk.AT_RISK, PromiseRisk.ON_TIME]
    assert worst_risk(risks) is PromiseRisk.AT_RISK
    assert worst_risk([PromiseRisk.FAILED, PromiseRisk.CLOSED]) is PromiseRisk.CLOSED
    assert worst_risk([]) is PromiseRisk.CLOSED


def test_a_door_the_van_left_without_closing_is_late_when_it_comes_again_too_late() -> None:
    left = replace(STOP, state=StopState.ARRIVED, arrived_at=after_s(-600))
    assert risk(left, arrival(1201, 1500)) is PromiseRisk.LATE
    assert risk(left, arrival(600, 900)) is PromiseRisk.ON_TIME


def test_an_earlier_window_is_broken_while_the_one_told_later_holds() -> None:
    told = promised(street_route(), 1, start_s=600, end_s=3000).stops[0].promise
    first = STOP.promise
    assert told is not None
    assert first is not None
    late = arrival(1800, 2400)
    assert window_risk(told, late, arrived_at=None, now=NOW) is PromiseRisk.ON_TIME
    assert window_risk(first, late, arrived_at=None, now=NOW) is PromiseRisk.LATE
