"""Live traffic: who is believed when several sources speak of one street."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest

from promesa.roads.live import DISPATCHER, FLEET, SegmentSpeed, merged
from promesa.roads.overlay import CLOSED_KPH, LiveSpeedError

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@dataclass(frozen=True)
class Told:
    name: str
    words: Sequence[SegmentSpeed]

    def speeds(self, now: datetime) -> Sequence[SegmentSpeed]:
        return self.words


def word(source: str, kph: float, *, age_min: float = 0, passes: int = 1, edge: int = 7,
         start_min: float | None = None, end_min: float = 30) -> SegmentSpeed:  # fmt: skip
    told = NOW - timedelta(minutes=age_min)
    start = told if start_min is None else NOW + timedelta(minutes=start_min)
    return SegmentSpeed(
        edge=edge,
        speed_kph=kph,
        start=start,
        end=NOW + timedelta(minutes=end_min),
        source=source,
        told_at=told,
        passes=passes,
    )


def believed(*words: SegmentSpeed) -> list[tuple[str, float]]:
    return [(w.source, w.speed_kph) for w in merged([Told(w.source, [w]) for w in words], NOW)]


def test_with_no_source_the_table_stands_alone() -> None:
    assert merged([], NOW) == ()
    assert merged([Told(FLEET, [])], NOW) == ()


def test_a_closure_by_a_person_wins_however_old_it_is() -> None:
    closure = word(DISPATCHER, CLOSED_KPH, age_min=240)
    assert believed(word(FLEET, 30, passes=9), closure, word("feed", 20)) == [(DISPATCHER, 0.0)]


def test_a_closure_of_a_feed_gives_way_to_vans_that_drove_through_since() -> None:
    closure = word("feed", CLOSED_KPH, age_min=20)
    assert believed(closure, word(FLEET, 30, age_min=1)) == [(FLEET, 30)]


def test_the_freshest_is_believed() -> None:
    old, new = word("feed", 20, age_min=14, passes=99), word(FLEET, 30, age_min=1)
    assert believed(old, new) == [(FLEET, 30)]
    slow = word(DISPATCHER, 10, age_min=60)
    assert believed(slow, new) == [(FLEET, 30)]


def test_of_one_age_the_most_passes_are_believed() -> None:
    few, many = word(FLEET, 30, age_min=1, passes=2), word("feed", 20, age_min=3, passes=8)
    assert believed(few, many) == [("feed", 20)]


def test_what_is_over_is_dropped_and_what_is_to_come_is_kept() -> None:
    over = word("feed", 20, age_min=20, end_min=-1)
    to_come = word(DISPATCHER, CLOSED_KPH, start_min=60, end_min=120)
    assert believed(over, to_come, word(FLEET, 30)) == [(FLEET, 30), (DISPATCHER, 0.0)]


def test_the_order_of_sources_changes_nothing() -> None:
    words = [
        word(FLEET, 30),
        word("feed", 20),
        word("other", 25),
        word(DISPATCHER, 12, edge=3),
        word(FLEET, 14, edge=3),
    ]
    assert len({tuple(believed(*order)) for order in permutations(words)}) == 1


@pytest.mark.parametrize(
    "fault",
    [
        {"kph": -1},
        {"kph": 0.5},
        {"kph": 131},
        {"kph": float("nan")},
        {"kph": 30, "edge": -1},
        {"kph": 30, "start_min": 40},
    ],
)
def test_an_impossible_word_is_no_value(fault: dict[str, float]) -> None:
    with pytest.raises(LiveSpeedError):
        word(FLEET, **fault)  # type: ignore[arg-type]
