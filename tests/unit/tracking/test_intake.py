"""Batches of positions and the phones they come from."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

import pytest

from promesa.kernel.ids import token_digest
from promesa.tracking.filters import FilterState, Refusal
from promesa.tracking.intake import (
    BATCH_MAX,
    BatchTooLongError,
    UnknownDeviceError,
    fix_id,
    get_device,
    sift,
)
from promesa.tracking.repository import Device
from tests.support.tracked_routes import DRIVER, NINE, after_s, fix_at
from tests.support.tracks_memory import MemoryTracks

PHONE = Device(
    id=UUID(int=7), driver_id=DRIVER, secret_digest=token_digest("s3cret"), paired_at=NINE
)


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


async def test_a_phone_is_known_by_its_secret() -> None:
    tracks = MemoryTracks()
    await tracks.put_device(PHONE)
    assert await get_device(tracks, "s3cret") == PHONE


async def test_an_unknown_phone_is_nobody() -> None:
    with pytest.raises(UnknownDeviceError):
        await get_device(MemoryTracks(), "s3cret")


async def test_an_unpaired_phone_is_nobody() -> None:
    tracks = MemoryTracks()
    await tracks.put_device(replace(PHONE, is_active=False))
    with pytest.raises(UnknownDeviceError):
        await get_device(tracks, "s3cret")


def test_a_position_without_an_id_gets_the_same_one_each_time() -> None:
    assert fix_id(DRIVER, "traccar", after_s(1)) == fix_id(DRIVER, "traccar", after_s(1))
    assert fix_id(DRIVER, "traccar", after_s(1)) != fix_id(DRIVER, "osmand", after_s(1))
