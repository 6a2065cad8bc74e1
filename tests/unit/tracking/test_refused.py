"""A position whose hour is off is refused, and is told until one is believed."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from promesa.kernel.clock import MovedClock
from promesa.kernel.geo import Position
from promesa.kernel.ids import derived_id
from promesa.tracking.intake import shift_to
from promesa.tracking.repository import Fix
from promesa.tracking.service import Tracker
from tests.support.straight_roads import StraightTimes

NOON = datetime(2026, 10, 5, 15, 0, tzinfo=UTC)
DRIVER = derived_id("driver")


def fix(at: datetime) -> Fix:
    position = Position(lon=-70.61, lat=-33.43)
    return Fix(id=derived_id("fix", at.isoformat()), driver_id=DRIVER, position=position, at=at)


def test_the_hour_of_another_day_is_told_until_a_position_is_believed() -> None:
    tracker = Tracker(StraightTimes(), MovedClock(NOON))
    tracker.apply_fixes([fix(NOON + timedelta(days=54))])
    refused = tracker.find_refused(DRIVER)
    assert refused is not None
    assert refused.sentence.startswith(
        "Llegó una posición con la hora de otro día: 28-11-2026 12:00."
    )
    assert refused.heard_at == NOON
    tracker.apply_fixes([fix(NOON)])
    assert tracker.find_refused(DRIVER) is None


def test_in_the_demo_a_batch_of_another_day_ends_now_and_keeps_its_gaps() -> None:
    real = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
    shifted = shift_to([fix(real - timedelta(seconds=20)), fix(real)], NOON)
    assert [item.at for item in shifted] == [NOON - timedelta(seconds=20), NOON]
    today = [fix(NOON - timedelta(minutes=5))]
    assert shift_to(today, NOON) == today


@pytest.mark.parametrize(
    "at",
    [
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(1, 1, 1, tzinfo=timezone(timedelta(hours=14))),
        datetime(9999, 12, 31, 23, tzinfo=timezone(timedelta(hours=-12))),
    ],
)
def test_a_clock_that_lost_its_date_costs_no_other_position_of_the_batch(at: datetime) -> None:
    tracker = Tracker(StraightTimes(), MovedClock(NOON))
    report = tracker.apply_fixes([fix(at), fix(NOON)])
    assert [item.at for item in report.accepted] == [NOON]
    [refused] = report.refused
    assert refused.sentence.startswith("Llegó una posición con la hora de otro día. Activa")


def test_in_the_demo_a_phone_of_1970_drives_today() -> None:
    assert [item.at for item in shift_to([fix(datetime(1970, 1, 1, tzinfo=UTC))], NOON)] == [NOON]
