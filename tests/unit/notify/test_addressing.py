"""Messages as read on screen."""

from __future__ import annotations

from uuid import UUID

import pytest

from promesa.notify.addressing import find_reference, masked, read_message, read_webhook
from promesa.notify.messages import MessageFacts, MessageKind
from promesa.notify.repository import Channel, Message
from tests.support.outbox_memory import ANA, NOON, ORDER


def kept(kind: str, facts: dict[str, object], channel: Channel) -> Message:
    return Message(
        id=UUID(int=1),
        kind=kind,
        channel=channel,
        person_id=ANA.id,
        order_id=ORDER,
        cause_event_id=UUID(int=2),
        queued_at=NOON,
        due_at=NOON,
        facts=facts,
    )


def test_the_bandeja_shows_the_words_and_hides_the_link() -> None:
    facts = MessageFacts(reference="A-100", merchant="Tienda").to_data()
    words = read_message(kept(MessageKind.DELIVERED.value, facts, Channel.TRAY), ANA)
    assert words.subject == "Entregamos tu pedido A-100"
    assert "Hola, Ana:" in words.text
    assert "[enlace personal]" in words.text


def test_a_webhook_shows_its_payload() -> None:
    webhook = kept("cl.promesa.stop.closed.v1", {"payload": {"id": "1"}}, Channel.WEBHOOK)
    assert read_webhook(webhook).text == '{"id":"1"}'


@pytest.mark.parametrize(
    ("facts", "reference"),
    [
        (MessageFacts(reference="A-100", merchant="Tienda").to_data(), "A-100"),
        ({"payload": {"data": {"reference": "A-101"}}}, "A-101"),
        ({"payload": {"data": {}}}, None),
        ({"payload": {}}, None),
    ],
)
def test_a_message_is_found_by_the_order_it_is_about(
    facts: dict[str, object], reference: str | None
) -> None:
    assert find_reference(kept("any", facts, Channel.WEBHOOK)) == reference


def test_an_address_is_shown_by_its_ends() -> None:
    assert masked("ana@example.cl") == "a…@example.cl"
    assert masked("+56912345678") == "…5678"
