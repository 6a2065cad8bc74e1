"""What webhooks carry: our events as CloudEvents 1.0 in structured JSON.

Events hold person ids and never what names a person, so what leaves here holds none either.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from promesa.domain.events import EVENT_TYPES, Event

SPEC_VERSION = "1.0"
CONTENT_TYPE = "application/cloudevents+json; charset=utf-8"
# cl.promesa.<noun>.<fact>.v1: a change of meaning of data gets another number.
_PREFIX, _SUFFIX = "cl.promesa.", ".v1"

WEBHOOK_TYPES: frozenset[str] = frozenset(f"{_PREFIX}{name}{_SUFFIX}" for name in EVENT_TYPES)


def webhook_type(event_type: str) -> str:
    """``stop.closed`` as ``cl.promesa.stop.closed.v1``."""
    return f"{_PREFIX}{event_type}{_SUFFIX}"


def cloud_event(
    event: Event, *, reference: str | None = None, is_simulated: bool = False
) -> dict[str, object]:
    """The event as a CloudEvent; ``source`` names the tenant, ``subject`` what it is about."""
    data: dict[str, object] = {
        **event.data,
        "order_id": _text(event.order_id),
        "route_id": _text(event.route_id),
        "reference": reference,
        "recorded_at": event.recorded_at.isoformat(),
        "position": event.position and [event.position.lon, event.position.lat],
        "is_simulated": is_simulated,
    }
    return {
        "specversion": SPEC_VERSION,
        "id": str(event.id),
        "source": f"/tenants/{event.actor.tenant_id}",
        "type": webhook_type(event.type),
        "subject": f"{event.subject_kind}/{event.subject_id}",
        "time": event.occurred_at.isoformat(),
        "datacontenttype": "application/json",
        "data": {key: value for key, value in data.items() if value is not None},
    }


def encode(payload: Mapping[str, object]) -> str:
    """The payload as the text that is signed and sent, byte for byte."""
    return json.dumps(payload, ensure_ascii=False, separators=(",", ":"), sort_keys=True)


def _text(value: object) -> str | None:
    return None if value is None else str(value)
