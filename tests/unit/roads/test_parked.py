"""Where a trace stands still: what is left says how fast the streets are."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from promesa.kernel.geo import Position
from promesa.kernel.seeds import stream
from promesa.roads.parked import PARKED_S_MIN, moving_parts
from promesa.roads.traces import TraceFix

START = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
# So many degrees of latitude are a metre.
DEG_PER_M = 1 / 111_195


def fix(at_s: float, north_m: float, east_m: float = 0.0) -> TraceFix:
    position = Position(lon=-70.65 + east_m * DEG_PER_M, lat=-33.44 + north_m * DEG_PER_M)
    return TraceFix(time=START + timedelta(seconds=at_s), position=position)


def drive(begin_s: float, begin_m: float, *, seconds: int, mps: float) -> list[TraceFix]:
    return [fix(begin_s + t, begin_m + mps * t) for t in range(0, seconds, 5)]


def test_a_drive_is_one_piece() -> None:
    trace = drive(0, 0, seconds=300, mps=8)
    assert moving_parts(trace) == [trace]


def test_a_van_at_a_door_cuts_its_trace_in_two() -> None:
    # 60 s at 8 m/s, 180 s at the door with a wandering receiver, 60 s at 8 m/s.
    noise = stream(1, "door")
    before = drive(0, 0, seconds=60, mps=8)
    door = [fix(60 + t, 480 + noise.gauss(0, 10), noise.gauss(0, 10)) for t in range(0, 180, 5)]
    after = drive(240, 480, seconds=60, mps=8)
    parts = moving_parts([*before, *door, *after])
    assert len(parts) == 2
    standing_s = sum((p[-1].time - p[0].time).total_seconds() for p in parts) - 120
    assert standing_s < 20


def test_a_red_light_is_part_of_the_drive() -> None:
    trace = [
        *drive(0, 0, seconds=60, mps=8),
        *(fix(60 + t, 480) for t in range(0, int(PARKED_S_MIN) - 20, 5)),
        *drive(60 + PARKED_S_MIN - 20, 480, seconds=60, mps=8),
    ]
    assert len(moving_parts(trace)) == 1


def test_a_jam_is_part_of_the_drive() -> None:
    # 4 km/h for ten minutes.
    assert len(moving_parts(drive(0, 0, seconds=600, mps=1.1))) == 1


def test_a_silent_phone_says_nothing_of_the_time_between() -> None:
    before, after = drive(0, 0, seconds=60, mps=8), drive(900, 900, seconds=60, mps=8)
    assert moving_parts([*before, *after]) == [before, after]


def test_a_parked_van_has_no_piece_at_all() -> None:
    noise = stream(2, "night")
    night = [fix(t, noise.gauss(0, 6), noise.gauss(0, 6)) for t in range(0, 3600, 30)]
    assert moving_parts(night) == []
    assert moving_parts([]) == []
