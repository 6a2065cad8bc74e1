"""What live listeners get: topics and frames, ready as bytes so that each is encoded once."""

from __future__ import annotations

from uuid import UUID

import msgspec

from promesa.domain.events import Event


def fact_topic(tenant_id: UUID) -> str:
    """Everything of one operator."""
    return f"facts/{tenant_id}"


def order_topic(tenant_id: UUID, order_id: UUID) -> str:
    """Changes that one recipient may see."""
    return f"order/{tenant_id}/{order_id}"


class FactView(msgspec.Struct, frozen=True, kw_only=True):
    """An event as streams and the feed show it; no personal data is in an event to begin with."""

    number: int | None
    id: UUID
    type: str
    subject_kind: str
    subject_id: UUID
    order_id: UUID | None
    route_id: UUID | None
    occurred_at: str
    recorded_at: str
    actor_kind: str
    actor_id: UUID
    position: tuple[float, float] | None
    request_id: str | None
    data: dict[str, object]


def view_of(event: Event) -> FactView:
    """An event for the wire."""
    position = event.position
    return FactView(
        number=event.number,
        id=event.id,
        type=event.type,
        subject_kind=event.subject_kind,
        subject_id=event.subject_id,
        order_id=event.order_id,
        route_id=event.route_id,
        occurred_at=event.occurred_at.isoformat(),
        recorded_at=event.recorded_at.isoformat(),
        actor_kind=event.actor.kind.value,
        actor_id=event.actor.id,
        position=None if position is None else (position.lon, position.lat),
        request_id=event.request_id,
        data=event.data,
    )


def frame_of(event: Event) -> bytes:
    """The server-sent frame of a numbered event."""
    body = msgspec.json.encode(view_of(event))
    return b"id: %d\nevent: fact\ndata: " % (event.number or 0) + body + b"\n\n"


def plain_frame(kind: str, data: object) -> bytes:
    """A frame without a number: it is not in the log and cannot be resumed from."""
    return b"event: " + kind.encode() + b"\ndata: " + msgspec.json.encode(data) + b"\n\n"
