"""Positions on their way in: judged, kept packed, and handed to the one writer of the fleet.

An arrival that the geofence saw is recorded as an event with an id derived from stop and instant:
seen twice it is one.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from promesa.dispatch.stop_actions import arrive_by_geofence
from promesa.kernel.errors import FieldFault
from promesa.kernel.geo import Position
from promesa.runtime import access
from promesa.runtime.live import fact_topic, plain_frame
from promesa.runtime.platform import Platform
from promesa.tracking.geofence import Crossing, CrossingKind
from promesa.tracking.repository import Fix
from promesa.tracking.service import FixReport

Lon = Annotated[float, msgspec.Meta(ge=-180, le=180)]
Lat = Annotated[float, msgspec.Meta(ge=-90, le=90)]


class PhoneFix(msgspec.Struct, frozen=True, kw_only=True):
    """A position as a phone writes it; fields it adds are passed over."""

    id: UUID
    at: Annotated[datetime, msgspec.Meta(tz=True)]
    position: tuple[Lon, Lat]
    accuracy_m: float | None = None
    speed_mps: float | None = None
    heading_deg: float | None = None
    battery: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FixVerdict:
    """How many positions were kept, and why others were not."""

    accepted: int
    refused: tuple[FieldFault, ...]


async def take_phone_fixes(
    platform: Platform, tenant_id: UUID, driver_id: UUID, fixes: Sequence[PhoneFix]
) -> FixVerdict:
    """Takes positions of the driver's page."""
    values = [
        Fix(
            id=fix.id,
            driver_id=driver_id,
            position=Position(lon=fix.position[0], lat=fix.position[1]),
            at=fix.at,
            accuracy_m=fix.accuracy_m,
            speed_mps=fix.speed_mps,
            heading_deg=fix.heading_deg,
            battery=fix.battery,
        )
        for fix in fixes
    ]
    return await take_fixes(platform, tenant_id, values)


async def take_fixes(platform: Platform, tenant_id: UUID, fixes: Sequence[Fix]) -> FixVerdict:
    """Takes positions from whatever source; two sources of one phone are one track."""
    watch = await platform.ready_watch(tenant_id)
    report = watch.take_fixes(list(fixes))
    if report.accepted:
        platform.traffic.of(tenant_id).note(report.accepted)
        due = watch.due_estimates({fix.driver_id for fix in report.accepted})
        async with platform.transaction(tenant_id) as tx:
            await tx.tracks.append(report.accepted, platform.clock.now())
            await tx.estimates.add(due)
        watch.note_kept(due)
    for crossing in report.crossings:
        if crossing.kind is CrossingKind.ARRIVED:
            await _record_arrival(platform, tenant_id, crossing)
    _tell(platform, tenant_id, report)
    for refused in report.refused:
        platform.metrics.fixes.labels(refused.code.value).inc()
    platform.metrics.fixes.labels("accepted").inc(len(report.accepted))
    return FixVerdict(
        accepted=len(report.accepted),
        refused=tuple(
            FieldFault(field=str(item.fix_id), reason=item.sentence, code=item.code.value)
            for item in report.refused
        ),
    )


async def _record_arrival(platform: Platform, tenant_id: UUID, crossing: Crossing) -> None:
    """The driver may have said so meanwhile, or closed the stop: then there is nothing to add."""
    async with platform.transaction(tenant_id) as tx:
        await arrive_by_geofence(
            tx,
            crossing.stop_id,
            crossing.at,
            actor=access.system_actor(tenant_id),
            now=platform.clock.now(),
        )


def _tell(platform: Platform, tenant_id: UUID, report: FixReport) -> None:
    """The newest position of each driver to whoever watches the map."""
    if not report.accepted:
        return
    newest: dict[UUID, Fix] = {}
    for fix in report.accepted:
        if fix.driver_id not in newest or fix.at > newest[fix.driver_id].at:
            newest[fix.driver_id] = fix
    rows = []
    for watched in platform.watch(tenant_id).routes():
        seen = newest.get(watched.route.driver_id)
        if seen is not None:
            spot = seen.position
            rows.append([watched.route.id, spot.lon, spot.lat, seen.heading_deg, seen.at])
    platform.hub.publish(fact_topic(tenant_id), plain_frame("positions", rows))
