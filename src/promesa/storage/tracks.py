"""Tracks in packed segments of a driver and a minute, and each driver's last position.

A row a point costs 3.3 times the CPU. Segments are only appended to; a fix that came twice is
dropped when they are read.
"""

from __future__ import annotations

import math
import struct
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from promesa.kernel.geo import Position
from promesa.storage.columns import identity, instant, octets, tenant_table
from promesa.tracking.repository import Fix

# Little-endian: id, microseconds of the minute, lon and lat in 1e-7 degrees (1 cm), accuracy,
# speed, heading and battery as floats (NaN for unknown), index of the source. 45 bytes.
_FIX = struct.Struct("<16sIiiffffB")
_DEGREE = 1e7
SOURCES = ("web", "traccar", "osmand", "simulator")
# A transaction's share: half a second, so that nobody waits for it.
REMOVED_MAX = 5_000
_OTHER_SOURCE = 255
# Ten fixes a second for a minute; a phone that sends more is broken or hostile.
SEGMENT_BYTES_MAX = 600 * _FIX.size

SEGMENTS = tenant_table(
    "track_segments",
    identity("driver_id"),
    instant("minute"),
    octets("packed"),
    instant("received_at"),
    key=("driver_id", "minute"),
)
LAST_FIXES = tenant_table(
    "last_fixes",
    identity("driver_id"),
    instant("at"),
    octets("packed"),
    instant("received_at"),
    key=("driver_id",),
)
# One statement for a batch of any size, from arrays: nothing to compile, one round trip.
_APPEND = """
INSERT INTO track_segments AS kept (driver_id, minute, packed, received_at)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bytea[], $4::timestamptz[])
ON CONFLICT (tenant_id, driver_id, minute) DO UPDATE
SET packed = kept.packed || excluded.packed, received_at = excluded.received_at
WHERE length(kept.packed) + length(excluded.packed) <= $5
"""
_MOVE_LAST = """
INSERT INTO last_fixes AS kept (driver_id, at, packed, received_at)
SELECT * FROM unnest($1::uuid[], $2::timestamptz[], $3::bytea[], $4::timestamptz[])
ON CONFLICT (tenant_id, driver_id) DO UPDATE
SET at = excluded.at, packed = excluded.packed, received_at = excluded.received_at
WHERE kept.at < excluded.at
"""
# By way of the drivers, whose segments the key finds: the table is long.
_REMOVE = """
DELETE FROM track_segments AS gone USING (
    SELECT old.tenant_id, old.driver_id, old.minute FROM last_fixes
    JOIN track_segments AS old USING (tenant_id, driver_id)
    WHERE old.minute < $1
    ORDER BY old.driver_id, old.minute
    LIMIT $2
) AS found
WHERE gone.tenant_id = found.tenant_id AND gone.driver_id = found.driver_id
    AND gone.minute = found.minute
RETURNING gone.minute
"""


class Tracks:
    """The tracks of one tenant."""

    def __init__(self, tx: AsyncConnection, driver: asyncpg.Connection) -> None:
        self._tx = tx
        self._driver = driver

    async def append(self, fixes: Sequence[Fix], received_at: datetime) -> None:
        """Appends fixes to their minutes and moves last positions forward, never back."""
        if not fixes:
            return
        segments: dict[tuple[UUID, datetime], bytes] = {}
        last: dict[UUID, Fix] = {}
        for fix in sorted(fixes, key=lambda fix: (fix.driver_id, fix.at, fix.id)):
            place = (fix.driver_id, _minute_of(fix.at))
            segments[place] = segments.get(place, b"") + pack(fix)
            last[fix.driver_id] = fix
        drivers, minutes = zip(*segments, strict=True)
        received = [received_at] * len(segments)
        packed = list(segments.values())
        await self._driver.execute(_APPEND, drivers, minutes, packed, received, SEGMENT_BYTES_MAX)
        newest = list(last.values())
        moved = (
            [fix.driver_id for fix in newest],
            [fix.at for fix in newest],
            [pack(fix) for fix in newest],
            [received_at] * len(newest),
        )
        await self._driver.execute(_MOVE_LAST, *moved)

    async def last_fixes(self) -> dict[UUID, Fix]:
        """The newest accepted fix of each driver."""
        rows = await self._tx.execute(select(LAST_FIXES).order_by(LAST_FIXES.c.driver_id))
        return {
            row.driver_id: next(unpack(row.driver_id, _minute_of(row.at), row.packed))
            for row in rows
        }

    async def list_between(self, driver_id: UUID, start: datetime, end: datetime) -> list[Fix]:
        """A driver's track in [start, end], by instant."""
        query = (
            select(SEGMENTS.c.minute, SEGMENTS.c.packed)
            .where(
                SEGMENTS.c.driver_id == driver_id,
                SEGMENTS.c.minute >= _minute_of(start),
                SEGMENTS.c.minute <= end,
            )
            .order_by(SEGMENTS.c.minute)
        )
        found = {
            fix.id: fix
            for row in await self._tx.execute(query)
            for fix in unpack(driver_id, row.minute, row.packed)
            if start <= fix.at <= end
        }
        return sorted(found.values(), key=lambda fix: (fix.at, fix.id))

    async def remove_before(self, instant: datetime) -> int:
        """Forgets at most REMOVED_MAX minutes driven before ``instant``; returns how many."""
        removed = await self._driver.fetch(_REMOVE, instant, REMOVED_MAX)
        if len(removed) < REMOVED_MAX:
            await self._tx.execute(delete(LAST_FIXES).where(LAST_FIXES.c.at < instant))
        return len(removed)


def pack(fix: Fix) -> bytes:
    """A fix without its driver and its minute, in 45 bytes; positions to the centimetre."""
    return _FIX.pack(
        fix.id.bytes,
        (fix.at - _minute_of(fix.at)) // timedelta(microseconds=1),
        round(fix.position.lon * _DEGREE),
        round(fix.position.lat * _DEGREE),
        *(
            math.nan if measure is None else measure
            for measure in (fix.accuracy_m, fix.speed_mps, fix.heading_deg, fix.battery)
        ),
        SOURCES.index(fix.source) if fix.source in SOURCES else _OTHER_SOURCE,
    )


def unpack(driver_id: UUID, minute: datetime, packed: bytes) -> Iterator[Fix]:
    """The fixes of a segment, as they were appended."""
    for record in _FIX.iter_unpack(packed):
        measures = [None if math.isnan(measure) else measure for measure in record[4:8]]
        yield Fix(
            id=UUID(bytes=record[0]),
            driver_id=driver_id,
            at=minute + timedelta(microseconds=record[1]),
            position=Position(lon=record[2] / _DEGREE, lat=record[3] / _DEGREE),
            accuracy_m=measures[0],
            speed_mps=measures[1],
            heading_deg=measures[2],
            battery=measures[3],
            source=SOURCES[record[8]] if record[8] < len(SOURCES) else "other",
        )


def _minute_of(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(second=0, microsecond=0)
