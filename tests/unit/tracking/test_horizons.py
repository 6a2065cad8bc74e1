"""Which estimates are kept to be judged by: the first at each horizon, and no stand-in."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from promesa.kernel.clock import MovedClock
from promesa.tracking.horizons import StopHorizon, estimates_due, find_horizon
from promesa.tracking.repository import ArrivalEstimate
from promesa.tracking.service import Tracker
from promesa.tracking.travel import StraightTravel
from tests.support.tracked_routes import ROUTE, after_s, stop_id, street_route


@pytest.mark.parametrize(("minutes", "horizon"), [
    (121, None), (120, 120), (96, 120), (95, None), (30, 30), (24, 30), (23, None),
    (10, 10), (8, 10), (7, None), (0, None), (-5, None),
])  # fmt: skip
def test_a_lead_is_at_a_horizon_from_four_fifths_of_it_on(
    minutes: int, horizon: int | None
) -> None:
    assert find_horizon(timedelta(minutes=minutes)) == horizon


def drive_by(*seconds: int, stops: int = 8) -> list[tuple[int, ArrivalEstimate]]:
    """What is kept of a route of stops 300 s apart, looked at so many seconds after nine."""
    clock = MovedClock(after_s(0))
    tracker = Tracker(StraightTravel(), clock)
    tracker.follow(street_route(stops))
    kept: set[StopHorizon] = set()
    found = []
    for second in seconds:
        clock.move_to(after_s(second))
        tracker.tick()
        seen = tracker.snapshot().routes[ROUTE]
        due = list(estimates_due(seen, kept))
        kept.update((each.stop_id, each.horizon_min) for each in due)
        found += [(second, each) for each in due]
    return found


def test_the_first_estimate_at_a_horizon_is_kept_and_none_after_it() -> None:
    found = drive_by(0, 10, 20)
    keys = [(each.stop_id, each.horizon_min) for _, each in found]
    assert len(keys) == len(set(keys))
    # At nine, stop 2 is 500 s away (8.3 min), stop 6 is 1,700 s away (28 min).
    assert (stop_id(2), 10) in keys
    assert (stop_id(6), 30) in keys
    assert {second for second, each in found if each.stop_id == stop_id(2)} == {0}


def test_a_stop_that_was_never_that_far_away_has_no_estimate_of_it() -> None:
    found = drive_by(*range(0, 600, 10))
    assert (stop_id(1), 30) not in [(each.stop_id, each.horizon_min) for _, each in found]
    assert 120 not in {each.horizon_min for _, each in found}


def test_what_is_kept_is_what_was_said_then() -> None:
    (said,) = [each for _, each in drive_by(0) if each.stop_id == stop_id(2)]
    assert said.made_at == after_s(0)
    assert said.p10 < said.p50 < said.p90
    assert minutes_to(said.p50) == pytest.approx(500 / 60, abs=0.5)


def minutes_to(at: datetime) -> float:
    return (at - after_s(0)).total_seconds() / 60
