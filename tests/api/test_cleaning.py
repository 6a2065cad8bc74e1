"""What is old is forgotten by itself, as long as the settings say."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from promesa.runtime.cleaning import forget_tracks, sweep_blobs
from promesa.runtime.settings import RetentionSettings
from tests.support.platform import Stage


def keep_for(stage: Stage, *, track_days: int, orphan_h: int = 48) -> None:
    """Changes what the settings of the stage say."""
    retention = RetentionSettings(track_days=track_days, orphan_h=orphan_h)
    stage.platform.settings = replace(stage.platform.settings, retention=retention)


async def minutes_kept(stage: Stage) -> int:
    now = stage.clock.now()
    async with stage.platform.database.transaction(stage.norte.tenant_id) as tx:
        driver_ids = list(await tx.tracks.last_fixes())
        tracks = [
            await tx.tracks.list_between(driver_id, now - timedelta(days=400), now)
            for driver_id in driver_ids
        ]
    return sum(len(track) for track in tracks)


@pytest.mark.parametrize(("days_later", "track_days", "is_kept"), [
    (89, 90, True), (91, 90, False), (365, 0, True),
])  # fmt: skip
async def test_a_track_is_kept_as_long_as_is_set(
    stage: Stage, days_later: int, track_days: int, *, is_kept: bool
) -> None:
    keep_for(stage, track_days=track_days)
    stage.clock.move_to(stage.clock.now() + timedelta(days=days_later))
    before = await minutes_kept(stage)
    forgotten = await forget_tracks(stage.platform, stage.norte.tenant_id)
    assert before > 0
    assert (forgotten == 0) is is_kept
    assert (await minutes_kept(stage) == before) is is_kept


async def test_the_pictures_of_the_morning_outlive_a_sweep(stage: Stage) -> None:
    path = f"/v1/evidence/{stage.norte.ids['evidence_id']}"
    keep_for(stage, track_days=90, orphan_h=0)
    assert await sweep_blobs(stage.platform) == 0
    keep_for(stage, track_days=90, orphan_h=-1)
    assert await sweep_blobs(stage.platform) == 0
    async with stage.client(stage.norte.session()) as office:
        picture = await office.get(path)
    assert picture.is_success
    assert picture.content.startswith(b"\xff\xd8")
