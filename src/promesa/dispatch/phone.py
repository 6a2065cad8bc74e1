"""What a driver's phone says, as typed values; and what it is answered.

Fields a phone adds are not an error: their names are kept with the event, their contents are not,
since they might name a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Annotated, Any
from uuid import UUID

import msgspec

from promesa.dispatch.refusals import EventUnreadableError
from promesa.domain.stop import Outcome
from promesa.kernel.geo import Position
from promesa.orders.text import tidy
from promesa.proof.repository import EvidenceKind

# A phone's clock may run ahead by this much before we stop believing it (NTP phones drift < 1 s,
# phones set by hand by minutes).
AHEAD_MAX = timedelta(minutes=2)
# Later than this the event is used all the same and its lateness is said beside it.
BEHIND_MAX = timedelta(hours=24)
# No phone comes back into coverage after so long: an empty battery took the date from its clock.
FORGOTTEN_MAX = timedelta(days=30)
NAME_LENGTH_MAX = 60
UNKNOWN_FIELDS_MAX = 20
EVIDENCE_MAX = 20
PARCELS_MAX = 200

Instant = Annotated[datetime, msgspec.Meta(tz=True)]
# A scanner that loses its step sends control characters; no label has any.
Barcode = Annotated[str, msgspec.Meta(min_length=1, max_length=100, pattern=r"^[^\x00-\x1f]*$")]
Note = Annotated[str, msgspec.Meta(max_length=500)]
Name = Annotated[str, msgspec.Meta(max_length=120)]


class PhoneEvent(msgspec.Struct, tag_field="type", frozen=True, kw_only=True, omit_defaults=True):
    """What every event of a phone says; ``id`` is made by the phone."""

    id: UUID
    occurred_at: Instant
    position: tuple[float, float] | None = None
    route_id: UUID | None = None


class RouteAcknowledged(PhoneEvent, tag="route.acknowledged", frozen=True, kw_only=True):
    """The phone shows this version."""

    version: int


class LoadingStarted(PhoneEvent, tag="route.loading_started", frozen=True, kw_only=True):
    """The load-out began."""


class ParcelLoaded(PhoneEvent, tag="parcel.loaded", frozen=True, kw_only=True):
    """A parcel was scanned into the van."""

    barcode: Barcode


class ParcelMissing(PhoneEvent, tag="parcel.missing", frozen=True, kw_only=True):
    """A due parcel is not there."""

    parcel_id: UUID


class RouteLoaded(PhoneEvent, tag="route.loaded", frozen=True, kw_only=True):
    """Each due parcel is scanned or declared missing."""


class RouteStarted(PhoneEvent, tag="route.started", frozen=True, kw_only=True):
    """The van left."""


class RoutePaused(PhoneEvent, tag="route.paused", frozen=True, kw_only=True):
    """The driver rests."""


class RouteResumed(PhoneEvent, tag="route.resumed", frozen=True, kw_only=True):
    """The driver goes on."""


class RouteFinished(PhoneEvent, tag="route.finished", frozen=True, kw_only=True):
    """The van is back."""


class RouteReconciled(PhoneEvent, tag="route.reconciled", frozen=True, kw_only=True):
    """Parcels and cash are handed in at the depot; the warehouse squares the route."""


class RouteBrokeDown(PhoneEvent, tag="route.broke_down", frozen=True, kw_only=True):
    """The van stands with a breakdown."""

    note: Note | None = None


class StopStarted(PhoneEvent, tag="stop.started", frozen=True, kw_only=True):
    """The driver goes to this stop."""

    stop_id: UUID


class StopArrived(PhoneEvent, tag="stop.arrived", frozen=True, kw_only=True):
    """The van is there."""

    stop_id: UUID


class Receiver(msgspec.Struct, frozen=True, kw_only=True):
    """Who took it; the words go to the people store."""

    name: Name | None = None
    rut: Annotated[str, msgspec.Meta(max_length=20)] | None = None
    relation: Name | None = None


class DeclaredEvidence(msgspec.Struct, frozen=True, kw_only=True):
    """A piece of evidence the phone has; its picture may come before or after."""

    id: UUID
    kind: EvidenceKind
    digest: Annotated[str, msgspec.Meta(max_length=128)] | None = None


class StopClosed(PhoneEvent, tag="stop.closed", frozen=True, kw_only=True):
    """The visit ended."""

    stop_id: UUID
    outcome: Outcome
    reason: Annotated[str, msgspec.Meta(max_length=60)] | None = None
    parcels_delivered: Annotated[tuple[UUID, ...], msgspec.Meta(max_length=PARCELS_MAX)] | None = (
        None
    )
    receiver: Receiver | None = None
    evidence: Annotated[tuple[DeclaredEvidence, ...], msgspec.Meta(max_length=EVIDENCE_MAX)] = ()
    pin: Annotated[str, msgspec.Meta(max_length=12)] | None = None
    cod_collected_clp: Annotated[int, msgspec.Meta(ge=0, le=100_000_000)] | None = None
    note: Note | None = None


class ParcelPickedUp(PhoneEvent, tag="parcel.picked_up", frozen=True, kw_only=True):
    """A parcel was taken at a seller's or a recipient's door."""

    barcode: Barcode
    stop_id: UUID


class ParcelReturnedToDepot(PhoneEvent, tag="parcel.returned_to_depot", frozen=True, kw_only=True):
    """A parcel that was not handed over is left at the depot, by the driver's word."""

    barcode: Barcode


DriverEvent = (
    RouteAcknowledged
    | LoadingStarted
    | ParcelLoaded
    | ParcelMissing
    | RouteLoaded
    | RouteStarted
    | RoutePaused
    | RouteResumed
    | RouteFinished
    | RouteReconciled
    | RouteBrokeDown
    | StopStarted
    | StopArrived
    | StopClosed
    | ParcelPickedUp
    | ParcelReturnedToDepot
)


class EventStatus(StrEnum):
    """What became of an event that arrived."""

    ACCEPTED = "accepted"
    DUPLICATE = "duplicate"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True, kw_only=True)
class EventResult:
    """The answer to one event; ``id`` as the phone wrote it."""

    id: str
    status: EventStatus
    code: str | None = None
    detail: str | None = None


def read_event(raw: Mapping[str, object], kind: Any) -> Any:
    """The typed event; fields it does not know are passed over.

    Raises:
        EventUnreadableError: Something it needs is missing or of another type.
    """
    try:
        return msgspec.convert(dict(raw), kind, strict=True)
    except msgspec.ValidationError as error:
        raise EventUnreadableError(fault=str(error)) from error


def read_driver_event(raw: Mapping[str, object]) -> DriverEvent:
    """The typed event of a driver's phone."""
    event: DriverEvent = read_event(raw, DriverEvent)
    return event


def believed_instant(device_at: datetime, now: datetime) -> tuple[datetime, dict[str, object]]:
    """When it happened as far as we believe the phone, and what to keep about its clock."""
    if device_at > now + AHEAD_MAX:
        return now, {"device_at": device_at.isoformat(), "clock": "ahead"}
    if device_at < now - FORGOTTEN_MAX:
        return now, {"device_at": device_at.isoformat(), "clock": "behind"}
    if device_at < now - BEHIND_MAX:
        return device_at, {"clock": "behind"}
    return min(device_at, now), {}


def position_of(event: PhoneEvent) -> Position | None:
    """Where the phone was, if it said."""
    return None if event.position is None else believed_position(*event.position)


def believed_position(lon: float, lat: float) -> Position | None:
    """Where a phone was; what is no position on Earth, or 0,0, is not known."""
    if (lon, lat) == (0.0, 0.0):
        return None
    try:
        return Position(lon=lon, lat=lat)
    except ValueError:
        return None


def unknown_fields(raw: Mapping[str, object], event: PhoneEvent) -> list[str]:
    """Names of fields the phone sent and we do not know."""
    known = {"type", *event.__struct_fields__}
    return sorted(shown_name(name) for name in raw if name not in known)[:UNKNOWN_FIELDS_MAX]


def shown_name(name: object) -> str:
    """The name of a type or field that we do not know, as an event can keep it."""
    return tidy(str(name))[:NAME_LENGTH_MAX]
