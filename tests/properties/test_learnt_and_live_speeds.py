"""Laws of learnt and live speeds, whatever the passes and the words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from promesa.roads.learnt import SLOWNESS_MAX, SLOWNESS_MIN, LearntSpeeds, learn
from promesa.roads.live import DISPATCHER, FLEET, SegmentSpeed, merged
from promesa.roads.overlay import CLOSED_KPH, LiveOverlay
from promesa.roads.speed_sums import SLOTS, SpeedSums
from promesa.roads.traces import EdgePass

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
EDGES = 6
CLASSES = np.array([0, 0, 0, 4, 4, 11], dtype=np.uint8)
TABLE = np.array([0.05, 0.06, 0.1, 0.12, 0.2, 0.36])

passes = st.lists(
    st.builds(
        EdgePass,
        edge=st.integers(0, EDGES - 1),
        at=st.integers(0, 7 * 48 - 1).map(lambda half: NOW + timedelta(minutes=30 * half)),
        length_m=st.floats(1, 2_000),
        elapsed_s=st.floats(0.5, 2_000),
    ),
    max_size=60,
)


def learnt(items: Sequence[EdgePass]) -> LearntSpeeds:
    return learn(
        SpeedSums.of(items),
        road_class=CLASSES,
        table_pace=lambda _: TABLE,
        version=1,
        days=(date(2026, 11, 24),),
        traces=1,
        graph_key="",
    )


@given(passes, st.integers(0, 60))
def test_sums_do_not_mind_how_passes_are_divided(items: list[EdgePass], cut: int) -> None:
    whole, parts = SpeedSums.of(items), SpeedSums.of(items[cut:]) + SpeedSums.of(items[:cut])
    for name in SpeedSums.__dataclass_fields__:
        assert np.array_equal(getattr(whole, name), getattr(parts, name))


@given(passes, st.integers(0, SLOTS - 1))
def test_a_learnt_speed_lies_between_what_was_seen_and_its_class(
    items: list[EdgePass], slot: int
) -> None:
    version = learnt(items)
    slowness = version.slowness(slot, CLASSES, TABLE)
    assert np.all((slowness >= SLOWNESS_MIN) & (slowness <= SLOWNESS_MAX))
    of_class = version.class_slowness[slot][CLASSES].clip(SLOWNESS_MIN, SLOWNESS_MAX)
    seen = np.full(EDGES, np.nan)
    rows = version.sums.slots == slot
    seen[version.sums.edges[rows]] = version.sums.s_per_m[rows] / TABLE[version.sums.edges[rows]]
    seen = np.where(np.isnan(seen), of_class, seen).clip(SLOWNESS_MIN, SLOWNESS_MAX)
    assert np.all(slowness >= np.minimum(seen, of_class) - 1e-9)
    assert np.all(slowness <= np.maximum(seen, of_class) + 1e-9)


@dataclass(frozen=True)
class Told:
    name: str
    words: Sequence[SegmentSpeed]

    def speeds(self, now: datetime) -> Sequence[SegmentSpeed]:
        return self.words


@st.composite
def words(draw: st.DrawFn) -> SegmentSpeed:
    start = draw(st.integers(-120, 60))
    return SegmentSpeed(
        edge=draw(st.integers(0, 3)),
        speed_kph=draw(st.sampled_from([CLOSED_KPH, 5.0, 20.0, 60.0])),
        start=NOW + timedelta(minutes=start),
        end=NOW + timedelta(minutes=start + draw(st.integers(1, 180))),
        source=draw(st.sampled_from([DISPATCHER, FLEET, "feed"])),
        told_at=NOW - timedelta(minutes=draw(st.integers(0, 120))),
        passes=draw(st.integers(1, 20)),
    )


@given(st.lists(words(), max_size=20))
def test_each_street_has_one_word_and_a_persons_closure_is_never_lost(
    told: list[SegmentSpeed],
) -> None:
    believed = merged([Told("all", told)], NOW)
    now = [word for word in believed if word.start <= NOW]
    assert len({word.edge for word in now}) == len(now)
    assert {word.edge for word in now} == {w.edge for w in told if w.start <= NOW < w.end}
    for word in told:
        if word.source == DISPATCHER and word.is_closed and word.start <= NOW < word.end:
            assert next(one for one in now if one.edge == word.edge).is_closed
    holding = [word for word in told if word.start <= NOW]
    again = merged([Told("all", list(reversed(holding)))], NOW)
    assert sorted(map(repr, again)) == sorted(map(repr, now))
    LiveOverlay(believed)
