"""What webhooks carry."""

from __future__ import annotations

import json
from datetime import timedelta
from uuid import UUID

from promesa.domain.events import EVENT_TYPES, Event
from promesa.kernel.geo import Position
from promesa.notify.cloud_events import WEBHOOK_TYPES, cloud_event, encode, webhook_type
from tests.support.outbox_memory import NOON, ORDER, SYSTEM

CLOSED = Event(
    id=UUID(int=50),
    type="stop.closed",
    subject_kind="stop",
    subject_id=UUID(int=51),
    occurred_at=NOON,
    recorded_at=NOON + timedelta(seconds=3),
    actor=SYSTEM,
    position=Position(lon=-70.65, lat=-33.45),
    data={"outcome": "succeeded"},
    order_id=ORDER,
)


def test_a_closed_stop_is_a_cloud_event() -> None:
    sent = cloud_event(CLOSED, reference="A-100", is_simulated=True)
    assert sent == {
        "specversion": "1.0",
        "id": str(CLOSED.id),
        "source": f"/tenants/{SYSTEM.tenant_id}",
        "type": "cl.promesa.stop.closed.v1",
        "subject": f"stop/{CLOSED.subject_id}",
        "time": "2026-11-30T15:00:00+00:00",
        "datacontenttype": "application/json",
        "data": {
            "outcome": "succeeded",
            "order_id": str(ORDER),
            "reference": "A-100",
            "recorded_at": "2026-11-30T15:00:03+00:00",
            "position": [-70.65, -33.45],
            "is_simulated": True,
        },
    }


def test_every_event_has_a_type_outside() -> None:
    assert {webhook_type(name) for name in EVENT_TYPES} == WEBHOOK_TYPES


def test_what_is_signed_is_one_text_for_one_payload() -> None:
    payload = cloud_event(CLOSED)
    shuffled = dict(reversed(payload.items()))
    assert encode(payload) == encode(shuffled)
    assert json.loads(encode(payload)) == payload
