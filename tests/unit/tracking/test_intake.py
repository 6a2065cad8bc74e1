"""Batches of positions: good ones kept, each bad one with its reason."""

from __future__ import annotations

import pytest

from promesa.tracking.filters import FilterState, Refusal
from promesa.tracking.intake import (
    BATCH_MAX,
    BatchTooLongError,
    fix_id,
    sift,
)
from tests.support.tracked_routes import DRIVER, after_s, fix_at


def test_good_rows_are_kept_and_each_bad_one_has_its_reason() -> None:
    good, bad = fix_at(10, 100), fix_at(20, 200, accuracy_m=900)
    _, sifted = sift([bad, good], FilterState(), after_s(60))
    assert sifted.accepted == sifted.live == (good,)
    (refused,) = sifted.refused
    assert (refused.fix_id, refused.code) == (bad.id, Refusal.INACCURATE)
    assert refused.sentence == "La posición es demasiado imprecisa."


def test_a_shuffled_batch_is_taken_oldest_first() -> None:
    fixes = [fix_at(30, 300), fix_at(10, 100), fix_at(20, 200)]
    _, sifted = sift(fixes, FilterState(), after_s(60))
    assert [fix.at for fix in sifted.live] == [after_s(10), after_s(20), after_s(30)]


def test_a_batch_beyond_the_limit_is_refused_whole() -> None:
    with pytest.raises(BatchTooLongError):
        sift([fix_at(0, 0)] * (BATCH_MAX + 1), FilterState(), after_s(60))


def test_a_position_without_an_id_gets_the_same_one_each_time() -> None:
    assert fix_id(DRIVER, "traccar", after_s(1)) == fix_id(DRIVER, "traccar", after_s(1))
    assert fix_id(DRIVER, "traccar", after_s(1)) != fix_id(DRIVER, "osmand", after_s(1))
