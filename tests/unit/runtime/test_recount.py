"""Two looks at the log around a fall: what is lost or doubled is said, and nothing else is."""

from __future__ import annotations

from datetime import UTC, datetime

from promesa.domain.events import Event
from promesa.kernel.ids import derived_id
from promesa.runtime.access import system_actor
from promesa.runtime.recount import CLOSED, DELIVERED, PLACED, Comparison, Recount, compare

NOON = datetime(2026, 10, 5, 15, 30, tzinfo=UTC)


def fact(kind: str, subject: str, time: int = 1) -> Event:
    """The ``time``-th event of this kind about a subject."""
    return Event(
        id=derived_id(kind, subject, time),
        type=kind,
        subject_kind=kind.split(".", maxsplit=1)[0],
        subject_id=derived_id(subject),
        occurred_at=NOON,
        recorded_at=NOON,
        actor=system_actor(derived_id("tenant")),
    )


BEFORE = Recount(
    facts=40,
    counted=(fact(PLACED, "ana"), fact(PLACED, "beto"), fact(DELIVERED, "ana"), fact(CLOSED, "s1")),
)


def look_again(*counted: Event, facts: int) -> Comparison:
    after = Recount(facts=facts, counted=counted)
    return compare(BEFORE, after, away_s=2.0, was_killed=True)


def test_a_day_that_went_on_meanwhile_is_whole() -> None:
    found = look_again(*BEFORE.counted, fact(DELIVERED, "beto"), facts=43)
    assert (found.orders, found.deliveries, found.facts) == (2, 2, 43)
    assert (found.lost, found.doubled) == (0, 0)


def test_a_delivery_that_is_gone_is_said() -> None:
    found = look_again(*(item for item in BEFORE.counted if item.type != DELIVERED), facts=40)
    assert found.lost == 1


def test_numbers_that_are_gone_are_said() -> None:
    assert look_again(*BEFORE.counted, facts=37).lost == 3


def test_a_delivery_told_twice_is_said() -> None:
    found = look_again(*BEFORE.counted, fact(DELIVERED, "ana", time=2), facts=41)
    assert found.doubled == 1
    assert found.deliveries == 1
