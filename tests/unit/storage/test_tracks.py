"""Tracks: packed by minute, read once each, and the last position never goes back."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import pytest_asyncio

from promesa.kernel.geo import Position
from promesa.storage.database import Database
from promesa.storage.tracks import SEGMENT_BYTES_MAX, pack, unpack
from promesa.tracking.repository import Fix
from tests.support.nouns import MORNING, a_fix, a_tenant, an_id

TENANT = a_tenant()
DRIVER = an_id("driver")


@pytest_asyncio.fixture(autouse=True)
async def tenant(database: Database) -> None:
    await database.directory.add_tenant(TENANT)


async def append(database: Database, *fixes: Fix) -> None:
    async with database.transaction(TENANT.id) as tx:
        await tx.tracks.append(fixes, MORNING)


async def track(database: Database, *, start_s: int = 0, end_s: int = 600) -> list[Fix]:
    async with database.transaction(TENANT.id) as tx:
        return await tx.tracks.list_between(
            DRIVER, MORNING + timedelta(seconds=start_s), MORNING + timedelta(seconds=end_s)
        )


def test_a_packed_fix_takes_45_bytes_and_keeps_centimetres_and_microseconds() -> None:
    fix = replace(
        a_fix(),
        at=MORNING + timedelta(seconds=59, microseconds=999_999),
        position=Position(lon=-70.6506123, lat=-33.4378456),
        battery=None,
        heading_deg=None,
    )
    assert len(pack(fix)) == 45
    assert list(unpack(DRIVER, MORNING, pack(fix))) == [fix]


@pytest.mark.parametrize(("source", "kept"), [("osmand", "osmand"), ("pigeon", "other")])
def test_an_unknown_source_is_kept_as_other(source: str, kept: str) -> None:
    packed = pack(replace(a_fix(), source=source))
    assert next(unpack(DRIVER, MORNING, packed)).source == kept


async def test_a_track_is_read_by_instant_over_minutes(database: Database) -> None:
    await append(database, a_fix(65), a_fix(5), a_fix(20))
    await append(database, a_fix(30))
    assert await track(database) == [a_fix(5), a_fix(20), a_fix(30), a_fix(65)]
    assert await track(database, start_s=20, end_s=30) == [a_fix(20), a_fix(30)]


async def test_fixes_that_arrive_twice_are_read_once(database: Database) -> None:
    await append(database, a_fix(5), a_fix(6))
    await append(database, a_fix(6), a_fix(7))
    assert await track(database) == [a_fix(5), a_fix(6), a_fix(7)]


async def test_late_fixes_fill_the_track_and_leave_the_last_position(database: Database) -> None:
    await append(database, a_fix(90))
    await append(database, a_fix(30))
    async with database.transaction(TENANT.id) as tx:
        assert await tx.tracks.last_fixes() == {DRIVER: a_fix(90)}
    assert await track(database) == [a_fix(30), a_fix(90)]


async def test_each_driver_has_a_last_position_of_its_own(database: Database) -> None:
    other = a_fix(10, driver="other")
    await append(database, a_fix(5), other)
    async with database.transaction(TENANT.id) as tx:
        assert await tx.tracks.last_fixes() == {DRIVER: a_fix(5), other.driver_id: other}


async def test_a_minute_takes_no_more_than_its_share(database: Database) -> None:
    flood = [replace(a_fix(n % 60), id=an_id("flood", n)) for n in range(500)]
    await append(database, *flood)
    await append(database, *(replace(fix, id=an_id("more", fix.id)) for fix in flood))
    assert len(await track(database)) == 500 <= SEGMENT_BYTES_MAX // 45


async def test_what_was_driven_long_ago_is_forgotten_and_the_rest_is_kept(
    database: Database,
) -> None:
    await append(database, a_fix(5), a_fix(65), a_fix(10, driver="other"))
    async with database.transaction(TENANT.id) as tx:
        assert await tx.tracks.remove_before(MORNING + timedelta(seconds=60)) == 2
        assert await tx.tracks.remove_before(MORNING + timedelta(seconds=60)) == 0
        assert await tx.tracks.last_fixes() == {DRIVER: a_fix(65)}
    assert await track(database) == [a_fix(65)]


async def test_a_long_past_is_forgotten_a_share_at_a_time(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("promesa.storage.tracks.REMOVED_MAX", 2)
    await append(database, *(a_fix(60 * minute) for minute in range(5)))
    end = MORNING + timedelta(hours=1)
    async with database.transaction(TENANT.id) as tx:
        counts = [await tx.tracks.remove_before(end) for _ in range(4)]
        assert await tx.tracks.last_fixes() == {}
    assert counts == [2, 2, 1, 0]
