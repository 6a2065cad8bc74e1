"""The words people get."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime, timedelta
from typing import Any

import pytest

from promesa.domain.person import Person
from promesa.domain.reasons import REASONS
from promesa.kernel.timewindow import TimeWindow
from promesa.notify.gsm import SMS_LENGTH_MAX, gsm_length
from promesa.notify.messages import (
    LANGUAGES,
    MessageFacts,
    MessageKind,
    MessageText,
    load_texts,
    render,
)
from tests.support.outbox_memory import ANA, NOON

LINK = "https://promesa.example.cl/seguimiento/Zk3xQ9vTn2LrYb8WcEo4HsUaJ5"
TODAY = TimeWindow(start=NOON + timedelta(hours=2), end=NOON + timedelta(hours=4))
FACTS = MessageFacts(reference="A-100", merchant="Tienda Andina", window=TODAY)


def told(
    kind: MessageKind,
    facts: MessageFacts = FACTS,
    person: Person = ANA,
    *,
    link: str | None = LINK,
    told_at: datetime = NOON,
) -> MessageText:
    return render(kind, facts, person, told_at=told_at, link=link)


def keys(words: dict[str, Any], path: str = "") -> set[str]:
    found = set()
    for key, value in words.items():
        inner = f"{path}.{key}"
        found |= keys(value, inner) if isinstance(value, dict) else {inner}
    return found


def test_both_languages_have_every_text() -> None:
    spanish, english = (keys(load_texts(language)) for language in LANGUAGES)
    assert spanish == english
    assert {f".{kind.value}.text" for kind in MessageKind} <= spanish


def test_both_languages_name_the_same_values_in_each_text() -> None:
    def places(words: dict[str, Any]) -> dict[str, set[str]]:
        return {
            f"{kind}.{key}": set(re.findall(r"{(\w+)}", text))
            for kind in MessageKind
            for key, text in words[kind.value].items()
        }

    assert places(load_texts("es")) == places(load_texts("en"))


def test_out_for_delivery_greets_tells_the_hours_and_shows_the_link() -> None:
    words = told(MessageKind.OUT_FOR_DELIVERY)
    assert words.subject == "Tu pedido A-100 va en camino"
    assert words.text == (
        "Hola, Ana:\n\n"
        "Tu pedido A-100 de Tienda Andina ya va en camino. Llega entre las 14:00 y las 16:00.\n\n"
        f"Síguelo aquí: {LINK}\n\n"
        "Tienda Andina\n\n"
        f"¿No quieres más mensajes? Dilo aquí: {LINK}#mensajes"
    )


def test_a_window_of_another_day_names_the_day() -> None:
    words = told(MessageKind.ORDER_CONFIRMED, told_at=NOON - timedelta(days=3))
    assert "el lunes 30 de noviembre entre las 14:00 y las 16:00" in words.text


def test_a_delay_says_its_cause_and_the_new_window() -> None:
    words = told(MessageKind.DELAY, replace(FACTS, cause="breakdown"))
    assert "llega más tarde porque el furgón quedó en panne" in words.text
    assert "Ahora llega entre las 14:00 y las 16:00." in words.text


def test_a_failure_says_why_and_what_next() -> None:
    facts = replace(FACTS, window=None, reason="RECIPIENT_ABSENT")
    assert (
        "Motivo: Sin moradores. Dinos qué día te acomoda."
        in told(MessageKind.COULD_NOT_DELIVER, facts).text
    )


@pytest.mark.parametrize(("day", "expected"), [(30, "Dinos qué día"), (29, "Dinos qué día")])
def test_the_day_that_failed_is_no_day_we_come_again(day: int, expected: str) -> None:
    facts = replace(FACTS, window=None, date=date(2026, 11, day), reason="RECIPIENT_ABSENT")
    assert expected in told(MessageKind.COULD_NOT_DELIVER, facts).text


def test_a_day_that_is_over_is_not_promised() -> None:
    past = replace(FACTS, window=None, date=date(2026, 11, 29))
    assert "apenas tenga día" in told(MessageKind.ORDER_CONFIRMED, past).text


def test_english_speaks_english_all_through() -> None:
    facts = replace(FACTS, window=None, date=date(2026, 12, 1), reason="RECIPIENT_ABSENT")
    words = told(MessageKind.COULD_NOT_DELIVER, facts, replace(ANA, language="en"))
    assert "Reason: Nobody home. We come again on Tuesday 1 December." in words.text


@pytest.mark.parametrize("name", [None, "", "  "])
def test_a_person_without_a_name_is_greeted_without_one(name: str | None) -> None:
    assert told(MessageKind.DELIVERED, person=replace(ANA, name=name)).text.startswith("Hola:\n")


def test_on_screen_the_link_is_hidden() -> None:
    words = told(MessageKind.OUT_FOR_DELIVERY, link=None)
    assert "[enlace personal]" in words.text


def test_a_simulated_message_says_so() -> None:
    assert "día simulado" in told(MessageKind.DELIVERED, replace(FACTS, is_simulated=True)).text


def test_braces_and_line_breaks_in_a_name_do_nothing() -> None:
    hostile = replace(FACTS, merchant="{person.rut} {0}\r\nBcc: all@x.cl", reference="{link}")
    words = told(MessageKind.DELIVERED, hostile)
    assert "\n" not in words.subject
    assert "\r" not in words.subject
    assert "{person.rut} {0} Bcc: all@x.cl" in words.text


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", list(MessageKind))
@pytest.mark.parametrize("days", [0, 2])
def test_every_text_message_fits_in_one(kind: MessageKind, language: str, days: int) -> None:
    facts = MessageFacts(
        reference="2026-11-30-000123456",
        merchant="Comercializadora y Distribuidora del Maipo Limitada",
        window=TODAY,
        cause="earlier_stops",
        reason="ADDRESS_NOT_FOUND",
    )
    person = replace(ANA, language=language)
    words = told(kind, facts, person, told_at=NOON - timedelta(days=days))
    assert gsm_length(words.sms) <= SMS_LENGTH_MAX, words.sms
    assert LINK in words.sms
    assert "?" not in words.sms


@pytest.mark.parametrize("reason", list(REASONS))
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_reason_can_be_told(reason: str, language: str) -> None:
    person = replace(ANA, language=language)
    words = told(MessageKind.COULD_NOT_DELIVER, replace(FACTS, reason=reason), person)
    label = REASONS[reason].english if language == "en" else REASONS[reason].spanish
    assert label in words.text


@pytest.mark.parametrize(
    "facts",
    [
        FACTS,
        MessageFacts(reference="1", merchant="2"),
        MessageFacts(
            reference="1",
            merchant="2",
            date=date(2026, 12, 1),
            reason="WEATHER",
            cause="traffic",
            contact="+56221234567",
            is_simulated=True,
        ),
    ],
)
def test_facts_survive_the_trip_through_storage(facts: MessageFacts) -> None:
    assert MessageFacts.from_data(facts.to_data()) == facts
