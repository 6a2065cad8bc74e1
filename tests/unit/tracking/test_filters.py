"""Which positions are believed."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.kernel.geo import Position
from promesa.tracking.filters import AGE_MAX, AHEAD_MAX, FilterState, Refusal, Verdict, judge
from promesa.tracking.repository import Fix
from tests.support.tracked_routes import after_s, fix_at

NOW = after_s(600)


def judged(*fixes: Fix) -> list[Verdict]:
    state, verdicts = FilterState(), []
    for fix in fixes:
        state, verdict = judge(fix, state, NOW)
        verdicts.append(verdict)
    return verdicts


def test_a_van_driving_on_is_believed() -> None:
    assert judged(fix_at(0, 0), fix_at(10, 100)) == [Verdict(is_live=True)] * 2


@pytest.mark.parametrize(
    ("fix", "refusal"),
    [
        (replace(fix_at(0, 0), at=NOW + AHEAD_MAX + timedelta(seconds=1)), Refusal.FUTURE),
        (replace(fix_at(0, 0), at=NOW - AGE_MAX - timedelta(seconds=1)), Refusal.STALE),
        (replace(fix_at(0, 0), position=Position(lon=0.0, lat=0.0)), Refusal.NULL_ISLAND),
        (fix_at(0, 0, accuracy_m=201.0), Refusal.INACCURATE),
        (fix_at(0, 0, speed_mps=50.1), Refusal.IMPOSSIBLE_SPEED),
    ],
)
def test_what_cannot_be_is_refused_with_its_reason(fix: Fix, refusal: Refusal) -> None:
    assert judged(fix) == [Verdict(refusal=refusal)]


def test_a_position_on_the_edge_of_every_limit_is_believed() -> None:
    edge = replace(fix_at(0, 0, accuracy_m=200.0, speed_mps=50.0), at=NOW + AHEAD_MAX)
    assert judged(edge) == [Verdict(is_live=True)]


def test_a_jump_is_refused_and_the_van_stays_where_it_was() -> None:
    # 5 km in 10 s is 500 m/s.
    verdicts = judged(fix_at(0, 0), fix_at(10, 5000), fix_at(20, 200))
    assert [v.refusal for v in verdicts] == [None, Refusal.JUMP, None]


def test_a_second_position_at_the_far_place_proves_the_jump_right() -> None:
    verdicts = judged(fix_at(0, 0), fix_at(10, 5000), fix_at(20, 5100))
    assert [v.refusal for v in verdicts] == [None, Refusal.JUMP, None]
    assert verdicts[2].is_live


def test_a_jump_sent_again_does_not_prove_itself() -> None:
    verdicts = judged(fix_at(0, 0), fix_at(10, 5000), fix_at(10, 5000))
    assert [v.refusal for v in verdicts] == [None, Refusal.JUMP, Refusal.JUMP]


def test_the_error_of_both_positions_is_granted_before_calling_it_a_jump() -> None:
    # 130 m in 1 s; 40 m of doubt on each side leave 50 m, which 50 m/s allows.
    sure = judged(fix_at(0, 0, accuracy_m=5), fix_at(1, 130, accuracy_m=5))
    unsure = judged(fix_at(0, 0, accuracy_m=40), fix_at(1, 130, accuracy_m=40))
    assert sure[1].refusal is Refusal.JUMP
    assert unsure[1].refusal is None


def test_an_older_position_joins_the_track_but_does_not_move_the_van() -> None:
    assert judged(fix_at(60, 600), fix_at(30, 300))[1] == Verdict(is_live=False)


def test_two_sources_of_one_phone_are_one_track() -> None:
    page, traccar = fix_at(10, 100), fix_at(12, 118, source="traccar")
    later = fix_at(20, 200, source="traccar")
    verdicts = judged(page, traccar, later)
    assert [v.refusal for v in verdicts] == [None, Refusal.DUPLICATE, None]


def test_a_late_batch_of_the_other_source_is_told_apart_from_what_is_known() -> None:
    verdicts = judged(
        fix_at(10, 100),
        fix_at(20, 200),
        fix_at(30, 300),
        fix_at(11, 110, source="traccar"),
        fix_at(15, 150, source="traccar"),
    )
    assert [v.refusal for v in verdicts[3:]] == [Refusal.DUPLICATE, None]


def test_a_position_sent_again_is_accepted_again_without_moving_the_van() -> None:
    fix = fix_at(10, 100)
    assert judged(fix, fix)[1] == Verdict(is_live=False)
